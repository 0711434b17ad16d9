"""What one can do in an open stage, and what is prepared in a stage, told by the apps above that know how to do it."""

from collections.abc import Callable

from django.db.models import prefetch_related_objects

_propositions: list[Callable] = []
_relations: list[str] = []


def proposer_avec(fonction: Callable, precharger: tuple[str, ...] = ()) -> Callable:
    """Register `fonction(etape, personne) -> list[(libelle, url)]`; called by an app's `ready()`.

    `precharger` names the relations of Etape that the function reads, fetched for all stages at once.
    """
    _propositions.append(fonction)
    _relations.extend(relation for relation in precharger if relation not in _relations)
    return fonction


def actions_de(etapes, personne) -> dict[int, list[tuple[str, str]]]:
    """{pk of a stage: its buttons}, for stages of which the projet is already known."""
    prefetch_related_objects(etapes, *_relations)
    return {
        etape.pk: [action for proposer in _propositions for action in proposer(etape, personne)] for etape in etapes
    }


_preparations: list[Callable] = []
_relations_preparees: list[str] = []


def preparer_avec(fonction: Callable, precharger: tuple[str, ...] = ()) -> Callable:
    """Register `fonction(etape, personne) -> list[(libelle, url)]`: what whoever conducts the projet prepares in a stage."""
    _preparations.append(fonction)
    _relations_preparees.extend(relation for relation in precharger if relation not in _relations_preparees)
    return fonction


def preparations_de(etapes, personne) -> dict[int, list[tuple[str, str]]]:
    """{pk of a stage: links to what is prepared in it}, for stages of which the projet is already known."""
    prefetch_related_objects(etapes, *_relations_preparees)
    return {etape.pk: [lien for preparer in _preparations for lien in preparer(etape, personne)] for etape in etapes}
