"""The API described: OpenAPI for programs, two pages for people."""

import hashlib
import json
from functools import cache

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.views import APIView

from api.schema import CHAPITRES

METHODES = ("get", "post", "put", "delete")
UNE_HEURE = 3600  # seconds


@cache
def description() -> dict:
    """OpenAPI of the whole API: the same for everybody, in French, made once a process."""
    with translation.override("fr"):
        return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


@cache
def _corps() -> bytes:
    return json.dumps(description(), ensure_ascii=False, separators=(",", ":")).encode()


@require_safe
def schema(request):
    corps = _corps()
    reponse = HttpResponse(corps, content_type="application/vnd.oai.openapi+json")
    reponse["ETag"] = quote_etag(hashlib.sha256(corps).hexdigest()[:32])
    patch_cache_control(reponse, public=True, max_age=UNE_HEURE)
    return get_conditional_response(request, etag=reponse["ETag"], response=reponse) or reponse


@require_GET
def accueil(request):
    """Every route in plain HTML: readable without JavaScript, by anybody."""
    fil = [{"texte": _("L’interface de programmation (API)")}]
    return render(
        request, "api/accueil.html", {"chapitres": chapitres(), "licence": description()["info"]["license"], "fil": fil}
    )


@cache
def chapitres() -> list[dict]:
    """Operations by chapter, in the order of `CHAPITRES`."""
    par_nom: dict[str, list[dict]] = {nom: [] for nom in CHAPITRES.values()}
    for chemin, methodes in description()["paths"].items():
        for methode in METHODES:
            if operation := methodes.get(methode):
                par_nom[operation["tags"][0]].append(
                    {
                        "methode": methode.upper(),
                        "chemin": chemin,
                        "resume": operation["summary"],
                        "precisions": operation.get("description", "").partition("\n\n")[0],
                        # A link for what can be read as it stands.
                        "url": chemin
                        if methode == "get" and "{" not in chemin and "403" not in operation["responses"]
                        else "",
                    }
                )
    return [{"nom": nom, "operations": operations} for nom, operations in par_nom.items() if operations]


class Lecteur(SpectacularSwaggerSplitView):
    """Try the API from a page; needs JavaScript, which `accueil` does not."""

    url_name = "api:schema"
    template_name = "api/lire.html"

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        reponse = super().get(request, *args, **kwargs)
        debut = {"texte": _("L’interface de programmation (API)"), "url": reverse("api:accueil")}
        reponse.data["fil"] = [debut, {"texte": _("Essayer l’API")}]
        return reponse


class Inconnue(APIView):
    """An address that the API does not have: the same answer as for what one may not see."""

    schema = None

    def initial(self, request, *args, **kwargs):
        raise NotFound
