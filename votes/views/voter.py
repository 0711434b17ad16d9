"""Voting, step by step: what concerns everybody, then one place of one's choice; fill in, read again, « Je vote ».

Nothing is counted before the last step. What is ticked is kept meanwhile with the visit, on the server: who has yet to say
who she is, or to complete her profile, finds it again.
"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from socle.cadence import CacheIndisponible
from socle.permissions import est_connectee
from timeline.etapes import EtapeInterdite, EtapeRefusee, TropVite
from votes import ordre
from votes.cadence import ENVOIS
from votes.models import Bulletin, Enveloppe, Option, Scrutin
from votes.models.scrutin import Refus
from votes.reglement import consigne, qui_en_clair
from votes.saisie import (
    Brut,
    Saisie,
    de_notes,
    en_mots,
    lignes,
    prefixe_de,
    presentation_de,
    recueillir,
    relire,
    silence,
)
from votes.views.fil import fil_de
from votes.views.page import ce_qu_elle_a_vote, trouver
from votes.voter import BulletinRefuse, VoteEntreTemps, le_sien, le_sien_de_ce_genre, les_siens, marque_de, voter

#: What somebody votes: no copy stays in a cache on the way.
sans_trace = cache_control(no_store=True, private=True)
GARDES, GARDES_MAX = "votes.bulletins", 6
RELIRE = "relire"


# --- What the visit keeps ------------------------------------------------------------------------------------------------


def _garder(request, enveloppe: Enveloppe, brut: Brut, tirage: int) -> None:
    gardes = dict(request.session.get(GARDES, {}))
    gardes.pop(str(enveloppe.pk), None)
    gardes[str(enveloppe.pk)] = {"brut": brut, "tirage": tirage}
    request.session[GARDES] = dict(list(gardes.items())[-GARDES_MAX:])


def _garde(request, enveloppe: Enveloppe) -> dict:
    return request.session.get(GARDES, {}).get(str(enveloppe.pk), {})


def _oublier(request, enveloppe: Enveloppe) -> None:
    if gardes := request.session.get(GARDES):
        gardes.pop(str(enveloppe.pk), None)
        request.session[GARDES] = gardes


# --- The steps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pas:
    """One step of the vote, as the page lists them."""

    titre: str
    url: str
    fait: bool
    precision: str = ""
    courant: bool = False


def pas_de(scrutin: Scrutin, enveloppes: list[Enveloppe], bulletins: list[Bulletin], courante=None) -> list[Pas]:
    """One for what concerns everybody, one for the places together: a person chooses a single one of these."""
    partout = [e for e in enveloppes if not e.est_locale]
    ici = [e for e in enveloppes if e.est_locale]
    faits = {bulletin.enveloppe_id: bulletin for bulletin in bulletins}
    pas = [
        Pas(e.nom, reverse("votes:bulletin", args=[scrutin.slug, e.pk]), e.pk in faits, courant=e == courante)
        for e in partout
    ]
    if ici:
        choisie = next((e for e in ici if e.pk in faits), None)
        pas.append(
            Pas(
                _("Un territoire de votre choix"),
                f"{reverse('votes:voter', args=[scrutin.slug])}#territoires",
                choisie is not None,
                choisie.nom if choisie else "",
                courant=courante in ici,
            )
        )
    return pas


def _non_admise(scrutin: Scrutin, request) -> Refus | None:
    """Why the rule does not admit her; nothing is known of whoever has not said who she is."""
    return scrutin.refus(request.user) if est_connectee(request.user) else None


def _enveloppes(scrutin: Scrutin) -> list[Enveloppe]:
    return list(scrutin.enveloppes.select_related("territoire").defer("territoire__contour"))


@sans_trace
@require_GET
def commencer(request, slug):
    """Where to vote. With a single envelope there is nothing to choose."""
    scrutin = trouver(request, slug)
    enveloppes = _enveloppes(scrutin)
    if not scrutin.est_ouvert:
        return _ferme(request, scrutin, statut=409)
    if len(enveloppes) == 1:
        return redirect("votes:bulletin", slug=slug, enveloppe=enveloppes[0].pk)
    bulletins = les_siens(scrutin, request.user)
    contexte = {
        "scrutin": scrutin,
        "pas": pas_de(scrutin, enveloppes, bulletins),
        "partout": [e for e in enveloppes if not e.est_locale],
        "ici": [e for e in enveloppes if e.est_locale],
        "faits": {bulletin.enveloppe_id for bulletin in bulletins},
        "local_fait": any(bulletin.enveloppe.est_locale for bulletin in bulletins),
        "refus": _non_admise(scrutin, request),
        "fil": fil_de(scrutin, {"texte": _("Voter")}),
    }
    return render(request, "votes/commencer.html", contexte)


@sans_trace
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def bulletin(request, slug, enveloppe):
    """GET: the ballot, or what was filled in, read again. POST: count what is left, read again, or vote."""
    scrutin = trouver(request, slug)
    choisie = get_object_or_404(
        scrutin.enveloppes.select_related("territoire").defer("territoire__contour"), pk=enveloppe
    )
    if not scrutin.est_ouvert:
        if request.method == "POST" and not scrutin.est_fini:
            _garder(request, choisie, recueillir(scrutin, dict(request.POST.lists())), ordre.tirer())
        return _ferme(request, scrutin, statut=409)
    if request.method == "POST":
        return _recevoir(request, scrutin, choisie)
    saisie, tirage = _a_montrer(request, scrutin, choisie)
    if RELIRE in request.GET and saisie.brut and not relire(saisie).a_des_torts:
        return _relire(request, saisie, tirage, marque_de(_ancien(request, saisie)))
    return _remplir(request, saisie, tirage)


def _les_options(scrutin: Scrutin, enveloppe: Enveloppe, tirage: int) -> list[Option]:
    siennes = enveloppe.options.select_related("territoire").defer("territoire__contour", "texte", "entete")
    options = ordre.ranger(siennes, tirage) if ordre.est_tire(scrutin) else list(siennes)
    for option in options:
        option.scrutin, option.enveloppe = scrutin, enveloppe
    return options


def _a_montrer(request, scrutin: Scrutin, enveloppe: Enveloppe) -> tuple[Saisie, int]:
    """What she was filling in, else what she has voted, else a new one."""
    garde = _garde(request, enveloppe)
    tirage = garde.get("tirage", ordre.tirer())
    brut = garde.get("brut")
    if brut is None:
        ancien = le_sien(scrutin, request.user, enveloppe)
        brut = de_notes(scrutin, ancien.notes if ancien else None)
    options = _les_options(scrutin, enveloppe, tirage)
    if not garde:
        retirees = {option.cle for option in options if option.est_retiree}
        brut = _sans(brut, scrutin, retirees)
    return Saisie(scrutin, enveloppe, options, brut), tirage


def _sans(brut: Brut, scrutin: Scrutin, retirees: set[str]) -> Brut:
    """A ballot that was cast, without what was taken out since: nothing to untick before one changes the rest."""
    prefixe = prefixe_de(scrutin)
    if prefixe:
        return {nom: valeurs for nom, valeurs in brut.items() if nom.removeprefix(prefixe) not in retirees}
    gardees = {nom: [v for v in valeurs if v not in retirees] for nom, valeurs in brut.items()}
    return {nom: valeurs for nom, valeurs in gardees.items() if valeurs}


def _ancien(request, saisie: Saisie) -> Bulletin | None:
    """What this ballot would replace: hers for everybody, or hers of a place, whichever place it is."""
    return le_sien_de_ce_genre(saisie.scrutin, request.user, est_local=saisie.enveloppe.est_locale)


# --- Receive -------------------------------------------------------------------------------------------------------------


def _recevoir(request, scrutin: Scrutin, enveloppe: Enveloppe) -> HttpResponse:
    lu = ordre.lire(request.POST.get("tirage", ""))
    tirage = ordre.tirer() if lu is None else lu
    brut = recueillir(scrutin, dict(request.POST.lists()))
    saisie = Saisie(scrutin, enveloppe, _les_options(scrutin, enveloppe, tirage), brut)
    geste = request.POST.get("geste", RELIRE)
    if geste == "compter":
        return _remplir(request, saisie, tirage, compte=True)
    if geste == "modifier":
        _garder(request, enveloppe, brut, tirage)
        return redirect("votes:bulletin", slug=scrutin.slug, enveloppe=enveloppe.pk)
    if relire(saisie).a_des_torts:
        return _remplir(request, saisie, tirage, statut=422)
    if geste == "voter":
        return _voter(request, saisie, tirage)
    _garder(request, enveloppe, brut, tirage)
    return redirect(f"{reverse('votes:bulletin', args=[scrutin.slug, enveloppe.pk])}?{RELIRE}")


def _voter(request, saisie: Saisie, tirage: int) -> HttpResponse:
    scrutin, enveloppe = saisie.scrutin, saisie.enveloppe
    try:
        if not est_connectee(request.user):
            raise EtapeInterdite(_("Connectez-vous pour voter."))
        _freiner(request)
        voter(
            scrutin,
            par=request.user,
            enveloppe=enveloppe,
            notes=saisie.notes,
            empreinte=request.POST.get("empreinte", ""),
            vu=request.POST.get("vu", ""),
        )
    except BulletinRefuse as refus:  # an option was taken out while the page was open
        saisie.torts = refus.torts
        return _remplir(request, saisie, tirage, statut=422)
    except VoteEntreTemps as refus:
        _garder(request, enveloppe, saisie.brut, tirage)
        return _relire(request, saisie, tirage, marque_de(refus.bulletin), refus=refus, statut=refus.statut)
    except EtapeRefusee as refus:
        _garder(request, enveloppe, saisie.brut, tirage)
        marque = marque_de(_ancien(request, saisie))
        return _relire(request, saisie, tirage, marque, refus=refus, statut=refus.statut)
    _oublier(request, enveloppe)
    return redirect(f"{reverse('votes:mon_vote', args=[scrutin.slug])}?merci={enveloppe.pk}")


def _freiner(request) -> None:
    """Raises TropVite. A dead cache lets ballots in: nobody must be kept out because the house has a bad day."""
    try:
        attente = ENVOIS.compter(request.user.pk)
    except CacheIndisponible:
        return
    if attente:
        raise TropVite(
            _("Vous avez envoyé beaucoup de bulletins. Attendez %(n)s min : votre dernier vote compte toujours.")
            % {"n": -(-attente // 60)}
        )


# --- Show ----------------------------------------------------------------------------------------------------------------


def _contexte(request, saisie: Saisie, tirage: int) -> dict:
    scrutin = saisie.scrutin
    enveloppes = _enveloppes(scrutin)
    pas = pas_de(scrutin, enveloppes, les_siens(scrutin, request.user), saisie.enveloppe)
    return {
        "scrutin": scrutin,
        "enveloppe": saisie.enveloppe,
        "saisie": saisie,
        "tirage": tirage,
        "pas": pas if len(pas) > 1 else [],
        "fil": fil_de(scrutin, {"texte": _("Voter")}),
    }


def _remplir(request, saisie: Saisie, tirage: int, *, compte=False, statut=200) -> HttpResponse:
    ancien = _ancien(request, saisie)
    contexte = _contexte(request, saisie, tirage) | {
        "lignes": lignes(saisie),
        "retirees": [option for option in saisie.options if option.est_retiree],
        "reste": saisie.reste,
        "compte": compte,
        "forme": presentation_de(saisie.scrutin),
        "consigne": consigne(saisie.scrutin),
        "se_tire": ordre.est_tire(saisie.scrutin),
        "ancien": ancien,
        "ailleurs": ancien is not None and ancien.enveloppe_id != saisie.enveloppe.pk,
        "torts": _a_dire(saisie),
        "non_admise": _non_admise(saisie.scrutin, request),
    }
    return render(request, "votes/bulletin.html", contexte, status=statut)


def _a_dire(saisie: Saisie) -> list[tuple[str, str, str]]:
    """(where, what it is about, the sentence) for the one summary of the page."""
    par_cle = {option.cle: option.titre for option in saisie.options}
    des_options = [
        (f"id_{cle}" if cle in par_cle else "bulletin", par_cle.get(cle, ""), phrase)
        for cle, phrase in saisie.torts_des_options.items()
    ]
    return [*(("bulletin", "", phrase) for phrase in saisie.torts), *des_options]


def _relire(
    request, saisie: Saisie, tirage, marque: str, *, refus: EtapeRefusee | None = None, statut=200
) -> HttpResponse:
    """What she is about to vote, in words, then the last button; or what she must do first."""
    scrutin, notes = saisie.scrutin, saisie.notes
    ancien = _ancien(request, saisie)
    connectee = est_connectee(request.user)
    contexte = _contexte(request, saisie, tirage) | {
        "mots": en_mots(scrutin, saisie.options, notes),
        "silence": silence(scrutin, saisie.options, notes),
        "reste": saisie.reste,
        "marque": marque,
        "ancien": ancien,
        "ailleurs": ancien is not None and ancien.enveloppe_id != saisie.enveloppe.pk,
        "ancien_mots": en_mots(scrutin, scrutin.options.all(), ancien.notes) if ancien else [],
        "refus": str(refus) if refus else "",
        "doit_se_connecter": not connectee,
        "qui": qui_en_clair(scrutin),
        "non_admise": _non_admise(scrutin, request),
        "champs": saisie.champs_caches(),
    }
    return render(request, "votes/relire.html", contexte, status=statut)


def _ferme(request, scrutin: Scrutin, *, statut: int) -> HttpResponse:
    contexte = {"scrutin": scrutin, "envoye": request.method == "POST", "fil": fil_de(scrutin, {"texte": _("Voter")})}
    return render(request, "votes/ferme.html", contexte, status=statut)


# --- Afterwards ----------------------------------------------------------------------------------------------------------


@sans_trace
@require_GET
def mon_vote(request, slug):
    """What she has voted, that it may be changed, and who could see it."""
    scrutin = trouver(request, slug)
    if not est_connectee(request.user):
        return redirect(f"{reverse('account_login')}?next={request.path}")
    bulletins = les_siens(scrutin, request.user)
    enveloppes = _enveloppes(scrutin)
    pas = pas_de(scrutin, enveloppes, bulletins)
    refus = _non_admise(scrutin, request)
    peut_changer = scrutin.est_ouvert and (refus is None or refus.se_repare)
    contexte = {
        "scrutin": scrutin,
        "refus": refus,
        "siens": ce_qu_elle_a_vote(scrutin, bulletins),
        "merci": "merci" in request.GET and bool(bulletins),
        "pas": pas if len(pas) > 1 else [],
        "a_faire": [un for un in pas if not un.fait] if peut_changer and bulletins else [],
        "peut_changer": peut_changer,
        "fil": fil_de(scrutin, {"texte": _("Mon vote")}),
    }
    return render(request, "votes/mon_vote.html", contexte)
