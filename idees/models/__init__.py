"""What people bring: boxes, ideas, supports. One file a thing."""

from idees.models.boite import Boite
from idees.models.depot import Depot, Lettre
from idees.models.idee import Idee, Soutien
from idees.models.photo import Photo

__all__ = ["Boite", "Depot", "Idee", "Lettre", "Photo", "Soutien"]
