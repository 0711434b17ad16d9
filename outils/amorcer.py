"""Database up to date and demonstration loaded, in one process: Django starts once. Runs inside .venv.

Prints what `charger_demonstration` prints (its accounts), for the caller to show at the right moment.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command


def amorcer() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if settings.DEMONSTRATION:
        call_command("charger_demonstration")


if __name__ == "__main__":
    amorcer()
