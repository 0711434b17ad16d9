from django.shortcuts import render

from timeline.etapes import EtapeRefusee

SECRETS = ("password", "mot_de_passe", "token", "code")


class ErreursDuMetier:
    """What `franchir` refuses becomes a page with one sentence, whichever view called it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, EtapeRefusee):
            return None
        gabarit = {403: "403.html", 429: "429.html"}.get(exception.statut, "409.html")
        contexte = {
            "statut": exception.statut,
            "explication": str(exception),
            "retour": exception.retour,
            "ecrits": ecrits_de(request.POST),
        }
        return render(request, gabarit, contexte, status=exception.statut)


def ecrits_de(envoi) -> list[str]:
    """The sentences of a form that could not be taken, so that nobody has to write them again.

    Words only: neither codes, numbers and addresses of the page itself, nor what is typed in secret.
    """
    noms = [nom for nom in envoi if not any(secret in nom for secret in SECRETS)]
    valeurs = [valeur.strip() for nom in noms for valeur in envoi.getlist(nom)]
    return list(dict.fromkeys(valeur for valeur in valeurs if len(valeur.split()) > 1))
