"""The agents' desk of consultations: the list, the rules, the questionnaire as a whole, its versions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from consultations import composition, retouches
from consultations.cheminement import Defaut, defaut_du_saut, defauts
from consultations.forms.composer import PublierForm, ReglesForm
from consultations.models import Consultation, Version
from consultations.permissions import peut_composer, peut_conduire, peut_creer
from consultations.questionnaire import ELEMENTS_MAX, MUETS, PAGES_MAX, Genre, Page, Questionnaire, nouvelle_cle
from consultations.retouches import DESCENDRE, MONTER, PartieInconnue, RetoucheRefusee
from consultations.tracer import changements, chemins_de, resumer, trace
from projets.models import Etape, Projet
from socle.htmx import veut_un_fragment
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, transitions_ouvertes

PAR_PAGE = 20
Retouche = Callable[[Questionnaire], Questionnaire]


# --- Finding ---------------------------------------------------------------------------------------------------------


def la_consultation(request, slug, *, verrou=False) -> Consultation:
    """One that this person sees (404) and conducts (403)."""
    visibles = Consultation.objects.visibles_par(request.user).select_related("etape__projet", "territoire__parent")
    if verrou:
        visibles = visibles.select_for_update(of=("self",))
    contours = ("territoire__contour", "territoire__parent__contour")
    consultation = get_object_or_404(visibles.defer(*contours), slug=slug)
    if not peut_conduire(consultation, request.user):
        raise PermissionDenied
    return consultation


def la_derniere(consultation: Consultation) -> Version:
    """The version in preparation, or the published one when none is."""
    return consultation.versions.latest("numero")


def a_composer(request, slug) -> tuple[Consultation, Version]:
    """With its last version, as long as its questionnaire may change. Raises EtapeInterdite."""
    consultation = la_consultation(request, slug)
    if not peut_composer(consultation, request.user):
        raise EtapeInterdite(_("Cette consultation est terminée : ses questions ne changent plus."))
    return consultation, la_derniere(consultation)


def redaction_lue(request) -> int:
    """The wording that the agent has read; one that never was, when the form does not say it."""
    ecrite = request.POST.get("redaction", "")
    return int(ecrite) if ecrite.isascii() and ecrite.isdecimal() and len(ecrite) < 10 else -1


def exiger_la_redaction(request, version: Version) -> None:
    """What was sent was written over what stands. Raises EtapeImpossible."""
    if redaction_lue(request) != version.redaction:
        raise EtapeImpossible(
            _("Un ou une collègue a changé ce questionnaire entre-temps. Relisez-le, puis recommencez.")
        )


def fil_du_bureau() -> list[dict[str, Any]]:
    return [{"texte": _("Préparer des consultations"), "url": reverse("consultations:bureau")}]


def fil_de(consultation: Consultation, *suite: str) -> list[dict[str, Any]]:
    composer = {
        "texte": consultation.titre,
        "ecrit": True,
        "url": reverse("consultations:composer", args=[consultation.slug]),
    }
    return [*fil_du_bureau(), composer, *({"texte": texte} for texte in suite)]


# --- The list --------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def bureau(request):
    """What this person conducts, the latest first; drafts are hers to finish."""
    _exiger_un_bureau(request.user)
    siennes = Consultation.objects.visibles_par(request.user).a_conduire_par(request.user)
    nombres = dict(siennes.order_by().values_list("etat").annotate(n=Count("pk")))
    etat = request.GET.get("etat", "")
    if etat in Consultation.Etat.values:
        siennes = siennes.filter(etat=etat)
    page = Paginator(siennes.pour_liste().order_by("-ouvre_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "onglets": [
            {"libelle": _("Toutes"), "url": "?", "actif": etat not in nombres, "nb": sum(nombres.values())},
            *(
                {"libelle": e.label, "url": f"?etat={e.value}", "actif": etat == e.value, "nb": nombres[e.value]}
                for e in Consultation.Etat
                if nombres.get(e.value)
            ),
        ],
        "fil": [{"texte": _("Préparer des consultations")}],
    }
    return render(request, "consultations/composer/bureau.html", contexte)


def _exiger_un_bureau(personne) -> None:
    if not peut_creer(personne) and not Projet.objects.filter(referente=personne).exists():
        raise PermissionDenied(_("Ce bureau est celui des agents et des personnes référentes d’un projet."))


# --- Its rules -------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def creer(request):
    """A new one, alone or of the stage that `etape` names."""
    _exiger_un_bureau(request.user)
    form = ReglesForm(request.POST or None, par=request.user, initial=_depart(request))
    if request.method == "POST" and form.is_valid():
        consultation = composition.creer(Consultation(**form.valeurs()), par=request.user)
        messages.success(request, _("La consultation est créée. Personne d’autre que l’équipe ne la voit."))
        return redirect("consultations:composer", slug=consultation.slug)
    contexte = {"form": form, "consultation": None, "fil": [*fil_du_bureau(), {"texte": _("Nouvelle consultation")}]}
    return render(request, "consultations/composer/regles.html", contexte, status=422 if form.errors else 200)


def _depart(request) -> dict[str, Any]:
    """What the form starts from: the stage that the person came from, and its dates."""
    pk = request.GET.get("etape", "")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 18):
        return {}
    etape = Etape.objects.filter(pk=pk, projet__in=Projet.objects.visibles_par(request.user)).first()
    if etape is None:
        return {}
    return {"etape": etape.pk, "ouvre_le": max(etape.ouvre_le, timezone.now()), "ferme_le": etape.ferme_le}


@login_required
@require_http_methods(["GET", "POST"])
def regles(request, slug):
    """Everything before the announcement; afterwards what may still change, in front of everybody."""
    with transaction.atomic():
        consultation = la_consultation(request, slug, verrou=request.method == "POST")
        if not peut_composer(consultation, request.user):
            raise EtapeInterdite(_("Cette consultation est terminée : ses règles ne changent plus."))
        form = ReglesForm(request.POST if request.method == "POST" else None, instance=consultation, par=request.user)
        if request.method == "POST" and form.is_valid():
            try:
                changes = composition.regler(consultation, par=request.user, valeurs=form.valeurs())
            except EtapeInvalide as refus:
                form.add_error(refus.champ, str(refus))
            else:
                messages.success(request, _("C’est enregistré.") if changes else _("Rien n’a changé."))
                return redirect("consultations:composer", slug=slug)
    # The instance now carries what was typed: the page around the form shows what stands.
    consultation = la_consultation(request, slug)
    contexte = {"form": form, "consultation": consultation, "fil": fil_de(consultation, _("Les règles"))}
    return render(request, "consultations/composer/regles.html", contexte, status=422 if form.errors else 200)


@login_required
@require_POST
def dupliquer(request, slug):
    copie = composition.dupliquer(la_consultation(request, slug), par=request.user)
    messages.success(
        request, _("Voici la copie, avec les mêmes règles et les mêmes questions. Vérifiez son titre et ses dates.")
    )
    return redirect("consultations:regles", slug=copie.slug)


# --- The questionnaire as a whole -------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def composer(request, slug):
    """All pages, what stands on them, where they lead, and the check. POST: one small gesture on them."""
    if request.method == "POST":
        return _faire_le_geste(request, slug)
    consultation = la_consultation(request, slug)
    return montrer(request, consultation, la_derniere(consultation))


def montrer(request, consultation, version, *, refus="", annonce="", statut=200):
    contexte = contexte_de(request, consultation, version) | {"refus": refus, "annonce": annonce}
    if veut_un_fragment(request):
        return render(request, "consultations/composer/_composition.html", contexte)
    return render(request, "consultations/composer/composer.html", contexte, status=statut)


def contexte_de(request, consultation, version) -> dict[str, Any]:
    questionnaire = version.questionnaire
    est_sain = not any(defaut_du_saut(questionnaire, page, saut) for page in questionnaire.pages for saut in page.sauts)
    en_ecriture = version.publiee_le is None and peut_composer(consultation, request.user)
    return {
        "consultation": consultation,
        "version": version,
        "en_ecriture": en_ecriture,
        "peut_preparer": version.publiee_le is not None and peut_composer(consultation, request.user),
        "est_nouvelle_version": version.publiee_le is None and consultation.est_annoncee,
        "pages": _pages(questionnaire),
        "nb_questions": len(questionnaire.questions),
        "page_de_plus": len(questionnaire.pages) < PAGES_MAX,
        "genres": {
            "questions": [genre for genre in Genre if genre not in MUETS],
            "textes": [genre for genre in Genre if genre in MUETS],
        },
        "torts": torts_de(consultation, questionnaire),
        "trace": trace(questionnaire) if est_sain and len(questionnaire.pages) > 1 else [],
        "versions": consultation.versions.all(),
        "transitions": transitions_ouvertes(consultation, request.user),
        "fil": [*fil_du_bureau(), {"texte": consultation.titre, "ecrit": True}],
    }


@dataclass(frozen=True)
class Ligne:
    """An element in the list of its page."""

    element: Any
    numero: int | None
    resume: str


def _pages(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    numeros = {question.cle: n for n, question in enumerate(questionnaire.questions, start=1)}
    return [
        {
            "page": page,
            "rang": rang,
            "lignes": [Ligne(e, numeros.get(e.cle), " · ".join(resumer(e))) for e in page.elements],
            "chemins": chemins_de(questionnaire, page),
            "pleine": len(page.elements) >= ELEMENTS_MAX,
            "seule": len(questionnaire.pages) == 1,
        }
        for rang, page in enumerate(questionnaire.pages, start=1)
    ]


def torts_de(consultation: Consultation, questionnaire: Questionnaire) -> list[Defaut]:
    """What keeps it from being announced: the questionnaire's own faults, then the limits of a mini-survey."""
    torts = defauts(questionnaire)
    if not torts:
        try:
            consultation.exiger_un_questionnaire(questionnaire)
        except EtapeInvalide as refus:
            return [Defaut(str(refus))]
    return torts


