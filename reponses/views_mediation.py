"""What people think of an answer, and the desk of the mediator who reads it again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reponses import mediation
from reponses.forms_mediation import AppreciationForm, DemanderForm
from reponses.models import Reponse, SecondeLecture
from reponses.permissions import peut_apprecier, peut_demander_une_seconde_lecture, peut_instruire, peut_mediter
from reponses.utilite import regle, utilite_de
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, transitions_ouvertes

PAR_PAGE = 20


def autour(reponse, personne) -> dict:
    """What the page of a published answer shows of its usefulness; of people's own words, only to who may read them."""
    lecture = reponse.secondes_lectures.order_by("-demandee_le", "-pk").first() if reponse.corrige_id is None else None
    if lecture is not None:
        lecture.reponse = reponse
    lit_les_mots = peut_mediter(reponse, personne) or peut_instruire(reponse, personne)
    apprecie = peut_apprecier(reponse, personne)
    mienne = reponse.appreciations.filter(personne=personne).first() if est_connectee(personne) else None
    return {
        "utilite": utilite_de(reponse),
        "regle_utilite": regle(),
        "appreciation": mienne,
        "form_appreciation": AppreciationForm(initial=_initial(mienne)) if apprecie else None,
        "seconde_lecture": lecture,
        "etapes_de_lecture": transitions_ouvertes(lecture, personne) if lecture is not None else [],
        "peut_demander_lecture": peut_demander_une_seconde_lecture(reponse, personne)
        and not reponse.secondes_lectures.filter(origine=SecondeLecture.Origine.AUTRICE).exists()
        and not (lecture is not None and lecture.etat in SecondeLecture.ETATS_OUVERTS),
        "mots": list(reponse.appreciations.exclude(mot="").order_by("-le", "-pk")[:50]) if lit_les_mots else [],
        "lit_les_mots": lit_les_mots,
    }


def _initial(appreciation) -> dict:
    return {"avis": appreciation.avis, "mot": appreciation.mot} if appreciation else {}


def _reponse(request, pk) -> Reponse:
    publiees = Reponse.objects.visibles_par(request.user).publiees().prefetch_related("cible")
    return get_object_or_404(publiees, pk=pk)


@login_required
@require_POST
def apprecier(request, pk):
    """`retirer` takes it back; anything else says it, or says it again."""
    reponse = _reponse(request, pk)
    if "retirer" in request.POST:
        mediation.ne_plus_apprecier(reponse, par=request.user)
        messages.success(request, _("C’est retiré."))
        return redirect(reponse)
    if not peut_apprecier(reponse, request.user):
        raise EtapeInterdite(_("Les personnes qui ont proposé ou soutenu l’idée disent si la réponse leur est utile."))
    form = AppreciationForm(request.POST)
    if form.is_valid():
        mediation.apprecier(reponse, par=request.user, **form.cleaned_data)
        messages.success(request, _("Merci : c’est noté. Vous pouvez changer d’avis."))
        return redirect(reponse)
    return render(request, "reponses/apprecier.html", {"form": form, "reponse": reponse}, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def demander(request, pk):
    reponse = _reponse(request, pk)
    if not peut_demander_une_seconde_lecture(reponse, request.user):
        raise EtapeInterdite(_("Seules les personnes qui ont proposé l’idée demandent une seconde lecture."))
    form = DemanderForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _demande(form, reponse, request.user):
        messages.success(request, _("C’est demandé : une personne qui n’a pas préparé cette réponse la relira."))
        return redirect(reponse)
    return render(
        request,
        "reponses/demander_lecture.html",
        {"form": form, "reponse": reponse},
        status=422 if form.errors else 200,
    )


def _demande(form, reponse, par) -> bool:
    """Ask for it; False when somebody was faster, which the form says above the words that it keeps."""
    try:
        mediation.demander(reponse, par=par, raison=form.cleaned_data["raison"])
    except EtapeImpossible as refus:
        form.add_error(None, str(refus))
        return False
    return True


@login_required
@require_GET
def bureau(request):
    """What waits for the mediator: the oldest first, hers and those that nobody has taken."""
    if not request.user.est_mediatrice:
        raise PermissionDenied
    lectures = (
        SecondeLecture.objects.visibles_par(request.user)
        .en_cours()
        .select_related("reponse", "mediatrice")
        .prefetch_related("reponse__cible")
        .order_by("demandee_le", "pk")
    )
    page = Paginator(lectures, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "reponses/mediation.html", {"page": page, "fil": [{"texte": _("Médiation")}]})
