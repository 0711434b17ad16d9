from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from communautes.models import Communaute
from communautes.views.journal import entrees_de
from socle.champs import sans_controle
from timeline.flux_atom import FluxChronologie
from timeline.models import Entree


class FluxCommunaute(FluxChronologie):
    """The journal of a public community, as a visitor reads it. A closed one has none: a feed reader has no account."""

    def get_object(self, request, slug):
        lues = Communaute.objects.visibles_par(AnonymousUser()).filter(acces=Communaute.Acces.PUBLIQUE)
        return get_object_or_404(lues, slug=slug)

    def title(self, communaute):  # type: ignore[override] # Django takes an attribute or a method
        return _("%(communaute)s : le journal") % {"communaute": sans_controle(communaute.nom)}

    def subtitle(self, communaute):  # type: ignore[override]
        return sans_controle(communaute.resume)

    def link(self, obj=None):
        return obj.get_absolute_url()

    def entrees(self, communaute):
        lisibles = Entree.objects.visibles_par(AnonymousUser()).nouvelles()
        return lisibles.filter(pk__in=entrees_de(communaute).order_by().values("pk"))
