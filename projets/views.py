"""What everybody reads of the projets."""

import logging

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from projets.actions_ouvertes import actions_de
from projets.autour import periodes, rubriques_de
from projets.ical import calendrier as en_calendrier
from projets.liste import PAR_PAGE, chercher, filtres, filtres_actifs
from projets.models import Etape, Projet, RoleProjet, VersionCadre, VersionDocument, nom_du_champ
from projets.permissions import peut_conduire, peut_creer
from reponses.models import Reponse
from socle.htmx import veut_un_fragment
from timeline.etapes import transitions_ouvertes
from timeline.models import Entree
from timeline.views import page_de_frise

journal = logging.getLogger(__name__)
ACTUALITES_MONTREES = 3


@require_GET
def liste(request):
    choix = filtres(request.GET, request.user)
    page = Paginator(chercher(request.user, choix).pour_liste(), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "champs": choix,
        "actifs": filtres_actifs(choix, request.GET),
        "page": page,
        "peut_creer": peut_creer(request.user),
    }
    return render(request, "projets/_liste.html" if veut_un_fragment(request) else "projets/liste.html", contexte)


@require_GET
def detail(request, slug):
    projet = get_object_or_404(_pour_la_page(request.user), slug=slug)
    contexte = _frise(request, projet)
    if veut_un_fragment(request):
        return render(request, "timeline/_frise.html", contexte)
    contexte |= _contexte_de(request, projet)
    return render(request, "projets/detail.html", contexte)


def _pour_la_page(personne):
    return (
        Projet.objects.visibles_par(personne)
        .select_related("referente", "territoire")
        .defer("territoire__contour")
        .annotate(cadre_a_change=Exists(VersionCadre.objects.filter(projet=OuterRef("pk"), numero__gt=1)))
        .prefetch_related(
            "etapes",
            "thematiques",
            "documents__versions",
            Prefetch("roles", RoleProjet.objects.select_related("personne")),
            Prefetch(
                "reponses",
                Reponse.objects.publiees()
                .select_related("corrige")
                .prefetch_related("jalons__nouvelles")
                .order_by("pk"),
                to_attr="reponses_publiees",
            ),
        )
    )


def _frise(request, projet) -> dict:
    """The public record of the projet; while it is a draft, what those who prepare it did."""
    entrees = Entree.objects.visibles_par(request.user).filter(projet=projet)
    if projet.est_annonce:
        entrees = entrees.publiques()
    for reponse in projet.reponses_publiees:
        reponse.cible = projet
    connues = (projet, *projet.etapes.all(), *projet.reponses_publiees)
    return {
        **page_de_frise(request, entrees, projet=projet, connues=connues),
        "url_flux": f"/ws/flux/projets.projet/{projet.pk}/",
        "url_atom": reverse("projets:atom", args=[projet.slug]) if projet.est_annonce else "",
    }


def _contexte_de(request, projet) -> dict:
    etapes = list(projet.etapes.all())
    ouvertes = [etape for etape in etapes if etape.est_ouverte]
    boutons = actions_de(ouvertes, request.user)
    for etape in ouvertes:
        etape.boutons = boutons[etape.pk]
    actualites = list(projet.actualites.all()[: ACTUALITES_MONTREES + 1])
    reponse = next((r for r in projet.reponses_publiees if r.corrige_id is None), None)
    return {
        "projet": projet,
        "etapes": etapes,
        "ouvertes": ouvertes,
        "prochaine": next((e for e in etapes if e.ouvre_le > timezone.now() and not e.est_annulee), None),
        "niveaux": Projet.Niveau.choices,
        "rubriques": rubriques_de(projet, request.user),
        "documents": [document for document in projet.documents.all() if document.versions.all()],
        "actualites": actualites[:ACTUALITES_MONTREES],
        "actualites_suite": len(actualites) > ACTUALITES_MONTREES,
        "reponse": reponse,
        "corrections": [r for r in projet.reponses_publiees if r.corrige_id],
        "recit": projet.recits.publies().first() if projet.est_annonce else None,
        "idee": idee_d_origine(projet, request.user),
        "dossiers": _dossiers(projet, request.user),
        "se_discute": any("commenter" in etape.ouvre and etape.ouvre_le <= timezone.now() for etape in etapes),
        "fil": [fil_des_projets(), {"texte": projet.titre, "ecrit": True}],
        **conduite_de(request, projet),
    }


def _dossiers(projet, personne) -> list[Reponse]:
    """Answers in preparation, for those whom the projet names; nothing is asked of the base for anybody else."""
    if not any(attribution.personne_id == personne.pk for attribution in projet.roles.all()):
        return []
    dossiers = Reponse.objects.visibles_par(personne).filter(projet=projet).exclude(etat=Reponse.Etat.PUBLIEE)
    return list(dossiers.prefetch_related("cible").order_by("cree_le", "pk"))


