"""« Une concertation concerne cette page »: what is open about a theme or a place, told on the page of another site."""

from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from projets.models import Etape, Projet, Thematique
from socle.cadres import code_html, code_html_sans_place, integrable
from territoires.models import Territoire

PROJETS_MAX = 4
CACHE = 300  # seconds
HAUTEUR = 220  # px


def _etapes_ouvertes():
    maintenant = timezone.now()
    return Etape.objects.filter(ouvre_le__lte=maintenant, ferme_le__gt=maintenant).exclude(etat=Etape.Etat.ANNULEE)


def concertations_ouvertes(theme: str = "", lieu: str = ""):
    """Projets that everybody may see, of which a stage is open now: about this theme (slug), in this place or a part of it.
    Those that end first come first. A slug that names nothing finds nothing."""
    ouvertes = _etapes_ouvertes().order_by("ferme_le", "pk")
    projets = Projet.objects.visibles_par(AnonymousUser()).filter(
        Exists(ouvertes.filter(projet=OuterRef("pk"))), etat__in=Projet.VIVANTS
    )
    if theme:
        projets = projets.filter(thematiques__slug=theme)
    if lieu:
        dedans = Territoire.objects.filter(Q(slug=lieu) | Q(parent__slug=lieu) | Q(parent__parent__slug=lieu))
        projets = projets.filter(territoire__in=dedans.order_by().values("pk"))
    fin = ouvertes.filter(projet=OuterRef("pk")).values("ferme_le")[:1]
    return (
        projets.alias(premiere_fin=fin)
        .order_by("premiere_fin", "pk")
        .prefetch_related(Prefetch("etapes", ouvertes, to_attr="etapes_ouvertes"))
    )


@integrable
@cache_control(public=True, max_age=CACHE)
@require_safe
def cadre(request):
    """The frame. Nothing open: a page without a word nor a colour, answered 404: an `object` folds, a frame stays clear."""
    theme, lieu = (request.GET.get(nom, "").replace("\0", "")[:140] for nom in ("theme", "lieu"))
    projets = list(concertations_ouvertes(theme, lieu).only("titre", "slug", "etat")[: PROJETS_MAX + 1])
    if not projets:
        return render(request, "cadres/vide.html", status=404)
    contexte = {
        "projets": projets[:PROJETS_MAX],
        "suite": f"{reverse('projets:liste')}?{_demande(theme, lieu)}" if len(projets) > PROJETS_MAX else "",
    }
    return render(request, "projets/integrer/cadre.html", contexte)


def _demande(theme: str, lieu: str) -> str:
    return urlencode({nom: valeur for nom, valeur in (("theme", theme), ("lieu", lieu)) if valeur})


# --- The code --------------------------------------------------------------------------------------------------------


class CadreForm(forms.Form):
    theme = forms.ModelChoiceField(
        Thematique.objects.all(),
        label=gettext_lazy("Thème"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("Tous les thèmes"),
    )
    lieu = forms.ModelChoiceField(
        Territoire.objects.defer("contour").order_by("genre", "slug"),
        label=gettext_lazy("Lieu"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("Tous les lieux"),
    )

    def slugs(self) -> tuple[str, str]:
        """Of the theme and of the place; empty for one that is not chosen."""
        theme, lieu = (self.cleaned_data[nom] for nom in ("theme", "lieu"))
        return theme.slug if theme else "", lieu.slug if lieu else ""


@require_GET
@login_required
def composer(request):
    """An agent chooses a theme and a place, and copies the code."""
    if not request.user.est_agent:
        raise PermissionDenied
    form = CadreForm(request.GET or None)
    valide = form.is_valid()
    theme, lieu = form.slugs() if valide else ("", "")
    demande = _demande(theme, lieu)
    chemin = f"{reverse('projets:cadre_integre')}?{demande}" if demande else reverse("projets:cadre_integre")
    titre = _("Concertations en cours")
    contexte = {
        "form": form,
        "cadre": chemin,
        "nb": concertations_ouvertes(theme, lieu).count(),
        "code": code_html(chemin, titre=titre, hauteur=HAUTEUR),
        "code_sans_place": code_html_sans_place(chemin, titre=titre, hauteur=HAUTEUR),
        "fil": [
            {"texte": _("Bureau de l’équipe"), "url": reverse("portail:bureau_agent")},
            {"texte": _("Afficher les concertations sur une autre page")},
        ],
    }
    return render(
        request, "projets/integrer/composer.html", contexte, status=200 if valide or not form.is_bound else 422
    )
