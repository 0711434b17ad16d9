from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reponses import actions, presence
from reponses.chiffres import compter
from reponses.dossier import chemin_du_dossier, differences, dossier, echeance_de
from reponses.forms import AnnulerForm, AvisForm, JalonForm, ReponseForm
from reponses.liste import avec_filtres, chercher, chercher_les_attendues, filtres, filtres_des_attendues
from reponses.modeles import depart
from reponses.models import Avis, Jalon, Reponse
from reponses.permissions import (
    peut_corriger,
    peut_instruire,
    peut_lire_le_dossier,
    peut_rediger,
    peut_rendre_avis,
    peut_suivre,
)
from reponses.realisation import realisation_de
from reponses.regles import pose_une_question
from reponses.views_mediation import autour
from reponses.views_modeles import modele_choisi, modeles_proposes
from timeline.etapes import EtapeImpossible, raison, transitions_ouvertes

PAR_PAGE = 20
SORTIES = ("atom", "donnees_csv", "donnees_json")  # the list, elsewhere
FIL_MAX = 50  # entries of a file


@require_GET
def liste(request):
    choix = filtres(request.GET)
    sorties = {f"url_{nom}": avec_filtres(reverse(f"reponses:{nom}"), choix) for nom in SORTIES}
    return _rendre_la_liste(request, "liste", choix, chercher(choix), licence=settings.LICENCE_DES_DONNEES, **sorties)


@require_GET
def attendues(request):
    """What is still owed, the latest first: nobody has to look for it."""
    choix = filtres_des_attendues(request.GET)
    return _rendre_la_liste(request, "attendues", choix, chercher_les_attendues(choix))


def _rendre_la_liste(request, nom, choix, lignes, **autour):
    contexte = {
        **autour,
        "champs": choix,
        "page": Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page")),
        "onglets": _onglets(nom),
    }
    return render(request, f"reponses/_{nom}.html" if request.htmx else f"reponses/{nom}.html", contexte)


@require_GET
def les_chiffres(request):
    contexte = {"chiffres": compter(), "onglets": _onglets("chiffres")}
    return render(request, "reponses/chiffres.html", contexte)


def _onglets(actif) -> list[dict]:
    parties = {"liste": _("Données"), "attendues": _("Attendues"), "chiffres": _("En chiffres")}
    return [
        {"libelle": libelle, "url": reverse(f"reponses:{nom}"), "actif": nom == actif}
        for nom, libelle in parties.items()
    ]


@require_GET
def detail(request, pk):
    """The published answer; before that, its dossier, for those who may read it."""
    reponse = _trouver(request, pk)
    if reponse.etat == Reponse.Etat.PUBLIEE:
        page, contexte = "reponse", _contexte_public(request, reponse)
    else:
        page, contexte = "dossier", _contexte_du_dossier(request, reponse)
    contexte |= {
        "reponse": reponse,
        "url_flux": _flux(reponse),
        "fil": [_fil_des_reponses(), {"texte": str(reponse)}],
    }
    return render(request, f"reponses/_{page}.html" if request.htmx else f"reponses/{page}.html", contexte)


def _trouver(request, pk) -> Reponse:
    return get_object_or_404(
        Reponse.objects.visibles_par(request.user)
        .select_related("corrige", "signataire", "redigee_par", "modifiee_par")
        .prefetch_related("cible"),
        pk=pk,
    )


def _flux(reponse) -> str:
    return f"/ws/flux/reponses.reponse/{reponse.pk}/"


def _fil_des_reponses() -> dict:
    return {"texte": _("Les réponses officielles"), "url": reverse("reponses:liste")}


def _contexte_public(request, reponse) -> dict:
    corrections = list(reponse.corrections.publiees().order_by("-publiee_le", "-pk"))
    entree = reponse.publication()
    avis = list(reponse.avis.select_related("service"))
    instruit = peut_instruire(reponse, request.user)
    realisation = realisation_de(reponse)
    return {
        "corrections": corrections,
        "correction": corrections[0] if corrections else None,
        "differences": differences(reponse.corrige, reponse) if reponse.corrige_id else [],
        "jalons": realisation.jalons if realisation else [],
        "realisation": realisation,
        "echeance": echeance_de(reponse),
        "services": [un.service.nom for un in avis],
        "entree": entree,
        "sceau": reponse.sceau(),
        "sceau_ecrit": entree.donnees["sceau"] if entree else "",
        "en_correction": reponse.corrections.exclude(etat=Reponse.Etat.PUBLIEE).first() if instruit else None,
        "peut_corriger": peut_corriger(reponse, request.user),
        "peut_suivre": peut_suivre(reponse, request.user),
        "avis": avis if instruit else [],
        **autour(reponse, request.user),
    }


