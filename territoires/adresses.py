"""A place in words: what people type, found in our own tables and nowhere else."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from territoires.models import Adresse, Territoire

LETTRES_MIN = 3  # before that, everything begins so
LONGUEUR_MAX = 120  # characters read of what is typed
SUGGESTIONS = 8
ABREGES = {"av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "imp": "impasse", "pl": "place",
           "rte": "route", "st": "saint", "ste": "sainte"}  # fmt: skip
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
CODE_POSTAL = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class Endroit:
    """A place that has a name. Degrees; `commune` is the number of its commune or quartier."""

    libelle: str
    lat: float
    lon: float
    commune: int

    def en_json(self) -> dict[str, Any]:
        return {"libelle": self.libelle, "lat": self.lat, "lon": self.lon, "commune": self.commune}


def normaliser(texte: str) -> str:
    """The key of an address: « 12, Av. de l’Été 44000 NANTES » gives « 12 avenue de l ete nantes ».

    The last word is left as it is: it may not be whole yet.
    """
    plat = unicodedata.normalize("NFKD", texte[:LONGUEUR_MAX].translate(LIGATURES)).casefold()
    lettres = (c if c.isascii() and c.isalnum() else " " for c in plat if not unicodedata.combining(c))
    mots = [mot for mot in "".join(lettres).split() if not CODE_POSTAL.fullmatch(mot)]
    return " ".join([*(ABREGES.get(mot, mot) for mot in mots[:-1]), *mots[-1:]])[:LONGUEUR_MAX].strip()


def suggerer(texte: str, combien: int = SUGGESTIONS) -> list[Endroit]:
    """Places that begin with these words: communes and quartiers first, then streets and addresses."""
    debut = normaliser(texte)
    if len(debut) < LETTRES_MIN:
        return []
    connus = [
        _endroit_d_un_territoire(territoire)
        for territoire in _territoires()
        if any(cle.startswith(debut) for cle in _cles(territoire))
    ][:combien]
    if len(connus) == combien:
        return connus
    adresses = Adresse.objects.commencant_par(debut).order_by("cle", "pk")[: combien - len(connus)]
    return [*connus, *map(_endroit_d_une_adresse, adresses)]


def trouver(texte: str, commune: Territoire | None = None) -> Endroit | None:
    """The one place that these words name, in this commune if it is known; None when there is none, or several."""
    cle = normaliser(texte)
    if len(cle) < LETTRES_MIN:
        return None
    ville = _ville(commune) if commune else None
    nommees = Adresse.objects.filter(Q(cle=cle) | Q(cle_courte=cle))
    if ville:
        nommees = nommees.filter(commune=ville)
    trouves = [
        *(_endroit_d_un_territoire(t) for t in _territoires() if cle in _cles(t) and _est_dans(t, ville)),
        *map(_endroit_d_une_adresse, nommees.order_by()[:2]),
    ]
    return trouves[0] if len(trouves) == 1 else None


def _ville(territoire: Territoire) -> int | None:
    """The commune that a quartier belongs to; a commune is its own."""
    return territoire.parent_id if territoire.genre == Territoire.Genre.QUARTIER else territoire.pk


def _territoires() -> Iterable[Territoire]:
    """Communes and quartiers that have a centre: a few dozen rows, without their outlines."""
    situes = Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).filter(centre_lat__isnull=False)
    return situes.select_related("parent").only(
        "genre", "nom", "slug", "centre_lat", "centre_lon", "parent__nom", "parent__genre"
    )


def _est_dans(territoire: Territoire, ville: int | None) -> bool:
    return ville is None or ville in {territoire.pk, territoire.parent_id}


def _cles(territoire: Territoire) -> set[str]:
    return {normaliser(territoire.nom), normaliser(_nom_complet(territoire))}


def _nom_complet(territoire: Territoire) -> str:
    if territoire.genre == Territoire.Genre.QUARTIER and territoire.parent:
        return f"{territoire.nom}, {territoire.parent.nom}"
    return territoire.nom


def _endroit_d_un_territoire(territoire: Territoire) -> Endroit:
    lat, lon = territoire.centre or (0.0, 0.0)
    return Endroit(_nom_complet(territoire), lat, lon, territoire.pk)


def _endroit_d_une_adresse(adresse: Adresse) -> Endroit:
    return Endroit(adresse.libelle, adresse.latitude, adresse.longitude, adresse.commune_id)
