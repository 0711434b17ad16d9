"""The queues of moderation. An app that has something to read before (or after) it is public registers its queue:

    # idees/apps.py, in ready()
    inscrire(File(titre=_("Idées à relire"), requete=a_relire, modele="idees.idee", etapes=("publier", "refuser")))

`requete(personne)` gives the contributions, oldest first, with everything that their card shows (author, photos).
Under the contribution's name, the card shows `templates/<app>/_a_moderer_<model>.html` or `_a_moderer.html` (context:
`objet`) when there is one, else its text; the same template serves the pages of reports and decisions, with the relations
named by `a_lire_avec`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, Model, Q, QuerySet, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from moderation.lecture import jugeables_par
from moderation.models import Moderable, Signalement
from moderation.permissions import peut_moderer, peut_traiter
from timeline.etapes import champ_d_etat, transitions_ouvertes

PAR_PAGE = 20


@dataclass(frozen=True)
class File:
    """One queue. `modele` is its label (« idees.idee »), `depuis` the date since when something waits."""

    titre: str | Promise
    requete: Callable[..., QuerySet]
    modele: str
    #: Template of the words on the card; empty: found by name.
    gabarit: str = ""
    depuis: str = "soumise_le"
    #: The transitions that moderation decides here; empty: all those that are open.
    etapes: tuple[str, ...] = ()


@dataclass
class Carte:
    """One contribution in front of a moderator."""

    objet: Model
    depuis: datetime
    gabarit: list[str]
    #: What the buttons act upon: the contribution itself, or its oldest open report.
    dossier: Model
    etapes: list = field(default_factory=list)
    signalements: list[Signalement] = field(default_factory=list)
    #: Is it hers, or reported by herself? Then somebody else decides.
    partie: bool = False
    #: May this person still read it? Its author may have withdrawn it.
    visible: bool = True

    @property
    def modele(self) -> str:
        return self.dossier._meta.label_lower

    @property
    def titre(self) -> str:
        return str(self.objet)

    @property
    def surtitre(self) -> str:
        return numero_de(self.objet)

    @property
    def etat(self) -> str:
        return getattr(self.dossier, champ_d_etat(type(self.dossier)).name)

    @property
    def ancre(self) -> str:
        return f"carte-{self.dossier._meta.model_name}-{self.dossier.pk}"


_files: dict[str, File] = {}


def inscrire(file: File) -> File:
    _files[file.modele] = file
    return file


def files() -> list[File]:
    return list(_files.values())


def file_de(modele: str) -> File | None:
    return _files.get(modele)


def attentes(personne) -> list[tuple[File, int]]:
    """How many contributions wait in each queue."""
    return [(file, file.requete(personne).count()) for file in files()]


def nb_signalees() -> int:
    """Contributions with an open report, each once."""
    return _signalees().count()


def numero_de(objet: Model) -> str:
    """« Idée n° 12 »; nothing for what has no other name."""
    numero = _("%(genre)s n° %(n)s") % {"genre": objet._meta.verbose_name, "n": objet.pk}
    return "" if numero == str(objet) else numero


def gabarit_de(objet: Model) -> list[str]:
    """Templates of the words of a contribution, the first that exists."""
    file = file_de(objet._meta.label_lower)
    propre = [file.gabarit] if file and file.gabarit else []
    app, modele = objet._meta.app_label, objet._meta.model_name
    return [*propre, f"{app}/_a_moderer_{modele}.html", f"{app}/_a_moderer.html", "moderation/_contribution.html"]


def page_de_relecture(file: File, personne, numero) -> Page:
    page = Paginator(file.requete(personne), PAR_PAGE).get_page(numero)
    page.object_list = [
        Carte(
            objet=objet,
            dossier=objet,
            depuis=getattr(objet, file.depuis),
            gabarit=gabarit_de(objet),
            etapes=[e for e in transitions_ouvertes(objet, personne) if not file.etapes or e[0] in file.etapes],
            partie=not peut_moderer(objet, personne),
        )
        for objet in page.object_list
    ]
    return page


# --- Reports: one card a contribution, whoever and how many reported it -------------------------------------------


def _signalees() -> QuerySet:
    ouverts = Signalement.objects.a_traiter().order_by()
    return (
        ouverts.values("cible_type", "cible_id")
        .annotate(depuis=Min("cree_le"), nb=Count("pk"))
        .order_by("depuis", "cible_id")
    )


def page_de_signalements(personne, numero) -> Page:
    page = Paginator(_signalees(), PAR_PAGE).get_page(numero)
    lignes = list(page.object_list)
    ici = Q(pk__in=[])
    for ligne in lignes:
        ici |= Q(cible_type=ligne["cible_type"], cible_id=ligne["cible_id"])
    tous = (
        Signalement.objects.filter(ici)
        .select_related("par")
        .prefetch_related("cible")
        .order_by("cible_type", "cible_id", F("cree_le"), "pk")
    )
    groupes = {cle: list(groupe) for cle, groupe in groupby(tous, key=lambda s: (s.cible_type_id, s.cible_id))}
    cibles = {cle: groupe[0].cible for cle, groupe in groupes.items() if groupe[0].cible is not None}
    visibles = preparer_la_lecture(list(cibles.values()), personne)
    cles = [(ligne["cible_type"], ligne["cible_id"]) for ligne in lignes]
    cartes = [_carte_signalee(cibles[cle], groupes[cle], personne, visibles) for cle in cles if cle in cibles]
    page.object_list = [carte for carte in cartes if carte]
    return page


def preparer_la_lecture(contributions: list[Any], personne) -> set[tuple[str, int]]:
    """Load what cards show, one query a kind; returns which of them this person may read, as (label, pk)."""
    visibles = set()
    par_modele: dict[type[Any], list[Any]] = {}
    for contribution in contributions:
        par_modele.setdefault(type(contribution), []).append(contribution)
    for modele, liste in par_modele.items():
        prefetch_related_objects(liste, *modele.a_lire_avec)
        lues = jugeables_par(modele, personne).filter(pk__in=[c.pk for c in liste])
        visibles |= {(modele._meta.label_lower, pk) for pk in lues.values_list("pk", flat=True)}
    return visibles


def _carte_signalee(cible: Moderable, groupe: list[Signalement], personne, visibles) -> Carte | None:
    """Nothing when somebody has decided since the page was counted."""
    ouverts = [s for s in groupe if s.etat == Signalement.Etat.RECU]
    if not ouverts:
        return None
    premier = ouverts[0]
    premier.voisins = groupe
    visible = (cible._meta.label_lower, cible.pk) in visibles
    etapes = [e for e in transitions_ouvertes(premier, personne) if visible or e[0] == "ecarter"]
    return Carte(
        objet=cible,
        dossier=premier,
        depuis=premier.cree_le,
        gabarit=gabarit_de(cible),
        etapes=etapes,
        signalements=ouverts,
        partie=not peut_traiter(premier, personne),
        visible=visible,
    )
