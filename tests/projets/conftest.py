import pytest
from django.contrib.auth.models import AnonymousUser

from socle.permissions import SYSTEME
from tests.fabriques import PersonneFabrique, ProjetFabrique


@pytest.fixture
def referente(db):
    """Référente of one projet only, and of no other role."""
    return PersonneFabrique(pseudonyme="Rita Référente")


@pytest.fixture
def autre_referente(db):
    personne = PersonneFabrique(pseudonyme="Olga Autre")
    ProjetFabrique(referente=personne, annonce=False)
    return personne


@pytest.fixture
def roles(referente, autre_referente, citoyenne, agent, moderatrice, elue, administratrice):
    """Everybody who may press on something, by the part they play."""
    return {
        "visiteur": AnonymousUser(),
        "citoyenne": citoyenne,
        "agent": agent,
        "referente": referente,
        "autre_referente": autre_referente,
        "moderatrice": moderatrice,
        "elue": elue,
        "administratrice": administratrice,
        "systeme": SYSTEME,
    }
