"""Between the words and the account: a draft waits in this browser, then becomes somebody's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from idees.avant_envoi import faut_il_regarder
from idees.brouillons import attribuer, jeter
from idees.completude import manques_de
from idees.depositaires import Depositaire, lacher, personne_de
from idees.models import Idee
from idees.permissions import peut_effacer, peut_proposer
from idees.views.fil import debut_du_fil
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible


@require_GET
def suite(request, pk):
    """« Votre idée est gardée »: sign in, open an account, or send without one where the box admits it."""
    if est_connectee(request.user):
        return redirect("idees:reprendre", pk=pk)
    tenues = Idee.objects.visibles_par(personne_de(request)).filter(etat=Idee.Etat.BROUILLON)
    idee = get_object_or_404(tenues.select_related("boite__etape__projet"), pk=pk)
    sans_compte = url_sans_compte(idee, personne_de(request))
    manques = manques_de(idee)
    if sans_compte and not manques and faut_il_regarder(request, idee, idee.titre, idee.texte):
        return redirect("idees:regarder", pk=pk)
    retour = urlencode({"next": reverse("idees:reprendre", args=[pk])})
    contexte = {
        "idee": idee,
        "url_connexion": f"{reverse('account_login')}?{retour}",
        "url_inscription": f"{reverse('account_signup')}?{retour}",
        "url_sans_compte": sans_compte,
        "manques": [phrase for _champ, phrase in manques],
        "url_completer": idee.adresse_pour_corriger("soumettre"),
        "fil": [debut_du_fil(), {"texte": _("Proposer une idée")}],
    }
    return render(request, "idees/suite.html", contexte)


def url_sans_compte(idee, personne) -> str:
    """Where to send this draft without an account; empty when its box wants one."""
    if not isinstance(personne, Depositaire) or not peut_proposer(idee.boite, personne):
        return ""
    return reverse("idees:deposer", args=[idee.pk])


@require_http_methods(["GET", "POST"])
def effacer(request, pk):
    """A draft is erased for good, here and in the browser: asked on GET, done on POST."""
    personne = personne_de(request)
    idee = get_object_or_404(Idee.objects.visibles_par(personne).select_related("boite__etape__projet"), pk=pk)
    if not peut_effacer(idee, personne):
        raise EtapeImpossible(_("Seul un brouillon s’efface, et seulement par la personne qui l’a commencé."))
    contexte = {"idee": idee, "fil": [debut_du_fil(), {"texte": _("Effacer mon brouillon")}]}
    if request.method == "POST":
        jeter(idee, par=personne)
        lacher(request, idee)
        contexte["fait"] = True
    return render(request, "idees/effacer.html", contexte)


@login_required
@require_GET
def reprendre(request, pk):
    """Arriving from the door: the draft that this browser holds becomes hers, and opens where she left it.

    A link of a mail may be opened elsewhere: there the draft is not, and the page says where it is. The same is said of
    every other number, so that nothing is learnt of it.
    """
    tenue = Idee.objects.visibles_par(Depositaire.de(request)).filter(pk=pk, etat=Idee.Etat.BROUILLON).first()
    idee = attribuer(request, tenue) if tenue else Idee.objects.filter(pk=pk, auteur=request.user).first()
    if idee is None:
        messages.info(
            request,
            _("Votre idée est gardée dans le navigateur où vous l’avez écrite. Ouvrez-le, et connectez-vous là-bas."),
        )
        return redirect("idees:proposer")
    if idee.etat != Idee.Etat.BROUILLON:
        messages.info(request, _("Cette idée est déjà envoyée."))
        return redirect(idee)
    return redirect("idees:modifier", pk=idee.pk)
