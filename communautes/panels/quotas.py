"""Quotas of a draw as rows: in proportion to the pool, checked by counting before anything is computed."""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from communautes.models import Quota, Tirage
from communautes.tirage.fautes import TirageInvalide
from communautes.tirage.quotas import Quota as Bornes
from communautes.tirage.quotas import Quotas, chacun, fautes_de, fautes_du_vivier, proportionnels
from communautes.tirage.vivier import Personne, Vivier
from socle.mots import ordre_naturel


def vivier_de(tirage: Tirage) -> Vivier:
    """The pool as it is published: codes and classes."""
    lignes = tirage.candidates.order_by("code").values_list("code", "valeurs")
    return Vivier(tuple(tirage.criteres), tuple(Personne(code, tuple(valeurs)) for code, valeurs in lignes))


def effectifs_de(tirage: Tirage) -> dict[str, Counter]:
    """{criterion: {class: people of the pool}}, classes in their natural order: « quartier 2 » before « quartier 10 »."""
    comptes: list[Counter] = [Counter() for _critere in tirage.criteres]
    for valeurs in tirage.candidates.order_by().values_list("valeurs", flat=True):
        for compte, valeur in zip(comptes, valeurs, strict=True):
            compte[valeur] += 1
    return {
        critere: Counter({valeur: compte[valeur] for valeur in sorted(compte, key=ordre_naturel)})
        for critere, compte in zip(tirage.criteres, comptes, strict=True)
    }


def quotas_de(tirage: Tirage) -> Quotas:
    quotas: dict[str, dict[str, Bornes]] = {critere: {} for critere in tirage.criteres}
    for quota in tirage.quotas.order_by("rang"):
        quotas[quota.critere][quota.valeur] = Bornes(quota.minimum, quota.maximum)
    return quotas


def proposer(tirage: Tirage) -> None:
    """Quotas that share the seats as the pool is shared."""
    ecrire(tirage, {c: proportionnels(compte, tirage.places) for c, compte in effectifs_de(tirage).items()})


def ecrire(tirage: Tirage, quotas: Quotas) -> None:
    tirage.quotas.all().delete()
    Quota.objects.bulk_create(
        Quota(tirage=tirage, rang=rang, critere=critere, valeur=valeur, minimum=b.minimum, maximum=b.maximum)
        for rang, (critere, valeur, b) in enumerate(chacun(quotas))
    )


@transaction.atomic
def poser(tirage: Tirage, quotas: Quotas, *, par) -> None:
    """Keep these quotas. Raises TirageInvalide with a sentence for each one that cannot be, EtapeInterdite or EtapeImpossible."""
    from communautes.panels.vivier import exiger_la_preparation

    tenu = exiger_la_preparation(tirage, par)
    fautes = [
        *fautes_de(quotas, tenu.places),
        *fautes_du_vivier(quotas, tenu.places, vivier_de(tenu), classes_vides=True),
    ]
    if fautes:
        raise TirageInvalide(fautes)
    ecrire(tenu, quotas)


def sommes(quotas: Quotas) -> Iterable[tuple[str, int, int]]:
    """(criterion, sum of the minimums, sum of the maximums)."""
    for critere, classes in quotas.items():
        yield critere, sum(b.minimum for b in classes.values()), sum(b.maximum for b in classes.values())
