from communautes.models.adhesion import Adhesion, Appel
from communautes.models.communaute import Communaute, CommunauteQuerySet
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.models.documents import DocumentPartage, VersionDocument
from communautes.models.ebauche import Ebauche, Signature, VersionEbauche
from communautes.models.forum import Sujet, VersionDeSujet
from communautes.models.question import Question, QuestionQuerySet, SoutienQuestion
from communautes.models.sondage import Option, Sondage, Voix

__all__ = [
    "Adhesion",
    "Appel",
    "Communaute",
    "CommunauteQuerySet",
    "DansUneCommunaute",
    "DansUneCommunauteQuerySet",
    "DocumentPartage",
    "Option",
    "Sondage",
    "Sujet",
    "VersionDeSujet",
    "VersionDocument",
    "Voix",
    "Ebauche",
    "Signature",
    "VersionEbauche",
    "Question",
    "QuestionQuerySet",
    "SoutienQuestion",
]
