import json
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comptes.porte import demande_une_session
from socle.etats import EtatsProteges
from socle.suite import suite_demandee
from timeline import frise
from timeline.acteurs import qui_agit
from timeline.etapes import (
    EtapeImpossible,
    EtapeInvalide,
    champ_d_etat,
    etiquette_de,
    exiger_un_bouton,
    franchir,
    prevoir,
    raison,
    transitions_de,
)
from timeline.huis_clos import chaines_lues_par
from timeline.models import Chaine, Entree

PAR_PAGE = 30


def page_de_frise(request, entrees, projet=None, connues=()) -> dict:
    """Context of `timeline/_frise.html`: one page of entries, the chosen kind, what is planned.

    `connues`: things that the page has read already, which entries may be about.
    """
    genre = request.GET.get("genre", "")
    if genre in frise.GENRES:
        entrees = entrees.filter(type__startswith=f"{genre}.")
    else:
        genre = ""
    rangees = entrees.order_by("-survenu_le", "-pk")
    page = Paginator(rangees, PAR_PAGE).get_page(request.GET.get("page"))
    debut = (page.number - 1) * PAR_PAGE
    page.object_list = rangees[debut : debut + PAR_PAGE].montrees_avec(*connues)
    planifie = frise.a_venir(request.user, projet) if page.number == 1 and genre in {"", "projets"} else []
    return {"page": page, "a_venir": planifie, "filtres": _filtres(request.path, genre)}


def _filtres(chemin, genre) -> list[dict]:
    """Links of the kinds, for `composants/_frise.html`."""
    tout = {"libelle": _("Tout"), "url": chemin, "actif": not genre}
    genres = [
        {"libelle": nom, "icone": icone, "url": f"{chemin}?genre={code}", "actif": genre == code}
        for code, (nom, icone) in frise.GENRES.items()
    ]
    return [tout, *genres]


@require_GET
def chronologie(request):
    contexte = page_de_frise(request, Entree.objects.publiques())
    contexte |= {"url_flux": "/ws/flux/", "url_atom": reverse("timeline:atom")}
    gabarit = "timeline/_frise.html" if request.htmx else "timeline/chronologie.html"
    return render(request, gabarit, contexte)


@require_GET
def entree(request, empreinte):
    trouvee = get_object_or_404(
        Entree.objects.visibles_par(request.user).pour_affichage().select_related("projet"),
        empreinte__startswith=empreinte if len(empreinte) >= 16 else "-",
    )
    fil = [_debut_du_fil(), {"texte": _("Entrée %(numero)s") % {"numero": trouvee.numero}}]
    # One entry about herself does not give her the chain of a community where she is not.
    lit_la_chaine = _chaines_lisibles(request.user).filter(pk=trouvee.chaine_id).exists()
    return render(request, "timeline/entree.html", {"entree": trouvee, "fil": fil, "lit_la_chaine": lit_la_chaine})


def _debut_du_fil() -> dict:
    return {"texte": _("La chronologie"), "url": reverse("timeline:chronologie")}


@require_GET
def registres(request):
    fil = [_debut_du_fil(), {"texte": _("Vérifier")}]
    return render(request, "timeline/registres.html", {"chaines": _chaines_lisibles(request.user), "fil": fil})


def _chaines_lisibles(personne):
    """Chains that hold something this person may read."""
    lisibles = Entree.objects.visibles_par(personne).values("chaine")
    chaines = Chaine.objects.filter(chaines_lues_par(personne), pk__in=lisibles)
    return chaines.select_related("projet", "communaute").order_by("pk")


