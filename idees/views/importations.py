"""The agents' pages around an importation: send a file, set its mapping, try, launch, follow, undo."""

from collections.abc import Iterable
from itertools import islice

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from idees.forms import AnnulerImportationForm, CorrespondanceForm, ImportationForm
from idees.importation import depart, entretien
from idees.importation.annulation import annuler as annuler_la_reprise
from idees.importation.correspondance import CorrespondanceInvalide, Regles
from idees.importation.lecture import FichierIllisible, Tableau
from idees.importation.moteur import Bilan, essayer
from idees.importation.rapport import en_csv
from idees.models import Idee, Importation
from idees.permissions import peut_importer
from idees.tasks import reprendre_importation
from notifications.tasks import reveiller
from timeline.etapes import EtapeImpossible

PAR_PAGE = 50
EXTRAIT = 5  # rows of the file beside the mapping
MONTRES = 200  # refused lines on the page of a trial; the report has them all


def _fil(importation=None, ici="") -> list[dict]:
    fil = [
        {"texte": _("Bureau de l’équipe"), "url": reverse("portail:bureau_agent")},
        {"texte": _("Reprises de données"), "url": reverse("idees:importations")},
    ]
    if importation:
        fil.append({"texte": importation.source_nom, "url": importation.get_absolute_url()})
    if ici:
        fil.append({"texte": ici})
    return fil


def _la_sienne(request, pk) -> Importation:
    visibles = Importation.objects.visibles_par(request.user).select_related("boite__etape__projet", "par")
    return get_object_or_404(visibles, pk=pk)


def _exiger_le_droit(request) -> None:
    if not peut_importer(request.user):
        raise PermissionDenied(_("Les reprises de données sont faites par les agents."))


