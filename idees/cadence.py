"""How often a secret may be tried, and ideas brought, without an account.

Counted in the house's cache, which every process shares: `incr` is atomic, so two hundred tries at once pass no more than
five. The network is known by its fingerprint, behind as many proxies as the site trusts (`ESTUAIRE_MANDATAIRES`).
"""

import logging
import math
import time
from dataclasses import dataclass

from django.core.cache import cache

journal = logging.getLogger(__name__)


class CacheIndisponible(Exception):
    """Nothing can be counted now."""


@dataclass(frozen=True)
class Limite:
    """`maximum` counted tries, then a pause of `periode` seconds after the last one: no window holds more."""

    nom: str
    maximum: int
    periode: int

    def compter(self, cle) -> int:
        """Count one try; the seconds to wait when it is one too many, else 0. Raises CacheIndisponible."""
        nom = self._nom(cle)
        try:
            cache.add(nom, 0, self.periode)
            if self._incrementer(nom) <= self.maximum:
                cache.touch(nom, self.periode)
                cache.set(f"{nom}.fin", time.time() + self.periode, self.periode)
                return 0
            fin = cache.get(f"{nom}.fin")
        except Exception as panne:
            journal.warning("cache indisponible : « %s » n'est plus compté", self.nom, exc_info=True)
            raise CacheIndisponible from panne
        return max(1, math.ceil(fin - time.time())) if fin else self.periode

    def rendre(self, cle) -> None:
        """A try that was right does not count."""
        try:
            cache.decr(self._nom(cle))
        except Exception:
            journal.debug("« %s » : un essai n'a pas pu être rendu", self.nom, exc_info=True)

    def _nom(self, cle) -> str:
        return f"cadence.{self.nom}.{cle}"

    def _incrementer(self, nom) -> int:
        try:
            return cache.incr(nom)
        except ValueError:  # it expired in between
            cache.add(nom, 0, self.periode)
            return cache.incr(nom)


#: Twenty ideas from one network (a library, a workshop on tablets) without an hour's pause.
DEPOTS = Limite("idees.depots", 20, 3600)
ESSAIS_PAR_NUMERO = Limite("idees.secret.numero", 5, 15 * 60)
ESSAIS_PAR_RESEAU = Limite("idees.secret.reseau", 5, 15 * 60)
