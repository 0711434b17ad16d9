"""Shared documents: the list, the page of each, its versions, its files."""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from communautes import documents
from communautes.forms.forum import FichierPartageForm, TextePartageForm, VersionDeFichierForm, VersionDeTexteForm
from communautes.forum import exiger_de_participer
from communautes.models import DocumentPartage, VersionDocument
from communautes.permissions import peut_verser_une_version
from communautes.views.acces import communaute_lue, contexte_de
from communautes.views.forum import gestes_de_moderation
from moderation.lecture import jugeables_par
from socle.differences import segments_ecrits
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInvalide, EtapeRefusee, transitions_ouvertes

PAR_PAGE = 30
VERSIONS_PAR_PAGE = 30
journal = logging.getLogger(__name__)
FORMULAIRES = {"fichier": FichierPartageForm, "texte": TextePartageForm}


def _fil(communaute, *suite) -> list[dict]:
    return [{"texte": _("Documents"), "url": reverse("communautes:documents", args=[communaute.slug])}, *suite]


@require_GET
def liste(request, slug):
    communaute = communaute_lue(request, slug)
    visibles = DocumentPartage.objects.visibles_par(request.user).filter(communaute=communaute)
    page = Paginator(visibles.pour_liste(), PAR_PAGE).get_page(request.GET.get("page"))
    for document in page.object_list:
        document.communaute = communaute
    contexte = contexte_de(request, communaute, "documents", *_fil(communaute)) | {"page": page}
    return render(request, "communautes/documents/liste.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def partager(request, slug, genre):
    """Share a file, or begin a text."""
    if genre not in FORMULAIRES:
        raise Http404
    communaute = communaute_lue(request, slug)
    exiger_de_participer(communaute, request.user)
    form = FORMULAIRES[genre](*_envoi(request))
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            version = documents.partager(communaute, par=request.user, **form.cleaned_data)
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _("Le document est partagé avec les membres."))
            return redirect(version.document)
    titre = _("Partager un fichier") if genre == "fichier" else _("Commencer un texte")
    contexte = contexte_de(request, communaute, "documents", *_fil(communaute, {"texte": titre}))
    contexte |= {"form": form, "titre": titre, "document": None, "ecart": None}
    return render(request, "communautes/documents/ecrire.html", contexte, status=statut if form.errors else 200)


def _envoi(request) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _document(request, communaute, pk) -> DocumentPartage:
    visibles = DocumentPartage.objects.visibles_par(request.user).filter(communaute=communaute)
    document = get_object_or_404(visibles.select_related("auteur"), pk=pk)
    document.communaute = communaute
    return document


def _versions(request, document):
    """Those that this person may read, the last one first."""
    return VersionDocument.objects.visibles_par(request.user).filter(document=document).select_related("auteur")


def _avec_son_document(version, document):
    if version is not None:
        version.document = document  # known: its rights and its address ask for it
    return version


@require_GET
def document(request, slug, pk):
    communaute = communaute_lue(request, slug)
    lu = _document(request, communaute, pk)
    lues = _versions(request, lu)
    page = Paginator(lues.defer("texte"), VERSIONS_PAR_PAGE).get_page(request.GET.get("page"))
    for version in page.object_list:
        version.document = lu
    actuelle = _avec_son_document(lues.filter(masquee_le__isnull=True).first(), lu)
    contexte = contexte_de(request, communaute, "documents", *_fil(communaute, {"texte": lu.titre, "ecrit": True}))
    contexte |= {
        "document": lu,
        "actuelle": actuelle,
        "page": page,
        "peut_verser": not lu.est_retire and not lu.est_masquee and peut_verser_une_version(lu, request.user),
        "etapes": transitions_ouvertes(lu, request.user),
        **gestes_de_moderation(lu, request.user),
    }
    return render(request, "communautes/documents/document.html", contexte)


