"""Writing a draft together, and signing it. What is typed is kept, whatever goes wrong."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communautes import ebauches
from communautes.comparaison import differences
from communautes.ebauches import TexteModifie
from communautes.forms import EbaucheForm
from communautes.permissions import peut_ecrire_l_ebauche, peut_participer
from communautes.views.acces import communaute_lue, contexte_de
from communautes.views.ecrits import SECTION, ebauche_lue, fil_de
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeRefusee


@login_required
@require_http_methods(["GET", "POST"])
def commencer(request, slug):
    communaute = communaute_lue(request, slug)
    if not peut_participer(communaute, request.user):
        raise EtapeInterdite(_("Seuls les membres de cette communauté écrivent ici, tant qu’elle est ouverte."))
    form = EbaucheForm(request.POST or None)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            ebauche = ebauches.ouvrir(
                communaute,
                par=request.user,
                valeurs=form.valeurs(),
                cle=form.cleaned_data["cle_saisie"] or uuid.uuid4(),
                signer=form.cleaned_data["signer"],
            )
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _("Le texte est ouvert : les membres peuvent le lire, l’améliorer et le signer."))
            return redirect(ebauche)
    contexte = contexte_de(request, communaute, SECTION, {"texte": _("Commencer un texte")})
    contexte |= {"form": form, "conflit": [], "ebauche": None}
    return render(request, "communautes/ecrits/ecrire.html", contexte, status=statut if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def ecrire(request, slug, pk):
    """From the version that she has read to the next one; when somebody was faster she sees both texts."""
    communaute, ebauche = ebauche_lue(request, slug, pk)
    # Somebody who was writing when it was sent or given up finds her words on the page, with the reason.
    if request.method == "GET" and not peut_ecrire_l_ebauche(ebauche, request.user):
        raise EtapeInterdite(_("Ce texte ne peut pas, ou ne peut plus, être modifié par vous."))
    form = EbaucheForm(request.POST or None, ebauche=ebauche)
    conflit: list = []
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            version = ebauches.enregistrer(
                ebauche,
                par=request.user,
                valeurs=form.valeurs(),
                base=form.cleaned_data["base"],
                resume=form.cleaned_data["resume"],
                signer=form.cleaned_data["signer"],
            )
        except TexteModifie as refus:
            form.add_error(None, str(refus))
            form.repartir_de(refus.actuelle)
            ebauche, conflit, statut = refus.actuelle, differences(refus.actuelle, form.valeurs()), refus.statut
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _dire(version, form.cleaned_data["signer"]))
            return redirect(ebauche)
    contexte = contexte_de(request, communaute, SECTION, *fil_de(ebauche, {"texte": _("Écrire")}))
    contexte |= {"form": form, "conflit": conflit, "ebauche": ebauche}
    return render(request, "communautes/ecrits/ecrire.html", contexte, status=statut if form.errors else 200)


def _dire(version, signe) -> str:
    if version is None:
        return _("Votre nom est sur ce texte.") if signe else _("Vous n’avez rien changé.")
    if signe:
        return _("La version %(n)s est enregistrée, et vous l’avez signée.") % {"n": version.numero}
    return _("La version %(n)s est enregistrée. Les personnes qui avaient signé devront la relire.") % {
        "n": version.numero
    }


@login_required
@require_POST
def reprendre(request, slug, pk, numero):
    """The words of an earlier version, as a new one: nothing is taken away from the history."""
    _communaute, ebauche = ebauche_lue(request, slug, pk)
    if not ebauche.versions.filter(numero=numero).exists():
        raise Http404
    version = ebauches.reprendre_une_version(
        ebauche, par=request.user, numero=numero, base=_nombre(request.POST.get("base", ""))
    )
    if version is None:
        messages.info(request, _("Cette version dit déjà la même chose que le texte d’aujourd’hui."))
    else:
        messages.success(
            request,
            _("Le texte de la version %(de)s est repris : c’est la version %(n)s.")
            % {"de": numero, "n": version.numero},
        )
    return redirect(ebauche)


@login_required
@require_POST
def signer(request, slug, pk):
    _communaute, ebauche = ebauche_lue(request, slug, pk)
    if ebauches.signer(ebauche, par=request.user, numero=_nombre(request.POST.get("numero", ""))):
        messages.success(request, _("Votre nom est sur ce texte. Si quelqu’un le change, nous vous le dirons."))
    else:
        messages.info(request, _("Vous avez déjà signé cette version."))
    return redirect(ebauche)


@login_required
@require_POST
def ne_plus_signer(request, slug, pk):
    _communaute, ebauche = ebauche_lue(request, slug, pk)
    if ebauches.ne_plus_signer(ebauche, par=request.user):
        messages.success(request, _("Votre nom est retiré de ce texte."))
    return redirect(ebauche)


def _nombre(recu: str) -> int:
    """The version that the page showed. Raises EtapeImpossible for anything that no page sends."""
    if recu.isascii() and recu.isdecimal() and len(recu) < 6:
        return int(recu)
    raise EtapeImpossible(_("Cette page n’est plus à jour. Rechargez-la, relisez le texte, puis recommencez."))
