"""The working group of an idea: founding it, and its project step by step."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communautes.permissions import peut_lire_dedans
from communautes.sections import sections_de
from communautes.views.acces import communaute_vue, contexte_de
from idees import groupes
from idees.forms import GroupeForm
from idees.models import GroupeDeTravail, Idee
from idees.pas_a_pas import espace_de
from idees.permissions_ensemble import peut_fonder_un_groupe
from idees.views.fil import debut_du_fil
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeRefusee

SECTION = "idees:pas_a_pas"


@login_required
@require_http_methods(["GET", "POST"])
def fonder(request, pk):
    visibles = Idee.objects.visibles_par(request.user).select_related("projet", "groupe_de_travail__communaute")
    idee = get_object_or_404(visibles.prefetch_related("coautrices__personne"), pk=pk)
    groupe = getattr(idee, "groupe_de_travail", None)
    if groupe is not None and groupe.compte:
        raise EtapeImpossible(_("Cette idée a déjà un groupe de travail."))
    if not peut_fonder_un_groupe(idee, request.user):
        raise EtapeInterdite(
            _("Un groupe de travail se fonde sur une idée à l’étude ou retenue, par ses auteurs ou par un agent.")
        )
    form = GroupeForm(request.POST or None, idee=idee, par=request.user, initial=GroupeForm.depart(idee))
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            groupe = groupes.fonder(idee, par=request.user, **form.cleaned_data)
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _dire(groupe.communaute))
            return redirect(groupe)
    contexte = {
        "form": form,
        "idee": idee,
        "fil": [
            debut_du_fil(),
            {"texte": idee.titre, "ecrit": True, "url": idee.get_absolute_url()},
            {"texte": _("Groupe de travail")},
        ],
    }
    return render(request, "idees/ensemble/fonder.html", contexte, status=statut if form.errors else 200)


def _dire(communaute) -> str:
    if communaute.est_ouverte:
        return _("Le groupe de travail est ouvert. Les personnes qui ont écrit l’idée sont invitées.")
    return _("Merci ! Le groupe de travail est proposé. Un agent le lit, puis l’ouvre.")


@require_GET
def pas_a_pas(request, slug):
    """The project space of a group: public things, for whoever may find the group; its exchanges are for those who are in."""
    communaute = communaute_vue(request, slug)
    groupe = (
        GroupeDeTravail.objects.select_related("idee__boite__etape__projet", "idee__projet_ouvert", "idee__auteur")
        .filter(communaute=communaute)
        .first()
    )
    if groupe is None:
        raise Http404
    groupe.communaute = communaute
    contexte = contexte_de(request, communaute, SECTION, {"texte": _("Le projet pas à pas")})
    visible = groupe.idee.est_lisible
    contexte |= {
        "groupe": groupe,
        "espace": espace_de(groupe) if visible else None,
        "ailleurs": _echanges(communaute, request.user),
    }
    return render(request, "idees/ensemble/pas_a_pas.html", contexte)


def _echanges(communaute, personne) -> list[dict]:
    """Where its members talk and write: the other sections of the group that she may open."""
    if not peut_lire_dedans(communaute, personne):
        return []
    accueil = communaute.get_absolute_url()
    return [s for s in sections_de(communaute, personne, SECTION) if not s["actif"] and s["url"] != accueil]
