"""The flux says « this changed » to those who may see the thing, and to nobody else."""

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator

from config.asgi import application
from tests.fabriques import IdeeFabrique, PersonneFabrique
from timeline.consumers import BAVARDAGE_MAX
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db(transaction=True)
ICI = [(b"origin", b"http://testserver"), (b"host", b"testserver")]


@pytest.fixture(autouse=True)
def _couche_neuve():
    """A socket that a test before this one left open keeps a lock of its own event loop in the channel layer."""
    channel_layers.backends.clear()


async def ouvrir(chemin, personne=None, entetes=ICI):
    """(accepted?, socket) through the real routing; the person comes as the session would bring her."""
    prise = WebsocketCommunicator(application, chemin, headers=entetes)
    if personne is not None:
        client = await sync_to_async(_session)(personne)
        prise.scope["headers"] = [*entetes, (b"cookie", f"sessionid={client}".encode())]
    acceptee, _sous_protocole = await prise.connect(timeout=10)
    return acceptee, prise


def _session(personne) -> str:
    from django.test import Client

    client = Client()
    client.force_login(personne)
    return client.cookies["sessionid"].value


async def test_une_entree_publique_reveille_l_idee_et_la_chronologie():
    idee = await sync_to_async(IdeeFabrique)(etat="publiee")
    agent = await sync_to_async(PersonneFabrique)(roles=["agent"])
    prises = [(await ouvrir(chemin))[1] for chemin in (f"/ws/flux/idees.idee/{idee.pk}/", "/ws/flux/")]
    await sync_to_async(franchir)(idee.prendre, par=agent, service=await sync_to_async(lambda: idee.boite.service)())
    for prise in prises:
        assert await prise.receive_json_from(timeout=10) == {"type": "entree"}
        await prise.disconnect()


async def test_une_entree_interne_ne_reveille_pas_la_chronologie():
    idee = await sync_to_async(IdeeFabrique)()
    auteur = await sync_to_async(lambda: idee.auteur)()
    _ok, publique = await ouvrir("/ws/flux/")
    _ok, sienne = await ouvrir(f"/ws/flux/idees.idee/{idee.pk}/", auteur)
    await sync_to_async(franchir)(idee.soumettre, par=auteur)
    assert await sienne.receive_json_from(timeout=10) == {"type": "entree"}
    assert await publique.receive_nothing(timeout=0.5)
    await publique.disconnect()
    await sienne.disconnect()


@pytest.mark.parametrize("qui", ["visiteur", "voisin", "autrice"])
async def test_le_flux_d_un_brouillon_n_est_qu_a_elle(qui):
    idee = await sync_to_async(IdeeFabrique)()
    personne = {
        "visiteur": lambda: None,
        "voisin": lambda: PersonneFabrique(),
        "autrice": lambda: idee.auteur,
    }[qui]
    acceptee, prise = await ouvrir(f"/ws/flux/idees.idee/{idee.pk}/", await sync_to_async(personne)())
    assert acceptee == (qui == "autrice")
    await prise.disconnect()


@pytest.mark.parametrize("modele", ["comptes.utilisateur", "sessions.session", "rien.dutout", "notifications.courriel"])
async def test_on_n_ecoute_que_ce_qui_se_voit(modele):
    acceptee, prise = await ouvrir(f"/ws/flux/{modele}/1/")
    assert not acceptee
    await prise.disconnect()


async def test_un_droit_perdu_ferme_la_prise():
    idee = await sync_to_async(IdeeFabrique)(etat="a_moderer")
    moderatrice = await sync_to_async(PersonneFabrique)(roles=["moderatrice"])
    acceptee, prise = await ouvrir(f"/ws/flux/idees.idee/{idee.pk}/", moderatrice)
    assert acceptee
    await sync_to_async(moderatrice.roles_globaux.all().delete)()
    await sync_to_async(franchir)(idee.abandonner, par=await sync_to_async(lambda: idee.auteur)())
    sortie = await prise.receive_output(timeout=10)
    assert (sortie["type"], sortie["code"]) == ("websocket.close", 4404)


@pytest.mark.parametrize("origine", [b"https://ailleurs.example", b"null", None])
async def test_une_page_d_ailleurs_n_ecoute_pas(origine):
    entetes = [(b"host", b"testserver"), *([(b"origin", origine)] if origine else [])]
    acceptee, prise = await ouvrir("/ws/flux/", entetes=entetes)
    assert not acceptee
    await prise.disconnect()


async def test_une_prise_bavarde_est_fermee():
    _ok, prise = await ouvrir("/ws/flux/")
    for _ in range(BAVARDAGE_MAX + 1):
        await prise.send_to(text_data="bonjour")
    sortie = await prise.receive_output(timeout=10)
    assert (sortie["type"], sortie["code"]) == ("websocket.close", 4008)


def test_une_couche_morte_ne_fait_perdre_que_la_fraicheur(monkeypatch, caplog):
    from timeline import temps_reel

    class Morte:
        async def group_send(self, *args):
            raise ConnectionError

    monkeypatch.setattr(temps_reel, "get_channel_layer", Morte)
    idee = IdeeFabrique(etat="publiee")
    agent = PersonneFabrique(roles=["agent"])
    franchir(idee.prendre, par=agent, service=idee.boite.service)
    idee.refresh_from_db()
    assert idee.etat == "en_etude"
