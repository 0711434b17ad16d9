"""The map of the site for search engines (sitemaps.org): what a visitor may read, and nothing else."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from communautes.models import Communaute, Question
from consultations.models import Consultation
from idees.models import Boite, Idee
from projets.models import Projet, Recit
from socle.adresses import absolue
from votes.models import Option, Scrutin

PAR_FICHIER = 10_000  # addresses; the protocol allows 50,000
PAGES = (
    "portail:accueil", "idees:liste", "projets:liste", "consultations:liste", "votes:liste",
    "communautes:liste",
    "reponses:liste", "reponses:attendues", "reponses:chiffres", "timeline:chronologie", "idees:calendrier",
    "portail:comment_ca_marche", "portail:charte", "portail:accessibilite", "portail:mentions_legales",
    "portail:donnees_personnelles", "portail:contact", "portail:plan_du_site",
)  # fmt: skip


def _idees():
    return Idee.objects.visibles_par(AnonymousUser()).exclude(etat=Idee.Etat.FUSIONNEE).order_by("pk")


@require_safe
def plan(request):
    """The list of the files: one for pages, boxes, projets, consultations, votes and communities, then ideas by the ten thousand."""
    fichiers = -(-_idees().count() // PAR_FICHIER)
    adresses = [reverse("portail:plan_pages")]
    adresses += [reverse("portail:plan_idees", args=[numero]) for numero in range(1, fichiers + 1)]
    return _xml(request, "portail/plan_index.xml", adresses)


@require_safe
def plan_pages(request):
    visiteur = AnonymousUser()
    adresses = [reverse(nom) for nom in PAGES]
    adresses += [boite.get_absolute_url() for boite in Boite.objects.visibles_par(visiteur).order_by("pk")]
    adresses += [
        projet.get_absolute_url() for projet in Projet.objects.visibles_par(visiteur).only("slug").order_by("pk")
    ]
    adresses += [
        consultation.get_absolute_url()
        for consultation in Consultation.objects.visibles_par(visiteur).annoncees().only("slug").order_by("pk")
    ]
    adresses += [
        question.get_absolute_url() for question in Question.objects.visibles_par(visiteur).only("pk").order_by("pk")
    ]
    votes = Scrutin.objects.visibles_par(visiteur).annonces()
    adresses += [scrutin.get_absolute_url() for scrutin in votes.only("slug").order_by("pk")]
    soumises = Option.objects.filter(scrutin__in=votes.order_by().values("pk"))
    adresses += [
        reverse("votes:option", args=cles) for cles in soumises.order_by("pk").values_list("scrutin__slug", "cle")
    ]
    trouvables = Communaute.objects.visibles_par(visiteur).only("slug")
    adresses += [communaute.get_absolute_url() for communaute in trouvables.order_by("pk")]
    publies = Recit.objects.visibles_par(visiteur).publies().select_related("projet").order_by("projet", "numero")
    adresses += [recit.get_absolute_url() for recit in publies]
    return _xml(request, "portail/plan.xml", adresses)


@require_safe
def plan_idees(request, numero):
    debut = (numero - 1) * PAR_FICHIER
    if numero < 1 or debut >= _idees().count():
        raise Http404
    pks = _idees().values_list("pk", flat=True)[debut : debut + PAR_FICHIER]
    return _xml(request, "portail/plan.xml", [reverse("idees:detail", args=[pk]) for pk in pks])


@require_safe
def robots(request):
    """Robots read what people read; what only leads elsewhere at each visit is not for them."""
    lignes = [
        "User-agent: *",
        f"Disallow: {reverse('idees:decouvrir')}",
        f"Sitemap: {absolue(reverse('portail:plan'))}",
    ]
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")


def _xml(request, gabarit: str, chemins: list[str]) -> HttpResponse:
    adresses = [absolue(chemin) for chemin in chemins]
    return render(request, gabarit, {"adresses": adresses}, content_type="application/xml")
