"""The one road for every change of state."""

import logging
from dataclasses import dataclass
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_fsm import FSMField
from django_fsm import transition as transition_fsm

from socle.permissions import SYSTEME
from timeline.journal import consigner
from timeline.models import Entree

journal = logging.getLogger(__name__)


class EtapeRefusee(Exception):
    """Base of what `franchir` refuses; `str()` is a sentence for the person, `retour` the page from which she may go on."""

    statut = 409

    def __init__(self, message="", *, retour=""):
        super().__init__(message)
        self.retour = retour


class EtapeImpossible(EtapeRefusee):
    """Not from this state, or somebody was faster."""


class EtapeInterdite(EtapeRefusee):
    """Not for this person."""

    statut = 403


class EtapeInvalide(EtapeRefusee):
    """The object lacks what this step requires; `champ` names the field to mend, if one does."""

    statut = 400

    def __init__(self, message, champ=None, *, retour=""):
        super().__init__(message, retour=retour)
        self.champ = champ


class TropVite(EtapeRefusee):
    """Too much, in too short a time, from the same hand."""

    statut = 429


@dataclass(frozen=True)
class Etiquette:
    """How a transition is shown and told. `publique`: does everybody read it on the chronology?"""

    libelle: str | Promise
    publique: bool = True
    #: Words of the confirmation, for a step that cannot be taken back.
    prevenir: str | Promise = ""
    #: Dotted path of the form that this step asks for, e.g. the reason of a refusal.
    formulaire: str = ""
    #: Drawn as the main button of its page.
    principale: bool = False
    #: Taken by the house or by another step only (clock, threshold, answer): no button is ever drawn.
    automatique: bool = False
    #: Dotted path of what this step brings to other objects, `suite(objet, *, par, **arguments)`, same transaction.
    suite: str = ""


def transition(*, champ="etat", de, vers, permission, etiquette: Etiquette, conditions=()):
    """django-fsm's decorator with what this house always wants said: explicit sources, a predicate, a label."""
    return transition_fsm(
        field=champ,
        source=[str(etat) for etat in de],
        target=str(vers),
        permission=permission,
        conditions=list(conditions),
        custom={"etiquette": etiquette},
    )


def champ_d_etat(modele) -> FSMField:
    """The state field of a machine."""
    return next(champ for champ in modele._meta.concrete_fields if isinstance(champ, FSMField))


def transitions_de(modele) -> dict[str, list]:
    """Every transition of a machine, in the order of its file: {name: [one django_fsm.Transition per source]}."""
    return _transitions_de(modele)


@cache
def _transitions_de(modele) -> dict[str, list]:
    par_nom: dict[str, list] = {}
    toutes = champ_d_etat(modele).get_all_transitions(modele)
    for etape in sorted(toutes, key=lambda t: t.method.__code__.co_firstlineno):
        par_nom.setdefault(etape.name, []).append(etape)
    return par_nom


def _prevue(objet, nom):
    """The transition of that name from the present state, or None."""
    etat = getattr(objet, champ_d_etat(type(objet)).name)
    return next((t for t in transitions_de(type(objet)).get(nom, ()) if t.source == etat), None)


def etiquette_de(objet, nom) -> Etiquette:
    return transitions_de(type(objet))[nom][0].custom["etiquette"]


def transitions_ouvertes(objet, personne) -> list[tuple[str, Etiquette]]:
    """What this person may do now: the buttons of a page."""
    ouvertes = []
    for nom in transitions_de(type(objet)):
        etape = _prevue(objet, nom)
        if (
            etape
            and not etape.custom["etiquette"].automatique
            and etape.has_perm(objet, personne)
            and objet.se_propose(nom)
        ):
            ouvertes.append((nom, etape.custom["etiquette"]))
    return sorted(ouvertes, key=lambda paire: not paire[1].principale)


