"""A vote as a file that anybody can count again: Pabulib's `.pb`, or a table of grades.

A vote that came from a file gives the same file back. Ballots of people here bear neither name nor account nor date nor
place, in an order drawn for each file; nothing of them leaves before the proclamation (`exiger_lisible`).
"""

import secrets
from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from socle.tableur import en_csv
from timeline.etapes import EtapeImpossible
from votes.fichiers.pabulib import GENRES, FichierPb
from votes.fichiers.pabulib import fichier_de as fichier_d_une_election
from votes.models import Bulletin, Enveloppe, Scrutin
from votes.reglement import parametres_publies
from votes.regles.election import Genre
from votes.reprise import ecriture
from votes.urne import PAR_LECTURE, election_de

REGLES_PB = {
    Scrutin.Regle.PLUS_VOTES: "greedy",
    Scrutin.Regle.PLUS_VOTES_SANS_SAUT: "greedy-no-skip",
    Scrutin.Regle.PARTS_EGALES: "equalshares/add1",
}


def exiger_lisible(scrutin: Scrutin) -> None:
    """What people voted here is read by everybody at the same time; what came from a public file already was.

    Raises EtapeImpossible.
    """
    if not scrutin.est_proclame and not scrutin.est_repris:
        raise EtapeImpossible(
            _("Les bulletins se lisent une fois les résultats proclamés, par tout le monde en même temps.")
        )


def fichier_de(scrutin: Scrutin, enveloppe: Enveloppe) -> FichierPb:
    """Raises EtapeImpossible (not yet), or ValueError: the format cannot hold grades."""
    exiger_lisible(scrutin)
    return _repris(scrutin) if scrutin.est_repris else _du_site(scrutin, enveloppe)


def _repris(scrutin: Scrutin) -> FichierPb:
    entete = scrutin.entete
    meta = dict(entete["meta"])
    options = list(scrutin.options.all())
    cle = entete["colonnes_projets"].index("project_id")
    projets = {option.cle: option.entete["cellules"][cle].strip() for option in options}
    return FichierPb(
        meta=meta,
        colonnes_projets=tuple(entete["colonnes_projets"]),
        projets=tuple(tuple(option.entete["cellules"]) for option in options),
        colonnes_votes=tuple(entete["colonnes_votes"]),
        votes=tuple(_lignes(scrutin, projets, GENRES[meta["vote_type"].strip()])),
        fin_de_ligne=entete["fin_de_ligne"],
        marque=entete["marque"],
        finie=entete["finie"],
    )


def _lignes(scrutin: Scrutin, projets: dict[str, str], genre: Genre) -> Iterator[tuple[str, ...]]:
    """Ballots in the order of the file, each cell in its column."""
    colonnes = scrutin.entete["colonnes_votes"]
    dites = ("vote", "points") if genre == Genre.POINTS else ("vote",)
    lus = Bulletin.objects.filter(scrutin=scrutin).order_by("pk").values_list("origine", "notes", "entete")
    for origine, notes, entete in lus.iterator(chunk_size=PAR_LECTURE):
        cellules = entete.get("ecrites") or ecriture(notes, projets, genre)
        par_nom = {"voter_id": origine, **dict(zip(dites, cellules, strict=True))}
        reste = iter(entete.get("cellules", ()))
        yield tuple(par_nom[nom] if nom in par_nom else next(reste) for nom in colonnes)


def _du_site(scrutin: Scrutin, enveloppe: Enveloppe) -> FichierPb:
    election = election_de(scrutin, enveloppe)
    if election.genre == Genre.MENTIONS:
        raise ValueError(_("Le format .pb ne sait pas écrire des mentions."))
    # Alike ballots apart again, without the place of whoever cast them, in an order that tells nothing.
    bulletins = [replace(un, poids=1, territoire="") for un in election.bulletins for _fois in range(un.poids)]
    secrets.SystemRandom().shuffle(bulletins)
    elues = [option.cle for option in enveloppe.options.all() if option.est_elue]
    fichier = fichier_d_une_election(
        replace(election, bulletins=tuple(bulletins)), meta=_meta(scrutin, enveloppe), retenues=elues
    )
    colonnes = fichier.colonnes_votes
    sans_lieu = colonnes.index("district")
    return replace(
        fichier,
        colonnes_votes=tuple(nom for nom in colonnes if nom != "district"),
        votes=tuple(cellules[:sans_lieu] + cellules[sans_lieu + 1 :] for cellules in fichier.votes),
    )


def _meta(scrutin: Scrutin, enveloppe: Enveloppe) -> dict[str, str]:
    jours = [timezone.localdate(instant).strftime("%d.%m.%Y") for instant in (scrutin.ouvre_le, scrutin.ferme_le)]
    parametres = parametres_publies(scrutin, [])
    regle = REGLES_PB.get(Scrutin.Regle(scrutin.regle), "unknown")
    if scrutin.regle == Scrutin.Regle.PARTS_EGALES and not parametres.pas:
        regle = "equalshares"  # no raise of what each ballot has
    meta = {
        "description": scrutin.titre,
        "country": "France",
        "unit": enveloppe.nom,
        "instance": str(timezone.localdate(scrutin.ouvre_le).year),
        "rule": regle,
        "date_begin": jours[0],
        "date_end": jours[1],
        "min_length": str(scrutin.choix_min or ""),
        "max_length": str(scrutin.choix_max or ""),
        "max_points": str(scrutin.points_max or ""),
        "max_sum_points": str(scrutin.points_total or ""),
        "min_project_score_threshold": str(parametres.seuil or "") if scrutin.depense else "",
        "language": "fr",
        "currency": "EUR",
    }
    return {cle: " ".join(valeur.split()) for cle, valeur in meta.items() if valeur}


def mentions_en_csv(scrutin: Scrutin, enveloppe: Enveloppe) -> Iterator[str]:
    """The grades that people gave: a line for each ballot, a column for each option. Raises EtapeImpossible."""
    exiger_lisible(scrutin)
    options = list(enveloppe.options.en_lice())
    election = election_de(scrutin, enveloppe)
    bulletins = [dict(un.notes) for un in election.bulletins for _fois in range(un.poids)]
    secrets.SystemRandom().shuffle(bulletins)
    lignes = (
        [scrutin.mentions[notes[place]] if place in notes else "" for place in range(len(options))]
        for notes in bulletins
    )
    return en_csv([option.cle for option in options], lignes)
