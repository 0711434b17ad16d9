"""Models of answers: those who prepare answers read them, agents write them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reponses import modeles
from reponses.forms_modeles import ModeleForm
from reponses.models import ModeleDeReponse
from reponses.permissions import peut_preparer_des_lots, peut_tenir_les_modeles
from timeline.etapes import EtapeImpossible

PAR_PAGE = 50


@login_required
@require_GET
def liste(request):
    if not peut_preparer_des_lots(request.user):
        raise PermissionDenied(_("Les modèles de réponse servent aux agents et aux personnes référentes d’un projet."))
    siens = ModeleDeReponse.objects.visibles_par(request.user).order_by("nom", "pk")
    archives = request.GET.get("archives") == "1"
    contexte = {
        "page": Paginator(siens.filter(archive_le__isnull=not archives), PAR_PAGE).get_page(request.GET.get("page")),
        "archives": archives,
        "peut_tenir": peut_tenir_les_modeles(request.user),
        "fil": [*fil_du_bureau(), {"texte": _("Modèles de réponse")}],
    }
    return render(request, "reponses/modeles/liste.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def ecrire(request, pk=None):
    """A new one, or changes for the answers to come."""
    modele = get_object_or_404(ModeleDeReponse.objects.visibles_par(request.user), pk=pk) if pk else None
    if not peut_tenir_les_modeles(request.user):
        raise PermissionDenied(_("Les modèles de réponse sont tenus par les agents."))
    if modele and modele.archive_le:
        raise EtapeImpossible(_("Ce modèle est archivé : il ne change plus."))
    form = ModeleForm(request.POST or None, instance=modele)
    if request.method == "POST" and form.is_valid():
        try:
            if pk:
                modeles.modifier(modele, par=request.user, lue=form.cleaned_data["lue"], **form.contenu())
            else:
                modeles.creer(par=request.user, **form.contenu())
        except EtapeImpossible as refus:
            form.add_error(None, str(refus))
            form.repartir_de(ModeleDeReponse.objects.get(pk=pk))
        else:
            messages.success(request, _("Le modèle est gardé. Les réponses déjà commencées ne changent pas."))
            return redirect("reponses:modeles")
    titre = _("Modifier un modèle") if pk else _("Nouveau modèle de réponse")
    contexte = {
        "form": form,
        "titre": titre,
        "modele": ModeleDeReponse.objects.filter(pk=pk).first() if pk else None,
        "fil": [
            *fil_du_bureau(),
            {"texte": _("Modèles de réponse"), "url": reverse("reponses:modeles")},
            {"texte": titre},
        ],
    }
    return render(request, "reponses/modeles/ecrire.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def archiver(request, pk):
    modele = get_object_or_404(ModeleDeReponse.objects.visibles_par(request.user), pk=pk)
    if not peut_tenir_les_modeles(request.user):
        raise PermissionDenied(_("Les modèles de réponse sont tenus par les agents."))
    if request.method == "POST":
        modeles.archiver(modele, par=request.user)
        messages.success(request, _("Le modèle « %(nom)s » est archivé.") % {"nom": modele})
        return redirect("reponses:modeles")
    contexte = {
        "modele": modele,
        "fil": [
            *fil_du_bureau(),
            {"texte": _("Modèles de réponse"), "url": reverse("reponses:modeles")},
            {"texte": _("Archiver")},
        ],
    }
    return render(request, "reponses/modeles/archiver.html", contexte)


def modele_choisi(request) -> ModeleDeReponse | None:
    """That of `?modele=`; anything else than the number of a model in use counts as nothing."""
    cle = request.GET.get("modele", "")
    if not (cle.isascii() and cle.isdecimal() and len(cle) < 10):
        return None
    return ModeleDeReponse.objects.visibles_par(request.user).actifs().filter(pk=cle).first()


def modeles_proposes(personne, choisi=None) -> list[dict]:
    """Choices of « Partir d’un modèle »."""
    actifs = ModeleDeReponse.objects.visibles_par(personne).actifs().order_by("nom", "pk")
    return [{"pk": m.pk, "nom": m.nom, "choisi": choisi is not None and m.pk == choisi.pk} for m in actifs]


def fil_du_bureau() -> list[dict]:
    return [{"texte": _("Bureau de l’équipe"), "url": reverse("portail:bureau_agent")}]
