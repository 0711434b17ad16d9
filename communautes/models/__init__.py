from communautes.models.adhesion import Adhesion, Appel
from communautes.models.communaute import Communaute, CommunauteQuerySet
from communautes.models.dedans import DansUneCommunaute, DansUneCommunauteQuerySet
from communautes.models.documents import DocumentPartage, VersionDocument
from communautes.models.ebauche import Ebauche, Signature, VersionEbauche
from communautes.models.forum import Sujet, VersionDeSujet
from communautes.models.panel import AvisDuPanel, CompteRendu, LienDeSynthese, Mandat, Panel, VersionDeCompteRendu
from communautes.models.question import Question, QuestionQuerySet, SoutienQuestion
from communautes.models.siege import Siege
from communautes.models.sondage import Option, Sondage, Voix
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
