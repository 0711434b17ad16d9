import pytest
from django.core.management import call_command

from territoires.models import Territoire


@pytest.fixture
def nantes(db) -> dict[str, Territoire]:
    """The shipped territories, by code."""
    if not Territoire.objects.exists():  # unless the file has loaded them for all its tests
        call_command("charger_territoires", verbosity=0)
    return Territoire.objects.in_bulk(field_name="code")


@pytest.fixture(scope="module")
def territoires_du_fichier(pour_le_module):
    """Loaded once for all the tests of a file: `pytestmark = pytest.mark.usefixtures("territoires_du_fichier")`."""
    pour_le_module(lambda: call_command("charger_territoires", verbosity=0))
