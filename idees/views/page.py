"""One idea: its page, its supports, its pictures."""

from functools import cache

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from idees import actions
from idees.depositaires import personne_de
from idees.ensemble import origine_de
from idees.forms import SoutenirForm
from idees.groupes import groupe_de
from idees.liste import avec_image
from idees.models import Depot, Fusion, Idee, IdeeDeCommunaute, ProvenanceIdee, Version
from idees.permissions import (
    est_autrice,
    est_de_l_equipe,
    peut_corriger,
    peut_effacer,
    peut_modifier,
    peut_ouvrir_un_projet,
    peut_soutenir,
)
from idees.permissions_ensemble import ETATS_DU_GROUPE, peut_fonder_un_groupe
from idees.permissions_fusion import peut_reunir
from idees.views.fil import debut_du_fil
from notifications.abonnements import facon_suivie_par
from reponses.models import Merci, Reponse
from reponses.realisation import realisation_de
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, transitions_ouvertes
from timeline.models import Entree

FRISE_MAX = 50  # entries on the page of an idea


@require_GET
def detail(request, pk):
    personne = personne_de(request)
    idee = get_object_or_404(_pour_la_page(personne), pk=pk)
    contexte = _contexte_de(request, idee, personne)
    reponse = render(request, "idees/_suivi.html" if request.htmx else "idees/detail.html", contexte)
    if contexte["est_autrice"]:
        patch_cache_control(reponse, no_store=True, private=True)
    return reponse


@cache
def _ce_qui_l_entoure(type_idee: int) -> dict[str, Exists]:
    """Of the outer idea: questions that are the same for everybody, written once."""
    return {
        "a_des_fusions": Exists(Fusion.objects.autour(OuterRef("pk"))),
        "a_des_rejointes": Exists(Idee.objects.filter(fusionnee_dans=OuterRef("pk"))),
        "a_des_reponses": Exists(Reponse.objects.filter(cible_type=type_idee, cible_id=OuterRef("pk"))),
        "a_des_versions": Exists(Version.objects.filter(idee=OuterRef("pk"))),
        "a_une_origine": Exists(IdeeDeCommunaute.objects.filter(idee=OuterRef("pk"))),
    }


def _pour_la_page(personne):
    """Everything a card shows, and what there is beside it: the page asks nothing for what most ideas do not have."""
    idees = avec_image(Idee.objects.visibles_par(personne)).pour_cartes(personne)
    idees = idees.annotate(**_ce_qui_l_entoure(ContentType.objects.get_for_model(Idee).pk))
    idees = idees.select_related("groupe_de_travail")
    if not est_connectee(personne):
        return idees
    return idees.annotate(facon_suivie=facon_suivie_par(personne, Idee))


def _contexte_de(request, idee, personne) -> dict:
    reponses = _reponses_a(idee, personne) if idee.a_des_reponses else []
    fusions = list(Fusion.objects.autour(idee).pour_phrase()) if idee.a_des_fusions else []
    publiees = [r for r in reponses if r.etat == Reponse.Etat.PUBLIEE]
    origine = next((r for r in publiees if r.corrige_id is None), None)
    realisation = realisation_de(origine) if origine else None
    groupe = groupe_de(idee, personne) if hasattr(idee, "groupe_de_travail") else None
    connues = [idee, *reponses, *fusions, *([groupe] if groupe else [])]
    entrees = Entree.objects.autour_lues_par(personne, *connues)
    return {
        "idee": idee,
        "point": [{"lat": idee.latitude, "lon": idee.longitude, "titre": idee.titre, "etat": idee.etat}],
        "photos": list(idee.photos.all()) if idee.premiere_photo else [],
        "soutien": _bascule_soutien(idee, personne),
        "entrees": entrees.order_by("-survenu_le", "-pk")[:FRISE_MAX].montrees_avec(*connues),
        "fusions": fusions,
        "provenance": _provenance_de(idee),
        "origine": origine_de(idee, personne) if idee.a_une_origine else None,
        "groupe": groupe,
        "peut_fonder_un_groupe": _peut_fonder_un_groupe(idee, personne),
        "reponse": origine,
        "realisation": realisation,
        "merci": Merci.objects.sur(idee).first() if idee.etat == Idee.Etat.REALISEE else None,
        "correction": next((r for r in reversed(publiees) if r.corrige_id), None),
        "dossier": next((r for r in reponses if r.etat != Reponse.Etat.PUBLIEE), None),
        "etapes": transitions_ouvertes(idee, personne),
        "pourquoi_pas": idee.pourquoi_pas(personne),
        "est_autrice": est_autrice(idee, personne),
        "est_de_l_equipe": est_de_l_equipe(idee, personne),
        "peut_modifier": peut_modifier(idee, personne),
        "peut_effacer": peut_effacer(idee, personne),
        "peut_corriger": peut_corriger(idee, personne),
        "equipe_peut_agir": _equipe_peut_agir(idee, personne),
        "derniere_version": idee.versions.first() if idee.a_des_versions else None,
        "retrait": entrees.pour_affichage().filter(type="idees.retirer").first()
        if idee.etat == Idee.Etat.RETIREE
        else None,
        "peut_repondre": idee.peut_etre_instruite_par(personne) and idee.etat == Idee.Etat.EN_ETUDE and not reponses,
        "peut_ouvrir_un_projet": peut_ouvrir_un_projet(idee, personne),
        "peut_reunir": peut_reunir(idee, personne),
        "fil": [debut_du_fil(), {"texte": str(idee), "ecrit": True}],
        "voit_le_depot": _voit_le_depot(idee, personne),
        # The flux knows accounts: what somebody holds without one is refused there, again and again.
        "url_flux": f"/ws/flux/idees.idee/{idee.pk}/" if est_connectee(personne) or idee.est_lisible else "",
    }


