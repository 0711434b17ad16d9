"""The pool: opaque codes, and the class of each person in each criterion. No name, nothing that leads to somebody."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Profil = tuple[str, ...]

CODE_LONG = 10  # hexadecimal digits; more where two people would share a code


@dataclass(frozen=True, slots=True)
class Personne:
    """`valeurs`: one class for each criterion of the pool, in its order."""

    code: str
    valeurs: Profil


@dataclass(frozen=True)
class Vivier:
    """People in the order of their codes, which says nothing of them.

    Raises ValueError when two share a code, or one has not a value for each criterion.
    """

    criteres: tuple[str, ...]
    personnes: tuple[Personne, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "personnes", tuple(sorted(self.personnes, key=lambda personne: personne.code)))
        codes = [personne.code for personne in self.personnes]
        if len(set(codes)) != len(codes):
            raise ValueError("Deux personnes portent le même code.")
        if any(len(personne.valeurs) != len(self.criteres) for personne in self.personnes):
            raise ValueError("Une personne n'a pas une valeur pour chaque critère.")

    @cached_property
    def profils(self) -> dict[Profil, tuple[str, ...]]:
        """Codes of the people who have the same classes everywhere: for a draw they are equals."""
        groupes: dict[Profil, list[str]] = {}
        for personne in self.personnes:
            groupes.setdefault(personne.valeurs, []).append(personne.code)
        return {profil: tuple(codes) for profil, codes in sorted(groupes.items())}

    @cached_property
    def effectifs(self) -> dict[str, Counter[str]]:
        """For each criterion, how many people there are of each class."""
        return {
            critere: Counter(personne.valeurs[rang] for personne in self.personnes)
            for rang, critere in enumerate(self.criteres)
        }

    def sans(self, codes: Iterable[str]) -> "Vivier":
        """The same pool without these people."""
        partis = frozenset(codes)
        return Vivier(self.criteres, tuple(p for p in self.personnes if p.code not in partis))


def seuls(vivier: Vivier, k: int = 2) -> int:
    """How many people share their combination of criteria with fewer than `k` people, themselves included.

    With k = 2, those who are alone: whoever knows their age, their place… finds their line in the published pool (k-anonymity, Sweeney 2002).
    """
    return sum(len(codes) for codes in vivier.profils.values() if len(codes) < k)


def codes_de(identifiants: Sequence[str], sel: bytes) -> dict[str, str]:
    """An opaque code for each identifier: HMAC-SHA-256 under a secret salt, as short as leaves them all distinct.

    The salt is drawn for each pool (`secrets.token_bytes(32)`) and never published: without it nobody can try the names they know.
    Raises ValueError when an identifier comes twice, or the salt is short.
    """
    if len(sel) < 16:
        raise ValueError("Le sel est trop court.")
    if len(set(identifiants)) != len(identifiants):
        raise ValueError("Un identifiant vient deux fois.")
    entiers = {
        identifiant: hmac.new(sel, identifiant.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        for identifiant in identifiants
    }
    long = CODE_LONG
    while len({code[:long] for code in entiers.values()}) != len(entiers):
        long += 2
    return {identifiant: code[:long] for identifiant, code in entiers.items()}


def vivier_de(criteres: Sequence[str], valeurs: Mapping[str, Profil], sel: bytes) -> Vivier:
    """The pool to publish, from the classes of each identifier."""
    codes = codes_de(list(valeurs), sel)
    return Vivier(tuple(criteres), tuple(Personne(codes[nom], tuple(profil)) for nom, profil in valeurs.items()))
