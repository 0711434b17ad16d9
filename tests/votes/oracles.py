"""Other people's counts, to compare ours with: `pabutools` and `pref_voting`, without the heavy things they import.

Both ask for solvers and drawing tools (requirements/oracles.in says why we refuse them) that the methods we call never
touch. `importer` lends an empty module for each while the library is imported, and takes it back: a method that did
use one would fail, it could not answer wrong.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

ABSENTS = (
    "gurobipy",
    "matplotlib",
    "matplotlib.pyplot",
    "nashpy",
    "numba",
    "ortools",
    "ortools.linear_solver",
    "pandas",
    "pulp",
    "scipy",
    "scipy.optimize",
)


class Doublure(ModuleType):
    """Stands where a module is missing: any name can be imported from it."""

    __path__: list[str] = []

    def __getattr__(self, nom: str) -> Any:
        if nom.startswith("__"):
            raise AttributeError(nom)
        return jit if nom == "jit" else NonInstalle(f"{self.__name__}.{nom}")


class NonInstalle:
    """A name of a module that is not here: it can be imported and mentioned, not used."""

    def __init__(self, nom: str):
        self.nom = nom

    def __call__(self, *args, **options):
        raise NotImplementedError(f"{self.nom} n'est pas installé : ce calcul n'est pas pour nos comparaisons.")


def jit(*fonctions, **_options):
    """numba's decorator without numba: the same function, interpreted."""
    return fonctions[0] if fonctions else lambda fonction: fonction


def importer(*modules: str) -> tuple[ModuleType, ...]:
    """Modules of the oracles, by their full names: `importer("pabutools.election", "pabutools.rules")`."""
    pretes = {nom: Doublure(nom) for nom in ABSENTS if nom not in sys.modules}
    sys.modules.update(pretes)
    try:
        return tuple(import_module(nom) for nom in modules)
    finally:
        for nom in pretes:
            del sys.modules[nom]
