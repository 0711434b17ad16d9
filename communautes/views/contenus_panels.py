"""What those who lead a panel write and publish: minutes, the avis citoyen, links to syntheses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communautes.forms.panels import AvisForm, CompteRenduForm, CorrigerCompteRenduForm, SyntheseForm
from communautes.models import CompteRendu, Panel
from communautes.panels import contenus
from communautes.permissions_panel import peut_animer_le_panel
from communautes.views.panels import contexte_du_panel, panel_vu
from timeline.etapes import EtapeInvalide

GABARIT = "communautes/panels/formulaire_dedans.html"


def _panel_anime(request, slug) -> Panel:
    panel = panel_vu(request, slug)
    if not peut_animer_le_panel(panel, request.user):
        raise PermissionDenied(_("Seules les personnes qui animent ce panel peuvent le faire."))
    return panel


def _montrer(request, panel, form, **dit):
    contexte = contexte_du_panel(
        request,
        panel,
        {"texte": _("Mandat et tirage"), "url": panel.get_absolute_url()},
        {"texte": dit["titre_de_page"]},
    )
    contexte |= {"form": form, "retour": panel.get_absolute_url(), "texte": "", "fichier": False, **dit}
    return render(request, GABARIT, contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def nouveau_compte_rendu(request, slug):
    panel = _panel_anime(request, slug)
    form = CompteRenduForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ecrit = contenus.ecrire_un_compte_rendu(panel, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(
                request, _("Le compte rendu est enregistré. Seul le panel le lit, jusqu’à sa publication.")
            )
            return redirect(ecrit)
    return _montrer(
        request,
        panel,
        form,
        titre_de_page=_("Nouveau compte rendu"),
        texte=_("Seul le panel le lira, jusqu’à ce que vous le publiiez. Chaque correction garde l’ancienne version."),
        bouton=_("Enregistrer"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def corriger_compte_rendu(request, slug, pk):
    panel = _panel_anime(request, slug)
    compte_rendu = get_object_or_404(
        CompteRendu.objects.visibles_par(request.user).filter(communaute=panel.communaute), pk=pk
    )
    form = CorrigerCompteRenduForm(
        request.POST if request.method == "POST" else None, initial={"texte": compte_rendu.version.texte}
    )
    if request.method == "POST" and form.is_valid():
        try:
            contenus.corriger_un_compte_rendu(compte_rendu, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("La nouvelle version est enregistrée. L’ancienne reste lisible."))
            return redirect(compte_rendu)
    return _montrer(
        request,
        panel,
        form,
        titre_de_page=_("Corriger le compte rendu"),
        texte=_("L’ancienne version reste lisible, avec sa date."),
        bouton=_("Enregistrer la nouvelle version"),
        retour=compte_rendu.get_absolute_url(),
    )


@login_required
@require_http_methods(["GET", "POST"])
def publier_l_avis(request, slug):
    panel = _panel_anime(request, slug)
    dernier = panel.avis
    initial = {}
    if dernier is not None:
        initial = {
            nom: getattr(dernier, nom)
            for nom in ("texte", "adopte_le", "pour", "contre", "abstentions", "reponse_attendue_le")
        }
    # The form of a first avis may come when there is one: sent twice, or while a colleague published hers.
    correction = dernier is not None and (request.method == "GET" or "motif" in request.POST)
    form = AvisForm(request.POST or None, request.FILES or None, correction=correction, initial=initial)
    if request.method == "POST" and form.is_valid():
        champs = {nom: valeur for nom, valeur in form.cleaned_data.items() if nom != "adopte"}
        try:
            contenus.publier_l_avis(panel, par=request.user, **champs)
        except EtapeInvalide as refus:
            if refus.champ == "motif" and not correction:
                form = AvisForm(request.POST, request.FILES, correction=True)  # which asks for it
            else:
                form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("L’avis citoyen est publié, et scellé dans la chronologie."))
            return redirect(panel)
    return _montrer(
        request,
        panel,
        form,
        titre_de_page=_("Corriger l’avis citoyen") if dernier else _("Publier l’avis citoyen"),
        texte=_(
            "L’avis est publié pour tout le monde. Une correction est une nouvelle version : l’ancienne reste lisible."
        ),
        bouton=_("Publier l’avis"),
        fichier=True,
    )


@login_required
@require_http_methods(["GET", "POST"])
def lier_une_synthese(request, slug):
    panel = _panel_anime(request, slug)
    form = SyntheseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            contenus.lier_une_synthese(panel, par=request.user, **form.cleaned_data)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("Le lien est ajouté."))
            return redirect(panel)
    return _montrer(
        request,
        panel,
        form,
        titre_de_page=_("Ajouter une synthèse"),
        texte=_("Ce que le panel lit, ou ce qui est sorti de son travail. Tout le monde voit ce lien."),
        bouton=_("Ajouter"),
    )


@login_required
@require_POST
def delier_une_synthese(request, slug, pk):
    panel = _panel_anime(request, slug)
    lien = get_object_or_404(panel.syntheses, pk=pk)
    contenus.delier_une_synthese(lien, par=request.user)
    messages.success(request, _("Le lien est enlevé."))
    return redirect(panel)