@login_required
@require_GET
def liste(request):
    _exiger_le_droit(request)
    toutes = Importation.objects.visibles_par(request.user).select_related("boite", "par")
    page = Paginator(toutes.order_by("-cree_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "idees/importations/liste.html", {"page": page, "fil": _fil()})


@login_required
@require_http_methods(["GET", "POST"])
def nouvelle(request):
    _exiger_le_droit(request)
    form = ImportationForm(request.POST or None, request.FILES or None, personne=request.user)
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        importation = depart.preparer(
            form.tableau,
            form.regles,
            boite=form.cleaned_data["boite"],
            par=request.user,
            nom=fichier.name,
            fichier=fichier,
        )
        return redirect("idees:importation_correspondance", pk=importation.pk)
    contexte = {"form": form, "fil": _fil(ici=_("Nouvelle reprise"))}
    return render(request, "idees/importations/nouvelle.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def correspondance(request, pk):
    """Which column goes where, with the first rows of the file beside it."""
    importation = _la_sienne(request, pk)
    if importation.lancee_le:
        raise EtapeImpossible(_("Cette reprise est déjà lancée : sa correspondance ne change plus."))
    tableau, refus = _ouvrir(importation)
    if tableau is None:
        messages.error(request, refus)
        return redirect(importation)
    form = CorrespondanceForm(request.POST or None, regles=Regles(importation.regles), colonnes=tableau.colonnes)
    if request.method == "POST" and form.is_valid():
        depart.corriger(importation, form.regles)
        form.garder()
        return redirect("idees:importation_essai", pk=importation.pk)
    contexte = {
        "importation": importation,
        "form": form,
        "tableau": tableau,
        "extrait": [list(rangee.cellules.values()) for rangee in islice(tableau.rangees(), EXTRAIT)],
        "fil": _fil(importation, _("Correspondance")),
    }
    return render(
        request, "idees/importations/correspondance.html", contexte, status=422 if request.method == "POST" else 200
    )


def _ouvrir(importation) -> tuple[Tableau | None, str]:
    try:
        return depart.tableau_de(importation), ""
    except FichierIllisible as refus:
        return None, str(refus)


def _essayer(importation) -> tuple[Bilan | None, list[str]]:
    """What it would do, or the sentences that say why it cannot be tried."""
    try:
        return essayer(depart.tableau_de(importation), Regles.lire(importation.regles)), []
    except FichierIllisible as refus:
        return None, [str(refus)]
    except CorrespondanceInvalide as refus:
        return None, refus.defauts


@login_required
@require_GET
def essai(request, pk):
    """Reads the whole file and writes nothing."""
    importation = _la_sienne(request, pk)
    if importation.lancee_le:
        return redirect(importation)
    bilan, defauts = _essayer(importation)
    contexte: dict = {
        "importation": importation,
        "bilan": bilan,
        "defauts": defauts,
        "fil": _fil(importation, _("Essai")),
    }
    if bilan:
        libelles = dict(Idee.Etat.choices)
        contexte |= {
            "montres": bilan.defauts[:MONTRES],
            "etats": [(libelles[etat], nb) for etat, nb in sorted(bilan.par_etat.items()) if etat],
            "themes": sorted(bilan.themes_a_creer),
        }
    return render(request, "idees/importations/essai.html", contexte)


@login_required
@require_POST
def lancer(request, pk):
    """From here on it goes to its end in the background, whatever stops in between."""
    importation = _la_sienne(request, pk)
    bilan, defauts = _essayer(importation)
    if bilan is None:
        messages.error(request, " ".join(defauts))
        return redirect("idees:importation_correspondance" if not importation.lancee_le else importation, pk=pk)
    depart.lancer(importation)
    reveiller(reprendre_importation, importation.pk)
    return redirect(importation)


@login_required
@require_GET
def detail(request, pk):
    importation = _la_sienne(request, pk)
    refus = importation.lignes_refusees.order_by("numero", "pk")
    contexte = {
        "importation": importation,
        "page": Paginator(refus, PAR_PAGE).get_page(request.GET.get("page")),
        "url_flux": f"/ws/flux/idees.importation/{importation.pk}/",
        "fil": [*_fil(), {"texte": importation.source_nom}],
    }
    gabarit = "idees/importations/_suivi.html" if request.htmx else "idees/importations/detail.html"
    return render(request, gabarit, contexte)


@login_required
@require_GET
def rapport(request, pk):
    """Every refused line, of the trial or of the importation, for a spreadsheet."""
    importation = _la_sienne(request, pk)
    defauts: Iterable = importation.lignes_refusees.order_by("numero", "pk").iterator(chunk_size=1000)
    if not importation.lancee_le:
        bilan, _raisons = _essayer(importation)
        defauts = bilan.defauts if bilan else []
    return StreamingHttpResponse(
        en_csv(defauts),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="reprise-{importation.pk}-refus.csv"'},
    )


@login_required
@require_POST
def supprimer(request, pk):
    """What was only prepared leaves nothing."""
    importation = _la_sienne(request, pk)
    if importation.lancee_le:
        raise EtapeImpossible(_("Cette reprise est lancée : elle s’annule, elle ne se supprime pas."))
    entretien.supprimer(importation)
    messages.success(request, _("La reprise préparée et son fichier sont supprimés."))
    return redirect("idees:importations")


@login_required
@require_http_methods(["GET", "POST"])
def annuler(request, pk):
    importation = _la_sienne(request, pk)
    if not importation.terminee_le or importation.annulee_le:
        raise EtapeImpossible(_("Cette reprise n’est pas terminée, ou elle est déjà annulée."))
    form = AnnulerImportationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            nombre = annuler_la_reprise(importation, par=request.user, motif=form.cleaned_data["motif"])
        except EtapeImpossible as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request,
                ngettext("%(n)s élément repris est retiré.", "%(n)s éléments repris sont retirés.", nombre)
                % {"n": nombre},
            )
            return redirect(importation)
    contexte = {"importation": importation, "form": form, "fil": _fil(importation, _("Annuler"))}
    return render(request, "idees/importations/annuler.html", contexte, status=422 if form.errors else 200)
