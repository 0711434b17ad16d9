"""What people bring: boxes, ideas, supports. One file a thing."""

from idees.models.boite import Boite
from idees.models.depot import Depot, Lettre
from idees.models.ensemble import GroupeDeTravail, IdeeDeCommunaute
from idees.models.equipe import CoAutrice
from idees.models.exposition import Exposition, Rang
from idees.models.fiche import Fiche
from idees.models.fusion import Fusion, SoutienPorte, SuiviPorte
from idees.models.idee import Idee, Soutien
from idees.models.importation import (
    Correspondance,
    Importation,
    LigneRefusee,
    ProvenanceCommentaire,
    ProvenanceIdee,
)
from idees.models.photo import Photo
from idees.models.versions import Relecture, Version

__all__ = [
    "Boite",
    "CoAutrice",
    "Correspondance",
    "Depot",
    "Exposition",
    "Fiche",
    "Fusion",
    "GroupeDeTravail",
    "Idee",
    "IdeeDeCommunaute",
    "Importation",
    "Lettre",
    "LigneRefusee",
    "Photo",
    "ProvenanceCommentaire",
    "ProvenanceIdee",
    "Rang",
    "Relecture",
    "Soutien",
    "SoutienPorte",
    "SuiviPorte",
    "Version",
]