@require_GET
def registre(request, cle):
    """A whole chain, one JSON object a line, for anybody who wants to recompute it. Sealed entries show their links only."""
    rang = get_object_or_404(_chaines_lisibles(request.user), cle=cle)
    lignes = rang.entrees.select_related("cible_type").order_by("numero").iterator(chunk_size=1000)

    def ecrire():
        for ligne in lignes:
            contenu = ligne.contenu(rang.cle, ligne.etiquette_cible) if ligne.est_publique else {"numero": ligne.numero}
            liens = {"precedente": ligne.precedente, "empreinte": ligne.empreinte}
            yield (
                json.dumps({"contenu": contenu, "scellee": not ligne.est_publique, **liens}, ensure_ascii=False) + "\n"
            )

    return StreamingHttpResponse(
        ecrire(),
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="registre-{cle}.jsonl"'},
    )


@demande_une_session
@require_http_methods(["GET", "POST"])
def etape(request, modele, pk, nom):
    """The one view of all transitions: asks what the step needs, then takes it.

    GET shows the confirmation or the form; POST takes the step. `etat` is the state that the person saw: if it has
    changed meanwhile she reads by whom, and nothing is done.
    """
    personne = qui_agit(request)
    objet = _objet_visible(personne, modele, pk)
    if nom not in transitions_de(type(objet)):
        raise Http404
    etiquette = etiquette_de(objet, nom)
    exiger_un_bouton(etiquette)
    vu = request.POST.get("etat", request.GET.get("etat"))
    etat = getattr(objet, champ_d_etat(type(objet)).name)
    if vu is not None and vu != etat:
        raise EtapeImpossible(raison(objet, personne), retour=_chez_elle(objet, personne))
    prevoir(objet, nom, personne)
    classe = import_string(etiquette.formulaire) if etiquette.formulaire else None
    formulaire = (
        classe(request.POST if request.method == "POST" else None, objet=objet, par=personne) if classe else None
    )
    ailleurs = objet.adresse_apres(personne)
    chez_elle = ailleurs or objet.get_absolute_url()
    suite = suite_demandee(request) or chez_elle
    if request.method == "POST" and (formulaire is None or formulaire.is_valid()):
        try:
            saisi = formulaire.cleaned_data if formulaire else {}
            franchir(getattr(objet, nom), par=personne, lu=request.POST.get("lu"), **saisi)
        except EtapeInvalide as refus:
            if formulaire is None or (refus.champ and refus.champ not in formulaire.fields):
                # An object may name the page where what it lacks is said beside each field.
                if hasattr(objet, "adresse_pour_corriger") and (adresse := objet.adresse_pour_corriger(nom)):
                    return HttpResponseRedirect(adresse)
                refus.retour = refus.retour or chez_elle
                raise
            formulaire.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("%(action)s : c’est fait.") % {"action": etiquette.libelle})
            # The step may have closed to her the page that she would have gone back to, or opened that of the object.
            ouverte = objet.get_absolute_url() if chez_elle == ailleurs else ""
            apres = (objet.adresse_apres(personne) or ouverte) if suite == chez_elle else ""
            return HttpResponseRedirect(apres or suite)
    contexte = {
        "objet": objet,
        "nom": nom,
        "etiquette": etiquette,
        "prevenir": objet.prevenir_de(nom) or etiquette.prevenir,
        "form": formulaire,
        "suite": suite,
        "etat": etat,
        "modele": modele,
    }
    contexte["fil"] = [
        {"texte": str(objet), "ecrit": hasattr(objet, "titre"), "url": chez_elle},
        {"texte": str(etiquette.libelle)},
    ]
    # An app may draw the page of its steps, or of one of them: `reponses/etapes/signer.html`.
    gabarits = [f"{objet.famille}/etapes/{nom}.html", f"{objet.famille}/etape.html", "timeline/etape.html"]
    return render(request, gabarits, contexte, status=422 if request.method == "POST" else 200)


def _objet_visible(personne, modele, pk):
    try:
        classe = apps.get_model(modele)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(classe, EtatsProteges):
        raise Http404
    visibles: Any = classe._default_manager
    return get_object_or_404(visibles.visibles_par(personne), pk=pk)


def _chez_elle(objet, personne) -> str:
    return objet.adresse_apres(personne) or objet.get_absolute_url()
