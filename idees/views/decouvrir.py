"""Leaving the beaten track: one idea from elsewhere."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from idees import exposition
from idees.decouvrir import Ici, une_idee
from idees.models import Idee

NUMERO_MAX = 2**63 - 1


@never_cache
@require_GET
def decouvrir(request):
    """To an open idea, from elsewhere than the page one comes from: `depuis`, an idea, or `theme` and `lieu`, a list."""
    idee = une_idee(request.user, _ici(request), avance=exposition.est_une_personne(request))
    if idee is None:
        messages.info(request, _("Il n’y a pas d’autre idée ouverte en ce moment."))
        return redirect("idees:liste")
    return redirect(idee)


def _ici(request) -> Ici:
    numero = request.GET.get("depuis", "")
    if numero.isascii() and numero.isdecimal() and len(numero) < 20 and int(numero) <= NUMERO_MAX:
        visibles = Idee.objects.visibles_par(request.user).select_related("thematique", "territoire")
        idee = visibles.defer("territoire__contour").filter(pk=int(numero)).first()
        return Ici.devant(idee) if idee else Ici()
    return Ici(_nom(request, "theme"), _nom(request, "lieu"))


def _nom(request, parametre: str) -> str:
    """A name that is none in the database is far from everything; one that no database can hold counts as nothing."""
    demande = request.GET.get(parametre, "")
    return demande if demande.isprintable() and len(demande) <= 140 else ""
