"""A place in words: the national base loaded, then found as people type it."""

import gzip
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from territoires import views
from territoires.adresses import normaliser, suggerer, trouver
from territoires.models import Adresse

pytestmark = pytest.mark.usefixtures("territoires_du_fichier")

ENTETE = (
    "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;code_insee_ancienne_commune;"
    "nom_ancienne_commune;x;y;lon;lat;type_position;alias;nom_ld;libelle_acheminement;nom_afnor;source_position;"
    "source_nom_voie;certification_commune;cad_parcelles\n"
)
CELLULES = ENTETE.strip().split(";")


def ligne(id, numero, rep, voie, insee="44109", lon="-1.5538", lat="47.2186", cp="44000"):
    valeurs = {"id": id, "numero": numero, "rep": rep, "nom_voie": voie, "code_postal": cp, "code_insee": insee,
               "lon": lon, "lat": lat}  # fmt: skip
    return ";".join(valeurs.get(nom, "") for nom in CELLULES) + "\n"


BONNES = [
    ligne("44109_6290_00012", "12", "", "Rue de l’Été fictif"),
    ligne("44109_6290_00012_bis", "12", "bis", "Rue de l’Été fictif", lat="47.2188"),
    ligne("44109_6290_00014", "14", "", "Rue de l’Été fictif", lat="47.2190"),
    ligne("44109_7000_00001", "1", "", "Place du Marché fictif"),
    ligne("44143_7000_00001", "1", "", "Place du Marché fictif", insee="44143", lon="-1.5510", lat="47.1903", cp="44400"),
]  # fmt: skip
MAUVAISES = [
    ligne("44109_1_1", "1", "", "Rue sans point", lon=""),
    ligne("44109_1_2", "1", "", "Rue du bout du monde", lat="91"),
    ligne("44109_1_3", "1", "", "Rue infinie", lat="1e999"),
    ligne("44109_1_4", "1", "", ""),
    ligne("", "1", "", "Rue sans identifiant"),
    ligne("44109_1_6", "1", "", "x" * 500),
    ligne("44109_1_7", "1", "", "Rue \x00 trouée"),
    ligne("44109_1_8", "1", "", "y" * 200_000),
    "44109_1_9;tronquée\n",
]


@pytest.fixture
def charger(tmp_path, nantes, capsys):
    """Writes these lines to a file, loads it, gives (stdout, stderr)."""

    def charger(lignes, *, compresse=False, brut=None):
        contenu = brut if brut is not None else (ENTETE + "".join(lignes)).encode()
        chemin = tmp_path / ("adresses.csv.gz" if compresse else "adresses.csv")
        chemin.write_bytes(gzip.compress(contenu) if compresse else contenu)
        sortie, erreurs = io.StringIO(), io.StringIO()
        call_command("charger_adresses", chemin, stdout=sortie, stderr=erreurs)
        return sortie.getvalue(), erreurs.getvalue()

    return charger


def etat():
    return set(Adresse.objects.values_list("identifiant", "libelle", "cle", "cle_courte", "latitude", "longitude"))


# --- Loading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("compresse", [False, True])
def test_charger_deux_fois_ne_change_rien(charger, compresse):
    lignes = [*BONNES, BONNES[0]]  # such a file may say the same thing twice
    sortie, erreurs = charger(lignes, compresse=compresse)
    assert "5 adresses et 3 voies" in sortie and not erreurs
    avant = etat()
    charger(lignes, compresse=compresse)
    assert etat() == avant and len(avant) == 8
    charger([ligne("44109_6290_00012", "12", "", "Rue de l’Été fictif", lat="47.2200")])
    assert Adresse.objects.get(identifiant="44109_6290_00012").latitude == 47.22
    assert Adresse.objects.count() == 8


def test_les_mauvaises_lignes_sont_comptees_et_dites_les_autres_chargees(charger):
    ailleurs = ligne("35000_1_1", "1", "", "Rue d’ailleurs", insee="35000")
    sortie, erreurs = charger([*MAUVAISES, *BONNES, ailleurs])
    assert "5 adresses et 3 voies" in sortie and "1 lignes d'autres communes" in sortie
    assert "9 lignes illisibles, dont la ligne 2" in erreurs
    raisons = ("sans position", "position hors du monde", "sans identifiant ou sans voie", "trop longue", "manquantes")
    assert [raison for raison in raisons if raison not in erreurs] == []


@pytest.mark.parametrize("brut", [b"", b"a;b\n1;2\n", b"\x1f\x8bpas du gzip", b"\x00" * 100])
def test_un_fichier_qui_n_en_est_pas_un_le_dit(charger, brut):
    with pytest.raises(CommandError) as refus:
        charger([], brut=brut)
    assert str(refus.value) and not Adresse.objects.exists()


def test_un_fichier_absent_le_dit(nantes, tmp_path):
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("charger_adresses", tmp_path / "absent.csv")


