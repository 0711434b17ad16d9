import pytest
from django.core.management import call_command

from territoires.models import Territoire


@pytest.fixture
def nantes(db) -> dict[str, Territoire]:
    """The shipped territories, by code."""
    call_command("charger_territoires", verbosity=0)
    return Territoire.objects.in_bulk(field_name="code")
