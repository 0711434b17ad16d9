"""Writing together: who writes an idea with whom, invitations sent and received."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from idees import equipe as domaine
from idees.forms import InviterForm
from idees.models import CoAutrice, Idee
from idees.permissions import est_autrice, est_de_l_equipe, est_invitee, peut_inviter
from idees.views.fil import debut_du_fil
from timeline.etapes import EtapeInterdite, EtapeRefusee, franchir, transitions_ouvertes

#: What an answer is called in the form, and the step that it takes.
REPONSES = ("accepter", "decliner")


@login_required
@require_http_methods(["GET", "POST"])
def equipe(request, pk):
    """Those who write an idea: its author sees invitations too, and sends them."""
    visibles = Idee.objects.visibles_par(request.user).select_related("auteur", "boite__etape", "projet")
    idee = get_object_or_404(visibles, pk=pk)
    if not est_de_l_equipe(idee, request.user):
        raise EtapeInterdite(_("Cette page est celle des personnes qui écrivent l’idée."))
    form = InviterForm(request.POST or None)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            domaine.inviter(idee, par=request.user, qui=form.cleaned_data["qui"])
        except EtapeRefusee as refus:
            form.add_error("qui", str(refus))
            statut = refus.statut if refus.statut != 400 else statut
        else:
            messages.success(request, _("L’invitation est envoyée. La personne a quatorze jours pour répondre."))
            return redirect("idees:equipe", pk=pk)
    contexte = {
        "idee": idee,
        "lignes": _lignes(idee, request.user),
        "form": form if peut_inviter(idee, request.user) else None,
        "est_autrice": est_autrice(idee, request.user),
        "apres_depart": idee.get_absolute_url() if idee.est_lisible else reverse("portail:mon_espace"),
        "fil": [
            debut_du_fil(),
            {"texte": idee.titre, "ecrit": True, "url": idee.get_absolute_url()},
            {"texte": _("Les auteurs")},
        ],
    }
    return render(request, "idees/equipe.html", contexte, status=statut if form.errors else 200)


def _lignes(idee, personne) -> list[dict]:
    """Places that are held, with what this person may do about each."""
    vues = CoAutrice.objects.visibles_par(personne).vivantes().filter(idee=idee).select_related("idee", "personne")
    acceptees_puis_invitees = vues.order_by("etat", "repondue_le", "pk").distinct()
    return [{"coautrice": c, "etapes": transitions_ouvertes(c, personne)} for c in acceptees_puis_invitees]


@login_required
@require_GET
def mon_invitation(request, pk):
    """From the bell: an invitation to an account leads to the same page as its letter."""
    coautrice = get_object_or_404(CoAutrice.objects.visibles_par(request.user), pk=pk)
    if est_invitee(coautrice, request.user) and coautrice.etat == CoAutrice.Etat.INVITEE:
        return redirect("idees:invitation", jeton=domaine.jeton(coautrice))
    return redirect("idees:equipe", pk=coautrice.idee_id)


@require_http_methods(["GET", "POST"])
def invitation(request, jeton):
    """The page of the letter. Opening it changes nothing, whoever opens it; the answer is posted."""
    coautrice = domaine.lire_jeton(jeton)
    if coautrice is None:
        raise Http404
    if coautrice.etat != CoAutrice.Etat.INVITEE or coautrice.est_perimee:
        return render(request, "idees/invitation_finie.html", status=410)
    if request.method == "POST":
        return _repondre(request, coautrice, jeton)
    return _montrer(request, coautrice, jeton)


def _montrer(request, coautrice, jeton):
    contexte = {
        "coautrice": coautrice,
        "idee": coautrice.idee,
        "est_pour_moi": est_invitee(coautrice, request.user),
        "soutenue": request.user.is_authenticated and coautrice.idee.soutiens.filter(personne=request.user).exists(),
        "adresse": reverse("idees:invitation", args=[jeton]),
    }
    return render(request, "idees/invitation.html", contexte)


def _repondre(request, coautrice, jeton):
    reponse = request.POST.get("reponse")
    if reponse not in REPONSES:
        return _montrer(request, coautrice, jeton)
    if reponse == "accepter":
        soutenue = coautrice.idee.soutiens.filter(personne=request.user.pk).exists()
        franchir(coautrice.accepter, par=request.user)
        messages.success(request, _("Bienvenue ! Votre nom est maintenant sur l’idée, avec celui de son auteur."))
        if soutenue:
            messages.info(request, _("Votre soutien est enlevé : on ne soutient pas sa propre idée."))
        return redirect(coautrice.idee)
    par = request.user if est_invitee(coautrice, request.user) else domaine.Porteuse(coautrice.pk)
    franchir(coautrice.decliner, par=par)
    messages.success(request, _("C’est noté : vous ne participez pas à cette idée. Merci d’avoir répondu."))
    return redirect("idees:liste")
