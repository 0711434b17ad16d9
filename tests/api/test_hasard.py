"""Random requests made from the description: nothing breaks, and every answer is one that is described.

schemathesis draws them, always the same ones, and each is sent as nobody, as a citizen and as an administrator: to draw
costs more than to answer.
"""

import contextlib
import json
from collections import Counter

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
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

#: Requests of each operation, for each role. The second database answers in the same way: the first of them show it.
EXEMPLES = 12 if connection.vendor == "sqlite" else 5
ROLES = ("anonyme", "autrice", "administratrice")
VERIFICATIONS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
OPERATIONS = sorted(
    (chemin, methode)
    for chemin, methodes in description()["paths"].items()
    for methode in methodes
    if methode in METHODES
)


#: Drawn numbers nearly always lead nowhere: these stand in their place.
CONNUS = {
    "idees": ("id", ["publiee", "en_etude", "retenue", "a_moderer", "brouillon"]),
    "commentaires": ("id", ["commentaire", "commentaire_masque"]),
    "reponses": ("id", ["reponse", "reponse_brouillon"]),
    "notifications": ("id", ["notification"]),
    "projets": ("slug", ["projet", "preparation"]),
    "consultations": ("slug", ["consultation", "consultation_close", "consultation_preparee"]),
    "communautes": ("slug", ["communaute_publique", "communaute_sur_demande", "communaute_cachee"]),
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
    """Requests that follow the description, and requests that do not; half of them name things that exist."""
    modes = [GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if demande_quelque_chose(operation) else [])]
    tires = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])
    nom, objets = CONNUS.get(operation.path.split("/")[3], ("", []))
    if f"{{{nom}}}" not in operation.path:
        objets = []
    connus = [None, *(getattr(monde, objet) for objet in objets)]
    corps = {"boite": monde.boite.slug, "thematique": monde.thematique.pk, "service": monde.service.pk}
    return st.builds(_nommer, tires, st.just(nom), st.sampled_from(connus), st.sampled_from([{}, corps]))


def _nommer(un_cas, nom, objet, corps):
    if objet is not None:
        nomme = getattr(objet, "slug", None) or getattr(objet, "empreinte", None) or objet.pk
        un_cas.path_parameters = {**un_cas.path_parameters, nom: nomme}
    if isinstance(un_cas.body, dict):
        un_cas.body = {**un_cas.body, **{cle: valeur for cle, valeur in corps.items() if cle in un_cas.body}}
    return un_cas


def demande_quelque_chose(operation) -> bool:
    return bool(list(operation.iter_parameters())) or bool(operation.body)


def site_vu_par(client=None):
    """The site as a WSGI application, each request carrying what this person's browser sends along."""
    porte = {}
    if client is not None:
        porte["HTTP_X_CSRFTOKEN"] = client.get("/api/v1/moi/").json()["jeton"]
        porte["HTTP_COOKIE"] = "; ".join(f"{nom}={morceau.value}" for nom, morceau in client.cookies.items())
    site = WSGIHandler()
    return lambda environ, repondre: site({**environ, **porte}, repondre)


def sans_connexion(ecrite: dict) -> dict:
    """Without the cookie that it asks for: schemathesis would draw one, in place of the person's."""
    copie = json.loads(json.dumps(ecrite))
    del copie["components"]["securitySchemes"]
    for methodes in copie["paths"].values():
        for operation in methodes.values():
            operation.pop("security", None)
    return copie


def test_rien_ne_casse(monde, api):
    sites = {role: site_vu_par(None if role == "anonyme" else api(getattr(monde, role))) for role in ROLES}
    schema = schemathesis.openapi.from_dict(sans_connexion(description()))
    fautes, statuts = [], {role: Counter() for role in ROLES}
    with connexion_gardee():
        for chemin, methode in OPERATIONS:
            try:
                essayer(schema[chemin][methode.upper()], monde, sites, statuts)
            except (AssertionError, BaseExceptionGroup) as faute:
                fautes.append(f"{methode} {chemin} : {faute}"[:3000])
    assert fautes == [], "\n\n".join(fautes)
    for role, recus in statuts.items():
        # Otherwise the doors were tried, and never the rooms.
        assert recus[200] + recus[201] > sum(recus.values()) / 6, (role, recus)
        assert role == "anonyme" or recus[403] < sum(recus.values()) / 6, (role, recus)


def essayer(operation, monde, sites, statuts):
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
        for role, site in sites.items():
            with transaction.atomic():
                reponse = un_cas.call(app=site, base_url="http://testserver")
                transaction.set_rollback(True)
            statuts[role][reponse.status_code] += 1
            un_cas.validate_response(reponse, checks=VERIFICATIONS)

    envoyer()
