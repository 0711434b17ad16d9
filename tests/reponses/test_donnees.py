"""The list of answers as files and as a feed: the same filters, nothing of anybody, nothing that moderation has hidden."""

import csv
import io
import json
import re
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from idees.models import Idee
from moderation.actions import masquer
from reponses.actions import corriger
from reponses.donnees import COLONNES
from reponses.models import Reponse
from socle.tableur import FORMULES
from tests.fabriques import IdeeFabrique, PersonneFabrique, publier_reponse, rediger_reponse
from tests.reponses.conftest import amener_reponse
from tests.reponses.test_liste import remplir

pytestmark = pytest.mark.django_db
CSV, JSON, ATOM = "/reponses/donnees.csv", "/reponses/donnees.json", "/reponses/atom.xml"
PORTES = (CSV, JSON, ATOM)
NS = "{http://www.w3.org/2005/Atom}"


def corps(client, chemin, **parametres) -> str:
    reponse = client.get(chemin, parametres)
    assert reponse.status_code == 200
    octets = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
    return octets.decode()


def en_lignes(client, **parametres) -> list[dict]:
    texte = corps(client, CSV, **parametres)
    assert texte.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(texte[1:]), delimiter=";"))


def en_objet(client, **parametres) -> dict:
    return json.loads(corps(client, JSON, **parametres))


def entrees(client, **parametres):
    return list(ET.fromstring(corps(client, ATOM, **parametres)).iter(f"{NS}entry"))  # noqa: S314 (our own document)


@pytest.fixture
def trois(agent, elue):
    gens = {"agent": agent, "elue": elue}
    go = publier_reponse(IdeeFabrique(titre="Des bancs", etat="en_etude"), motif="experimentation", **gens)
    non = publier_reponse(IdeeFabrique(titre="Un téléphérique", etat="en_etude"), sens="no_go", **gens)
    correction = corriger(go, par=agent, **{nom: getattr(go, nom) for nom in Reponse.CONTENU} | {"texte": "Six bancs."})
    return go, non, amener_reponse(correction, "publiee", **gens)


@pytest.mark.parametrize(
    ("parametres", "rangs"),
    [
        ({}, [2, 1, 0]),
        ({"decision": "no_go"}, [1]),
        ({"raison": "experimentation"}, [2, 0]),
        ({"genre": "corrections"}, [2]),
        ({"genre": "premieres"}, [1, 0]),
        ({"delai": "a_temps"}, [1, 0]),
        ({"delai": "en_retard"}, []),
    ],
)
def test_les_memes_que_dans_la_liste(client, trois, parametres, rangs):
    attendues = [trois[rang].pk for rang in rangs]
    assert [r.pk for r in client.get("/reponses/", parametres).context["page"].object_list] == attendues
    assert [int(ligne["numero"]) for ligne in en_lignes(client, **parametres)] == attendues
    assert [r["numero"] for r in en_objet(client, **parametres)["reponses"]] == attendues
    liens = [entree.find(f"{NS}link").get("href") for entree in entrees(client, **parametres)]
    assert liens == [f"{settings.ADRESSE}/reponses/{pk}/" for pk in attendues]


def test_une_ligne_dit_ce_que_dit_la_page(client, trois):
    non = trois[1]
    non.refresh_from_db()
    ligne = en_objet(client, decision="no_go")["reponses"][0]
    assert list(ligne) == list(COLONNES)
    assert ligne == {
        "numero": non.pk, "adresse": f"{settings.ADRESSE}/reponses/{non.pk}/", "genre": "reponse", "corrige": None,
        "objet_genre": "idees.idee", "objet_titre": "Un téléphérique",
        "objet_adresse": f"{settings.ADRESSE}{non.cible.get_absolute_url()}",
        "service": non.cible.echeances.get().service.nom, "decision": "no_go", "decision_mots": "Non",
        "raison": non.motif, "raison_mots": non.get_motif_display(), "texte": non.texte, "conditions": "",
        "cout_estime": non.cout_estime, "premiere_etape": "", "premiere_etape_le": None, "alternative": non.alternative,
        "acte_conseil": non.acte_conseil, "signataire_mandat": non.signataire_mandat,
        "signee_le": f"{localdate(non.signee_le)}", "publiee_le": f"{localdate(non.publiee_le)}",
        "due_le": non.cible.echeances.get().due_le.isoformat(), "jours_de_retard": 0, "sceau": non.sceau(),
    }  # fmt: skip


