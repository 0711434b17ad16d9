"""One idea: its page, its supports, its pictures."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from idees import actions
from idees.depositaires import personne_de
from idees.models import Fusion, Idee
from idees.permissions import peut_modifier, peut_ouvrir_un_projet, peut_soutenir
from idees.permissions_fusion import peut_reunir
from idees.views.fil import debut_du_fil
from reponses.models import Reponse
from socle.permissions import est_connectee
from timeline.etapes import transitions_ouvertes
from timeline.models import Entree

FRISE_MAX = 50  # entries on the page of an idea


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
    entrees = (
        Entree.objects.autour(idee, *reponses, *Fusion.objects.autour(idee)).visibles_par(request.user).pour_affichage()
    )
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
        "peut_reunir": peut_reunir(idee, personne_de(request)),
        "fil": [debut_du_fil(), {"texte": idee.titre}],
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
