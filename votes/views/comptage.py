"""The desk of counts: the official one of a vote that is over, and simulations before it is announced."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from socle.htmx import veut_un_fragment
from timeline.etapes import EtapeInvalide, transitions_ouvertes
from votes import demandes
from votes.forms.simulation import SimulationForm
from votes.models import Comptage, Scrutin
from votes.permissions import peut_conduire
from votes.resultats import nom_de_la_regle

PAR_PAGE = 10


def _le_scrutin(request, slug) -> Scrutin:
    """One that this person sees (404) and conducts (403)."""
    visibles = Scrutin.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
    scrutin = get_object_or_404(visibles.defer("territoire__contour"), slug=slug)
    if not peut_conduire(scrutin, request.user):
        raise PermissionDenied
    return scrutin


def _fil(scrutin: Scrutin, *suite: dict) -> list[dict]:
    return [
        {"texte": _("Préparer des votes"), "url": reverse("votes:bureau")},
        {"texte": scrutin.titre, "ecrit": True, "url": reverse("votes:composer", args=[scrutin.slug])},
        *suite,
    ]


@login_required
@require_http_methods(["GET", "POST"])
def depouiller(request, slug):
    """What is to be counted, and the button; POST asks for the count. Nothing of it is read here before the proclamation."""
    scrutin = _le_scrutin(request, slug)
    if request.method == "POST":
        return redirect(demandes.demander(scrutin, par=request.user))
    contexte = {
        "scrutin": scrutin,
        "votantes": scrutin.nombre_de_votantes(),
        "comptages": scrutin.comptages.officiels()[:PAR_PAGE],
        "transitions": transitions_ouvertes(scrutin, request.user),
        "fil": _fil(scrutin, {"texte": _("Compter les bulletins")}),
    }
    return render(request, "votes/comptage/depouiller.html", contexte)


@login_required
@require_GET
def comptage(request, slug, pk):
    """How far one count is; of a simulation, what it found."""
    scrutin = _le_scrutin(request, slug)
    compte = get_object_or_404(Comptage.objects.filter(scrutin=scrutin), pk=pk)
    contexte = {
        "scrutin": scrutin,
        "comptage": compte,
        "comparaison": _comparaison(compte),
        "transitions": transitions_ouvertes(scrutin, request.user) if compte.est_officiel else [],
        "url_flux": f"/ws/flux/votes.comptage/{compte.pk}/",
        "fil": _fil(scrutin, {"texte": str(compte.get_genre_display())}),
    }
    gabarit = "votes/comptage/_suivi.html" if veut_un_fragment(request) else "votes/comptage/comptage.html"
    return render(request, gabarit, contexte)


def _comparaison(compte: Comptage) -> list[dict]:
    """Of a simulation that ended: for each envelope, what each rule would give."""
    if compte.est_officiel or not compte.resultat:
        return []
    return [
        {
            **enveloppe,
            "regles": [
                {
                    **regle,
                    "nom": nom_de_la_regle(regle["regle"]),
                    "titres": [enveloppe["options"].get(cle, cle) for cle in regle.get("retenues", ())],
                }
                for regle in enveloppe["regles"]
            ],
        }
        for enveloppe in compte.resultat["enveloppes"]
    ]


@login_required
@require_POST
def abandonner(request, slug, pk):
    scrutin = _le_scrutin(request, slug)
    compte = get_object_or_404(Comptage.objects.filter(scrutin=scrutin), pk=pk)
    demandes.abandonner(compte, par=request.user)
    messages.success(request, _("Le comptage est arrêté."))
    return redirect(compte)


@login_required
@require_http_methods(["GET", "POST"])
def simuler(request, slug):
    """Compare rules before the vote, on ballots that are drawn or on those of a vote that is over."""
    scrutin = _le_scrutin(request, slug)
    form = SimulationForm(request.POST if request.method == "POST" else None, scrutin=scrutin, par=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            compte = demandes.simuler(scrutin, form.demande(), par=request.user)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            return redirect(compte)
    page = Paginator(scrutin.comptages.simulations(), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"scrutin": scrutin, "form": form, "page": page, "fil": _fil(scrutin, {"texte": _("Simuler")})}
    return render(request, "votes/comptage/simuler.html", contexte, status=422 if form.errors else 200)
