"""The Sortition Foundation's own maximin, to compare ours with: `sortition-algorithms`, without the tools of spreadsheets that it imports."""

import logging
import sys
from types import ModuleType

from tests.votes.oracles import Doublure, NonInstalle

ABSENTS = (
    "gspread", "gspread.utils", "gspread.urls", "gspread.exceptions", "oauth2client", "oauth2client.service_account",
)  # fmt: skip


class Absent(NonInstalle):
    """A class of a package that is not here, named by an annotation."""

    def __getattr__(self, nom):
        return Absent(f"{self.nom}.{nom}")

    def __or__(self, autre):
        return self


class Tableur(Doublure):
    def __getattr__(self, nom):
        if nom.startswith("__"):
            raise AttributeError(nom)
        return Absent(f"{self.__name__}.{nom}")


def _importer() -> tuple[ModuleType, ModuleType, ModuleType, ModuleType]:
    pretes = {nom: Tableur(nom) for nom in ABSENTS if nom not in sys.modules}
    sys.modules.update(pretes)
    try:
        import sortition_algorithms.core as core
        import sortition_algorithms.features as features
        import sortition_algorithms.people as people
        import sortition_algorithms.utils as utils
    finally:
        for nom in pretes:
            del sys.modules[nom]
    return core, features, people, utils


core, features, people, utils = _importer()
logging.getLogger("sortition_algorithms").setLevel(logging.CRITICAL)


def _traduire(vivier, quotas):
    gens = people.People([])
    for personne in vivier.personnes:
        gens._full_data[personne.code] = dict(zip(vivier.criteres, personne.valeurs, strict=True))
    bornes = {
        critere: {
            valeur: features.FeatureValueMinMax(
                min=quota.minimum, max=quota.maximum, min_flex=0, max_flex=len(vivier.personnes)
            )
            for valeur, quota in classes.items()
        }
        for critere, classes in quotas.items()
    }
    return bornes, gens


def loterie(vivier, quotas, places, *, lots, graine=7):
    """That many panels of its maximin, each a set of codes. Raises its own errors."""
    utils.set_random_provider(graine)
    bornes, gens = _traduire(vivier, quotas)
    return core.find_random_sample(bornes, gens, places, [], selection_algorithm="maximin", number_selections=lots)[0]


def plus_petite_chance(vivier, quotas, places, graine=7):
    """The smallest chance that its maximin gives, before it makes lots of it, among those it can draw."""
    utils.set_random_provider(graine)
    bornes, gens = _traduire(vivier, quotas)
    panels, parts, _ = core.find_distribution_maximin(bornes, gens, places, [])
    chances = dict.fromkeys(gens, 0.0)
    for panel, part in zip(panels, parts, strict=True):
        for code in panel:
            chances[code] += part
    couvertes = {code for panel in panels for code in panel}
    return min(chances[code] for code in couvertes)
