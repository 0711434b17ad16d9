"""State × transition × role of a thread, a poll and a shared document. Everything that is not in the tables is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser

from communautes import documents, forum, sondages
from communautes.models import Adhesion, Communaute, DocumentPartage, Sondage, Sujet
from communautes.permissions import peut_parler_pour_la_ville
from socle.permissions import SYSTEME
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir, referente_de
from tests.communautes.fabriques_forum import pdf, un_fichier, un_sondage, un_sujet, un_texte
from tests.fabriques import PersonneFabrique
from tests.tableau import cellules, issue, noms
from timeline.etapes import EtapeInterdite, franchir

pytestmark = pytest.mark.django_db
A, E = Communaute.Acces, Adhesion.Etat

ROLES = (
    "visiteur", "auteur", "membre", "experte", "animatrice", "referente", "demandee", "exclue", "partie", "citoyenne",
    "agent", "agent_membre", "moderatrice", "elue", "administratrice", "systeme",
)  # fmt: skip
CE_QUI_ANIME = {"animatrice", "referente"}
DEDANS = {"auteur", "membre", "experte", "animatrice", "referente", "agent_membre"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLES = {
    Sujet: {
        ("ouvert", "fermer"): ("ferme", CE_QUI_ANIME | {"auteur"}),
        ("ferme", "rouvrir"): ("ouvert", CE_QUI_ANIME),
    },
    Sondage: {("ouvert", "clore"): ("clos", CE_QUI_ANIME | {"systeme"})},
    DocumentPartage: {("partage", "retirer"): ("retire", CE_QUI_ANIME)},
}
ARGUMENTS = {"retirer": {"motif": "Ce plan n’est plus le bon."}}


@pytest.fixture
def communaute():
    return ouvrir(A.SUR_DEMANDE)


@pytest.fixture
def gens(communaute):
    simples = {nom: PersonneFabrique(roles=[nom]) for nom in ("agent", "moderatrice", "elue", "administratrice")}
    return simples | {
        "visiteur": AnonymousUser(),
        "auteur": adherer(communaute),
        "membre": adherer(communaute),
        "experte": adherer(communaute, role=Adhesion.Role.EXPERTE),
        "animatrice": animatrice_de(communaute),
        "referente": referente_de(communaute),
        "demandee": adherer(communaute, etat=E.DEMANDEE),
        "exclue": adherer(communaute, etat=E.EXCLUE),
        "partie": adherer(communaute, etat=E.QUITTEE),
        "citoyenne": PersonneFabrique(),
        "agent_membre": adherer(communaute, PersonneFabrique(roles=["agent"])),
        "systeme": SYSTEME,
    }


def nouveau(modele, etat, communaute, gens):
    faire = {Sujet: un_sujet, Sondage: un_sondage, DocumentPartage: lambda c, p: un_texte(c, p).document}[modele]
    objet = faire(communaute, gens["auteur"])
    pas = {"ferme": "fermer", "clos": "clore", "retire": "retirer"}.get(etat)
    if pas:
        franchir(getattr(objet, pas), par=gens["referente"], **ARGUMENTS.get(pas, {}))
    return modele.objects.get(pk=objet.pk)


def toutes_les_cellules() -> list:
    return [
        pytest.param(modele, *cellule.values, marks=cellule.marks)
        for modele, table in TABLES.items()
        for cellule in cellules(modele.Etat.values, sorted(noms(modele)), table)
    ]


@pytest.mark.parametrize("modele", TABLES)
def test_la_table_connait_toute_la_machine(modele):
    assert {nom for _etat, nom in TABLES[modele]} == noms(modele)
    assert {etat for etat, _nom in TABLES[modele]} <= set(modele.Etat.values)


@pytest.mark.parametrize(("modele", "etat", "transition"), toutes_les_cellules())
def test_table(modele, etat, transition, communaute, gens):
    vise, permis = TABLES[modele].get((etat, transition), (None, set()))
    for role in ROLES:
        attendu = "409" if vise is None else vise if role in permis else "403"
        objet = nouveau(modele, etat, communaute, gens)
        assert issue(objet, transition, gens[role], **ARGUMENTS.get(transition, {})) == attendu, role


@pytest.fixture(autouse=True)
def sans_frein(monkeypatch):
    monkeypatch.setattr(forum, "SUJETS_MAX", 99)
    monkeypatch.setattr(sondages, "SONDAGES_MAX", 99)


def ecrire_tout(communaute, personne):
    """Each gesture by which one writes inside; whether it was allowed."""
    sujet, sondage = un_sujet(communaute), un_sondage(communaute)
    texte, fichier = un_texte(communaute), un_fichier(communaute)
    gestes = {
        "sujet": lambda: forum.ouvrir(communaute, par=personne, titre="À moi", texte="Oui."),
        "sondage": lambda: sondages.demander(communaute, par=personne, question="Qui ?", options=["a", "b"]),
        "voix": lambda: sondages.voter(sondage, par=personne, choix=[sondage.options.first().pk]),
        "texte": lambda: documents.partager(communaute, par=personne, titre="À moi", texte="Oui."),
        "fichier": lambda: documents.partager(communaute, par=personne, titre="Le mien", fichier=pdf()),
        "version": lambda: documents.verser(texte.document, par=personne, vu=1, note="Mieux", texte="Autre."),
        "version_fichier": lambda: documents.verser(
            fichier.document, par=personne, vu=1, note="Mieux", fichier=pdf(b"2")
        ),
        "epingle": lambda: forum.epingler(sujet, par=personne),
    }
    permis = set()
    for nom, geste in gestes.items():
        try:
            geste()
        except EtapeInterdite:
            continue
        permis.add(nom)
    return permis


@pytest.mark.parametrize("role", [r for r in ROLES if r != "systeme"])
def test_qui_ecrit_dedans(role, communaute, gens):
    tout = {"sujet", "sondage", "voix", "texte", "fichier", "version", "version_fichier"}
    attendu = (tout if role in DEDANS else set()) | ({"epingle"} if role in CE_QUI_ANIME else set())
    assert ecrire_tout(communaute, gens[role]) == attendu


@pytest.mark.parametrize("etat", ["en_sommeil", "close"])
def test_plus_personne_n_ecrit_dans_une_communaute_qui_dort_ou_qui_est_fermee(etat, communaute, gens):
    sujet, sondage, texte = un_sujet(communaute, gens["auteur"]), un_sondage(communaute), un_texte(communaute)
    if etat == "en_sommeil":
        franchir(communaute.endormir, par=gens["animatrice"])
    else:
        franchir(communaute.clore, par=gens["referente"], motif="Le sujet est traité.")
    for modele in (Sujet, Sondage, DocumentPartage):
        for objet in modele.objects.all():
            assert objet.communaute.etat == etat
    assert not Sujet.objects.get(pk=sujet.pk).discussion_ouverte()
    assert not Sondage.objects.get(pk=sondage.pk).on_y_repond()
    for geste in (
        lambda: forum.ouvrir(communaute, par=gens["membre"], titre="À moi", texte="Oui."),
        lambda: documents.verser(texte.document, par=gens["membre"], vu=1, note="Mieux", texte="Autre."),
    ):
        with pytest.raises(EtapeInterdite):
            geste()


def test_qui_parle_pour_la_ville(communaute, gens):
    gens["elue_membre"] = adherer(communaute, PersonneFabrique(roles=["elue"]))
    officielles = {role for role, personne in gens.items() if peut_parler_pour_la_ville(communaute, personne)}
    assert officielles == {"referente", "agent_membre", "elue_membre"}
    assert forum.ouvrir(communaute, par=gens["referente"], titre="a", texte="b", officielle=True).qualite == (
        "Référent·e de la collectivité"
    )
    with pytest.raises(EtapeInterdite):
        forum.ouvrir(communaute, par=gens["membre"], titre="c", texte="d", officielle=True)
