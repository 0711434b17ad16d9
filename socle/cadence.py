"""How often one network may do one thing. Its address is never stored, only a fingerprint of it."""

import ipaddress
import logging

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
