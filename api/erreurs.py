"""Refusals as JSON: `{"detail": sentence}`, or `{"field": [sentences]}` for what was sent."""

from django.core.exceptions import PermissionDenied as PermissionDeniedDjango
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from timeline.etapes import EtapeInvalide, EtapeRefusee
from timeline.models import RegistreScelle


def introuvable() -> str:
    """The same words for what does not exist and for what one may not know to exist."""
    return _("Cette adresse ne mène à rien que vous puissiez voir.")


def repondre(exc, context):
    """DRF's exception handler, in the words of the house."""
    if isinstance(exc, EtapeRefusee):
        champ = exc.champ if isinstance(exc, EtapeInvalide) else None
        return Response({champ: [str(exc)]} if champ else {"detail": str(exc)}, status=exc.statut)
    if isinstance(exc, RegistreScelle):
        return Response({"detail": str(exc)}, status=status.HTTP_409_CONFLICT)
    if isinstance(exc, SuspiciousOperation):
        lourd = isinstance(exc, RequestDataTooBig)
        phrase = _("Cet envoi est trop lourd.") if lourd else _("Cette demande n’est pas lisible.")
        return Response({"detail": phrase}, status=413 if lourd else 400)
    reponse = exception_handler(exc, context)
    if reponse is not None and (phrase := _phrase(exc, context)):
        reponse.data = {"detail": phrase}
    return reponse


def _phrase(exc, context) -> str:
    """A sentence in place of the framework's; empty where the exception brings its own."""
    if isinstance(exc, (Http404, exceptions.NotFound)):
        return introuvable()
    if isinstance(exc, exceptions.NotAuthenticated):
        return _("Connectez-vous pour cela.")
    if isinstance(exc, exceptions.PermissionDenied) and str(exc.detail).startswith("CSRF Failed"):
        return _("Cette demande ne prouve pas qu’elle vient de vous : joignez votre jeton, dans l’en-tête X-CSRFToken.")
    if isinstance(exc, (PermissionDeniedDjango, exceptions.PermissionDenied)):
        return _("Votre compte ne permet pas cette action.")
    if isinstance(exc, exceptions.MethodNotAllowed):
        return _("Cette adresse ne reçoit pas la méthode %(methode)s.") % {"methode": context["request"].method}
    if isinstance(exc, exceptions.NotAcceptable):
        return _("Cette adresse ne parle que le JSON.")
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return _("Ce format n’est pas reçu ici.")
    if isinstance(exc, exceptions.Throttled):
        return _("Beaucoup de demandes en peu de temps. Attendez un instant, puis recommencez.")
    return ""
