from django.http import HttpResponse
from django.urls import include, path

VINGT_KO = b"x" * 20_000


def nue(request):
    """What this server can do at best with a page of that weight: no query, no template."""
    return HttpResponse(VINGT_KO)


urlpatterns = [path("nue/", nue), path("", include("config.urls"))]
