"""Proposing: the form of an idea, new or draft. What is typed is kept, whoever types it and whatever goes wrong."""

import uuid

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comptes.porte import demande_une_session
from idees import actions
from idees.avant_envoi import faut_il_regarder, noter_montrees
from idees.brouillons import DejaEnvoyee, garder_pour_plus_tard
from idees.comparaison import differences
from idees.corrections import TexteModifie
from idees.depositaires import personne_de
from idees.forms import IdeeForm
from idees.models import Boite, Idee
from idees.permissions import est_autrice, peut_corriger, peut_ecrire, peut_modifier, peut_proposer
from idees.photos import avancer_photo, enlever_photo
from idees.views.fil import debut_du_fil
from socle import cadence
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, EtapeRefusee

#: Drafts that one network may leave here without an account, in an hour.
BROUILLONS_MAX, PERIODE = 30, 3600
GESTES = {"enlever": enlever_photo, "avancer": avancer_photo}


@require_http_methods(["GET", "POST"])
def proposer(request, slug):
    boite = _boite(request, slug)
    if not peut_ecrire(boite, request.user):
        return render(request, "idees/fermee.html", {"boite": boite}, status=403)
    idee, origine = _idee_du_formulaire(request, boite)
    return _ecrire(request, idee, origine)


@demande_une_session
@require_http_methods(["GET", "POST"])
def modifier(request, pk):
    personne = personne_de(request)
    idee = get_object_or_404(Idee.objects.visibles_par(personne).select_related("boite__etape__projet"), pk=pk)
    if not peut_modifier(idee, personne):
        if peut_corriger(idee, personne):
            return redirect("idees:corriger", pk=pk)
        raise EtapeInterdite(_("Cette idée ne peut pas être modifiée maintenant. Vous pouvez la commenter."))
    if idee.cle_saisie is None:
        idee.cle_saisie = uuid.uuid4()
        idee.save(update_fields=["cle_saisie"])
    return _ecrire(request, idee)


@require_POST
def enregistrer(request, slug):
    """What a page saves by itself while somebody types; pictures wait for her to press a button."""
    boite = _boite(request, slug)
    if not est_connectee(request.user):
        return JsonResponse({"detail": _("Vous n’êtes plus connecté.")}, status=401)
    if not peut_proposer(boite, request.user):
        return JsonResponse({"detail": _("Cette boîte ne reçoit pas d’idées en ce moment.")}, status=403)
    idee, _origine = _idee_du_formulaire(request, boite)
    form = IdeeForm(request.POST, idee=idee, brouillon=True)
    entier = form.is_valid()
    if form.est_vide() and not idee.pk:
        return JsonResponse({"etat": "", "entier": entier})
    try:
        gardee = actions.rediger(
            idee,
            par=request.user,
            valeurs=form.valeurs(),
            alternatives=form.alternatives(),
            redaction=form.cleaned_data.get("redaction"),
        )
    except DejaEnvoyee as fini:
        return JsonResponse({"detail": str(fini), "url": fini.idee.get_absolute_url()}, status=409)
    except EtapeRefusee as refus:
        return JsonResponse({"detail": str(refus)}, status=refus.statut)
    return JsonResponse({"etat": _dire_l_heure(form), "entier": entier, "redaction": gardee.redaction})


def _dire_l_heure(form) -> str:
    heure = date_format(timezone.localtime(), _("G \\h i"))
    if form.is_valid():
        return _("Enregistré à %(heure)s") % {"heure": heure}
    trop = ", ".join(f"« {form[nom].label} »" for nom in form.errors if nom in form.fields)
    return _("Enregistré à %(heure)s, sauf ce qui est à corriger : %(champs)s") % {"heure": heure, "champs": trop}


# --- Which draft ----------------------------------------------------------------------------------------------------


def _boite(request, slug) -> Boite:
    visibles = Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
    return get_object_or_404(visibles, slug=slug)


