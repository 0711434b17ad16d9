"""How often one network may do one thing. Its address is never stored, only a fingerprint of it.

Counted in the house's cache, which every process shares: `incr` is atomic, so two hundred tries at once pass no more than
five. The network is known behind as many proxies as the site trusts (`ESTUAIRE_MANDATAIRES`).
"""

import ipaddress
import logging
import math
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac

journal = logging.getLogger(__name__)


def empreinte_de(request) -> str:
    """Of the network that this request comes from: one home, whatever its machine."""
    adresse = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    reseau = ipaddress.ip_network((adresse, 64 if adresse.version == 6 else 32), strict=False)
    return salted_hmac("socle.cadence", str(reseau), algorithm="sha256").hexdigest()


def compter(request, quoi: str, *, maximum: int, periode: int) -> bool:
    """Count one `quoi`; False when this network has done it more than `maximum` times in `periode` seconds.

    A dead cache lets everything in: nobody must be kept out because the house has a bad day.
    """
    cle = f"cadence.{quoi}.{empreinte_de(request)}"
    try:
        cache.add(cle, 0, periode)
        return cache.incr(cle) <= maximum
    except ValueError:  # it expired in between
        return True
    except Exception:
        journal.warning("cache indisponible : « %s » n’est plus compté", quoi, exc_info=True)
        return True


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
