"""Lots of answers: one page from which several answers are prepared, signed and published together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from reponses import lots
from reponses.forms_lots import AjouterForm, BrouillonsForm, ConsulterLotForm, LotForm, PresenterLotForm, SignerLotForm
from reponses.models import LotReponses, PlaceDeLot, Reponse
from reponses.models.lot import manques_de
from reponses.permissions import peut_conduire_le_lot, peut_preparer_des_lots
from reponses.views_modeles import fil_du_bureau, modele_choisi, modeles_proposes
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, raison, transitions_ouvertes

PAR_PAGE = 50


@login_required
@require_GET
def liste(request):
    _exiger_de_preparer(request.user)
    siens = LotReponses.objects.visibles_par(request.user).annotate(
        nb_places=Count("places", filter=Q(places__retiree_le__isnull=True))
    )
    contexte = {
        "page": Paginator(siens.order_by("-cree_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page")),
        "fil": [*fil_du_bureau(), {"texte": _("Lots de réponses")}],
    }
    return render(request, "reponses/lots/liste.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def ouvrir(request):
    _exiger_de_preparer(request.user)
    form = LotForm(request.POST or None, par=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            lot = lots.ouvrir(par=request.user, **form.cleaned_data)
        except (EtapeImpossible, EtapeInterdite) as refus:
            form.add_error("cibles", str(refus))
        else:
            messages.success(request, _("Le lot est ouvert. Il n’est pas public."))
            return redirect(lot)
    return _choisir(request, form, _("Nouveau lot de réponses"), [])


def _exiger_de_preparer(personne):
    if not peut_preparer_des_lots(personne):
        raise PermissionDenied(
            _("Les lots de réponses sont préparés par les agents et les personnes référentes d’un projet.")
        )


def _choisir(request, form, titre, fil, lot=None):
    contexte = {"form": form, "titre": titre, "lot": lot, "fil": [*_fil(), *fil, {"texte": titre}]}
    return render(request, "reponses/lots/choisir.html", contexte, status=422 if form.errors else 200)


def _fil(lot=None) -> list[dict]:
    fil = [*fil_du_bureau(), {"texte": _("Lots de réponses"), "url": reverse("reponses:lots")}]
    return [*fil, {"texte": str(lot), "url": lot.get_absolute_url()}] if lot else fil


@login_required
@require_GET
def detail(request, pk):
    """For who prepares it. An élue whose name it waits for reads it on the page of her signature."""
    lot = _trouver(request, pk)
    if not LotReponses.objects.prepares_par(request.user).filter(pk=lot.pk).exists():
        return redirect("reponses:signer_lot", pk=lot.pk)
    places = lot.contenu()
    ouvert, conduit = lot.etat == LotReponses.Etat.OUVERT, peut_conduire_le_lot(lot, request.user)
    contexte = {
        "lot": lot,
        "places": places,
        "manques": manques_de(places) if ouvert else [],
        "etapes": transitions_ouvertes(lot, request.user) if ouvert else [],
        "peut_conduire": ouvert and conduit,
        "pourquoi_pas": lot.pourquoi_pas(request.user) if ouvert and not conduit else "",
        "nb": _par_etat(places),
        "fil": [*_fil(), {"texte": str(lot)}],
    }
    return render(request, "reponses/lots/lot.html", contexte)


def _par_etat(places) -> dict[str, int]:
    """How many answers are where; « sans » : nobody has begun."""
    nombres = {"sans": 0, **dict.fromkeys(Reponse.Etat.values, 0)}
    for place in places:
        nombres[place.reponse_en_cours.etat if place.reponse_en_cours else "sans"] += 1
    return nombres


def _trouver(request, pk) -> LotReponses:
    return get_object_or_404(LotReponses.objects.visibles_par(request.user), pk=pk)


def _a_conduire(request, pk) -> LotReponses:
    """An open lot, for who prepares each answer of it."""
    lot = _trouver(request, pk)
    if not peut_conduire_le_lot(lot, request.user):
        raise EtapeInterdite(lot.pourquoi_pas(request.user) or _("Votre compte ne permet pas cette action."))
    if lot.etat != LotReponses.Etat.OUVERT:
        raise EtapeImpossible(raison(lot))
    return lot


@login_required
@require_http_methods(["GET", "POST"])
def ajouter(request, pk):
    lot = _a_conduire(request, pk)
    form = AjouterForm(request.POST or None, par=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            lots.ajouter(lot, par=request.user, cibles=form.cleaned_data["cibles"])
        except EtapeImpossible as refus:
            form.add_error("cibles", str(refus))
        else:
            messages.success(request, _("C’est ajouté au lot."))
            return redirect(lot)
    return _choisir(request, form, _("Ajouter au lot"), [{"texte": str(lot), "url": lot.get_absolute_url()}], lot)


@login_required
@require_http_methods(["GET", "POST"])
def retirer(request, pk, place_pk):
    lot = _a_conduire(request, pk)
    place = get_object_or_404(PlaceDeLot.objects.actives(), lot=lot, pk=place_pk)
    if request.method == "POST":
        lots.retirer(place, par=request.user)
        messages.success(
            request,
            _("« %(titre)s » n’est plus dans ce lot. Sa réponse reste où elle en est.") % {"titre": place.cible},
        )
        return redirect(lot)
    contexte = {"lot": lot, "place": place, "fil": [*_fil(lot), {"texte": _("Retirer du lot")}]}
    return render(request, "reponses/lots/retirer.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def brouillons(request, pk):
    """Start the missing drafts: what they share is written once."""
    lot = _a_conduire(request, pk)
    sans = [place for place in lot.contenu() if place.reponse_en_cours is None]
    if not sans:
        messages.info(request, _("Chaque idée de ce lot a déjà sa réponse."))
        return redirect(lot)
    modele = modele_choisi(request)
    depart = {"sens": modele.sens, "motif": modele.motif, "texte": modele.texte} if modele else None
    form = BrouillonsForm(request.POST or None, initial=depart, places=sans)
    if request.method == "POST" and form.is_valid():
        try:
            nees = lots.commencer(lot, par=request.user, textes=form.textes, **form.commun())
        except EtapeImpossible as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request,
                ngettext("%(n)s brouillon est gardé.", "%(n)s brouillons sont gardés.", len(nees)) % {"n": len(nees)},
            )
            return redirect(lot)
    titre = _("Commencer les brouillons")
    contexte = {
        "lot": lot,
        "form": form,
        "titre": titre,
        "nb": len(sans),
        "modeles": modeles_proposes(request.user, modele),
        "fil": [*_fil(lot), {"texte": titre}],
    }
    return render(request, "reponses/lots/brouillons.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def consulter(request, pk):
    lot = _a_conduire(request, pk)
    form = ConsulterLotForm(request.POST or None)
    return _envoyer(request, lot, form, lots.consulter, Reponse.Etat.BROUILLON, _("Consulter les services"))


@login_required
@require_http_methods(["GET", "POST"])
def presenter(request, pk):
    lot = _a_conduire(request, pk)
    form = PresenterLotForm(request.POST or None, lot=lot)
    return _envoyer(request, lot, form, lots.presenter, Reponse.Etat.EN_CONSULTATION, _("Envoyer à la signature"))


def _envoyer(request, lot, form, geste, etat, titre):
    """All the answers of one state take the same step, with the same words."""
    if request.method == "POST" and form.is_valid():
        try:
            nb = geste(lot, par=request.user, **form.cleaned_data)
        except (EtapeImpossible, EtapeInvalide) as refus:
            champ = getattr(refus, "champ", None)
            form.add_error(champ if champ in form.fields else None, str(refus))
        else:
            messages.success(
                request, ngettext("%(n)s réponse est envoyée.", "%(n)s réponses sont envoyées.", nb) % {"n": nb}
            )
            return redirect(lot)
    contexte = {
        "lot": lot,
        "form": form,
        "titre": titre,
        "reponses": lots.reponses_de(lot, etat),
        "fil": [*_fil(lot), {"texte": titre}],
    }
    return render(request, "reponses/lots/envoyer.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def signer(request, pk):
    """All that waits for her name, each text shown; she signs those that she ticks, or all those that the page showed."""
    lot = _trouver(request, pk)
    if not LotReponses.objects.a_lire_par(request.user).filter(pk=lot.pk).exists():
        raise EtapeInterdite(_("Rien de ce lot n’attend votre signature."))
    form = SignerLotForm(request.POST or None, lot=lot, par=request.user)
    if request.method == "POST" and form.is_valid():
        signees, laissees = lots.signer(
            lot, par=request.user, lues=form.cleaned_data["lues"], mandat=form.cleaned_data.get("mandat")
        )
        if signees:
            nb = len(signees)
            messages.success(
                request,
                ngettext("%(n)s réponse est signée.", "%(n)s réponses sont signées.", nb) % {"n": nb},
            )
        for phrase in laissees:
            messages.warning(request, phrase)
        return redirect("reponses:signer_lot", pk=lot.pk)
    contexte = {"lot": lot, "form": form, "fil": _fil_de_l_elue(lot)}
    return render(request, "reponses/lots/signer.html", contexte, status=422 if form.errors else 200)


def _fil_de_l_elue(lot) -> list[dict]:
    return [{"texte": _("Réponses à signer"), "url": reverse("portail:bureau_elue")}, {"texte": str(lot)}]
