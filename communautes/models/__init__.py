from communautes.models.adhesion import Adhesion, Appel
from communautes.models.communaute import Communaute, CommunauteQuerySet
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.models.panel import AvisDuPanel, CompteRendu, LienDeSynthese, Mandat, Panel, VersionDeCompteRendu
from communautes.models.siege import Siege
from communautes.models.tirage import Calcul, Candidate, Coordonnees, FichierDeTirage, FichierRecu, Quota, Tirage

__all__ = [
    "Adhesion",
    "Appel",
    "AvisDuPanel",
    "Calcul",
    "Candidate",
    "Communaute",
    "CommunauteQuerySet",
    "CompteRendu",
    "Coordonnees",
    "DansUneCommunaute",
    "DansUneCommunauteQuerySet",
    "FichierDeTirage",
    "FichierRecu",
    "LienDeSynthese",
    "Mandat",
    "Panel",
    "Quota",
    "Siege",
    "Tirage",
    "VersionDeCompteRendu",
]