def _contexte_du_dossier(request, reponse) -> dict:
    if not peut_lire_le_dossier(reponse, request.user):
        raise Http404
    return {
        "dossier": dossier(reponse, request.user),
        "donne_avis": peut_rendre_avis(reponse, request.user),
        "peut_modifier": reponse.etat == Reponse.Etat.BROUILLON and peut_instruire(reponse, request.user),
        "etapes": transitions_ouvertes(reponse, request.user),
        "ecrivent": presence.qui_ecrit(reponse, request.user) if reponse.etat == Reponse.Etat.BROUILLON else [],
        "entrees": chemin_du_dossier(reponse, request.user).pour_affichage().order_by("-le", "-pk")[:FIL_MAX],
    }


@require_GET
def sceau(request, pk):
    """The sealed content, to the byte: its SHA-256 is the seal."""
    reponse = get_object_or_404(Reponse.objects.publiees(), pk=pk)
    return HttpResponse(
        reponse.contenu_scelle(),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="reponse-{reponse.pk}.json"'},
    )


@login_required
@require_http_methods(["GET", "POST"])
def rediger(request, modele, cible_pk):
    """Open the draft of the one answer of a target; if it is already open, go there."""
    cible = _trouver_la_cible(request, modele, cible_pk)
    if not peut_rediger(cible, request.user):
        raise actions.interdiction(cible, request.user)
    deja = Reponse.objects.sur(cible).filter(corrige__isnull=True).first()
    if deja and request.method == "GET":
        messages.info(request, _("Cette réponse est déjà commencée : voici son dossier."))
        return redirect(deja)
    if not deja and not cible.attend_reponse():
        raise EtapeImpossible(raison(cible))
    decide = not pose_une_question(type(cible))
    modele, conflit = modele_choisi(request) if decide else None, []
    depuis = depart(modele, cible) if modele else None
    form = ReponseForm(request.POST or None, initial=depuis, instance=Reponse(cible=cible))
    if request.method == "POST" and form.is_valid():
        try:
            reponse = actions.rediger(cible, par=request.user, **form.contenu())
        except EtapeImpossible as refus:
            form.add_error(None, str(refus))
            deja = Reponse.objects.sur(cible).filter(corrige__isnull=True).first()
            conflit = differences(form.instance, deja, champs=Reponse.CONTENU) if deja else []
        else:
            messages.success(request, _("Le brouillon est gardé. Il n’est pas public."))
            return redirect(reponse)
    return _ecrire(
        request,
        form,
        cible,
        titre=_("Rédiger la réponse"),
        url_annuler=cible.get_absolute_url(),
        deja=deja,
        conflit=conflit,
        modeles=modeles_proposes(request.user, modele) if decide else (),
    )


