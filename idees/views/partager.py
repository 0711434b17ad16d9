"""Taking an idea elsewhere: its QR code, and a poster for the hall or the market."""

import io

import segno
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from idees.models import Idee
from idees.views.fil import debut_du_fil
from socle.adresses import absolue


def _publique(pk):
    """What a visitor may not read has nothing to share, even for who may."""
    publiques = Idee.objects.visibles_par(AnonymousUser()).select_related("boite__etape__projet", "boite__service")
    return get_object_or_404(publiques, pk=pk)


@require_safe
def qr(request, pk):
    """The address of the idea as a drawing: our own, no service is asked."""
    idee = _publique(pk)
    dessin = io.BytesIO()
    code = segno.make_qr(absolue(idee.get_absolute_url()), error="m")
    code.save(dessin, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=True, svgns=True)
    return HttpResponse(
        dessin.getvalue(),
        content_type="image/svg+xml",
        headers={"Content-Security-Policy": "default-src 'none'; sandbox"},
    )


@require_GET
def affiche(request, pk):
    idee = _publique(pk)
    contexte = {
        "idee": idee,
        "adresse": absolue(idee.get_absolute_url()),
        "horloge": idee.echeance,
        "fil": [
            debut_du_fil(),
            {"texte": idee.titre, "ecrit": True, "url": idee.get_absolute_url()},
            {"texte": _("Affiche")},
        ],
    }
    return render(request, "idees/affiche.html", contexte)
