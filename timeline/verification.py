"""Reading the journal again, link by link; and what it says of published things, against these things."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection
from django.db.models import DateTimeField, JSONField, TextField
from django.db.models.functions import Cast

from timeline import chaine
from timeline.models import Chaine, Entree
from timeline.survenue import instant_affiche


@dataclass(frozen=True)
class Rupture:
    chaine: str
    numero: int
    raison: str

    def __str__(self):
        return f"chaîne {self.chaine}, entrée {self.numero} : {self.raison}"


@dataclass(frozen=True)
class Ecart:
    """A row that does not say what the journal says of it."""

    ligne: str
    raison: str

    def __str__(self):
        return f"{self.ligne} : {self.raison}"

    @classmethod
    def de(cls, objet, raison: str) -> "Ecart":
        return cls(f"{objet._meta.label_lower}:{objet.pk}", raison)


#: What Django raises, on SQLite, for a date or a text of which a byte has changed.
_NE_SE_LIT_PAS = (AttributeError, TypeError, ValueError, DatabaseError)

_comparaisons: list[Callable[[], Iterable[Ecart]]] = []


def comparer_avec(*comparaisons: Callable[[], Iterable[Ecart]]) -> None:
    """Register how an app compares what it has published with the journal; called by its `ready()`."""
    _comparaisons.extend(comparaison for comparaison in comparaisons if comparaison not in _comparaisons)


def ecarts() -> Iterator[Ecart]:
    """Rows rewritten or taken away behind the locks, whole chains included: what chains alone cannot tell."""
    for comparaison in _comparaisons:
        yield from comparaison()


def ecrits(modele, type: str = "") -> Iterator[tuple[int, dict]]:
    """(key, what was written) of the entries about things of this model, in the order of time."""
    entrees = Entree.objects.filter(cible_type=ContentType.objects.get_for_model(modele))
    entrees = (entrees.filter(type=type) if type else entrees).order_by("pk")
    yield from entrees.values_list("cible_id", "donnees").iterator(chunk_size=2000)


def verifier(chaines=None) -> tuple[int, Rupture | None]:
    """(number of entries read, first broken link or None), chains in order of creation."""
    lues = 0
    for rang in (chaines if chaines is not None else Chaine.objects.all()).order_by("pk"):
        precedente, attendu = chaine.ORIGINE, 0
        if rang.cle != Chaine.cle_de(rang.projet_id, rang.communaute_id):
            return lues, Rupture(rang.cle, 0, "elle est attribuée à un autre projet ou à une autre communauté")
        entrees = Entree.objects.filter(chaine=rang).select_related("cible_type", "par").order_by("numero")
        entrees = entrees.annotate(**_telles_que_gardees())
        for entree in _une_a_une(entrees):
            attendu += 1
            lues += 1
            if entree is None:
                return lues, Rupture(rang.cle, attendu, "elle ne se lit plus")
            raison = _defaut(entree, rang, attendu, precedente)
            if raison:
                return lues, Rupture(rang.cle, min(entree.numero, attendu), raison)
            precedente = entree.empreinte
        if (attendu, precedente) != (rang.longueur, rang.tete):
            return lues, Rupture(rang.cle, attendu + 1, "des entrées manquent à la fin de la chaîne")
    return lues, None


def _une_a_une(entrees) -> Iterator[Entree | None]:
    """Each entry in its order; None where a row no longer holds what its columns are made for."""
    lu = 0
    try:
        for entree in entrees.iterator(chunk_size=2000):
            yield entree if _se_lit(entree) else None
            lu = entree.numero
    except _NE_SE_LIT_PAS:
        # Rows come by many at once: those before the one that cannot be read are still to be checked.
        for numero in entrees.filter(numero__gt=lu).values_list("numero", flat=True):
            try:
                entree = entrees.get(numero=numero)
            except _NE_SE_LIT_PAS:
                entree = None
            yield entree


def _se_lit(entree) -> bool:
    """SQLite keeps any text as a date or a number, and Django reads some as nothing."""
    return isinstance(entree.numero, int) and entree.le is not None and entree.survenu_le is not None


#: SQLite keeps them as text: blanks and separators may change in them, and what is read stay the same.
_EN_TEXTE = [champ for champ in Entree._meta.concrete_fields if isinstance(champ, DateTimeField | JSONField)]


def _telles_que_gardees() -> dict[str, Cast]:
    if connection.vendor != "sqlite":
        return {}
    return {f"{champ.name}_garde": Cast(champ.name, TextField()) for champ in _EN_TEXTE}


def _est_au_caractere_pres(entree) -> bool:
    """Does the row hold what the site writes for what it reads there?"""
    return connection.vendor != "sqlite" or all(
        getattr(entree, f"{champ.name}_garde") == champ.get_db_prep_save(getattr(entree, champ.name), connection)
        for champ in _EN_TEXTE
    )


def _defaut(entree, rang, attendu, precedente) -> str:
    if entree.numero != attendu:
        return f"le numéro {attendu} manque"
    if entree.precedente != precedente:
        return "elle ne suit pas l'entrée précédente"
    if chaine.empreinte(precedente, entree.contenu(rang.cle, entree.etiquette_cible)) != entree.empreinte:
        return "son contenu ne correspond plus à son empreinte"
    if entree.survenu_le != instant_affiche(entree.donnees, entree.le):
        return "sa place dans la chronologie ne correspond pas à la date du fait"
    if not _est_au_caractere_pres(entree):
        return "elle dit la même chose, mais pas au caractère près"
    if entree.par_id and str(entree.par.reference) != entree.par_reference:
        return "elle est attribuée à une autre personne"
    return ""
