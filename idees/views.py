from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from idees import actions
from idees.forms import BoiteForm, IdeeForm, ProjetDepuisIdeeForm
from idees.liste import chercher, filtres, page_de_cartes
from idees.models import Boite, Idee
from idees.permissions import peut_modifier, peut_ouvrir_un_projet, peut_proposer, peut_regler, peut_soutenir
from reponses.models import Reponse
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, transitions_ouvertes
from timeline.models import Entree

FRISE_MAX = 50  # entries on the page of an idea
POINTS_MAX = 1000  # on one map


@require_GET
def liste(request):
    choix = filtres(request.GET, request.user)
    contexte = {
        "champs": choix,
        "page": page_de_cartes(chercher(request.user, choix), request.user, request.GET.get("page")),
    }
    return render(request, "idees/_liste.html" if request.htmx else "idees/liste.html", contexte)


@require_GET
def points(request):
    """The ideas of the list that have a place, for its map."""
    trouvees = chercher(request.user, filtres(request.GET, request.user)).filter(latitude__isnull=False)
    lignes = trouvees.values_list("pk", "titre", "etat", "latitude", "longitude")[:POINTS_MAX]
    resultat = [
        {"lat": lat, "lon": lon, "titre": titre, "etat": etat, "url": reverse("idees:detail", args=[pk])}
        for pk, titre, etat, lat, lon in lignes
    ]
    return JsonResponse(resultat, safe=False)


@require_GET
def boite(request, slug):
    trouvee = get_object_or_404(
        Boite.objects.visibles_par(request.user).select_related("etape__projet", "service"), slug=slug
    )
    idees = Idee.objects.visibles_par(request.user).publiees().filter(boite=trouvee).order_by("-publiee_le", "-pk")
    contexte = {
        "boite": trouvee,
        "page": page_de_cartes(idees, request.user, request.GET.get("page")),
        "peut_regler": peut_regler(trouvee, request.user),
        "fil": [_fil_des_idees(), {"texte": trouvee.titre}],
    }
    return render(request, "idees/boite.html", contexte)


def _fil_des_idees() -> dict:
    return {"texte": _("Les idées"), "url": reverse("idees:liste")}


@require_GET
def choisir_boite(request):
    """Where to bring an idea: straight to the form when there is only one open box."""
    ouvertes = [
        b
        for b in Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
        if b.est_ouverte
    ]
    if len(ouvertes) == 1:
        return redirect("idees:proposer_dans", slug=ouvertes[0].slug)
    return render(
        request, "idees/choisir_boite.html", {"boites": ouvertes, "fil": [_fil_des_idees(), {"texte": _("Proposer")}]}
    )


@login_required
@require_http_methods(["GET", "POST"])
def proposer(request, slug):
    trouvee = get_object_or_404(
        Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire"), slug=slug
    )
    if not peut_proposer(trouvee, request.user):
        return render(request, "idees/fermee.html", {"boite": trouvee}, status=403)
    return _ecrire(request, Idee(boite=trouvee, auteur=request.user), nouvelle=True)


@login_required
@require_http_methods(["GET", "POST"])
def modifier(request, pk):
    idee = get_object_or_404(Idee.objects.visibles_par(request.user).select_related("boite__etape__projet"), pk=pk)
    if not peut_modifier(idee, request.user):
        raise EtapeInterdite(_("Une idée envoyée ne change plus. Vous pouvez la commenter."))
    return _ecrire(request, idee, nouvelle=False)


def _ecrire(request, idee, *, nouvelle):
    """The form of an idea, new or draft: sent, or kept for later."""
    form = IdeeForm(request.POST or None, request.FILES or None, idee=None if nouvelle else idee)
    if request.method == "POST" and form.is_valid():
        envoyer = "garder" not in request.POST
        try:
            idee = actions.rediger(
                idee,
                par=request.user,
                valeurs=form.valeurs(),
                photo=form.cleaned_data["photo"],
                alternative=form.cleaned_data["alternative"],
                envoyer=envoyer,
            )
        except (EtapeImpossible, EtapeInterdite) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, _dire_la_suite(idee) if envoyer else _("Votre brouillon est gardé. Vous seul le voyez.")
            )
            return redirect(idee)
    gardee = idee.photos.first() if idee.pk else None
    photo_actuelle = reverse("idees:photo", args=[idee.pk, gardee.pk, "vignette"]) if gardee else ""
    contexte = {"form": form, "boite": idee.boite, "idee": idee, "nouvelle": nouvelle, "photo_actuelle": photo_actuelle}
    contexte["fil"] = [_fil_des_idees(), {"texte": _("Proposer une idée")}]
    return render(request, "idees/ecrire.html", contexte, status=422 if form.errors else 200)


def _dire_la_suite(idee) -> str:
    if idee.etat == Idee.Etat.A_MODERER:
        return _(
            "Merci ! Votre idée est bien reçue. Une personne la relit, puis elle sera publiée. Vous recevrez un courriel."
        )
    return _("Merci ! Votre idée est publiée. Partagez-la autour de vous pour réunir des soutiens.")


@require_GET
def detail(request, pk):
    idee = get_object_or_404(Idee.objects.visibles_par(request.user).pour_liste(request.user), pk=pk)
    contexte = _contexte_de(request, idee)
    if request.htmx:
        return render(request, "idees/_suivi.html", contexte)
    return render(request, "idees/detail.html", contexte)


