import pytest
from django.test import Client

from config import settings as reglages


@pytest.fixture
def limites(settings):
    """The rate limits of the site, which the suite otherwise lifts."""
    settings.ACCOUNT_RATE_LIMITS = reglages.ACCOUNT_RATE_LIMITS


@pytest.fixture
def autre_navigateur():
    return Client()
