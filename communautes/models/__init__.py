from communautes.models.adhesion import Adhesion, Appel
from communautes.models.communaute import Communaute, CommunauteQuerySet
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.models.ebauche import Ebauche, Signature, VersionEbauche

__all__ = [
    "Adhesion",
    "Appel",
    "Communaute",
    "CommunauteQuerySet",
    "DansUneCommunaute",
    "DansUneCommunauteQuerySet",
    "Ebauche",
    "Signature",
    "VersionEbauche",
]
