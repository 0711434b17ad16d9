"""The desk of panels: created, their mandate published and corrected, their seats and letters."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communautes.forms.panels import MandatForm, PanelForm, PublierLeMandatForm, ReponseForm
from communautes.models import Panel, Siege, Tirage
from communautes.models.adhesion import DELAI_D_APPEL
from communautes.panels import contenus, mandat, places
from communautes.permissions_panel import (
    peut_conduire,
    peut_creer_un_panel,
    peut_refaire_les_lettres,
    peut_voir_la_preparation,
)
from communautes.tirage.fautes import TirageInvalide
from socle.tableur import en_csv
from timeline.etapes import EtapeImpossible, EtapeInvalide, transitions_ouvertes

PAR_PAGE = 30


def fil_du_bureau(panel=None, *suite: str) -> list[dict]:
    fil: list[dict] = [{"texte": _("Préparer des panels"), "url": reverse("communautes:bureau_panels")}]
    if panel is not None:
        fil.append(
            {
                "texte": panel.communaute.nom,
                "ecrit": True,
                "url": reverse("communautes:bureau_panel", args=[panel.communaute.slug]),
            }
        )
    return [*fil, *({"texte": texte} for texte in suite)]


def panel_conduit(request, slug, *, pour_agir=False) -> Panel:
    """One that this person sees (404) and conducts (403)."""
    visibles = Panel.objects.visibles_par(request.user).select_related("communaute__projet")
    panel = get_object_or_404(visibles, communaute__slug=slug)
    if not peut_voir_la_preparation(panel, request.user):
        raise PermissionDenied(_("Les panels sont préparés par les agents et par leur personne référente."))
    if pour_agir and not peut_conduire(panel, request.user):
        raise EtapeImpossible(_("Ce panel est fermé : on ne le prépare plus."))
    return panel


@login_required
@require_GET
def liste(request):
    conduits = Panel.objects.conduits_par(request.user).select_related("communaute")
    if not peut_creer_un_panel(request.user) and not conduits.exists():
        raise PermissionDenied(_("Les panels sont préparés par les agents et par leur personne référente."))
    page = Paginator(conduits.order_by("-cree_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "peut_creer": peut_creer_un_panel(request.user),
        "fil": [{"texte": _("Préparer des panels")}],
    }
    return render(request, "communautes/panels/bureau/liste.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def nouveau(request):
    if not peut_creer_un_panel(request.user):
        raise PermissionDenied(_("Les panels sont créés par les agents."))
    donnees = request.POST if request.method == "POST" else None
    form, form_mandat = PanelForm(donnees, par=request.user), MandatForm(donnees)
    if request.method == "POST" and all([form.is_valid(), form_mandat.is_valid()]):
        try:
            panel = mandat.creer(par=request.user, communaute=form.cleaned_data, mandat=form_mandat.cleaned_data)
        except EtapeInvalide as refus:
            form_mandat.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("Le panel est créé. Personne ne le voit encore, sauf l’équipe."))
            return redirect("communautes:bureau_panel", slug=panel.communaute.slug)
    erreurs = form.errors or form_mandat.errors
    contexte = {"form": form, "form_mandat": form_mandat, "fil": fil_du_bureau(None, _("Nouveau panel"))}
    return render(request, "communautes/panels/bureau/nouveau.html", contexte, status=422 if erreurs else 200)


@login_required
@require_GET
def panel(request, slug):
    """Where the panel stands, and the next thing to do."""
    trouve = panel_conduit(request, slug)
    sieges = Siege.objects.du_panel(trouve).order_by()
    comptes = dict.fromkeys(Siege.Etat.values, 0)
    for etat in sieges.values_list("etat", flat=True):
        comptes[etat] += 1
    contexte = {
        "panel": trouve,
        "mandat": trouve.mandat,
        "brouillon": trouve.mandat_en_preparation,
        "tirages": list(Tirage.objects.filter(panel=trouve).select_related("panel__communaute").order_by("numero")),
        "premier": trouve.premier_tirage,
        "comptes": comptes,
        "vacantes": sieges.vacants().count(),
        "reservees": sieges.reserves().count(),
        "avis": trouve.avis,
        "peut_agir": peut_conduire(trouve, request.user),
        "fil": [*fil_du_bureau(), {"texte": trouve.communaute.nom, "ecrit": True}],
    }
    return render(request, "communautes/panels/bureau/panel.html", contexte)


# --- Mandate -----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def rediger_le_mandat(request, slug):
    """The draft; once published, a new version with its reason."""
    trouve = panel_conduit(request, slug, pour_agir=True)
    en_vigueur = trouve.mandat
    depart = en_vigueur or trouve.mandat_en_preparation
    initial = {nom: getattr(depart, nom) for nom in mandat.CHAMPS}
    donnees = request.POST if request.method == "POST" else None
    form = MandatForm(donnees, correction=en_vigueur is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            mandat.rediger(trouve, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("Le mandat est enregistré."))
            return redirect("communautes:bureau_panel", slug=slug)
    contexte = {
        "panel": trouve,
        "form": form,
        "correction": en_vigueur is not None,
        "fil": fil_du_bureau(trouve, _("Mandat")),
    }
    return render(request, "communautes/panels/bureau/mandat.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def publier_le_mandat(request, slug):
    trouve = panel_conduit(request, slug, pour_agir=True)
    if trouve.mandat_en_preparation is None:
        raise EtapeImpossible(_("Le mandat est déjà publié : corrigez-le par une nouvelle version."))
    ouverte = trouve.communaute.est_annoncee
    form = (
        None
        if ouverte
        else PublierLeMandatForm(
            request.POST if request.method == "POST" else None, objet=trouve.communaute, par=request.user
        )
    )
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            mandat.publier(trouve, par=request.user, referente=form.cleaned_data["referente"] if form else None)
        except EtapeInvalide as refus:
            messages.error(request, str(refus))
            return redirect("communautes:rediger_mandat", slug=slug)
        messages.success(request, _("Le mandat est publié : tout le monde peut le lire."))
        return redirect("communautes:bureau_panel", slug=slug)
    contexte = {
        "panel": trouve,
        "mandat": trouve.mandat_en_preparation,
        "form": form,
        "fil": fil_du_bureau(trouve, _("Publier le mandat")),
    }
    statut = 422 if form is not None and form.errors else 200
    return render(request, "communautes/panels/bureau/publier.html", contexte, status=statut)


@login_required
@require_POST
def commencer_un_tirage(request, slug):
    trouve = panel_conduit(request, slug, pour_agir=True)
    tirage = mandat.commencer_un_tirage(trouve, par=request.user)
    return redirect("communautes:recevoir_vivier", slug=slug, numero=tirage.numero)


# --- Seats -------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_GET
def sieges(request, slug):
    """Who answered what, code by code: no name is shown here, the file of letters has them."""
    trouve = panel_conduit(request, slug)
    tous = list(Siege.objects.du_panel(trouve).select_related("tirage").order_by("etat", "code"))
    gardees = set(Siege.objects.du_panel(trouve).reserves().values_list("pk", flat=True))
    for siege in tous:
        siege.est_gardee = siege.pk in gardees
        siege.tirage.panel = trouve
        siege.boutons = transitions_ouvertes(siege, request.user)
    comptes = places.compter(tous)
    contexte = {
        "panel": trouve,
        "sieges": tous,
        "comptes": comptes,
        "libelles": [(libelle, comptes[code]) for code, libelle in Siege.Etat.choices],
        "vacantes": Siege.objects.du_panel(trouve).vacants().count(),
        "reservees": len(gardees),
        "delai_d_appel": DELAI_D_APPEL.days,
        "tirage_ouvert": trouve.tirages.en_cours().first(),
        "coordonnees": trouve.coordonnees.exists(),
        "peut_agir": peut_conduire(trouve, request.user),
        "peut_refaire": peut_refaire_les_lettres(trouve, request.user),
        "fil": fil_du_bureau(trouve, _("Les places")),
    }
    return render(request, "communautes/panels/bureau/sieges.html", contexte)


@login_required
@never_cache
@require_POST
def lettres(request, slug):
    """The file for the post office. Made once: a new one closes what the one before opened."""
    trouve = panel_conduit(request, slug, pour_agir=True)
    faites = places.ecrire_les_lettres(trouve, par=request.user, de_nouveau="de_nouveau" in request.POST)
    if not faites:
        messages.info(request, _("Il n’y a personne à qui écrire."))
        return redirect("communautes:sieges", slug=slug)
    adresse = request.build_absolute_uri(places.adresse_des_places(trouve))
    colonnes = list(dict.fromkeys(nom for lettre in faites for nom in lettre.get("autres", {})))
    lignes = (
        [
            lettre["code"],
            lettre["cle"],
            adresse,
            lettre.get("identifiant", ""),
            *(lettre.get("autres", {}).get(nom, "") for nom in colonnes),
        ]
        for lettre in faites
    )
    entetes = [_("code"), _("clé"), _("adresse de la page"), _("identifiant"), *colonnes]
    return StreamingHttpResponse(
        en_csv(entetes, lignes),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="lettres-{slug}.csv"'},
    )


@login_required
@require_POST
def remplacer(request, slug):
    """A new draw for the seats that are empty."""
    trouve = panel_conduit(request, slug, pour_agir=True)
    try:
        tirage = places.preparer_le_remplacement(trouve, par=request.user)
    except TirageInvalide as faute:
        messages.error(request, " ".join(faute.phrases()))
        return redirect("communautes:sieges", slug=slug)
    return redirect("communautes:preparer_tirage", slug=slug, numero=tirage.numero)


@login_required
@require_http_methods(["GET", "POST"])
def repondre(request, slug):
    """The collectivité has replied to the avis: where it is read."""
    trouve = panel_conduit(request, slug, pour_agir=True)
    if trouve.avis is None or trouve.repondu_le is not None:
        raise EtapeImpossible(_("Il n’y a pas d’avis qui attende une réponse."))
    form = ReponseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            contenus.noter_la_reponse(trouve, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("La réponse est annoncée sur la page du panel."))
            return redirect(trouve)
    contexte = {
        "titre": _("La réponse à l’avis"),
        "texte": _("La page du panel dira que la collectivité a répondu, et où le lire. On ne le dit qu’une fois."),
        "bouton": _("Publier"),
        "panel": trouve,
        "form": form,
        "retour": reverse("communautes:bureau_panel", args=[slug]),
        "fil": fil_du_bureau(trouve, _("La réponse à l’avis")),
    }
    return render(request, "communautes/panels/formulaire.html", contexte, status=422 if form.errors else 200)
