"""Communities of the tests, opened by the road that people take. All invented."""

from itertools import count

from django.db import transaction
from django.utils import timezone

from communautes import actions
from communautes.models import Adhesion, Communaute, Panel
from notifications.abonnements import abonner
from tests.fabriques import PersonneFabrique, arriver, sauter
from timeline.etapes import franchir
from timeline.journal import consigner

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
    agent, maintenant = referente or PersonneFabrique(roles=["agent"]), timezone.now()
    with transaction.atomic():
        sauter(communaute, "ouvrir", "ouverte", par=agent, ouverte_le=maintenant, active_le=maintenant)
        arriver(communaute, "ouverte_le", "active_le")
        actions.installer(communaute, par=agent, referente=agent)
    return communaute


def animatrice_de(communaute):
    return communaute.adhesions.get(role=Adhesion.Role.ANIMATRICE).personne


def referente_de(communaute):
    return communaute.adhesions.get(role=Adhesion.Role.REFERENTE).personne


def adherer(communaute, personne=None, *, etat=Adhesion.Etat.ACCEPTEE, role=Adhesion.Role.MEMBRE):
    """Somebody whose place is in this state, by the steps that lead there; the person."""
    hote, e = animatrice_de(communaute), Adhesion.Etat
    personne, adhesion = _entrer(communaute, personne, hote, dedans=etat in {e.ACCEPTEE, e.QUITTEE, e.EXCLUE})
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


def _entrer(communaute, connue, hote, *, dedans):
    """(person, place): by the door of this community, as far as the question or the answer to it (`dedans`)."""
    personne = connue or PersonneFabrique()
    if dedans and _entre_tout_droit(communaute, connue):
        return personne, placer(communaute, personne, hote)
    if communaute.acces == Communaute.Acces.SUR_DEMANDE:
        adhesion = actions.rejoindre(communaute, par=personne)
        if dedans:
            franchir(adhesion.accueillir, par=hote)
    elif communaute.est_publique:
        adhesion = actions.rejoindre(communaute, par=personne)
    else:
        adhesion = actions.inviter(communaute, par=hote, pseudonyme=personne.pseudonyme)
        if dedans:
            franchir(adhesion.accepter, par=personne)
    return personne, adhesion


def _entre_tout_droit(communaute, connue) -> bool:
    """Is it open, no panel, and has she (when she is not new) never been there?"""
    if not communaute.est_ouverte or (connue and communaute.adhesions.filter(personne=connue).exists()):
        return False
    return (
        communaute.acces != Communaute.Acces.SUR_INVITATION or not Panel.objects.filter(communaute=communaute).exists()
    )


def placer(communaute, personne, hote) -> Adhesion:
    """A member, with the rows that her way in leaves, in few statements; `test_fabriques` compares them with those of the way."""
    franchi = {"de": "demandee", "vers": "acceptee"}
    pas, decidee_par = {
        Communaute.Acces.PUBLIQUE: ([("entrer", personne, franchi)], None),
        Communaute.Acces.SUR_DEMANDE: ([("demander", personne, {}), ("accueillir", hote, franchi)], hote),
        Communaute.Acces.SUR_INVITATION: (
            [("inviter", hote, {"role": "membre"}), ("accepter", personne, franchi | {"de": "invitee"})], None,
        ),
    }[communaute.acces]  # fmt: skip
    with transaction.atomic():
        adhesion = Adhesion.objects.create(
            communaute=communaute, personne=personne, etat=Adhesion.Etat.ACCEPTEE, decidee_par=decidee_par
        )
        for nom, par, donnees in pas:
            consigner(f"communautes.adhesion.{nom}", cible=adhesion, par=par, publique=False, donnees=donnees)
        abonner(personne, communaute)
    return adhesion
