"""Polls: asking, answering, reading what came out, and the clock."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes.forum import attendre_son_tour, exiger_de_participer
from communautes.models import Option, Sondage, Voix
from communautes.models.sondage import en_double
from socle.double_envoi import deja_envoye
from timeline.etapes import EtapeImpossible, EtapeInvalide, TropVite, franchir_a_l_heure
from timeline.journal import consigner

SONDAGES_MAX = 3  # of one person
SONDAGES_PERIODE = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """One answer: its words, how many people chose it, and their share of those who answered (0 to 100)."""

    libelle: str
    nombre: int
    part: float


@dataclass(frozen=True)
class Resultats:
    personnes: int
    parts: list[Part]


@transaction.atomic
def demander(communaute, *, par, question, options, plusieurs=False, ferme_le=None) -> Sondage:
    """Ask a question to the members. `options`: 2 to 10 different answers. Raises EtapeInterdite, EtapeInvalide
    (`options`, `ferme_le`) or TropVite."""
    exiger_de_participer(communaute, par)
    if not Sondage.OPTIONS_MIN <= len(options) <= Sondage.OPTIONS_MAX or en_double(options):
        raise EtapeInvalide(_("Proposez de deux à dix réponses différentes."), champ="options")
    maintenant = timezone.now()
    if ferme_le is not None and ferme_le <= maintenant:
        raise EtapeInvalide(_("La fin du sondage doit être à venir."), champ="ferme_le")
    attendre_son_tour(par)
    siens = Sondage.objects.filter(auteur=par)
    dit = {"communaute": communaute, "question": question, "plusieurs": plusieurs, "ferme_le": ferme_le}
    deja = deja_envoye(siens, "ouvert_le", **dit)
    if deja and [option.libelle for option in deja.options.all()] == list(options):
        return deja
    if siens.filter(ouvert_le__gte=maintenant - SONDAGES_PERIODE).count() >= SONDAGES_MAX:
        raise TropVite(_("Vous avez lancé plusieurs sondages depuis hier. Attendez demain : votre texte reste ici."))
    sondage = Sondage.objects.create(
        communaute=communaute,
        auteur=par,
        question=question,
        plusieurs=plusieurs,
        ouvert_le=maintenant,
        ferme_le=ferme_le,
    )
    Option.objects.bulk_create(
        [Option(sondage=sondage, rang=rang, libelle=libelle) for rang, libelle in enumerate(options, 1)]
    )
    consigner("communautes.sondage.ouvrir", cible=sondage, par=par, donnees={"reponses": len(options)})
    return sondage


def voter(sondage, *, par, choix) -> None:
    """Answer, or answer otherwise: the last answer alone counts. `choix`: numbers of the chosen options.

    Not in the journal: what a person thinks is hers. Raises EtapeInterdite, EtapeImpossible (over) or EtapeInvalide.
    """
    try:
        with transaction.atomic():
            _voter(sondage, par, set(choix))
    except IntegrityError as erreur:
        # It ended between the look and the writing: the database let nobody in.
        raise EtapeImpossible(_termine()) from erreur


def _voter(sondage, par, choix) -> None:
    exiger_de_participer(sondage.communaute, par)
    attendre_son_tour(par)  # two answers at once follow each other
    present = Sondage.objects.select_related("communaute").get(pk=sondage.pk)
    exiger_de_participer(present.communaute, par)
    if not present.on_y_repond():
        raise EtapeImpossible(_termine())
    choisies = list(present.options.filter(pk__in=choix))
    if not choisies or len(choisies) != len(choix):
        raise EtapeInvalide(_("Choisissez parmi les réponses proposées."), champ="choix")
    if len(choisies) > 1 and not present.plusieurs:
        raise EtapeInvalide(_("Choisissez une seule réponse."), champ="choix")
    siennes = Voix.objects.filter(sondage=present, personne=par)
    bulletin = siennes.values_list("bulletin", flat=True).first() or uuid.uuid4()
    siennes.delete()
    Voix.objects.bulk_create(
        [
            Voix(sondage=present, option=option, personne=par, bulletin=bulletin, seule=not present.plusieurs)
            for option in choisies
        ]
    )


def _termine() -> str:
    return _("Ce sondage est terminé : votre réponse n’a pas été comptée.")


def resultats(sondage) -> Resultats:
    """How many people answered, and what; in two queries. Who may read it is asked before (`peut_lire_les_resultats`)."""
    personnes = sondage.voix.aggregate(n=Count("bulletin", distinct=True))["n"]
    options = sondage.options.annotate(nombre=Count("voix")).order_by("rang")
    return Resultats(
        personnes, [Part(o.libelle, o.nombre, 100 * o.nombre / personnes if personnes else 0.0) for o in options]
    )


def clore_a_l_heure() -> int:
    """Those whose time is over. Idempotent: run twice, or by two processes at once, each step is taken once."""
    dus = Sondage.objects.a_clore(timezone.now()).select_related("communaute").order_by("ferme_le", "pk")
    return sum(franchir_a_l_heure(sondage.clore) for sondage in dus)