def _trouver_la_cible(request, modele, pk):
    """Something that may be answered, and that this person may see."""
    try:
        classe = apps.get_model(modele)
    except (LookupError, ValueError):
        raise Http404 from None
    if not hasattr(classe, "attend_reponse"):
        raise Http404
    return get_object_or_404(classe.objects.visibles_par(request.user), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def modifier(request, pk):
    """Change a draft. Whatever happened meanwhile, what was typed comes back with the reason."""
    reponse = _trouver(request, pk)
    if not peut_instruire(reponse, request.user):
        raise actions.interdiction(reponse.cible, request.user)
    if reponse.etat != Reponse.Etat.BROUILLON and request.method == "GET":
        raise EtapeImpossible(actions.pourquoi_fermee(reponse))
    form = ReponseForm(request.POST or None, instance=_trouver(request, pk))
    suite = {"titre": _("Modifier le brouillon"), "url_annuler": reponse.get_absolute_url(), "corrige": reponse.corrige}
    if request.method == "POST" and (form.is_valid() or reponse.etat != Reponse.Etat.BROUILLON):
        try:
            if reponse.etat != Reponse.Etat.BROUILLON:
                raise EtapeImpossible(actions.pourquoi_fermee(reponse))
            actions.modifier(reponse, par=request.user, version=form.cleaned_data["version"], **form.contenu())
        except actions.TexteModifie as refus:
            form.add_error(None, str(refus))
            suite |= _conflit(form, refus.actuelle)
        except EtapeImpossible as refus:
            form.add_error(None, str(refus))
            suite |= {"ferme": reponse, "statut": refus.statut}
        else:
            presence.oublier(reponse, request.user)
            messages.success(request, _("Le brouillon est gardé. Il n’est pas public."))
            return redirect(reponse)
    if "ferme" not in suite:
        presence.signaler(reponse, request.user)
        suite |= _autour_du_texte(request, reponse, form["version"].value())
    return _ecrire(request, form, reponse.cible, **suite)


def _conflit(form, actuelle) -> dict:
    """What somebody else wrote meanwhile, field by field: what the form has taken from it, and what both have written."""
    conflit = form.repartir_de(actuelle)
    return {
        "repris": differences(form.instance, actuelle, champs=conflit.repris),
        "conflit": differences(form.instance, actuelle, champs=conflit.disputes),
    }


def _autour_du_texte(request, reponse, version) -> dict:
    """Who else writes in it, and what happened to it since the page was made: `reponses/_ecrivent.html`.

    `version` is the text that the page shows; empty for a page where one reads only.
    """
    ouverte = reponse.etat == Reponse.Etat.BROUILLON
    return {
        "reponse": reponse,
        "ecrivent": presence.qui_ecrit(reponse, request.user) if ouverte else [],
        "version": version,
        "change": reponse.derniere_main() if ouverte and version and version != reponse.version() else None,
        "close": actions.pourquoi_fermee(reponse) if version and not ouverte else "",
        "url_flux": _flux(reponse),
    }


@login_required
@require_GET
def ecrivent(request, pk):
    """The fragment alone, asked again by the pages that show it. With `version`, the person has the form open."""
    reponse = _trouver(request, pk)
    if not peut_lire_le_dossier(reponse, request.user):
        raise Http404
    version = request.GET.get("version", "")
    if version and reponse.etat == Reponse.Etat.BROUILLON and peut_instruire(reponse, request.user):
        presence.signaler(reponse, request.user)
    return render(request, "reponses/_ecrivent.html", _autour_du_texte(request, reponse, version))


@login_required
@require_http_methods(["GET", "POST"])
def corriger(request, pk):
    """A published answer stays; a correction is another one, that names it."""
    originale = _trouver(request, pk)
    if not peut_instruire(originale, request.user):
        raise actions.interdiction(originale.cible, request.user)
    if not peut_corriger(originale, request.user):
        raise EtapeImpossible(
            _("On corrige une réponse publiée. Pour préciser une correction, corrigez la réponse d’origine.")
        )
    en_cours = originale.corrections.exclude(etat=Reponse.Etat.PUBLIEE).first()
    if en_cours and request.method == "GET":
        messages.info(request, _("Une correction est déjà commencée : voici son dossier."))
        return redirect(en_cours)
    nouvelle = Reponse(
        corrige=originale, cible=originale.cible, **{nom: getattr(originale, nom) for nom in Reponse.CONTENU}
    )
    form, conflit = ReponseForm(request.POST or None, instance=nouvelle), []
    if request.method == "POST" and form.is_valid():
        try:
            correction = actions.corriger(originale, par=request.user, **form.contenu())
        except EtapeImpossible as refus:
            form.add_error(None, str(refus))
            en_cours = originale.corrections.exclude(etat=Reponse.Etat.PUBLIEE).first()
            conflit = differences(form.instance, en_cours) if en_cours else []
        else:
            messages.success(request, _("Le brouillon de la correction est gardé. Il n’est pas public."))
            return redirect(correction)
    return _ecrire(
        request,
        form,
        originale.cible,
        titre=_("Corriger la réponse"),
        url_annuler=originale.get_absolute_url(),
        deja=en_cours,
        conflit=conflit,
        corrige=originale,
    )


def _ecrire(request, form, cible, *, titre, url_annuler, statut=422, **autres):
    """The page where one writes, for a draft, its changes and a correction."""
    contexte = {
        **dict.fromkeys(("deja", "corrige", "ferme", "url_flux")),
        **dict.fromkeys(("conflit", "repris", "modeles"), ()),
        **autres,
        "form": form,
        "titre": titre,
        "bref": cible.en_bref(),
        "cible_url": cible.get_absolute_url(),
        "url_annuler": url_annuler,
        "fil": [_fil_des_reponses(), {"texte": titre}],
    }
    return render(request, "reponses/ecrire.html", contexte, status=statut if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def avis(request, pk):
    """Who instructs, or an expert of the projet, writes the opinion of a service in the file, once."""
    demande = get_object_or_404(Avis.objects.visibles_par(request.user).select_related("service", "reponse"), pk=pk)
    if not peut_rendre_avis(demande.reponse, request.user):
        raise actions.interdiction(demande.reponse.cible, request.user)
    if demande.rendu_le is not None and request.method == "GET":
        raise EtapeImpossible(_("Ce service a déjà rendu son avis. Un avis rendu ne change plus."))
    if demande.reponse.est_scellee:
        raise EtapeImpossible(_("La réponse est signée : le dossier est fermé."))
    form, statut = AvisForm(request.POST or None), 422
    if request.method == "POST" and form.is_valid():
        try:
            actions.rendre_avis(demande, par=request.user, texte=form.cleaned_data["texte"])
        except EtapeImpossible as refus:
            # Somebody was faster: hers is read beside what was being typed.
            demande.refresh_from_db()
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _("L’avis est dans le dossier."))
            return redirect(demande.reponse)
    contexte = {"form": form, "avis": demande, "bref": demande.reponse.cible.en_bref()}
    contexte["fil"] = [
        _fil_des_reponses(),
        {"texte": str(demande.reponse), "url": demande.reponse.get_absolute_url()},
        {"texte": _("Avis d’un service")},
    ]
    return render(request, "reponses/avis.html", contexte, status=statut if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def jalons(request, pk):
    """Promise another dated step of a published yes."""
    reponse = _trouver(request, pk)
    if not peut_instruire(reponse, request.user):
        raise actions.interdiction(reponse.cible, request.user)
    if not peut_suivre(reponse, request.user):
        raise EtapeImpossible(_("Les étapes de réalisation suivent un oui publié."))
    form = JalonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.planifier_jalon(reponse, par=request.user, **form.cleaned_data)
        messages.success(request, _("L’étape est annoncée."))
        return redirect(reponse)
    contexte = {"form": form, "reponse": reponse, "jalons": list(reponse.jalons.all())}
    contexte["fil"] = [
        _fil_des_reponses(),
        {"texte": str(reponse), "url": reponse.get_absolute_url()},
        {"texte": _("Étapes de réalisation")},
    ]
    return render(request, "reponses/jalons.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def annuler_jalon(request, pk):
    """Say that a promised step will not take place: it stays, struck through, with its reason."""
    jalon = get_object_or_404(Jalon.objects.visibles_par(request.user).select_related("reponse"), pk=pk)
    if not peut_instruire(jalon.reponse, request.user):
        raise actions.interdiction(jalon.reponse.cible, request.user)
    if not jalon.est_attendu and request.method == "GET":
        return redirect(jalon.reponse)
    form = AnnulerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.annuler_jalon(jalon, par=request.user, motif=form.cleaned_data["motif"])
        messages.success(request, _("C’est noté : l’étape « %(titre)s » est annulée.") % {"titre": jalon.titre})
        return redirect(jalon.reponse)
    contexte = {"form": form, "jalon": jalon, "fil": _fil_du_jalon(jalon, _("Annuler une étape"))}
    return render(request, "reponses/annuler_jalon.html", contexte, status=422 if request.method == "POST" else 200)


def _fil_du_jalon(jalon, texte) -> list[dict]:
    reponse = {"texte": str(jalon.reponse), "url": jalon.reponse.get_absolute_url()}
    return [_fil_des_reponses(), reponse, {"texte": texte}]