def test_les_deux_fichiers_disent_la_meme_chose(client, trois):
    objets = en_objet(client)["reponses"]
    assert en_lignes(client) == [{nom: "" if v is None else str(v) for nom, v in objet.items()} for objet in objets]


def test_chaque_fichier_dit_sa_licence_sa_source_et_ses_colonnes(client, trois):
    tete = en_objet(client, decision="go")
    assert tete["licence"] == settings.LICENCE_DES_DONNEES
    assert tete["source"] == f"{settings.ADRESSE}/reponses/?decision=go"
    assert tete["colonnes"].keys() == COLONNES.keys()
    for chemin in (CSV, JSON):
        reponse = client.get(chemin)
        assert reponse.headers["Link"] == f'<{settings.LICENCE_DES_DONNEES["url"]}>; rel="license"'
        assert re.fullmatch(
            r'attachment; filename="reponses-\d{4}-\d\d-\d\d\.(csv|json)"', reponse["Content-Disposition"]
        )


# --- What never leaves ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chemin", PORTES)
@pytest.mark.parametrize("qui", [None, "agent", "administratrice"])
def test_ni_brouillon_ni_signee_pour_personne(client, chemin, qui, agent, elue, request):
    """The files are what a visitor sees: a copy knows no rights."""
    for etat in ("brouillon", "en_consultation", "a_signer", "signee"):
        amener_reponse(
            rediger_reponse(IdeeFabrique(titre=f"Secret {etat}", etat="en_etude"), agent=agent), etat, agent=agent, elue=elue
        )  # fmt: skip
    publier_reponse(IdeeFabrique(titre="Publique", etat="en_etude"))
    if qui:
        client.force_login(request.getfixturevalue(qui))
    texte = corps(client, chemin)
    assert "Publique" in texte and "Secret" not in texte


@pytest.mark.parametrize("chemin", PORTES)
def test_la_reponse_a_ce_qui_est_masque_n_y_est_pas(client, trois, moderatrice, chemin):
    idee = trois[0].cible
    masquer(idee, par=moderatrice, motif="injure", explication="Propos injurieux.")
    for qui in (None, moderatrice):
        if qui:
            client.force_login(qui)
        texte = corps(client, chemin)
        assert "téléphérique" in texte
        assert "Des bancs" not in texte and "Six bancs." not in texte and f"/reponses/{trois[0].pk}/" not in texte


@pytest.mark.parametrize("chemin", PORTES)
def test_rien_de_personne(client, chemin):
    """RGPD, FR-03: canaries in every name and address around an answer."""
    auteur = PersonneFabrique(pseudonyme="Canari Autrice", email="canari-autrice@exemple.test")
    agent = PersonneFabrique(pseudonyme="Canari Agent", email="canari-agent@exemple.test", roles=["agent"])
    elue = PersonneFabrique(pseudonyme="Canari Élue", email="canari-elue@exemple.test", roles=["elue"])
    elue.mandats.update(nom_officiel="Canari Officielle", intitule="Adjointe aux canaux")
    publier_reponse(IdeeFabrique(titre="Une idée", auteur=auteur, etat="en_etude"), agent=agent, elue=elue)
    texte = corps(client, chemin)
    assert "Adjointe aux canaux" in texte
    assert "canari" not in texte.lower()
    if chemin != ATOM:
        assert not re.search(r"\d\d:\d\d", texte)  # no hour


@pytest.mark.parametrize("debut", FORMULES)
def test_aucune_cellule_n_est_une_formule(client, debut, agent, elue):
    """FILE-05."""
    champs = {"texte": f"{debut}cmd|'/C calc'!A0", "premiere_etape": f"{debut}1+1", "acte_conseil": f"{debut}x"}
    publier_reponse(IdeeFabrique(titre=f"{debut}HYPERLINK(1)", etat="en_etude"), agent=agent, elue=elue, **champs)
    (ligne,) = en_lignes(client)
    for cellule in ligne.values():
        assert not cellule.lstrip(" \u00a0\ufeff").startswith(FORMULES) or cellule.startswith("'")
    assert en_objet(client)["reponses"][0]["texte"].startswith(debut.replace("\r", "\r"))


