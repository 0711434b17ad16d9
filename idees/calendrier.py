"""The calendar of decisions: answers awaited and given, stages and consultations that begin and end, day by day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Event

from idees.flux_atom import avec_criteres
from idees.liste import dans, filtrer
from idees.models import Idee
from projets.autour import periodes
from projets.ical import nom_unique, nouvel_agenda
from projets.models import Etape, Projet
from reponses.models import Echeance
from socle.adresses import absolue
from socle.champs import sans_controle

CRITERES = ("theme", "lieu")
PAR_SOURCE = 500  # events of one kind on one page
AVANT, APRES = timedelta(days=90), timedelta(days=365)  # what a diary receives
ANNEES = range(2000, 2100)

GENRES = {
    "attendue": (gettext_lazy("Réponse attendue"), "hourglass-split"),
    "retard": (gettext_lazy("Réponse attendue, en retard"), "exclamation-triangle-fill"),
    "donnee": (gettext_lazy("Réponse donnée"), "patch-check-fill"),
    "debut": (gettext_lazy("Une étape commence"), "calendar-plus"),
    "fin": (gettext_lazy("Une étape se termine"), "calendar-check"),
    "ouverture": (gettext_lazy("On peut répondre"), "ui-checks"),
    "fermeture": (gettext_lazy("Dernier jour pour répondre"), "calendar-x"),
}


def adresse_du_calendrier(voulus) -> str:
    return avec_criteres(reverse("idees:calendrier"), voulus, CRITERES)


@dataclass(frozen=True)
class Evenement:
    jour: date
    genre: str
    titre: str
    url: str
    nom: str  # the same as long as it speaks of the same thing, for diaries
    precision: str = ""

    @property
    def libelle(self) -> str:
        return str(GENRES[self.genre][0])

    @property
    def icone(self) -> str:
        return GENRES[self.genre][1]


@dataclass(frozen=True)
class Mois:
    annee: int
    mois: int

    @classmethod
    def lire(cls, texte: str) -> "Mois":
        """From an address, « 2027-03 »; this month for anything else."""
        annee, _tiret, mois = texte.partition("-")
        if len(texte) == 7 and annee.isdecimal() and mois.isdecimal() and int(annee) in ANNEES and 1 <= int(mois) <= 12:
            return cls(int(annee), int(mois))
        aujourdhui = timezone.localdate()
        return cls(aujourdhui.year, aujourdhui.month)

    def __str__(self):
        return f"{self.annee:04}-{self.mois:02}"

    @property
    def debut(self) -> date:
        return date(self.annee, self.mois, 1)

    @property
    def fin(self) -> date:
        return self.suivant.debut - timedelta(days=1)

    @property
    def suivant(self) -> "Mois":
        return Mois(self.annee + self.mois // 12, self.mois % 12 + 1)

    @property
    def precedent(self) -> "Mois":
        return Mois(self.annee - (self.mois == 1), (self.mois - 2) % 12 + 1)


def evenements(personne, debut: date, fin: date, *, theme="", lieu="") -> list[Evenement]:
    """From `debut` to `fin` included, of the ideas and projets that this person may see, in the order of days."""
    voulus = {"theme": theme, "lieu": lieu, "boite": "", "delai": "", "etat": ""}
    idees = filtrer(Idee.objects.visibles_par(personne).publiees(), voulus)
    projets = Projet.objects.visibles_par(personne).annonces()
    if theme:
        projets = projets.filter(thematiques__slug=theme)
    if lieu:
        projets = projets.filter(territoire__in=dans(lieu))
    durees = _periodes(
        personne, debut, fin, projets if theme or lieu else None, dans(lieu) if lieu and not theme else None
    )
    tous = [*_reponses(idees, debut, fin), *_reponses(projets, debut, fin), *_etapes(projets, debut, fin), *durees]
    return sorted(tous, key=lambda e: (e.jour, e.genre, e.titre, e.nom))


def _minuit(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time.min))


def _reponses(cibles, debut, fin) -> list[Evenement]:
    """By the answer clocks of `cibles`: the day the answer was given, else the day it is due."""
    modele = cibles.model
    attendues = Q(tenue_le__isnull=True, due_le__range=(debut, fin))
    donnees = Q(tenue_le__gte=_minuit(debut), tenue_le__lt=_minuit(fin + timedelta(days=1)))
    trouvees = Echeance.objects.filter(
        attendues | donnees,
        cible_type=ContentType.objects.get_for_model(modele),
        cible_id__in=cibles.order_by().values("pk"),
    )
    horloges = list(trouvees.select_related("service").order_by("due_le", "pk")[:PAR_SOURCE])
    nommees = modele._base_manager.only("pk", "titre", *(["slug"] if modele is Projet else []))
    connues = nommees.in_bulk([horloge.cible_id for horloge in horloges])
    return [_reponse(horloge, connues[horloge.cible_id]) for horloge in horloges]


def _reponse(horloge, cible) -> Evenement:
    if horloge.tenue_le:
        genre, jour = "donnee", timezone.localdate(horloge.tenue_le)
    else:
        genre, jour = "retard" if horloge.est_en_retard else "attendue", horloge.due_le
    nom = f"reponse-{type(cible)._meta.model_name}-{cible.pk}"
    return Evenement(jour, genre, cible.titre, cible.get_absolute_url(), nom, str(horloge.service))


def _etapes(projets, debut, fin) -> list[Evenement]:
    de, a = _minuit(debut), _minuit(fin + timedelta(days=1))
    etapes = (
        Etape.objects.filter(projet__in=projets.order_by().values("pk"))
        .filter(Q(ouvre_le__gte=de, ouvre_le__lt=a) | Q(ferme_le__gte=de, ferme_le__lt=a))
        .select_related("projet")
        .order_by("ouvre_le", "pk")[:PAR_SOURCE]
    )
    bornes = [(etape, genre, quand) for etape in etapes for genre, quand in _bornes(etape) if de <= quand < a]
    return [
        Evenement(
            timezone.localdate(quand), genre, etape.titre, etape.get_absolute_url(),
            f"{genre}-etape-{etape.pk}", etape.projet.titre,
        )
        for etape, genre, quand in bornes
    ]  # fmt: skip


def _periodes(personne, debut, fin, projets, lieux) -> list[Evenement]:
    """What opens and ends beside the stages."""
    de, a = _minuit(debut), _minuit(fin + timedelta(days=1))
    return [
        Evenement(timezone.localdate(quand), genre, p.titre, p.url, f"{genre}-{p.nom}", p.precision)
        for p in periodes(personne, projets=projets, lieux=lieux, entre=(de, a))
        for genre, quand in (("ouverture", p.ouvre_le), ("fermeture", p.ferme_le))
        if de <= quand < a
    ]


def _bornes(etape):
    return ("debut", etape.ouvre_le), ("fin", etape.ferme_le)


def par_jour(evenements) -> list[dict]:
    """The same, grouped by day."""
    jours: dict[date, list] = {}
    for evenement in evenements:
        jours.setdefault(evenement.jour, []).append(evenement)
    return [{"jour": jour, "evenements": du_jour} for jour, du_jour in jours.items()]


def agenda(evenements, nom: str) -> bytes:
    """For diaries (RFC 5545): days, not hours. An answer that is given takes the place of the one that was awaited."""
    calendrier = nouvel_agenda(nom)
    for evenement in evenements:
        calendrier.add_component(_en_ical(evenement))
    return calendrier.to_ical()


def _en_ical(evenement: Evenement) -> Event:
    composant = Event()
    composant.add("uid", nom_unique(evenement.nom))
    composant.add("dtstamp", timezone.now())
    composant.add("sequence", int(evenement.genre == "donnee"))
    composant.add("dtstart", evenement.jour)
    composant.add("dtend", evenement.jour + timedelta(days=1))
    composant.add(
        "summary", sans_controle(_("%(quoi)s : %(titre)s") % {"quoi": evenement.libelle, "titre": evenement.titre})
    )
    composant.add("description", sans_controle(evenement.precision))
    composant.add("url", absolue(evenement.url))
    composant.add("categories", [evenement.libelle])
    composant.add("transp", "TRANSPARENT")
    return composant
