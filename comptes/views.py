from allauth.account.utils import passthrough_next_redirect_url
from allauth.account.views import SignupView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from allauth.socialaccount.views import SignupView as SignupExterneView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.generic.edit import FormMixin

from comptes.effacement import EffacementImpossible, effacer, empechement
from comptes.forms import EffacementForm, ProfilForm
from comptes.models import Utilisateur
from comptes.porte import a_relire, gardee, oublier
from comptes.reauthentification import identite_confirmee


class PremierArrive(FormMixin):
    """Two people who choose the same pseudonym in the same second: the database lets one pass, the other reads why."""

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except IntegrityError:
            form.full_clean()
            return super().form_valid(form) if form.is_valid() else self.form_invalid(form)


class InscriptionView(PremierArrive, SignupView):
    pass


class InscriptionExterneView(PremierArrive, SignupExterneView):
    def form_invalid(self, form):
        """allauth forgets the sign-in in progress before it saves: the second try needs it."""
        self.request.session["socialaccount_sociallogin"] = self.sociallogin.serialize()
        return super().form_invalid(form)


class CleRefusee(FormMixin):
    """A passkey that opens nothing: allauth says why on the sign-in page, and forgets where the person was going."""

    page: str
    request: HttpRequest

    def form_invalid(self, form):
        super().form_invalid(form)
        return redirect(passthrough_next_redirect_url(self.request, reverse(self.page), REDIRECT_FIELD_NAME))


class EntrerParCleView(CleRefusee, LoginWebAuthnView):
    page = "account_login"


class ConfirmerParCleView(CleRefusee, ReauthenticateWebAuthnView):
    page = "mfa_reauthenticate_webauthn"


@login_required
@require_http_methods(["GET", "POST"])
def profil(request):
    form = ProfilForm(request.POST or None, instance=Utilisateur.objects.get(pk=request.user.pk))
    if request.method == "POST" and _enregistrer(form):
        messages.success(request, _("Votre profil est à jour."))
        return redirect("comptes:profil")
    return render(request, "comptes/profil.html", {"form": form}, status=422 if form.errors else 200)


def _enregistrer(form) -> bool:
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:  # somebody took the pseudonym since it was checked
        form.full_clean()
        if not form.errors:
            raise
        return False
    return True


@require_http_methods(["GET", "POST"])
@identite_confirmee
def effacer_mon_compte(request):
    raison = empechement(request.user)
    form = EffacementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not raison and form.is_valid():
        try:
            effacer(request.user)
        except EffacementImpossible as refus:
            raison = str(refus)
        else:
            logout(request)
            messages.success(request, _("Votre compte est effacé. Merci d’avoir pris part au dialogue."))
            return redirect(settings.ACCOUNT_LOGOUT_REDIRECT_URL)
    statut = 409 if raison and request.method == "POST" else 422 if form.errors else 200
    return render(request, "comptes/effacer.html", {"form": form, "raison": raison}, status=statut)


@login_required
@require_http_methods(["GET", "POST"])
def reprendre(request):
    """What she typed before she had to sign in: read again, then sent where it was going, or thrown away."""
    saisie = gardee(request)
    if saisie is None:
        messages.info(request, _("Rien n’attend d’être envoyé."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.method == "POST":
        oublier(request)
        messages.success(request, _("Ce que vous aviez écrit est jeté."))
        return redirect(saisie["page"])
    fichiers = {nom: [autre for cle, autre in saisie["fichiers"] if cle == nom] for nom, _nom in saisie["fichiers"]}
    contexte = {"saisie": saisie, "ecrits": a_relire(saisie["valeurs"]), "fichiers": fichiers}
    return render(request, "comptes/reprendre.html", contexte)
