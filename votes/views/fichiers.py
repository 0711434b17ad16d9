"""Files of votes: one taken over from elsewhere (agents), the ballots of one that is proclaimed (everybody), pictures."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from votes.exportation import fichier_de, mentions_en_csv
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.pabulib import ecarts, ecrire, lire_octets
from votes.forms import ReprendreForm
from votes.models import Enveloppe, Scrutin
from votes.permissions import peut_creer, peut_lire_les_resultats
from votes.reprise import reprendre
from votes.views.composer import fil_du_bureau

DOSSIER = "votes/essais"
CLE = "votes_essai"  # of the session: the file that was tried, and its title
GARDE = timedelta(days=1)


# --- Taken over --------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def reprendre_un_fichier(request):
    """POST a file: it is read whole and tried, nothing is written. POST `confirmer`: the one that was tried is written."""
    if not peut_creer(request.user):
        raise PermissionDenied(_("Les votes passés sont repris par les agents."))
    if request.method == "POST" and "confirmer" in request.POST:
        return _ecrire(request)
    form = ReprendreForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    contexte = {"form": form, "fil": [*fil_du_bureau(), {"texte": _("Reprendre un vote passé")}]}
    if request.method == "POST" and form.is_valid():
        _garder(request, form)
        contexte |= {
            "reprise": form.reprise,
            "ecarts": _ecarts_en_clair(form.fichier_pb),
            "options": form.reprise.options[:10],
        }
    return render(request, "votes/composer/reprendre.html", contexte, status=422 if form.errors else 200)


def _ecarts_en_clair(fichier) -> list[str]:
    return [
        ngettext(
            "Colonne « %(colonne)s » : le fichier annonce un autre total que ses bulletins, pour %(n)s projet.",
            "Colonne « %(colonne)s » : le fichier annonce d’autres totaux que ses bulletins, pour %(n)s projets.",
            len(par_projet),
        )
        % {"colonne": colonne, "n": len(par_projet)}
        for colonne, par_projet in ecarts(fichier).items()
        if par_projet
    ]


def _garder(request, form) -> None:
    """The file that was tried waits for a yes; those that nobody confirmed go after a day."""
    _oublier_les_vieux()
    nom = default_storage.save(f"{DOSSIER}/{uuid.uuid4().hex}.pb", ContentFile(form.octets))
    request.session[CLE] = {"nom": nom, "titre": form.cleaned_data["titre"]}


def _oublier_les_vieux() -> None:
    if not default_storage.exists(DOSSIER):
        return
    for nom in default_storage.listdir(DOSSIER)[1]:
        chemin = f"{DOSSIER}/{nom}"
        if default_storage.get_modified_time(chemin) < timezone.now() - GARDE:
            default_storage.delete(chemin)


def _ecrire(request):
    essai = request.session.pop(CLE, None)
    if not essai or not default_storage.exists(essai["nom"]):
        messages.error(request, _("Cet essai est trop ancien, ou déjà écrit. Envoyez le fichier de nouveau."))
        return redirect("votes:reprendre")
    with default_storage.open(essai["nom"]) as garde:
        octets = garde.read()
    try:
        scrutin = reprendre(lire_octets(octets), par=request.user, titre=essai["titre"])
    except FichierInvalide as faute:
        messages.error(request, str(faute))
        return redirect("votes:reprendre")
    default_storage.delete(essai["nom"])
    messages.success(request, _("Le vote est repris, avec ses bulletins. Il peut être compté."))
    return redirect("votes:composer", slug=scrutin.slug)


# --- Ballots, for everybody ----------------------------------------------------------------------------------------------


@require_GET
@cache_control(private=True, no_store=True)
def bulletins(request, slug, pk):
    """All the ballots of one envelope, once the results are proclaimed: to count again."""
    scrutin = get_object_or_404(Scrutin.objects.visibles_par(request.user), slug=slug)
    enveloppe = get_object_or_404(Enveloppe, scrutin=scrutin, pk=pk)
    if not peut_lire_les_resultats(scrutin, request.user):
        raise Http404
    if scrutin.forme == Scrutin.Forme.MENTIONS:
        reponse: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(
            mentions_en_csv(scrutin, enveloppe), content_type="text/csv; charset=utf-8"
        )
        suffixe = "csv"
    else:
        reponse = HttpResponse(ecrire(fichier_de(scrutin, enveloppe)), content_type="text/plain; charset=utf-8")
        suffixe = "pb"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{scrutin.slug}-{enveloppe.rang}.{suffixe}"'
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    return reponse


# --- Pictures --------------------------------------------------------------------------------------------------------------


@require_GET
def image(request, slug, cle):
    """The picture of an option is read through the rights of its vote, each time."""
    scrutin = get_object_or_404(Scrutin.objects.visibles_par(request.user), slug=slug)
    option = get_object_or_404(scrutin.options.exclude(image=""), cle=cle)
    try:
        contenu = option.image.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    reponse = FileResponse(contenu, content_type="image/webp")
    reponse.headers["Cache-Control"] = "private, max-age=3600" if scrutin.est_lisible else "private, no-store"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse
