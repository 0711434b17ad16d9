"""The drafts of a community: reading them, their versions, and what differs from one to another."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communautes import autour
from communautes.comparaison import differences
from communautes.forms import ComparerForm
from communautes.models import Communaute, Ebauche
from communautes.permissions import peut_ecrire_l_ebauche, peut_participer
from communautes.views.acces import communaute_lue, contexte_de
from socle.permissions import est_connectee
from timeline.etapes import transitions_ouvertes

PAR_PAGE = 20
VERSIONS_PAR_PAGE = 50
SECTION = "ecrits"


def ebauche_lue(request, slug, pk) -> tuple[Communaute, Ebauche]:
    """One of those that she may read; her place in the community is asked once."""
    communaute = communaute_lue(request, slug)
    trouvees = Ebauche.objects.visibles_par(request.user).filter(communaute=communaute)
    ebauche = get_object_or_404(
        trouvees.select_related("ouverte_par", "thematique", "territoire").defer("territoire__contour"), pk=pk
    )
    ebauche.communaute = communaute
    return communaute, ebauche


def fil_de(ebauche, *suite: dict) -> list[dict]:
    """The end of the breadcrumb trail; the draft is a link on the pages below its own."""
    adresse = reverse("communautes:ecrits", args=[ebauche.communaute.slug])
    ici = {"texte": ebauche.titre, "ecrit": True} | ({"url": ebauche.get_absolute_url()} if suite else {})
    return [{"texte": _("Écrire ensemble"), "url": adresse}, ici, *suite]


@require_GET
def ecrits(request, slug):
    communaute = communaute_lue(request, slug)
    trouvees = Ebauche.objects.visibles_par(request.user).filter(communaute=communaute)
    page = Paginator(trouvees.pour_liste(), PAR_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    for ebauche in page.object_list:
        ebauche.communaute = communaute
    contexte = contexte_de(request, communaute, SECTION, {"texte": _("Écrire ensemble")})
    contexte |= {"page": page, "peut_ecrire": peut_participer(communaute, request.user)}
    return render(request, "communautes/ecrits/liste.html", contexte)


@require_GET
def ebauche(request, slug, pk):
    communaute, lue = ebauche_lue(request, slug, pk)
    contexte = contexte_de(request, communaute, SECTION, *fil_de(lue))
    contexte |= {
        "ebauche": lue,
        "version": lue.version,
        "plumes": _plumes(lue),
        "etapes": transitions_ouvertes(lue, request.user),
        "peut_ecrire": peut_ecrire_l_ebauche(lue, request.user),
        "panneaux": autour.panneaux_de_l_ebauche(lue, request.user),
        "peut_signaler": not lue.est_masquee and not lue.ecrite_par(request.user),
        **_signatures(lue, request.user),
    }
    return render(request, "communautes/ecrits/ebauche.html", contexte)


def _plumes(ebauche) -> list[str]:
    """Names of those who wrote in it, the first first."""
    versions = ebauche.versions.filter(par__isnull=False).order_by("numero").values_list("par__pseudonyme", flat=True)
    return list(dict.fromkeys(versions))


def _signatures(ebauche, personne) -> dict:
    """Names under the present version, names that wait to be put there again, and hers."""
    valables = set(ebauche.signatures.valables().values_list("pk", flat=True))
    toutes = list(ebauche.signatures.select_related("personne").order_by("le", "pk"))
    mienne = next((s for s in toutes if est_connectee(personne) and s.personne_id == personne.pk), None)
    return {
        "signatures": [s for s in toutes if s.pk in valables],
        "anciennes": [s for s in toutes if s.pk not in valables],
        "mienne": mienne,
        "a_signe": mienne is not None and mienne.pk in valables,
    }


def _versions_de(ebauche):
    return ebauche.versions.select_related("par", "thematique", "territoire").defer("territoire__contour")


@require_GET
def versions(request, slug, pk):
    """All its versions, last first, and any two of them side by side."""
    communaute, lue = ebauche_lue(request, slug, pk)
    page = Paginator(_versions_de(lue), VERSIONS_PAR_PAGE).get_page(request.GET.get("page"))
    numeros = list(range(lue.numero, 0, -1))
    depart = {"de": max(lue.numero - 1, 1), "a": lue.numero}
    demandee = "de" in request.GET or "a" in request.GET
    form = ComparerForm(request.GET if demandee else None, numeros=numeros, initial=depart)
    contexte = contexte_de(request, communaute, SECTION, *fil_de(lue, {"texte": _("Versions")}))
    contexte |= {"ebauche": lue, "page": page, "form": form, "comparees": _comparees(lue, form) if demandee else None}
    statut = 422 if demandee and form.errors else 200
    return render(request, "communautes/ecrits/versions.html", contexte, status=statut)


def _comparees(ebauche, form) -> dict | None:
    if not form.is_valid():
        return None
    choisies = {v.numero: v for v in _versions_de(ebauche).filter(numero__in=form.cleaned_data.values())}
    de, a = choisies[form.cleaned_data["de"]], choisies[form.cleaned_data["a"]]
    return {"de": de, "a": a, "differences": differences(de, a)}


@require_GET
def version(request, slug, pk, numero):
    """One version: what it changed, then all its words."""
    communaute, lue = ebauche_lue(request, slug, pk)
    voisines = {v.numero: v for v in _versions_de(lue).filter(numero__range=(numero - 1, numero + 1))}
    choisie = voisines.get(numero)
    if choisie is None:
        raise Http404
    for voisine in voisines.values():
        voisine.ebauche = lue
    precedente = voisines.get(numero - 1)
    suite = (
        {"texte": _("Versions"), "url": reverse("communautes:ebauche_versions", args=[slug, pk])},
        {"texte": _("Version %(n)s") % {"n": numero}},
    )
    contexte = contexte_de(request, communaute, SECTION, *fil_de(lue, *suite))
    contexte |= {
        "ebauche": lue,
        "version": choisie,
        "precedente": precedente,
        "suivante": voisines.get(numero + 1),
        "differences": differences(precedente, choisie) if precedente else [],
        "peut_reprendre": numero != lue.numero and peut_ecrire_l_ebauche(lue, request.user),
    }
    return render(request, "communautes/ecrits/version.html", contexte)
