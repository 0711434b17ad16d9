"""Drafts: found again by the key of their form, held by a browser until an account takes them, forgotten in the end."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from idees.depositaires import lacher, tenir
from idees.models import Idee, Photo
from idees.permissions import est_autrice, est_de_l_equipe, peut_effacer
from idees.photos import oublier_les_fichiers
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite

GARDE = timedelta(days=7)  # of a draft that no account has taken
PAR_PASSAGE = 200
CLE_ORIGINES = "idees_origines"
CONTENU = ("titre", "texte", "thematique_id", "territoire_id", "lieu", "latitude", "longitude")


class DejaEnvoyee(EtapeImpossible):
    """This form has done its work: `idee` is what came of it."""

    def __init__(self, idee):
        super().__init__(_("Cette idée est déjà envoyée : elle ne change plus."))
        self.idee = idee


def ouvrir(idee, *, par) -> Idee:
    """The row of this draft, locked, in a transaction: created if this form has none yet.

    Two tabs, a double click, a retry, an autosave that races with the sending: the key is unique, so all find the same
    row. Raises DejaEnvoyee, or EtapeInterdite when it is somebody else's.
    """
    cle = None if idee.pk else idee.cle_saisie
    if cle:
        depart = {"boite": idee.boite, "auteur": idee.auteur}
        idee, _nouvelle = Idee.objects.get_or_create(cle_saisie=cle, defaults=depart)
    if idee.pk:
        idee = Idee.objects.select_for_update(of=("self",)).select_related("boite__etape__projet").get(pk=idee.pk)
    if cle and idee.auteur_id is None and est_connectee(par) and idee.etat == Idee.Etat.BROUILLON:
        idee.auteur = par
    if not _est_sienne(idee, par, par_sa_cle=bool(cle)):
        raise EtapeInterdite(_("Seules les personnes qui écrivent une idée peuvent la modifier."))
    if idee.etat != Idee.Etat.BROUILLON:
        raise DejaEnvoyee(idee)
    return idee


def _est_sienne(idee, par, *, par_sa_cle) -> bool:
    """The key of a form is known to the browser that got it, and to nobody else: it opens a draft without author."""
    if idee.pk is None:
        return idee.auteur_id == par.pk
    return est_de_l_equipe(idee, par) or (par_sa_cle and idee.auteur_id is None and not est_connectee(par))


# --- Without an account, then with one ------------------------------------------------------------------------------


def garder_pour_plus_tard(request, idee, origine=None) -> None:
    """This browser holds the draft. `origine`: key of the form when it already had a row, of a session now over."""
    tenir(request, idee)
    if origine and origine != idee.cle_saisie:
        origines = request.session.get(CLE_ORIGINES, {})
        request.session[CLE_ORIGINES] = {**origines, str(idee.pk): str(origine)}


@transaction.atomic
def attribuer(request, idee) -> Idee:
    """Give a draft that this browser holds to the account that has just signed in.

    When it was written over a draft of that account, whose session had expired meanwhile, the two become one again; when
    that one was sent in between, it is the answer.
    """
    idee = Idee.objects.select_for_update(of=("self",)).get(pk=idee.pk)
    origine = request.session.get(CLE_ORIGINES, {}).pop(str(idee.pk), None)
    sienne = Idee.objects.select_for_update(of=("self",)).filter(cle_saisie=origine, auteur=request.user).first()
    lacher(request, idee)
    if origine is None or sienne is None:
        idee.auteur = request.user
        idee.save(update_fields=["auteur"])
        return idee
    if sienne.etat == Idee.Etat.BROUILLON:
        _reunir(idee, sienne)
    _supprimer(Idee.objects.filter(pk=idee.pk))
    return sienne


def _reunir(neuve, ancienne) -> None:
    """The later words win; pictures add up, as far as there is room."""
    for champ in CONTENU:
        setattr(ancienne, champ, getattr(neuve, champ))
    ancienne.save(update_fields=[champ.removesuffix("_id") for champ in CONTENU])
    prises = ancienne.photos.count()
    for rang, photo in enumerate(list(neuve.photos.all()[: Photo.RANG_MAX - prises]), start=prises + 1):
        photo.idee, photo.rang = ancienne, rang
        photo.save(update_fields=["idee", "rang"])


# --- Forgetting -----------------------------------------------------------------------------------------------------


@transaction.atomic
def oublier_les_abandons() -> int:
    """Delete drafts that no account took in a week, pictures included; how many. At most a few hundred a beat."""
    vieux = Idee.objects.filter(
        Idee.jamais_envoyees(), auteur__isnull=True, cree_le__lt=timezone.now() - GARDE
    ).order_by("pk")
    # Locked: an account that takes one at this moment goes first or finds it gone, never half of it.
    pris = [idee.pk for idee in vieux.select_for_update(of=("self",))[:PAR_PASSAGE]]
    _supprimer(Idee.objects.filter(pk__in=pris))
    return len(pris)


@transaction.atomic
def jeter(idee, *, par) -> None:
    """Delete a draft whose author says that she does not need it. Raises EtapeInterdite or EtapeImpossible (sent meanwhile).

    Pressed twice, it is gone all the same.
    """
    idee = Idee.objects.select_for_update(of=("self",)).filter(pk=idee.pk).first()
    if idee is None:
        return
    if not est_autrice(idee, par):
        raise EtapeInterdite(_("Seules les personnes qui écrivent une idée peuvent la modifier."))
    if not peut_effacer(idee, par):
        raise DejaEnvoyee(idee)
    _supprimer(Idee.objects.filter(pk=idee.pk))


def oublier_de(personne) -> None:
    """Her drafts, when she closes her account: nobody else ever saw them."""
    _supprimer(Idee.objects.filter(Idee.jamais_envoyees(), auteur=personne))


def _supprimer(brouillons) -> None:
    oublier_les_fichiers(Photo.objects.filter(idee__in=brouillons))
    brouillons.delete()