def franchir(transition, *, par, donnees=None, lu=None, **arguments) -> Entree:
    """Take one step of an object's life: check, change, save and write it in the journal, all or nothing.

    `transition` is the bound method (`idee.publier`), `par` a person or SYSTEME. `arguments` go to the method, which
    may return a dict for the journal; `donnees` adds to it. `lu` is the wording that `par` has read, when her page says it
    (`EtatsProteges.lecture`): nobody decides on words that changed meanwhile. The object is read again under a lock first,
    so unsaved changes of other fields are dropped. Raises EtapeImpossible (409), EtapeInterdite (403) or EtapeInvalide (400);
    nothing is then written and the object is as before.
    """
    objet, nom = transition.__self__, transition.__name__
    champ = champ_d_etat(type(objet))
    vu = getattr(objet, champ.name)
    with transaction.atomic():
        objet.refresh_from_db(from_queryset=type(objet)._base_manager.select_for_update(of=("self",)))
        depart = getattr(objet, champ.name)
        if depart != vu:
            raise EtapeImpossible(raison(objet, par), retour=objet.adresse_apres(par) or objet.get_absolute_url())
        if lu is not None and lu != objet.lecture:
            raise EtapeImpossible(_("Ce texte a changé pendant que vous le lisiez. Relisez-le, puis décidez."))
        prevue = prevoir(objet, nom, par)
        avant = dict(objet.__dict__)
        try:
            dites = transition(par=par, **arguments) or {}
            changes = [c.attname for c in objet._meta.concrete_fields if objet.__dict__[c.attname] != avant[c.attname]]
            with objet.franchissement():
                objet.save(update_fields=changes)
            entree = consigner(
                f"{objet.famille}.{nom}",
                cible=objet,
                projet=objet.projet_du_journal(),
                par=par,
                publique=prevue.custom["etiquette"].publique,
                donnees={"de": depart, "vers": getattr(objet, champ.name), **dites, **(donnees or {})},
            )
            if suite := prevue.custom["etiquette"].suite:
                import_string(suite)(objet, par=par, **arguments)
            return entree
        except BaseException:
            objet.__dict__.clear()
            objet.__dict__.update(avant)
            raise


def franchir_a_l_heure(transition) -> bool:
    """A step that the clock takes. False when somebody was faster, or moved the dates meanwhile; a row that fails is logged
    and does not stop the others."""
    try:
        franchir(transition, par=SYSTEME)
    except EtapeRefusee:
        return False
    except Exception:
        objet = transition.__self__
        journal.exception("%s %s : l'étape %s n'a pas pu être franchie", objet.famille, objet.pk, transition.__name__)
        return False
    return True


def prevoir(objet, nom, par):
    """The transition that `par` may take now. Raises EtapeImpossible (state) or EtapeInterdite (person)."""
    prevue = _prevue(objet, nom)
    if prevue is None:
        raise EtapeImpossible(raison(objet, par), retour=objet.adresse_apres(par) or objet.get_absolute_url())
    if not prevue.has_perm(objet, par):
        raise EtapeInterdite(objet.pourquoi_pas(par) or _("Votre compte ne permet pas cette action."))
    return prevue


def exiger_un_bouton(etiquette: Etiquette) -> None:
    """Nobody asks for what the house does by itself. Raises EtapeImpossible."""
    if etiquette.automatique:
        raise EtapeImpossible(
            _("Personne ne demande cette étape : elle vient d’elle-même, à son heure ou après une autre.")
        )


def raison(objet, personne=None) -> str:
    """One sentence for this person: what happened meanwhile, so that this step is no longer possible."""
    etat = getattr(objet, f"get_{champ_d_etat(type(objet)).name}_display")()
    derniere = Entree.objects.sur(objet).select_related("par").first()
    if derniere is None:
        return _("Cette action n’est pas possible : l’état est « %(etat)s ».") % {"etat": etat}
    if objet.nomme_qui(derniere, personne):
        phrase = _(
            "Cette action n’est plus possible : %(qui)s a agi ici le %(quand)s. L’état est maintenant « %(etat)s »."
        )
    else:
        phrase = _("Cette action n’est plus possible depuis le %(quand)s. L’état est maintenant « %(etat)s ».")
    phrase %= {
        "qui": derniere.nom_de_l_auteur,
        "quand": date_format(timezone.localtime(derniere.le), "j F Y, H:i"),
        "etat": etat,
    }
    choisi = objet.ce_qui_est_choisi() if hasattr(objet, "ce_qui_est_choisi") else ""
    return f"{phrase} {choisi}" if choisi else phrase
