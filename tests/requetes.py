"""How many queries a page asks: what the tests of 1 and 50 objects compare."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def requetes(client, chemin) -> int:
    """Asked once before: content types and what a process keeps are known then."""
    client.get(chemin)
    with CaptureQueriesContext(connection) as comptees:
        assert client.get(chemin).status_code == 200
    return len(comptees)


def copier(modele, nombre, **champs) -> list:
    """Other rows like this one, written in bulk. `champs`: values that differ, or functions of their rank."""
    noms = [c.attname for c in modele._meta.concrete_fields if not (c.primary_key or c.unique)]
    commun = {nom: getattr(modele, nom) for nom in noms}
    return type(modele)._default_manager.bulk_create(
        type(modele)(**commun | {nom: valeur(n) if callable(valeur) else valeur for nom, valeur in champs.items()})
        for n in range(nombre)
    )


def liste_au_cout_constant(premier, adresse, suites, *gens) -> int:
    """The most that a list of this one thing asks, of a visitor and of these people; its fifty copies ask each the same.

    `suites`: what follows the address, a page or a filter.
    """
    clients = [Client() for _personne in (None, *gens)]
    for client, personne in zip(clients[1:], gens, strict=True):
        client.force_login(personne)
    pour_un = [requetes(client, adresse) for client in clients]
    copier(premier, 49, slug=lambda n: f"copie-{n}")
    for suite in suites:
        assert [requetes(client, adresse + suite) for client in clients] == pour_un, suite
    assert clients[0].get(adresse).context["page"].paginator.count == 50
    return max(pour_un)
