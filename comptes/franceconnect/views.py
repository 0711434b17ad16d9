from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView

from comptes.franceconnect.provider import FranceConnectAdapter


class RetourView(OAuth2CallbackView):
    def _get_state(self, request, provider):
        """The adapter needs the nonce that was stashed with the state."""
        etat, reponse = super()._get_state(request, provider)
        self.adapter.etat = etat or {}
        return etat, reponse


oauth2_login = OAuth2LoginView.adapter_view(FranceConnectAdapter)
oauth2_callback = RetourView.adapter_view(FranceConnectAdapter)
