"""What was already asked here: the questions nearest to what somebody is writing, in her community.

A community has tens of questions, not thousands: they are compared here, the same on both databases.
"""

from communautes.models import Question
from socle.mots import racines, texte_nu, trigrammes

LUES = 300  # the latest of a community
MONTREES = 3
#: Share of the words of the title that the other question has too; of its trigrams, for what is typed askew.
MOTS_COMMUNS, LETTRES_COMMUNES = 0.6, 0.5


def proches(communaute, titre: str, texte: str = "") -> list[Question]:
    """The nearest first, at most MONTREES; nothing for a title without a word that says something."""
    cherches, lettres = set(racines(titre)), trigrammes(texte_nu(titre))
    if not cherches:
        return []
    posees = Question.objects.publiees().filter(communaute=communaute).avec_communaute()
    notees = [
        (note, question)
        for question in posees.order_by("-publiee_le", "-pk")[:LUES]
        if (note := _note(question, cherches | set(racines(texte)), cherches, lettres))
    ]
    return [question for _note_, question in sorted(notees, key=lambda paire: (-paire[0], -paire[1].pk))[:MONTREES]]


def _note(question, dits, cherches, lettres) -> float:
    """Between 0 (another subject) and 1."""
    titre, tout = set(racines(question.titre)), set(racines(f"{question.titre} {question.texte}"))
    # One way or the other: a short question may be inside a long one.
    mots = max(len(cherches & tout) / len(cherches), len(titre & dits) / len(titre) if titre else 0)
    communes = min(len(cherches & tout), 2) == 2 or cherches == titre
    autres = trigrammes(texte_nu(question.titre))
    proche = len(lettres & autres) / len(lettres | autres) if lettres | autres else 0
    if (mots >= MOTS_COMMUNS and communes) or proche >= LETTRES_COMMUNES:
        return max(mots, proche)
    return 0
