"""Open pages hear that something happens inside only where their reader may read the inside."""

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from communautes.models import Communaute
from tests.communautes.fabriques import adherer, ouvrir
from tests.fabriques import PersonneFabrique

pytestmark = pytest.mark.django_db(transaction=True)
A = Communaute.Acces


def ecoute(communaute, personne) -> bool:
    return Communaute.objects.ecoutables_par(personne).filter(pk=communaute.pk).exists()


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION])
def test_qui_entend(acces):
    communaute = ouvrir(acces)
    for personne in (AnonymousUser(), PersonneFabrique(), PersonneFabrique(roles=["agent", "moderatrice"])):
        assert ecoute(communaute, personne) is (acces == A.PUBLIQUE)
    assert ecoute(communaute, adherer(communaute))


@pytest.mark.parametrize(("acces", "ouvre"), [(A.PUBLIQUE, True), (A.SUR_DEMANDE, False)])
async def test_la_porte_du_direct(acces, ouvre):
    from asgiref.sync import sync_to_async

    from config.asgi import application

    communaute = await sync_to_async(ouvrir)(acces)
    client = WebsocketCommunicator(
        application,
        f"/ws/flux/communautes.communaute/{communaute.pk}/",
        headers=[(b"origin", b"http://testserver"), (b"host", b"testserver")],
    )
    connecte, _code = await client.connect()
    assert connecte is ouvre
    await client.disconnect()
