"""How often somebody without an account may write to us. Her address is never stored, only a fingerprint of it."""

import ipaddress
import logging

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.utils.crypto import salted_hmac

journal = logging.getLogger(__name__)

ENVOIS_MAX = 5
PERIODE = 3600  # seconds


def empreinte_de(request) -> str:
    """Of the network that this request comes from: one home, whatever its machine."""
    adresse = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    reseau = ipaddress.ip_network((adresse, 64 if adresse.version == 6 else 32), strict=False)
    return salted_hmac("moderation.cadence", str(reseau), algorithm="sha256").hexdigest()


def compter(request) -> bool:
    """Count one sending; False when this network has sent too many.

    A dead cache lets everything in: what is illegal must be reportable on a bad day too.
    """
    cle = f"cadence.signalement.{empreinte_de(request)}"
    try:
        cache.add(cle, 0, PERIODE)
        return cache.incr(cle) <= ENVOIS_MAX
    except ValueError:  # it expired in between
        return True
    except Exception:
        journal.warning("cache indisponible : les signalements ne sont plus comptés", exc_info=True)
        return True
