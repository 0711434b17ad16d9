"""Two options become one, with the consent of the authors of the two ideas that they come from.

Ideas still open are united by `idees.fusion`, which stays there: here, the list follows. Ideas that have their answer stay
apart: their authors are asked whether they go to the vote together (`Jonction`).
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees.models import Fusion, Idee
from notifications import cercles
from socle.permissions import SYSTEME
from timeline.etapes import EtapeImpossible, EtapeInvalide, franchir
from timeline.journal import consigner
from votes import reglement
from votes.composition import la_sienne
from votes.models import Jonction, Option, Scrutin

VAUT_POUR_DEUX = gettext_lazy("Cette proposition vaut déjà pour deux idées : gardez-la, et joignez-lui l’autre.")
_AVEC = ", avec "  # between the names of those who propose one option


@dataclass(frozen=True)
class Accord:
    """What may be done with two options: `gardee` keeps on for both; else `refus` says why not.

    `a_reunir`: the two ideas may still be united, by their own page. `a_demander`: their authors may be asked here.
    """

    gardee: Option | None = None
    jointe: Option | None = None
    refus: str = ""
    a_reunir: bool = False
    a_demander: bool = False


def accord_sur(une: Option, autre: Option) -> Accord:
    """May one of these two stand for both?"""
    if une.pk == autre.pk or une.scrutin_id != autre.scrutin_id:
        return Accord(refus=_("Choisissez deux propositions différentes de ce vote."))
    if une.idee is None or autre.idee is None:
        return Accord(
            refus=_("Une de ces propositions ne vient pas d’une idée : personne ne peut donner son accord pour elle.")
        )
    if (menee := _mene_a(une.idee, autre.idee)) is not None:
        gardee, jointe = autre, une
    elif (menee := _mene_a(autre.idee, une.idee)) is not None:
        gardee, jointe = une, autre
    else:
        if {une.idee.etat, autre.idee.etat} <= set(Idee.ETATS_SOUTENABLES):
            return Accord(
                refus=_("Ces deux idées ne sont pas réunies : leurs auteurs donnent d’abord leur accord."),
                a_reunir=True,
            )
        return _a_demander(une, autre)
    if not menee:
        return Accord(
            refus=_(
                "Ces deux idées ont été réunies sans l’accord de leurs deux auteurs : les deux propositions restent."
            )
        )
    return Accord(gardee=gardee, jointe=jointe)


def _a_demander(une: Option, autre: Option) -> Accord:
    """One has its answer, and does not change any more: they may still stand together, if their authors say so."""
    # Of the ideas: an option that was taken out and put back is the same question.
    entre = Jonction.objects.filter(scrutin=une.scrutin_id).filter(
        Q(idee_gardee=une.idee_id, idee_jointe=autre.idee_id) | Q(idee_gardee=autre.idee_id, idee_jointe=une.idee_id)
    )
    derniere = entre.order_by("-pk").first()
    if derniere is not None and derniere.etat == Jonction.Etat.REFUSEE:
        return Accord(refus=_("Un des auteurs a dit non : les deux propositions restent."))
    if derniere is not None and derniere.etat == Jonction.Etat.PROPOSEE:
        return Accord(refus=_("La question est posée à leurs auteurs : attendez leur réponse."))
    idees = [option.idee for option in (une, autre) if option.idee is not None]
    if not all(map(_peut_etre_demandee, idees)):
        return Accord(refus=_("L’auteur d’une de ces idées n’a plus de compte : personne ne peut donner son accord."))
    if any(idee.est_masquee for idee in idees):
        return Accord(refus=_("La modération a masqué une de ces deux idées."))
    if idees_jointes(autre):
        return Accord(refus=str(VAUT_POUR_DEUX))
    return Accord(
        refus=_("Une de ces idées a déjà sa réponse : elle ne change plus. Leurs auteurs peuvent accepter qu’elles aillent "
                "ensemble au vote."),
        a_demander=True,
    )  # fmt: skip


def _peut_etre_demandee(idee) -> bool:
    """Somebody may still answer for it: with an account, or holding its letter."""
    return idee.auteur_id is not None or bool(cercles.auteur_sans_compte(idee))


def _mene_a(source: Idee, cible: Idee) -> bool | None:
    """Did this idea join the other, itself or by those that it joined? None: no; else, did all the authors agree?"""
    consentie, vues = True, set()
    while source.pk != cible.pk:
        if source.fusionnee_dans is None or source.pk in vues:
            return None
        vues.add(source.pk)
        fusion = Fusion.objects.effectives().filter(source=source).first()
        consentie = consentie and fusion is not None and fusion.accords_reunis()
        source = source.fusionnee_dans
    return consentie


@transaction.atomic
def joindre(une: Option, autre: Option, *, par) -> Option:
    """Keep one option for both, whose page names both authors; the other leaves the list. Returns the one that is kept.

    Raises EtapeInterdite, EtapeImpossible, or EtapeInvalide (no consent).
    """
    premiere, seconde = sorted((une, autre), key=lambda option: option.pk)  # always locked in the same order
    premiere, seconde = la_sienne(premiere, par=par), la_sienne(seconde, par=par)
    accord = accord_sur(premiere, seconde)
    if accord.refus:
        raise EtapeInvalide(accord.refus)
    gardee, jointe = accord.gardee, accord.jointe
    if gardee is None or jointe is None:  # said to the type checker
        raise EtapeImpossible(_("Cette proposition n’est plus dans la liste : un ou une collègue l’a retirée."))
    return _unir(gardee, jointe, par=par)


def _unir(gardee: Option, jointe: Option, *, par) -> Option:
    """The list with one for both. Callers hold the vote, in preparation. Raises EtapeInvalide."""
    if idees_jointes(jointe):
        # Its authors agreed to what stands here, and not to what would take it in.
        raise EtapeInvalide(str(VAUT_POUR_DEUX))
    if jointe.proposee_par and jointe.proposee_par not in gardee.proposee_par.split(_AVEC):
        ensemble = f"{gardee.proposee_par}{_AVEC}{jointe.proposee_par}"
        gardee.proposee_par = (ensemble if gardee.proposee_par else jointe.proposee_par)[:200]
    lignee = {
        "gardee": gardee.cle,
        "jointe": jointe.cle,
        "titre_joint": jointe.titre,
        "idees": [gardee.idee_id, jointe.idee_id],
    }
    jointe.delete()
    gardee.save(update_fields=["proposee_par"])
    projet = gardee.scrutin.projet_du_journal()
    consigner("votes.option.joindre", cible=gardee, projet=projet, par=par, publique=False, donnees=lignee)
    return gardee


# --- Asking the authors ------------------------------------------------------------------------------------------


@transaction.atomic
def demander(gardee: Option, jointe: Option, *, par, motif: str) -> Jonction:
    """Ask the authors of both ideas whether one option may stand for both; `gardee` would stay.

    Raises EtapeInterdite, EtapeImpossible (already asked) or EtapeInvalide (`accord_sur` says why).
    """
    premiere, seconde = sorted((gardee, jointe), key=lambda option: option.pk)
    tenues = {option.pk: la_sienne(option, par=par) for option in (premiere, seconde)}
    gardee, jointe = tenues[gardee.pk], tenues[jointe.pk]
    accord = accord_sur(gardee, jointe)
    if not accord.a_demander or gardee.idee is None or jointe.idee is None:
        raise EtapeInvalide(accord.refus or _("Ces deux idées sont déjà réunies : joignez leurs propositions."))
    occupees = Jonction.objects.proposees().filter(Q(gardee__in=[gardee, jointe]) | Q(jointe__in=[gardee, jointe]))
    if occupees.exists():
        raise EtapeImpossible(_("Une autre jonction est déjà proposée pour une de ces propositions."))
    jonction = Jonction.objects.create(
        scrutin=gardee.scrutin,
        gardee=gardee,
        jointe=jointe,
        titre_garde=gardee.titre,
        titre_joint=jointe.titre,
        idee_gardee=gardee.idee,
        idee_jointe=jointe.idee,
        motif=motif,
        proposee_par=par,
    )
    projet = jonction.projet_du_journal()
    consigner("votes.jonction.demander", cible=jonction, projet=projet, par=par, publique=False)
    return jonction


def conclure_si_d_accord(jonction: Jonction, *, par) -> None:
    """Follow-up of an agreement: the second one joins the two."""
    if jonction.accords_reunis():
        franchir(jonction.effectuer, par=par)


def prendre_effet(jonction: Jonction, *, par) -> None:
    """Follow-up of both agreements. The vote is held by the step itself."""
    if jonction.gardee is None or jonction.jointe is None:  # said to the type checker: the step has looked
        raise EtapeImpossible(_("Une de ces propositions n’est plus dans la liste."))
    _unir(jonction.gardee, jonction.jointe, par=par)


def figer(scrutin: Scrutin, *, par) -> None:
    """Follow-up of the announcement: the list is closed, and so are the questions that nobody answered."""
    reglement.figer(scrutin, par=par)
    for jonction in Jonction.objects.proposees().filter(scrutin=scrutin).order_by("pk"):
        franchir(jonction.abandonner, par=SYSTEME)


def idees_jointes(option: Option) -> list[Idee]:
    """Ideas that this option stands for beside its own."""
    effectives = Jonction.objects.effectives().filter(gardee=option).select_related("idee_jointe")
    return [jonction.idee_jointe for jonction in effectives.order_by("pk")]
