"""FranceConnect v2 over allauth's OpenID Connect.

The stock provider sends no nonce, trusts an id_token that it fetched itself, reads userinfo without a signature and
lets the address bar add parameters. FranceConnect wants the contrary of each.
"""

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import urlencode
from requests import RequestException

from comptes.franceconnect import jetons
from comptes.franceconnect.session import recevoir_jeton


class FranceConnectAdapter(OpenIDConnectOAuth2Adapter):
    provider_id = "franceconnect"

    def __init__(self, request, provider_id="franceconnect"):
        super().__init__(request, provider_id)
        self.etat: dict = {}  # what we stashed when the person left, given by the callback view

    def get_callback_url(self, request, app):
        return build_absolute_uri(request, reverse("franceconnect_callback"), self.redirect_uri_protocol)

    def complete_login(self, request, app, token, **kwargs):
        jeton = kwargs["response"].get("id_token", "")
        identite = self._lire(app, jeton, exiger=("iss", "aud", "sub", "exp", "iat"))
        jetons.verifier_nonce(identite.get("nonce"), self.etat.get("nonce"))
        jetons.verifier_niveau(identite.get("acr"), self.get_provider().niveau)
        infos = self._lire(app, self._demander_infos(token.token))
        if infos["sub"] != identite["sub"]:
            raise OAuth2Error("Les deux réponses ne parlent pas de la même personne.")
        recevoir_jeton(request, jeton, self.openid_config.get("end_session_endpoint", ""))
        return self.get_provider().sociallogin_from_response(request, {"userinfo": infos, "id_token": identite})

    def _lire(self, app, jeton, **options):
        return jetons.lire(
            jeton,
            adresse_des_cles=self.openid_config["jwks_uri"],
            emetteur=self.openid_config["issuer"],
            destinataire=app.client_id,
            **options,
        )

    def _demander_infos(self, jeton_d_acces: str) -> str:
        """The userinfo answer, still signed. One that is not a signed token will not be read."""
        with get_adapter().get_requests_session() as session:
            reponse = session.get(self.profile_url, headers={"Authorization": f"Bearer {jeton_d_acces}"})
            reponse.raise_for_status()
        return reponse.text


class FranceConnectProvider(OpenIDConnectProvider):
    id = "franceconnect"
    name = "FranceConnect"
    oauth2_adapter_class = FranceConnectAdapter
    supports_token_authentication = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.name = "FranceConnect"

    @property
    def niveau(self) -> str:
        niveau = self.app.settings.get("acr", "eidas1")
        if niveau not in jetons.NIVEAUX:
            raise ImproperlyConfigured(f"FRANCECONNECT_ACR vaut « {niveau} » : choisir {', '.join(jetons.NIVEAUX)}.")
        return niveau

    def get_login_url(self, request, **kwargs):
        adresse = reverse("franceconnect_login")
        return f"{adresse}?{urlencode(kwargs)}" if kwargs else adresse

    def get_callback_url(self):
        return reverse("franceconnect_callback")

    def get_oauth2_adapter(self, request):
        return FranceConnectAdapter(request)

    def get_default_scope(self):
        """The least that opens an account: no civil name, no date of birth."""
        return ["openid", "email"]

    def get_redirect_from_request_kwargs(self, request):
        """Scope, level and nonce are ours: `?scope=` and `?auth_params=` of the address bar are not read."""
        nonce = get_random_string(48)
        return {
            **Provider.get_redirect_from_request_kwargs(self, request),
            "scope": self.get_scope(),
            "auth_params": {**self.get_auth_params(), "acr_values": self.niveau, "nonce": nonce},
            "nonce": nonce,  # goes to the stashed state, and so serves once
        }

    def redirect(self, request, *args, **kwargs):
        try:
            return super().redirect(request, *args, **kwargs)
        except RequestException as panne:
            return render_authentication_error(request, self, exception=panne)

    def extract_common_fields(self, data):
        return {"email": data["userinfo"].get("email")}

    def extract_email_addresses(self, data):
        """FranceConnect passes on an address that nobody has checked."""
        adresse = data["userinfo"].get("email")
        return [EmailAddress(email=adresse, verified=False, primary=True)] if adresse else []


provider_classes = [FranceConnectProvider]
