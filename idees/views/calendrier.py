"""When decisions are taken: the page, and the same for diaries."""

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from idees.calendrier import ANNEES, APRES, AVANT, CRITERES, Mois, agenda, evenements, par_jour
from idees.flux_atom import avec_criteres, choix_d_un_visiteur, nom_des_criteres
from idees.liste import filtres, filtres_actifs, valeurs
from idees.views.fil import debut_du_fil
from projets.liste import Filtre
from projets.views import reponse_ics
from socle.htmx import veut_un_fragment


@require_GET
def calendrier(request):
    choix = [filtre for filtre in filtres(request.GET, request.user) if filtre.nom in CRITERES]
    voulus, mois = valeurs(choix), Mois.lire(request.GET.get("mois", ""))
    trouves = evenements(request.user, mois.debut, mois.fin, **voulus)
    contexte = {
        "champs": [*choix, Filtre("mois", "", [], str(mois), type="cache")],
        "actifs": filtres_actifs(choix, request.GET),
        "url_effacer": f"{request.path}?mois={mois}",
        "mois": mois,
        "nom_du_mois": date_format(mois.debut, "F Y"),
        "jours": par_jour(trouves),
        "nombre": len(trouves),
        "mois_voisins": _voisins(request, mois),
        "url_ical": avec_criteres(reverse("idees:calendrier_ics"), voulus, CRITERES),
        "fil": [debut_du_fil(), {"texte": _("Le calendrier des décisions")}],
    }
    gabarit = "idees/_calendrier.html" if veut_un_fragment(request) else "idees/calendrier.html"
    return render(request, gabarit, contexte)


def _voisins(request, mois) -> list[dict]:
    """Links to the months before and after, the filters kept."""
    liens = []
    for rel, voisin in (("prev", mois.precedent), ("next", mois.suivant)):
        if voisin.annee in ANNEES:
            parametres = request.GET.copy()
            parametres["mois"] = str(voisin)
            liens.append({"rel": rel, "url": f"?{parametres.urlencode()}", "texte": date_format(voisin.debut, "F Y")})
    return liens


@require_safe
def calendrier_ics(request):
    """A diary has no account: what a visitor sees."""
    choix = choix_d_un_visiteur(request.GET, CRITERES)
    aujourdhui, criteres = timezone.localdate(), nom_des_criteres(choix)
    prevus = evenements(
        AnonymousUser(), aujourdhui - AVANT, aujourdhui + APRES, **{nom: valeurs(choix)[nom] for nom in CRITERES}
    )
    nom = _("Les décisions : %(criteres)s") % {"criteres": criteres} if criteres else _("Les décisions")
    return reponse_ics(agenda(prevus, nom), "decisions")
