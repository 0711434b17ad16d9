"""What follows the answers of the demonstration: one that few find useful and that waits for the mediator, one that she has
read again and that was made precise, one that somebody finds unclear; and the figures of each month, published in its turn.
"""

from datetime import datetime

from django.utils import timezone

from idees.models import Idee
from reponses import actions, mediation
from reponses.models import Appreciation, Reponse
from reponses.mois import sceller_les_mois
from timeline.etapes import franchir

RELUE, EN_ATTENTE, PAS_CLAIRE = (
    "Un parking gratuit sous le centre",
    "Une piscine à vagues en bord de Loire",
    "Une ligne de covoiturage vers les zones d’activités",
)
MOIS = 14  # their figures are published one by one; those before, together, on the first of these days
MOT = "Je ne comprends pas ce qui est trop cher, ni qui l’a calculé."
CONCLUSION = (
    "La réponse dit non pour le coût, mais ne donne aucun montant, et l’étude du sous-sol n’est pas citée. "
    "Il faut écrire ce qui empêche vraiment de creuser."
)
PRECISION = (
    "Creuser sous le centre est impossible : la nappe de la Loire est à quatre mètres. C’est la vraie raison ; le coût vient "
    "ensuite, environ quarante millions d’euros pour trois cents places."
)


def raconter(recit) -> None:
    """Plan them on the story."""
    for mois in range(MOIS, -1, -1):
        recit.le(_premier(recit.maintenant, mois), sceller_les_mois)
    recit.le(recit.jour(-80), _juger, RELUE, utiles=1, sur=7)
    recit.le(recit.jour(-74), _relire, recit)
    recit.le(recit.jour(-52), _preciser, recit)
    recit.le(recit.jour(-20), _juger, EN_ATTENTE, utiles=2, sur=6)
    recit.le(recit.jour(-18), _juger, PAS_CLAIRE, utiles=3, sur=4)


def _premier(maintenant, mois) -> datetime:
    """Two hours after the start of a month, so many before this one: when the clock publishes the month before it."""
    ici = timezone.localtime(maintenant)
    rang = ici.year * 12 + ici.month - 1 - mois
    return ici.replace(year=rang // 12, month=rang % 12 + 1, day=1, hour=2, minute=0, second=0, microsecond=0)


def _reponse(titre) -> Reponse:
    return Reponse.objects.sur(Idee.objects.get(titre=titre)).get(corrige__isnull=True)


def _juger(titre, *, utiles, sur) -> None:
    """As many of its supporters say what they think, the satisfied ones first."""
    reponse = _reponse(titre)
    soutiens = reponse.cible.soutiens.select_related("personne").order_by("pk")[:sur]
    for rang, soutien in enumerate(soutiens):
        avis = Appreciation.Avis.UTILE if rang < utiles else Appreciation.Avis.PAS_CLAIRE
        mediation.apprecier(reponse, par=soutien.personne, avis=avis, mot=MOT if rang == utiles else "")


def _relire(recit) -> None:
    lecture = _reponse(RELUE).secondes_lectures.get()
    franchir(lecture.prendre, par=recit.gens["médiatrice"])
    franchir(lecture.faire_preciser, par=recit.gens["médiatrice"], conclusion=CONCLUSION)


def _preciser(recit) -> None:
    originale = _reponse(RELUE)
    contenu = {nom: getattr(originale, nom) for nom in Reponse.CONTENU}
    contenu |= {"motif": Reponse.Motif.TECHNIQUE, "texte": PRECISION}
    correction = actions.corriger(originale, par=recit.agent, **contenu)
    recit.faire_signer(correction, originale.cible.boite.service.nom)
