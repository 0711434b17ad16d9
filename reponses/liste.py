"""Filters of the lists of answers, given or awaited. Closed lists: nothing of the address reaches the ORM by name."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reponses.models import Echeance, Reponse, Service

DELAIS = {"a_temps": gettext_lazy("À la date promise"), "en_retard": gettext_lazy("En retard")}
GENRES = {"premieres": gettext_lazy("Réponses"), "corrections": gettext_lazy("Corrections")}
ATTENTES = {"en_retard": gettext_lazy("En retard"), "a_venir": gettext_lazy("Avant leur date")}


@dataclass(frozen=True)
class Choix:
    """One filter of the page, as `composants/_filtres.html` reads it."""

    nom: str
    libelle: str
    valeur: str
    choix: list[dict]
    type: str = "choix"

    @property
    def libelle_choisi(self) -> str:
        return next((c["libelle"] for c in self.choix if c["valeur"] == self.valeur), self.valeur)


def filtres(parametres) -> list[Choix]:
    """The filters, with what the address asks for; an unknown value counts as nothing."""
    return [
        _choix("decision", _("Décision"), Reponse.Sens.choices, parametres),
        _choix("raison", _("Raison"), Reponse.Motif.choices, parametres),
        _choix("delai", _("Donnée"), DELAIS.items(), parametres),
        _choix_de_service(parametres),
        _choix("genre", _("Genre"), GENRES.items(), parametres),
        Choix("mois", _("Publiée en"), _mois_demande(parametres), [], "cache"),
    ]


def filtres_stricts(parametres) -> list[Choix]:
    """The same, for what leaves the site: an unknown value is not « everything », Http404."""
    choix = filtres(parametres)
    if any(c.valeur != parametres.get(c.nom, "") for c in choix):
        raise Http404
    return choix


def avec_filtres(chemin: str, choix) -> str:
    """The address with what these filters ask for, and nothing else of the one that was typed."""
    criteres = {c.nom: c.valeur for c in choix if c.valeur}
    return f"{chemin}?{urlencode(criteres)}" if criteres else chemin


def filtres_des_attendues(parametres) -> list[Choix]:
    return [_choix("delai", _("Attendue"), ATTENTES.items(), parametres), _choix_de_service(parametres)]


def _choix_de_service(parametres) -> Choix:
    """Those that owe or owed an answer: which services are asked for opinions is no business of this page."""
    charges = Service.objects.filter(pk__in=Echeance.objects.values("service"))
    return _choix("service", _("Service chargé"), [(str(s.pk), s.nom) for s in charges], parametres)


def _choix(nom, libelle, paires, parametres) -> Choix:
    demande = parametres.get(nom, "")
    valeur = demande if demande in {code for code, _libelle in paires} else ""
    options = [("", _("Tout")), *paires]
    return Choix(
        nom, libelle, valeur, [{"valeur": c, "libelle": str(nom_), "actif": c == valeur} for c, nom_ in options]
    )


def _mois_demande(parametres) -> str:
    """« 2026-11 », or nothing."""
    demande = parametres.get("mois", "")
    try:
        return demande if f"{date.fromisoformat(f'{demande}-01'):%Y-%m}" == demande else ""
    except (TypeError, ValueError):
        return ""


def chercher(choix):
    """The published answers that these filters leave, the latest first, with their clock and what they answer."""
    voulus = {c.nom: c.valeur for c in choix}
    reponses = Reponse.objects.publiees()
    if voulus["decision"]:
        reponses = reponses.filter(sens=voulus["decision"])
    if voulus["raison"]:
        reponses = reponses.filter(motif=voulus["raison"])
    if voulus["delai"] == "en_retard":
        reponses = reponses.en_retard()
    elif voulus["delai"] == "a_temps":
        reponses = reponses.a_temps()
    if voulus["service"]:
        sienne = Echeance.objects.filter(
            cible_type=OuterRef("cible_type"), cible_id=OuterRef("cible_id"), service=voulus["service"]
        )
        reponses = reponses.filter(Exists(sienne))
    if voulus["genre"]:
        reponses = reponses.filter(corrige__isnull=voulus["genre"] == "premieres")
    if voulus["mois"]:
        annee, mois = map(int, voulus["mois"].split("-"))
        reponses = reponses.filter(publiee_le__year=annee, publiee_le__month=mois)
    return reponses.avec_echeance().pour_phrase().order_by("-publiee_le", "-pk")


def chercher_les_attendues(choix):
    """The clocks that run, the oldest promise first, with what awaits its answer."""
    voulus = {c.nom: c.valeur for c in choix}
    attendues = Echeance.objects.en_cours()
    if voulus["delai"] == "en_retard":
        attendues = attendues.en_retard()
    elif voulus["delai"] == "a_venir":
        attendues = attendues.filter(due_le__gte=localdate())
    if voulus["service"]:
        attendues = attendues.filter(service=voulus["service"])
    return attendues.select_related("service").prefetch_related("cible").order_by("due_le", "pk")
