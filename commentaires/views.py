from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commentaires import actions, distinctions, mentions
from commentaires.fil import (
    REPONSES_PAR_PAGE,
    Lecture,
    adresse_dans_le_fil,
    adresse_du_fil,
    adresse_pour_reprendre,
    garder,
    oublier,
)
from commentaires.forms import CommentaireForm, CorrigerForm, DistinguerForm
from commentaires.models import Commentaire, modeles_discutes, prend_position
from commentaires.permissions import peut_commenter, peut_corriger, peut_distinguer
from socle.permissions import est_connectee
from socle.suite import suite_demandee
from timeline.etapes import EtapeInterdite, EtapeInvalide, EtapeRefusee


def _cible_visible(request, modele, pk):
    try:
        classe = apps.get_model(modele)
    except (LookupError, ValueError):
        raise Http404 from None
    if classe not in modeles_discutes():
        raise Http404
    return get_object_or_404(classe._default_manager.visibles_par(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def fil(request, modele, pk):
    """The discussion of something: read it (GET), write in it (POST)."""
    cible = _cible_visible(request, modele, pk)
    if request.method == "POST":
        return _publier(request, cible)
    return _rendre(request, cible)


def _rendre(request, cible, formulaire=None, statut=200):
    lecture = Lecture(cible, request.user, request.GET)
    contexte = lecture.contexte(request, formulaire)
    if request.htmx:
        return render(request, "commentaires/_discussion.html", contexte, status=statut)
    contexte |= {
        "objet": cible,
        "fil": [{"texte": str(cible), "ecrit": True, "url": cible.get_absolute_url()}, {"texte": _("Discussion")}],
    }
    return render(request, "commentaires/discussion.html", contexte, status=statut)


def _publier(request, cible):
    if not est_connectee(request.user):
        garder(request, cible, request.POST)
        return redirect_to_login(adresse_pour_reprendre(cible, request.POST))
    form = CommentaireForm(request.POST, cible=cible, personne=request.user)
    if not form.is_valid():
        return _rendre(request, cible, form, 422)
    saisie = form.cleaned_data
    try:
        commentaire = actions.commenter(
            cible,
            par=request.user,
            texte=saisie["texte"],
            position=saisie.get("position", Commentaire.Position.NEUTRE),
            parent=_nomme(saisie["parent"]),
            officielle=saisie.get("officielle", False),
            cite=_nomme(saisie["cite"]),
        )
    except EtapeInvalide as refus:
        form.add_error(refus.champ if refus.champ in form.fields and refus.champ != "parent" else None, str(refus))
        return _rendre(request, cible, form, 422)
    except EtapeRefusee as refus:
        form.add_error(None, str(refus))
        return _rendre(request, cible, form, refus.statut)
    oublier(request, cible)
    messages.success(request, _("Votre commentaire est publié."))
    return redirect(adresse_dans_le_fil(commentaire, request.user))


def _nomme(pk):
    """The comment that is answered or quoted, by its number; `actions.commenter` checks that it may be."""
    return Commentaire(pk=pk) if pk else None


@require_GET
def voir(request, pk):
    """Permanent address of a comment: leads to its place in the discussion."""
    commentaire = get_object_or_404(Commentaire.objects.visibles_par(request.user).select_related("parent"), pk=pk)
    return redirect(adresse_dans_le_fil(commentaire, request.user))


@require_GET
def reponses(request, pk):
    """Every answer to a comment, page by page."""
    discussion = Commentaire.objects.filter(parent=None).a_montrer().pour_affichage(request.user)
    racine = get_object_or_404(discussion.avec_nombre_de_reponses(), pk=pk)
    cible = _cible_visible(request, racine.cible_type.app_label + "." + racine.cible_type.model, racine.cible_id)
    lecture = Lecture(cible, request.user, request.GET)
    toutes = (
        Commentaire.objects.publies().filter(parent=racine).pour_affichage(request.user).order_by("publie_le", "pk")
    )
    page = Paginator(toutes, REPONSES_PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "commentaire": lecture.fil(racine, page.object_list, racine.nb_reponses),
        "page": page,
        "objet": cible,
        "fil": [
            {"texte": str(cible), "ecrit": True, "url": cible.get_absolute_url()},
            {"texte": _("Discussion"), "url": adresse_du_fil(cible)},
            {"texte": _("Réponses")},
        ],
    }
    contexte["commentaire"].url_suite = ""
    return render(request, "commentaires/reponses.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def corriger(request, pk):
    """Correct one's own comment, within its quarter of an hour."""
    commentaire = get_object_or_404(Commentaire.objects.visibles_par(request.user).select_related("parent"), pk=pk)
    ouverte = peut_corriger(commentaire, request.user)
    # Whoever comes too late with her own words finds them on the page, with the reason; nobody else gets so far.
    if not ouverte and (request.method == "GET" or commentaire.auteur_id != request.user.pk):
        raise EtapeInterdite(_("Ce commentaire ne peut pas, ou ne peut plus, être corrigé."))
    form = CorrigerForm(request.POST or None, commentaire=commentaire)
    if request.method == "POST" and form.is_valid():
        saisie = form.cleaned_data
        try:
            change = actions.corriger(
                commentaire,
                par=request.user,
                texte=saisie["texte"],
                position=saisie.get("position", commentaire.position),
                vu=saisie["vu"],
            )
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            return _page_d_un_geste(request, commentaire, "commentaires/corriger.html", form, refus.statut)
        if change:
            messages.success(
                request, _("Votre commentaire est corrigé. Ce que vous aviez écrit reste dans l’historique.")
            )
        return redirect(adresse_dans_le_fil(commentaire, request.user))
    return _page_d_un_geste(request, commentaire, "commentaires/corriger.html", form, 422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def distinguer(request, pk):
    """Say that an argument changed something."""
    commentaire = get_object_or_404(Commentaire.objects.visibles_par(request.user).select_related("parent"), pk=pk)
    if not peut_distinguer(commentaire, request.user):
        raise EtapeInterdite(_("Seules la personne qui a proposé et la collectivité peuvent le dire."))
    form = DistinguerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        distinctions.distinguer(commentaire, par=request.user, **form.cleaned_data)
        messages.success(request, _("C’est dit : cet argument a fait évoluer les choses. Son auteur est prévenu."))
        return redirect(adresse_dans_le_fil(commentaire, request.user))
    return _page_d_un_geste(request, commentaire, "commentaires/distinguer.html", form, 422 if form.errors else 200)


def _page_d_un_geste(request, commentaire, gabarit, form, statut):
    cible = commentaire.cible
    contexte = {
        "form": form,
        "commentaire": commentaire,
        "annuler": adresse_dans_le_fil(commentaire, request.user),
        "fil": [
            {"texte": str(cible), "ecrit": True, "url": cible.get_absolute_url()},
            {"texte": _("Discussion"), "url": adresse_du_fil(cible)},
        ],
    }
    return render(request, gabarit, contexte, status=statut)


@require_GET
def versions(request, pk):
    """What a comment said before each correction: whoever may read it may read that too."""
    commentaire = get_object_or_404(
        Commentaire.objects.visibles_par(request.user).publies().select_related("parent", "auteur"), pk=pk
    )
    anciennes = list(commentaire.versions.all())
    contexte = {
        "commentaire": commentaire,
        "anciennes": anciennes,
        "avec_positions": prend_position(commentaire.cible),
        "recus_avant": _recus_avant(commentaire, anciennes),
        "adresse": adresse_dans_le_fil(commentaire, request.user),
        "fil": [
            {"texte": str(commentaire.cible), "ecrit": True, "url": commentaire.cible.get_absolute_url()},
            {"texte": _("Discussion"), "url": adresse_du_fil(commentaire.cible)},
            {"texte": _("Historique")},
        ],
    }
    return render(request, "commentaires/versions.html", contexte)


def _recus_avant(commentaire, anciennes) -> dict[str, int]:
    """Answers and agreements given to words that have changed since: they stay, and it is said."""
    if not anciennes:
        return {"reponses": 0, "accords": 0}
    return {
        "reponses": Commentaire.objects.publies()
        .filter(parent=commentaire, publie_le__lt=commentaire.modifie_le)
        .count(),
        "accords": commentaire.accords.filter(cree_le__lt=commentaire.modifie_le).count(),
    }


@login_required
@require_GET
def participants(request, modele, pk):
    """Names of the discussion that begin as typed, for whoever may write in it."""
    cible = _cible_visible(request, modele, pk)
    noms = mentions.proposer(cible, request.GET.get("q", "")) if peut_commenter(cible, request.user) else []
    return JsonResponse({"noms": noms}, headers={"Cache-Control": "no-store, private"})


@login_required
@require_POST
def accord(request, pk):
    """« D'accord » given or taken back: `action` says which, so that a double click does nothing twice."""
    commentaire = get_object_or_404(Commentaire.objects.visibles_par(request.user), pk=pk)
    action = request.POST.get("action", request.GET.get("action", ""))
    if action not in {"donner", "reprendre"}:
        raise EtapeInvalide(_("Dites si vous êtes d’accord, ou si vous ne l’êtes plus."))
    if action == "donner":
        actions.approuver(commentaire, par=request.user)
    else:
        actions.ne_plus_approuver(commentaire, par=request.user)
    if request.htmx:
        return _rendre(request, commentaire.cible)
    if suite := suite_demandee(request):
        return redirect(f"{suite.partition('#')[0]}#commentaire-{commentaire.pk}")
    return redirect(commentaire)
