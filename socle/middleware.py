from django.shortcuts import render
from django.utils.cache import patch_cache_control

from socle.adresses import page_au_dessus
from socle.pile import au_large


class EnTetes:
    """Headers that no Django setting gives, on every page of the site."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        reponse.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()")
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # What a person sees is hers: no cache between the site and her browser keeps it.
        if request.user.is_authenticated and not reponse.has_header("Cache-Control"):
            patch_cache_control(reponse, no_store=True, private=True)
        return reponse


class LectureSansCorps:
    """HEAD asks what GET would answer: a page knows GET alone, and whoever serves the site leaves the body out.

    A view that shows on GET, and acts on all else, would take a HEAD for something sent, which no token has to prove.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"


class PageDuRienALire:
    """The address of a button, opened as a page: Django answers 405 and nothing, this says what happened and leads back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        if reponse.status_code != 405 or request.method != "GET" or reponse.content:  # the API says it in its own words
            return reponse
        page = render(request, "405.html", {"page": page_au_dessus(request.path_info)}, status=405)
        page.headers["Allow"] = reponse.headers["Allow"]
        return page


class ResteSynchrone:
    """Sync-only and last: under ASGI the whole chain then runs in one thread instead of two hops per middleware.

    What follows is the page: its deep calls get room.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return au_large(self.get_response, request)
