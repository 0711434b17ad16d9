"""The list of answers as files: the filters of its address, what a visitor sees."""

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reponses.donnees import document, tableur
from reponses.liste import chercher, filtres_stricts


@require_safe
def en_tableur(request):
    return _telecharger(tableur(chercher(filtres_stricts(request.GET))), "csv", "text/csv; charset=utf-8")


@require_safe
def en_json(request):
    choix = filtres_stricts(request.GET)
    return _telecharger(document(chercher(choix), choix), "json", "application/json")


def _telecharger(morceaux, extension, genre):
    return StreamingHttpResponse(
        morceaux,
        content_type=genre,
        headers={
            "Content-Disposition": f'attachment; filename="reponses-{timezone.localdate():%Y-%m-%d}.{extension}"',
            # A spreadsheet has no place for it beside its rows.
            "Link": f'<{settings.LICENCE_DES_DONNEES["url"]}>; rel="license"',
        },
    )
