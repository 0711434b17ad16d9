"""What is published with the name of a community, here and by the apps above: it may no longer be hidden."""

from collections.abc import Callable

from django.utils.translation import gettext as _


def _par_ses_questions(communaute) -> str:
    if communaute.questions.exists():
        return _(
            "Des questions publiques ont été posées ici, et elles nomment cette communauté : elle ne peut plus être cachée."
        )
    return ""


_raisons: list[Callable[..., str]] = [_par_ses_questions]


def retenir_avec(raison: Callable[..., str]) -> None:
    """Register `raison(communaute) -> str`, a sentence or nothing; called by an app's `ready()`."""
    if raison not in _raisons:
        _raisons.append(raison)


def raison_de_rester_connue(communaute) -> str:
    """Why the door that hides it is closed to those who lead it; nothing when it is not, or when it is hidden already."""
    if not communaute.est_trouvable:
        return ""
    return next((dite for raison in _raisons if (dite := raison(communaute))), "")
