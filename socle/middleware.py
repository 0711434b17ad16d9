from django.utils.cache import patch_cache_control

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
