"""Finding: the list, its map, the boxes."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from idees.liste import chercher, filtres, page_de_cartes
from idees.models import Boite, Idee
from idees.permissions import peut_regler
from idees.views.fil import debut_du_fil

POINTS_MAX = 1000  # on one map


@require_GET
def liste(request):
    choix = filtres(request.GET, request.user)
    contexte = {
        "champs": choix,
        "page": page_de_cartes(chercher(request.user, choix), request.user, request.GET.get("page")),
    }
    return render(request, "idees/_liste.html" if request.htmx else "idees/liste.html", contexte)


@require_GET
def points(request):
    """The ideas of the list that have a place, for its map."""
    trouvees = chercher(request.user, filtres(request.GET, request.user)).filter(latitude__isnull=False)
    lignes = trouvees.values_list("pk", "titre", "etat", "latitude", "longitude")[:POINTS_MAX]
    resultat = [
        {"lat": lat, "lon": lon, "titre": titre, "etat": etat, "url": reverse("idees:detail", args=[pk])}
        for pk, titre, etat, lat, lon in lignes
    ]
    return JsonResponse(resultat, safe=False)


@require_GET
def boite(request, slug):
    trouvee = get_object_or_404(
        Boite.objects.visibles_par(request.user).select_related("etape__projet", "service"), slug=slug
    )
    idees = Idee.objects.visibles_par(request.user).publiees().filter(boite=trouvee)
    idees = idees.exclude(etat=Idee.Etat.FUSIONNEE).order_by("-publiee_le", "-pk")
    contexte = {
        "boite": trouvee,
        "page": page_de_cartes(idees, request.user, request.GET.get("page")),
        "peut_regler": peut_regler(trouvee, request.user),
        "fil": [debut_du_fil(), {"texte": trouvee.titre}],
    }
    return render(request, "idees/boite.html", contexte)


@require_GET
def choisir_boite(request):
    """Where to bring an idea: straight to the form when there is only one open box."""
    ouvertes = [
        b
        for b in Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
        if b.est_ouverte
    ]
    if len(ouvertes) == 1:
        return redirect("idees:proposer_dans", slug=ouvertes[0].slug)
    return render(
        request, "idees/choisir_boite.html", {"boites": ouvertes, "fil": [debut_du_fil(), {"texte": _("Proposer")}]}
    )
