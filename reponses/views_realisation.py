"""What becomes of a published yes: steps done and told, news, delays, pictures."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reponses import actions
from reponses.forms_realisation import FaitForm, NouvelleForm, RetardForm
from reponses.models import Jalon, PhotoRealisation, Reponse
from reponses.permissions import peut_instruire
from timeline.etapes import EtapeImpossible, EtapeInvalide


@login_required
@require_http_methods(["GET", "POST"])
def jalon_fait(request, pk):
    """Say that a promised step is done: dated, public, and not undone; with what was done, if one wants to tell."""
    jalon = _jalon(request, pk)
    if request.method == "GET" and not jalon.est_attendu:
        return redirect(jalon.reponse)
    form = FaitForm(request.POST or None, request.FILES or None, facultatif=True)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            actions.accomplir_jalon(jalon, par=request.user, fait=form.fait() if form.is_bound else None)
        except EtapeImpossible as refus:
            if not form.is_bound or not form.fait():
                raise
            form.add_error(None, str(refus))
        else:
            messages.success(request, _("C’est noté : l’étape « %(titre)s » est faite.") % {"titre": jalon.titre})
            return redirect(jalon.reponse)
    deja = Jalon.objects.filter(pk=jalon.pk, fait_le__isnull=False).exists()
    return _ecrire(request, "jalon_fait", form, jalon.reponse, _("Étape faite"), jalon=jalon, deja=deja)


@login_required
@require_http_methods(["GET", "POST"])
def raconter(request, pk):
    """Add an account to a step that is done; those before it stay."""
    jalon = _jalon(request, pk)
    if jalon.fait_le is None:
        raise EtapeImpossible(_("On raconte une étape faite : dites d’abord qu’elle l’est."))
    form = FaitForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actions.raconter_jalon(jalon, par=request.user, fait=form.fait())
        messages.success(request, _("Votre compte rendu est publié."))
        return redirect(jalon.reponse)
    return _ecrire(request, "raconter_jalon", form, jalon.reponse, _("Raconter une étape"), jalon=jalon)


@login_required
@require_http_methods(["GET", "POST"])
def nouvelle(request, pk):
    reponse = get_object_or_404(Reponse.objects.visibles_par(request.user).prefetch_related("cible"), pk=pk)
    _exiger_de_suivre(request, reponse)
    form = NouvelleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.donner_des_nouvelles(reponse, par=request.user, **form.cleaned_data)
        messages.success(request, _("La nouvelle est publiée."))
        return redirect(reponse)
    return _ecrire(request, "nouvelle", form, reponse, _("Donner une nouvelle"))


@login_required
@require_http_methods(["GET", "POST"])
def retard(request, pk):
    """Say why a step will be late; the date that was promised stays beside the new one."""
    jalon = _jalon(request, pk)
    if not jalon.est_attendu:
        raise EtapeImpossible(_("Cette étape n’est plus attendue : elle est faite ou annulée."))
    form = RetardForm(request.POST or None, jalon=jalon)
    if request.method == "POST" and form.is_valid():
        try:
            actions.annoncer_un_retard(jalon, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        except EtapeImpossible as refus:
            form.add_error(None, str(refus))
            jalon = _jalon(request, pk)
            form.repartir_de(jalon)
        else:
            messages.success(request, _("Le retard est annoncé, avec sa raison."))
            return redirect(jalon.reponse)
    return _ecrire(request, "retard", form, jalon.reponse, _("Annoncer un retard"), jalon=jalon)


@require_GET
def photo(request, pk, taille):
    """A picture is read through the rights of its answer, each time."""
    if taille not in {"grande", "vignette"}:
        raise Http404
    trouvee = get_object_or_404(PhotoRealisation.objects.visibles_par(request.user), pk=pk)
    try:
        contenu = (trouvee.vignette if taille == "vignette" else trouvee.fichier).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    reponse = FileResponse(contenu, content_type="image/webp")
    reponse.headers["Cache-Control"] = "private, max-age=3600"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse


def _jalon(request, pk) -> Jalon:
    jalon = get_object_or_404(Jalon.objects.visibles_par(request.user).select_related("reponse"), pk=pk)
    _exiger_de_suivre(request, jalon.reponse)
    return jalon


def _exiger_de_suivre(request, reponse):
    if not peut_instruire(reponse, request.user):
        raise actions.interdiction(reponse.cible, request.user)
    actions.exiger_un_oui_publie(reponse)


def _ecrire(request, gabarit, form, reponse, titre, **autres):
    contexte = {"form": form, "reponse": reponse, "titre": titre, **autres}
    contexte["fil"] = [
        {"texte": _("Les réponses officielles"), "url": reverse("reponses:liste")},
        {"texte": str(reponse), "url": reponse.get_absolute_url()},
        {"texte": titre},
    ]
    return render(request, f"reponses/{gabarit}.html", contexte, status=422 if form.is_bound and form.errors else 200)