def _idee_du_formulaire(request, boite):
    """(idea, key). The idea that this form has begun, or a new one; the key, when its idea is that of an account which
    is no longer signed in: the two meet again at the door."""
    personne, cle = personne_de(request), _cle(request)
    connue = Idee.objects.select_related("boite__etape__projet").filter(cle_saisie=cle).first()
    neuve = Idee(boite=boite, auteur=request.user if est_connectee(request.user) else None, cle_saisie=cle)
    if connue is not None and connue.boite_id == boite.pk and est_autrice(connue, personne):
        return connue, None
    sans_autrice = connue is not None and connue.auteur_id is None and connue.etat == Idee.Etat.BROUILLON
    if connue is None or (sans_autrice and connue.boite_id == boite.pk):
        return neuve, None  # the key finds the row, if there is one
    neuve.cle_saisie = uuid.uuid4()
    return neuve, cle


def _cle(request) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("cle_saisie", ""))
    except ValueError:
        return uuid.uuid4()


# --- The page -------------------------------------------------------------------------------------------------------


def _ecrire(request, idee, origine=None):
    """The form: shown, or what was typed sent, kept for later, or kept because it cannot be sent yet."""
    if request.method != "POST":
        form = IdeeForm(idee=idee)
        return _page(request, idee, form.relu() if "manque" in request.GET and idee.pk else form, statut=200)
    if idee.etat != Idee.Etat.BROUILLON:
        return _deja_envoyee(request, idee)
    garder = "garder" in request.POST or "geste" in request.POST
    form = IdeeForm(request.POST, request.FILES, idee=idee, brouillon=garder)
    bonne = form.is_valid()
    try:
        if bonne and not garder and est_connectee(request.user):
            return _envoyer(request, idee, form)
        if garder and form.est_vide():
            form.add_error("titre", _("Écrivez au moins quelques mots : il n’y a encore rien à garder."))
        elif bonne or garder or form.photos_lues:
            idee, form = _garder(request, idee, form, origine)
    except DejaEnvoyee as fini:
        return _deja_envoyee(request, fini.idee)
    except TexteModifie as refus:
        form.add_error(None, str(refus))
        form.repartir_de(refus.actuelle)
        return _page(request, idee, form, differences(refus.actuelle, form.valeurs()))
    except EtapeInvalide as refus:
        form.add_error(refus.champ if refus.champ in form.fields else None, str(refus))
    except (EtapeImpossible, EtapeInterdite) as refus:
        form.add_error(None, str(refus))
    return _apres_avoir_garde(request, idee, form) if form.is_valid() else _page(request, idee, form)


def _envoyer(request, idee, form):
    """Sent; or kept first, when something near exists that she has not been shown."""
    valeurs = form.valeurs()
    regarder = faut_il_regarder(request, idee, valeurs["titre"], valeurs["texte"])
    envoyee = actions.rediger(
        idee,
        par=request.user,
        valeurs=valeurs,
        photos=form.nouvelles_photos(),
        alternatives=form.alternatives(),
        envoyer=not regarder,
        redaction=form.cleaned_data["redaction"],
    )
    if regarder:
        return redirect("idees:regarder", pk=envoyee.pk)
    messages.success(request, dire_la_suite(envoyee))
    if form.endroit:
        messages.info(request, _("Sur la carte, elle est placée ici : %(lieu)s.") % {"lieu": form.endroit.libelle})
    return redirect(envoyee)


def _garder(request, idee, form, origine):
    """(draft, form): what can be kept is kept, pictures first of all, since no page can give them back."""
    personne = personne_de(request)
    if not est_connectee(personne) and not cadence.compter(
        request, "brouillon", maximum=BROUILLONS_MAX, periode=PERIODE
    ):
        raise EtapeInterdite(_("Trop d’envois depuis ce réseau. Connectez-vous, ou attendez une heure."))
    brouillon = form if form.brouillon else IdeeForm(request.POST, idee=idee, brouillon=True)
    brouillon.is_valid()  # what cannot be kept stays on the page, beside its sentence
    gardee = actions.rediger(
        idee,
        par=personne,
        valeurs=(form if form.is_valid() else brouillon).valeurs(),
        photos=form.nouvelles_photos(),
        alternatives=brouillon.alternatives(),
        redaction=brouillon.cleaned_data.get("redaction"),
    )
    if not est_connectee(personne):
        garder_pour_plus_tard(request, gardee, origine)
    _faire(request.POST.get("geste", ""), gardee, personne)
    return gardee, form.repris_de(gardee)


