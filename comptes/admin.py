from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comptes.adresses import changer_l_adresse
from comptes.effacement import EffacementImpossible, effacer, est_effacee
from comptes.models import Mandat, Role, Utilisateur

# What opens an account is nobody's to write but hers: these pages of the package would let an administrator give it
# another address or another key without a word to anybody.
DE_LA_PERSONNE = (EmailAddress, EmailConfirmation, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession)


class NouvelleAdresseForm(forms.Form):
    adresse = forms.EmailField(label=gettext_lazy("Nouvelle adresse e-mail"))
    raison = forms.CharField(
        label=gettext_lazy("Pourquoi"), max_length=300, help_text=gettext_lazy("La personne la lira.")
    )


# One line to fill in is always there: without JavaScript nothing else adds one. Django saves nothing of a line left untouched.
# Stacked: the table of `TabularInline` has a heading with no words.


class RoleInline(admin.StackedInline):
    model = Role
    extra = 1


class MandatInline(admin.StackedInline):
    model = Mandat
    extra = 1


@admin.register(Utilisateur)
class UtilisateurAdmin(admin.ModelAdmin):
    """Accounts are opened by people themselves; here one gives roles, closes accounts and erases them on request.

    No account is ever deleted: supports would stop counting and texts would lose their author.
    """

    list_display = ["pseudonyme", "email", "is_active", "is_staff", "inscrite_le"]
    list_filter = ["roles_globaux__role", "is_active", "is_staff"]
    search_fields = ["pseudonyme", "email"]
    fields = [
        "email", "pseudonyme", "commune", "annee_naissance", "langue",
        "is_active", "is_staff", "inscrite_le", "last_login",
    ]  # fmt: skip
    readonly_fields = ["email", "inscrite_le", "last_login"]
    inlines = [RoleInline, MandatInline]
    actions = ["changer_l_adresse", "effacer_les_comptes"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """Nothing brings an erased account back."""
        return super().has_change_permission(request, obj) and not (obj and est_effacee(obj))

    @admin.action(description=gettext_lazy("Changer l’adresse e-mail"), permissions=["change"])
    def changer_l_adresse(self, request, choisis):
        """One account at a time, with a reason: `comptes.adresses` writes to the address that it had."""
        if not request.user.est_administratrice:
            raise PermissionDenied
        if len(choisis) != 1 or est_effacee(choisis[0]):
            self.message_user(request, _("Choisissez un seul compte, qui n’est pas effacé."), messages.WARNING)
            return None
        formulaire = NouvelleAdresseForm(request.POST if request.POST.get("confirmer") else None)
        if formulaire.is_valid():
            try:
                changer_l_adresse(choisis[0], **formulaire.cleaned_data, par=request.user, request=request)
            except ValidationError as refus:
                formulaire.add_error("adresse", refus)
            else:
                self.message_user(request, _("L’adresse est changée. L’ancienne et la nouvelle en sont informées."))
                return None
        contexte = {**self.admin_site.each_context(request), "personne": choisis[0], "opts": self.opts}
        contexte |= {"title": _("Changer l’adresse de ce compte"), "formulaire": formulaire}
        return TemplateResponse(request, "comptes/admin_adresse.html", contexte)

    @admin.action(description=gettext_lazy("Effacer les données personnelles"), permissions=["change"])
    def effacer_les_comptes(self, request, choisis):
        if not request.user.est_administratrice:
            raise PermissionDenied
        if not request.POST.get("confirmer"):
            contexte = {**self.admin_site.each_context(request), "personnes": choisis, "opts": self.opts}
            contexte["title"] = _("Effacer ces comptes ?")
            return TemplateResponse(request, "comptes/admin_effacer.html", contexte)
        effaces = 0
        for personne in choisis:
            try:
                effacer(personne)
            except EffacementImpossible as refus:
                self.message_user(request, f"{personne} : {refus}", messages.WARNING)
            else:
                effaces += 1
        phrase = ngettext("%(n)s compte est effacé.", "%(n)s comptes sont effacés.", effaces) % {"n": effaces}
        self.message_user(request, phrase, messages.SUCCESS if effaces else messages.INFO)
        return None
