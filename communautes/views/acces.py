"""Which community a page is about, who may stand there, and what every page of it shows."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from communautes.autour import panneaux_de
from communautes.models import Communaute
from communautes.permissions import peut_animer, peut_lire_dedans, peut_participer, role_de
from communautes.sections import sections_de
from timeline.etapes import EtapeInterdite


def communaute_vue(request, slug, *, entiere=False) -> Communaute:
    """Its front page: 404 for whoever may not know that it exists. `entiere`: with all its words."""
    lues = Communaute.objects.visibles_par(request.user).pour_liste()
    if entiere:
        lues = lues.defer(None).select_related("proposee_par").defer("territoire__contour")
    return get_object_or_404(lues, slug=slug)


def communaute_lue(request, slug) -> Communaute:
    """Its inside: 403 for whoever knows that it exists and is not in."""
    communaute = communaute_vue(request, slug)
    if not peut_lire_dedans(communaute, request.user):
        raise EtapeInterdite(
            _("Cette page est réservée aux membres de la communauté."), retour=communaute.get_absolute_url()
        )
    return communaute


def contexte_de(request, communaute, active, *suite: dict) -> dict:
    """What `communautes/_page.html` needs. `suite`: the end of the breadcrumb trail, {texte, url}."""
    return {
        "communaute": communaute,
        "onglets": sections_de(communaute, request.user, active),
        "autour": panneaux_de(communaute, request.user),
        "lit_dedans": peut_lire_dedans(communaute, request.user),
        "mon_role": role_de(communaute, request.user),
        "peut_animer": peut_animer(communaute, request.user),
        "peut_participer": peut_participer(communaute, request.user),
        "fil": [
            {"texte": _("Les communautés"), "url": reverse("communautes:liste")},
            {"texte": communaute.nom, "ecrit": True, "url": communaute.get_absolute_url()},
            *suite,
        ],
    }
