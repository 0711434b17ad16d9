"""Random requests made from the description: nothing breaks, and every answer is one that is described.

schemathesis draws them, always the same ones. As nobody, as a citizen and as an administrator.
"""

import contextlib
import json
from collections import Counter

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.cadence import Anonymes, Ecritures, Personnes
from api.pages import METHODES, description

pytestmark = pytest.mark.django_db

EXEMPLES = 15
VERIFICATIONS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
OPERATIONS = sorted(
    (chemin, methode)
    for chemin, methodes in description()["paths"].items()
    for methode in methodes
    if methode in METHODES
)


#: Paths whose numbers are drawn would nearly always lead nowhere: half of the time they name something of the world.
CONNUS = {
    "idees": ("id", ["publiee", "en_etude", "retenue", "a_moderer", "brouillon"]),
    "commentaires": ("id", ["commentaire", "commentaire_masque"]),
    "reponses": ("id", ["reponse", "reponse_brouillon"]),
    "notifications": ("id", ["notification"]),
    "projets": ("slug", ["projet", "preparation"]),
    "boites": ("slug", ["boite", "appel"]),
    "territoires": ("slug", ["territoire"]),
    "journal": ("empreinte", ["entree", "entree_scellee"]),
}


@pytest.fixture(autouse=True)
def _sans_frein(monkeypatch):
    for classe in (Anonymes, Personnes, Ecritures):
        monkeypatch.setattr(classe, "allow_request", lambda *args: True)


@contextlib.contextmanager
def connexion_gardee():
    """As Django's own client does: a request of the test must not close the connection that the test is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def cas(operation, monde):
    """Requests that follow the description, and requests that do not."""
    modes = (
        [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
        if demande_quelque_chose(operation)
        else [GenerationMode.POSITIVE]
    )
    famille = operation.path.split("/")[3]
    nom, objets = CONNUS.get(famille, ("", []))
    valeurs = [getattr(monde, objet) for objet in objets]
    connus = [getattr(o, "slug", None) or getattr(o, "empreinte", None) or o.pk for o in valeurs]
    tires = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])
    if f"{{{nom}}}" not in operation.path:
        return tires
    return st.builds(_nommer, tires, st.just(nom), st.one_of(st.none(), st.sampled_from(connus)))


def _nommer(un_cas, nom, connu):
    if connu is not None:
        un_cas.path_parameters = {**un_cas.path_parameters, nom: connu}
    return un_cas


def demande_quelque_chose(operation) -> bool:
    return bool(list(operation.iter_parameters())) or bool(operation.body)


def identite(client) -> dict:
    """What the browser of this person sends along."""
    jeton = client.get("/api/v1/moi/").json()["jeton"]
    return {"headers": {"X-CSRFToken": jeton}, "cookies": {nom: m.value for nom, m in client.cookies.items()}}


def sans_connexion(ecrite: dict) -> dict:
    """Without the cookie that it asks for: schemathesis would draw one, in place of the person's."""
    copie = json.loads(json.dumps(ecrite))
    del copie["components"]["securitySchemes"]
    for methodes in copie["paths"].values():
        for operation in methodes.values():
            operation.pop("security", None)
    return copie


@pytest.mark.parametrize("role", ["anonyme", "autrice", "administratrice"])
def test_rien_ne_casse(role, monde, api):
    qui = {} if role == "anonyme" else identite(api(getattr(monde, role)))
    schema = schemathesis.openapi.from_dict(sans_connexion(description()))
    fautes, statuts = [], Counter()
    with connexion_gardee():
        for chemin, methode in OPERATIONS:
            try:
                essayer(schema[chemin][methode.upper()], monde, qui, statuts)
            except (AssertionError, BaseExceptionGroup) as faute:
                fautes.append(f"{methode} {chemin} : {faute}"[:3000])
    assert fautes == [], "\n\n".join(fautes)
    # Otherwise the doors were tried, and never the rooms.
    assert statuts[200] + statuts[201] > sum(statuts.values()) / 4, statuts


def essayer(operation, monde, qui, statuts):
    """A few requests of one operation, each taken back."""

    @settings(
        max_examples=EXEMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @seed(2026)
    @given(cas(operation, monde))
    def envoyer(un_cas):
        with transaction.atomic():
            reponse = un_cas.call(app=WSGIHandler(), base_url="http://testserver", **qui)
            transaction.set_rollback(True)
        statuts[reponse.status_code] += 1
        un_cas.validate_response(reponse, checks=VERIFICATIONS)

    envoyer()
