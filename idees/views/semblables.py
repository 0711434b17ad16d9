"""What already exists, shown while somebody writes and once before she sends; what she may do with it."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from commentaires import fil as discussion
from idees import actions, avant_envoi, brouillons
from idees.depositaires import personne_de
from idees.models import Idee
from idees.permissions import est_autrice, peut_soutenir
from idees.semblables import Proche, deja_repondues, semblables
from idees.views.ecrire import dire_la_suite
from idees.views.fil import debut_du_fil
from reponses.models import Reponse
from socle import cadence, mots
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, TropVite, franchir

#: Questions that one network may ask in a minute: several people typing at once, and no more.
QUESTIONS_MAX, PERIODE = 120, 60
REPONSES_MONTREES = 2  # answered ideas shown below the five, when they are not among them


@dataclass(frozen=True)
class Voisine:
    """A near idea as `idees/_semblables.html` shows it to one person."""

    idee: Idee
    extrait: SafeString
    reponse: Reponse | None
    soutenable: bool
    discutable: bool


@require_http_methods(["GET", "POST"])
def liste(request):
    """The near ideas of what is typed: the fragment for the form, or a page of its own."""
    if not cadence.compter(request, "semblables", maximum=QUESTIONS_MAX, periode=PERIODE):
        if request.htmx:
            return HttpResponse(status=204)  # the list stays as it is: nobody is scolded for typing fast
        raise TropVite(_("Beaucoup de recherches sont venues de votre connexion. Attendez une minute."))
    saisie = request.POST if request.method == "POST" else request.GET
    titre, texte = (saisie.get(nom, "")[: mots.LONGUEUR_MAX] for nom in ("titre", "texte"))
    contexte = voisinage(personne_de(request), titre, texte, sauf=_sauf(saisie.get("sauf", "")))
    if request.htmx:
        contexte["pour_autrui"] = "pour_autrui" in saisie
        return render(request, "idees/_semblables.html", contexte)
    contexte |= {
        "valeurs": {"titre": titre, "texte": texte},
        "fil": [debut_du_fil(), {"texte": _("Cette idée existe-t-elle déjà ?")}],
    }
    return render(request, "idees/semblables.html", contexte)


def _sauf(pk: str) -> Idee | None:
    return Idee(pk=int(pk)) if pk.isascii() and pk.isdecimal() and len(pk) < 19 else None


def voisinage(personne, titre: str, texte: str, sauf=None) -> dict:
    """What `idees/_semblables.html` shows: the near ideas, then the answers already given to others."""
    proches = _assez_proches(semblables(titre, texte, personne, sauf))
    ailleurs = {proche.idee.pk for proche in proches}
    repondues = [p for p in _assez_proches(deja_repondues(titre, texte, personne, sauf)) if p.idee.pk not in ailleurs]
    montrees = [*proches, *repondues[:REPONSES_MONTREES]]
    vues = _voisines(montrees, personne, f"{titre} {texte}")
    return {
        "demandee": bool(f"{titre}{texte}".strip()),
        "proches": vues[: len(proches)],
        "repondues": vues[len(proches) :],
    }


def _assez_proches(proches: list[Proche]) -> list[Proche]:
    return [proche for proche in proches if proche.est_proche]


def _voisines(proches, personne, cherche: str) -> list[Voisine]:
    publiees = Prefetch("reponses", Reponse.objects.publiees().order_by("-pk"))
    choisies = Idee.objects.filter(pk__in=[proche.idee.pk for proche in proches])
    idees = {idee.pk: idee for idee in choisies.pour_liste(personne).prefetch_related(publiees)}
    return [
        Voisine(
            idee=idee,
            extrait=mots.extrait(idee.texte, cherche),
            reponse=next(iter(idee.reponses.all()), None),
            soutenable=not idee.est_soutenue and _est_soutenable(idee, personne),
            discutable=idee.discussion_ouverte(),
        )
        for proche in proches
        if (idee := idees.get(proche.idee.pk))
    ]


def _est_soutenable(idee, personne) -> bool:
    """By this person, or by her once she has signed in."""
    return peut_soutenir(idee, personne) if est_connectee(personne) else idee.soutien_ouvert()


def _publique(request, pk, requete=None) -> Idee:
    """An idea that can be joined: one that everybody may read."""
    idees = Idee.objects.visibles_par(personne_de(request)).publiees().exclude(etat=Idee.Etat.FUSIONNEE)
    return get_object_or_404(requete(idees) if requete else idees.select_related("boite__etape__projet"), pk=pk)


def _aller(request, adresse: str):
    """To another page, also from a button that htmx speaks for."""
    return HttpResponseClientRedirect(adresse) if request.htmx else redirect(adresse)


@require_http_methods(["GET", "POST"])
def rejoindre(request, pk):
    """« C'est la même, je la soutiens », then what to do with the words that were typed. Through the door if need be."""
    idee = _publique(request, pk)
    if request.method == "POST":
        avant_envoi.mettre_de_cote(request)
        if not est_connectee(request.user):
            return _aller(request, redirect_to_login(reverse("idees:rejoindre", args=[pk])).url)
        actions.soutenir(idee, par=request.user)
        return _aller(request, reverse("idees:rejoindre", args=[pk]))
    idee = _publique(request, pk, lambda idees: idees.pour_liste(request.user))
    contexte = {
        "idee": idee,
        "peut_soutenir": _est_soutenable(idee, request.user),
        "mise": avant_envoi.mise_de_cote(request),
        "fil": [
            debut_du_fil(),
            {"texte": idee.titre, "ecrit": True, "url": idee.get_absolute_url()},
            {"texte": _("Soutenir")},
        ],
    }
    return render(request, "idees/rejoindre.html", contexte)


