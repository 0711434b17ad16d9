"""A drawn person, before she is a member: she shows the key of her letter, reads the mandate, accepts or refuses."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from communautes.forms.panels import AccepterForm, PlaceForm
from communautes.models import Siege
from communautes.panels import consentement, places
from communautes.views.panels import contexte_du_panel, panel_vu
from socle.cadence import empreinte_de
from timeline.etapes import EtapeImpossible, EtapeInvalide, TropVite

#: Of the session: {number of a seat: fingerprint of the key it was opened with}. A new letter closes what the old one opened.
CLE_SESSION = "places_ouvertes"


@never_cache
@sensitive_post_parameters("cle")
@require_http_methods(["GET", "POST"])
def place(request, slug):
    """Code and key of the letter open the page of the seat in this browser."""
    panel = panel_vu(request, slug)
    form, statut = PlaceForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        siege, statut = _essayer(request, panel, form)
        if siege is not None:
            _tenir(request, siege)
            return redirect("communautes:ma_place", slug=slug)
    contexte = contexte_du_panel(request, panel, {"texte": _("Ma place")}) | {
        "form": form,
        "siege": _tenue(request, panel),
    }
    return _sans_trace(render(request, "communautes/panels/place.html", contexte, status=statut))


def _essayer(request, panel, form) -> tuple[Siege | None, int]:
    """(seat, 200), or (None, status) with one sentence in the form: the same whether the code or the key is wrong."""
    if not form.is_valid():
        return None, 422
    try:
        return places.ouvrir(panel, **form.cleaned_data, reseau=empreinte_de(request)), 200
    except places.MauvaiseCle:
        form.add_error(
            None, _("Ce code et cette clé ne vont pas ensemble, ou vous avez déjà répondu. Vérifiez les deux.")
        )
        return None, 422
    except TropVite as refus:
        form.add_error(None, str(refus))
        return None, refus.statut


def _tenir(request, siege: Siege) -> None:
    request.session.cycle_key()
    request.session[CLE_SESSION] = {**request.session.get(CLE_SESSION, {}), str(siege.pk): siege.cle}


def _tenue(request, panel) -> Siege | None:
    """The seat of this panel that this browser has opened, as long as its key has not changed and nobody has answered."""
    tenues = request.session.get(CLE_SESSION, {})
    if not tenues:
        return None
    sieges = Siege.objects.du_panel(panel).filter(pk__in=[int(pk) for pk in tenues]).exclude(cle="")
    tenus = [siege for siege in sieges.select_related("tirage") if tenues[str(siege.pk)] == siege.cle]
    for siege in tenus:
        siege.tirage.panel = panel
    return tenus[0] if tenus else None


def _lacher(request, siege: Siege) -> None:
    request.session[CLE_SESSION] = {
        pk: cle for pk, cle in request.session.get(CLE_SESSION, {}).items() if pk != str(siege.pk)
    }


def _sans_trace(reponse):
    """Neither the address nor the page of a seat is told to another site. With no referrer at all a form would be refused."""
    reponse.headers["Referrer-Policy"] = "same-origin"
    reponse.headers["X-Robots-Tag"] = "noindex, nofollow"
    return reponse


@never_cache
@require_http_methods(["GET", "POST"])
def ma_place(request, slug):
    """The mandate and the consent; POST takes the seat, with an account."""
    panel = panel_vu(request, slug)
    siege = _tenue(request, panel)
    if siege is None:
        return redirect("communautes:place", slug=slug)
    form = AccepterForm(request.POST if request.method == "POST" else None, initial={"version": consentement.VERSION})
    if request.method == "POST" and request.user.is_authenticated and form.is_valid():
        try:
            places.accepter(siege, par=request.user, version=form.cleaned_data["version"])
        except (EtapeInvalide, EtapeImpossible) as refus:
            form.add_error(None, str(refus))
        else:
            _lacher(request, siege)
            messages.success(request, _("Bienvenue dans le panel. Votre place est prise."))
            return redirect(panel.communaute)
    ici = reverse("communautes:ma_place", args=[slug])
    contexte = contexte_du_panel(request, panel, {"texte": _("Ma place")}) | {
        "siege": siege,
        "form": form,
        "mandat": panel.mandat,
        "texte_du_consentement": consentement.VERSIONS[consentement.VERSION],
        "criteres": list(zip(siege.tirage.criteres, siege.valeurs, strict=True)),
        "ici": ici,
    }
    return _sans_trace(
        render(request, "communautes/panels/ma_place.html", contexte, status=422 if form.errors else 200)
    )


@never_cache
@require_http_methods(["GET", "POST"])
def refuser(request, slug):
    """Refusing asks for no account and for no reason."""
    panel = panel_vu(request, slug)
    siege = _tenue(request, panel)
    if siege is None:
        return redirect("communautes:place", slug=slug)
    if request.method == "POST":
        places.decliner(siege, par=request.user)
        _lacher(request, siege)
        messages.success(request, _("C’est noté : vous ne faites pas partie du panel. Merci d’avoir répondu."))
        return redirect(panel)
    contexte = contexte_du_panel(request, panel, {"texte": _("Refuser ma place")}) | {"siege": siege}
    return _sans_trace(render(request, "communautes/panels/refuser.html", contexte))
