"""The opinion of a service, before publication: what the open sockets say of it."""

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from config.asgi import application
from reponses.actions import rendre_avis
from tests.fabriques import IdeeFabrique, PersonneFabrique, ServiceFabrique, rediger_reponse
from timeline.etapes import franchir

SECRET = "Unavissecret"


@pytest.mark.django_db(transaction=True)
async def test_aucune_prise_ne_le_porte():
    """Through the real routing: the flux of the dossier is shut outside, and the open ones say nothing when it is given."""
    gens, cible, avis = await sync_to_async(_scene)()
    prises = {
        "idée": (f"/ws/flux/idees.idee/{cible.pk}/", "citoyenne"),
        "chronologie": ("/ws/flux/", "visiteur"),
        "dossier": (f"/ws/flux/reponses.reponse/{avis.reponse_id}/", "agent"),
    }
    ouvertes = {}
    for nom, (adresse, qui) in prises.items():
        ouvertes[nom] = await _ouvrir(adresse, gens[qui])
        assert (await ouvertes[nom].connect())[0], nom
    for qui in ("visiteur", "citoyenne", "elue", "moderatrice"):
        for chose in (f"reponses.reponse/{avis.reponse_id}", f"reponses.avis/{avis.pk}"):
            prise = await _ouvrir(f"/ws/flux/{chose}/", gens[qui])
            assert await prise.connect() == (False, 4404), (qui, chose)
    await sync_to_async(rendre_avis)(avis, par=gens["agent_"], texte=f"{SECRET} : favorable.")
    assert await ouvertes["dossier"].receive_json_from() == {"type": "entree"}
    for nom in ("idée", "chronologie"):
        assert await ouvertes[nom].receive_nothing(), nom
    for prise in ouvertes.values():
        await prise.disconnect()


def _scene():
    personnes = {
        "citoyenne": PersonneFabrique(),
        "agent": PersonneFabrique(roles=["agent"]),
        "elue": PersonneFabrique(roles=["elue"]),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
    }
    idee = IdeeFabrique(etat="en_etude")
    reponse = rediger_reponse(idee, agent=personnes["agent"])
    franchir(
        reponse.consulter, par=personnes["agent"], services=[ServiceFabrique()], attendu_le=reponse.premiere_etape_le
    )
    cookies = {"visiteur": ""}
    for nom, personne in personnes.items():
        client = Client()
        client.force_login(personne)
        cookies[nom] = f"sessionid={client.cookies['sessionid'].value}"
    return {**cookies, "agent_": personnes["agent"]}, idee, reponse.avis.get()


async def _ouvrir(adresse, cookie):
    entetes = [(b"cookie", cookie.encode()), (b"origin", b"http://localhost"), (b"host", b"localhost")]
    return WebsocketCommunicator(application, adresse, headers=entetes)
