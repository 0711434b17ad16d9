import hashlib
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from socle import cadence
from territoires import geometrie
from territoires.adresses import suggerer
from territoires.models import Territoire

UNE_HEURE = 3600
RECHERCHES_MAX = 120  # of one network in a minute: two people who type fast


@require_safe
def contours(request: HttpRequest) -> HttpResponse:
    """Outlines of the communes as one GeoJSON FeatureCollection: public, the same for everybody, drawn on every map."""
    communes = list(Territoire.objects.communes().avec_contour())
    collection = {"type": "FeatureCollection", "features": [commune.en_geojson() for commune in communes]}
    boites = [geometrie.boite(commune.contour) for commune in communes if commune.contour]
    if boites:
        ouests, suds, ests, nords = zip(*boites, strict=True)
        collection["bbox"] = [min(ouests), min(suds), max(ests), max(nords)]
    sources = sorted({commune.source_contour for commune in communes if commune.source_contour})
    if sources:
        collection["attribution"] = " ; ".join(sources)
    corps = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    reponse = HttpResponse(corps, content_type="application/geo+json")
    reponse["ETag"] = quote_etag(hashlib.sha256(corps).hexdigest()[:32])
    patch_cache_control(reponse, public=True, max_age=UNE_HEURE)
    return get_conditional_response(request, etag=reponse["ETag"], response=reponse) or reponse


@require_safe
def adresses(request: HttpRequest) -> HttpResponse:
    """Places that begin with what is typed (`q`), best first: public, the same for everybody, from our own tables."""
    if not cadence.compter(request, "adresses", maximum=RECHERCHES_MAX, periode=60):
        return JsonResponse(
            {"detail": _("Trop de recherches. Attendez une minute.")}, status=429, headers={"Retry-After": "60"}
        )
    trouves = [endroit.en_json() for endroit in suggerer(request.GET.get("q", ""))]
    reponse = JsonResponse({"adresses": trouves}, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(reponse, public=True, max_age=UNE_HEURE)
    return reponse