def _contexte_de(request, idee) -> dict:
    reponses = list(
        Reponse.objects.sur(idee)
        .visibles_par(request.user)
        .prefetch_related("jalons")
        .select_related("corrige")
        .order_by("pk")
    )
    publiees = [r for r in reponses if r.etat == Reponse.Etat.PUBLIEE]
    origine = next((r for r in publiees if r.corrige_id is None), None)
    if origine:
        origine.suivi = list(origine.jalons.all())
    entrees = Entree.objects.autour(idee, *reponses).visibles_par(request.user).pour_affichage()
    return {
        "idee": idee,
        "point": [{"lat": idee.latitude, "lon": idee.longitude, "titre": idee.titre, "etat": idee.etat}],
        "photos": list(idee.photos.all()),
        "soutien": _bascule_soutien(request, idee),
        "entrees": entrees.order_by("-le", "-pk")[:FRISE_MAX],
        "reponse": origine,
        "correction": next((r for r in reversed(publiees) if r.corrige_id), None),
        "dossier": next((r for r in reponses if r.etat != Reponse.Etat.PUBLIEE), None),
        "etapes": transitions_ouvertes(idee, request.user),
        "peut_modifier": peut_modifier(idee, request.user),
        "peut_repondre": idee.peut_etre_instruite_par(request.user)
        and idee.etat == Idee.Etat.EN_ETUDE
        and not reponses,
        "peut_ouvrir_un_projet": peut_ouvrir_un_projet(idee, request.user),
        "fil": [_fil_des_idees(), {"texte": idee.titre}],
        "url_flux": f"/ws/flux/idees.idee/{idee.pk}/",
    }


def _bascule_soutien(request, idee) -> dict:
    """What the support button says and does, for `idees/_soutien.html`."""
    bloque = ""
    if not est_connectee(request.user):
        bloque = "connexion" if idee.soutien_ouvert() else ""
    elif not peut_soutenir(idee, request.user):
        bloque = (
            _("C’est votre idée")
            if idee.auteur_id == request.user.pk and idee.soutien_ouvert()
            else _("Les soutiens sont clos")
        )
    return {"actif": idee.est_soutenue, "bloque": bloque, "ouvert": idee.soutien_ouvert()}


@login_required
@require_POST
def soutien(request, pk):
    """One click gives a support, the next takes it back. `action` says which, so that a double click does nothing twice."""
    idee = get_object_or_404(Idee.objects.visibles_par(request.user).select_related("boite__etape__projet"), pk=pk)
    if request.POST.get("action") == "reprendre":
        actions.ne_plus_soutenir(idee, par=request.user)
    else:
        actions.soutenir(idee, par=request.user)
    if request.htmx:
        relue = Idee.objects.visibles_par(request.user).pour_liste(request.user).get(pk=pk)
        return render(request, "idees/_soutien.html", {"idee": relue, "soutien": _bascule_soutien(request, relue)})
    return redirect(idee)


@require_GET
def photo(request, pk, photo_pk, taille):
    """A picture is read through the rights of its idea, each time."""
    if taille not in {"grande", "vignette"}:
        raise Http404
    idee = get_object_or_404(Idee.objects.visibles_par(request.user), pk=pk)
    trouvee = get_object_or_404(idee.photos, pk=photo_pk)
    fichier = trouvee.vignette if taille == "vignette" else trouvee.fichier
    try:
        contenu = fichier.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    reponse = FileResponse(contenu, content_type="image/webp")
    reponse.headers["Cache-Control"] = "private, max-age=3600" if idee.est_lisible else "private, no-store"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse


@login_required
@require_http_methods(["GET", "POST"])
def ouvrir_projet(request, pk):
    """From an accepted idea to its projet: the frame is asked here, the rest is kept."""
    idee = get_object_or_404(
        Idee.objects.visibles_par(request.user).select_related("projet", "territoire", "thematique"), pk=pk
    )
    if idee.projet_ouvert_id:
        raise EtapeImpossible(_("Un projet est déjà ouvert à partir de cette idée."))
    if not peut_ouvrir_un_projet(idee, request.user):
        raise EtapeInterdite(_("Un projet s’ouvre à partir d’une idée retenue, par un agent."))
    form = ProjetDepuisIdeeForm(request.POST or None, idee=idee, par=request.user)
    if request.method == "POST" and form.is_valid():
        projet = actions.ouvrir_un_projet(idee, par=request.user, cadre=dict(form.cleaned_data))
        messages.success(
            request, _("Le projet est ouvert. L’auteur et les personnes qui soutiennent l’idée sont prévenus.")
        )
        return redirect(projet)
    contexte = {
        "form": form,
        "idee": idee,
        "fil": [
            _fil_des_idees(),
            {"texte": idee.titre, "url": idee.get_absolute_url()},
            {"texte": _("Ouvrir un projet")},
        ],
    }
    return render(request, "idees/ouvrir_projet.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def regler_boite(request, slug=None):
    """Create a box or change its rules: agents only, and every change is told."""
    boite = get_object_or_404(Boite.objects.visibles_par(request.user), slug=slug) if slug else None
    if not peut_regler(boite, request.user):
        raise PermissionDenied
    with translation.override(settings.LANGUAGE_CODE):  # the journal speaks one language, whoever writes in it
        anciennes = boite.regles_en_clair() if boite else ""
    form = BoiteForm(request.POST or None, instance=boite)
    if request.method == "POST" and form.is_valid():
        nouvelle = form.save(commit=False)
        if boite is None:
            nouvelle.slug = actions.slug_libre(nouvelle.titre, Boite)
        actions.regler(nouvelle, par=request.user, anciennes=anciennes)
        messages.success(request, _("La boîte à idées est enregistrée."))
        return redirect(nouvelle)
    contexte = {"form": form, "boite": boite, "fil": [_fil_des_idees(), {"texte": _("Régler une boîte à idées")}]}
    return render(request, "idees/regler_boite.html", contexte, status=422 if form.errors else 200)
