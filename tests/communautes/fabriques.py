"""Communities of the tests, opened by the road that people take. All invented."""

from itertools import count

from communautes import actions
from communautes.models import Adhesion, Communaute
from tests.fabriques import PersonneFabrique
from timeline.etapes import franchir

_numeros = count(1)


def fonder(acces=Communaute.Acces.PUBLIQUE, *, par=None, **contenu) -> Communaute:
    """Proposed by a citizen, and not opened yet."""
    dits = {
        "nom": f"Communauté fictive {next(_numeros)}",
        "resume": "Une communauté inventée pour les essais.",
        "description": "On s’y retrouve pour de faux.",
        "charte": "On s’écoute.",
        "acces": acces,
    }
    return actions.fonder(par=par or PersonneFabrique(), **{**dits, **contenu})


def ouvrir(acces=Communaute.Acces.PUBLIQUE, *, par=None, referente=None, **contenu) -> Communaute:
    """Open, with its founder who leads and a référent·e of the city."""
    communaute = fonder(acces, par=par, **contenu)
    agent = referente or PersonneFabrique(roles=["agent"])
    franchir(communaute.ouvrir, par=agent, referente=agent)
    return communaute


def animatrice_de(communaute):
    return communaute.adhesions.get(role=Adhesion.Role.ANIMATRICE).personne


def referente_de(communaute):
    return communaute.adhesions.get(role=Adhesion.Role.REFERENTE).personne


def adherer(communaute, personne=None, *, etat=Adhesion.Etat.ACCEPTEE, role=Adhesion.Role.MEMBRE):
    """Somebody whose place is in this state, by the steps that lead there; the person."""
    personne = personne or PersonneFabrique()
    hote = animatrice_de(communaute)
    e = Adhesion.Etat
    if communaute.acces == Communaute.Acces.SUR_DEMANDE:
        adhesion = actions.rejoindre(communaute, par=personne)
        if etat in {e.ACCEPTEE, e.QUITTEE, e.EXCLUE}:
            franchir(adhesion.accueillir, par=hote)
    elif communaute.est_publique:
        adhesion = actions.rejoindre(communaute, par=personne)
    else:
        adhesion = actions.inviter(communaute, par=hote, pseudonyme=personne.pseudonyme)
        if etat in {e.ACCEPTEE, e.QUITTEE, e.EXCLUE}:
            franchir(adhesion.accepter, par=personne)
    if etat == e.REFUSEE:
        franchir(adhesion.refuser, par=hote, motif="Ce n’est pas le sujet.")
    elif etat == e.DECLINEE:
        franchir(adhesion.decliner, par=personne)
    elif etat == e.QUITTEE and adhesion.est_en_cours:
        franchir(adhesion.quitter, par=personne)
    elif etat == e.EXCLUE:
        franchir(adhesion.exclure, par=hote, motif="A insulté une voisine.")
    if role != Adhesion.Role.MEMBRE:
        actions.confier(adhesion, par=referente_de(communaute), role=role)
    adhesion.refresh_from_db()
    assert adhesion.etat == etat
    communaute.oublier_les_adhesions_lues()
    return personne
