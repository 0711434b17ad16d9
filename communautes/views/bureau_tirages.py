"""The desk of one draw: its pool, its quotas, the lots computed in the background, then announced and drawn."""

from itertools import islice

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communautes.forms.panels import ColonnesForm, FichierDuVivierForm, QuotasForm, avertissement
from communautes.models import Calcul, FichierRecu, Tirage
from communautes.panels import calcul as calculs
from communautes.panels import lecture, vivier
from communautes.panels import quotas as regles
from communautes.permissions_panel import peut_conduire
from communautes.tirage.fautes import TirageInvalide
from communautes.tirage.importer import lire_table
from communautes.tirage.quotas import proportionnels
from communautes.tirage.vivier import seuls
from communautes.views.bureau_panels import fil_du_bureau, panel_conduit
from socle.htmx import veut_un_fragment
from timeline.etapes import EtapeImpossible, transitions_ouvertes

EXTRAIT = 5  # lines of the file beside the mapping


def _le_tirage(request, slug, numero, *, pour_agir=False) -> Tirage:
    panel = panel_conduit(request, slug, pour_agir=pour_agir)
    tirage = get_object_or_404(Tirage.objects.select_related("remplace"), panel=panel, numero=numero)
    tirage.panel = panel
    return tirage


def _fil(tirage: Tirage, *suite: str) -> list[dict]:
    fil = fil_du_bureau(tirage.panel)
    if not suite:
        return [*fil, {"texte": tirage.nom_court}]
    return [*fil, {"texte": tirage.nom_court, "url": tirage.adresse_du_bureau}, *({"texte": t} for t in suite)]


@login_required
@never_cache
@require_GET
def tirage(request, slug, numero):
    """Where the draw stands, and the next thing to do."""
    trouve = _le_tirage(request, slug, numero)
    personnes = trouve.candidates.count()
    contexte = {
        "tirage": trouve,
        "panel": trouve.panel,
        "personnes": personnes,
        "recu": FichierRecu.objects.filter(tirage=trouve).only("nom", "recu_le").first(),
        "sommes": [
            {"critere": critere, "minimums": bas, "maximums": haut}
            for critere, bas, haut in regles.sommes(regles.quotas_de(trouve))
        ],
        "calcul": trouve.calculs.first(),
        "chances": lecture.chances_de(trouve) if trouve.empreinte_lots else None,
        "avertissement": avertissement(seuls(regles.vivier_de(trouve))) if personnes else "",
        "peut_agir": peut_conduire(trouve.panel, request.user),
        "transitions": transitions_ouvertes(trouve, request.user),
        "fil": _fil(trouve),
    }
    return render(request, "communautes/panels/bureau/tirage.html", contexte)


