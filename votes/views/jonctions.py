"""Two options that become one: at the desk, and on the page where their authors answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from idees.depositaires import personne_de
from timeline.etapes import EtapeInvalide, transitions_ouvertes
from timeline.views import etape
from votes import jonction as actions
from votes.forms import DemanderLAccordForm, JoindreForm
from votes.models import Jonction
from votes.permissions import peut_conduire
from votes.views.composer import a_composer, fil_de


@login_required
@require_http_methods(["GET", "POST"])
def joindre(request, slug, cle):
    """GET: choose the other option (`avec`), and read what their authors agreed; POST keeps one for both, or asks them."""
    scrutin = a_composer(request, slug)
    option = get_object_or_404(scrutin.options.select_related("idee"), cle=cle)
    option.scrutin = scrutin
    demande = request.POST if request.method == "POST" else (request.GET or None)
    form = JoindreForm(demande, option=option)
    choisie = form.is_bound and form.is_valid()
    accord = actions.accord_sur(option, form.cleaned_data["avec"]) if choisie else None
    question = DemanderLAccordForm(request.POST if "motif" in request.POST else None)
    refuse = False
    if request.method == "POST" and accord is not None:
        try:
            if suite := _agir(request, option, form.cleaned_data["avec"], accord, question):
                return suite
            refuse = bool(question.errors)
        except EtapeInvalide:  # somebody was faster: the page says what holds now
            accord, refuse = actions.accord_sur(option, form.cleaned_data["avec"]), True
    contexte = {
        "scrutin": scrutin,
        "option": option,
        "form": form,
        "accord": accord,
        "question": question,
        "autre": form.cleaned_data.get("avec") if accord else None,
        "fil": fil_de(scrutin, _("Joindre deux propositions")),
    }
    return render(request, "votes/composer/joindre.html", contexte, status=422 if form.errors or refuse else 200)


def _agir(request, option, autre, accord, question):
    """Where it leads, or None when the words of the question are missing. Raises EtapeInvalide."""
    if not accord.a_demander:
        gardee = actions.joindre(option, autre, par=request.user)
        messages.success(
            request, _("Une seule proposition reste pour les deux : « %(titre)s ».") % {"titre": gardee.titre}
        )
        return redirect(f"{reverse('votes:composer', args=[option.scrutin.slug])}#option-{gardee.cle}")
    if not question.is_bound:
        raise EtapeInvalide(accord.refus)
    if not question.is_valid():
        return None
    jonction = actions.demander(option, autre, par=request.user, motif=question.cleaned_data["motif"])
    messages.success(request, _("La question est posée aux auteurs des deux idées."))
    return redirect(jonction)


@require_GET
def jonction(request, pk):
    """What is asked of two authors: both options, why, where it stands, what one may do."""
    personne = personne_de(request)
    lues = Jonction.objects.visibles_par(personne).select_related(
        "scrutin__etape__projet", "gardee", "jointe", "idee_gardee", "idee_jointe"
    )
    posee = get_object_or_404(lues, pk=pk)
    contexte = {
        "jonction": posee,
        "etapes": transitions_ouvertes(posee, personne),
        "peut_conduire": peut_conduire(posee.scrutin, personne),
        "fil": [{"texte": _("Les votes"), "url": reverse("votes:liste")}, {"texte": str(posee), "ecrit": True}],
    }
    return render(request, "votes/jonction.html", contexte)


@require_http_methods(["GET", "POST"])
def decider(request, pk, nom):
    """The one view of all transitions, for whoever acts here: an author may have no account."""
    request.user = personne_de(request)
    return etape(request, Jonction._meta.label_lower, pk, nom)
