"""Two ideas as one: choose the other, read what is proposed, answer, keep one's support apart, separate again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comptes.porte import demande_une_session
from idees import fusion as actions
from idees.depositaires import personne_de
from idees.forms.fusion import ReunirForm
from idees.lignee import refusables, voisines
from idees.models import Fusion, Idee
from idees.models.fusion import empechement
from idees.permissions import est_autrice
from idees.permissions_fusion import instruit_les_deux, peut_proposer_de_reunir, peut_reunir
from idees.views.fil import debut_du_fil
from timeline.etapes import EtapeInterdite, EtapeRefusee, transitions_ouvertes
from timeline.models import Entree
from timeline.views import etape

RESULTATS_MAX = 10
MOTS_MAX = 100  # characters of a search


@demande_une_session
@require_http_methods(["GET", "POST"])
def reunir(request, pk):
    """From an idea: find the other, read both with their figures, then propose. `avec` is the other one's number."""
    personne = personne_de(request)
    idee = get_object_or_404(_avec_boite(Idee.objects.visibles_par(personne)), pk=pk)
    if not peut_reunir(idee, personne):
        raise EtapeInterdite(_("Deux idées ouvertes sont réunies par leurs auteurs, ou par un agent."))
    demande = request.POST if request.method == "POST" else request.GET
    candidates = _candidates(personne, idee)
    autre = candidates.filter(pk=_numero(demande.get("avec", ""))).first()
    if autre is None:
        return _choisir(request, idee, candidates)
    return _proposer(request, idee, autre, personne, continue_avec=demande.get("continue", ""))


def _avec_boite(idees):
    return idees.select_related("boite__etape__projet", "projet", "auteur")


def _candidates(personne, idee):
    ouvertes = Idee.objects.visibles_par(personne).filter(etat__in=Idee.ETATS_SOUTENABLES, masquee_le__isnull=True)
    return _avec_boite(ouvertes).exclude(pk=idee.pk)


def _numero(texte) -> int | None:
    """A number that a row may have, or None."""
    texte = texte.strip().removeprefix("n°").strip()
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 18 else None


def _choisir(request, idee, candidates):
    """Search by number or by words of the title."""
    mots = request.GET.get("q", "").replace("\x00", "")[:MOTS_MAX].strip()
    trouvees = []
    if mots:
        voulues = candidates
        if (numero := _numero(mots)) is not None:
            voulues = voulues.filter(pk=numero)
        else:
            for mot in mots.split():
                voulues = voulues.filter(titre__icontains=mot)
        trouvees = list(voulues.order_by("-poids", "-pk")[:RESULTATS_MAX])
    perdue = bool(request.GET.get("avec") or request.POST.get("avec"))
    contexte = {
        "idee": idee,
        "mots": mots,
        "trouvees": trouvees,
        "perdue": perdue,
        "fil": _fil(idee, _("Réunir")),
    }
    return render(request, "idees/fusion/choisir.html", contexte, status=404 if perdue else 200)


def _proposer(request, idee, autre, personne, *, continue_avec):
    source, cible = _sens(idee, autre, continue_avec)
    if not peut_proposer_de_reunir(source, cible, personne):
        raise EtapeInterdite(_("Deux idées sont réunies par leurs auteurs, ou par un agent chargé des deux."))
    est_partie = est_autrice(source, personne) or est_autrice(cible, personne)
    form = ReunirForm(request.POST or None, peut_imposer=not est_partie and instruit_les_deux(source, cible, personne))
    statut = 200
    if request.method == "POST" and form.is_valid():
        try:
            fusion = actions.proposer(source, cible, par=personne, **form.valeurs())
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            faite = fusion.etat == Fusion.Etat.EFFECTIVE
            messages.success(
                request,
                _("Les deux idées sont réunies. Tout le monde est prévenu.")
                if faite
                else _("La proposition est faite. Les auteurs sont prévenus."),
            )
            return redirect(fusion)
    elif form.errors:
        statut = 422
    dites = voisines(personne, [source.pk, cible.pk])
    contexte = {
        "form": form,
        "idee": idee,
        "autre": autre,
        "source": dites[source.pk],
        "cible": dites[cible.pk],
        "chiffres": actions.chiffres(source, cible),
        "seuil": cible.boite.seuil_soutiens,
        "empeche": empechement(source, cible),
        "inversable": not empechement(cible, source),
        "est_partie": est_partie,
        "fil": _fil(idee, _("Réunir")),
    }
    return render(request, "idees/fusion/proposer.html", contexte, status=statut)


def _sens(idee, autre, continue_avec) -> tuple[Idee, Idee]:
    """(source, target): the one that continues is named, or is the other one, or the one that is studied already."""
    if continue_avec == str(idee.pk) or (continue_avec != str(autre.pk) and idee.etat == Idee.Etat.EN_ETUDE):
        return autre, idee
    return idee, autre


def _fil(idee, texte) -> list[dict]:
    return [debut_du_fil(), {"texte": idee.titre, "ecrit": True, "url": idee.get_absolute_url()}, {"texte": texte}]


def _visible(personne, pk):
    fusions = Fusion.objects.visibles_par(personne).select_related(
        "source__boite__etape__projet", "source__projet", "cible__boite__etape__projet", "cible__projet"
    )
    return get_object_or_404(fusions, pk=pk)


@require_GET
def detail(request, pk):
    """The public record of one merge: both ideas, why, where it stands, what one may do."""
    personne = personne_de(request)
    fusion = _visible(personne, pk)
    dites = voisines(personne, [fusion.source_id, fusion.cible_id])
    entrees = Entree.objects.autour_lues_par(request.user, fusion).pour_affichage()
    contexte = {
        "fusion": fusion,
        "source": dites[fusion.source_id],
        "cible": dites[fusion.cible_id],
        "etapes": transitions_ouvertes(fusion, personne),
        "refusable": fusion.pk in refusables([fusion], personne),
        "entrees": entrees.order_by("-le", "-pk"),
        "fil": [debut_du_fil(), {"texte": str(fusion)}],
    }
    return render(request, "idees/fusion/detail.html", contexte)


@demande_une_session
@require_http_methods(["GET", "POST"])
def decider(request, pk, nom):
    """The one view of all transitions, for whoever acts here: an author may have no account."""
    request.user = personne_de(request)
    return etape(request, Fusion._meta.label_lower, pk, nom)


@login_required
@require_http_methods(["GET", "POST"])
def garder_mon_soutien(request, pk):
    """A supporter of the source keeps her support out of the target: asked on GET, done on POST."""
    fusion = _visible(request.user, pk)
    if request.method == "POST":
        if actions.refuser_le_transfert(fusion, par=request.user):
            messages.success(request, _("C’est fait : votre soutien ne compte plus pour l’autre idée."))
        else:
            messages.info(request, _("Votre soutien ne vient pas de cette réunion : rien n’a changé."))
        return redirect(fusion)
    dites = voisines(request.user, [fusion.source_id, fusion.cible_id])
    contexte = {
        "fusion": fusion,
        "source": dites[fusion.source_id],
        "cible": dites[fusion.cible_id],
        "refusable": fusion.pk in refusables([fusion], request.user),
        "fil": [
            debut_du_fil(),
            {"texte": str(fusion), "url": reverse("idees:fusion", args=[fusion.pk])},
            {"texte": _("Mon soutien")},
        ],
    }
    return render(request, "idees/fusion/mon_soutien.html", contexte)
