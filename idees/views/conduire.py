"""What agents do around ideas: set the rules of a box, open a projet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from idees import actions
from idees.forms import BoiteForm, ProjetDepuisIdeeForm
from idees.models import Boite, Idee
from idees.permissions import peut_ouvrir_un_projet, peut_regler
from idees.views.fil import debut_du_fil
from projets.models import Projet
from timeline.etapes import EtapeImpossible, EtapeInterdite


@login_required
@require_http_methods(["GET", "POST"])
def ouvrir_projet(request, pk):
    """From an accepted idea to its projet: the frame is asked here, the rest is kept."""
    idee = get_object_or_404(
        Idee.objects.visibles_par(request.user).select_related("projet", "territoire", "thematique"), pk=pk
    )
    if idee.projet_ouvert_id:
        return _deja_ouvert(request, idee)
    if not peut_ouvrir_un_projet(idee, request.user):
        raise EtapeInterdite(
            idee.pourquoi_pas(request.user) or _("Un projet s’ouvre à partir d’une idée retenue, par un agent.")
        )
    form = ProjetDepuisIdeeForm(request.POST or None, source=idee, par=request.user)
    if request.method == "POST" and form.is_valid():
        projet = actions.ouvrir_un_projet(idee, par=request.user, cadre=dict(form.cleaned_data))
        messages.success(
            request, _("Le projet est ouvert. L’auteur et les personnes qui soutiennent l’idée sont prévenus.")
        )
        return redirect(projet)
    contexte = {
        "form": form,
        "idee": idee,
        "fil": [
            debut_du_fil(),
            {"texte": idee.titre, "ecrit": True, "url": idee.get_absolute_url()},
            {"texte": _("Ouvrir un projet")},
        ],
    }
    return render(request, "idees/ouvrir_projet.html", contexte, status=422 if form.errors else 200)


def _deja_ouvert(request, idee):
    """Sent twice, the same form leads where the first one did."""
    ouvert = Projet.objects.visibles_par(request.user).filter(pk=idee.projet_ouvert_id).first()
    if ouvert and ouvert.titre == request.POST.get("titre", "").strip():
        return redirect(ouvert)
    retour = ouvert.get_absolute_url() if ouvert else ""
    raise EtapeImpossible(_("Un projet est déjà ouvert à partir de cette idée."), retour=retour)


@login_required
@require_http_methods(["GET", "POST"])
def regler_boite(request, slug=None):
    """Create a box or change its rules: agents only, and every change is told."""
    boite = get_object_or_404(Boite.objects.visibles_par(request.user), slug=slug) if slug else None
    if not peut_regler(boite, request.user):
        raise PermissionDenied
    form = BoiteForm(request.POST or None, instance=boite, par=request.user)
    if request.method == "POST" and form.is_valid():
        nouvelle = form.save(commit=False)
        actions.regler(nouvelle, par=request.user)
        messages.success(request, _("La boîte à idées est enregistrée."))
        return redirect(nouvelle)
    contexte = {"form": form, "boite": boite, "fil": [debut_du_fil(), {"texte": _("Régler une boîte à idées")}]}
    return render(request, "idees/regler_boite.html", contexte, status=422 if form.errors else 200)
