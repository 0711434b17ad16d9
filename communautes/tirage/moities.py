"""From seats over a thousand lots to a thousand panels: cut in two, and again, every quota met in each half.

Whole totals over m lots are parted between m/2 and m/2 lots, each kind as equally as whole numbers allow and each half within its quotas,
down to single panels. Nothing is rounded on the way: the panels add up to the totals, so chances are those that were chosen. That this is
always possible is true of two criteria (integer decomposition, Baum and Trotter 1977), not of any; where a cut does not exist, the lots of that half are
made one by one, each the panel that comes closest to what is still owed, and chances move by some thousandths. They are counted afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from communautes.tirage.probleme import Probleme, en_flottants, lignes_de
from communautes.tirage.solveur import Entiers, Modele, Vecteur

#: Called with (lots made, lots in all); what it raises stops everything.
Avancer = Callable[[int, int], None]

FEUILLE = 4  # lots of a piece small enough to be cut again when it went wrong
ESSAIS = 8
PREMIERE_TROUVEE = {"mip_rel_gap": 1e9, "time_limit": 20.0}
ASSEZ_PROCHE = {"mip_rel_gap": 0.02, "time_limit": 20.0}


@dataclass
class Decoupe:
    """`panels`: people by kind, one vector a lot. `approches`: lots that no exact cut gave."""

    probleme: Probleme
    hasard: np.random.Generator
    lots: int
    avancer: Avancer
    panels: list[Entiers] = field(default_factory=list)
    approches: int = 0

    def couper(self, totaux: Entiers, lots: int) -> None:
        """Part these totals between that many lots."""
        if lots <= FEUILLE:
            panels = self._essayer(totaux, lots)
            if panels is None:
                self.approcher(en_flottants(totaux), lots)
            else:
                for panel in panels:
                    self._garder(panel)
            return
        gauche = lots // 2
        part = self._moitie(totaux, gauche, lots - gauche)
        if part is None:
            self.approcher(en_flottants(totaux), lots)
            return
        self.couper(part, gauche)
        self.couper(totaux - part, lots - gauche)

    def _essayer(self, totaux: Entiers, lots: int) -> list[Entiers] | None:
        """The panels of a few lots. A cut whose halves cannot be cut is made otherwise, some times; None when none would do."""
        if lots == 1:
            return [totaux]
        gauche = lots // 2
        for _essai in range(ESSAIS):
            part = self._moitie(totaux, gauche, lots - gauche)
            if part is None:
                return None
            premiers = self._essayer(part, gauche)
            seconds = None if premiers is None else self._essayer(totaux - part, lots - gauche)
            if premiers is not None and seconds is not None:
                return premiers + seconds
        return None

    def _moitie(self, totaux: Entiers, gauche: int, droite: int) -> Entiers | None:
        """The share of the left half; None where the solver finds none."""
        probleme = self.probleme
        # Only those with a seat; in an order drawn each time, so that the file decides nothing.
        presents = self.hasard.permutation(np.flatnonzero(totaux))
        ici, effectifs = totaux[presents], probleme.effectifs[presents]
        membres = probleme.membres[:, presents]
        sommes = membres @ ici
        modele = Modele(
            cout=np.zeros(len(presents)),
            bas=en_flottants(np.maximum(ici - droite * effectifs, ici * gauche // (gauche + droite))),
            haut=en_flottants(np.minimum(gauche * effectifs, -(-ici * gauche // (gauche + droite)))),
            lignes=lignes_de(membres),
            lignes_bas=en_flottants(np.maximum(gauche * probleme.minimums, sommes - droite * probleme.maximums)),
            lignes_haut=en_flottants(np.minimum(gauche * probleme.maximums, sommes - droite * probleme.minimums)),
            entier=True,
            options=PREMIERE_TROUVEE,
        )
        try:
            solution = modele.resoudre(int(self.hasard.integers(2**31)))
        except RuntimeError:  # too long: as if there were none
            return None
        if solution is None:
            return None
        part = np.zeros_like(totaux)
        part[presents] = solution.astype(np.int64)
        return part

    def approcher(self, cible: Vecteur, lots: int) -> None:
        """That many panels, one by one, each the most owed of those that meet the quotas."""
        probleme = self.probleme
        faits = np.zeros(len(cible))
        for rang in range(1, lots + 1):
            du = cible * rang / lots - faits
            solution = Modele(
                cout=du / np.maximum(np.abs(du).max(), 1e-9) + self.hasard.uniform(0, 1e-3, len(cible)),
                bas=np.zeros(len(cible)),
                haut=en_flottants(probleme.effectifs),
                lignes=probleme.lignes,
                lignes_bas=en_flottants(probleme.minimums),
                lignes_haut=en_flottants(probleme.maximums),
                maximiser=True,
                entier=True,
                options=ASSEZ_PROCHE,
            ).resoudre(int(self.hasard.integers(2**31)))
            assert solution is not None  # there is one: a panel was found before
            panel = solution.astype(np.int64)
            faits += panel
            self.approches += 1
            self._garder(panel)

    def _garder(self, panel: Entiers) -> None:
        assert self.probleme.tient(panel)
        self.panels.append(panel)
        self.avancer(len(self.panels), self.lots)
