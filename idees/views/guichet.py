"""What agents do for people without an account: write an idea down, give a new secret, send letters."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from idees import depots, lettres
from idees.avant_envoi import reste_a_voir
from idees.forms import GuichetForm, IdeeAuGuichetForm, SecretForm
from idees.models import Boite, Depot
from idees.permissions import peut_refaire_le_secret, peut_saisir
from idees.views.depots import montrer_le_recu, sans_trace
from idees.views.semblables import voisinage
from reponses.sceau import sceau
from socle import qr
from timeline.etapes import EtapeImpossible, EtapeInterdite

PAR_PAGE = 30


def equipe_requise(vue):
    """Signed in, and an agent: 403 for the others, who may know that the desk exists."""

    @sans_trace
    @login_required
    @wraps(vue)
    def gardee(request, *args, **kwargs):
        if not request.user.est_agent:
            raise PermissionDenied(_("Cette page est réservée à l’équipe du dialogue citoyen."))
        return vue(request, *args, **kwargs)

    return gardee


def _fil(*suite) -> list[dict]:
    return [{"texte": _("Bureau de l’équipe"), "url": reverse("portail:bureau_agent")}, *suite]


@sensitive_post_parameters("jeton", "courriel", "adresse_postale")
@require_http_methods(["GET", "POST"])
@equipe_requise
def saisir(request):
    """Write down the idea of somebody who is here, on the line, or in a letter."""
    ouvertes = Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
    boites = [boite for boite in ouvertes if peut_saisir(boite, request.user)]
    donnees = request.POST or None
    personne = GuichetForm(donnees, pour=None, boites=boites)
    idee = IdeeAuGuichetForm(donnees, request.FILES or None)
    statut, proches = 422, {}
    if request.method == "POST" and all([personne.is_valid(), idee.is_valid()]):
        if reste_a_voir(request, *_mots(idee)) and not depots.est_deja_la(personne.objet):
            proches = voisinage(request.user, *_mots(idee))
        else:
            try:
                return _enregistrer(request, personne, idee)
            except (EtapeImpossible, EtapeInterdite) as refus:
                personne.add_error(None, str(refus))
                statut = refus.statut
    fautes = bool(personne.errors or idee.errors)
    contexte = proches | {
        "personne": personne,
        "form": idee,
        "boites": boites,
        "fil": _fil({"texte": _("Saisir une idée pour quelqu’un")}),
    }
    return render(request, "idees/depots/saisir.html", contexte, status=statut if fautes else 200)


def _mots(idee) -> tuple[str, str]:
    return idee.cleaned_data["titre"], idee.cleaned_data["texte"]


def _enregistrer(request, personne, idee):
    depot = depots.saisir(
        personne.cleaned_data["boite"],
        par=request.user,
        valeurs=idee.valeurs(),
        photos=idee.nouvelles_photos(),
        **personne.valeurs(),
    )
    return montrer_le_recu(request, depot, personne.mot)


# --- One deposit -------------------------------------------------------------------------------------------------


def _depot_visible(request, pk) -> Depot:
    visibles = Depot.objects.visibles_par(request.user).select_related("idee__boite", "saisi_par")
    return get_object_or_404(visibles, idee__pk=pk)


@require_GET
@equipe_requise
def depot(request, pk):
    """Contact, secret and letters of one idea without an account."""
    trouve = _depot_visible(request, pk)
    contexte = {
        "depot": trouve,
        "idee": trouve.idee,
        "courriers": lettres.courriers(Depot.objects.filter(pk=trouve.pk)),
        "form": SecretForm(pour=trouve.numero) if peut_refaire_le_secret(trouve, request.user) else None,
        "fil": _fil(
            {"texte": trouve.idee.titre, "ecrit": True, "url": trouve.idee.get_absolute_url()}, {"texte": _("Dépôt")}
        ),
    }
    return render(request, "idees/depots/depot.html", contexte)


@sensitive_post_parameters("jeton")
@require_POST
@equipe_requise
def refaire_le_secret(request, pk):
    trouve = _depot_visible(request, pk)
    form = SecretForm(request.POST, pour=trouve.numero)
    if not form.is_valid():
        messages.error(request, _("La page était ouverte depuis trop longtemps. Recommencez."))
        return redirect("idees:depot", pk=trouve.numero)
    return montrer_le_recu(request, depots.refaire_le_secret(trouve, par=request.user, mot=form.mot), form.mot)


# --- Letters -----------------------------------------------------------------------------------------------------


@require_GET
@equipe_requise
def lettres_a_envoyer(request):
    page = Paginator(lettres.a_envoyer(), PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "idees/depots/lettres.html", {"page": page, "fil": _fil({"texte": _("Lettres à envoyer")})})


@require_http_methods(["GET", "POST"])
@equipe_requise
def lettre(request, pk, genre, reponse_pk=None):
    """GET: the page to print. POST: it has left."""
    depots_visibles = Depot.objects.visibles_par(request.user).filter(idee__pk=pk).exclude(adresse_postale="")
    courrier = next(
        (c for c in lettres.courriers(depots_visibles) if (c.genre, c.numero) == (genre, reponse_pk)),
        None,
    )
    if courrier is None:
        raise Http404
    if request.method == "POST":
        lettres.marquer_envoyee(courrier, par=request.user)
        messages.success(request, _("C’est noté : la lettre est envoyée."))
        return redirect("idees:lettres")
    return render(request, "idees/depots/lettre.html", _contexte_de_lettre(courrier))


def _contexte_de_lettre(courrier) -> dict:
    """What the page prints beside the words of the answer: where it can be read and checked."""
    idee, reponse = courrier.depot.idee, courrier.reponse
    if reponse is not None:
        adresse = f"{settings.ADRESSE}{reponse.get_absolute_url()}"
        dessin = qr.dessiner(adresse, _("Code QR : lire cette réponse sur le site"))
    else:
        adresse = f"{settings.ADRESSE}{reverse('idees:suivre')}"
        dessin = qr.dessiner(f"{adresse}?numero={idee.pk}", _("Code QR : ouvrir la page de suivi"))
    return {
        "courrier": courrier,
        "depot": courrier.depot,
        "idee": idee,
        "reponse": reponse,
        "sceau": sceau(reponse) if reponse is not None else "",
        "nb_soutiens": idee.soutiens.count(),
        "adresse": adresse,
        "qr": dessin,
        "aujourdhui": timezone.localdate(),
        "fil": _fil({"texte": _("Lettres à envoyer"), "url": reverse("idees:lettres")}, {"texte": _("Lettre")}),
    }
