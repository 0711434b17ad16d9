from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from projets.models import Projet
from socle.champs import sans_controle
from timeline.flux_atom import FluxChronologie


class FluxProjet(FluxChronologie):
    """The chronology of one projet, as a visitor reads it: a feed reader has no account."""

    def get_object(self, request, slug):
        return get_object_or_404(Projet.objects.visibles_par(AnonymousUser()), slug=slug)

    def title(self, projet):  # type: ignore[override] # Django takes an attribute or a method
        return _("%(projet)s : la chronologie") % {"projet": sans_controle(projet.titre)}

    def subtitle(self, projet):  # type: ignore[override]
        return sans_controle(projet.resume)

    def link(self, obj=None):
        return obj.get_absolute_url()

    def entrees(self, projet):
        return super().entrees(projet).filter(projet=projet)
