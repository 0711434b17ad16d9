"""Fair exposure: every idea gets its turn in front of people, whoever wrote it and whenever (ADR 0009).

A round (`tour`) ranks the ideas, the least seen first. Each visit reads the round as a circle, from where the visit before
it stopped: that is one number in the cache. What a page shows is noted in the cache and added up by `tic`. No cookie, no
person, no row that pages wait for.
"""

import logging
import math
import re
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Max, Min, Subquery
from django.utils import timezone

from idees.models import Exposition, Idee, Rang

journal = logging.getLogger(__name__)

DUREE = 60  # minutes of a round, when few people read: then the counts are looked at again
GARDES = 180  # minutes: a visit that began in a round may go on as long
AVANT_TOUS = -1.0
CURSEURS = 64  # kept, however many ways there are to filter; two that share one only start elsewhere
ANNEAU = 1024  # pages noted between two beats; beyond, the oldest are written over, which spares nobody in particular
SUITE = "exposition:suite"
ROBOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|fetch|monitor|headless|lighthouse|curl|wget|python|java/|okhttp|go-http|feed",
    re.I,
)


# --- A visit -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visite:
    """Where a visit began: all that its next pages need, and all that is written in their address."""

    tour: int
    depuis: float

    def parametres(self) -> dict[str, str]:
        return {"tour": str(self.tour), "depuis": repr(self.depuis)}


#: Before any visit, or when the cache forgot where the last one stopped.
NULLE_PART_ECRIT = (0, AVANT_TOUS)
NULLE_PART = Visite(*NULLE_PART_ECRIT)


def lire_visite(parametres) -> Visite | None:
    """The visit that an address goes on with; None when its round is over, or was never one."""
    tour, depuis = parametres.get("tour", ""), parametres.get("depuis", "")
    if not re.fullmatch(r"[0-9]{1,9}", tour):
        return None
    try:
        position = float(depuis)
    except ValueError:
        return None
    if not math.isfinite(position) or not Rang.objects.filter(tour=int(tour)).exists():
        return None
    return Visite(int(tour), position)


def commencer(idees, *, cle: str, combien: int, avance: bool) -> Visite | None:
    """A new visit among `idees`, from where the one before stopped. `cle` names the filters; `avance=False` leaves the
    place to the next one (robots). None when there is nothing to read, or before the first round of a site.
    """
    visite, montrees = _suivantes(idees.only("pk"), cle, combien)
    if montrees and avance:
        _ecrire_curseur(cle, Visite(visite.tour, montrees[-1].rang))
    return visite if montrees else None


def prochaine(idees, *, cle: str, avance: bool):
    """The idea whose turn it is among `idees`; before the first round, the latest."""
    visite, suivantes = _suivantes(idees, cle, 1)
    if not suivantes:
        return idees.order_by("-publiee_le", "-pk").first()
    if avance:
        _ecrire_curseur(cle, Visite(visite.tour, suivantes[0].rang))
    return suivantes[0]


def _suivantes(idees, cle: str, combien: int) -> tuple[Visite, list]:
    """Where a visit begins now, and the first ideas of it. One query; two when the round, or its end, is new."""
    curseur = _lire_curseur(cle)
    dernier = Rang.objects.order_by("-tour").values("tour")[:1]
    rangees = idees.filter(rangs__tour=Subquery(dernier)).annotate(tour=F("rangs__tour"), rang=F("rangs__rang"))
    rangees = rangees.order_by("rang")
    suivantes = list(rangees.filter(rang__gt=curseur.depuis)[:combien])
    if curseur != NULLE_PART and (not suivantes or suivantes[0].tour != curseur.tour):
        curseur, suivantes = NULLE_PART, list(rangees[:combien])
    elif len(suivantes) < combien and curseur != NULLE_PART:
        suivantes += rangees.filter(rang__lte=curseur.depuis)[: combien - len(suivantes)]
    return Visite(suivantes[0].tour if suivantes else 0, curseur.depuis), suivantes


class Cercle:
    """Two sorted querysets read one after the other: what follows a place, then what stands before it."""

    def __init__(self, apres, avant):
        self.apres, self.avant = apres, avant

    def compter(self, plafond: int) -> int:
        """How many there are, without counting beyond `plafond`."""
        apres = self.apres.order_by()[:plafond].count()
        return apres + (self.avant.order_by()[: plafond - apres].count() if apres < plafond else 0)

    def __getitem__(self, tranche: slice) -> list:
        debut, fin = tranche.start or 0, tranche.stop
        trouvees = list(self.apres[debut:fin])
        if len(trouvees) < fin - debut:
            passees = debut + len(trouvees) if trouvees or not debut else self.apres.order_by().count()
            trouvees += self.avant[max(0, debut - passees) : fin - passees]
        return trouvees


def en_cercle(idees, visite: Visite) -> Cercle:
    """`idees` in the order of this visit, each with its `rang`."""
    rangees = idees.filter(rangs__tour=visite.tour).annotate(rang=F("rangs__rang")).order_by("rang")
    return Cercle(rangees.filter(rang__gt=visite.depuis), rangees.filter(rang__lte=visite.depuis))


def est_une_personne(request) -> bool:
    """Not a robot that says so, nor a page asked in advance. Nothing of the request is kept."""
    agent = request.headers.get("User-Agent", "")
    d_avance = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    return bool(agent) and not ROBOTS.search(agent) and "prefetch" not in d_avance


