"""What people bring: boxes, ideas, supports. One file a thing."""

from idees.models.boite import Boite
from idees.models.idee import Idee, Soutien
from idees.models.importation import (
    Correspondance,
    Importation,
    LigneRefusee,
    ProvenanceCommentaire,
    ProvenanceIdee,
)
from idees.models.photo import Photo

__all__ = [
    "Boite",
    "Correspondance",
    "Idee",
    "Importation",
    "LigneRefusee",
    "Photo",
    "ProvenanceCommentaire",
    "ProvenanceIdee",
    "Soutien",
]
