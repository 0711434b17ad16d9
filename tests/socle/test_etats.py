"""The machines listen to their own models, not to the thousands of classes of the migrations."""

import gc

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import class_prepared  # noqa: TID251 - to count who listens

from idees.models import Idee
from timeline.etapes import transitions_de

pytestmark = pytest.mark.sans_base


def test_un_modele_passe_n_ecoute_pas_les_classes_qui_naissent():
    gc.collect()  # what other tests left
    avant = len(class_prepared._live_receivers(None)[0])
    passe = MigrationLoader(None).project_state().apps.get_model("idees", "idee")
    assert passe._meta.get_field("etat").protected
    assert len(class_prepared._live_receivers(None)[0]) == avant
    assert "publier" in transitions_de(Idee)
