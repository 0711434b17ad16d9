"""Answers signed before their mandate was a key: the migration finds it, or writes again the one that was taken off."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from comptes.models import Mandat
from reponses.models import Reponse
from tests.fabriques import IdeeFabrique, publier_reponse
from tests.reponses.conftest import amener_reponse, dans

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def revenir():
    """As it was before; at the end, as it is now, whatever the test did."""

    def faire():
        MigrationExecutor(connection).migrate([("reponses", "0083_mandat")])

    yield faire
    avancer()


def avancer():
    executeur = MigrationExecutor(connection)
    executeur.migrate(executeur.loader.graph.leaf_nodes())


def test_chaque_reponse_signee_retrouve_son_mandat(revenir, brouillon, agent, elue, autre_elue):
    en_cours = elue.mandats.get()
    # Two mandates with the same words: that of the day counts.
    elue.mandats.create(
        nom_officiel=en_cours.nom_officiel, intitule=en_cours.intitule, debut=dans(-9000), fin=dans(-8000)
    )
    signee = amener_reponse(brouillon, "signee", agent=agent, elue=elue)
    orpheline = publier_reponse(IdeeFabrique(etat="en_etude"), agent=agent, elue=autre_elue)
    sceaux = {r.pk: Reponse.objects.get(pk=r.pk).sceau() for r in (signee, orpheline)}
    revenir()
    Reponse._base_manager.update(mandat=None)
    Mandat.objects.filter(personne=autre_elue).update(
        intitule="Une autre fonction", debut=timezone.localdate() - timedelta(days=3)
    )
    avancer()
    assert Reponse.objects.get(pk=signee.pk).mandat == en_cours
    refait = Reponse.objects.get(pk=orpheline.pk)
    assert (refait.mandat.personne, refait.mandat.intitule) == (autre_elue, refait.signataire_mandat)
    assert refait.mandat.debut == refait.mandat.fin == timezone.localdate(refait.signee_le)
    assert {r.pk: r.sceau() for r in Reponse.objects.all()} == sceaux