def _faire_le_geste(request, slug):
    consultation, version = a_composer(request, slug)
    nom, _deux_points, cle = request.POST.get("geste", "").partition(":")
    if nom == "element.ajouter":
        return _vers_un_nouvel_element(request, consultation, cle)
    if nom == "page.ajouter":
        cle = nouvelle_cle()
    retouche = _retouche_du_geste(nom, cle)
    try:
        version = composition.retoucher(version, retouche, par=request.user, redaction=redaction_lue(request))
    except PartieInconnue as erreur:
        raise Http404 from erreur
    except (EtapeImpossible, RetoucheRefusee) as refus:
        statut = 422 if isinstance(refus, RetoucheRefusee) else refus.statut
        return montrer(request, consultation, la_derniere(consultation), refus=str(refus), statut=statut)
    if veut_un_fragment(request):
        return montrer(request, consultation, version, annonce=_("C’est fait."))
    ancre = f"page-{cle}" if nom.startswith("page.") else f"element-{cle}"
    return redirect(f"{reverse('consultations:composer', args=[slug])}#{ancre}")


def _vers_un_nouvel_element(request, consultation, page):
    genre = request.POST.get(f"genre-{page}", "")
    adresse = reverse("consultations:nouvel_element", args=[consultation.slug])
    if genre not in Genre.values:
        raise Http404
    adresse = f"{adresse}?page={page}&genre={genre}"
    return HttpResponseClientRedirect(adresse) if veut_un_fragment(request) else redirect(adresse)