@require_POST
def jeter(request, pk):
    """The words that were typed are let go, with the draft that was already saved: nobody else ever saw it."""
    idee, mise = _publique(request, pk), avant_envoi.mise_de_cote(request)
    if mise and mise["brouillon"]:
        brouillons.jeter(mise["brouillon"], par=request.user)
    avant_envoi.oublier(request)
    messages.success(request, _("Votre texte est effacé. Votre soutien compte."))
    return redirect(idee)


@require_POST
def completer(request, pk):
    """« Je complète » : her words wait in the discussion of that idea, as a comment that she still has to send."""
    idee = _publique(request, pk)
    titre, texte = (request.POST.get(nom, "").strip() for nom in ("titre", "texte"))
    avant_envoi.mettre_de_cote(request)
    discussion.garder(request, idee, {"texte": "\n\n".join(filter(None, (titre, texte)))})
    return _aller(request, f"{idee.get_absolute_url()}#commentaires-ecrire")


@require_http_methods(["GET", "POST"])
def regarder(request, pk):
    """« Avant d'envoyer, regardez »: shown once, never in the way."""
    personne = personne_de(request)
    idee = get_object_or_404(Idee.objects.visibles_par(personne).select_related("boite__etape__projet"), pk=pk)
    if not est_autrice(idee, personne):
        raise Http404
    if idee.etat != Idee.Etat.BROUILLON:
        return redirect(idee)
    if request.method == "POST":
        if not est_connectee(personne):
            return redirect("idees:suite", pk=pk)
        try:
            franchir(idee.soumettre, par=personne)
        except EtapeInvalide:
            return redirect(idee.adresse_pour_corriger("soumettre"))
        idee.refresh_from_db()
        messages.success(request, dire_la_suite(idee))
        return redirect(idee)
    avant_envoi.noter_montrees(request, idee)
    contexte = voisinage(personne, idee.titre, idee.texte, sauf=idee) | {
        "idee": idee,
        "connectee": est_connectee(personne),
        "valeurs": {
            "titre": idee.titre,
            "texte": idee.texte,
            "brouillon": str(idee.pk),
            "boite": idee.boite.slug,
        },
        "fil": [debut_du_fil(), {"texte": _("Avant d’envoyer")}],
    }
    return render(request, "idees/regarder.html", contexte)
