"""Coming in, and those who are in. The list is for them; who asks, who is invited and who was excluded, for those who lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communautes import actions
from communautes.forms import InviterForm, RejoindreForm, RoleForm
from communautes.models import Adhesion, Appel, Communaute
from communautes.permissions import peut_confier_un_role, peut_inviter, peut_lire_les_membres
from communautes.views.acces import communaute_vue, contexte_de
from timeline.etapes import EtapeInterdite, EtapeInvalide, EtapeRefusee, TropVite, transitions_ouvertes

PAR_PAGE = 48
PAR_FILE = 20


@login_required
@require_http_methods(["GET", "POST"])
def rejoindre(request, slug):
    """Read the charter, say a word where one asks, and enter or ask to."""
    communaute = communaute_vue(request, slug, entiere=True)
    adhesion = communaute.adhesion_de(request.user)
    if adhesion is not None and adhesion.etat in {Adhesion.Etat.ACCEPTEE, Adhesion.Etat.EXCLUE}:
        return redirect(communaute)
    envoye = request.method == "POST"
    form = RejoindreForm(request.POST if envoye else None)
    if envoye and form.is_valid():
        adhesion = actions.rejoindre(communaute, par=request.user, message=form.cleaned_data["message"])
        if adhesion.est_en_cours:
            messages.success(request, _("Bienvenue : vous êtes membre de cette communauté."))
        else:
            messages.success(request, _("Votre demande est envoyée."))
        return redirect(communaute)
    if not communaute.est_ouverte or communaute.acces not in {
        Communaute.Acces.PUBLIQUE,
        Communaute.Acces.SUR_DEMANDE,
    }:
        return redirect(communaute)
    titre = _("Rejoindre") if communaute.est_publique else _("Demander à entrer")
    contexte = contexte_de(request, communaute, "", {"texte": titre}) | {"form": form, "titre_page": titre}
    return render(request, "communautes/rejoindre.html", contexte, status=422 if form.errors else 200)


def _interieur(request, slug) -> Communaute:
    communaute = communaute_vue(request, slug)
    if not peut_lire_les_membres(communaute, request.user):
        raise EtapeInterdite(
            _("La liste des membres est réservée aux membres de la communauté."), retour=communaute.get_absolute_url()
        )
    return communaute


@login_required
@require_GET
def membres(request, slug):
    communaute = _interieur(request, slug)
    contexte = contexte_de(request, communaute, "membres", {"texte": _("Les membres")})
    dedans = communaute.adhesions.en_cours().par_role().select_related("personne")
    contexte["page"] = _page(request, "page", dedans, communaute, PAR_PAGE)
    contexte["peut_confier"] = peut_confier_un_role(communaute, request.user)
    contexte["peut_inviter"] = peut_inviter(communaute, request.user)
    if contexte["peut_animer"]:
        toutes = communaute.adhesions.select_related("personne", "decidee_par")
        contexte["demandes"] = _page(request, "demandes", toutes.demandees(), communaute, PAR_FILE)
        invitees = toutes.filter(etat=Adhesion.Etat.INVITEE)
        contexte["invitees"] = _page(request, "invitees", invitees, communaute, PAR_FILE)
        exclues = _avec_appel(toutes.filter(etat=Adhesion.Etat.EXCLUE))
        contexte["exclues"] = _page(request, "exclues", exclues, communaute, PAR_FILE)
    return render(request, "communautes/membres.html", contexte)


def _avec_appel(exclues):
    """With the last appeal against each: its state, and what was answered."""
    appels = Appel.objects.filter(adhesion=OuterRef("pk"), depose_le__gte=OuterRef("depuis_le")).order_by("-pk")
    return exclues.annotate(
        appel_pk=Subquery(appels.values("pk")[:1]), appel_etat=Subquery(appels.values("etat")[:1])
    ).order_by("-depuis_le", "-pk")


def _page(request, parametre, adhesions, communaute, par_page):
    """One page of places, each with what this person may do about it: rights are read from one community, once."""
    page = Paginator(adhesions, par_page).get_page(request.GET.get(parametre))
    page.object_list = list(page.object_list)
    for adhesion in page.object_list:
        adhesion.communaute = communaute
        adhesion.ouvertes = [
            e for e in transitions_ouvertes(adhesion, request.user) if adhesion.personne_id != request.user.pk
        ]
    return page


@login_required
@require_http_methods(["GET", "POST"])
def inviter(request, slug):
    communaute = communaute_vue(request, slug)
    if not peut_inviter(communaute, request.user):
        raise PermissionDenied(_("Seules les personnes qui animent cette communauté peuvent inviter."))
    form = InviterForm(request.POST if request.method == "POST" else None, communaute=communaute)
    if request.method == "POST" and form.is_valid():
        try:
            adhesion = actions.inviter(communaute, par=request.user, **form.cleaned_data)
        except (EtapeInvalide, TropVite) as refus:
            form.add_error(getattr(refus, "champ", None), str(refus))
        else:
            nom = adhesion.personne.pseudonyme
            phrase = _("%(nom)s est membre.") if adhesion.est_en_cours else _("L’invitation de %(nom)s est partie.")
            messages.success(request, phrase % {"nom": nom})
            return redirect("communautes:membres", slug)
    contexte = contexte_de(request, communaute, "", _vers_les_membres(slug), {"texte": _("Inviter")}) | {"form": form}
    return render(request, "communautes/inviter.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def role(request, slug, pk):
    """Give a role to a member. An agent who is not in knows only those who lead: they are named on the front page."""
    communaute = communaute_vue(request, slug)
    if not peut_confier_un_role(communaute, request.user):
        raise PermissionDenied(_("Seule la personne référente, ou un agent, peut confier un rôle."))
    connues = communaute.adhesions.en_cours().select_related("personne")
    if not peut_lire_les_membres(communaute, request.user):
        connues = connues.qui_animent()
    adhesion = get_object_or_404(connues, pk=pk)
    form = RoleForm(request.POST if request.method == "POST" else None, adhesion=adhesion)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confier(adhesion, par=request.user, role=form.cleaned_data["role"])
        except EtapeRefusee as refus:
            form.add_error(getattr(refus, "champ", None), str(refus))
        else:
            messages.success(request, _("Le rôle est enregistré."))
            lit = peut_lire_les_membres(communaute, request.user)
            return redirect("communautes:membres", slug) if lit else redirect(communaute)
    contexte = contexte_de(request, communaute, "", {"texte": _("Confier un rôle")})
    contexte |= {"form": form, "adhesion": adhesion}
    return render(request, "communautes/role.html", contexte, status=422 if form.errors else 200)


def _vers_les_membres(slug) -> dict:
    return {"texte": _("Les membres"), "url": reverse("communautes:membres", args=[slug])}