def _retouche_du_geste(nom: str, cle: str) -> Retouche:
    gestes: dict[str, Retouche] = {
        "page.ajouter": partial(retouches.ajouter_page, page=Page(cle)),
        "page.monter": partial(retouches.deplacer_page, cle=cle, sens=MONTER),
        "page.descendre": partial(retouches.deplacer_page, cle=cle, sens=DESCENDRE),
        "element.monter": partial(retouches.deplacer_element, cle=cle, sens=MONTER),
        "element.descendre": partial(retouches.deplacer_element, cle=cle, sens=DESCENDRE),
    }
    if nom not in gestes:
        raise Http404
    return gestes[nom]


# --- Versions --------------------------------------------------------------------------------------------------------


@login_required
@require_POST
def preparer(request, slug):
    """Open a new version, or take up the questionnaire of a consultation that was taken back."""
    consultation = la_consultation(request, slug)
    version = composition.preparer(consultation, par=request.user)
    messages.success(
        request,
        _("La version %(n)s est ouverte. Les personnes voient l’ancienne jusqu’à ce que vous la publiiez.")
        % {"n": version.numero}
        if consultation.est_annoncee
        else _("Vous pouvez de nouveau changer les questions."),
    )
    return redirect("consultations:composer", slug=slug)


@login_required
@require_http_methods(["GET", "POST"])
def abandonner(request, slug):
    """GET asks; POST drops the version in preparation."""
    consultation, version = a_composer(request, slug)
    if version.publiee_le is not None or not consultation.est_annoncee:
        raise EtapeImpossible(_("Il n’y a pas de nouvelle version en préparation."))
    if request.method == "POST":
        composition.abandonner(version, par=request.user)
        messages.success(request, _("La nouvelle version est abandonnée. Rien ne change pour les personnes."))
        return redirect("consultations:composer", slug=slug)
    contexte = {
        "consultation": consultation,
        "titre": _("Abandonner la nouvelle version"),
        "question": _("Abandonner la version %(n)s ?") % {"n": version.numero},
        "explication": _("Ce qui a été changé depuis la version publiée sera perdu."),
        "texte_action": _("Abandonner cette version"),
        "formulaire": None,
        "fil": fil_de(consultation, _("Abandonner la nouvelle version")),
    }
    return render(request, "consultations/composer/confirmer.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def publier(request, slug):
    """What the new version changes, said by the site and by the agent, then asked from now on."""
    consultation, version = a_composer(request, slug)
    ancienne = consultation.version
    if version.publiee_le is not None or ancienne is None or not consultation.est_annoncee:
        raise EtapeImpossible(_("Il n’y a pas de nouvelle version à publier."))
    form = PublierForm(
        request.POST if request.method == "POST" else None, a_dire=ancienne.est_figee, redaction=version.redaction
    )
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            _publier_ce_qui_est_lu(request, version, form.cleaned_data["ce_qui_change"])
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        except EtapeImpossible as refus:
            form = _de_nouveau(form, PublierForm, refus, la_derniere(consultation), a_dire=ancienne.est_figee)
            statut = refus.statut
        else:
            messages.success(request, _("La nouvelle version est publiée, et la chronologie le dit."))
            return redirect("consultations:composer", slug=slug)
    version = la_derniere(consultation)
    contexte = {
        "consultation": consultation,
        "version": version,
        "ancienne": ancienne,
        "changements": changements(ancienne.questionnaire, version.questionnaire),
        "torts": torts_de(consultation, version.questionnaire),
        "form": form,
        "fil": fil_de(consultation, _("Publier la nouvelle version")),
    }
    return render(request, "consultations/composer/publier.html", contexte, status=statut if form.errors else 200)


def _publier_ce_qui_est_lu(request, version, ce_qui_change) -> None:
    with transaction.atomic():
        tenue = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
        exiger_la_redaction(request, tenue)
        composition.publier(tenue, par=request.user, ce_qui_change=ce_qui_change)


def _de_nouveau(form, classe, refus, version, **options):
    """The same form with what was typed, over the wording that stands now; sent again, this time the person knows."""
    data = form.data.copy()
    data["redaction"] = str(version.redaction)
    nouveau = classe(data, redaction=version.redaction, **options)
    nouveau.add_error(None, str(refus))
    return nouveau
