"""What those who conduct a projet do: its words, stages, documents, news and team."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projets import actions
from projets.actions_ouvertes import preparations_de
from projets.forms import ActualiteForm, DocumentForm, EtapeForm, ProjetForm, RoleForm, VersionForm
from projets.models import Etape, Projet
from projets.permissions import peut_conduire, peut_creer, peut_documenter, peut_informer, peut_modifier
from projets.views import conduite_de, fil_des_projets
from timeline.etapes import EtapeImpossible, EtapeInvalide
from timeline.models import Entree

ENTREES_MONTREES = 50


def _projet(request, slug, peut=peut_conduire, verrou=False) -> Projet:
    """The projet if this person sees it (404) and may do this (403)."""
    projets = Projet.objects.visibles_par(request.user)
    if verrou:
        projets = projets.select_for_update(of=("self",))
    projet = get_object_or_404(projets, slug=slug)
    if not peut(projet, request.user):
        raise PermissionDenied
    return projet


def _fil(projet, texte, *, ecrit=False) -> list[dict]:
    conduire = {"texte": _("Conduire"), "url": f"{projet.get_absolute_url()}conduire/"}
    return [
        fil_des_projets(),
        {"texte": projet.titre, "ecrit": True, "url": projet.get_absolute_url()},
        conduire,
        {"texte": texte, "ecrit": ecrit},
    ]


def _envoi(request) -> tuple:
    """What a form is bound to: nothing on GET, and what was sent on POST, were it empty."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _page(request, gabarit, form, **contexte):
    """A form page; 422 when what was sent has to be mended, so that nobody takes it for done."""
    return render(request, gabarit, {"form": form, **contexte}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def creer(request):
    if not peut_creer(request.user):
        raise PermissionDenied
    form = ProjetForm(*_envoi(request), initial={"referente": request.user.pk})
    if request.method == "POST" and form.is_valid():
        projet = actions.creer(par=request.user, **form.valeurs())
        messages.success(request, _("Le projet est prêt à être complété. Personne d’autre que l’équipe ne le voit."))
        return redirect("projets:conduire", slug=projet.slug)
    fil = [fil_des_projets(), {"texte": _("Préparer un projet")}]
    return _page(request, "projets/ecrire.html", form, projet=None, fil=fil)


@login_required
@require_GET
def conduire(request, slug):
    """Everything that one person needs to run the projet, on one page."""
    projet = _projet(request, slug)
    etapes = list(projet.etapes.all())
    preparations = preparations_de(etapes, request.user)
    contexte = {
        "projet": projet,
        "etapes": [(etape, preparations[etape.pk]) for etape in etapes],
        "finies": Etape.FINIES,
        "documents": projet.documents.prefetch_related("versions"),
        "actualites": projet.actualites.all()[:10],
        "roles": projet.roles.select_related("personne"),
        "entrees": Entree.objects.visibles_par(request.user)
        .filter(projet=projet)
        .pour_affichage()
        .order_by("-survenu_le", "-pk")[:ENTREES_MONTREES],
        "peut_modifier": peut_modifier(projet, request.user),
        "peut_documenter": peut_documenter(projet, request.user),
        "peut_informer": peut_informer(projet, request.user),
        "fil": [*_fil(projet, "")[:2], {"texte": _("Conduire")}],
        **conduite_de(request, projet),
    }
    return render(request, "projets/conduire.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def modifier(request, slug):
    with transaction.atomic():
        projet = _projet(request, slug, peut_modifier, verrou=request.method == "POST")
        form = ProjetForm(*_envoi(request), instance=projet)
        if request.method == "POST" and form.is_valid():
            try:
                changes = actions.modifier(projet, par=request.user, **form.valeurs())
            except EtapeInvalide as refus:
                form.add_error(refus.champ, str(refus))
            else:
                messages.success(request, _("C’est enregistré.") if changes else _("Rien n’a changé."))
                return redirect("projets:conduire", slug=projet.slug)
    # The instance now carries what was typed: the page around the form shows what stands.
    projet = Projet.objects.get(pk=projet.pk)
    return _page(request, "projets/ecrire.html", form, projet=projet, fil=_fil(projet, _("Modifier")))


@login_required
@require_http_methods(["GET", "POST"])
def ajouter_etape(request, slug):
    projet = _projet(request, slug, peut_modifier)
    form = EtapeForm(*_envoi(request), projet=projet)
    if request.method == "POST" and form.is_valid():
        try:
            etape = actions.ajouter_etape(projet, par=request.user, **form.valeurs())
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("L’étape « %(titre)s » est ajoutée.") % {"titre": etape.titre})
            return redirect("projets:conduire", slug=projet.slug)
    return _page(
        request, "projets/ecrire_etape.html", form, projet=projet, etape=None, fil=_fil(projet, _("Ajouter une étape"))
    )


@login_required
@require_http_methods(["GET", "POST"])
def modifier_etape(request, slug, pk):
    with transaction.atomic():
        projet = _projet(request, slug, peut_modifier)
        etapes = projet.etapes.select_for_update(of=("self",)) if request.method == "POST" else projet.etapes
        etape = get_object_or_404(etapes, pk=pk)
        if etape.etat in Etape.FINIES:
            raise EtapeImpossible(_("Cette étape est terminée ou annulée : elle ne change plus."))
        titre = etape.titre
        form = EtapeForm(*_envoi(request), instance=etape, projet=projet)
        if request.method == "POST" and form.is_valid():
            try:
                changes = actions.modifier_etape(etape, par=request.user, **form.valeurs())
            except EtapeInvalide as refus:
                form.add_error(refus.champ, str(refus))
            else:
                messages.success(request, _("L’étape est enregistrée.") if changes else _("Rien n’a changé."))
                return redirect("projets:conduire", slug=projet.slug)
    contexte = {"projet": projet, "etape": etape, "titre": titre, "fil": _fil(projet, titre, ecrit=True)}
    return _page(request, "projets/ecrire_etape.html", form, **contexte)


@login_required
@require_http_methods(["GET", "POST"])
def retirer_etape(request, slug, pk):
    projet = _projet(request, slug, peut_modifier)
    etape = get_object_or_404(projet.etapes, pk=pk)
    if request.method == "POST":
        actions.retirer_etape(etape, par=request.user)
        messages.success(request, _("L’étape est retirée."))
        return redirect("projets:conduire", slug=projet.slug)
    if projet.est_annonce:
        raise EtapeImpossible(
            _("Le projet est annoncé : cette étape peut changer de dates ou être annulée, pas disparaître.")
        )
    return render(
        request,
        "projets/retirer_etape.html",
        {"projet": projet, "etape": etape, "fil": _fil(projet, etape.titre, ecrit=True)},
    )


@login_required
@require_http_methods(["GET", "POST"])
def ajouter_document(request, slug):
    projet = _projet(request, slug, peut_documenter)
    form = DocumentForm(*_envoi(request))
    if request.method == "POST" and form.is_valid():
        actions.publier_document(projet, par=request.user, **form.cleaned_data)
        messages.success(request, _("Le document est ajouté."))
        return redirect("projets:conduire", slug=projet.slug)
    return _page(
        request,
        "projets/ecrire_document.html",
        form,
        projet=projet,
        document=None,
        fil=_fil(projet, _("Ajouter un document")),
    )


@login_required
@require_http_methods(["GET", "POST"])
def ajouter_version(request, slug, pk):
    projet = _projet(request, slug, peut_documenter)
    document = get_object_or_404(projet.documents.prefetch_related("versions"), pk=pk)
    form = VersionForm(*_envoi(request))
    if request.method == "POST" and form.is_valid():
        try:
            version = actions.publier_version(document, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("La version %(numero)s est ajoutée.") % {"numero": version.numero})
            return redirect("projets:conduire", slug=projet.slug)
    return _page(
        request,
        "projets/ecrire_document.html",
        form,
        projet=projet,
        document=document,
        fil=_fil(projet, document.titre, ecrit=True),
    )


@login_required
@require_http_methods(["GET", "POST"])
def ajouter_actualite(request, slug):
    projet = _projet(request, slug)
    if not projet.est_annonce:
        raise EtapeImpossible(_("Annoncez d’abord le projet : personne ne lirait cette actualité."))
    if not peut_informer(projet, request.user):
        raise PermissionDenied
    form = ActualiteForm(*_envoi(request))
    if request.method == "POST" and form.is_valid():
        actualite = actions.publier_actualite(projet, par=request.user, **form.cleaned_data)
        messages.success(request, _("L’actualité est publiée. Les personnes qui suivent le projet sont prévenues."))
        return redirect(actualite)
    return _page(
        request, "projets/ecrire_actualite.html", form, projet=projet, fil=_fil(projet, _("Publier une actualité"))
    )


@login_required
@require_http_methods(["GET", "POST"])
def equipe(request, slug):
    projet = _projet(request, slug, peut_modifier)
    form = RoleForm(*_envoi(request))
    if request.method == "POST" and form.is_valid():
        actions.donner_role(projet, par=request.user, personne=form.personne, role=form.cleaned_data["role"])
        messages.success(request, _("C’est fait : %(nom)s est dans l’équipe.") % {"nom": form.personne.pseudonyme})
        return redirect("projets:equipe", slug=projet.slug)
    contexte = {"projet": projet, "roles": projet.roles.select_related("personne"), "fil": _fil(projet, _("L’équipe"))}
    return _page(request, "projets/equipe.html", form, **contexte)


@login_required
@require_POST
def retirer_role(request, slug, pk):
    projet = _projet(request, slug, peut_modifier)
    attribution = get_object_or_404(projet.roles.select_related("projet"), pk=pk)
    actions.retirer_role(attribution, par=request.user)
    messages.success(request, _("C’est fait."))
    return redirect("projets:equipe", slug=projet.slug)
