"""One part of a questionnaire on its own page: an element, a page, a jump. What is typed survives a colleague's change."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultations import composition, retouches
from consultations.forms.composer import ElementForm, PageForm, RedactionForm, SautForm, reprendre
from consultations.models import Consultation, Version
from consultations.questionnaire import MUETS, Genre, Page, Question, Questionnaire, Saut
from consultations.retouches import DESCENDRE, MONTER, PartieInconnue, RetoucheRefusee
from consultations.tracer import chemins_de
from consultations.views.composer import a_composer, exiger_la_redaction, fil_de, la_derniere, montrer, redaction_lue
from socle.templatetags.composants import ecrit_ici, en_phrase
from timeline.etapes import EtapeImpossible

Retouche = Callable[[Questionnaire], Questionnaire]


def _a_ecrire(request, slug) -> tuple[Consultation, Version]:
    """To open a part, its version must be in preparation; what is sent later is kept whatever happened meanwhile."""
    consultation, version = a_composer(request, slug)
    if request.method == "GET" and version.publiee_le is not None:
        raise EtapeImpossible(_("Cette version est publiée : préparez la suivante."))
    return consultation, version


def _retoucher(request, version: Version, retouche: Retouche) -> Version:
    try:
        return composition.retoucher(version, retouche, par=request.user, redaction=redaction_lue(request))
    except PartieInconnue as erreur:
        raise Http404 from erreur


def _composer(consultation, ancre="") -> str:
    adresse = reverse("consultations:composer", args=[consultation.slug])
    return f"{adresse}#{ancre}" if ancre else adresse


def _refuser(form, refus: RetoucheRefusee) -> None:
    """Beside the field that it speaks of, if there is one."""
    champ = {"choix": "nouveaux_choix", "lignes": "nouveaux_lignes"}.get(refus.champ or "", refus.champ)
    if champ not in form.fields:
        champ = None
    elif champ.startswith("choix-"):
        form.fields[champ].required = True  # it stays: its words matter again
    form.add_error(champ, str(refus))


def _sur_la_derniere(data, version: Version):
    """Sent again, these words are written over the wording that stands now: this time the agent knows."""
    data = data.copy()
    data["redaction"] = str(version.redaction)
    return data


# --- Elements ------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def nouvel_element(request, slug):
    consultation, version = _a_ecrire(request, slug)
    genre = request.POST.get("genre", request.GET.get("genre", ""))
    if genre not in Genre.values:
        raise Http404
    questionnaire = version.questionnaire
    if request.method == "GET":
        page = questionnaire.page(request.GET.get("page", "")) or questionnaire.pages[-1]
        form = ElementForm(
            genre=genre, questionnaire=questionnaire, redaction=version.redaction, initial={"page": page.cle}
        )
        return _montrer_l_element(request, consultation, form)
    form = ElementForm(request.POST, genre=genre, questionnaire=questionnaire)
    statut = 422
    if form.is_valid():
        element, page = form.element(), form.cleaned_data["page"]
        try:
            _retoucher(request, version, lambda avant: retouches.ajouter_element(avant, page, element))
        except RetoucheRefusee as refus:
            _refuser(form, refus)
        except EtapeImpossible as refus:
            form, statut = _element_a_relire(request, consultation, None, genre, refus), refus.statut
        else:
            messages.success(request, _("C’est ajouté."))
            return redirect(_composer(consultation, f"element-{element.cle}"))
    return _montrer_l_element(request, consultation, form, statut=statut)


@login_required
@require_http_methods(["GET", "POST"])
def element(request, slug, cle):
    """Write an element again. Whatever button is pressed, what is typed is kept first, then its gesture is made."""
    consultation, version = _a_ecrire(request, slug)
    avant = version.questionnaire.element(cle)
    if request.method == "POST" and avant is None:
        return _element_disparu(request, consultation)
    if avant is None:
        raise Http404
    if request.method == "GET":
        form = ElementForm(
            genre=avant.genre, questionnaire=version.questionnaire, avant=avant, redaction=version.redaction
        )
        return _montrer_l_element(request, consultation, form)
    geste, sauf, ancre = _geste_sur_un_choix(request.POST.get("geste", ""), cle)
    form = ElementForm(request.POST, genre=avant.genre, questionnaire=version.questionnaire, avant=avant, sauf=sauf)
    statut = 422
    try:
        exiger_la_redaction(request, version)
        if form.is_valid():
            _retoucher(request, version, partial(_ecrire_l_element, form=form, geste=geste))
            return _apres_l_element(request, consultation, cle, ancre)
    except RetoucheRefusee as refus:
        _refuser(form, refus)
    except EtapeImpossible as refus:
        form, statut = _element_a_relire(request, consultation, cle, avant.genre, refus), refus.statut
    return _montrer_l_element(request, consultation, form, statut=statut)


def _ecrire_l_element(questionnaire: Questionnaire, form: ElementForm, geste: Retouche | None) -> Questionnaire:
    ecrit = form.element()
    questionnaire = retouches.remplacer_element(questionnaire, ecrit)
    questionnaire = retouches.changer_de_page(questionnaire, ecrit.cle, form.cleaned_data["page"])
    return geste(questionnaire) if geste else questionnaire


def _geste_sur_un_choix(texte: str, cle: str) -> tuple[Retouche | None, str, str]:
    """(what to do besides saving, choice whose words no longer matter, where to come back to). Unknown: 404."""
    if not texte:
        return None, "", ""
    nom, _deux_points, reste = texte.partition(":")
    nom_de_liste, _deux_points, choix = reste.partition(":")
    if nom_de_liste not in {"choix", "lignes"}:
        raise Http404
    liste: retouches.Liste = "choix" if nom_de_liste == "choix" else "lignes"
    if nom == "retirer":
        return partial(retouches.retirer_choix, cle=cle, liste=liste, choix=choix), choix, f"liste-{liste}"
    if nom not in {"monter", "descendre"}:
        raise Http404
    sens = MONTER if nom == "monter" else DESCENDRE
    geste = partial(retouches.deplacer_choix, cle=cle, liste=liste, choix=choix, sens=sens)
    return geste, "", f"{liste}-{choix}"


def _apres_l_element(request, consultation, cle, ancre) -> HttpResponse:
    if ancre:
        return redirect(f"{reverse('consultations:element', args=[consultation.slug, cle])}#{ancre}")
    messages.success(request, _("C’est enregistré."))
    return redirect(_composer(consultation, f"element-{cle}"))


def _element_a_relire(request, consultation, cle, genre, refus) -> ElementForm:
    """Her words over what stands now."""
    version = la_derniere(consultation)
    present = version.questionnaire.element(cle) if cle else None
    data = _sur_la_derniere(reprendre(request.POST, present, genre), version)
    form = ElementForm(data, genre=genre, questionnaire=version.questionnaire, avant=present)
    form.present = present  # type: ignore[attr-defined]
    form.add_error(None, str(refus))
    return form


def _element_disparu(request, consultation) -> HttpResponse:
    """A colleague has taken it away while it was being written: it may be added again, with the words of this form."""
    genre = request.POST.get("genre", "")
    if genre not in Genre.values:
        raise Http404
    refus = EtapeImpossible(
        _("Cet élément n’est plus dans le questionnaire. Vos mots sont gardés ici : vous pouvez l’ajouter de nouveau.")
    )
    form = _element_a_relire(request, consultation, None, genre, refus)
    return _montrer_l_element(request, consultation, form, statut=refus.statut)


def _montrer_l_element(request, consultation, form: ElementForm, statut: int = 200) -> HttpResponse:
    avant = form.avant
    titre = _("Ajouter : %(genre)s") if avant is None else _("Modifier : %(genre)s")
    titre %= {"genre": form.genre.label}
    envoyer = (
        reverse("consultations:element", args=[consultation.slug, avant.cle])
        if avant
        else reverse("consultations:nouvel_element", args=[consultation.slug])
    )
    contexte = {
        "consultation": consultation,
        "form": form,
        "avant": avant,
        "present": getattr(form, "present", None),
        "est_muet": form.genre in MUETS,
        "titre": titre,
        "envoyer": envoyer,
        "retour": _composer(consultation, f"element-{avant.cle}" if avant else ""),
        "fil": fil_de(consultation, titre),
    }
    return render(request, "consultations/composer/element.html", contexte, status=statut if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def retirer_element(request, slug, cle):
    """GET asks; POST takes it away."""
    consultation, version = _a_ecrire(request, slug)
    retirer = partial(retouches.retirer_element, cle=cle)
    trouve = version.questionnaire.element(cle)
    return _retirer(
        request,
        consultation,
        version,
        retirer,
        titre=_("Retirer un élément"),
        question=en_phrase(_("Retirer « %(quoi)s » ?"), quoi=ecrit_ici(_court(trouve))),
        explication=_("Il ne sera plus dans le questionnaire."),
        texte_action=_("Retirer"),
    )


def _court(trouve: Question | None) -> str:
    mots = " ".join(trouve.intitule.split()) if trouve else ""
    return mots if len(mots) <= 120 else f"{mots[:119]}…"


def _retirer(request, consultation, version, retirer: Retouche, **mots) -> HttpResponse:
    """Ask, or say at once why it cannot be; then do it."""
    try:
        if request.method == "GET":
            retirer(version.questionnaire)
        else:
            _retoucher(request, version, retirer)
            messages.success(request, _("C’est retiré."))
            return redirect(_composer(consultation))
    except PartieInconnue as erreur:
        raise Http404 from erreur
    except RetoucheRefusee as refus:
        return montrer(request, consultation, la_derniere(consultation), refus=str(refus), statut=422)
    contexte = {
        "consultation": consultation,
        "formulaire": RedactionForm(redaction=version.redaction),
        "fil": fil_de(consultation, mots["titre"]),
        **mots,
    }
    return render(request, "consultations/composer/confirmer.html", contexte)


# --- Pages ---------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def page(request, slug, cle):
    """Its title and its jumps. Whatever button is pressed, the title is kept first."""
    consultation, version = _a_ecrire(request, slug)
    trouvee = version.questionnaire.page(cle)
    if trouvee is None:
        raise Http404
    if request.method == "GET":
        form = PageForm(initial={"titre": trouvee.titre}, redaction=version.redaction)
        return _montrer_la_page(request, consultation, version, trouvee, form)
    form, statut = PageForm(request.POST), 422
    geste = _geste_sur_un_saut(request.POST.get("geste", ""), cle)
    if form.is_valid():
        titre = form.cleaned_data["titre"]
        try:
            _retoucher(request, version, lambda avant: geste(retouches.titrer_page(avant, cle, titre)))
        except EtapeImpossible as refus:
            version = la_derniere(consultation)
            form, statut = PageForm(_sur_la_derniere(request.POST, version)), refus.statut
            form.add_error(None, str(refus))
        else:
            if request.POST.get("geste"):
                return redirect(f"{reverse('consultations:page', args=[slug, cle])}#sauts")
            messages.success(request, _("C’est enregistré."))
            return redirect(_composer(consultation, f"page-{cle}"))
    trouvee = version.questionnaire.page(cle) or trouvee
    return _montrer_la_page(request, consultation, version, trouvee, form, statut=statut)


def _geste_sur_un_saut(texte: str, cle: str) -> Retouche:
    """What to do with a jump of this page besides saving its title. Unknown: 404."""
    if not texte:
        return lambda questionnaire: questionnaire
    nom, _deux_points, ecrit = texte.partition(":")
    if not (ecrit.isascii() and ecrit.isdecimal() and len(ecrit) < 4):
        raise Http404
    gestes: dict[str, Retouche] = {
        "monter": partial(retouches.deplacer_saut, cle_page=cle, rang=int(ecrit), sens=MONTER),
        "descendre": partial(retouches.deplacer_saut, cle_page=cle, rang=int(ecrit), sens=DESCENDRE),
        "retirer": partial(retouches.retirer_saut, cle_page=cle, rang=int(ecrit)),
    }
    if nom not in gestes:
        raise Http404
    return gestes[nom]


def _montrer_la_page(request, consultation, version, trouvee: Page, form, statut=200) -> HttpResponse:
    questionnaire = version.questionnaire
    rang = questionnaire.rang(trouvee) if trouvee in questionnaire.pages else 0
    contexte = {
        "consultation": consultation,
        "form": form,
        "page": trouvee,
        "rang": rang,
        "chemins": chemins_de(questionnaire, trouvee) if rang else [],
        "a_des_questions": bool(trouvee.questions),
        "seule": len(questionnaire.pages) == 1,
        "retour": _composer(consultation, f"page-{trouvee.cle}"),
        "fil": fil_de(consultation, _("Page %(n)s") % {"n": rang}),
    }
    return render(request, "consultations/composer/page.html", contexte, status=statut if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
def retirer_page(request, slug, cle):
    """GET asks, and says how much goes with it; POST takes it away."""
    consultation, version = _a_ecrire(request, slug)
    trouvee = version.questionnaire.page(cle)
    n = version.questionnaire.rang(trouvee) if trouvee else 0
    explication = (
        _("Ce qui est sur cette page part avec elle : déplacez d’abord ce que vous voulez garder.")
        if trouvee and trouvee.elements
        else _("Elle est vide.")
    )
    return _retirer(
        request,
        consultation,
        version,
        partial(retouches.retirer_page, cle=cle),
        titre=_("Retirer une page"),
        question=_("Retirer la page %(n)s ?") % {"n": n},
        explication=explication,
        texte_action=_("Retirer la page"),
    )


# --- Jumps ---------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def saut(request, slug, cle, rang=None):
    """A jump of this page: a new one, or the one of this rank (from one on). One that changed meanwhile is not written over."""
    consultation, version = _a_ecrire(request, slug)
    trouvee = version.questionnaire.page(cle)
    if trouvee is None:
        raise Http404
    avant = _le_saut(trouvee, rang) if request.method == "GET" or redaction_lue(request) == version.redaction else None
    if request.method == "GET":
        form = SautForm(questionnaire=version.questionnaire, page=trouvee, avant=avant, redaction=version.redaction)
        return _montrer_le_saut(request, consultation, trouvee, form, rang)
    form, statut = SautForm(request.POST, questionnaire=version.questionnaire, page=trouvee, avant=avant), 422
    if form.is_valid():
        try:
            _retoucher(request, version, partial(_poser_le_saut, cle=cle, rang=rang, saut=form.saut()))
        except RetoucheRefusee as refus:
            form.add_error("vers" if refus.champ == "vers" else "si", str(refus))
        except EtapeImpossible as refus:
            version = la_derniere(consultation)
            trouvee = version.questionnaire.page(cle) or trouvee
            data = _sur_la_derniere(request.POST, version)
            form, statut = SautForm(data, questionnaire=version.questionnaire, page=trouvee), refus.statut
            form.add_error(None, str(refus))
            rang = None
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect(f"{reverse('consultations:page', args=[slug, cle])}#sauts")
    return _montrer_le_saut(request, consultation, trouvee, form, rang, statut=statut)


def _le_saut(page: Page, rang: int | None) -> Saut | None:
    if rang is None:
        return None
    try:
        return retouches.saut_de(page, rang - 1)
    except PartieInconnue as erreur:
        raise Http404 from erreur


def _poser_le_saut(questionnaire: Questionnaire, cle: str, rang: int | None, saut: Saut) -> Questionnaire:
    if rang is None:
        return retouches.ajouter_saut(questionnaire, cle, saut)
    return retouches.remplacer_saut(questionnaire, cle, rang - 1, saut)


def _montrer_le_saut(request, consultation, trouvee: Page, form, rang, statut=200) -> HttpResponse:
    titre = _("Ajouter un saut") if rang is None else _("Modifier un saut")
    adresse: tuple[str, list[Any]] = (
        ("consultations:nouveau_saut", [consultation.slug, trouvee.cle])
        if rang is None
        else ("consultations:saut", [consultation.slug, trouvee.cle, rang])
    )
    retour = f"{reverse('consultations:page', args=[consultation.slug, trouvee.cle])}#sauts"
    contexte = {
        "consultation": consultation,
        "form": form,
        "titre": titre,
        "envoyer": reverse(adresse[0], args=adresse[1]),
        "retour": retour,
        "fil": fil_de(consultation, titre),
    }
    return render(request, "consultations/composer/saut.html", contexte, status=statut if form.is_bound else 200)
