"""What every page knows about the site itself."""

from django.conf import settings

from socle.apparence import theme_choisi

#: Names a city gives in settings.ESTUAIRE; these stand where it gives none.
PAR_DEFAUT = {
    "nom_plateforme": "Estuaire",
    "collectivite": "",
    "contact": "",
    "delegue_donnees": "",
    "code_source": "",
    "tuiles": "",
}


def site(request):
    """Context processor: `site` (the city's own names), `demonstration`, `theme` (clair, sombre or auto)."""
    return {
        "site": {**PAR_DEFAUT, **getattr(settings, "ESTUAIRE", {})},
        "demonstration": getattr(settings, "DEMONSTRATION", False),
        "theme": theme_choisi(request),
    }
