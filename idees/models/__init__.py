"""What people bring: boxes, ideas, supports. One file a thing."""

from idees.models.boite import Boite
from idees.models.fiche import Fiche
from idees.models.idee import Idee, Soutien
from idees.models.photo import Photo

__all__ = ["Boite", "Fiche", "Idee", "Photo", "Soutien"]
