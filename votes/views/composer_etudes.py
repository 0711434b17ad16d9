"""Feasibility studies at the desk: ask, follow, keep a cost; and two options that become one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from timeline.etapes import EtapeInvalide, transitions_ouvertes
from votes import etudes as actions
from votes.forms import DemanderForm
from votes.models import Etude, Scrutin
from votes.views.composer import a_composer, fil_de, le_scrutin, options_de


@login_required
@require_http_methods(["GET", "POST"])
def etudes(request, slug):
    """What each service says of each option; POST asks some services about some options."""
    scrutin = a_composer(request, slug) if request.method == "POST" else le_scrutin(request, slug)
    form = DemanderForm(request.POST if request.method == "POST" else None, scrutin=scrutin)
    if request.method == "POST" and form.is_valid():
        saisie = form.cleaned_data
        try:
            demandees = actions.demander(
                scrutin, list(saisie["options"]), list(saisie["services"]), saisie["attendue_le"], par=request.user
            )
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(
                request,
                ngettext("%(n)s étude est demandée.", "%(n)s études sont demandées.", len(demandees))
                % {"n": len(demandees)},
            )
            return redirect("votes:etudes", slug=slug)
    options = list(options_de(scrutin))
    for option in options:
        option.scrutin = scrutin
        for etude in option.etudes.all():
            etude.option = option
            etude.gestes = transitions_ouvertes(etude, request.user)
    contexte = {
        "scrutin": scrutin,
        "options": options,
        "form": form if scrutin.etat == Scrutin.Etat.BROUILLON else None,
        "en_preparation": scrutin.etat == Scrutin.Etat.BROUILLON,
        "fil": fil_de(scrutin, _("Les études de faisabilité")),
    }
    return render(request, "votes/composer/etudes.html", contexte, status=422 if form.errors else 200)


def _l_etude(request, slug, pk) -> Etude:
    scrutin = a_composer(request, slug)
    return get_object_or_404(
        Etude.objects.select_related("option__scrutin__etape__projet"), option__scrutin=scrutin, pk=pk
    )


@login_required
@require_POST
def abandonner(request, slug, pk):
    etude = _l_etude(request, slug, pk)
    actions.abandonner(etude, par=request.user)
    messages.success(request, _("Cette étude n’est plus demandée."))
    return redirect("votes:etudes", slug=slug)


@login_required
@require_POST
def garder_le_cout(request, slug, pk):
    option = actions.garder_le_cout(_l_etude(request, slug, pk), par=request.user)
    messages.success(request, _("Le coût de « %(titre)s » est celui de l’étude.") % {"titre": option.titre})
    return redirect(f"{reverse('votes:etudes', args=[slug])}#option-{option.cle}")