def _equipe_peut_agir(idee, personne) -> bool:
    """Has whoever writes it something to do with it, as far as `_agir_equipe.html` goes?"""
    if not est_de_l_equipe(idee, personne):
        return False
    ensemble = est_connectee(personne) and (idee.accueille_des_coautrices() or bool(idee.equipe()))
    return ensemble or peut_corriger(idee, personne)


def _reponses_a(idee, personne) -> list[Reponse]:
    reponses = list(Reponse.objects.sur(idee).visibles_par(personne).select_related("corrige").order_by("pk"))
    for reponse in reponses:
        reponse.cible = idee  # known: their sentences name it
    return reponses


def _peut_fonder_un_groupe(idee, personne) -> bool:
    """Asked of its state first: most ideas are not at that point, and cost nothing."""
    return idee.etat in ETATS_DU_GROUPE and est_connectee(personne) and peut_fonder_un_groupe(idee, personne)


def _voit_le_depot(idee, personne) -> bool:
    """Asked only of an idea that came without an account, which its card already says."""
    return hasattr(idee, "depot") and Depot.objects.visibles_par(personne).filter(idee=idee.pk).exists()


def _provenance_de(idee):
    """Where an idea of another platform comes from; None, and no query, for those of this site."""
    return ProvenanceIdee.objects.select_related("importation").get(idee=idee) if idee.repris_de else None


def _bascule_soutien(idee, personne) -> dict:
    """What the support button says and does, for `idees/_soutien.html`."""
    bloque = ""
    if est_de_l_equipe(idee, personne) and idee.soutien_ouvert():
        bloque = _("C’est votre idée")
    elif not est_connectee(personne):
        bloque = "connexion" if idee.soutien_ouvert() else ""
    elif not peut_soutenir(idee, personne):
        bloque = _("Les soutiens sont clos")
    return {"actif": idee.est_soutenue, "bloque": bloque, "ouvert": idee.soutien_ouvert()}


@login_required
@require_POST
def soutien(request, pk):
    """One click gives a support, the next takes it back. `action` says which, so that a double click does nothing twice."""
    idee = get_object_or_404(Idee.objects.visibles_par(request.user).select_related("boite__etape__projet"), pk=pk)
    action = request.POST.get("action")
    if action not in {"donner", "reprendre"}:
        raise EtapeInvalide(_("Dites s’il faut soutenir ou retirer votre soutien."), retour=idee.get_absolute_url())
    if action == "reprendre":
        actions.ne_plus_soutenir(idee, par=request.user)
    else:
        form = SoutenirForm(request.POST)
        actions.soutenir(idee, par=request.user, redaction=form.cleaned_data["redaction"] if form.is_valid() else None)
    if request.htmx:
        relue = Idee.objects.visibles_par(request.user).pour_liste(request.user).get(pk=pk)
        return render(request, "idees/_soutien.html", {"idee": relue, "soutien": _bascule_soutien(relue, request.user)})
    return redirect(idee)


@require_GET
def photo(request, pk, photo_pk, taille):
    """A picture is read through the rights of its idea, each time."""
    if taille not in {"grande", "vignette"}:
        raise Http404
    idee = get_object_or_404(Idee.objects.visibles_par(personne_de(request)), pk=pk)
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
