"""A draw, for everybody: its files, its fingerprints, each one's chance, its result, and how to do it again."""

import shlex

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from communautes.forms.panels import CodeForm
from communautes.models import Tirage
from communautes.models.tirage import FICHIERS
from communautes.panels import lecture
from communautes.tirage.fichiers import nommer
from communautes.tirage.parametres import FORMAT, LOTS
from communautes.views.panels import contexte_du_panel, panel_vu
from timeline.etapes import transitions_ouvertes

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


def _tirage_annonce(request, slug, numero) -> Tirage:
    panel = panel_vu(request, slug)
    visibles = Tirage.objects.visibles_par(request.user).annonces()
    tirage = get_object_or_404(visibles.select_related("remplace"), panel=panel, numero=numero)
    tirage.panel = panel
    return tirage


@require_http_methods(["GET", "POST"])
def tirage(request, slug, numero):
    """POST asks for the chance of one code: what is typed is in no address and in no log."""
    trouve = _tirage_annonce(request, slug, numero)
    form = CodeForm(request.POST if request.method == "POST" else None)
    candidate = None
    if request.method == "POST" and form.is_valid():
        candidate = lecture.chance_de(trouve, form.cleaned_data["code"])
        if candidate is None:
            form.add_error("code", _("Ce code n’est pas dans le vivier. Vérifiez-le, ou cherchez-le dans vivier.csv."))
    contexte = contexte_du_panel(
        request,
        trouve.panel,
        {"texte": _("Mandat et tirage"), "url": trouve.panel.get_absolute_url()},
        {"texte": trouve.nom_court},
    ) | {
        **lecture.chiffres_publies(trouve),
        "tirage": trouve,
        "numero_tire": nommer(trouve.lot, LOTS) if trouve.lot is not None else "",
        "fichiers": [{"nom": nom, "empreinte": empreinte} for nom, empreinte in trouve.empreintes.items()],
        "format": FORMAT,
        "valeur_ecrite": shlex.quote(trouve.valeur or _("VALEUR PUBLIQUE")),
        "form": form,
        "candidate": candidate,
        "ma_chance": lecture.pour_mille(candidate.lots or 0) if candidate else None,
        "sieges": trouve.sieges.order_by("code"),
        "sans_place": lecture.sans_place(trouve),
        "remplacements": trouve.remplacements.annonces().select_related("panel__communaute").order_by("numero"),
        "transitions": transitions_ouvertes(trouve, request.user),
    }
    return render(request, "communautes/panels/tirage.html", contexte, status=422 if form.errors else 200)


@require_GET
@cache_control(private=True, no_store=True)
def fichier(request, slug, numero, nom):
    """One of the three published files, to the byte that was hashed."""
    trouve = _tirage_annonce(request, slug, numero)
    if nom not in FICHIERS:
        raise Http404
    return HttpResponse(
        trouve.octets(nom),
        content_type=TYPES[nom.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{nom}"', "X-Content-Type-Options": "nosniff"},
    )
