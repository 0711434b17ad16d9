"""The written table of who gets what, tried whole; an address of the API without a line fails."""

import json

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, resolve

from api import urls
from api.pages import description
from tests.api.conftest import CANARI, ROLES
from tests.api.tableau_des_acces import CORPS, TABLEAU

pytestmark = pytest.mark.django_db

#: Methods that some view of ours answers; the others are refused everywhere (405), which the table shows on examples.
METHODES = ("get", "post", "put", "patch", "delete")


def lignes():
    """(method, address, name of a body, [answers]) of each line."""
    for ligne in TABLEAU.strip().splitlines():
        if ligne.strip() and not ligne.startswith("#"):
            methode, chemin, corps, *reponses = ligne.split()
            yield methode, chemin, corps, reponses


def demander(client, methode, url, corps):
    return client.generic(methode, url, json.dumps(corps) if corps is not None else "", content_type="application/json")


@pytest.mark.une_fois(
    "des prédicats et des requêtes que pages et API ont en commun ; chaque porte s'ouvre sur PostgreSQL dans test_hasard"
)
def test_le_tableau_entier(monde, api, adresse):
    """Each cell in a transaction that is taken back: no cell sees what another one did.

    On the way, nobody's address, commune or secret is in any answer, whoever asks, errors included. The commune where
    somebody lives is one line of the list of places, and nothing more.
    """
    clients = {role: api(getattr(monde, role, None)) for role in ROLES}
    secrets = [CANARI, monde.autrice.password, str(monde.autrice.reference), str(monde.elue.reference), "127.0.0.1"]
    ecarts, fuites = [], []
    for methode, chemin, nom_du_corps, attendues in lignes():
        corps = remplir(CORPS[nom_du_corps], monde) if nom_du_corps != "-" else None
        obtenues = []
        cache.clear()  # this table asks more, and faster, than anybody may
        for role in ROLES:
            with transaction.atomic():
                reponse = demander(clients[role], methode, adresse(chemin), corps)
                transaction.set_rollback(True)
            obtenues.append(str(reponse.status_code))
            if chemin != "territoires/":
                fuites += [(role, methode, chemin, s) for s in secrets if s in reponse.content.decode()]
        if obtenues != attendues:
            ecarts.append(f"{methode:6} {chemin:52} {nom_du_corps:20} {' '.join(obtenues)}")
    assert ecarts == [], "obtenu :\n" + "\n".join(ecarts)
    assert fuites == []


def test_le_canari_est_bien_la(monde):
    """Otherwise the search for leaks above proves nothing."""
    assert all(CANARI in getattr(monde, role).email for role in ROLES if role != "anonyme")
    assert CANARI in monde.boite.service.courriel
    assert CANARI in monde.logis.slug


@pytest.mark.sans_base
def test_aucun_champ_ne_porte_ce_qu_une_personne_garde_pour_elle():
    interdits = {
        "email", "courriel", "commune", "annee_naissance", "roles", "password", "reference", "is_staff", "langue",
    }  # fmt: skip
    lus = {nom: set(schema.get("properties", {})) for nom, schema in description()["components"]["schemas"].items()}
    assert {nom: champs & interdits for nom, champs in lus.items() if champs & interdits} == {}


def remplir(corps, monde):
    """`{service}` in a body is the number of that object."""
    return {
        cle: getattr(monde, valeur[1:-1]).pk if isinstance(valeur, str) and valeur.startswith("{") else valeur
        for cle, valeur in corps.items()
    }


def routes(motifs, prefixe=""):
    """(name, methods) of every address of the API."""
    for motif in motifs:
        if isinstance(motif, URLResolver):
            yield from routes(motif.url_patterns)
        elif isinstance(motif, URLPattern):
            classe = getattr(motif.callback, "view_class", None)
            yield motif.name, {m.upper() for m in METHODES if hasattr(classe, m)} if classe else {"GET"}


def test_aucune_adresse_n_est_oubliee(monde, adresse):
    ecrites = {}
    for methode, chemin, _corps, _reponses in lignes():
        ecrites.setdefault(resolve(adresse(chemin)).url_name, set()).add(methode)
    oubliees = {nom: methodes - ecrites.get(nom, set()) for nom, methodes in routes(urls.v1)}
    assert {nom: methodes for nom, methodes in oubliees.items() if methodes} == {}
