import time
from urllib.parse import urlsplit, urlunsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sites.requests import RequestSite
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from requests import RequestException

from comptes.porte import CLE_PARTIE, CLE_SAISIE, gardee, garder, noter_la_partie, oublier_une_fois_envoyee
from socle.adresses import montre_une_page, page_au_dessus

# What stays open to somebody who has yet to set up her second factor.
CHEMINS_LIBRES = ("/comptes/", "/static/", "/sante", "/langue/", "/apparence/")
FACTEURS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# A person who acts for the collectivité works a day at most on one sign-in, and not after a long silence (seconds).
JOURNEE = 12 * 3600
SILENCE = 2 * 3600
CLE_JOURNEE = "journee_de_travail"
#: Header of what a page asks by itself, from time to time: nobody pressed anything, so nothing takes her words away.
VEILLE = "X-Estuaire-Veille"
RELEVE = 300  # how often the silence is measured, so that a session is not written at each page


class DoubleFacteurExige:
    """Whoever acts for the collectivité enters every page, the admin and the API included, with a second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            settings.DOUBLE_FACTEUR_EXIGE
            and request.user.is_authenticated
            and not request.path.startswith(CHEMINS_LIBRES)
            and request.user.agit_pour_la_collectivite
            and not is_mfa_enabled(request.user, FACTEURS)
        ):
            phrase = _("Votre rôle demande une double authentification. Installez-la ici, puis reprenez votre chemin.")
            return _refuser(request, phrase, reverse("mfa_index"))
        return self.get_response(request)


class JourneeDeTravail:
    """Ends the session of a person who acts for the collectivité, after a day or a long silence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if CLE_JOURNEE in request.session and self._finie(request.session):
            partie = request.user.pk
            logout(request)
            noter_la_partie(request, partie)
            phrase = _("Votre session est terminée : reconnectez-vous pour continuer.")
            return _refuser(
                request, phrase, f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
            )
        return self.get_response(request)

    @staticmethod
    def _finie(session) -> bool:
        debut, vue = session[CLE_JOURNEE]
        maintenant = int(time.time())
        if maintenant - debut > JOURNEE or maintenant - vue > SILENCE:
            return True
        if maintenant - vue > RELEVE:
            session[CLE_JOURNEE] = [debut, maintenant]
        return False


def commencer_la_journee(request) -> None:
    """Called at sign-in: from then on the session of such a person is measured, at no cost for the others."""
    if request.user.agit_pour_la_collectivite:
        request.session[CLE_JOURNEE] = [int(time.time())] * 2


def _refuser(request, phrase, adresse):
    """The same refusal for a page, a fragment and the API."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": phrase}, status=403, json_dumps_params={"ensure_ascii": False})
    messages.warning(request, phrase)
    return HttpResponseClientRedirect(adresse) if request.htmx else HttpResponseRedirect(adresse)


class RetourDeLaPorte:
    """Whoever a gesture sends to sign in comes back to the page where she made it: the address of the gesture shows nothing.

    A fragment goes there with the whole window: the page of the door would open inside the page. What she typed waits behind
    the door, whichever way she passes it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        dehors = request.method == "POST" and not request.user.is_authenticated
        sans_rien = dehors and set(request.session.keys()) <= {CLE_SAISIE, CLE_PARTIE, "_messages"}
        reponse = self.get_response(request)
        if dehors and _entre(request, reponse):
            return HttpResponseRedirect(reverse("comptes:reprendre"))
        if sans_rien and _est_refusee_sans_session(request, reponse):
            return self._garder(request, _page_du_geste(request)) or reponse
        toute_la_fenetre = "HX-Redirect" in reponse.headers
        adresse = reponse.headers.get("HX-Redirect" if toute_la_fenetre else "Location", "")
        porte, _sep, parametres = adresse.partition("?")
        if porte != reverse("account_login"):
            oublier_une_fois_envoyee(request, reponse)
            return reponse
        if request.htmx and VEILLE in request.headers:
            return HttpResponse(status=204)
        if request.method == "GET" and not request.htmx:
            return reponse
        suite = QueryDict(parametres).get("next", "")
        fragment = request.htmx and not toute_la_fenetre
        if suite != request.get_full_path():
            if not fragment:
                return reponse
        elif fragment or not montre_une_page(request.path_info):
            suite = _page_du_geste(request)
        attend = request.method == "POST" and _sans_etre_lue(request) and self._garder(request, suite)
        return attend or _vers_la_porte(request, suite)

    @staticmethod
    def _garder(request, page):
        """The way through the door to what was typed; None when nothing was kept."""
        garde = garder(request, page)
        if garde:
            messages.info(request, _("Ce que vous avez écrit est gardé : connectez-vous, puis envoyez-le."))
            return _vers_la_porte(request, reverse("comptes:reprendre"))
        if garde is False:
            phrase = _("Ce que vous avez écrit n’a pas pu être gardé. Revenez en arrière et copiez votre texte.")
            messages.warning(request, phrase)
        return None


def _vers_la_porte(request, suite):
    porte = reverse("account_login")
    adresse = redirect_to_login(suite, porte).url if suite else porte
    return HttpResponseClientRedirect(adresse) if request.htmx else HttpResponseRedirect(adresse)


def _entre(request, reponse) -> bool:
    """Has she just come in, by whatever door, with a form that waits?"""
    return (
        reponse.status_code == 302
        and request.path_info.startswith("/comptes/")
        and request.user.is_authenticated
        and gardee(request) is not None
    )


def _est_refusee_sans_session(request, reponse) -> bool:
    """Refused, by a view that says so without leading to the door, and after its token was found good.

    Asked of a browser that holds nothing: one that holds a deposit without an account is told why it is refused.
    """
    vue = getattr(request.resolver_match, "func", None)
    return (
        reponse.status_code in {403, 404}
        and hasattr(vue, "demande_une_session")
        and getattr(request, "csrf_processing_done", False)
    )


def _sans_etre_lue(request) -> bool:
    """Was it stopped before its view read anything: by the end of a day, or by `login_required`, which leaves its mark?"""
    return request.resolver_match is None or hasattr(request.resolver_match.func, "login_url")


def _page_du_geste(request) -> str:
    """Path of the page of this site that sent the request; empty when the browser does not say."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return ""
    lue = urlsplit(page)
    if not montre_une_page(lue.path):  # a form to be corrected is shown at the address of its gesture
        return page_au_dessus(lue.path)
    return urlunsplit(("", "", lue.path, lue.query, ""))


class PagesDeCompte:
    """Makes allauth's pages pages of the house."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        """allauth calls `site` the host name, where our pages mean the city's own names; and it shows a form again with its
        errors as if all were well, where our forms say 422."""
        contexte = response.context_data or {}
        if isinstance(contexte.get("site"), RequestSite):
            del contexte["site"]
        if request.method == "POST" and response.status_code == 200 and request.path.startswith("/comptes/"):
            formulaires = [valeur for valeur in contexte.values() if isinstance(valeur, BaseForm)]
            if any(formulaire.is_bound and formulaire.errors for formulaire in formulaires):
                response.status_code = 422
        return response

    def process_exception(self, request, exception):
        """An identity provider that does not answer is its trouble, told in a sentence."""
        if isinstance(exception, RequestException) and request.path.startswith("/comptes/"):
            return render(request, "socialaccount/authentication_error.html", status=502)
        return None
