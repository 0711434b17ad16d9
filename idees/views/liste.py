"""Finding: the list, its map, the boxes."""

import zlib
from urllib.parse import urlencode

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from idees import exposition
from idees.calendrier import adresse_du_calendrier
from idees.flux_atom import adresse_du_flux
from idees.liste import (
    DE_PASSAGE,
    MOINS_VUES,
    PAR_PAGE,
    chercher,
    chercher_autour,
    filtres,
    filtres_actifs,
    ordre_de,
    page_de_cartes,
    valeurs,
)
from idees.models import Boite, Idee
from idees.permissions import peut_regler
from idees.views.fil import debut_du_fil
from projets.liste import Filtre
from socle.htmx import veut_un_fragment

POINTS_MAX = 1000  # on one map
CARTE = "carte"


@require_GET
def liste(request):
    choix = filtres(request.GET, request.user)
    idees, rayon = chercher_autour(request.user, choix)
    a_lire = idees.only("pk")
    if ordre_de(choix) == MOINS_VUES:
        visite = exposition.lire_visite(request.GET)
        if visite is None and (visite := _nouvelle_visite(request, idees, choix)):
            return redirect(f"{request.path}?{_debut_de_visite(request, choix, visite)}")
        a_lire = exposition.en_cercle(a_lire, visite) if visite else a_lire
    page = page_de_cartes(a_lire, request.user, request.GET.get("page"), mots=valeurs(choix)["q"])
    _compter(request, page)
    contexte = _contexte_de_liste(request, choix) | _contexte_de_carte(request, idees)
    contexte |= {"page": page, "rayon": rayon}
    return render(request, "idees/_liste.html" if veut_un_fragment(request) else "idees/liste.html", contexte)


def _nouvelle_visite(request, idees, choix):
    """Its beginning goes into the address: the next pages follow, whatever others do meanwhile."""
    cle = "&".join(f"{nom}={valeur}" for nom, valeur in valeurs(choix).items() if valeur and nom != "ordre")
    return exposition.commencer(idees, cle=cle, combien=PAR_PAGE, avance=exposition.est_une_personne(request))


def _debut_de_visite(request, choix, visite) -> str:
    """Only what was understood: an address that is sent back is never what somebody typed."""
    demande = {nom: valeur for nom, valeur in valeurs(choix).items() if valeur}
    if request.GET.get("vue") == CARTE:
        demande["vue"] = CARTE
    return urlencode(demande | visite.parametres())


def _adresse_de(request, **autres) -> str:
    """The same search without what only belonged to one visit; None takes a parameter away."""
    parametres = request.GET.copy()
    for nom, valeur in (dict.fromkeys(DE_PASSAGE) | autres).items():
        parametres.pop(nom, None)
        if valeur is not None:
            parametres[nom] = valeur
    return parametres.urlencode()


def _compter(request, page) -> None:
    if exposition.est_une_personne(request):
        exposition.compter([carte.pk for carte in page.object_list])


def _contexte_de_liste(request, choix) -> dict:
    en_carte = request.GET.get("vue") == CARTE
    voulus = valeurs(choix)
    return {
        "champs": [*choix, Filtre("vue", "", [], CARTE if en_carte else "", type="cache")],
        "actifs": filtres_actifs(choix, request.GET),
        "url_effacer": f"{request.path}?vue={CARTE}" if en_carte else request.path,
        # The same search, as a list or on a map.
        "onglets": [
            _onglet(request, _("Liste"), "list-ul", None, actif=not en_carte),
            _onglet(request, _("Carte et liste"), "map", CARTE, actif=en_carte),
        ],
        "url_atom": adresse_du_flux(voulus),
        "url_calendrier": adresse_du_calendrier(voulus),
        "theme_lu": voulus["theme"],
        "lieu_lu": voulus["lieu"],
    }


def _onglet(request, libelle, icone, vue, *, actif) -> dict:
    return {"libelle": libelle, "icone": icone, "url": f"?{_adresse_de(request, vue=vue)}", "actif": actif}


def _contexte_de_carte(request, idees) -> dict:
    """For the map beside the list; how many places are left out is said, not hidden."""
    if request.GET.get("vue") != CARTE:
        return {"points": ""}
    adresse = _adresse_de(request, vue=None)
    return {
        "points": f"{reverse('idees:points')}?{adresse}",
        # Another search is another map: htmx then draws it again instead of keeping the former.
        "nom_de_carte": f"carte-{zlib.crc32(adresse.encode())}",
        "points_de_trop": idees.filter(latitude__isnull=False).order_by()[: POINTS_MAX + 1].count() > POINTS_MAX,
        "points_max": POINTS_MAX,
    }


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
    idees = idees.exclude(etat=Idee.Etat.FUSIONNEE).only("pk").order_by("-publiee_le", "-pk")
    page = page_de_cartes(idees, request.user, request.GET.get("page"))
    _compter(request, page)
    contexte = {
        "boite": trouvee,
        "page": page,
        "peut_regler": peut_regler(trouvee, request.user),
        "url_atom": adresse_du_flux({"boite": trouvee.slug}) if trouvee.est_lisible else "",
        "fil": [debut_du_fil(), {"texte": trouvee.titre, "ecrit": True}],
    }
    return render(request, "idees/_resultats.html" if veut_un_fragment(request) else "idees/boite.html", contexte)


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
