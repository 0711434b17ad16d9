"""What people bring: boxes, ideas, supports. One file a thing."""

from idees.models.boite import Boite
from idees.models.fusion import Fusion, SoutienPorte, SuiviPorte
from idees.models.idee import Idee, Soutien
from idees.models.photo import Photo

__all__ = ["Boite", "Fusion", "Idee", "Photo", "Soutien", "SoutienPorte", "SuiviPorte"]
