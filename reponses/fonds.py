"""What a dossier shows of the thing itself, told by the app that owns it: nothing here knows any kind of thing."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fond:
    """A fragment of page and what it reads, as `fond`."""

    gabarit: str
    contenu: object


_fonds: dict[str, Callable] = {}


def instruire_avec(modele, decrire: Callable) -> None:
    """Register `decrire(objet, personne) -> Fond`; called by an app's `ready()`."""
    _fonds[modele._meta.label_lower] = decrire


def fond_de(cible, personne) -> Fond | None:
    decrire = _fonds.get(cible._meta.label_lower)
    return decrire(cible, personne) if decrire else None
