"""Proposing: the form of an idea, new or draft."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from idees import actions
from idees.avant_envoi import faut_il_regarder
from idees.forms import IdeeForm
from idees.models import Boite, Idee
from idees.permissions import peut_modifier, peut_proposer
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
        raise EtapeInterdite(_("Une idée envoyée ne change plus. Vous pouvez la commenter."))
    return _ecrire(request, idee, nouvelle=False)


def _ecrire(request, idee, *, nouvelle):
    """The form of an idea, new or draft: sent, or kept for later."""
    form = IdeeForm(request.POST or None, request.FILES or None, idee=None if nouvelle else idee)
    if request.method == "POST" and form.is_valid():
        valeurs, envoyer = form.valeurs(), "garder" not in request.POST
        regarder = envoyer and faut_il_regarder(request, idee, valeurs["titre"], valeurs["texte"])
        try:
            idee = actions.rediger(
                idee,
                par=request.user,
                valeurs=valeurs,
                photo=form.cleaned_data["photo"],
                alternative=form.cleaned_data["alternative"],
                envoyer=envoyer and not regarder,
            )
        except (EtapeImpossible, EtapeInterdite) as refus:
            form.add_error(None, str(refus))
        else:
            if regarder:
                return redirect("idees:regarder", pk=idee.pk)
            messages.success(
                request, dire_la_suite(idee) if envoyer else _("Votre brouillon est gardé. Vous seul le voyez.")
            )
            return redirect(idee)
    gardee = idee.photos.first() if idee.pk else None
    photo_actuelle = reverse("idees:photo", args=[idee.pk, gardee.pk, "vignette"]) if gardee else ""
    contexte = {"form": form, "boite": idee.boite, "idee": idee, "nouvelle": nouvelle, "photo_actuelle": photo_actuelle}
    contexte["fil"] = [debut_du_fil(), {"texte": _("Proposer une idée")}]
    return render(request, "idees/ecrire.html", contexte, status=422 if form.errors else 200)


def dire_la_suite(idee) -> str:
    if idee.etat == Idee.Etat.A_MODERER:
        return _(
            "Merci ! Votre idée est bien reçue. Une personne la relit, puis elle sera publiée. Vous recevrez un courriel."
        )
    return _("Merci ! Votre idée est publiée. Partagez-la autour de vous pour réunir des soutiens.")
