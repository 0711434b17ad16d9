"""The proclaimed result, for everybody at the same time: what is elected, why the rest is not, and its files."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from socle.tableur import en_csv
from timeline.chaine import canonique
from votes.explications import raconter, raconter_le_retrait
from votes.models import Scrutin
from votes.permissions import peut_lire_les_resultats, peut_ouvrir_un_projet
from votes.resultats import empreinte_officielle, officiel
from votes.tableaux import parties, points_de_carte


def le_scrutin(request, slug) -> Scrutin:
    visibles = Scrutin.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
    return get_object_or_404(visibles.defer("territoire__contour"), slug=slug)


def avec_resultats(request, slug) -> tuple[Scrutin, dict[str, Any]]:
    """404 before the proclamation: nothing says what there will be."""
    scrutin = le_scrutin(request, slug)
    resultat = officiel(scrutin) if peut_lire_les_resultats(scrutin, request.user) else None
    if resultat is None:
        raise Http404
    return scrutin, resultat


def fil_de(scrutin: Scrutin, *suite: dict) -> list[dict]:
    return [
        {"texte": _("Votes"), "url": reverse("votes:liste")},
        {"texte": scrutin.titre, "ecrit": True, "url": scrutin.get_absolute_url()},
        *suite,
    ]


@require_GET
def resultats(request, slug):
    """Before the proclamation, the page says that nobody knows."""
    scrutin = le_scrutin(request, slug)
    if not scrutin.est_annonce:
        raise Http404
    contexte = {"scrutin": scrutin, "visibles": False, "fil": fil_de(scrutin, {"texte": _("Résultats")})}
    resultat = officiel(scrutin) if peut_lire_les_resultats(scrutin, request.user) else None
    if resultat is not None:
        lues = parties(scrutin, resultat)
        contexte |= {
            "visibles": True,
            "resultat": resultat,
            "parties": lues,
            "points": points_de_carte(lues),
            "enveloppes": scrutin.enveloppes.all(),
            "licence": settings.LICENCE_DES_DONNEES,
            "empreinte": empreinte_officielle(scrutin),
        }
    return render(request, "votes/resultats/resultats.html", contexte)


@require_GET
def pourquoi(request, slug, cle):
    """One option after the vote: what it got, why it is elected or not, who paid for it; or why it was taken out before."""
    scrutin, resultat = avec_resultats(request, slug)
    option = get_object_or_404(scrutin.options.select_related("territoire", "projet", "enveloppe"), cle=cle)
    option.scrutin = scrutin
    partie = next((p for p in resultat["enveloppes"] if cle in p["totaux"]), None)
    if partie is None and not option.est_retiree:
        raise Http404
    contexte = {
        "scrutin": scrutin,
        "option": option,
        "recit": raconter(scrutin, option, partie) if partie else raconter_le_retrait(option),
        "peut_ouvrir_un_projet": peut_ouvrir_un_projet(option, request.user),
        "fil": fil_de(
            scrutin,
            {"texte": _("Résultats"), "url": reverse("votes:resultats", args=[scrutin.slug])},
            {"texte": option.titre, "ecrit": True},
        ),
    }
    return render(request, "votes/resultats/pourquoi.html", contexte)


COLONNES = ("enveloppe", "cle", "titre", "total", "cout_en_centimes", "elue")


@require_GET
def fichier(request, slug, nom):
    """The sealed document as it was hashed, or its totals for a spreadsheet."""
    scrutin, resultat = avec_resultats(request, slug)
    if nom == "resultats.json":
        reponse = HttpResponse(canonique(resultat), content_type="application/json")
    elif nom == "totaux.csv":
        juge = scrutin.regle == Scrutin.Regle.JUGEMENT_MAJORITAIRE
        colonnes = (*COLONNES, "mention_majoritaire") if juge else COLONNES
        texte = "".join(en_csv(colonnes, _lignes(scrutin, resultat, avec_mention=juge)))
        reponse = HttpResponse(texte, content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    reponse["Content-Disposition"] = f'attachment; filename="{scrutin.slug}-{nom}"'
    return reponse


def _lignes(scrutin: Scrutin, resultat: dict[str, Any], *, avec_mention: bool) -> Iterator[tuple]:
    """`avec_mention`: the total of a majority judgment is the number of a grade, whose word stands at the end."""
    options = {option.cle: option for option in scrutin.options.all()}
    for partie in resultat["enveloppes"]:
        elues = set(partie["elues"])
        for cle, total in partie["totaux"].items():
            option = options[cle]
            mention = (partie["mesures"]["mentions"][total],) if avec_mention else ()
            yield partie["enveloppe"], cle, option.titre, total, option.cout, "oui" if cle in elues else "non", *mention
