"""The cards of the search, many at once: after a write in bulk, and to verify that none drifts."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db import transaction

from idees.models import Fiche, Idee

LOT = 500


def indexer(idees) -> int:
    """Write the cards of these ideas; cards written. For what does not go through `Idee.save`: bulk creation, import."""
    ecrites = 0
    for pks in _lots(idees):
        with transaction.atomic():
            # Locked: somebody who rewrites an idea meanwhile waits, and her card is the last written.
            ecrites += Fiche.objects.tenir(list(Idee.objects.select_for_update(of=("self",)).filter(pk__in=pks)))
    return ecrites


def ecarts() -> Iterator[tuple[int, str]]:
    """(idea, sentence) for each card that is missing, in excess, or no longer says what its idea says."""
    for pks in _lots(Idee.objects.all()):
        idees = list(Idee.objects.filter(pk__in=pks).order_by("pk"))
        tenues = {fiche.idee_id: fiche for fiche in Fiche.objects.filter(idee__in=pks)}
        attendues = {
            fiche.idee_id: fiche for fiche in Fiche.objects.attendues([i for i in idees if i.etat in Fiche.ETATS])
        }
        for pk in sorted(tenues.keys() | attendues.keys()):
            if raison := _ecart(tenues.get(pk), attendues.get(pk)):
                yield pk, raison


def _ecart(tenue, attendue) -> str:
    if tenue is None:
        return "fiche absente"
    if attendue is None:
        return "fiche d’une idée qui n’est pas publique"
    faux = [colonne for colonne in Fiche.MOTS if getattr(tenue, colonne) != getattr(attendue, colonne)]
    return f"fiche périmée : {', '.join(faux)}" if faux else ""


def _lots(idees) -> Iterator[list[int]]:
    """The numbers of these ideas, a page at a time."""
    numeros = list(idees.order_by("pk").values_list("pk", flat=True))
    for page in Paginator(numeros, LOT):
        yield list(page.object_list)
