"""Appeals: for the person who was excluded, and for those who decide on them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communautes import actions
from communautes.forms import AppelForm
from communautes.models import Appel
from communautes.permissions import est_la_sienne, peut_faire_appel, peut_lire_tout_l_appel
from communautes.views.acces import communaute_vue, contexte_de
from timeline.etapes import EtapeRefusee, transitions_ouvertes

PAR_PAGE = 20


@login_required
@require_http_methods(["GET", "POST"])
def faire_appel(request, slug):
    communaute = communaute_vue(request, slug)
    adhesion = communaute.adhesion_de(request.user)
    if adhesion is None or not peut_faire_appel(adhesion, request.user):
        raise PermissionDenied(_("L’appel appartient à la personne qui a été exclue."))
    if deja := adhesion.appels.filter(depose_le__gte=adhesion.depuis_le).first():
        return redirect(deja)
    form = AppelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            appel = actions.faire_appel(adhesion, par=request.user, texte=form.cleaned_data["texte"])
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, _("Votre appel est déposé. Une autre personne le lira, et vous répondra."))
            return redirect(appel)
    contexte = contexte_de(request, communaute, "", {"texte": _("Faire appel")}) | {"form": form, "adhesion": adhesion}
    return render(request, "communautes/faire_appel.html", contexte, status=422 if form.errors else 200)


@login_required
@require_GET
def appel(request, pk):
    """Its words for whoever made it and those who may decide; to those who lead there, what was answered."""
    trouve = get_object_or_404(
        Appel.objects.visibles_par(request.user).select_related(
            "adhesion__communaute", "adhesion__personne", "adhesion__decidee_par", "tranche_par"
        ),
        pk=pk,
    )
    decide = not est_la_sienne(trouve.adhesion, request.user) and peut_lire_tout_l_appel(trouve, request.user)
    contexte = {
        "appel": trouve,
        "est_la_sienne": est_la_sienne(trouve.adhesion, request.user),
        "decide": decide,
        "lit_tout": peut_lire_tout_l_appel(trouve, request.user),
        "etapes": transitions_ouvertes(trouve, request.user),
        "fil": [_debut_du_fil(request.user, trouve, decide), {"texte": _("Appel d’une exclusion")}],
    }
    return render(request, "communautes/appel.html", contexte)


def _debut_du_fil(personne, appel, decide) -> dict:
    if decide:
        return {"texte": _("Appels d’exclusions"), "url": reverse("communautes:appels")}
    communaute = appel.adhesion.communaute
    return {"texte": communaute.nom, "ecrit": True, "url": communaute.get_absolute_url()}


@login_required
@require_GET
def appels(request):
    """What waits for those who decide: the oldest first; then the last ones that were decided."""
    personne = request.user
    if not personne.est_mediatrice and not personne.est_agent:
        raise PermissionDenied(_("Cette page est celle des personnes qui décident des appels."))
    finis = request.GET.get("etat") == "finis"
    tous = Appel.objects.visibles_par(personne).pour_phrase()
    choisis = tous.filter(tranche_le__isnull=False).order_by("-tranche_le", "-pk") if finis else tous.a_trancher()
    contexte = {
        "page": Paginator(choisis, PAR_PAGE).get_page(request.GET.get("page")),
        "finis": finis,
        "onglets": [
            {"libelle": _("À examiner"), "url": "?", "actif": not finis},
            {"libelle": _("Examinés"), "url": "?etat=finis", "actif": finis},
        ],
        "fil": [{"texte": _("Appels d’exclusions")}],
    }
    return render(request, "communautes/appels.html", contexte)
