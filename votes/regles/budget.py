"""What the rules that spend a budget share: their common parameters, who may be funded, and how ties are decided."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from votes.regles.depouillement import RegleInvalide
from votes.regles.egalites import AIDE_DU_SORT, SORT, rangs_du_sort
from votes.regles.election import Election, Genre
from votes.regles.parametre import champ, verifier_choix

GENRES = (Genre.APPROBATION, Genre.POINTS, Genre.CHOIX)
AIDE_DE_LA_GRAINE = (
    "Texte publié avant le dépouillement, au lieu d'un ordre tiré au sort : "
    "à égalité, la plus petite empreinte SHA-256 de « texte|identifiant » passe devant."
)


@dataclass(frozen=True)
class ParametresBudget:
    """What every rule that spends a budget says. Raises RegleInvalide."""

    seuil: int = champ(0, "Nombre de voix (soutiens ou points) sous lequel un projet n'est pas retenu.", unite="voix")
    maximums: tuple[str, ...] = champ((), "Nombre de projets retenus au plus dans une catégorie : « catégorie=3 ».")
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)
    graine: str = champ("", AIDE_DE_LA_GRAINE)

    def __post_init__(self):
        verifier_choix(self)
        if self.ordre_du_sort and self.graine:
            raise RegleInvalide("Le sort se donne par un ordre ou par une graine, pas par les deux.")
        lire_limites(self.maximums)


def lire_limites(textes: Sequence[str]) -> dict[str, int]:
    """{"Sport": 3} of ["Sport=3"]. Raises RegleInvalide."""
    limites: dict[str, int] = {}
    for texte in textes:
        categorie, egal, nombre = texte.rpartition("=")
        if not (egal and categorie.strip() and nombre.strip().isascii() and nombre.strip().isdigit()):
            raise RegleInvalide(f"« {texte} » ne se lit pas « catégorie=nombre ».")
        if categorie.strip() in limites:
            raise RegleInvalide(f"La catégorie « {categorie.strip()} » a deux limites.")
        limites[categorie.strip()] = int(nombre)
    return limites


@dataclass(frozen=True)
class Concours:
    """An election seen by a budget rule; lists follow the order of the options.

    `voix`: supports or points; `sort`: rank in the lot; `admises`: places of the options that reach the threshold.
    """

    election: Election
    budget: int
    couts: list[int]
    voix: list[int]
    sort: list[int]
    admises: list[int]

    def cles(self, places: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.election.options[place].cle for place in places)

    def totaux(self) -> dict[str, int]:
        return dict(zip(self.cles(range(len(self.voix))), self.voix, strict=True))


def ouvrir(election: Election, parametres: ParametresBudget) -> Concours:
    """Check that `election` can be counted with `parametres`; raises RegleInvalide."""
    if election.genre not in GENRES:
        raise RegleInvalide("Un budget se partage par des soutiens ou par des points, pas par ce genre de bulletin.")
    if election.budget is None:
        raise RegleInvalide("Cette élection n'a pas de budget à partager.")
    if election.budget < 0:
        raise RegleInvalide("Le budget ne peut pas être négatif.")
    for option in election.options:
        if option.cout < 0:
            raise RegleInvalide(f"Le coût du projet « {option.cle} » est négatif.")
    voix = election.totaux()
    return Concours(
        election=election,
        budget=election.budget,
        couts=[option.cout for option in election.options],
        voix=voix,
        sort=rangs_du_sort(election, parametres.ordre_du_sort or ordre_de_la_graine(election, parametres.graine)),
        admises=[place for place, nombre in enumerate(voix) if nombre >= parametres.seuil],
    )


def verifier_categories(election: Election, maximums: Sequence[str], minimums: Sequence[str] = ()) -> None:
    """Raises RegleInvalide for a limit on a category that no option has, or a minimum above its maximum.

    Asked of the whole election: an envelope need not hold every category.
    """
    connues = {nom for option in election.options for nom in option.categories}
    plus, moins = lire_limites(maximums), lire_limites(minimums)
    for nom in (*plus, *moins):
        if nom not in connues:
            raise RegleInvalide(f"Aucun projet n'est de la catégorie « {nom} ».")
        if nom in plus and moins.get(nom, 0) > plus[nom]:
            raise RegleInvalide(f"Le minimum de la catégorie « {nom} » dépasse son maximum.")


def ordre_de_la_graine(election: Election, graine: str) -> tuple[str, ...]:
    """Keys by the SHA-256 of « graine|clé », that anybody can compute again; none without a seed."""
    if not graine:
        return ()
    cles = [option.cle for option in election.options]
    return tuple(sorted(cles, key=lambda cle: (hashlib.sha256(f"{graine}|{cle}".encode()).digest(), cle)))


class Quotas:
    """How many projects of each category are funded so far, beside what the rule allows and asks."""

    def __init__(self, election: Election, maximums: Sequence[str], minimums: Sequence[str] = ()):
        self.categories = [option.categories for option in election.options]
        self.maximums, self.minimums = lire_limites(maximums), lire_limites(minimums)
        self.pris: dict[str, int] = {}

    def categorie_pleine(self, place: int) -> str:
        """The first category of this option that has its maximum already; empty when none has."""
        for nom in self.categories[place]:
            if nom in self.maximums and self.pris.get(nom, 0) >= self.maximums[nom]:
                return nom
        return ""

    def manque(self, place: int) -> bool:
        """Is a category of this option under its minimum?"""
        return any(self.pris.get(nom, 0) < self.minimums.get(nom, 0) for nom in self.categories[place])

    def prendre(self, place: int) -> None:
        for nom in self.categories[place]:
            self.pris[nom] = self.pris.get(nom, 0) + 1


def ce_qui_departage(concours: Concours, premiere: int, seconde: int, *, voix: bool = True) -> str:
    """What puts `premiere` before `seconde` when the rule's own figure is equal: « cout », « voix » or « sort »."""
    if concours.couts[premiere] != concours.couts[seconde]:
        return "cout"
    if voix and concours.voix[premiere] != concours.voix[seconde]:
        return "voix"
    return SORT
