"""Quotas: how many seats at least and at most for each class of each criterion, and what can be said of them by counting alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communautes.tirage.fautes import Faute, TirageInvalide
from communautes.tirage.vivier import Vivier


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats for one class. Exact where both are the same."""

    minimum: int
    maximum: int


#: For each criterion, in order, the quota of each of its classes, in order.
Quotas = Mapping[str, Mapping[str, Quota]]


def chacun(quotas: Quotas) -> Iterator[tuple[str, str, Quota]]:
    for critere, classes in quotas.items():
        for valeur, quota in classes.items():
            yield critere, valeur, quota


def fautes_de(quotas: Quotas, places: int) -> list[Faute]:
    """What is wrong in the quotas whatever the pool: one sentence for each criterion or class."""
    phrases = []
    if places < 1:
        phrases.append(_("Il faut au moins une place à tirer."))
    if not quotas:
        phrases.append(_("Il faut au moins un critère."))
    for critere, valeur, quota in chacun(quotas):
        ici = {"critere": critere, "valeur": valeur, "min": quota.minimum, "max": quota.maximum}
        if quota.minimum < 0 or quota.maximum < 0:
            phrases.append(_("%(critere)s, « %(valeur)s » : un quota n’est jamais négatif.") % ici)
        elif quota.minimum > quota.maximum:
            phrase = _("%(critere)s, « %(valeur)s » : le minimum (%(min)s) dépasse le maximum (%(max)s) de %(ecart)s.")
            phrases.append(phrase % {**ici, "ecart": quota.minimum - quota.maximum})
    for critere, classes in quotas.items():
        phrases += _sommes(critere, classes, places)
    return [Faute(0, phrase) for phrase in phrases]


def _sommes(critere: str, classes: Mapping[str, Quota], places: int) -> list[str]:
    minimums = sum(quota.minimum for quota in classes.values())
    maximums = sum(quota.maximum for quota in classes.values())
    ici = {"critere": critere, "minimums": minimums, "maximums": maximums, "places": places}
    phrases = []
    if minimums > places:
        phrase = ngettext(
            "%(critere)s : les minimums font %(minimums)s place en tout, pour %(places)s à pourvoir. C’est %(ecart)s de trop.",
            "%(critere)s : les minimums font %(minimums)s places en tout, pour %(places)s à pourvoir. C’est %(ecart)s de trop.",
            minimums,
        )
        phrases.append(phrase % {**ici, "ecart": minimums - places})
    if maximums < places:
        phrase = ngettext(
            "%(critere)s : les maximums font %(maximums)s place en tout, pour %(places)s à pourvoir. Il en manque %(ecart)s.",
            "%(critere)s : les maximums font %(maximums)s places en tout, pour %(places)s à pourvoir. Il en manque %(ecart)s.",
            maximums,
        )
        phrases.append(phrase % {**ici, "ecart": places - maximums})
    return phrases


def fautes_du_vivier(quotas: Quotas, places: int, vivier: Vivier, *, classes_vides: bool = False) -> list[Faute]:
    """What counting the pool shows: a class without a quota or without anybody, a minimum that there are not enough people for.

    `classes_vides`: a class that nobody has is no fault by itself: the pool of replacements may have lost its last person.
    """
    phrases = []
    if len(vivier.personnes) < places:
        phrase = _("Le vivier compte %(n)s personnes pour %(places)s places. Il en manque %(ecart)s.")
        ecart = places - len(vivier.personnes)
        phrases.append(phrase % {"n": len(vivier.personnes), "places": places, "ecart": ecart})
    phrases += [
        _("%(critere)s : le vivier ne connaît pas ce critère.") % {"critere": critere}
        for critere in quotas
        if critere not in vivier.effectifs
    ]
    for critere, presents in vivier.effectifs.items():
        classes = quotas.get(critere)
        if classes is None:
            phrases.append(_("%(critere)s : ce critère du vivier n’a aucun quota.") % {"critere": critere})
            continue
        for valeur in sorted(presents.keys() - classes.keys()):
            phrase = _(
                "%(critere)s, « %(valeur)s » : des personnes du vivier ont cette valeur, et aucun quota n’en parle."
            )
            phrases.append(phrase % {"critere": critere, "valeur": valeur})
        phrases += _manques(critere, classes, presents, classes_vides)
    return [Faute(0, phrase) for phrase in phrases]


def _manques(critere: str, classes: Mapping[str, Quota], presents: Mapping[str, int], classes_vides: bool) -> list[str]:
    phrases = []
    for valeur, quota in classes.items():
        n = presents.get(valeur, 0)
        ici = {"critere": critere, "valeur": valeur, "min": quota.minimum, "n": n, "ecart": quota.minimum - n}
        if not n and not (classes_vides and not quota.minimum):
            phrases.append(
                _(
                    "%(critere)s, « %(valeur)s » : personne dans le vivier n’a cette valeur. Vérifiez comment elle est écrite."
                )
                % ici
            )
        elif n < quota.minimum:
            phrase = ngettext(
                "%(critere)s, « %(valeur)s » : le minimum est %(min)s, et le vivier n’a que %(n)s personne. Il en manque %(ecart)s.",
                "%(critere)s, « %(valeur)s » : le minimum est %(min)s, et le vivier n’a que %(n)s personnes. Il en manque %(ecart)s.",
                n,
            )
            phrases.append(phrase % ici)
    return phrases


def verifier(quotas: Quotas, places: int, vivier: Vivier, *, classes_vides: bool = False) -> None:
    """Raises TirageInvalide with everything that counting can see, before any calculation."""
    fautes = fautes_de(quotas, places) + fautes_du_vivier(quotas, places, vivier, classes_vides=classes_vides)
    if fautes:
        raise TirageInvalide(fautes)


def proportionnels(parts: Mapping[str, int | Fraction], places: int) -> dict[str, Quota]:
    """Exact quotas that share the seats as the population is shared (largest remainders), `parts` in any unit.

    Equal remainders: the class with the larger share, then the first one. They sum to `places`.
    Raises ValueError when a share is negative or all of them are zero.
    """
    entieres = {valeur: Fraction(part) for valeur, part in parts.items()}
    somme = sum(entieres.values())
    if somme <= 0 or min(entieres.values()) < 0:
        raise ValueError("Les parts de la population sont des nombres positifs, et leur somme n'est pas nulle.")
    dues = {valeur: part * places / somme for valeur, part in entieres.items()}
    sieges = {valeur: int(due) for valeur, due in dues.items()}
    ordre = sorted(dues, key=lambda valeur: (sieges[valeur] - dues[valeur], -entieres[valeur]))
    for valeur in ordre[: places - sum(sieges.values())]:
        sieges[valeur] += 1
    return {valeur: Quota(n, n) for valeur, n in sieges.items()}
