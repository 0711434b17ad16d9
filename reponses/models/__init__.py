"""Answers, their clock, their file and what they promise. One file a thing."""

from reponses.models.appreciation import Appreciation
from reponses.models.avis import Avis, AvisQuerySet
from reponses.models.echeance import Echeance, EcheanceQuerySet
from reponses.models.escalade import Escalade
from reponses.models.jalon import Jalon, JalonQuerySet
from reponses.models.lot import LotReponses, PlaceDeLot
from reponses.models.mediation import SecondeLecture, SecondeLectureQuerySet
from reponses.models.modele import ModeleDeReponse
from reponses.models.mois import MoisScelle
from reponses.models.realisation import CompteRendu, Merci, Nouvelle, PhotoRealisation
from reponses.models.reponse import SCELLEE, Reponse, ReponseQuerySet
from reponses.models.service import Service

__all__ = [
    "SCELLEE",
    "Appreciation",
    "Avis",
    "AvisQuerySet",
    "CompteRendu",
    "Echeance",
    "EcheanceQuerySet",
    "Escalade",
    "Jalon",
    "JalonQuerySet",
    "LotReponses",
    "ModeleDeReponse",
    "MoisScelle",
    "PlaceDeLot",
    "Merci",
    "Nouvelle",
    "PhotoRealisation",
    "Reponse",
    "ReponseQuerySet",
    "SecondeLecture",
    "SecondeLectureQuerySet",
    "Service",
]
