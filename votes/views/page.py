"""What everybody reads of the votes: the list, one vote and its rules, what may be voted for. No count before its time."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from idees.models import Idee
from socle.htmx import veut_un_fragment
from socle.permissions import est_connectee
from timeline.chaine import canonique
from timeline.etapes import transitions_ouvertes
from timeline.models import Entree
from votes import ordre
from votes.jonction import idees_jointes
from votes.models import Bulletin, Etude, Option, Scrutin
from votes.permissions import peut_conduire, peut_creer
from votes.reglages import reglages
from votes.reglement import empreinte_de, phrases
from votes.saisie import en_mots
from votes.views.fil import debut_du_fil, fil_de
from votes.voter import les_siens

PAR_PAGE = 12
OPTIONS_PAR_PAGE = 48
GROUPES = {
    "ouverts": (gettext_lazy("Ouverts"), (Scrutin.Etat.OUVERT,)),
    "a_venir": (gettext_lazy("À venir"), (Scrutin.Etat.ANNONCE,)),
    "finis": (
        gettext_lazy("Terminés"),
        (Scrutin.Etat.CLOS, Scrutin.Etat.DEPOUILLE, Scrutin.Etat.PROCLAME, Scrutin.Etat.ANNULE),
    ),
}


def trouver(request, slug) -> Scrutin:
    """One that is announced and that this person may see. A draft has its own pages at the desk."""
    visibles = Scrutin.objects.visibles_par(request.user).annonces()
    lus = visibles.select_related("etape__projet", "territoire__parent", "communaute").defer(
        "territoire__contour", "territoire__parent__contour"
    )
    return get_object_or_404(lus, slug=slug)


@require_GET
def liste(request):
    groupe = request.GET.get("etat", "")
    scrutins = Scrutin.objects.visibles_par(request.user).annonces().pour_liste()
    if groupe in GROUPES:
        scrutins = scrutins.filter(etat__in=GROUPES[groupe][1])
    page = Paginator(scrutins.order_by("-ouvre_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "onglets": [
            {"libelle": _("Tous"), "url": "?", "actif": groupe not in GROUPES},
            *(
                {"libelle": nom, "url": f"?etat={code}", "actif": code == groupe}
                for code, (nom, _etats) in GROUPES.items()
            ),
        ],
        "peut_creer": peut_creer(request.user),
    }
    return render(request, "votes/liste.html", contexte)


@require_GET
def detail(request, slug):
    """The question, its rules, how many have voted, what one has voted oneself; open pages follow it."""
    scrutin = trouver(request, slug)
    contexte = {
        "scrutin": scrutin,
        "votantes": scrutin.nombre_de_votantes(),
        "nb_options": scrutin.options.count(),
        "enveloppes": list(scrutin.enveloppes.select_related("territoire").defer("territoire__contour")),
        "siens": ce_qu_elle_a_vote(scrutin, les_siens(scrutin, request.user)),
        "refus": scrutin.refus(request.user) if est_connectee(request.user) else None,
        "url_flux": f"/ws/flux/votes.scrutin/{scrutin.pk}/",
        "transitions": transitions_ouvertes(scrutin, request.user),
        "peut_conduire": peut_conduire(scrutin, request.user),
    }
    if veut_un_fragment(request):
        return render(request, "votes/_suivi.html", contexte)
    contexte |= {
        "retirees": list(scrutin.options.retirees().defer("texte", "entete")),
        "phrases": phrases(scrutin),
        "reglages": reglages(scrutin),
        "preuve": Entree.objects.sur(scrutin)
        .publiques()
        .filter(type__in=["votes.annoncer", "votes.reprendre"])
        .order_by("pk")
        .first(),
        "fil": [debut_du_fil(), {"texte": scrutin.titre, "ecrit": True}],
    }
    return render(request, "votes/detail.html", contexte)


def ce_qu_elle_a_vote(scrutin: Scrutin, bulletins: list[Bulletin]) -> list[dict]:
    """Her ballots in words: {bulletin, mots}; one query for all."""
    options = list(scrutin.options.all()) if bulletins else []
    return [{"bulletin": bulletin, "mots": en_mots(scrutin, options, bulletin.notes)} for bulletin in bulletins]


@require_GET
def reglement(request, slug):
    """The frozen document, byte for byte: its SHA-256 is the fingerprint that the chronology has kept."""
    scrutin = trouver(request, slug)
    reponse = HttpResponse(canonique(scrutin.reglement or {}), content_type="application/json; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="reglement-{scrutin.slug}.json"'
    return reponse


@require_GET
def verifier(request, slug):
    """How anybody checks by herself that the rules have not changed."""
    scrutin = trouver(request, slug)
    contexte = {
        "scrutin": scrutin,
        "fichier": f"reglement-{scrutin.slug}.json",
        "calculee": empreinte_de(scrutin.reglement or {}),
        "preuve": Entree.objects.sur(scrutin)
        .publiques()
        .filter(type__in=["votes.annoncer", "votes.reprendre"])
        .order_by("pk")
        .first(),
        "fil": fil_de(scrutin, {"texte": _("Vérifier le règlement")}),
    }
    return render(request, "votes/verifier.html", contexte)


# --- What may be voted for -----------------------------------------------------------------------------------------------


@require_GET
def options(request, slug):
    """All of them, in an order drawn at each visit or as published: never by votes."""
    scrutin = trouver(request, slug)
    enveloppes = list(scrutin.enveloppes.all())
    choisie = next((e for e in enveloppes if str(e.pk) == request.GET.get("enveloppe", "")), None)
    siennes = scrutin.options.select_related("territoire", "enveloppe").defer("territoire__contour", "texte", "entete")
    if choisie is not None:
        siennes = siennes.filter(enveloppe=choisie)
    categories = sorted({categorie for categorie in scrutin.options.values_list("categorie", flat=True) if categorie})
    categorie = request.GET.get("categorie", "")
    if categorie in categories:
        siennes = siennes.filter(categorie=categorie)
    tirage = _tirage(request, scrutin)
    rangees = list(siennes) if tirage is None else ordre.ranger(siennes, tirage)
    page = Paginator(rangees, OPTIONS_PAR_PAGE).get_page(request.GET.get("page"))
    if page.has_other_pages() and "ordre" not in request.GET and tirage is not None:
        # The other pages of the list belong to the same draw: their address says which.
        return redirect(f"{request.path}?{request.GET.urlencode()}&ordre={tirage}".replace("?&", "?"))
    for option in page.object_list:
        option.scrutin = scrutin
    contexte = {
        "scrutin": scrutin,
        "page": page,
        "champs": _filtres(enveloppes, choisie, categories, categorie, tirage),
        "actifs": bool(choisie or categorie in categories),
        "tirage": tirage,
        "se_tire": ordre.est_tire(scrutin),
        "fil": fil_de(scrutin, {"texte": _("Les propositions")}),
    }
    return render(request, "votes/options.html", contexte)


def _tirage(request, scrutin: Scrutin) -> int | None:
    """The draw of this visit; None for the published order."""
    ecrit = request.GET.get("ordre", "")
    if ecrit == "publie" or not ordre.est_tire(scrutin):
        return None
    lu = ordre.lire(ecrit)
    return ordre.tirer() if lu is None else lu


def _filtres(enveloppes, choisie, categories, categorie, tirage) -> list[dict]:
    """Fields of `composants/_filtres.html`: those that leave something to choose."""
    champs: list[dict] = [
        {"type": "cache", "nom": "ordre", "valeur": "publie" if tirage is None else str(tirage)},
    ]
    if len(enveloppes) > 1:
        choix = [{"valeur": "", "libelle": _("Toutes"), "actif": choisie is None}]
        choix += [{"valeur": str(e.pk), "libelle": e.nom, "actif": e == choisie} for e in enveloppes]
        champs.append({"type": "choix", "nom": "enveloppe", "libelle": _("Enveloppe"), "choix": choix})
    if categories:
        choix = [{"valeur": "", "libelle": _("Toutes"), "actif": categorie not in categories}]
        choix += [{"valeur": c, "libelle": c, "actif": c == categorie} for c in categories]
        champs.append({"type": "choix", "nom": "categorie", "libelle": _("Catégorie"), "choix": choix})
    return champs


@require_GET
def option(request, slug, cle):
    """One of them: what it is, what it costs, where it comes from, what the services say of it."""
    scrutin = trouver(request, slug)
    siennes = scrutin.options.select_related("territoire", "enveloppe", "projet").defer("territoire__contour")
    lue = get_object_or_404(siennes, cle=cle)
    lue.scrutin = scrutin
    origines: list[Idee] = []
    if lue.idee_id is not None:
        cles = [lue.idee_id, *(idee.pk for idee in idees_jointes(lue))]
        visibles = Idee.objects.visibles_par(request.user).in_bulk(cles)
        origines = [visibles[cle] for cle in cles if cle in visibles]
    contexte = {
        "scrutin": scrutin,
        "option": lue,
        "origines": origines,
        "etudes": list(Etude.objects.publiques().filter(option=lue).select_related("service")),
        "point": point_de(lue),
        "fil": fil_de(
            scrutin,
            {"texte": _("Les propositions"), "url": reverse("votes:options", args=[slug])},
            {"texte": lue.titre, "ecrit": True},
        ),
    }
    return render(request, "votes/option.html", contexte)


def point_de(lue: Option) -> list[dict]:
    """For the map; nothing when nobody said where."""
    if lue.latitude is None or lue.longitude is None:
        return []
    return [{"lat": lue.latitude, "lon": lue.longitude, "titre": lue.titre, "url": "", "etat": ""}]