def _faire(geste, idee, personne) -> None:
    """A button of a picture: « enlever-12 », « avancer-12 ». Anything else only saves."""
    nom, _tiret, pk = geste.partition("-")
    if nom in GESTES and pk.isascii() and pk.isdecimal() and len(pk) < 19:
        actions.ranger_les_photos(idee, par=personne, geste=GESTES[nom], pk=int(pk))


def _apres_avoir_garde(request, idee, form):
    """Everything typed is safe: on to what comes next."""
    if "geste" in request.POST:
        return redirect(f"{reverse('idees:modifier', args=[idee.pk])}#photos")
    if not est_connectee(request.user):
        return _vers_la_porte(request, idee)
    messages.success(request, _dire_qui_voit(idee))
    return redirect(idee)


def _vers_la_porte(request, idee):
    """Without an account: what is near first, where she may send without one and has not seen it while typing."""
    if "garder" not in request.POST and peut_proposer(idee.boite, personne_de(request)):
        if faut_il_regarder(request, idee, idee.titre, idee.texte):
            return redirect("idees:regarder", pk=idee.pk)
        noter_montrees(request, idee)
    return redirect("idees:suite", pk=idee.pk)


def _deja_envoyee(request, idee):
    """The same form again: a double click, a retry, an old tab. Its idea is the answer; other words are given back."""
    dits = {"titre": idee.titre, "texte": idee.texte}
    if any((request.POST.get(nom) or mots).split() != mots.split() for nom, mots in dits.items()):
        raise EtapeImpossible(
            _(
                "Cette idée est déjà envoyée : ce que vous venez de changer n’est pas enregistré. Corrigez-la sur sa page."
            ),
            retour=idee.get_absolute_url(),
        )
    messages.info(request, _("Cette idée est déjà envoyée."))
    return redirect(idee)


def _page(request, idee, form, conflit=(), statut=422):
    """`statut` when something is to be mended: 200 where nothing has been sent yet."""
    connectee = est_connectee(request.user)
    # A co-author works on the draft where it is: the form of the box makes drafts of its own.
    chez_elle = idee.pk is None or est_autrice(idee, personne_de(request))
    contexte = {
        "form": form,
        "boite": idee.boite,
        "idee": idee,
        "nouvelle": idee.pk is None,
        "connectee": connectee,
        "conflit": conflit,
        "peut_envoyer": chez_elle,
        "url_envoi": reverse("idees:proposer_dans", args=[idee.boite.slug]) if chez_elle else "",
        "url_enregistrer": reverse("idees:enregistrer", args=[idee.boite.slug]) if connectee and chez_elle else "",
        "proprietaire": _proprietaire(request.user),
        "fil": [debut_du_fil(), {"texte": _("Proposer une idée")}],
    }
    return render(request, "idees/ecrire.html", contexte, status=statut if form.errors else 200)


def _proprietaire(personne) -> str:
    """Whose the copy kept by the browser is: tells accounts apart there, and says nothing of who they are."""
    if not est_connectee(personne):
        return ""
    return salted_hmac("idees.brouillon", str(personne.pk), algorithm="sha256").hexdigest()[:16]


def dire_la_suite(idee) -> str:
    if idee.etat == Idee.Etat.A_MODERER:
        return _(
            "Merci ! Votre idée est bien reçue. Une personne la relit, puis elle sera publiée. Vous recevrez un courriel."
        )
    return _("Merci ! Votre idée est publiée. Partagez-la autour de vous pour réunir des soutiens.")


def _dire_qui_voit(idee) -> str:
    if idee.equipe():
        return _("Votre brouillon est gardé. Vous et vos co-auteurs le voyez, personne d’autre.")
    return _("Votre brouillon est gardé. Vous seul le voyez.")