# --- The pool ----------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def recevoir(request, slug, numero):
    trouve = _le_tirage(request, slug, numero, pour_agir=True)
    if not trouve.est_en_preparation:
        raise EtapeImpossible(_("Ce tirage n’est plus en préparation : son vivier et ses quotas ne changent plus."))
    form = FichierDuVivierForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        recu = form.cleaned_data["fichier"]
        try:
            vivier.recevoir(trouve, par=request.user, nom=recu.name, octets=recu.read())
        except TirageInvalide as faute:
            form.add_error("fichier", faute.phrases())
        else:
            return redirect("communautes:colonnes_vivier", slug=slug, numero=numero)
    contexte = {"tirage": trouve, "form": form, "fil": _fil(trouve, _("Importer le vivier"))}
    return render(request, "communautes/panels/bureau/recevoir.html", contexte, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def colonnes(request, slug, numero):
    """What each column is, with the first lines of the file beside it; POST reads the whole file and writes all or nothing."""
    trouve = _le_tirage(request, slug, numero, pour_agir=True)
    recu = FichierRecu.objects.filter(tirage=trouve).first()
    if recu is None or not trouve.est_en_preparation:
        messages.info(request, _("Ce fichier n’est plus là : envoyez-le de nouveau."))
        return redirect("communautes:preparer_tirage", slug=slug, numero=numero)
    table = lire_table(vivier.octets_de(recu))
    form = ColonnesForm(request.POST if request.method == "POST" else None, colonnes=table.colonnes)
    if request.method == "POST" and form.is_valid():
        try:
            nombre = vivier.importer_le_vivier(trouve, form.choisies(), par=request.user)
        except TirageInvalide as faute:
            form.add_error(None, faute.phrases())
        else:
            dit = ngettext("%(n)s personne est dans le vivier.", "%(n)s personnes sont dans le vivier.", nombre)
            messages.success(request, dit % {"n": number_format(nombre, force_grouping=True)})
            return redirect("communautes:quotas_tirage", slug=slug, numero=numero)
    contexte = {
        "tirage": trouve,
        "form": form,
        "nom": recu.nom,
        "entetes": table.colonnes,
        "extrait": [cellules for _ligne, cellules in islice(table.lignes, EXTRAIT)],
        "nombre": len(table.lignes),
        "fil": _fil(trouve, _("Les colonnes du vivier")),
    }
    return render(request, "communautes/panels/bureau/colonnes.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def quotas(request, slug, numero):
    """For each class of each criterion, how many there are in the pool, and how many seats at least and at most."""
    trouve = _le_tirage(request, slug, numero, pour_agir=True)
    if not trouve.est_en_preparation:
        raise EtapeImpossible(_("Ce tirage n’est plus en préparation : son vivier et ses quotas ne changent plus."))
    effectifs = regles.effectifs_de(trouve)
    if not effectifs:
        return redirect("communautes:recevoir_vivier", slug=slug, numero=numero)
    proposes = "proposer" in request.POST
    connus = (
        {critere: proportionnels(compte, trouve.places) for critere, compte in effectifs.items()}
        if proposes
        else regles.quotas_de(trouve)
    )
    donnees = request.POST if request.method == "POST" and not proposes else None
    form = QuotasForm(donnees, effectifs=effectifs, quotas=connus, places=trouve.places)
    if donnees is not None and form.is_valid():
        try:
            regles.poser(trouve, form.quotas(), par=request.user)
        except TirageInvalide as faute:
            form.add_error(None, faute.phrases())
        else:
            messages.success(request, _("Les quotas sont enregistrés."))
            return redirect("communautes:preparer_tirage", slug=slug, numero=numero)
    contexte = {"tirage": trouve, "form": form, "proposes": proposes, "fil": _fil(trouve, _("Quotas"))}
    return render(request, "communautes/panels/bureau/quotas.html", contexte, status=422 if form.errors else 200)


# --- The computation ---------------------------------------------------------------------------------------------


@login_required
@require_POST
def calculer(request, slug, numero):
    trouve = _le_tirage(request, slug, numero, pour_agir=True)
    try:
        calculs.demander(trouve, par=request.user)
    except TirageInvalide as faute:
        for phrase in faute.phrases():
            messages.error(request, phrase)
        return redirect("communautes:quotas_tirage", slug=slug, numero=numero)
    return redirect("communautes:calcul", slug=slug, numero=numero)


@login_required
@require_GET
def calcul(request, slug, numero):
    """How far the last computation is, or why it stopped."""
    trouve = _le_tirage(request, slug, numero)
    dernier = Calcul.objects.filter(tirage=trouve).first()
    if dernier is None:
        return redirect("communautes:preparer_tirage", slug=slug, numero=numero)
    dernier.tirage = trouve
    contexte = {
        "tirage": trouve,
        "calcul": dernier,
        "phrases": dernier.echec.splitlines(),
        "url_flux": f"/ws/flux/communautes.calcul/{dernier.pk}/",
        "fil": _fil(trouve, _("Calcul des lots")),
    }
    gabarit = "_suivi.html" if veut_un_fragment(request) else "calcul.html"
    return render(request, f"communautes/panels/bureau/{gabarit}", contexte)


@login_required
@require_POST
def arreter(request, slug, numero):
    trouve = _le_tirage(request, slug, numero, pour_agir=True)
    # The last one, ended or not: whoever presses a button of a page that is late is told so.
    dernier = Calcul.objects.select_related("tirage__panel__communaute").filter(tirage=trouve).first()
    if dernier is None:
        raise Http404
    calculs.abandonner(dernier, par=request.user)
    messages.success(request, _("Le calcul est arrêté."))
    return redirect("communautes:preparer_tirage", slug=slug, numero=numero)
