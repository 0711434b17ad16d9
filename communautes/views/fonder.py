"""Founding a community, and changing its page."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communautes import actions
from communautes.forms import CommunauteForm, NommerForm
from communautes.models import Communaute
from communautes.permissions import peut_fonder, peut_modifier, peut_nommer_une_referente
from communautes.views.acces import communaute_vue, contexte_de
from timeline.etapes import EtapeInterdite, EtapeInvalide, TropVite


@login_required
@require_http_methods(["GET", "POST"])
def proposer(request):
    if not peut_fonder(request.user):
        raise EtapeInterdite(_("Pour proposer une communauté, vérifiez d’abord votre adresse e-mail."))
    envoye = request.method == "POST"
    form = CommunauteForm(request.POST if envoye else None, request.FILES if envoye else None, par=request.user)
    if envoye and form.is_valid():
        try:
            communaute = actions.fonder(par=request.user, **form.valeurs())
        except TropVite as refus:
            form.add_error(None, str(refus))
        else:
            return _apres(request, communaute)
    fil = [
        {"texte": _("Les communautés"), "url": reverse("communautes:liste")},
        {"texte": _("Proposer une communauté")},
    ]
    return render(request, "communautes/proposer.html", {"form": form, "fil": fil}, status=422 if form.errors else 200)


def _apres(request, communaute):
    """An agent may open it at once; others wait for one."""
    if not request.user.est_agent:
        messages.success(request, _("Votre proposition est envoyée. L’équipe vous répondra."))
        return redirect(communaute)
    messages.success(request, _("La communauté est proposée. Vous pouvez l’ouvrir maintenant."))
    adresse = reverse("timeline:etape", args=["communautes.communaute", communaute.pk, "ouvrir"])
    return redirect(f"{adresse}?{urlencode({'etat': communaute.etat})}")


@login_required
@require_http_methods(["GET", "POST"])
def modifier(request, slug):
    communaute = communaute_vue(request, slug)
    if not peut_modifier(communaute, request.user):
        raise PermissionDenied(_("Seules les personnes qui animent cette communauté peuvent changer sa page."))
    # The form writes in its own copy: what is shown around it stays as it is.
    lue = Communaute.objects.select_related("projet", "territoire", "thematique").get(pk=communaute.pk)
    envoye = request.method == "POST"
    form = CommunauteForm(
        request.POST if envoye else None, request.FILES if envoye else None, instance=lue, par=request.user
    )
    if envoye and form.is_valid():
        try:
            changee = actions.modifier(communaute, par=request.user, **form.valeurs())
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("La page est enregistrée."))
            return redirect(changee)
    contexte = contexte_de(request, communaute, "", {"texte": _("Modifier la page")}) | {"form": form}
    return render(request, "communautes/modifier.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def nommer(request, slug):
    """Where there is no référent·e any more, an agent names one."""
    communaute = communaute_vue(request, slug)
    if not peut_nommer_une_referente(communaute, request.user):
        raise PermissionDenied(_("Cette communauté a déjà une personne référente."))
    form = NommerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.nommer_une_referente(communaute, par=request.user, referente=form.cleaned_data["referente"])
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("La personne référente est nommée."))
            return redirect(communaute)
    contexte = contexte_de(request, communaute, "", {"texte": _("Nommer une personne référente")}) | {"form": form}
    return render(request, "communautes/nommer.html", contexte, status=422 if form.errors else 200)
