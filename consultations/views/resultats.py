"""Results, for everybody at the same time: the pictures, the words, the crossings, the open data."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consultations import croisements, ouvertes
from consultations.manquants import comparer
from consultations.models import Consultation
from consultations.permissions import peut_lire_les_resultats
from consultations.resultats import compter, questions_posees, textes_de
from consultations.views.fil import debut_du_fil

TEXTES_PAR_PAGE = 30


def _consultation(request, slug) -> Consultation:
    visibles = Consultation.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
    return get_object_or_404(visibles.defer("territoire__contour"), slug=slug)


def _avec_resultats(request, slug) -> Consultation:
    """404 before their time: nothing says what there will be."""
    consultation = _consultation(request, slug)
    if not peut_lire_les_resultats(consultation, request.user):
        raise Http404
    return consultation


def _fil(consultation, *suite) -> list[dict]:
    ici = {"texte": _("Résultats"), "url": reverse("consultations:resultats", args=[consultation.slug])}
    return [debut_du_fil(), {"texte": consultation.titre, "url": consultation.get_absolute_url()}, ici, *suite]


@require_GET
def resultats(request, slug):
    """Before their time, the page says when."""
    consultation = _consultation(request, slug)
    if not consultation.est_annoncee:
        raise Http404
    contexte = {"consultation": consultation, "fil": _fil(consultation), "visibles": False}
    if peut_lire_les_resultats(consultation, request.user):
        contexte |= {
            "visibles": True,
            "resultats": compter(consultation),
            "presence": comparer(consultation) if consultation.est_finie else None,
            "croisables": croisements.croisables(consultation)
            if consultation.est_finie and consultation.profil
            else [],
        }
    return render(request, "consultations/resultats/resultats.html", contexte)


@require_GET
def textes(request, slug, cle):
    """Words answered to one question, by those who let them be published."""
    consultation = _avec_resultats(request, slug)
    question = next((q for q, *_reste in questions_posees(consultation) if q.cle == cle), None)
    if question is None:
        raise Http404
    page = Paginator(textes_de(consultation, cle), TEXTES_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "consultation": consultation,
        "question": question,
        "page": page,
        "fil": _fil(consultation, {"texte": _("Réponses écrites")}),
    }
    return render(request, "consultations/resultats/textes.html", contexte)


@require_GET
def croiser(request, slug):
    """One question by age or by commune, once the consultation is over."""
    consultation = _avec_resultats(request, slug)
    if not consultation.est_finie:
        raise Http404
    questions = croisements.croisables(consultation)
    cle = request.GET.get("question") or (questions[0].cle if questions else "")
    par = request.GET.get("par") or "tranche"
    croisement = croisements.croiser(consultation, cle, par)
    if croisement is None:
        raise Http404
    contexte = {
        "consultation": consultation,
        "croisement": croisement,
        "questions": questions,
        "par": par,
        "fil": _fil(consultation, {"texte": _("Croiser")}),
    }
    return render(request, "consultations/resultats/croiser.html", contexte)


#: name in the address → (what is streamed, its type)
FICHIERS = {
    "reponses.csv": (ouvertes.fichier_csv, "text/csv; charset=utf-8"),
    "reponses.json": (ouvertes.fichier_json, "application/json; charset=utf-8"),
    "dictionnaire.csv": (ouvertes.dictionnaire_csv, "text/csv; charset=utf-8"),
}


@require_GET
def fichier(request, slug, nom):
    """Once it is over: an export of a growing table would tell who came between two of them."""
    consultation = _avec_resultats(request, slug)
    if nom not in FICHIERS or not consultation.est_finie:
        raise Http404
    produire, type_mime = FICHIERS[nom]
    reponse = StreamingHttpResponse(produire(consultation), content_type=type_mime)
    reponse["Content-Disposition"] = f'attachment; filename="{consultation.slug}-{nom}"'
    reponse["Link"] = f'<{settings.LICENCE_DES_DONNEES["url"]}>; rel="license"'
    return reponse
