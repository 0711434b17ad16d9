"""Open pages of a closed community: nobody listens to its inside who is not in, nor any longer once she is excluded."""

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers

from commentaires.actions import commenter
from communautes import actions
from communautes.models import Adhesion
from tests.communautes.fabriques_forum import voter
from tests.communautes.monde import Lieu, exclure
from tests.communautes.test_fuites_suites import FERMEES
from tests.fabriques import PersonneFabrique
from tests.timeline.test_temps_reel import ouvrir as ouvrir_la_prise


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acces", FERMEES)
async def test_la_prise_d_une_personne_exclue_se_ferme(acces):
    channel_layers.backends.clear()
    lieu = await sync_to_async(lambda: Lieu("prise", acces).peupler().remplir())()
    membre = lieu.gens["membre"]
    chemins = [
        f"/ws/flux/communautes.communaute/{lieu.communaute.pk}/",
        f"/ws/flux/communautes.sujet/{lieu.sujet.pk}/",
        f"/ws/flux/communautes.sondage/{lieu.sondage.pk}/",
        f"/ws/flux/communautes.ebauche/{lieu.ebauche.pk}/",
    ]
    ailleurs = await sync_to_async(PersonneFabrique)(roles=["agent", "moderatrice"])
    for chemin in chemins:
        for personne in (None, ailleurs, lieu.gens["exclue"], lieu.gens["partie"]):
            acceptee, prise = await ouvrir_la_prise(chemin, personne)
            assert not acceptee, chemin
            await prise.disconnect()
    prises = []
    for chemin in chemins[:3]:
        acceptee, prise = await ouvrir_la_prise(chemin, membre)
        assert acceptee, chemin
        prises.append(prise)
    await sync_to_async(exclure)(lieu, membre)
    await sync_to_async(_agir)(lieu)
    for prise in prises:
        sortie = await prise.receive_output(timeout=10)
        assert (sortie["type"], sortie.get("code")) == ("websocket.close", 4404)
        await prise.wait()  # until it has let go of the database too


def _agir(lieu):
    """Something happens to each thing that she listened to."""
    commenter(lieu.sujet, par=lieu.gens["experte"], texte="Encore un mot fictif.")
    voter(lieu.sondage, lieu.gens["experte"], 1)
    actions.franchir(lieu.sondage.clore, par=lieu.gens["animatrice"])
    assert lieu.communaute.adhesions.filter(personne=lieu.gens["membre"], etat=Adhesion.Etat.EXCLUE).exists()