@pytest.mark.parametrize("champs", [{"latitude": 91}, {"longitude": 181}, {"cle": ""}, {"cle_courte": ""}])
def test_la_base_refuse_une_adresse_impossible(nantes, champs):
    bonne = {"identifiant": "1", "libelle": "x", "cle": "x", "cle_courte": "x", "latitude": 47, "longitude": -1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Adresse.objects.create(commune=nantes["44109"], **{**bonne, **champs})


# --- Finding -------------------------------------------------------------------------------------------------------


@pytest.mark.sans_base
@pytest.mark.parametrize(
    ("tape", "cle"),
    [
        ("12, Av. de l’Été 44000 NANTES", "12 avenue de l ete nantes"),
        ("Bd St-Œdipe, Nantes", "boulevard saint oedipe nantes"),
        ("  PLACE   du marché ", "place du marche"),
        ("rue de st", "rue de st"),
        ("日本", ""),
        ("\x00\ud800'; DROP TABLE --", "drop table"),
        ("", ""),
    ],
)
def test_la_cle_oublie_ce_que_l_on_ne_tape_pas(tape, cle):
    assert normaliser(tape) == cle


@pytest.mark.parametrize(
    ("tape", "premier"),
    [
        ("rue de l'ete", "Rue de l’Été fictif, 44000 Nantes"),
        ("RUE DE L’ÉTÉ F", "Rue de l’Été fictif, 44000 Nantes"),
        ("12 rue de l ete", "12 Rue de l’Été fictif, 44000 Nantes"),
        ("12 bis rue", "12 bis Rue de l’Été fictif, 44000 Nantes"),
        ("1 pl du marche fictif reze", "1 Place du Marché fictif, 44400 Rezé"),
        ("couer", "Couëron"),
        ("st herb", "Saint-Herblain"),
        ("ile de n", "Île de Nantes, Nantes"),
    ],
)
def test_ce_que_l_on_commence_a_taper_trouve(charger, tape, premier):
    charger(BONNES)
    assert suggerer(tape)[0].libelle == premier


@pytest.mark.parametrize("tape", ["", "ru", "zzz", "%", "_ue de", "\x00" * 50, "é" * 10_000, "été de la rue"])
def test_ce_qui_n_est_rien_ne_trouve_rien(charger, tape):
    charger(BONNES)
    assert suggerer(tape) == []


def test_un_seul_lieu_est_place_plusieurs_ne_le_sont_pas(charger, nantes):
    charger(BONNES)
    assert trouver("12 rue de l’été fictif").lat == 47.2186
    assert trouver("12 Rue de l’Été fictif, 44000 Nantes").commune == nantes["44109"].pk
    assert trouver("1 place du marché fictif") is None  # two communes have one
    assert trouver("1 place du marché fictif", nantes["44143"]).lat == 47.1903
    assert trouver("1 place du marché fictif", nantes["44109-06"]).lat == 47.2186  # a quartier is in its commune
    assert trouver("devant la médiathèque") is None
    assert trouver("12 rue de l’été") is None  # begins so, and does not end there
    assert trouver("Rezé").libelle == "Rezé"


@pytest.mark.parametrize("tape", ["12 rue de l'ete", "place du marche"])
def test_la_recherche_prend_l_index_et_autant_de_requetes(charger, tape):
    charger(BONNES)
    with CaptureQueriesContext(connection) as peu:
        suggerer(tape)
    charger([ligne(f"44109_{n}_1", str(n), "", f"Rue de l’Été {n}") for n in range(50)])
    with CaptureQueriesContext(connection) as beaucoup:
        suggerer(tape)
    assert len(peu) == len(beaucoup) == 2
    with transaction.atomic(), connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute("SET LOCAL enable_seqscan = off")
        plan = Adresse.objects.commencant_par(normaliser(tape)).order_by("cle", "pk")[:8].explain()
    assert "territoires_adresse_cle_" in plan
    assert "Filter: ((cle)::text ~~" not in plan or "Index Cond" in plan


def test_la_page_des_suggestions(client, charger):
    charger(BONNES)
    reponse = client.get(reverse("territoires:adresses"), {"q": "12 bis rue"})
    assert reponse.status_code == 200
    [trouve] = reponse.json()["adresses"]
    assert (trouve["lat"], trouve["lon"], trouve["libelle"]) == (47.2188, -1.5538, "12 bis Rue de l’Été fictif, 44000 Nantes")  # fmt: skip
    assert client.post(reverse("territoires:adresses")).status_code == 405


@pytest.mark.parametrize(
    "q", ["\x00", "\ud800".encode("utf-8", "surrogatepass"), "%" * 5000, "' OR 1=1 --", "a" * 100_000]
)
def test_aucune_saisie_n_y_fait_d_erreur(client, nantes, q):
    assert client.get(reverse("territoires:adresses"), {"q": q}).status_code == 200
    assert client.get(reverse("territoires:adresses")).json() == {"adresses": []}


def test_la_cadence_est_bornee(client, nantes, monkeypatch):
    monkeypatch.setattr(views, "RECHERCHES_MAX", 3)
    statuts = [client.get(reverse("territoires:adresses"), {"q": "nan"}).status_code for _ in range(5)]
    assert statuts == [200, 200, 200, 429, 429]
