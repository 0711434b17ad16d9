"""What is looked at before the site opens, beside what the settings themselves refuse."""

from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from comptes.demonstration import comptes_ouverts


def defaut_de_la_base() -> str:
    """Why this database may not be served in this profile, as a sentence; empty when it may."""
    if settings.DEMONSTRATION:
        return ""
    try:
        ouverts = comptes_ouverts().count()
    except DatabaseError:  # no tables yet, or nobody answers: migrations and pages say so themselves
        return ""
    if not ouverts:
        return ""
    return (
        f"Cette base contient des comptes de la démonstration ({ouverts}), dont le mot de passe est public : le site "
        "n'ouvre pas. Partez d'une base vide, ou fermez ces comptes pour toujours : "
        "manage.py fermer_demonstration"
    )


@checks.register
def base_sans_demonstration(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    """Any `manage.py` command that checks the system says it."""
    return [checks.Error(phrase, id="estuaire.E001")] if (phrase := defaut_de_la_base()) else []


def exiger_une_base_saine() -> None:
    """Called by the web process as it starts, which runs no system check. Raises ImproperlyConfigured."""

    def demander() -> str:
        try:
            return defaut_de_la_base()
        finally:
            connection.close()

    if settings.DEMONSTRATION:
        return
    # In a thread of its own: some servers load the application inside their event loop, where a query is refused.
    with ThreadPoolExecutor(max_workers=1) as fil:
        if phrase := fil.submit(demander).result():
            raise ImproperlyConfigured(phrase)
