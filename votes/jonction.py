"""Two options become one, when the two ideas that they come from were united with the consent of their authors.

Uniting ideas is `idees.fusion`, and stays there: here, the list follows.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from idees.models import Fusion, Idee
from timeline.etapes import EtapeImpossible, EtapeInvalide
from timeline.journal import consigner
from votes.composition import la_sienne
from votes.models import Option


@dataclass(frozen=True)
class Accord:
    """What may be done with two options: `gardee` keeps on for both; else `refus` says why not.

    `a_reunir`: the two ideas may still be united, by their own page.
    """

    gardee: Option | None = None
    jointe: Option | None = None
    refus: str = ""
    a_reunir: bool = False


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
        return Accord(
            refus=_(
                "Ces deux idées ne sont pas réunies, et l’une a déjà sa réponse : elle ne change plus. Gardez les deux propositions."
            )
        )
    if not menee:
        return Accord(
            refus=_(
                "Ces deux idées ont été réunies sans l’accord de leurs deux auteurs : les deux propositions restent."
            )
        )
    return Accord(gardee=gardee, jointe=jointe)


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
    if jointe.proposee_par and jointe.proposee_par not in gardee.proposee_par:
        ensemble = _("%(une)s, avec %(autre)s") % {"une": gardee.proposee_par, "autre": jointe.proposee_par}
        gardee.proposee_par = (ensemble if gardee.proposee_par else jointe.proposee_par)[:200]
    lignee = {
        "gardee": gardee.cle,
        "jointe": jointe.cle,
        "titre_joint": jointe.titre,
        "idees": [gardee.idee_id, jointe.idee_id],
    }
    jointe.delete()
    gardee.save(update_fields=["proposee_par"])
    consigner(
        "votes.option.joindre",
        cible=gardee,
        projet=gardee.scrutin.projet_du_journal(),
        par=par,
        publique=False,
        donnees=lignee,
    )
    return gardee
