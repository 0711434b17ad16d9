from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commentaires import actions
from commentaires.fil import (
    REPONSES_PAR_PAGE,
    Lecture,
    adresse_dans_le_fil,
    adresse_du_fil,
    garder,
    oublier,
)
from commentaires.forms import CommentaireForm
from commentaires.models import Commentaire, modeles_discutes
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, EtapeRefusee


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
        "fil": [{"texte": str(cible), "url": cible.get_absolute_url()}, {"texte": _("Discussion")}],
    }
    return render(request, "commentaires/discussion.html", contexte, status=statut)


def _publier(request, cible):
    if not est_connectee(request.user):
        garder(request, cible, request.POST)
        return redirect_to_login(f"{cible.get_absolute_url()}#commentaires-ecrire")
    form = CommentaireForm(request.POST, personne=request.user)
    if not form.is_valid():
        return _rendre(request, cible, form, 422)
    saisie = form.cleaned_data
    try:
        commentaire = actions.commenter(
            cible,
            par=request.user,
            texte=saisie["texte"],
            position=saisie.get("position", Commentaire.Position.NEUTRE),
            parent=_parent(saisie["parent"]),
            officielle=saisie.get("officielle", False),
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


def _parent(pk):
    """The comment that is answered, by its number; `actions.commenter` checks that it may be."""
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
            {"texte": str(cible), "url": cible.get_absolute_url()},
            {"texte": _("Discussion"), "url": adresse_du_fil(cible)},
            {"texte": _("Réponses")},
        ],
    }
    contexte["commentaire"].url_suite = ""
    return render(request, "commentaires/reponses.html", contexte)


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
    suite = request.POST.get("suite", "")
    if url_has_allowed_host_and_scheme(suite, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(f"{suite.partition('#')[0]}#commentaire-{commentaire.pk}")
    return redirect(commentaire)
