from django.shortcuts import render

from timeline.etapes import EtapeRefusee


class ErreursDuMetier:
    """What `franchir` refuses becomes a page with one sentence, whichever view called it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, EtapeRefusee):
            return None
        gabarit = {403: "403.html", 409: "409.html"}.get(exception.statut, "400.html")
        return render(request, gabarit, {"explication": str(exception)}, status=exception.statut)
