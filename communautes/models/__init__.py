from communautes.models.adhesion import Adhesion, Appel
from communautes.models.communaute import Communaute, CommunauteQuerySet
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.models.question import Question, QuestionQuerySet, SoutienQuestion

__all__ = [
    "Adhesion",
    "Appel",
    "Communaute",
    "CommunauteQuerySet",
    "DansUneCommunaute",
    "DansUneCommunauteQuerySet",
    "Question",
    "QuestionQuerySet",
    "SoutienQuestion",
]
