"""How many queries a page asks: what the tests of 1 and 50 objects compare."""

from django.db import connection
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
