"""Is this ballot one that the published rules admit? Sentences for the person; the bounds are those of the vote."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from votes.models import Enveloppe, Option, Scrutin
from votes.montants import en_monnaie
from votes.reglement import doit_tout_donner, moments_de


def verifier(scrutin: Scrutin, enveloppe: Enveloppe, notes: Mapping[str, int]) -> list[str]:
    """What is wrong with these values, one sentence each; empty when nothing is. A ballot without any is a blank one."""
    options = {option.cle: option for option in enveloppe.options.all()}
    inconnues = [cle for cle in notes if cle not in options]
    if inconnues:
        return [_("Une proposition choisie ne fait pas partie de ce vote.")]
    if any(type(valeur) is not int for valeur in notes.values()):
        return [_("Une valeur de ce bulletin n’est pas un nombre entier.")]
    torts = [
        _("« %(option)s » a été retirée du vote : %(motif)s")
        % {"option": options[cle].titre, "motif": options[cle].motif_retrait}
        for cle in notes
        if options[cle].est_retiree
    ]
    if not notes:
        return torts
    return torts + _DE_LA_FORME[Scrutin.Forme(scrutin.forme)](scrutin, enveloppe, [options[c] for c in notes], notes)


def _choix(scrutin, enveloppe, choisies: list[Option], notes) -> list[str]:
    return [_("Choisissez une seule proposition.")] if len(choisies) != 1 or set(notes.values()) != {1} else []


def _approbation(scrutin, enveloppe, choisies, notes) -> list[str]:
    if set(notes.values()) != {1}:
        return [_("Une proposition se coche une seule fois.")]
    return _nombre(scrutin, choisies)


def _nombre(scrutin, choisies) -> list[str]:
    if scrutin.choix_max and len(choisies) > scrutin.choix_max:
        return [
            _("Vous avez choisi %(n)s propositions : %(max)s au plus.") % {"n": len(choisies), "max": scrutin.choix_max}
        ]
    if len(choisies) < scrutin.choix_min:
        return [
            ngettext(
                "Vous avez choisi %(n)s proposition : %(min)s au moins, ou aucune pour voter blanc.",
                "Vous avez choisi %(n)s propositions : %(min)s au moins, ou aucune pour voter blanc.",
                len(choisies),
            )
            % {"n": len(choisies), "min": scrutin.choix_min}
        ]
    return []


def _sac(scrutin, enveloppe, choisies, notes) -> list[str]:
    torts = _approbation(scrutin, enveloppe, choisies, notes)
    total = sum(option.cout or 0 for option in choisies)
    if enveloppe.budget is not None and total > enveloppe.budget:
        torts.append(
            _("Votre choix coûte %(total)s : il dépasse le budget de %(budget)s.")
            % {"total": en_monnaie(total), "budget": en_monnaie(enveloppe.budget)}
        )
    return torts


def _points(scrutin, enveloppe, choisies, notes) -> list[str]:
    if moments := moments_de(scrutin):
        if all(1 <= valeur <= len(moments) for valeur in notes.values()):
            return _nombre(scrutin, choisies)
        return [_("Un moment choisi n’existe pas dans ce vote.")]
    torts = []
    if any(valeur < 1 for valeur in notes.values()):
        torts.append(_("Un nombre de points ne peut pas être négatif."))
    if scrutin.points_total and sum(notes.values()) > scrutin.points_total:
        torts.append(
            _("Vous avez donné %(n)s points : %(max)s au plus en tout.")
            % {"n": sum(notes.values()), "max": scrutin.points_total}
        )
    elif doit_tout_donner(scrutin) and sum(notes.values()) != scrutin.points_total:
        torts.append(
            ngettext(
                "Vous avez donné %(n)s point : il faut donner les %(total)s, ou aucun pour voter blanc.",
                "Vous avez donné %(n)s points : il faut donner les %(total)s, ou aucun pour voter blanc.",
                sum(notes.values()),
            )
            % {"n": sum(notes.values()), "total": scrutin.points_total}
        )
    if scrutin.points_max and any(valeur > scrutin.points_max for valeur in notes.values()):
        torts.append(
            ngettext(
                "%(max)s point au plus pour une proposition.",
                "%(max)s points au plus pour une proposition.",
                scrutin.points_max,
            )
            % {"max": scrutin.points_max}
        )
    return torts + _nombre(scrutin, choisies)


def _mentions(scrutin, enveloppe, choisies, notes) -> list[str]:
    if not all(0 <= valeur < len(scrutin.mentions) for valeur in notes.values()):
        return [_("Une mention choisie n’existe pas dans ce vote.")]
    return []


def _classement(scrutin, enveloppe, choisies, notes) -> list[str]:
    if sorted(notes.values()) != list(range(1, len(notes) + 1)):
        return [_("Classez vos propositions 1, 2, 3… sans en sauter et sans ex æquo.")]
    return _nombre(scrutin, choisies)


_DE_LA_FORME = {
    Scrutin.Forme.CHOIX: _choix,
    Scrutin.Forme.APPROBATION: _approbation,
    Scrutin.Forme.SAC: _sac,
    Scrutin.Forme.POINTS: _points,
    Scrutin.Forme.MENTIONS: _mentions,
    Scrutin.Forme.CLASSEMENT: _classement,
}
