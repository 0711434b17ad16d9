"""The live refresh of a thread and of what is around it: for those who are in."""

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers

from tests.communautes.fabriques_forum import une_reponse
from tests.communautes.test_forum_portes import Scene
from tests.timeline.test_temps_reel import ouvrir as ouvrir_la_prise


@pytest.mark.django_db(transaction=True)
async def test_le_flux_d_un_sujet_est_pour_celles_qui_sont_dedans():
    channel_layers.backends.clear()
    scene = await sync_to_async(Scene)()
    chemins = [
        f"/ws/flux/communautes.sujet/{scene.sujet.pk}/", f"/ws/flux/communautes.sondage/{scene.sondage.pk}/",
        f"/ws/flux/communautes.documentpartage/{scene.texte.document_id}/",
        f"/ws/flux/commentaires.commentaire/{scene.reponse.pk}/",
    ]  # fmt: skip
    for role in ("visiteur", "citoyenne", "exclue", "moderatrice"):
        etrangere = await sync_to_async(scene.etrangere)(role)
        for chemin in chemins:
            acceptee, prise = await ouvrir_la_prise(chemin, etrangere if etrangere.pk else None)
            assert not acceptee, (role, chemin)
            await prise.disconnect()
    acceptee, prise = await ouvrir_la_prise(chemins[0], scene.membre)
    assert acceptee
    await sync_to_async(une_reponse)(scene.sujet)
    assert await prise.receive_json_from(timeout=10) == {"type": "entree"}
    await prise.disconnect()
