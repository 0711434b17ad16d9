"""Polls: the list, the page of each, the answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communautes import sondages
from communautes.forms.forum import SondageForm, VoterForm
from communautes.forum import exiger_de_participer
from communautes.models import Sondage, Voix
from communautes.permissions import peut_lire_les_resultats, peut_voter_au_sondage
from communautes.views.acces import communaute_lue, contexte_de
from communautes.views.forum import gestes_de_moderation
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, EtapeRefusee, transitions_ouvertes

PAR_PAGE = 20


def _fil(communaute, *suite) -> list[dict]:
    return [{"texte": _("Sondages"), "url": reverse("communautes:sondages", args=[communaute.slug])}, *suite]


@require_GET
def liste(request, slug):
    communaute = communaute_lue(request, slug)
    visibles = Sondage.objects.visibles_par(request.user).filter(communaute=communaute).pour_liste(request.user)
    page = Paginator(visibles, PAR_PAGE).get_page(request.GET.get("page"))
    for sondage in page.object_list:
        sondage.communaute = communaute
    contexte = contexte_de(request, communaute, "sondages", *_fil(communaute)) | {"page": page}
    return render(request, "communautes/sondages/liste.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def demander(request, slug):
    communaute = communaute_lue(request, slug)
    exiger_de_participer(communaute, request.user)
    form = SondageForm(request.POST or None)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            ouvert = sondages.demander(communaute, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _("Votre sondage est lancé."))
            return redirect(ouvert)
    contexte = contexte_de(request, communaute, "sondages", *_fil(communaute, {"texte": _("Lancer un sondage")}))
    return render(
        request, "communautes/sondages/ecrire.html", contexte | {"form": form}, status=statut if form.errors else 200
    )


def _sondage(request, communaute, pk) -> Sondage:
    visibles = Sondage.objects.visibles_par(request.user).filter(communaute=communaute)
    sondage = get_object_or_404(visibles.select_related("auteur").prefetch_related("options"), pk=pk)
    sondage.communaute = communaute
    return sondage


@require_GET
def sondage(request, slug, pk):
    communaute = communaute_lue(request, slug)
    return _rendre(request, communaute, _sondage(request, communaute, pk))


def _rendre(request, communaute, lu, form=None, statut=200):
    personne = request.user
    siennes = Voix.objects.filter(sondage=lu, personne=personne) if est_connectee(personne) else Voix.objects.none()
    choisies = list(siennes.values_list("option", flat=True))
    ouvert = lu.on_y_repond()
    if form is None and ouvert and peut_voter_au_sondage(lu, personne):
        form = VoterForm(sondage=lu, siennes=choisies)
    contexte = contexte_de(request, communaute, "sondages", *_fil(communaute, {"texte": lu.question, "ecrit": True}))
    contexte |= {
        "sondage": lu,
        "ouvert": ouvert,
        "form": form,
        "a_vote": bool(choisies),
        "resultats": sondages.resultats(lu) if peut_lire_les_resultats(lu, personne) else None,
        "etapes": transitions_ouvertes(lu, personne),
        "url_flux": f"/ws/flux/communautes.sondage/{lu.pk}/",
        **gestes_de_moderation(lu, personne),
    }
    gabarit = "communautes/sondages/_sondage.html" if request.htmx else "communautes/sondages/sondage.html"
    return render(request, gabarit, contexte, status=statut)


@login_required
@require_POST
def voter(request, slug, pk):
    """Answer, or answer otherwise."""
    communaute = communaute_lue(request, slug)
    lu = _sondage(request, communaute, pk)
    exiger_de_participer(communaute, request.user)
    form = VoterForm(request.POST, sondage=lu)
    if not form.is_valid():
        return _rendre(request, communaute, lu, form, 422)
    try:
        sondages.voter(lu, par=request.user, choix=form.cleaned_data["choix"])
    except EtapeInvalide as refus:
        form.add_error("choix", str(refus))
        return _rendre(request, communaute, lu, form, 422)
    messages.success(request, _("Votre réponse est comptée. Vous pouvez la changer tant que le sondage est ouvert."))
    return redirect(f"{lu.get_absolute_url()}#resultats")
