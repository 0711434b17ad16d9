from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from idees.liste import cartes
from idees.models import Boite, Idee, Soutien
from notifications.models import Abonnement, Notification
from projets.models import Projet
from reponses.models import Echeance, Reponse
from timeline.models import Entree

A_LA_UNE = 3  # objects of each kind on the home page
DANS_MON_ESPACE = 50  # lines of each list

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
    contexte = {
        "idees": cartes(
            publiques.filter(etat__in=Idee.ETATS_SOUTENABLES).order_by("-publiee_le", "-pk")[:A_LA_UNE], request.user
        ),
        "projets": projets.select_related("territoire")
        .prefetch_related("thematiques", "etapes")
        .order_by("-annonce_le", "-pk")[:A_LA_UNE],
        "reponses": Reponse.objects.publiees().prefetch_related("cible").order_by("-publiee_le", "-pk")[:A_LA_UNE],
        "entrees": Entree.objects.publiques()
        .exclude(type__startswith="commentaires.")
        .pour_affichage()
        .order_by("-survenu_le", "-pk")[:6],
        "boites": [boite for boite in boites if boite.est_ouverte],
        "chiffres": _chiffres(publiques),
    }
    return render(request, "portail/accueil.html", contexte)


def _chiffres(publiques) -> dict[str, int]:
    """What one wants to know of a dialogue at a glance, the late answers included."""
    return {
        "idees": publiques.count(),
        "reponses": Reponse.objects.publiees().filter(corrige__isnull=True).count(),
        "attendues": Echeance.objects.en_cours().count(),
        "en_retard": Echeance.objects.en_retard().count(),
        "realisees": publiques.filter(etat=Idee.Etat.REALISEE).count(),
    }


@login_required
@require_GET
def mon_espace(request):
    """Everything of mine, and what became of it."""
    moi = request.user
    suivis = GenericPrefetch(
        "cible", [Boite.objects.select_related("etape__projet"), Idee.objects.all(), Projet.objects.all()]
    )
    mes_soutiens = Soutien.objects.filter(personne=moi, idee=OuterRef("pk"))
    contexte = {
        "mes_idees": list(Idee.objects.ecrites_par(moi).pour_liste(moi).order_by("-cree_le")[:DANS_MON_ESPACE]),
        "soutenues": list(
            Idee.objects.visibles_par(moi)
            .filter(Exists(mes_soutiens))
            .pour_liste(moi)
            .order_by("-publiee_le", "-pk")[:DANS_MON_ESPACE]
        ),
        "suivis": [
            abonnement.cible
            for abonnement in Abonnement.objects.filter(personne=moi)
            .prefetch_related(suivis)
            .order_by("-cree_le")[:DANS_MON_ESPACE]
            if abonnement.cible is not None and getattr(abonnement.cible, "est_lisible", True)
        ],
        "nouvelles": Notification.objects.filter(personne=moi)
        .prefetch_related(Prefetch("entree", Entree.objects.pour_affichage()))
        .order_by("-cree_le", "-pk")[:8],
    }
    return render(request, "portail/mon_espace.html", contexte)


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
