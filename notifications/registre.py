"""What people are told: one class per notification, in the app that owns the subject (`<app>/notifications.py`).

The class is found by the type of the journal entry; nothing here knows any message.
"""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from notifications import cercles
from notifications.abonnements import modele_suivable
from notifications.cercles import SansCompte
from notifications.models import Genre
from timeline.huis_clos import est_lisible_dedans
from timeline.models import Entree


class Annonce:
    """One event told to one circle of people: under the bell, and by mail to those who want it.

    Several classes may tell the same entry to several circles, each in its own words. They are read in the order of
    their file: somebody of two circles is told by the first.
    """

    #: Journal types that it tells.
    types: ClassVar[tuple[str, ...]] = ()
    genre: ClassVar[Genre] = Genre.SUIVI
    #: Mail templates `templates/courriels/<gabarit>.{objet.txt,txt,html}`; empty: the bell only.
    gabarit: ClassVar[str] = ""
    #: Why she gets it: end of the sentence « Vous recevez ce courriel parce que… ».
    pourquoi: ClassVar[str | Promise] = ""
    #: A receipt: told even to the person who acted.
    accuse: ClassVar[bool] = False
    #: A right of the person depends on it: mailed whatever her preferences.
    obligatoire: ClassVar[bool] = False
    #: Its `adresses` were typed by anybody in a public form: an address gets a few a day, never a flood.
    adresses_libres: ClassVar[bool] = False
    #: Told also to people who are not, or no longer, in the community where it happened: what is decided about themselves.
    hors_les_murs: ClassVar[bool] = False
    #: A step of the life of the thing, an official answer, an opening, a closing, a result, a date: told also to those
    #: who follow « pour s’informer ». No default: every class whose circle holds followers says it.
    grande_etape: ClassVar[bool]
    #: This circle may read the words of what is not, or no longer, public. Never those that moderation hides.
    initiee: ClassVar[bool] = False

    def __init__(self, entree: Entree):
        self.entree = entree
        self.cible = entree.cible

    def concerne(self) -> bool:
        """Is there something to tell, now that it is told?"""
        return True

    def destinataires(self) -> QuerySet[Utilisateur]:
        return Utilisateur.objects.none()

    def abonnes(self, chose) -> QuerySet[Utilisateur]:
        """Those who follow it, and in their way of following hear of this."""
        return cercles.abonnes(chose, grande_etape=self.grande_etape)

    def adresses(self) -> list[str]:
        """Those who have no account: a service, somebody who reported something."""
        return []

    def sans_compte(self) -> list[SansCompte]:
        """Those who have no account and come back by a link of their own. Their addresses were typed by anybody."""
        return []

    def chose(self):
        """What people know it by: the idea, the projet."""
        return self.cible

    def suivie(self):
        """What its followers follow: what its mail lets them follow less, or no more. None: nothing that one follows."""
        chose = self.chose()
        return chose if chose is not None and modele_suivable(chose._meta.label_lower) else None

    def sujet(self) -> str:
        """Two entries of the same subject give one mail a person."""
        return f"entree:{self.entree.pk}"

    def lien(self) -> str:
        """Path of the page that tells more."""
        return self.chose().get_absolute_url()

    def contexte(self) -> dict:
        """What its templates need beside `titre`, `lien`, `le`; asked once a language."""
        return {}

    @cached_property
    def lisible(self) -> bool:
        """May these people be told the words of the thing? Asked when the mail is written, not when it happened."""
        vues = [self.cible, self.chose()]
        if any(vue is None or getattr(vue, "est_masquee", False) for vue in vues):
            return False
        if self.entree.communaute_id and not self.hors_les_murs:
            return all(est_lisible_dedans(vue) for vue in vues)
        return self.initiee or all(getattr(vue, "est_lisible", True) for vue in vues)

    @property
    def titre(self) -> str:
        return str(self.chose()) if self.lisible else _("contenu masqué")


_inscrites: dict[str, list[type[Annonce]]] = {}


def inscrire(classe: type[Annonce]) -> type[Annonce]:
    """Decorator: this class tells the entries of its types."""
    for type_entree in classe.types:
        classes = _inscrites.setdefault(type_entree, [])
        if classe not in classes:
            classes.append(classe)
    return classe


def est_annonce(type_entree: str) -> bool:
    return type_entree in _inscrites


def types_annonces() -> list[str]:
    return sorted(_inscrites)


def classes() -> list[type[Annonce]]:
    """Each registered class, once."""
    return list(dict.fromkeys(classe for liste in _inscrites.values() for classe in liste))


def annonces_de(entree: Entree) -> list[Annonce]:
    """What is to be told of this entry; nothing when its target is gone."""
    if entree.cible is None:
        return []
    return [annonce for classe in _inscrites.get(entree.type, ()) if (annonce := classe(entree)).concerne()]