# --- The cache: places and pages -----------------------------------------------------------------------------------


def _en_cache(geste, *arguments, defaut=None):
    """A cache that is away must not cost anybody the list: order and counts do without it meanwhile."""
    try:
        return geste(*arguments)
    except Exception as panne:
        journal.warning("exposition : le cache ne répond pas (%s)", panne)
        return defaut


def _cle_du_curseur(cle: str) -> str:
    return f"exposition:curseur:{zlib.crc32(cle.encode()) % CURSEURS}"


def _lire_curseur(cle: str) -> Visite:
    """Where the last visit stopped, and in which round that was."""
    return Visite(*_en_cache(cache.get, _cle_du_curseur(cle), NULLE_PART_ECRIT, defaut=NULLE_PART_ECRIT))


def _ecrire_curseur(cle: str, visite: Visite) -> None:
    _en_cache(cache.set, _cle_du_curseur(cle), (visite.tour, visite.depuis), GARDES * 60)


def compter(pks) -> None:
    """Note that these cards were shown."""
    if pks:
        _en_cache(_noter, list(pks))


def _noter(pks: list[int]) -> None:
    cache.add(SUITE, 0, None)
    cache.set(_cle_de_page(cache.incr(SUITE)), pks, GARDES * 60)


def _cle_de_page(numero: int) -> str:
    return f"exposition:page:{numero % ANNEAU}"


# --- What `tic` does -----------------------------------------------------------------------------------------------


def regler_les_vues() -> int:
    """Add what pages noted to the counts; how many cards. Each page is counted by whoever takes it out of the cache."""
    pages = cache.get_many([_cle_de_page(numero) for numero in range(ANNEAU)])
    montrees = Counter(pk for cle, pks in pages.items() if cache.delete(cle) for pk in pks)
    _ajouter(montrees)
    return montrees.total()


@transaction.atomic
def _ajouter(montrees: Counter) -> None:
    jamais_vues = Idee.objects.filter(pk__in=montrees, exposition=None).values_list("pk", flat=True)
    Exposition.objects.bulk_create([Exposition(idee_id=pk) for pk in jamais_vues], ignore_conflicts=True)
    par_nombre = defaultdict(list)
    for pk, nombre in montrees.items():
        par_nombre[nombre].append(pk)
    for nombre, pks in par_nombre.items():
        Exposition.objects.filter(pk__in=pks).update(vues=F("vues") + nombre)


def tourner() -> int:
    """Start a round when the last is over, else find a place in it for the ideas that came meanwhile; how many were placed."""
    tour, minute = tour_courant(), int(timezone.now().timestamp() // 60)
    if tour is None or minute - tour >= DUREE or (minute > tour and _a_moitie_lu(tour)):
        return _ouvrir_un_tour(minute)
    return _accueillir(tour)


def _a_moitie_lu(tour: int) -> bool:
    """Its least seen half has had its turn: going on would show the most seen as often. Counted again, it is fairer."""
    curseur = _lire_curseur("")
    dernier = Rang.objects.filter(tour=tour).aggregate(rang=Max("rang"))["rang"]
    return curseur.tour == tour and curseur.depuis >= dernier / 2


def tour_courant() -> int | None:
    """Named by the minute it began in, so that two processes cannot begin two."""
    return Rang.objects.aggregate(dernier=Max("tour"))["dernier"]


def _a_ranger():
    """Also the hidden ones: whoever reads the list asks what may be seen."""
    return Idee.objects.filter(etat__in=Idee.ETATS_PUBLICS).exclude(etat=Idee.Etat.FUSIONNEE)


@transaction.atomic
def _ouvrir_un_tour(tour: int) -> int:
    """Rank everything, the least seen first; chance decides between equals, and decides the same for everybody."""
    vues = sorted(_a_ranger().values_list("pk", "exposition__vues"))
    Random(tour).shuffle(vues)  # noqa: S311 (fairness, not a secret)
    vues.sort(key=lambda ligne: ligne[1] or 0)
    rangs = [Rang(tour=tour, rang=float(rang), idee_id=pk) for rang, (pk, _vues) in enumerate(vues)]
    Rang.objects.bulk_create(rangs, ignore_conflicts=True, batch_size=5000)
    Rang.objects.filter(tour__lt=tour - GARDES).delete()
    return len(rangs)


@transaction.atomic
def _accueillir(tour: int) -> int:
    """Ideas published during a round come next in it: right after the place where the last visit stopped."""
    debut = datetime.fromtimestamp(tour * 60, UTC)
    nouvelles = _a_ranger().filter(publiee_le__gte=debut).exclude(rangs__tour=tour).order_by("publiee_le", "pk")
    pks = list(nouvelles.values_list("pk", flat=True))
    if not pks:
        return 0
    curseur = _lire_curseur("")
    depuis = curseur.depuis if curseur.tour == tour else AVANT_TOUS
    suivant = Rang.objects.filter(tour=tour, rang__gt=depuis).aggregate(premier=Min("rang"))["premier"]
    pas = ((depuis + 1 if suivant is None else suivant) - depuis) / (len(pks) + 1)
    rangs = [Rang(tour=tour, rang=depuis + pas * n, idee_id=pk) for n, pk in enumerate(pks, start=1)]
    # A place already taken (the gap is a hair's breadth) is left: the next round has room for all.
    Rang.objects.bulk_create(rangs, ignore_conflicts=True)
    return len(rangs)
