from functools import wraps

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404

from comptes.franceconnect.provider import FranceConnectAdapter


class RetourView(OAuth2CallbackView):
    def _get_state(self, request, provider):
        """The adapter needs the nonce that was stashed with the state."""
        etat, reponse = super()._get_state(request, provider)
        self.adapter.etat = etat or {}
        return etat, reponse


def si_la_ville_l_a_ouvert(vue):
    """404 where no FranceConnect is set: these addresses lead nowhere."""

    @wraps(vue)
    def repondre(request):
        try:
            return vue(request)
        except SocialApp.DoesNotExist:
            raise Http404 from None

    return repondre


oauth2_login = si_la_ville_l_a_ouvert(OAuth2LoginView.adapter_view(FranceConnectAdapter))
oauth2_callback = si_la_ville_l_a_ouvert(RetourView.adapter_view(FranceConnectAdapter))
