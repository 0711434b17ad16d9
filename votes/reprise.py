"""A vote of elsewhere, made from its Pabulib file: options, envelope, ballots, and all that has no place of its own here.

Everything is checked before anything is written: a file whose last line is broken leaves nothing. It is written by lots,
each in a transaction of its own, so that people go on voting elsewhere while 130,000 ballots come in. Until the last one
it is a draft that nobody sees; what fails takes it away, and the clock takes what a dead process left
(`effacer_les_abandons`). `exportation.fichier_de` gives the same file back.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.etapes import EtapeInterdite, franchir
from votes.composition import cle_libre, slug_libre
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.pabulib import COLONNES_DU_LIEU, ENTIER, FichierPb, centimes, entier, hors_bornes, nommes
from votes.models import Bulletin, Enveloppe, Option, Scrutin
from votes.permissions import peut_reprendre
from votes.regles.election import Genre

journal = logging.getLogger(__name__)

LOT = 5_000  # ballots written together
ABANDON = timedelta(days=1)  # after which a vote that is still being written will never be
PROJETS_MAX = 30_000  # what the column of ranks holds
NOMBRE_MAX = 32_000  # what the columns of bounds hold
FORMES = {
    Genre.APPROBATION: Scrutin.Forme.APPROBATION,
    Genre.CHOIX: Scrutin.Forme.CHOIX,
    Genre.POINTS: Scrutin.Forme.POINTS,
    Genre.CLASSEMENT: Scrutin.Forme.CLASSEMENT,
}
CLE = re.compile(r"[A-Za-z0-9_-]{1,60}")
ORIGINE_MAX = Bulletin._meta.get_field("origine").max_length or 0
JOURS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%m.%Y", "%Y")

Avancement = Callable[[int, int], None]


@dataclass
class Reprise:
    """What a file would make here. `dit`: sentences for whoever decides."""

    scrutin: Scrutin
    budget: int | None
    options: list[Option]
    cles: dict[str, str]  # project_id -> key here
    nb_bulletins: int
    dit: list[str] = field(default_factory=list)


def preparer(fichier: FichierPb, *, titre: str = "") -> Reprise:
    """Check that this file can be taken; nothing is written. Raises FichierInvalide."""
    _exiger_des_longueurs(fichier)
    options, cles = _options(fichier)
    ouvre_le, ferme_le, dit = _dates(fichier)
    forme, regle = FORMES[fichier.genre], _regle(fichier)
    scrutin = Scrutin(
        titre=(titre or _titre(fichier))[:140],
        question=_("Quels projets financer ?"),
        description=fichier.dit("comment")[:5000],
        origine=Scrutin.Origine.FICHIER,
        regle=regle,
        parametres={"seuil": fichier.seuil} if fichier.seuil and regle != Scrutin.Regle.SCHULZE else {},
        forme=forme,
        ouvre_le=ouvre_le,
        ferme_le=ferme_le,
        entete={
            "format": "pb",
            "meta": [list(paire) for paire in fichier.meta.items()],  # a list: databases sort the keys of an object
            "colonnes_projets": list(fichier.colonnes_projets),
            "colonnes_votes": list(fichier.colonnes_votes),
            "fin_de_ligne": fichier.fin_de_ligne,
            "marque": fichier.marque,
            "finie": fichier.finie,
        },
        **_bornes(fichier),
    )
    if scrutin.regle == Scrutin.Regle.SCHULZE:
        dit.append(_("Ses bulletins classent les projets : ils seront comptés par duels, sans dépenser le budget."))
    if dehors := hors_bornes(fichier):
        dit.append(
            ngettext(
                "%(n)s bulletin sort des bornes que le fichier annonce (%(bornes)s), à la ligne %(lignes)s : il est repris et "
                "compté comme il est.",
                "%(n)s bulletins sortent des bornes que le fichier annonce (%(bornes)s), d’abord aux lignes %(lignes)s : ils "
                "sont repris et comptés comme ils sont.",
                len(dehors),
            )
            % {
                "n": len(dehors),
                "bornes": ", ".join(dict.fromkeys(dehors.values())),
                "lignes": ", ".join(str(fichier.lignes[place]) for place in list(dehors)[:5]),
            }
        )
    if fichier.budget == 0:
        raise FichierInvalide(_("le budget est nul : il n'y a rien à partager."))
    return Reprise(scrutin, fichier.budget, options, cles, len(fichier.votes), dit)


def _exiger_des_longueurs(fichier: FichierPb) -> None:
    if not fichier.projets:
        raise FichierInvalide(_("le fichier n'a aucun projet."))
    if len(fichier.projets) > PROJETS_MAX:
        raise FichierInvalide(_("le fichier a plus de %(n)s projets.") % {"n": PROJETS_MAX})
    place = fichier.colonnes_votes.index("voter_id")
    for cellules in fichier.votes:
        if len(cellules[place]) > ORIGINE_MAX:
            raise FichierInvalide(
                _("l'identifiant du bulletin « %(debut)s… » dépasse %(max)s caractères.")
                % {"debut": cellules[place][:30], "max": ORIGINE_MAX}
            )


def _titre(fichier: FichierPb) -> str:
    dits = [fichier.dit(cle) for cle in ("description", "unit", "instance")]
    return ", ".join(dict.fromkeys(dit for dit in dits if dit)) or _("Vote repris d’un fichier")


def _regle(fichier: FichierPb) -> str:
    if fichier.genre == Genre.CLASSEMENT:  # no rule that spends a budget counts rankings
        return Scrutin.Regle.SCHULZE
    dite = fichier.dit("rule")
    if dite.startswith("equalshares"):
        return Scrutin.Regle.PARTS_EGALES
    return Scrutin.Regle.PLUS_VOTES_SANS_SAUT if dite == "greedy-no-skip" else Scrutin.Regle.PLUS_VOTES


def _bornes(fichier: FichierPb) -> dict[str, int | None]:
    """Bounds of a ballot that the columns can hold; the others stay in the header."""

    def nombre(cle: str) -> int | None:
        texte = fichier.dit(cle)
        lu = entier(texte) if ENTIER.fullmatch(texte) else 0
        return lu if 0 < lu <= NOMBRE_MAX else None

    minimum, maximum = nombre("min_length") or 0, nombre("max_length")
    if maximum is not None and minimum > maximum:
        minimum, maximum = 0, None
    return {
        "choix_min": minimum,
        "choix_max": maximum,
        "points_total": nombre("max_sum_points"),
        "points_max": nombre("max_points"),
    }


def _dates(fichier: FichierPb) -> tuple[datetime, datetime, list[str]]:
    """From the first minute of its first day to the last of its last one; what could not be read is said."""
    fin = _jour(fichier.dit("date_end"))
    debut = _jour(fichier.dit("date_begin") or fichier.dit("instance")) or fin
    if debut is None:
        hier = timezone.now() - timedelta(days=1)
        return (
            hier,
            timezone.now(),
            [_("Le fichier ne dit pas quand ce vote a eu lieu : il porte la date d’aujourd’hui.")],
        )
    return debut, max(debut, fin or debut) + timedelta(days=1), []


def _jour(texte: str) -> datetime | None:
    for modele in JOURS:
        try:
            lu = datetime.strptime(texte.strip(), modele)  # noqa: DTZ007 - made aware below
        except ValueError:
            continue
        if 1800 <= lu.year <= 2200:
            return timezone.make_aware(datetime.combine(lu.date(), time())).astimezone(UTC)
    return None


def _options(fichier: FichierPb) -> tuple[list[Option], dict[str, str]]:
    ecrits = [fichier.cle(projet) for projet in fichier.projets]
    prises = {cle for cle in ecrits if CLE.fullmatch(cle)}
    cles: dict[str, str] = {}
    options = []
    for rang, (ecrit, projet) in enumerate(zip(ecrits, fichier.projets, strict=True), start=1):
        cle = ecrit
        if ecrit not in prises:
            cle = cle_libre(ecrit, prises | set(cles.values()))
        cles[ecrit] = cle
        options.append(_option(fichier, projet, cle, rang))
    return options, cles


def _option(fichier: FichierPb, projet: tuple[str, ...], cle: str, rang: int) -> Option:
    dits = dict(zip(fichier.colonnes_projets, map(str.strip, projet), strict=True))
    nom = dits.get("name") or dits["project_id"]
    texte = dits.get("description", "")
    if len(nom) > 200:
        texte = f"{nom}\n\n{texte}".strip()
    latitude, longitude = _lieu(dits)
    return Option(
        cle=cle,
        rang=rang,
        titre=nom[:200],
        texte=texte[:5000],
        proposee_par=dits.get("proposer", "")[:200],
        categorie=dits.get("category", "")[:80],
        cout=centimes(dits["cost"]),
        adresse=next((dits[nom] for nom in COLONNES_DU_LIEU if dits.get(nom)), "")[:200],
        latitude=latitude,
        longitude=longitude,
        entete={"cellules": list(projet)},
    )


def _lieu(dits: dict[str, str]) -> tuple[float | None, float | None]:
    try:
        latitude, longitude = float(dits.get("latitude", "")), float(dits.get("longitude", ""))
    except ValueError:
        return None, None
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        return latitude, longitude
    return None, None


# --- Writing ---------------------------------------------------------------------------------------------------------


def reprendre(fichier: FichierPb, *, par, titre: str = "", avancement: Avancement | None = None) -> Scrutin:
    """Write the vote, its list and its ballots, and close it: it can be counted. Raises FichierInvalide or EtapeInterdite.

    `avancement(ballots written, ballots)`.
    """
    reprise = preparer(fichier, titre=titre)
    if not peut_reprendre(reprise.scrutin, par):
        raise EtapeInterdite(_("Les votes passés sont repris par les agents."))
    enveloppe = _ecrire_la_liste(fichier, reprise)
    try:
        _ecrire_les_bulletins(fichier, reprise, enveloppe, avancement)
        franchir(reprise.scrutin.reprendre, par=par)
    except BaseException:
        _effacer_si_possible(enveloppe.scrutin_id)
        raise
    return reprise.scrutin


@transaction.atomic
def _ecrire_la_liste(fichier: FichierPb, reprise: Reprise) -> Enveloppe:
    scrutin = reprise.scrutin
    scrutin.slug = slug_libre(scrutin.titre)
    scrutin.save(force_insert=True)
    nom = fichier.dit("subunit") or fichier.dit("unit") or _("Tous les projets")
    enveloppe = Enveloppe.objects.create(scrutin=scrutin, nom=nom[:120], budget=reprise.budget)
    for option in reprise.options:
        option.scrutin, option.enveloppe = scrutin, enveloppe
    Option.objects.bulk_create(reprise.options, batch_size=LOT)
    return enveloppe


def _ecrire_les_bulletins(
    fichier: FichierPb, reprise: Reprise, enveloppe: Enveloppe, avancement: Avancement | None
) -> None:
    ecrits = 0
    for lot in _lots(_bulletins(fichier, reprise.scrutin, enveloppe, reprise.cles)):
        with transaction.atomic():
            Bulletin.objects.bulk_create(lot)
        ecrits += len(lot)
        if avancement is not None:
            avancement(ecrits, reprise.nb_bulletins)


def effacer_les_abandons() -> int:
    """Take away what a process that died was writing; how many votes."""
    abandons = Scrutin.objects.en_reprise().filter(cree_le__lt=timezone.now() - ABANDON)
    pks = list(abandons.values_list("pk", flat=True))
    for pk in pks:
        _effacer(pk)
    return len(pks)


def _effacer(pk: int) -> None:
    """Ballots first, by lots too. A vote that was closed meanwhile is left as it is."""
    if not Scrutin.objects.en_reprise().filter(pk=pk).exists():
        return
    bulletins = Bulletin.objects.filter(scrutin=pk).order_by("pk").values_list("pk", flat=True)
    while lot := list(bulletins[:LOT]):
        Bulletin.objects.filter(scrutin=pk, pk__lte=lot[-1]).delete()
    with transaction.atomic():
        Option.objects.filter(scrutin=pk).delete()
        Enveloppe.objects.filter(scrutin=pk).delete()
        Scrutin.objects.en_reprise().filter(pk=pk).delete()


def _effacer_si_possible(pk: int) -> None:
    try:
        _effacer(pk)
    except DatabaseError:
        journal.exception("reprise %s", pk)  # the clock will try again; what stopped the writing matters more here


def _lots(bulletins: Iterator[Bulletin]) -> Iterator[list[Bulletin]]:
    lot: list[Bulletin] = []
    for bulletin in bulletins:
        lot.append(bulletin)
        if len(lot) == LOT:
            yield lot
            lot = []
    if lot:
        yield lot


def _bulletins(fichier: FichierPb, scrutin: Scrutin, enveloppe: Enveloppe, cles: dict[str, str]) -> Iterator[Bulletin]:
    places = {nom: place for place, nom in enumerate(fichier.colonnes_votes)}
    depose_le = scrutin.ferme_le
    dits = {places[nom] for nom in ("voter_id", "vote", "points") if nom in places}
    if fichier.genre != Genre.POINTS and "points" in places:
        dits.discard(places["points"])
    projets = {cle: projet for projet, cle in cles.items()}
    for cellules in fichier.votes:
        notes = notes_de(fichier, cellules, cles)
        entete: dict[str, Any] = {}
        if reste := [cellule for place, cellule in enumerate(cellules) if place not in dits]:
            entete["cellules"] = reste
        if ecriture(notes, projets, fichier.genre) != ecrites(fichier, cellules):
            entete["ecrites"] = list(ecrites(fichier, cellules))
        yield Bulletin(
            scrutin=scrutin,
            enveloppe=enveloppe,
            origine=cellules[places["voter_id"]],
            notes=notes,
            entete=entete,
            depose_le=depose_le,
        )


def notes_de(fichier: FichierPb, cellules: tuple[str, ...], cles: dict[str, str]) -> dict[str, int]:
    """Values of one ballot by key of the option; 0 points are no support."""
    pris = [cles[projet] for projet in nommes(cellules[fichier.colonnes_votes.index("vote")])]
    if fichier.genre == Genre.POINTS:
        donnes = map(entier, nommes(cellules[fichier.colonnes_votes.index("points")]))
        return {cle: points for cle, points in zip(pris, donnes, strict=True) if points}
    if fichier.genre == Genre.CLASSEMENT:
        return {cle: rang for rang, cle in enumerate(pris, start=1)}
    return dict.fromkeys(pris, 1)


def ecrites(fichier: FichierPb, cellules: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of a ballot that say what it chooses: the projects, and their points."""
    vote = cellules[fichier.colonnes_votes.index("vote")]
    if fichier.genre == Genre.POINTS:
        return (vote, cellules[fichier.colonnes_votes.index("points")])
    return (vote,)


def ecriture(notes: dict[str, int], projets: dict[str, str], genre: Genre) -> tuple[str, ...]:
    """Cells of a ballot: a ranking by rank, anything else in the order of the list.

    `projets`: {key: name in the file}, in that order. The database does not keep the order of `notes`.
    """
    if genre == Genre.CLASSEMENT:
        return (",".join(projets[cle] for cle in sorted(notes, key=notes.__getitem__)),)
    pris = [cle for cle in projets if cle in notes] if len(notes) > 1 else list(notes)
    vote = ",".join(projets[cle] for cle in pris)
    return (vote, ",".join(str(notes[cle]) for cle in pris)) if genre == Genre.POINTS else (vote,)
