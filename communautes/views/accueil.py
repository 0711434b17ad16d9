"""What everybody may find: the list, and the front page of each."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from communautes.liste import MIENNES, PAR_PAGE, chercher, concernant, filtres
from communautes.models import Communaute
from communautes.permissions import peut_fonder, peut_lire_les_membres, peut_modifier, peut_nommer_une_referente
from communautes.place import place_de
from communautes.views.acces import communaute_vue, contexte_de
from moderation.permissions import peut_signaler
from projets.liste import filtres_actifs, puce
from socle.permissions import est_connectee
from timeline.etapes import transitions_ouvertes

MOTS_MAX = 200  # characters of a search


@require_GET
def liste(request):
    miennes = request.GET.get("liste") == MIENNES and est_connectee(request.user)
    mots = request.GET.get("q", "").strip()[:MOTS_MAX]
    choix = filtres(request.GET, request.user)
    trouvees = chercher(request.user, choix, mots=mots, miennes=miennes).pour_liste()
    page = Paginator(trouvees, PAR_PAGE).get_page(request.GET.get("page"))
    actifs = filtres_actifs(choix, request.GET)
    if mots:
        actifs.append(puce(f"« {mots} »", request.GET, "q"))
    contexte = {
        "page": page,
        "onglets": _onglets(request.user, miennes),
        "champs": [
            {"type": "texte", "nom": "q", "libelle": _("Chercher une communauté"), "valeur": mots},
            *(champ for champ in choix if champ.options),
            {"type": "cache", "nom": "liste", "valeur": MIENNES if miennes else ""},
        ],
        "actifs": actifs,
        "miennes": miennes,
        "peut_fonder": not est_connectee(request.user) or peut_fonder(request.user),
    }
    return render(request, "communautes/liste.html", contexte)


def _onglets(personne, miennes) -> list[dict]:
    """Nothing to choose between for a visitor."""
    if not est_connectee(personne):
        return []
    return [
        {"libelle": _("Toutes"), "url": "?", "actif": not miennes},
        {
            "libelle": _("Les miennes"),
            "url": f"?liste={MIENNES}",
            "actif": miennes,
            "nb": concernant(personne).count(),
        },
    ]


@require_GET
def detail(request, slug):
    """What it is, who leads it, and what this person may do here."""
    communaute = communaute_vue(request, slug, entiere=True)
    personne = request.user
    contexte = contexte_de(request, communaute, "detail")
    contexte |= {
        "place": place_de(communaute, personne),
        "animation": communaute.animation(),
        "nombre": _nombre(communaute, personne),
        "etapes": transitions_ouvertes(communaute, personne),
        "peut_modifier": peut_modifier(communaute, personne),
        "peut_nommer": peut_nommer_une_referente(communaute, personne),
        "peut_signaler": communaute.est_annoncee and peut_signaler(communaute, personne),
        "demandes": communaute.adhesions.demandees().count() if contexte["peut_animer"] else 0,
    }
    return render(request, "communautes/detail.html", contexte)


def _nombre(communaute, personne) -> int | None:
    """How many are in; None for whoever may not count them."""
    if not communaute.est_annoncee:
        return None
    if communaute.est_publique or peut_lire_les_membres(communaute, personne):
        return communaute.adhesions.en_cours().count()
    return None


@require_GET
def image(request, slug):
    """The picture is read through the rights of its page, each time."""
    visibles = Communaute.objects.visibles_par(request.user).exclude(image="")
    communaute = get_object_or_404(visibles.select_related("projet"), slug=slug)
    try:
        contenu = communaute.image.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    reponse = FileResponse(contenu, content_type="image/webp")
    reponse.headers["Cache-Control"] = "private, max-age=3600" if communaute.est_lisible else "private, no-store"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse
