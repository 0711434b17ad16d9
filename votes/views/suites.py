"""From an elected option to its projet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from timeline.etapes import EtapeInterdite
from votes import suites
from votes.forms.suites import ProjetDepuisUneOptionForm
from votes.permissions import peut_ouvrir_un_projet
from votes.views.resultats import avec_resultats, fil_de


@login_required
@require_http_methods(["GET", "POST"])
def ouvrir_un_projet(request, slug, cle):
    """The frame is asked here; the words come from the option."""
    scrutin, _resultat = avec_resultats(request, slug)
    option = get_object_or_404(scrutin.options.select_related("idee", "territoire"), cle=cle)
    option.scrutin = scrutin
    if not peut_ouvrir_un_projet(option, request.user):
        raise EtapeInterdite(_("Un projet s’ouvre à partir d’une proposition élue, une seule fois, par un agent."))
    form = ProjetDepuisUneOptionForm(request.POST or None, option=option, par=request.user)
    if request.method == "POST" and form.is_valid():
        projet = suites.ouvrir_un_projet(option, par=request.user, cadre=dict(form.cleaned_data))
        messages.success(request, _("Le projet est ouvert : sa chronologie commence."))
        return redirect(projet)
    contexte = {
        "form": form,
        "option": option,
        "fil": fil_de(
            scrutin,
            {"texte": _("Résultats"), "url": reverse("votes:resultats", args=[scrutin.slug])},
            {"texte": _("Ouvrir un projet")},
        ),
    }
    return render(request, "votes/ouvrir_un_projet.html", contexte, status=422 if form.errors else 200)
