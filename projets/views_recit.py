"""The story of a projet: read, printed, taken away as a letter, and composed."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from projets import forms_recit as formulaires
from projets import recits
from projets.lecture_recit import lettre as lettre_de
from projets.lecture_recit import lire
from projets.models import Bloc, Projet, Recit
from projets.models.recit import est_masquee
from projets.permissions import peut_conduire, peut_raconter
from projets.views import fil_des_projets
from timeline import frise
from timeline.etapes import EtapeImpossible, EtapeInvalide, transitions_ouvertes

PAR_PAGE = 30  # entries to choose from
TYPES_DE_LETTRE = {"html": "text/html", "txt": "text/plain"}


def _projet(request, slug) -> Projet:
    return get_object_or_404(Projet.objects.visibles_par(request.user), slug=slug)


def _fil(projet, *suite) -> list[dict]:
    return [fil_des_projets(), {"texte": projet.titre, "ecrit": True, "url": projet.get_absolute_url()}, *suite]


def _edition(request, slug, numero=None) -> Recit:
    """That edition, or the last one that is published, else the last that was withdrawn. Drafts have their own page."""
    recits_lus = Recit.objects.visibles_par(request.user).exclude(etat=Recit.Etat.BROUILLON)
    editions = recits_lus.filter(projet__slug=slug).select_related("projet")
    if numero is not None:
        return get_object_or_404(editions, numero=numero)
    trouve = editions.publies().first() or editions.first()
    if trouve is None:
        raise Http404
    return trouve


def _contexte(request, recit) -> dict:
    montre = recit.est_lisible or peut_conduire(recit.projet, request.user)
    editions = list(recit.projet.recits.exclude(etat=Recit.Etat.BROUILLON))
    suivante = next((e for e in reversed(editions) if e.numero > recit.numero and e.est_lisible), None)
    return {
        "recit": recit,
        "projet": recit.projet,
        "lecture": lire(recit) if montre else None,
        "editions": editions,
        "suivante": suivante,
        "etapes": transitions_ouvertes(recit, request.user),
        "peut_raconter": peut_raconter(recit, request.user),
        "entree": recit.publication(),
        "fil": _fil(recit.projet, {"texte": _("Le récit")}),
    }


@require_GET
def recit(request, slug, numero=None):
    return render(request, "projets/recits/recit.html", _contexte(request, _edition(request, slug, numero)))


@require_GET
def imprimer(request, slug, numero):
    """The same words for a sheet of paper: no menu, addresses written out."""
    edition = _edition(request, slug, numero)
    if not edition.est_lisible:
        raise Http404
    contexte = {"recit": edition, "projet": edition.projet, "lecture": lire(edition), "adresse": settings.ADRESSE}
    return render(request, "projets/recits/imprimer.html", contexte | {"entree": edition.publication()})


@require_safe
def lettre(request, slug, numero, format):
    """The letter to download, for a newsletter of one's own; a draft's, for those who write it."""
    if format not in TYPES_DE_LETTRE:
        raise Http404
    trouve = get_object_or_404(
        Recit.objects.visibles_par(request.user).select_related("projet"), projet__slug=slug, numero=numero
    )
    if not trouve.est_lisible and not (trouve.etat == Recit.Etat.BROUILLON and peut_raconter(trouve, request.user)):
        raise Http404
    ecrite = lettre_de(trouve, get_language())
    return HttpResponse(
        ecrite.html if format == "html" else ecrite.texte,
        content_type=f"{TYPES_DE_LETTRE[format]}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="recit-{trouve.projet.slug}-{trouve.numero}.{format}"',
            "Cache-Control": "private, no-store",
        },
    )


@require_GET
def photo(request, pk, taille):
    """A picture is read through the rights of its story, each time."""
    if taille not in {"grande", "vignette"}:
        raise Http404
    bloc = get_object_or_404(
        Bloc.objects.visibles_par(request.user).filter(genre=Bloc.Genre.PHOTO).select_related("recit"), pk=pk
    )
    try:
        contenu = (bloc.vignette if taille == "vignette" else bloc.fichier).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    reponse = FileResponse(contenu, content_type="image/webp")
    reponse.headers["Cache-Control"] = "private, max-age=3600" if bloc.recit.est_lisible else "private, no-store"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse


# --- Composing ---------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def composer(request, slug):
    """One page: the passages in their order, and what can be added to them."""
    projet = _projet(request, slug)
    if request.method == "GET":
        return _page_de_composition(request, _a_composer(request, projet))
    geste, _separateur, pk = request.POST.get("geste", "").partition(":")
    if geste == "ouvrir":
        recits.ouvrir(projet, par=request.user)
        return redirect("projets:composer_recit", slug=slug)
    brouillon = _a_composer(request, projet)
    if brouillon is None:
        raise EtapeImpossible(_("Ce récit vient d’être publié : il ne change plus. Commencez une nouvelle édition."))
    if geste in GESTES and pk.isdecimal():
        return _deranger(request, brouillon, geste, int(pk))
    if geste in AJOUTS:
        return _ajouter(request, brouillon, geste)
    raise Http404


def _deranger(request, brouillon, geste, pk):
    """A block changes places, or leaves."""
    vu = request.POST.get("vu", "")
    try:
        GESTES[geste](brouillon, par=request.user, vu=int(vu) if vu.isdecimal() else None, bloc=pk)
    except EtapeImpossible as refus:
        messages.error(request, str(refus))
    return redirect(_passages(brouillon))


def _ajouter(request, brouillon, geste):
    form = _formulaires(brouillon, request)[geste]
    if form.is_valid():
        try:
            AJOUTS[geste](brouillon, form.cleaned_data, request.user)
        except recits.RecitModifie as refus:
            # Sent again, these words are added to what the person can now read.
            form.add_error(None, str(refus))
            brouillon.refresh_from_db()
            form.repartir_de(brouillon)
        except EtapeInvalide as refus:
            form.add_error(refus.champ if refus.champ in form.fields else None, str(refus))
        else:
            messages.success(request, _("C’est gardé. Le récit n’est pas encore public."))
            return redirect(_passages(brouillon))
    return _page_de_composition(request, brouillon, **{geste: form})


def _passages(brouillon) -> str:
    return f"{reverse('projets:composer_recit', args=[brouillon.projet.slug])}#passages"


GESTES = {
    "monter": lambda recit, **a: recits.deplacer(recit, vers=-1, **a),
    "descendre": lambda recit, **a: recits.deplacer(recit, vers=1, **a),
    "enlever": lambda recit, **a: recits.enlever(recit, **a),
}
AJOUTS = {
    "entete": lambda recit, dites, par: recits.intituler(recit, par=par, **dites),
    "texte": lambda recit, dites, par: recits.ecrire(recit, par=par, **dites),
    "citer": lambda recit, dites, par: recits.citer(recit, par=par, **dites),
    "chiffres": lambda recit, dites, par: recits.chiffrer(recit, par=par, **dites),
    "photo": lambda recit, dites, par: recits.illustrer(
        recit, par=par, **{nom: valeur for nom, valeur in dites.items() if nom != "photo"}
    ),
}


def _a_composer(request, projet) -> Recit | None:
    """The draft there is; None when the person may begin one. A page that is only read changes nothing."""
    recits.exiger_de_raconter(projet, par=request.user)
    return projet.recits.filter(etat=Recit.Etat.BROUILLON).first()


def _formulaires(brouillon, request=None) -> dict:
    """The forms of the page by their gesture; bound to what was sent, when something was."""
    envoi: dict[str, Any] = {"data": request.POST, "files": request.FILES} if request is not None else {}
    initial = {"vu": brouillon.tour}
    entete = initial | {"titre": brouillon.titre, "chapo": brouillon.chapo}
    projet = brouillon.projet
    return {
        "entete": formulaires.EnTeteForm(**envoi, initial=entete, auto_id="entete_%s"),
        "texte": formulaires.PassageForm(**envoi, initial=initial, auto_id="texte_%s"),
        "citer": formulaires.CiterForm(**envoi, initial=initial, auto_id="citer_%s", citables=recits.citables(projet)),
        "photo": formulaires.IllustrerForm(**envoi, initial=initial, auto_id="photo_%s"),
        "chiffres": formulaires.ChiffresForm(
            **envoi,
            initial=initial,
            auto_id="chiffres_%s",
            reponses=recits.chiffrables(projet).prefetch_related("cible").order_by("-publiee_le", "-pk"),
        ),
    }


def _page_de_composition(request, brouillon, **remplis):
    if brouillon is None:
        projet = _projet(request, request.resolver_match.kwargs["slug"])
        fil = _fil(projet, {"texte": _("Écrire le récit")})
        return render(request, "projets/recits/commencer.html", {"projet": projet, "fil": fil})
    projet = brouillon.projet
    genre = request.GET.get("genre", "")
    citables = recits.citables(projet).exclude(pk__in=brouillon.blocs.filter(entree__isnull=False).values("entree"))
    if genre in frise.GENRES:
        citables = citables.filter(type__startswith=f"{genre}.")
    page = Paginator(citables.pour_affichage().order_by("survenu_le", "pk"), PAR_PAGE).get_page(request.GET.get("page"))
    chemin = reverse("projets:composer_recit", args=[projet.slug])
    contexte = {
        "recit": brouillon,
        "projet": projet,
        "lecture": lire(brouillon),
        "formulaires": _formulaires(brouillon) | remplis,
        "page": page,
        "choix": [(entree, est_masquee(entree.cible)) for entree in page],
        "cochees": set(request.POST.getlist("entrees")),
        "genres": [
            {"libelle": _("Tout"), "url": f"{chemin}#citer", "actif": genre not in frise.GENRES},
            *(
                {"libelle": nom, "url": f"{chemin}?genre={code}#citer", "actif": genre == code}
                for code, (nom, _icone) in frise.GENRES.items()
            ),
        ],
        "etapes": transitions_ouvertes(brouillon, request.user),
        "fil": _fil(projet, {"texte": _("Écrire le récit")}),
    }
    fautes = any(form.errors for form in remplis.values())
    return render(request, "projets/recits/composer.html", contexte, status=422 if fautes else 200)


@login_required
@require_http_methods(["GET", "POST"])
def modifier(request, slug, pk):
    """New words for a passage of the draft."""
    projet = _projet(request, slug)
    brouillon = _a_composer(request, projet)
    if brouillon is None:
        raise Http404
    passages = Bloc.objects.filter(recit=brouillon, genre=Bloc.Genre.TEXTE)
    bloc = get_object_or_404(passages, pk=pk)
    initial = {"texte": bloc.texte, "vu": brouillon.tour}
    form = formulaires.PassageForm(request.POST if request.method == "POST" else None, initial=initial)
    actuel = ""
    if form.is_bound and form.is_valid():
        try:
            recits.ecrire(brouillon, par=request.user, bloc=bloc, **form.cleaned_data)
        except recits.RecitModifie as refus:
            form.add_error(None, str(refus))
            brouillon.refresh_from_db()
            bloc.refresh_from_db()
            form.repartir_de(brouillon)
            actuel = bloc.texte
        else:
            messages.success(request, _("C’est gardé. Le récit n’est pas encore public."))
            return redirect(f"{reverse('projets:composer_recit', args=[slug])}#passage-{bloc.pk}")
    composer_ = {"texte": _("Écrire le récit"), "url": reverse("projets:composer_recit", args=[slug])}
    fil = _fil(projet, composer_, {"texte": _("Un passage")})
    contexte = {"form": form, "recit": brouillon, "projet": projet, "actuel": actuel, "fil": fil}
    return render(request, "projets/recits/passage.html", contexte, status=422 if form.errors else 200)