@require_GET
def version(request, slug, pk, numero):
    """One version: its text with what changed since the one before, or its file."""
    communaute = communaute_lue(request, slug)
    lu = _document(request, communaute, pk)
    lues = _versions(request, lu)
    lue = _avec_son_document(get_object_or_404(lues, numero=numero), lu)
    avant = _avec_son_document(lues.filter(numero__lt=numero, masquee_le__isnull=True).first(), lu)
    apres = _avec_son_document(lues.filter(numero__gt=numero).order_by("numero").first(), lu)
    fil = _fil(
        communaute,
        {"texte": lu.titre, "ecrit": True, "url": lu.get_absolute_url()},
        {"texte": _("Version %(n)s") % {"n": numero}},
    )
    contexte = contexte_de(request, communaute, "documents", *fil)
    contexte |= {
        "document": lu,
        "version": lue,
        "avant": avant,
        "apres": apres,
        "changements": segments_ecrits(avant.texte, lue.texte) if avant and lu.est_un_texte else None,
        **gestes_de_moderation(lue, request.user),
    }
    return render(request, "communautes/documents/version.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def verser(request, slug, pk):
    """Add the next version. Of a text that somebody else changed meanwhile, she reads both before she decides."""
    communaute = communaute_lue(request, slug)
    lu = _document(request, communaute, pk)
    exiger_de_participer(communaute, request.user)
    if lu.est_retire or lu.est_masquee:
        raise EtapeImpossible(_("Ce document n’est plus partagé : on n’y ajoute plus de version."))
    derniere = lu.versions.order_by("-numero").first()
    depart: dict[str, Any] = {"vu": derniere.numero if derniere else 0}
    if lu.est_un_texte:
        lisible = _versions(request, lu).filter(masquee_le__isnull=True).first()
        depart["texte"] = lisible.texte if lisible else ""
    classe: Any = VersionDeTexteForm if lu.est_un_texte else VersionDeFichierForm
    form = classe(*_envoi(request), initial=depart)
    statut, ecart = 422, None
    if request.method == "POST" and form.is_valid():
        try:
            versee = documents.verser(lu, par=request.user, **form.cleaned_data)
        except documents.TexteDevance as refus:
            actuelle = _versions(request, lu).filter(masquee_le__isnull=True).first()
            ecart = segments_ecrits(actuelle.texte, form.cleaned_data["texte"]) if actuelle else None
            form.reprendre_depuis(lu.versions.order_by("-numero").values_list("numero", flat=True).first())
            form.add_error(None, str(refus))
            statut = refus.statut
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            _dire_la_version(request, versee, form.cleaned_data["vu"])
            return redirect(lu)
    titre = _("Modifier le texte") if lu.est_un_texte else _("Ajouter une version")
    fil = _fil(communaute, {"texte": lu.titre, "ecrit": True, "url": lu.get_absolute_url()}, {"texte": titre})
    contexte = contexte_de(request, communaute, "documents", *fil)
    contexte |= {"form": form, "titre": titre, "document": lu, "ecart": ecart}
    return render(request, "communautes/documents/ecrire.html", contexte, status=statut if form.errors else 200)


def _dire_la_version(request, versee, vu) -> None:
    if versee.numero > vu + 1:
        messages.info(
            request,
            _("Une autre version est arrivée pendant ce temps. Les deux sont gardées : la vôtre est la version %(n)s.")
            % {"n": versee.numero},
        )
    else:
        messages.success(request, _("La version %(n)s est ajoutée.") % {"n": versee.numero})


@require_safe
def fichier(request, slug, pk, numero):
    """A file is read through the rights of its version, each time, and never opens inside the site; a moderator also reads
    one that was reported."""
    personne = request.user
    vues = (
        jugeables_par(VersionDocument, personne)
        if est_connectee(personne)
        else VersionDocument.objects.visibles_par(personne)
    )
    lue = get_object_or_404(vues.exclude(fichier=""), document__communaute__slug=slug, document=pk, numero=numero)
    try:
        contenu = lue.fichier.open("rb")
    except FileNotFoundError:
        journal.exception("le fichier de la version partagée %s manque", lue.pk)
        raise Http404 from None
    reponse = FileResponse(contenu, as_attachment=True, filename=lue.nom, content_type=lue.format.type_mime)
    reponse.headers["Cache-Control"] = "private, no-store"
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse
