"""What everybody reads of a panel: its mandate, its draws, its minutes, its avis."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communautes.models import CompteRendu, Panel, Tirage
from communautes.panels.lecture import panel_et_places
from communautes.permissions import peut_animer
from communautes.permissions_panel import peut_conduire, peut_voir_la_preparation
from communautes.views.acces import communaute_vue, contexte_de
from socle.fichiers import FORMATS
from timeline.etapes import transitions_ouvertes

COMPTES_RENDUS = 20


def panel_vu(request, slug) -> Panel:
    """404 for whoever may not know that it exists."""
    communaute = communaute_vue(request, slug)
    panel = Panel.objects.filter(communaute=communaute).first()
    if panel is None:
        raise Http404
    panel.communaute = communaute
    return panel


def contexte_du_panel(request, panel, *suite: dict, active="panel") -> dict:
    return {
        **contexte_de(request, panel.communaute, active, *suite),
        "panel": panel,
        "peut_conduire": peut_conduire(panel, request.user),
        "peut_preparer": peut_voir_la_preparation(panel, request.user),
    }


@require_GET
def panel(request, slug):
    trouve = panel_vu(request, slug)
    tirages = Tirage.objects.visibles_par(request.user).filter(panel=trouve).select_related("panel__communaute")
    comptes_rendus = CompteRendu.objects.visibles_par(request.user).filter(communaute=trouve.communaute)
    comptes_rendus = comptes_rendus.select_related("communaute")
    mandats = list(trouve.mandats.filter(publie_le__isnull=False))
    avis = list(trouve.avis_rendus.all())
    contexte = contexte_du_panel(request, trouve, {"texte": _("Mandat et tirage")}) | {
        "mandat": mandats[0] if mandats else None,
        "mandats_anciens": mandats[1:],
        "tirages": tirages.annonces().order_by("numero"),
        "places": panel_et_places(trouve),
        "page": Paginator(comptes_rendus.order_by("-seance_le", "-pk"), COMPTES_RENDUS).get_page(
            request.GET.get("page")
        ),
        "avis": avis[0] if avis else None,
        "avis_anciens": avis[1:],
        "syntheses": trouve.syntheses.all(),
        "reponse_en_retard": bool(avis)
        and trouve.repondu_le is None
        and avis[0].reponse_attendue_le < timezone.localdate(),
        "reponse_promise": avis[-1].reponse_attendue_le if avis else None,
    }
    return render(request, "communautes/panels/panel.html", contexte)


@require_GET
def compte_rendu(request, slug, pk):
    trouve = panel_vu(request, slug)
    visibles = CompteRendu.objects.visibles_par(request.user).filter(communaute=trouve.communaute)
    compte_rendu = get_object_or_404(visibles, pk=pk)
    compte_rendu.communaute = trouve.communaute
    versions = list(compte_rendu.versions.all())
    contexte = contexte_du_panel(
        request,
        trouve,
        {"texte": _("Mandat et tirage"), "url": trouve.get_absolute_url()},
        {"texte": compte_rendu.titre, "ecrit": True},
    ) | {
        "compte_rendu": compte_rendu,
        "version": versions[0],
        "anciennes": versions[1:],
        "peut_corriger": peut_animer(trouve.communaute, request.user),
        "transitions": transitions_ouvertes(compte_rendu, request.user),
    }
    return render(request, "communautes/panels/compte_rendu.html", contexte)


@require_GET
def fichier_de_l_avis(request, slug, numero):
    """The file of one version of the avis, as it was sealed."""
    trouve = panel_vu(request, slug)
    avis = get_object_or_404(trouve.avis_rendus.exclude(fichier=""), numero=numero)
    try:
        contenu = avis.fichier.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    format_du_fichier = FORMATS[str(avis.fichier.name).rpartition(".")[2]]
    reponse = FileResponse(
        contenu, as_attachment=True, filename=avis.nom_du_fichier, content_type=format_du_fichier.type_mime
    )
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse.headers["Cache-Control"] = "private, no-store"
    return reponse
