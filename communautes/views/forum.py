"""The forum: its threads, the page of each, its picture."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communautes import forum
from communautes.forms.forum import MotsDuSujetForm, SujetForm
from communautes.models import Sujet
from communautes.permissions import peut_animer, peut_corriger_le_sujet, peut_parler_pour_la_ville
from communautes.views.acces import communaute_lue, contexte_de
from moderation.lecture import jugeables_par
from moderation.permissions import peut_signaler
from socle.champs import assainir
from socle.permissions import est_connectee
from timeline.etapes import EtapeInterdite, EtapeInvalide, EtapeRefusee, transitions_ouvertes

PAR_PAGE = 20
RECHERCHE_MAX = 100  # characters
MOTS_MAX = 6  # of a search; the rest adds nothing but time


def _fil(communaute, *suite) -> list[dict]:
    return [{"texte": _("Forum"), "url": reverse("communautes:forum", args=[communaute.slug])}, *suite]


@require_GET
def liste(request, slug):
    """The threads: pinned ones first, then where somebody spoke last; those that say what one looks for."""
    communaute = communaute_lue(request, slug)
    cherche = assainir(request.GET.get("q", "")[:RECHERCHE_MAX], lignes=False)
    sujets = Sujet.objects.visibles_par(request.user).filter(communaute=communaute)
    if cherche:
        sujets = sujets.ou_l_on_dit(cherche.split()[:MOTS_MAX])
    page = Paginator(sujets.pour_liste(), PAR_PAGE).get_page(request.GET.get("page"))
    for sujet in page.object_list:
        sujet.communaute = communaute
    contexte = contexte_de(request, communaute, "forum", *_fil(communaute)[:1])
    return render(request, "communautes/forum/liste.html", contexte | {"page": page, "cherche": cherche})


def _sujet(request, communaute, pk) -> Sujet:
    """A thread of this community that this person may read; 404 for anything else."""
    visibles = Sujet.objects.visibles_par(request.user).filter(communaute=communaute)
    sujet = get_object_or_404(visibles.select_related("auteur"), pk=pk)
    sujet.communaute = communaute  # known: its rights ask for her place there
    return sujet


@require_GET
def sujet(request, slug, pk):
    communaute = communaute_lue(request, slug)
    lu = _sujet(request, communaute, pk)
    personne = request.user
    contexte = contexte_de(request, communaute, "forum", *_fil(communaute, {"texte": lu.titre, "ecrit": True}))
    contexte |= {
        "sujet": lu,
        "noms": [*forum.nommees(lu).values()],
        "etapes": transitions_ouvertes(lu, personne),
        "peut_corriger": peut_corriger_le_sujet(lu, personne),
        "url_flux": f"/ws/flux/communautes.sujet/{lu.pk}/",
        **gestes_de_moderation(lu, personne),
    }
    return render(
        request, "communautes/forum/_sujet.html" if request.htmx else "communautes/forum/sujet.html", contexte
    )


def gestes_de_moderation(objet, personne) -> dict:
    """Who may report it; a moderator is offered to decide instead. Nobody reports her own words, nor hidden ones."""
    if objet.est_masquee or not peut_signaler(objet, personne):
        return {"url_signaler": "", "url_masquer": ""}
    geste = "masquer" if est_connectee(personne) and personne.est_moderatrice else "signaler"
    vide = {"url_signaler": "", "url_masquer": ""}
    return vide | {f"url_{geste}": reverse(f"moderation:{geste}", args=[objet._meta.label_lower, objet.pk])}


@login_required
@require_http_methods(["GET", "POST"])
def ouvrir(request, slug):
    communaute = communaute_lue(request, slug)
    forum.exiger_de_participer(communaute, request.user)
    officielle = peut_parler_pour_la_ville(communaute, request.user)
    form = SujetForm(request.POST or None, request.FILES or None, officielle=officielle)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            ouvert = forum.ouvrir(communaute, par=request.user, **form.valeurs())
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, _("Votre sujet est ouvert."))
            return redirect(ouvert)
    fil = _fil(communaute, {"texte": _("Ouvrir un sujet")})
    contexte = contexte_de(request, communaute, "forum", *fil) | {"form": form, "sujet": None}
    return render(request, "communautes/forum/ecrire.html", contexte, status=statut if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def corriger(request, slug, pk):
    """Correct one's thread, within its quarter of an hour."""
    communaute = communaute_lue(request, slug)
    lu = _sujet(request, communaute, pk)
    # Whoever comes too late with her own words finds them on the page, with the reason; nobody else gets so far.
    if not peut_corriger_le_sujet(lu, request.user) and (request.method == "GET" or lu.auteur_id != request.user.pk):
        raise EtapeInterdite(_("Ce sujet ne peut pas, ou ne peut plus, être corrigé."))
    depart = {"titre": lu.titre, "texte": lu.texte, "vu": lu.versions.count()}
    form = MotsDuSujetForm(request.POST or None, initial=depart)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            if forum.corriger(lu, par=request.user, **form.cleaned_data):
                messages.success(
                    request, _("Votre sujet est corrigé. Ce que vous aviez écrit reste dans l’historique.")
                )
            return redirect(lu)
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
    fil = _fil(communaute, {"texte": lu.titre, "ecrit": True, "url": lu.get_absolute_url()}, {"texte": _("Corriger")})
    contexte = contexte_de(request, communaute, "forum", *fil) | {"form": form, "sujet": lu}
    return render(request, "communautes/forum/ecrire.html", contexte, status=statut if form.errors else 200)


@require_GET
def versions(request, slug, pk):
    """What a thread said before each correction: whoever reads it reads that too; hidden words are hidden everywhere."""
    communaute = communaute_lue(request, slug)
    lu = _sujet(request, communaute, pk)
    fil = _fil(communaute, {"texte": lu.titre, "ecrit": True, "url": lu.get_absolute_url()}, {"texte": _("Historique")})
    contexte = contexte_de(request, communaute, "forum", *fil)
    contexte |= {"sujet": lu, "anciennes": lu.versions.order_by("-numero")}
    return render(request, "communautes/forum/versions.html", contexte)


@login_required
@require_POST
def epingler(request, slug, pk):
    """`action` says which, so that a double click does nothing twice."""
    communaute = communaute_lue(request, slug)
    lu = _sujet(request, communaute, pk)
    if not peut_animer(communaute, request.user):
        raise EtapeInterdite(_("Seules les personnes qui animent la communauté épinglent un sujet."))
    action = request.POST.get("action", "")
    if action not in {"epingler", "desepingler"}:
        raise EtapeInvalide(_("Dites si le sujet reste en tête, ou non."))
    forum.epingler(lu, par=request.user, oui=action == "epingler")
    messages.success(request, _("Le sujet reste en tête.") if action == "epingler" else _("Le sujet reprend sa place."))
    return redirect(lu)


@require_GET
def photo(request, slug, pk, taille):
    """A picture is read through the rights of its thread, each time; a moderator also sees that of a reported one."""
    if taille not in {"grande", "vignette"}:
        raise Http404
    personne = request.user
    vus = jugeables_par(Sujet, personne) if est_connectee(personne) else Sujet.objects.visibles_par(personne)
    lu = get_object_or_404(vus.select_related("communaute").exclude(photo=""), communaute__slug=slug, pk=pk)
    try:
        contenu = (lu.vignette if taille == "vignette" else lu.photo).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    reponse = FileResponse(contenu, content_type="image/webp")
    reponse.headers["Cache-Control"] = "private, no-store"
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reponse
