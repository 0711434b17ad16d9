"""What people say of things: comments, agreements, and what became of their words."""

from commentaires.models.commentaire import Accord, Commentaire, modeles_discutes, prend_position
from commentaires.models.distinction import Distinction
from commentaires.models.mention import Mention
from commentaires.models.version import VersionDeCommentaire

__all__ = [
    "Accord",
    "Commentaire",
    "Distinction",
    "Mention",
    "VersionDeCommentaire",
    "modeles_discutes",
    "prend_position",
]
