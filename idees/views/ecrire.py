"""Proposing: the form of an idea, new or draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from idees import actions
from idees.comparaison import differences
from idees.corrections import TexteModifie
from idees.forms import IdeeForm
from idees.models import Boite, Idee
from idees.permissions import est_autrice, peut_corriger, peut_modifier, peut_proposer
from idees.views.fil import debut_du_fil
from timeline.etapes import EtapeImpossible, EtapeInterdite


@login_required
@require_http_methods(["GET", "POST"])
def proposer(request, slug):
    trouvee = get_object_or_404(
        Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire"), slug=slug
    )
    if not peut_proposer(trouvee, request.user):
        return render(request, "idees/fermee.html", {"boite": trouvee}, status=403)
    return _ecrire(request, Idee(boite=trouvee, auteur=request.user), nouvelle=True)


@login_required
@require_http_methods(["GET", "POST"])
def modifier(request, pk):
    idee = get_object_or_404(Idee.objects.visibles_par(request.user).select_related("boite__etape__projet"), pk=pk)
    if not peut_modifier(idee, request.user):
        if peut_corriger(idee, request.user):
            return redirect("idees:corriger", pk=pk)
        raise EtapeInterdite(_("Cette idée ne peut pas être modifiée maintenant. Vous pouvez la commenter."))
    return _ecrire(request, idee, nouvelle=False)


def _ecrire(request, idee, *, nouvelle):
    """The form of an idea, new or draft: sent, or kept for later."""
    form = IdeeForm(request.POST or None, request.FILES or None, idee=None if nouvelle else idee)
    conflit = []
    if request.method == "POST" and form.is_valid():
        envoyer = "garder" not in request.POST
        try:
            idee = actions.rediger(
                idee,
                par=request.user,
                valeurs=form.valeurs(),
                photo=form.cleaned_data["photo"],
                alternative=form.cleaned_data["alternative"],
                envoyer=envoyer,
                redaction=form.cleaned_data["redaction"],
            )
        except TexteModifie as refus:
            form.add_error(None, str(refus))
            form.repartir_de(refus.actuelle)
            conflit = differences(refus.actuelle, form.valeurs())
        except (EtapeImpossible, EtapeInterdite) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, _dire_la_suite(idee) if envoyer else _dire_qui_voit(idee))
            return redirect(idee)
    gardee = idee.photos.first() if idee.pk else None
    photo_actuelle = reverse("idees:photo", args=[idee.pk, gardee.pk, "vignette"]) if gardee else ""
    contexte = {"form": form, "boite": idee.boite, "idee": idee, "nouvelle": nouvelle, "photo_actuelle": photo_actuelle}
    contexte |= {"conflit": conflit, "peut_envoyer": est_autrice(idee, request.user)}
    contexte["fil"] = [debut_du_fil(), {"texte": _("Proposer une idée")}]
    return render(request, "idees/ecrire.html", contexte, status=422 if form.errors else 200)


def _dire_la_suite(idee) -> str:
    if idee.etat == Idee.Etat.A_MODERER:
        return _(
            "Merci ! Votre idée est bien reçue. Une personne la relit, puis elle sera publiée. Vous recevrez un courriel."
        )
    return _("Merci ! Votre idée est publiée. Partagez-la autour de vous pour réunir des soutiens.")


def _dire_qui_voit(idee) -> str:
    if idee.equipe():
        return _("Votre brouillon est gardé. Vous et vos co-auteurs le voyez, personne d’autre.")
    return _("Votre brouillon est gardé. Vous seul le voyez.")
