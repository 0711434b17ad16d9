"""Drafts of the tests, written, signed and sent by the road that people take. All invented."""

import uuid

from communautes import ebauches
from communautes.models import Communaute, Ebauche
from idees import ensemble
from idees.models import Idee
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir
from tests.fabriques import BoiteFabrique, PersonneFabrique, ThematiqueFabrique
from timeline.etapes import franchir

MOTS = {
    "titre": "Des bancs fictifs au lavoir",
    "texte": "Des bancs à l’ombre du lavoir fictif, pour souffler un peu.",
    "thematique": None,
    "territoire": None,
    "lieu": "",
}


def ecrire_ensemble(communaute=None, *, par=None, **mots) -> Ebauche:
    """A draft with one version, opened by a member."""
    communaute = communaute or ouvrir()
    par = par or adherer(communaute)
    return ebauches.ouvrir(communaute, par=par, valeurs={**MOTS, **mots}, cle=uuid.uuid4())


def reecrire(ebauche, *, par=None, **mots):
    """One more version, by a member, from the present one."""
    ebauche.refresh_from_db()
    valeurs = {nom: getattr(ebauche, nom) for nom in MOTS} | mots
    version = ebauches.enregistrer(
        ebauche, par=par or animatrice_de(ebauche.communaute), valeurs=valeurs, base=ebauche.numero
    )
    ebauche.refresh_from_db()
    return version


def signer(ebauche, *gens) -> None:
    ebauche.refresh_from_db()
    for personne in gens:
        ebauches.signer(ebauche, par=personne, numero=ebauche.numero)


def deposer(ebauche, *, par, boite=None, thematique=None, cle=None) -> Idee:
    ebauche.refresh_from_db()
    return ensemble.deposer(
        ebauche,
        par=par,
        boite=boite or BoiteFabrique(),
        thematique=thematique or ThematiqueFabrique(),
        numero=ebauche.numero,
        cle=cle or uuid.uuid4(),
    )


def amener(ebauche, etat) -> Ebauche:
    """Bring a draft to a state by the real steps, with people made for it."""
    hote = animatrice_de(ebauche.communaute)
    if etat == Ebauche.Etat.ABANDONNEE:
        franchir(ebauche.abandonner, par=hote, motif="Plus personne n’y croit.")
    elif etat == Ebauche.Etat.DEPOSEE:
        signer(ebauche, hote)
        deposer(ebauche, par=hote)
    return Ebauche.objects.select_related("communaute").get(pk=ebauche.pk)


def agent_ailleurs():
    """An agent who is in no community: no role of the house opens an inside."""
    return PersonneFabrique(roles=["agent"])


FERMEES = (Communaute.Acces.SUR_DEMANDE, Communaute.Acces.SUR_INVITATION)
