"""Results, for everybody at the same time: the pictures, the words, the crossings, the open data."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consultations import croisements, ouvertes
from consultations.manquants import comparer
from consultations.models import Consultation, Ecrit, Piece
from consultations.permissions import peut_lire_les_resultats, peut_tout_lire
from consultations.questionnaire import Genre, Question
from consultations.resultats import montrer, questions_posees, textes_de
from consultations.views.fil import debut_du_fil
from socle.flux import envoyer_au_fil
from socle.permissions import est_connectee

TEXTES_PAR_PAGE = 30
REFERENCE = re.compile(r"[0-9a-f]{32}", re.ASCII)


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
    return [
        debut_du_fil(),
        {"texte": consultation.titre, "ecrit": True, "url": consultation.get_absolute_url()},
        ici,
        *suite,
    ]


@require_GET
def resultats(request, slug):
    """Before their time, the page says when."""
    consultation = _consultation(request, slug)
    if not consultation.est_annoncee:
        raise Http404
    contexte = {"consultation": consultation, "fil": _fil(consultation), "visibles": False}
    if peut_lire_les_resultats(consultation, request.user):
        posees, finie = questions_posees(consultation), consultation.est_finie
        contexte |= {
            "visibles": True,
            "resultats": montrer(consultation, posees),
            "presence": comparer(consultation) if finie else None,
            "croisables": croisements.croisables(posees) if finie and consultation.profil else [],
            "licence": settings.LICENCE_DES_DONNEES,
            "avant_les_autres": not consultation.resultats_visibles,
            "tous": peut_tout_lire(consultation, request.user),
            "a_des_lieux": any(posee.question.genre == Genre.LIEU for posee in posees),
        }
    return render(request, "consultations/resultats/resultats.html", contexte)


@require_GET
def textes(request, slug, cle):
    """Words answered to one question in all its shapes: to everybody those that may be published, to the team all of them."""
    consultation = _avec_resultats(request, slug)
    question, versions = _posee(consultation, cle)
    tous = peut_tout_lire(consultation, request.user)
    ecrits = textes_de(consultation, cle, versions, tous=tous)
    page = Paginator(ecrits, TEXTES_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "consultation": consultation,
        "question": question,
        "page": page,
        "tous": tous,
        "est_moderatrice": est_connectee(request.user) and request.user.est_moderatrice,
        "fil": _fil(consultation, {"texte": _("Réponses écrites")}),
    }
    return render(request, "consultations/resultats/textes.html", contexte)


def _posee(consultation, cle) -> tuple[Question, list[int]]:
    """The question of this key as last asked, and every version that asks it. Raises Http404."""
    posees = [posee for posee in questions_posees(consultation) if posee.question.cle == cle]
    if not posees:
        raise Http404
    return posees[0].question, [version for posee in posees for version in posee.cles]


@require_POST
def porter_a_la_moderation(request, slug, cle):
    """Words that somebody wants to report, or a moderator to hide: from here on they have a name to be spoken of."""
    consultation = _avec_resultats(request, slug)
    _question, versions = _posee(consultation, cle)
    reference = request.POST.get("reference", "")
    if not REFERENCE.fullmatch(reference):
        raise Http404
    donnee = get_object_or_404(textes_de(consultation, cle, versions).filter(reference=reference))
    ecrit, _nouveau = Ecrit.objects.get_or_create(participation_id=donnee.participation_id, question=cle)
    geste = "masquer" if est_connectee(request.user) and request.user.est_moderatrice else "signaler"
    return redirect(f"moderation:{geste}", "consultations.ecrit", ecrit.pk)


@login_required
@require_GET
def fichiers(request, slug, cle):
    """Photos and documents given to one question, for the team, once it is over."""
    consultation = _consultation(request, slug)
    if not peut_tout_lire(consultation, request.user):
        raise Http404
    question, versions = _posee(consultation, cle)
    pieces = Piece.objects.filter(
        participation__in=consultation.participations.comptees().filter(version__in=versions),
        question=cle,
        est_posee=True,
    )
    contexte = {
        "consultation": consultation,
        "question": question,
        # By their drawn names: who gave two, and when, is not to be read.
        "page": Paginator(pieces.order_by("fichier"), TEXTES_PAR_PAGE).get_page(request.GET.get("page")),
        "fil": _fil(consultation, {"texte": _("Fichiers reçus")}),
    }
    return render(request, "consultations/resultats/fichiers.html", contexte)


@require_GET
def croiser(request, slug):
    """One question by age or by commune, once the consultation is over."""
    consultation = _avec_resultats(request, slug)
    if not consultation.est_finie:
        raise Http404
    posees = questions_posees(consultation)
    questions = croisements.croisables(posees)
    cle = request.GET.get("question") or (questions[0].cle if questions else "")
    par = request.GET.get("par") or "tranche"
    croisement = croisements.croiser(consultation, posees, cle, par)
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
    "lieux.csv": (ouvertes.lieux_csv, "text/csv; charset=utf-8"),
    "dictionnaire.csv": (ouvertes.dictionnaire_csv, "text/csv; charset=utf-8"),
}


@require_GET
def fichier(request, slug, nom):
    """Once it is over: an export of a growing table would tell who came between two of them."""
    consultation = _avec_resultats(request, slug)
    if nom not in FICHIERS or not consultation.est_finie:
        raise Http404
    produire, type_mime = FICHIERS[nom]
    return envoyer_au_fil(
        request,
        produire(consultation),
        content_type=type_mime,
        headers={
            "Content-Disposition": f'attachment; filename="{consultation.slug}-{nom}"',
            # A spreadsheet has no place for it beside its rows.
            "Link": f'<{settings.LICENCE_DES_DONNEES["url"]}>; rel="license"',
        },
    )
