"""Addresses that leave the site: always those of the setting, never those that a request claims."""

from django.conf import settings


def absolue(chemin: str) -> str:
    return f"{settings.ADRESSE.rstrip('/')}{chemin}"
