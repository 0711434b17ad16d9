"""What people bring: boxes, ideas, supports. One file a thing."""

from idees.models.boite import Boite
from idees.models.exposition import Exposition, Rang
from idees.models.idee import Idee, Soutien
from idees.models.photo import Photo

__all__ = ["Boite", "Exposition", "Idee", "Photo", "Rang", "Soutien"]
