"""The small journal of a community: its own life, and what happened inside, as far as this person reads it."""

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communautes.models import Communaute
from communautes.views.acces import communaute_lue, contexte_de
from socle.htmx import veut_un_fragment
from timeline.models import Entree

PAR_PAGE = 30


def entrees_de(communaute):
    """Whoever reads them still has to be asked (`visibles_par`)."""
    sa_vie = Q(cible_type=ContentType.objects.get_for_model(Communaute), cible_id=communaute.pk)
    return Entree.objects.filter(Q(communaute=communaute) | sa_vie)


@require_GET
def journal(request, slug):
    communaute = communaute_lue(request, slug)
    rangees = entrees_de(communaute).visibles_par(request.user).order_by("-survenu_le", "-pk")
    page = Paginator(rangees, PAR_PAGE).get_page(request.GET.get("page"))
    debut = (page.number - 1) * PAR_PAGE
    page.object_list = rangees[debut : debut + PAR_PAGE].montrees_avec(communaute)
    contexte = {
        "page": page,
        "url_flux": f"/ws/flux/communautes.communaute/{communaute.pk}/",
        "url_atom": reverse("communautes:atom", args=[slug]) if _a_un_flux(communaute) else "",
    }
    if veut_un_fragment(request):
        return render(request, "timeline/_frise.html", contexte)
    contexte |= contexte_de(request, communaute, "journal", {"texte": _("Le journal")})
    return render(request, "communautes/journal.html", contexte)


def _a_un_flux(communaute) -> bool:
    return communaute.est_publique and communaute.est_lisible
