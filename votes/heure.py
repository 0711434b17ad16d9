"""What time it is for a vote: the clock of the database, the same for every process and every machine.

The demonstration and the tests live in the past or in the future; they vote by the clock of the site instead.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import DateTimeField, Value
from django.db.models.functions import Now
from django.utils import timezone

_a_l_heure_du_site: ContextVar[bool] = ContextVar("a_l_heure_du_site", default=False)


def maintenant():
    """An expression: the instant at which the database reads the query."""
    if _a_l_heure_du_site.get():
        return Value(timezone.now(), output_field=DateTimeField())
    return Now()


@contextmanager
def a_l_heure_du_site() -> Iterator[None]:
    """Inside, votes go by `timezone.now()`: for whoever moves it."""
    jeton = _a_l_heure_du_site.set(True)
    try:
        yield
    finally:
        _a_l_heure_du_site.reset(jeton)
