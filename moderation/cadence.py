"""How often somebody without an account may write to us."""

from socle import cadence

ENVOIS_MAX = 5
PERIODE = 3600  # seconds


def compter(request) -> bool:
    """Count one report; False when this network has sent too many."""
    return cadence.compter(request, "signalement", maximum=ENVOIS_MAX, periode=PERIODE)
