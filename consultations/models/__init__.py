from consultations.models.consultation import Consultation, ConsultationQuerySet
from consultations.models.ecrit import Ecrit
from consultations.models.participation import Donnee, Participation, ParticipationQuerySet, Piece, Tranche
from consultations.models.version import Version, VersionQuerySet

__all__ = [
    "Consultation",
    "ConsultationQuerySet",
    "Donnee",
    "Ecrit",
    "Participation",
    "ParticipationQuerySet",
    "Piece",
    "Tranche",
    "Version",
    "VersionQuerySet",
]
