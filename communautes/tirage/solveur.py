"""HiGHS, given arrays: the only file that knows the solver. Columns are kinds of people, rows are quotas."""

import ctypes
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import highspy
import numpy as np

Vecteur = np.ndarray[Any, np.dtype[np.float64]]
Entiers = np.ndarray[Any, np.dtype[np.int64]]

INFINI = highspy.kHighsInf
FAISABLE = 2  # kSolutionStatusFeasible


@cache
def _laisser_se_presenter() -> None:
    """The first solver of a process says its name and licence on the standard output, which belongs to whoever called us."""
    sys.stdout.flush()
    sortie, nulle_part = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nulle_part, 1)
        highspy.Highs()
        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(sortie, 1)
        os.close(sortie)
        os.close(nulle_part)


@dataclass
class Modele:
    """Minimise (or maximise) `cout` · x, `bas` ≤ x ≤ `haut`, `lignes_bas` ≤ A x ≤ `lignes_haut`; A row by row, (columns, values)."""

    cout: Vecteur
    bas: Vecteur
    haut: Vecteur
    lignes: Sequence[tuple[np.ndarray, np.ndarray]]
    lignes_bas: Vecteur
    lignes_haut: Vecteur
    maximiser: bool = False
    entier: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def resoudre(self, graine: int = 0) -> Vecteur | None:
        """The solution, None where there is none. One thread: the same seed gives the same solution on one machine.

        Raises RuntimeError when the solver gives up with nothing.
        """
        _laisser_se_presenter()
        solveur = highspy.Highs()
        reglages = {"output_flag": False, "threads": 1, "random_seed": graine, **self.options}
        for nom, valeur in reglages.items():
            solveur.setOptionValue(nom, valeur)
        solveur.passModel(self._en_lp())
        solveur.run()
        etat = solveur.getModelStatus()
        if etat in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        # Out of time with whole numbers that meet everything: they will do, they are only less good.
        trouve = etat == highspy.HighsModelStatus.kTimeLimit and solveur.getInfo().primal_solution_status == FAISABLE
        if etat != highspy.HighsModelStatus.kOptimal and not (trouve and self.entier):
            raise RuntimeError(f"Le solveur s'arrête sans réponse : {solveur.modelStatusToString(etat)}.")
        solution = np.array(solveur.getSolution().col_value)
        return np.rint(solution) if self.entier else solution

    def _en_lp(self) -> Any:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cout), len(self.lignes)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cout, self.bas, self.haut
        lp.row_lower_, lp.row_upper_ = self.lignes_bas, self.lignes_haut
        lp.sense_ = highspy.ObjSense.kMaximize if self.maximiser else highspy.ObjSense.kMinimize
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(colonnes) for colonnes, _ in self.lignes)])
        lp.a_matrix_.index_ = np.concatenate([colonnes for colonnes, _ in self.lignes]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([valeurs for _, valeurs in self.lignes]).astype(np.float64)
        if self.entier:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
        return lp
