"""Answers, their clock, their file and what they promise. One file a thing."""

from reponses.models.avis import Avis, AvisQuerySet
from reponses.models.echeance import Echeance, EcheanceQuerySet
from reponses.models.escalade import Escalade, EscaladeQuerySet, palier_atteint
from reponses.models.jalon import Jalon, JalonQuerySet
from reponses.models.reponse import SCELLEE, Reponse, ReponseQuerySet
from reponses.models.service import Service

__all__ = [
    "SCELLEE",
    "Avis",
    "AvisQuerySet",
    "Echeance",
    "EcheanceQuerySet",
    "Escalade",
    "EscaladeQuerySet",
    "Jalon",
    "JalonQuerySet",
    "Reponse",
    "ReponseQuerySet",
    "Service",
    "palier_atteint",
]
