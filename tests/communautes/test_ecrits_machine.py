"""A draft written together: its states, and who brings it from one to another."""

import pytest
from django.contrib.auth.models import AnonymousUser

from communautes.models import Adhesion, Communaute, Ebauche
from tests.communautes.ecrits import amener, ecrire_ensemble, reecrire, signer
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir, referente_de
from tests.fabriques import PersonneFabrique
from tests.tableau import SYSTEME, cellules, issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db
ROLES = (
    "visiteur", "voisin", "agent", "moderatrice", "ouvreuse", "membre", "signataire", "experte", "animatrice", "referente",
    "partie", "exclue", "systeme",
)  # fmt: skip
DE_LA_MAISON = {"ouvreuse", "animatrice", "referente"}
TABLE = {
    ("en_ecriture", "deposer"): ("deposee", {"signataire"}),
    ("en_ecriture", "abandonner"): ("abandonnee", DE_LA_MAISON),
    ("abandonnee", "reprendre"): ("en_ecriture", DE_LA_MAISON),
}
ARGUMENTS = {"abandonner": {"motif": "Nous écrivons autre chose."}}


def gens_de(communaute, ouvreuse) -> dict:
    return {
        "visiteur": AnonymousUser(),
        "voisin": PersonneFabrique(),
        "agent": PersonneFabrique(roles=["agent"]),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
        "ouvreuse": ouvreuse,
        "membre": adherer(communaute),
        "signataire": adherer(communaute),
        "experte": adherer(communaute, role=Adhesion.Role.EXPERTE),
        "animatrice": animatrice_de(communaute),
        "referente": referente_de(communaute),
        "partie": adherer(communaute, etat=Adhesion.Etat.QUITTEE),
        "exclue": adherer(communaute, etat=Adhesion.Etat.EXCLUE),
        "systeme": SYSTEME,
    }


@pytest.mark.parametrize(("etat", "transition"), cellules(Ebauche.Etat.values, sorted(noms(Ebauche)), TABLE))
def test_table(etat, transition):
    vise, permis = TABLE.get((etat, transition), (None, set()))
    communaute = ouvrir(Communaute.Acces.SUR_DEMANDE)
    ouvreuse = adherer(communaute)
    gens = gens_de(communaute, ouvreuse)

    def jouer(role):
        ebauche = ecrire_ensemble(communaute, par=ouvreuse)
        signer(ebauche, gens["signataire"])
        ebauche = amener(ebauche, etat)
        sienne = issue(ebauche, transition, gens[role], **ARGUMENTS.get(transition, {}))
        if ebauche.etat == "en_ecriture":  # one person may not have too many of them
            franchir(ebauche.abandonner, par=gens["animatrice"], motif="Pour la suite de l’essai.")
        return sienne

    attendus = {r: vise if r in permis else "409" if vise is None else "403" for r in ROLES}
    assert {role: jouer(role) for role in ROLES} == attendus


def test_le_graphe_est_celui_de_la_table():
    assert {(depart, nom) for depart, nom, _vers in graphe(Ebauche)} == set(TABLE)


def test_qui_a_signe_une_version_plus_ancienne_ne_depose_pas():
    ebauche = ecrire_ensemble()
    hote = animatrice_de(ebauche.communaute)
    signer(ebauche, hote)
    reecrire(ebauche, texte="Des bancs et une fontaine, pour souffler un peu.")
    assert issue(ebauche, "deposer", hote) == "403"
    signer(ebauche, hote)
    assert issue(ebauche, "deposer", hote) == "deposee"


@pytest.mark.parametrize("etat", ["en_sommeil", "close"])
def test_une_communaute_qui_dort_ou_fermee_n_ecrit_plus(etat):
    ebauche = ecrire_ensemble()
    communaute, hote = ebauche.communaute, animatrice_de(ebauche.communaute)
    signer(ebauche, hote)
    agent = PersonneFabrique(roles=["agent"])
    if etat == "close":
        franchir(communaute.clore, par=agent, motif="Le sujet est clos.")
    else:
        franchir(communaute.endormir, par=agent)
    ebauche = Ebauche.objects.select_related("communaute").get(pk=ebauche.pk)
    assert issue(ebauche, "deposer", hote) == "403"
    # Those who lead may still tidy up while it sleeps; nobody once it is closed.
    attendu = "abandonnee" if etat == "en_sommeil" else "403"
    assert issue(ebauche, "abandonner", hote, motif="On range.") == attendu