def conduite_de(request, projet) -> dict:
    """What the panel of those who conduct the projet shows; nothing for others."""
    if not peut_conduire(projet, request.user):
        return {"peut_conduire": False}
    manques = [] if projet.est_annonce else projet.manques_du_cadre()
    # A step that would be refused is not offered: the panel says what is missing instead.
    etapes = [(nom, e) for nom, e in transitions_ouvertes(projet, request.user) if not (nom == "annoncer" and manques)]
    return {
        "peut_conduire": True,
        "manques": manques,
        "transitions": etapes,
        "url_reponse": _url_de_la_reponse(projet),
    }


def _url_de_la_reponse(projet) -> str:
    """Where the official answer is prepared, once the dialogue has begun."""
    if not projet.attend_reponse():
        return ""
    dossier = projet.reponses.order_by("pk").first()
    try:
        return (
            dossier.get_absolute_url() if dossier else reverse("reponses:rediger", args=["projets.projet", projet.pk])
        )
    except NoReverseMatch:
        return ""


def idee_d_origine(projet, personne):
    """The idea that this projet comes from, if there is one and this person may see it.

    Ideas live above projets: they are found through the name of their relation, never imported.
    """
    relation = next((r for r in Projet._meta.related_objects if r.get_accessor_name() == "idee_d_origine"), None)
    if relation is None:
        return None
    visibles = getattr(relation.related_model._default_manager, "visibles_par")  # noqa: B009 (its type is not known here)
    return visibles(personne).select_related("auteur").filter(**{relation.field.name: projet}).first()


def fil_des_projets() -> dict:
    return {"texte": _("Les projets"), "url": reverse("projets:liste")}


@require_GET
def cadre(request, slug):
    """Every version of the frame: what was promised, and since when."""
    projet = get_object_or_404(Projet.objects.visibles_par(request.user).annonces(), slug=slug)
    versions = list(projet.versions_cadre.order_by("-numero"))
    for version, precedente in zip(versions, [*versions[1:], None], strict=True):
        version.lignes = [
            {
                "nom": nom,
                "libelle": nom_du_champ(Projet, nom),
                "valeur": version.get_niveau_display() if nom == "niveau" else getattr(version, nom),
                "change": precedente is not None and getattr(version, nom) != getattr(precedente, nom),
            }
            for nom in Projet.CADRE
        ]
    fil = [
        fil_des_projets(),
        {"texte": projet.titre, "ecrit": True, "url": projet.get_absolute_url()},
        {"texte": _("Le cadre")},
    ]
    return render(request, "projets/cadre.html", {"projet": projet, "versions": versions, "fil": fil})


@require_GET
def actualites(request, slug):
    projet = get_object_or_404(Projet.objects.visibles_par(request.user), slug=slug)
    page = Paginator(projet.actualites.all(), PAR_PAGE).get_page(request.GET.get("page"))
    fil = [
        fil_des_projets(),
        {"texte": projet.titre, "ecrit": True, "url": projet.get_absolute_url()},
        {"texte": _("Actualités")},
    ]
    return render(request, "projets/actualites.html", {"projet": projet, "page": page, "fil": fil})


@require_GET
def actualite(request, slug, pk):
    projet = get_object_or_404(Projet.objects.visibles_par(request.user), slug=slug)
    trouvee = get_object_or_404(projet.actualites, pk=pk)
    fil = [
        fil_des_projets(),
        {"texte": projet.titre, "ecrit": True, "url": projet.get_absolute_url()},
        {"texte": _("Actualités"), "url": reverse("projets:actualites", args=[projet.slug])},
        {"texte": trouvee.titre, "ecrit": True},
    ]
    return render(request, "projets/actualite.html", {"projet": projet, "actualite": trouvee, "fil": fil})


@require_safe
def document(request, pk):
    """A file is read through the rights of its projet, each time, and never opens inside the site."""
    version = get_object_or_404(VersionDocument.objects.visibles_par(request.user), pk=pk)
    try:
        fichier = version.fichier.open("rb")
    except FileNotFoundError:
        journal.exception("le fichier de la version %s manque", version.pk)
        raise Http404 from None
    reponse = FileResponse(fichier, as_attachment=True, filename=version.nom, content_type=version.format.type_mime)
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse


@require_safe
def calendrier(request, slug):
    """The stages of a projet for a diary, which has no account: what a visitor sees."""
    visibles = Projet.objects.visibles_par(AnonymousUser())
    projet = get_object_or_404(visibles, slug=slug)
    siennes = periodes(AnonymousUser(), projets=visibles.filter(pk=projet.pk))
    return reponse_ics(en_calendrier(projet.etapes.select_related("projet"), projet.titre, siennes), projet.slug)


@require_safe
def calendrier_general(request):
    etapes = Etape.objects.visibles_par(AnonymousUser()).select_related("projet").order_by("ouvre_le", "pk")
    toutes = periodes(AnonymousUser())
    return reponse_ics(en_calendrier(etapes, _("Dialogue citoyen"), toutes), "dialogue-citoyen")


def reponse_ics(contenu: bytes, nom: str) -> HttpResponse:
    return HttpResponse(
        contenu,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{nom}.ics"'},
    )
