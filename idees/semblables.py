"""What already exists: the ideas, and the answers, nearest to what somebody is writing.

Two looks at the same words. Trigrams of the title forgive typing mistakes; the words of the whole text, the rare ones weighing
more (idf), recognise an idea told otherwise. The engines bring a few hundred candidates, the distance is computed here, the same
on both databases. The figures behind each constant: docs/decisions/0006-recherche.md.
"""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from idees.models import Fiche, Idee
from idees.moteurs import les_plus_rares, moteur
from socle.mots import MOTS_MAX, racines, tetes, texte_nu, trigrammes

COMBIEN = 5
LARGEUR, LARGEUR_MAX = 150, 4_000  # candidates asked of each engine: at first, and at most
PART_DU_TITRE = 0.25  # of the resemblance that trigrams of the title decide; the words decide the rest
PART_DU_COSINUS = 0.75  # of the words: how alike both texts are; the rest is how much of the question the other covers
PART_D_UN_MOT = 0.01  # of the ideas, that a word is supposed to stand in when the question does not hold it
#: Beyond, two texts share small talk only (unrelated ideas of the real corpus stay above 0.84, rephrased ones below 0.8).
PROCHE = 0.82


@dataclass(frozen=True)
class Proche:
    """An idea and its distance: 0 the same words, 1 nothing in common."""

    idee: Idee
    distance: float

    @property
    def est_proche(self) -> bool:
        return self.distance <= PROCHE


def semblables(titre: str, texte: str, personne, sauf=None, combien=COMBIEN) -> list[Proche]:
    """The nearest ideas that everybody may read and this person too, with their distance. `sauf`: the idea being written."""
    visibles = Idee.objects.visibles_par(personne).publiees()
    return _les_plus_proches(Question(titre, texte, "tetes"), visibles, sauf, combien)


def deja_repondues(titre: str, texte: str, personne, sauf=None, combien=COMBIEN) -> list[Proche]:
    """The same among the ideas that have their official answer, whose words count with those of the idea."""
    visibles = Idee.objects.visibles_par(personne).publiees().filter(etat__in=Fiche.ETATS_REPONDUS)
    return _les_plus_proches(Question(titre, texte, "tetes_reponse"), visibles, sauf, combien)


def _les_plus_proches(question, visibles, sauf, combien) -> list[Proche]:
    if not question.mots:
        return []
    if sauf is not None and sauf.pk:
        visibles = visibles.exclude(pk=sauf.pk)
    distances = question.distances(visibles, combien)
    gardees = sorted(distances, key=lambda pk: (distances[pk], pk))[:combien]
    idees = visibles.select_related("boite__etape__projet").in_bulk(gardees)
    return [Proche(idees[pk], distances[pk]) for pk in gardees if pk in idees]


class Question:
    """What somebody is writing, compared with the cards of the ideas by one column of their words."""

    def __init__(self, titre: str, texte: str, colonne: str):
        self.titre = texte_nu(titre)
        self.colonne = colonne
        lus = tetes(racines(titre) + racines(texte))
        premiers = set(list(dict.fromkeys(lus))[:MOTS_MAX])
        self.mots = Counter(mot for mot in lus if mot in premiers)

    @cached_property
    def frequences(self) -> dict[str, int]:
        return moteur().frequences(self.colonne, sorted(self.mots))

    @cached_property
    def nb_fiches(self) -> int:
        return Fiche.objects.count()

    @cached_property
    def poids(self) -> dict[str, float]:
        return {mot: self._idf(self.frequences.get(mot, 0)) for mot in self.mots}

    @cached_property
    def trigrammes(self) -> frozenset[str]:
        return trigrammes(self.titre)

    def _idf(self, nombre: float) -> float:
        return math.log(1 + self.nb_fiches / (1 + nombre))

    def distances(self, visibles, combien) -> dict[int, float]:
        """{idea: distance} over the candidates that may be seen; asks for more while those that may not took their place."""
        largeur = LARGEUR
        while True:
            candidats = self._candidats(largeur)
            lues = visibles.filter(pk__in=candidats, fiche__isnull=False).order_by()
            fiches = list(lues.values_list("pk", "fiche__titre", f"fiche__{self.colonne}"))
            if len(fiches) >= combien or len(candidats) < largeur or largeur >= LARGEUR_MAX:
                return {pk: self.distance(titre, mots) for pk, titre, mots in fiches}
            largeur *= 5

    def _candidats(self, largeur: int) -> set[int]:
        """By the title among all ideas; by the words, which alone lead to the few that are answered."""
        par_le_titre = self.titre and self.colonne == "tetes"
        trouves = set(moteur().par_le_titre(self.titre, largeur)) if par_le_titre else set()
        if cles := les_plus_rares(self.frequences):
            trouves.update(moteur().par_les_mots(self.colonne, self.poids, cles, largeur))
        return trouves

    def distance(self, titre: str, mots: str) -> float:
        """Between 0 and 1, three decimals: enough to rank, and the same whatever the order of the sums."""
        leurs = trigrammes(titre)
        du_titre = len(self.trigrammes & leurs) / (len(self.trigrammes | leurs) or 1)
        ressemblance = PART_DU_TITRE * du_titre + (1 - PART_DU_TITRE) * self._par_les_mots(Counter(mots.split()))
        return round(max(0.0, 1 - ressemblance), 3)

    def _par_les_mots(self, leurs: Counter) -> float:
        communs = [mot for mot in self.mots if mot in leurs]
        if not communs:
            return 0.0
        ailleurs = self._idf(PART_D_UN_MOT * self.nb_fiches)
        leur_norme = math.hypot(*(self.poids.get(mot, ailleurs) * _force(n) for mot, n in leurs.items()))
        norme = math.hypot(*(self.poids[mot] * _force(n) for mot, n in self.mots.items()))
        ensemble = sum(self.poids[mot] ** 2 * _force(self.mots[mot]) * _force(leurs[mot]) for mot in communs)
        couvert = sum(self.poids[mot] for mot in communs) / sum(self.poids.values())
        return PART_DU_COSINUS * ensemble / (norme * leur_norme) + (1 - PART_DU_COSINUS) * couvert


def _force(n: int) -> float:
    """A word said ten times does not say ten times more."""
    return 1 + math.log(n)
