"""The questionnaire as each kind of person meets it. What is typed travels in the form, page by page, and is kept nowhere."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultations.affichage import afficher, en_mots, numeros_de
from consultations.apercu import Qui, regarder
from consultations.cheminement import defauts, destination
from consultations.models import Consultation
from consultations.participer import CHAMP_MAX, Relecture, relire
from consultations.questionnaire import FIN, Genre, Page, Question, Questionnaire
from consultations.valeurs import champs_de
from consultations.views.composer import fil_de, la_consultation, la_derniere

PIECES = ".pieces"  # suffix of the field that remembers how many files were chosen
PIECES_MAX = 3


@login_required
@require_http_methods(["GET", "POST"])
def apercu(request, slug):
    consultation = la_consultation(request, slug)
    version = la_derniere(consultation)
    questionnaire = version.questionnaire
    choisi = request.POST.get("qui", request.GET.get("qui", ""))
    regard = regarder(consultation, Qui(choisi) if choisi in Qui.values else Qui.SANS_COMPTE)
    contexte = {
        "consultation": consultation,
        "version": version,
        "regard": regard,
        "onglets": [{"libelle": qui.label, "url": f"?qui={qui.value}", "actif": qui == regard.qui} for qui in Qui],
        "torts": defauts(questionnaire),
        "fil": fil_de(consultation, _("Aperçu")),
    }
    if regard.voit and questionnaire.questions:
        contexte |= _pas(request, consultation, questionnaire)
    return render(request, "consultations/composer/apercu.html", contexte)


def _pas(request, consultation, questionnaire: Questionnaire) -> dict:
    """One step of the walk: the page that is shown, with what was typed so far."""
    brut, pieces = _saisi(request, questionnaire)
    relecture = relire(questionnaire, brut, pieces)
    ensemble = consultation.presentation == Consultation.Presentation.ENSEMBLE
    pages, torts = _ou_aller(request, questionnaire, relecture, ensemble)
    if not pages:
        return {"resume": _resume(relecture), "portes": _cachees(questionnaire.questions, brut, pieces)}
    montrees = {question.cle for page in pages for question in page.questions}
    numeros = numeros_de(questionnaire)
    return {
        "pages": [(page, afficher(page.elements, brut, torts, {}, numeros)) for page in pages],
        "page": pages[0],
        "torts_saisis": torts,
        "rang": questionnaire.rang(pages[0]),
        "nb_pages": len(questionnaire.pages),
        "ensemble": ensemble,
        "premiere": pages[0] == questionnaire.pages[0],
        "portes": _cachees([q for q in questionnaire.questions if q.cle not in montrees], brut, pieces),
    }


def _saisi(request, questionnaire: Questionnaire) -> tuple[dict[str, list[str]], dict[str, int]]:
    """What was typed for the questions of this questionnaire, and how many files; fields of another are not looked at."""
    brut: dict[str, list[str]] = {}
    pieces: dict[str, int] = {}
    for question in questionnaire.questions:
        if question.genre == Genre.FICHIER:
            gardees = request.POST.get(f"{question.cle}{PIECES}", "0")
            deja = int(gardees) if gardees in {"0", "1", "2", "3"} else 0
            pieces[question.cle] = min(PIECES_MAX, deja + len(request.FILES.getlist(question.cle)))
            continue
        for nom in champs_de(question):
            if textes := [texte[:CHAMP_MAX] for texte in request.POST.getlist(nom) if texte.strip()]:
                brut[nom] = textes
    return brut, pieces


def _ou_aller(
    request, questionnaire: Questionnaire, relecture: Relecture, ensemble: bool
) -> tuple[list[Page], dict[str, str]]:
    """Pages to show, none at the end; and what keeps the person on them, as sentences."""
    toutes = list(questionnaire.pages) if ensemble else []
    page = questionnaire.page(request.POST.get("page", ""))
    geste = request.POST.get("geste", "")
    if request.method == "GET" or page is None or geste not in {"suivant", "precedent"}:
        return toutes or [questionnaire.pages[0]], {}
    if ensemble:
        return (toutes, relecture.torts) if relecture.torts else ([], {})
    if geste == "precedent":
        rang = relecture.pages.index(page) if page in relecture.pages else 0
        return [relecture.pages[max(rang - 1, 0)]], {}
    torts = {q.cle: relecture.torts[q.cle] for q in page.questions if q.cle in relecture.torts}
    if torts:
        return [page], torts
    suite = destination(questionnaire, page, relecture.valeurs) if page in relecture.pages else FIN
    arrivee = questionnaire.page(suite)
    return ([arrivee] if arrivee else []), {}


def _cachees(questions: list[Question], brut, pieces) -> list[tuple[str, str]]:
    """Hidden fields that carry what was typed elsewhere."""
    portes = [(nom, texte) for question in questions for nom in champs_de(question) for texte in brut.get(nom, ())]
    return portes + [(f"{q.cle}{PIECES}", str(pieces[q.cle])) for q in questions if pieces.get(q.cle)]


def _resume(relecture: Relecture) -> list[tuple[Question, list[str]]]:
    return [
        (question, en_mots(question, relecture.valeurs.get(question.cle)))
        for page in relecture.pages
        for question in page.questions
    ]