@pytest.mark.parametrize("chemin", PORTES)
def test_un_filtre_inconnu_n_est_pas_tout(client, trois, chemin):
    parametres = ["decision", "raison", "delai", "service", "genre", "mois"]
    valeurs = ["inconnu", "\x00", "' OR 1=1 --", "9" * 400]
    recus = {
        (nom, valeur): client.get(chemin, {nom: valeur}).status_code for nom, valeur in product(parametres, valeurs)
    }
    assert recus == dict.fromkeys(product(parametres, valeurs), 404)


@pytest.mark.parametrize("chemin", PORTES)
def test_on_ne_peut_que_lire(client, chemin):
    assert client.post(chemin).status_code == 405
    assert client.head(chemin).status_code == 200


# --- The feed ------------------------------------------------------------------------------------------------------


def test_le_flux_dit_ses_filtres_et_ne_se_renvoie_pas_deux_fois(client, trois, moderatrice):
    document = ET.fromstring(corps(client, ATOM, decision="no_go"))  # noqa: S314 (our own document)
    assert document.findtext(f"{NS}title") == "Les réponses : Non"
    assert document.findtext(f"{NS}entry/{NS}title") == "Non : Un téléphérique"
    liens = {lien.get("rel"): lien.get("href") for lien in document.findall(f"{NS}link")}
    assert liens == {
        "alternate": f"{settings.ADRESSE}/reponses/?decision=no_go",
        "self": f"{settings.ADRESSE}/reponses/atom.xml?decision=no_go",
    }
    etiquette = client.get(ATOM).headers["ETag"]
    assert client.get(ATOM, headers={"if-none-match": etiquette}).status_code == 304
    masquer(trois[1].cible, par=moderatrice, motif="injure", explication="Propos injurieux.")
    assert client.get(ATOM, headers={"if-none-match": etiquette}).status_code == 200


@pytest.mark.parametrize(
    "titre", ["Un \x0b trou \x1f noir", "<b>&amp;</b> ]]>", "\ufffe\uffff tout à la fin", "« œuvre » 🌳"]
)
def test_un_titre_etrange_laisse_les_documents_lisibles(client, titre):
    publier_reponse(IdeeFabrique(titre=titre, etat="en_etude"), texte=titre)
    assert len(entrees(client)) == len(en_lignes(client)) == len(en_objet(client)["reponses"]) == 1


# --- The page, and what it costs -----------------------------------------------------------------------------------


def test_la_page_mene_a_ses_fichiers_avec_ses_filtres(client, trois):
    page = client.get("/reponses/", {"decision": "no_go", "page": "1", "x": "y"}).content.decode()
    tete = page.partition("</head>")[0]
    lien = (
        r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="/reponses/atom.xml\?decision=no_go">'
    )
    assert re.search(lien, tete)
    for adresse in (ATOM, CSV, JSON):
        assert f'href="{adresse}?decision=no_go"' in page.partition("</head>")[2]
    fragment = client.get("/reponses/", {"raison": "cout"}, headers={"HX-Request": "true"}).content.decode()
    assert f'href="{CSV}?raison=cout"' in fragment


def test_les_fichiers_s_ecrivent_par_morceaux_et_en_autant_de_requetes(client, agent, elue):
    def requetes(chemin) -> int:
        corps(client, chemin)
        with CaptureQueriesContext(connection) as lues:
            corps(client, chemin)
        return len(lues)

    remplir(1, agent=agent, elue=elue)
    avant = [requetes(chemin) for chemin in PORTES]
    remplir(49, agent=agent, elue=elue)
    assert [requetes(chemin) for chemin in PORTES] == avant
    reponse = client.get(CSV)
    assert reponse.streaming and len(list(reponse.streaming_content)) > Reponse.objects.publiees().count() // 2
    assert len(entrees(client)) == 50 and Idee.objects.count() > 50
