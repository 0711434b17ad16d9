"""The live refresh of a draft of a closed community: for its members."""

import pytest
from asgiref.sync import sync_to_async

from tests.communautes.ecrits import reecrire
from tests.communautes.test_ecrits_portes import A, personne_de, scene
from tests.timeline.test_temps_reel import _couche_neuve  # noqa: F401 (a fixture)
from tests.timeline.test_temps_reel import ouvrir as ouvrir_prise


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["membre", "visiteur", "voisin", "exclue", "agent", "ailleurs"])
async def test_le_temps_reel_n_est_qu_aux_membres(role):
    ebauche, membre, _commentaire = await sync_to_async(scene)(A.SUR_DEMANDE)
    communaute = await sync_to_async(lambda: ebauche.communaute)()
    personne = membre if role == "membre" else await sync_to_async(personne_de)(role, communaute)
    acceptee, prise = await ouvrir_prise(f"/ws/flux/communautes.ebauche/{ebauche.pk}/", personne)
    assert acceptee == (role == "membre")
    if acceptee:
        await sync_to_async(reecrire)(ebauche, texte="Un texte secret, une fois de plus.")
        assert await prise.receive_json_from(timeout=10) == {"type": "entree"}
    await prise.disconnect()
