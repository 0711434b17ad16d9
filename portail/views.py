from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count, Q
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from communautes.models import Communaute
from consultations.models import Consultation
from idees.liste import cartes
from idees.models import Boite, Idee
from projets.models import Projet
from reponses.models import Echeance, Reponse
from timeline.models import Entree
from votes.models import Scrutin

A_LA_UNE = 3  # objects of each kind on the home page

#: Pages that are only words: their template and their title.
PAGES = {
    "accessibilite": _("Accessibilité"),
    "mentions_legales": _("Mentions légales"),
    "donnees_personnelles": _("Données personnelles"),
    "charte": _("La charte"),
    "contact": _("Contact"),
    "comment_ca_marche": _("Comment ça marche"),
    "plan_du_site": _("Plan du site"),
}


@require_GET
def accueil(request):
    publiques = Idee.objects.visibles_par(request.user).publiees()
    projets = Projet.objects.visibles_par(request.user).exclude(etat__in=["brouillon", "clos", "archive"])
    boites = Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
    reponses = list(Reponse.objects.publiees().prefetch_related("cible").order_by("-publiee_le", "-pk")[:A_LA_UNE])
    maintenant = timezone.now()
    contexte = {
        "votes": Scrutin.objects.visibles_par(request.user)
        .filter(etat=Scrutin.Etat.OUVERT, ouvre_le__lte=maintenant, ferme_le__gt=maintenant)
        .pour_liste()
        .order_by("ferme_le", "pk")[:A_LA_UNE],
        "consultations": Consultation.objects.visibles_par(request.user)
        .filter(etat=Consultation.Etat.OUVERTE, ferme_le__gt=maintenant)
        .pour_liste()
        .order_by("ferme_le", "pk")[:A_LA_UNE],
        # What everybody finds, for everybody: this page is read over shoulders.
        "communautes": Communaute.objects.visibles_par(AnonymousUser())
        .filter(etat=Communaute.Etat.OUVERTE)
        .pour_liste()
        .order_by("-active_le", "-pk")[:A_LA_UNE],
        "idees": cartes(
            publiques.filter(etat__in=Idee.ETATS_SOUTENABLES).order_by("-publiee_le", "-pk")[:A_LA_UNE], request.user
        ),
        "projets": projets.select_related("territoire")
        .prefetch_related("thematiques", "etapes")
        .order_by("-annonce_le", "-pk")[:A_LA_UNE],
        "reponses": reponses,
        "entrees": Entree.objects.publiques()
        .exclude(type__startswith="commentaires.")
        .order_by("-survenu_le", "-pk")[:6]
        .montrees_avec(*(reponse.cible for reponse in reponses)),
        "boites": [boite for boite in boites if boite.est_ouverte],
        "chiffres": _chiffres(publiques),
    }
    return render(request, "portail/accueil.html", contexte)


def _chiffres(publiques) -> dict[str, int]:
    """What one wants to know of a dialogue at a glance, the late answers included."""
    tard = Count("pk", filter=Q(due_le__lt=timezone.localdate()))
    return {
        **publiques.order_by().aggregate(
            idees=Count("pk", filter=~Q(etat=Idee.Etat.FUSIONNEE)),
            realisees=Count("pk", filter=Q(etat=Idee.Etat.REALISEE)),
        ),
        "reponses": Reponse.objects.publiees().filter(corrige__isnull=True).count(),
        **Echeance.objects.en_cours().aggregate(attendues=Count("pk"), en_retard=tard),
    }


@require_GET
def page(request, nom):
    return render(request, f"portail/pages/{nom}.html", {"titre_page": PAGES[nom], "fil": [{"texte": PAGES[nom]}]})


@require_GET
def sante(request):
    """For supervisors: 200 when the database answers, 503 otherwise. Tells nothing else."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except Exception:
        return JsonResponse({"etat": "indisponible"}, status=503)
    return JsonResponse({"etat": "bon", "heure": timezone.now().isoformat()})
