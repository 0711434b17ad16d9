"""Where allauth asks the house: what it writes, what it says, what it sends."""

from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from comptes.chiffrement import chiffrer, dechiffrer
from comptes.demonstration import est_refusee
from comptes.effacement import EffacementImpossible, effacer
from comptes.franceconnect.session import adresse_de_deconnexion, garder_jeton
from comptes.middleware import commencer_la_journee
from comptes.models import Utilisateur
from comptes.porte import oublier_la_partie
from comptes.pseudonymes import pseudonyme_libre
from socle.contexte import site

#: allauth's name of a mail -> ours, in templates/courriels/comptes/, and where its link comes from in the context.
#: Any other one tells of a change (`alerte`), with a sentence of its own in templates/courriels/comptes/alertes/.
COURRIELS = {
    "account/email/email_confirmation": ("confirmation", "activate_url"),
    "account/email/email_confirmation_signup": ("bienvenue", "activate_url"),
    "account/email/account_already_exists": ("compte_existant", "password_reset_url"),
    "account/email/unknown_account": ("adresse_inconnue", "signup_url"),
    "comptes/adresse_changee": ("adresse_changee", "lien_contact"),
    "account/email/password_reset_key": ("mot_de_passe_oublie", "password_reset_url"),
}


class CompteAdaptateur(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé."),
        "duplicate_email": _("Cette adresse e-mail est déjà la vôtre."),
        "email_password_mismatch": _(
            "L’adresse e-mail ou le mot de passe ne va pas. Vérifiez les deux, puis réessayez."
        ),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce code n’est pas le bon. Attendez le suivant, puis réessayez."),
        "incorrect_password": _("Ce n’est pas le bon mot de passe."),
        "rate_limited": _("Vous avez fait beaucoup d’essais. Attendez quelques minutes."),
        "too_many_login_attempts": _("Vous avez fait beaucoup d’essais. Attendez cinq minutes, puis réessayez."),
    }

    def save_user(self, request, user, form, commit=True):
        """The sign-up form carries more than allauth's own fields; the row is written once, whole."""
        personne = super().save_user(request, user, form, commit=False)
        for champ in ("pseudonyme", "commune"):
            if form.cleaned_data.get(champ):
                setattr(personne, champ, form.cleaned_data[champ])
        personne.langue = request.LANGUAGE_CODE if request.LANGUAGE_CODE in {"fr", "en"} else "fr"
        if commit:
            personne.save()
        return personne

    def confirm_email(self, request, email_address):
        """Whoever proves an address takes it from an account that was opened with it and never proved it."""
        autres = Utilisateur.objects.filter(email=email_address.email, last_login__isnull=True)
        try:
            with transaction.atomic():
                for jamais_confirmee in autres.exclude(pk=email_address.user_id).exclude(emailaddress__verified=True):
                    effacer(jamais_confirmee)
                return super().confirm_email(request, email_address)
        except (EffacementImpossible, IntegrityError):  # taken for good, or by somebody faster
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False

    def pre_login(self, request, user, **kwargs):
        """Every road in passes here: password, mail link, second factor, identity provider."""
        if est_refusee(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request, user):
        super().login(request, user)
        garder_jeton(request)
        oublier_la_partie(request)
        commencer_la_journee(request)

    def get_logout_redirect_url(self, request):
        return adresse_de_deconnexion(request) or super().get_logout_redirect_url(request)

    def get_email_confirmation_url(self, request, emailconfirmation):
        """The link remembers where the person was going, for it is often opened on another device."""
        lien = super().get_email_confirmation_url(request, emailconfirmation)
        if suite := get_next_redirect_url(request):
            # Through the sign-in page: in the browser where she signed up, she is sent on at once.
            lien += "?" + urlencode({"next": f"{reverse('account_login')}?{urlencode({'next': suite})}"})
        return lien

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failures count per address and per network: failing on purpose does not lock somebody else's door."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"

    def send_account_already_exists_mail(self, email):
        # Opening an account takes the time of hashing a password; so does finding that it exists.
        make_password(get_random_string(12))
        super().send_account_already_exists_mail(email)

    def render_mail(self, template_prefix, email, context, headers=None):
        """A mail is three files, as everywhere in the house, in the language of the person when she has an account."""
        nom, lien = COURRIELS.get(template_prefix, ("alerte", ""))
        langue = context["user"].langue if "user" in context else translation.get_language()
        with translation.override(langue):
            contexte = {
                **context,
                **site(self.request),
                "langue": langue,
                "lien": context[lien] if lien else self.request.build_absolute_uri(reverse("account_reset_password")),
                "evenement": template_prefix.rpartition("/")[2],
                "preferences": "",
                "arreter": "",
            }
            contexte["objet"] = " ".join(self._rendre(f"{nom}.objet.txt", contexte, autoescape=False).split())
            texte = self._rendre(f"{nom}.txt", contexte, autoescape=False)
            html = self._rendre(f"{nom}.html", contexte, autoescape=True)
        message = EmailMultiAlternatives(
            contexte["objet"], texte.strip(), self.get_from_email(), [email], headers=headers
        )
        message.attach_alternative(html, "text/html")
        return message

    @staticmethod
    def _rendre(gabarit, contexte, *, autoescape):
        """A text is not HTML: an apostrophe stays one there."""
        moteur = get_template(f"courriels/comptes/{gabarit}").template  # type: ignore[attr-defined]
        return moteur.render(Context(contexte, autoescape=autoescape))


class CompteExterneAdaptateur(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _("Choisissez d’abord un mot de passe : sans lui, vous ne pourriez plus vous connecter."),
        "no_verified_email": _(
            "Confirmez d’abord votre adresse e-mail : sans elle, vous ne pourriez plus vous connecter."
        ),
        "connected_other": _("Ce compte est déjà relié à une autre personne ici."),
    }

    def populate_user(self, request, sociallogin, data):
        """Starts under an invented pseudonym, never a civil name; the provider's answer is read and not kept."""
        personne = super().populate_user(request, sociallogin, data)
        personne.pseudonyme = pseudonyme_libre()
        sociallogin.account.extra_data = {}
        return personne

    def is_auto_signup_allowed(self, request, sociallogin):
        """Everybody reads the charter and may choose another pseudonym before the account exists."""
        return False

    def get_signup_form_initial_data(self, sociallogin):
        return {**super().get_signup_form_initial_data(sociallogin), "pseudonyme": sociallogin.user.pseudonyme}

    def generate_state_param(self, state):
        """FranceConnect wants more than the sixteen characters of the package."""
        return get_random_string(48)


class DoubleFacteurAdaptateur(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("La double authentification est obligatoire pour votre rôle."),
        "cannot_generate_recovery_codes": _(
            "Installez d’abord une application ou une clé : les codes de secours viennent après."
        ),
        "incorrect_code": CompteAdaptateur.error_messages["incorrect_code"],
        "unverified_email": _("Confirmez d’abord votre adresse e-mail."),
    }

    def encrypt(self, text):
        return chiffrer(text)

    def decrypt(self, encrypted_text):
        return dechiffrer(encrypted_text)

    def get_totp_label(self, user):
        return user.email

    def generate_authenticator_name(self, user, type):
        numero = user.authenticator_set.filter(type=type).count() + 1
        return str(_("Ma clé %(numero)s") % {"numero": numero})
