"""Correcting a published idea, and reading what it said before."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comptes.porte import demande_une_session
from idees import corrections
from idees.comparaison import differences
from idees.depositaires import personne_de
from idees.forms import CorrigerForm
from idees.models import Idee
from idees.permissions import est_de_l_equipe, peut_corriger
from idees.views.fil import debut_du_fil
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite


@demande_une_session
@require_http_methods(["GET", "POST"])
def corriger(request, pk):
    personne = personne_de(request)
    visibles = Idee.objects.visibles_par(personne).select_related("boite__etape__projet")
    idee = get_object_or_404(visibles.prefetch_related("coautrices__personne"), pk=pk)
    if not est_de_l_equipe(idee, personne):
        raise EtapeInterdite(_("Seules les personnes qui ont écrit une idée peuvent la modifier."))
    if not peut_corriger(idee, personne):
        raise EtapeImpossible(corrections.pourquoi_fermee(idee))
    form = CorrigerForm(request.POST or None, idee=idee)
    conflit: list = []
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            changes = corrections.corriger(
                idee, par=personne, valeurs=form.valeurs(), redaction=form.cleaned_data["redaction"]
            )
        except corrections.TexteModifie as refus:
            form.add_error(None, str(refus))
            form.repartir_de(refus.actuelle)
            conflit, statut = differences(refus.actuelle, form.valeurs()), refus.statut
        except TropVite as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _dire_ce_qui_change(idee, changes))
            return redirect(idee)
    contexte = {
        "form": form,
        "idee": idee,
        "conflit": conflit,
        "nb_soutiens": idee.soutiens.count(),
        "fil": [*_fil(idee), {"texte": _("Modifier")}],
    }
    return render(request, "idees/corriger.html", contexte, status=statut if form.errors else 200)


def _dire_ce_qui_change(idee, changes) -> str:
    if not changes:
        return _("Vous n’avez rien changé.")
    if idee.versions.exists():
        return _("C’est enregistré. Les personnes qui soutiennent ou suivent l’idée sont prévenues.")
    return _("C’est enregistré.")


def _fil(idee) -> list[dict]:
    return [debut_du_fil(), {"texte": idee.titre, "ecrit": True, "url": idee.get_absolute_url()}]


def _lue(request, pk):
    """The idea and all its versions, last first: whoever may read it may read what it was."""
    idee = get_object_or_404(Idee.objects.visibles_par(personne_de(request)), pk=pk)
    return idee, list(idee.versions.select_related("par", "thematique", "territoire").defer("territoire__contour"))


@require_GET
def versions(request, pk):
    idee, toutes = _lue(request, pk)
    contexte = {"idee": idee, "versions": toutes, "fil": [*_fil(idee), {"texte": _("Versions")}]}
    return render(request, "idees/versions.html", contexte)


@require_GET
def version(request, pk, numero):
    """One version: what it changed, then all its words."""
    idee, toutes = _lue(request, pk)
    par_numero = {v.numero: v for v in toutes}
    lue, precedente, suivante = (par_numero.get(n) for n in (numero, numero - 1, numero + 1))
    if lue is None:
        raise Http404
    contexte = {
        "idee": idee,
        "version": lue,
        "precedente": precedente,
        "suivante": suivante,
        "differences": differences(precedente, lue) if precedente else [],
        "soutenue": request.user.is_authenticated and idee.soutiens.filter(personne=request.user).exists(),
        "fil": [
            *_fil(idee),
            {"texte": _("Versions"), "url": reverse("idees:versions", args=[idee.pk])},
            {"texte": _("Version %(n)s") % {"n": lue.numero}},
        ],
    }
    return render(request, "idees/version.html", contexte)
