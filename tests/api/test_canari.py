"""Nobody's address, commune or secret is in any answer of the API, for anybody, errors included."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.api.conftest import CANARI, ROLES
from tests.api.tableau_des_acces import CORPS
from tests.api.test_acces import demander, lignes, remplir

pytestmark = pytest.mark.django_db


def test_aucun_canari_ne_chante(monde, api, adresse):
    """Everything that the table asks, as every role. The commune of people is a place of the list of places, no more."""
    secrets = [CANARI, monde.autrice.password, str(monde.autrice.reference), str(monde.elue.reference), "127.0.0.1"]
    clients = {role: api(getattr(monde, role, None)) for role in ROLES}
    fuites = []
    for methode, chemin, nom_du_corps, _attendues in lignes():
        if chemin.startswith("territoires/"):
            continue
        corps = remplir(CORPS[nom_du_corps], monde) if nom_du_corps != "-" else None
        cache.clear()
        for role, client in clients.items():
            with transaction.atomic():
                texte = demander(client, methode, adresse(chemin), corps).content.decode()
                transaction.set_rollback(True)
            fuites += [(role, methode, chemin, secret) for secret in secrets if secret in texte]
    assert fuites == []


def test_le_canari_est_bien_la(monde):
    """Otherwise the test above proves nothing."""
    assert all(CANARI in getattr(monde, role).email for role in ROLES if role != "anonyme")
    assert CANARI in monde.boite.service.courriel
    assert CANARI in monde.logis.slug


def test_rien_de_ce_qu_une_personne_cache_n_a_de_champ(api):
    from api.pages import description

    interdits = {
        "email",
        "courriel",
        "commune",
        "annee_naissance",
        "roles",
        "password",
        "reference",
        "is_staff",
        "adresse_ip",
        "langue",
    }
    lus = {nom: set(schema.get("properties", {})) for nom, schema in description()["components"]["schemas"].items()}
    assert {nom: champs & interdits for nom, champs in lus.items() if champs & interdits} == {}
