"""Every read path of a community × who asks: the written table, refused cells included. A new address without a row fails.

Three tables, one a door. 404: nobody says that it exists. 403: it exists, and is not for her. 302: she must sign in, or is led
to her own page. 405: it is only written to.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.urls import reverse

from communautes.urls import urlpatterns
from tests.communautes.monde import client_de, entrees_de, fermer, qui

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.une_fois("qui lit quoi est décidé par les mêmes requêtes que dans les autres essais"),
]

TABLES = Path(__file__).with_name("tableau_des_lectures.txt")
PORTES = ("publique", "sur_demande", "sur_invitation")
#: Pages of the team about panels: tests/communautes/test_panels_portes.py has their table.
AILLEURS = {"bureau_panels", "nouveau_panel", "bureau_panel", "rediger_mandat", "publier_mandat", "sieges", "lettres", "remplacer",
            "repondre_au_panel", "commencer_tirage", "preparer_tirage", "recevoir_vivier", "colonnes_vivier", "quotas_tirage",
            "calculer", "calcul", "arreter_calcul", "panel", "nouveau_compte_rendu", "compte_rendu", "corriger_compte_rendu",
            "publier_avis", "fichier_avis", "lier_synthese", "delier_synthese", "tirage", "fichier_tirage", "place", "ma_place",
            "refuser_place"}  # fmt: skip
#: Of no community, or of what is public by nature: their own tests.
SANS_LIEU = {"liste", "proposer", "appels", "question", "soutien_d_une_question"}


def cles(nom: str, lieu) -> list:
    """What its address asks after the slug."""
    par_mot = {
        "sujet": [lieu.sujet.pk], "sondage": [lieu.sondage.pk], "document_partage": [lieu.texte.document.pk],
        "verser_version": [lieu.texte.document.pk], "version_partagee": [lieu.texte.document.pk, 1],
        "fichier_partage": [lieu.fichier.document.pk, 1], "ebauche": [lieu.ebauche.pk], "ebauche_versions": [lieu.ebauche.pk],
        "ebauche_version": [lieu.ebauche.pk, 1], "reprendre_l_ebauche": [lieu.ebauche.pk, 1],
        "photo_sujet": [lieu.sujet.pk, "grande"], "partager_document": ["texte"], "voter_sondage": [lieu.sondage.pk],
        "role": [lieu.communaute.adhesions.get(personne=lieu.gens["membre"]).pk],
    }  # fmt: skip
    if nom in par_mot:
        return par_mot[nom]
    if nom.endswith("_sujet") and nom != "ouvrir_sujet":
        return [lieu.sujet.pk]
    return [lieu.ebauche.pk] if nom.endswith("l_ebauche") else []


def chemins(lieu) -> dict[str, str]:
    """{row: address}: pages of the community, then what other rooms show of its inside."""
    slug = lieu.communaute.slug
    noms = [motif.name for motif in urlpatterns if motif.name not in AILLEURS | SANS_LIEU | {"appel"}]
    lus = {nom: reverse(f"communautes:{nom}", args=[slug, *cles(nom, lieu)]) for nom in noms}
    return lus | {
        "appel": reverse("communautes:appel", args=[lieu.appel.pk]),
        "commentaire": reverse("commentaires:voir", args=[lieu.commentaire.pk]),
        "signaler un sujet": reverse("moderation:signaler", args=["communautes.sujet", lieu.sujet.pk]),
        "signaler un commentaire": reverse(
            "moderation:signaler", args=["commentaires.commentaire", lieu.commentaire.pk]
        ),
        "masquer un sujet": reverse("moderation:masquer", args=["communautes.sujet", lieu.sujet.pk]),
        "étape d’un sujet": reverse("timeline:etape", args=["communautes.sujet", lieu.sujet.pk, "fermer"]),
        "entrée du journal": entrees_de(lieu).get(type="communautes.sujet.ouvrir").get_absolute_url(),
        "chaîne du journal": reverse("timeline:registre", args=[f"communaute-{lieu.communaute.pk}"]),
        "API : la communauté": reverse("api:communaute", args=[slug]),
        "API : le journal": reverse(
            "api:entree", args=[entrees_de(lieu).get(type="communautes.sujet.ouvrir").empreinte]
        ),
    }


def prises(lieu) -> dict[str, tuple[str, int]]:
    """{row: (label, key)} of the live refresh: who may open the socket."""
    return {
        "prise : la communauté": ("communautes.communaute", lieu.communaute.pk),
        "prise : un sujet": ("communautes.sujet", lieu.sujet.pk),
        "prise : un sondage": ("communautes.sondage", lieu.sondage.pk),
        "prise : un texte": ("communautes.ebauche", lieu.ebauche.pk),
    }


def colonne(rangs, personne) -> dict[str, str]:
    """{row: cell} of one person, who signs in once: reading leaves nothing behind that opens or closes a door."""
    client = client_de(personne)
    return {rang: cellule(chemin, client, personne) for rang, chemin in rangs.items()}


def cellule(chemin, client, personne) -> str:
    if isinstance(chemin, tuple):
        objets = apps.get_model(chemin[0])._default_manager
        ecoutables = getattr(objets, "ecoutables_par", None) or objets.visibles_par
        return "200" if ecoutables(personne or AnonymousUser()).filter(pk=chemin[1]).exists() else "404"
    cache.clear()  # reads more, and faster, than anybody may
    reponse = client.get(chemin)
    fermer(reponse)
    return str(reponse.status_code)


def lire_les_tables() -> dict[str, dict[str, dict[str, str]]]:
    """{door: {row: {who: cell}}}"""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for ligne in TABLES.read_text().splitlines():
        if ligne.startswith("# "):
            porte, _barre, *colonnes = ligne[2:].split()
            tables[porte] = table = {}
        elif "|" in ligne:
            rang, dites = ligne.split("|")
            table[rang.strip()] = dict(zip(colonnes, dites.split(), strict=True))
    return tables


@pytest.mark.parametrize("porte", PORTES)
def test_le_tableau_entier(monde, porte, refus_en_bref):
    lieu, ecrit = monde.lieux[porte], lire_les_tables()[porte]
    rangs = {**chemins(lieu), **prises(lieu)}
    assert ecrit.keys() == rangs.keys(), "each address has its row, and each row its address"
    vues = {qui_lit: colonne(rangs, qui(monde, lieu, qui_lit)) for qui_lit in ecrit["detail"]}
    assert [
        (rang, qui_lit, dite, vues[qui_lit][rang])
        for rang, dites in ecrit.items()
        for qui_lit, dite in dites.items()
        if vues[qui_lit][rang] != dite
    ] == []


def test_aucune_porte_fermee_ne_s_ouvre_a_qui_n_y_est_pas():
    """The table itself, read once more: behind a closed door 200 is for those who are in, but for what is said to be public."""
    publics = {
        "sur_demande": {"detail", "questions", "questions_atom", "rejoindre", "API : la communauté", "appel"},
        "sur_invitation": {"detail", "appel", "API : la communauté", "questions"},
    }  # fmt: skip
    dedans = {"membre", "animatrice", "referente", "experte"}
    for porte, permis in publics.items():
        for rang, dites in lire_les_tables()[porte].items():
            ouvertes = {qui_lit for qui_lit, dite in dites.items() if dite == "200"}
            assert rang in permis or ouvertes <= dedans, (porte, rang, ouvertes - dedans)
