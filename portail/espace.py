"""« Mon espace »: what a person brought, supports, said and follows, what is owed to her, and what became of each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commentaires.models import Commentaire
from idees.devenir import raconter
from idees.models import Boite, Idee, Soutien
from notifications.models import Abonnement, Notification
from portail.mes_donnees import archiver
from projets.models import Projet
from reponses.models import Echeance
from socle.cadence import compter
from timeline.models import Entree

PAR_PAGE = 20
A_LA_UNE = 3  # lines of each part on the first page
ARCHIVES_MAX, ARCHIVES_PERIODE = 10, 3600  # of one network, in so many seconds


def _mes_idees(personne):
    return Idee.objects.ecrites_par(personne).pour_liste(personne).order_by("-cree_le", "-pk")


def _soutenues(personne):
    miens = Soutien.objects.filter(personne=personne, idee=OuterRef("pk"))
    return Idee.objects.visibles_par(personne).filter(Exists(miens)).pour_liste(personne).order_by("-publiee_le", "-pk")


def _attendues(personne):
    """What is still owed to her, the oldest promise first: her ideas, and those that she supports or follows."""
    suivies = Abonnement.objects.filter(personne=personne, cible_id=OuterRef("pk"), cible_type__model="idee")
    miens = Soutien.objects.filter(personne=personne, idee=OuterRef("pk"))
    horloge = Echeance.objects.en_cours().filter(cible_id=OuterRef("pk"), cible_type__model="idee")
    visibles = Idee.objects.visibles_par(personne).filter(etat=Idee.Etat.EN_ETUDE)
    siennes = (
        visibles.filter(Exists(suivies)) | visibles.filter(Exists(miens)) | visibles.filter(Idee.de_ses_mots(personne))
    )
    return siennes.pour_liste(personne).order_by(Subquery(horloge.values("due_le")[:1]), "pk")


def _commentaires(personne):
    return Commentaire.objects.filter(auteur=personne).prefetch_related("cible").order_by("-publie_le", "-pk")


def _suivis(personne):
    choses = GenericPrefetch(
        "cible", [Boite.objects.select_related("etape__projet"), Idee.objects.all(), Projet.objects.all()]
    )
    return Abonnement.objects.filter(personne=personne).prefetch_related(choses).order_by("-cree_le", "-pk")


#: Parts, in the order of the menu: name, what is listed, template of a line, and whether the lines are ideas.
PARTIES = {
    "idees": (gettext_lazy("Mes idées"), _mes_idees, True),
    "attendues": (gettext_lazy("Réponses attendues"), _attendues, True),
    "soutiens": (gettext_lazy("Mes soutiens"), _soutenues, True),
    "commentaires": (gettext_lazy("Mes commentaires"), _commentaires, False),
    "suivis": (gettext_lazy("Ce que je suis"), _suivis, False),
}


@login_required
@require_GET
def mon_espace(request):
    """The first lines of each kind of thing, and the news."""
    moi = request.user
    contexte = {
        "onglets": _onglets("mon_espace"),
        "mes_idees": raconter(_mes_idees(moi)[:A_LA_UNE]),
        "attendues": raconter(_attendues(moi)[:A_LA_UNE]),
        "soutenues": raconter(_soutenues(moi)[:A_LA_UNE]),
        "nouvelles": Notification.objects.filter(personne=moi)
        .prefetch_related(Prefetch("entree", Entree.objects.pour_affichage()))
        .order_by("-cree_le", "-pk")[:8],
    }
    return render(request, "portail/mon_espace.html", contexte)


@login_required
@require_GET
def partie(request, nom):
    if nom not in PARTIES:
        raise Http404
    titre, lister, ce_sont_des_idees = PARTIES[nom]
    page = Paginator(lister(request.user), PAR_PAGE).get_page(request.GET.get("page"))
    page.object_list = raconter(page.object_list) if ce_sont_des_idees else list(page.object_list)
    if nom == "suivis":
        page.object_list = [_suivi(abonnement) for abonnement in page.object_list]
    contexte = {
        "titre_page": titre,
        "partie": nom,
        "page": page,
        "onglets": _onglets(nom),
        "fil": _fil(titre),
    }
    return render(request, f"portail/espace/{'idees' if ce_sont_des_idees else nom}.html", contexte)


@login_required
@require_POST
def ne_plus_suivre(request, pk):
    """One click, and a second one changes nothing. What she followed may be gone: her own row is enough."""
    suivi = Abonnement.objects.filter(personne=request.user, pk=pk).first()
    if suivi is not None:
        suivi.delete()
    messages.success(request, _("C’est fait : vous ne serez plus prévenu."))
    return redirect("portail:espace", "suivis")


@login_required
@require_http_methods(["GET", "POST"])
def mes_donnees(request):
    """Everything that the site knows of her: told on the page, given by the button."""
    if request.method == "POST":
        if compter(request, "mes_donnees", maximum=ARCHIVES_MAX, periode=ARCHIVES_PERIODE):
            nom = f"mes-donnees-{timezone.localdate():%Y-%m-%d}.zip"
            reponse = FileResponse(
                archiver(request.user), as_attachment=True, filename=nom, content_type="application/zip"
            )
            reponse["Cache-Control"] = "no-store, private"
            return reponse
        messages.error(request, _("Vous avez déjà demandé vos données plusieurs fois. Réessayez dans une heure."))
        return redirect("portail:mes_donnees")
    titre = _("Mes données")
    return render(
        request,
        "portail/espace/mes_donnees.html",
        {"titre_page": titre, "onglets": _onglets("mes_donnees"), "fil": _fil(titre)},
    )


def _suivi(abonnement) -> dict:
    """Named only while it can be read; followed all the same, until she stops."""
    cible = abonnement.cible
    lisible = cible is not None and getattr(cible, "est_lisible", True)
    return {
        "pk": abonnement.pk,
        "titre": str(cible) if lisible else _("Ce n’est plus visible"),
        "url": cible.get_absolute_url() if lisible else "",
        "sorte": cible._meta.verbose_name if lisible else "",
    }


def _onglets(actif) -> list[dict]:
    pages = [("mon_espace", _("En bref"), reverse("portail:mon_espace"))]
    pages += [(nom, titre, reverse("portail:espace", args=[nom])) for nom, (titre, *_reste) in PARTIES.items()]
    pages.append(("mes_donnees", _("Mes données"), reverse("portail:mes_donnees")))
    return [{"libelle": libelle, "url": url, "actif": nom == actif} for nom, libelle, url in pages]


def _fil(titre) -> list[dict]:
    return [{"texte": _("Mon espace"), "url": reverse("portail:mon_espace")}, {"texte": titre}]
