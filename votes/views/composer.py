"""The agents' desk of votes: the list, the words and rules of each, its envelopes, and the page that holds it all."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projets.models import Etape, Projet
from socle.templatetags.composants import ecrit_ici, en_phrase
from timeline.etapes import EtapeImpossible, EtapeInvalide, transitions_ouvertes
from votes import composition
from votes.composition import DESCENDRE, MONTER
from votes.conseils import conseils, parts_egales_et_peu_de_choix
from votes.forms import CreerForm, EnveloppeForm, EnveloppesForm, FaconForm, ReglesForm, regle_et_forme
from votes.models import Enveloppe, Etude, Option, Scrutin
from votes.models.scrutin import DEJA_ANNONCE
from votes.permissions import peut_composer, peut_conduire, peut_creer, peut_dupliquer, peut_retirer
from votes.reglement import FORMES_DE, defauts, moments_de, phrases

PAR_PAGE = 20
SENS = {"monter": MONTER, "descendre": DESCENDRE}

# --- Finding ---------------------------------------------------------------------------------------------------------


def le_scrutin(request, slug, *, verrou=False) -> Scrutin:
    """One that this person sees (404) and conducts (403)."""
    visibles = Scrutin.objects.visibles_par(request.user).select_related("etape__projet", "territoire__parent")
    if verrou:
        visibles = visibles.select_for_update(of=("self",))
    scrutin = get_object_or_404(visibles.defer("territoire__contour", "territoire__parent__contour"), slug=slug)
    if not peut_conduire(scrutin, request.user):
        raise PermissionDenied
    return scrutin


def a_composer(request, slug, *, verrou=False) -> Scrutin:
    """The same, as long as it may change. Raises EtapeImpossible."""
    scrutin = le_scrutin(request, slug, verrou=verrou)
    if not peut_composer(scrutin, request.user):
        raise EtapeImpossible(str(DEJA_ANNONCE))
    return scrutin


def fil_du_bureau() -> list[dict[str, Any]]:
    return [{"texte": _("Préparer des votes"), "url": reverse("votes:bureau")}]


def fil_de(scrutin: Scrutin, *suite: str) -> list[dict[str, Any]]:
    composer_ = {"texte": scrutin.titre, "ecrit": True, "url": reverse("votes:composer", args=[scrutin.slug])}
    return [*fil_du_bureau(), composer_, *({"texte": texte} for texte in suite)]


def exiger_un_bureau(personne) -> None:
    if not peut_creer(personne) and not Projet.objects.filter(referente=personne).exists():
        raise PermissionDenied(_("Ce bureau est celui des agents et des personnes référentes d’un projet."))


def confirmer(request, scrutin, *, titre, question, texte_action, statut=200, **autres):
    """A page that asks before it takes out."""
    contexte = {
        "scrutin": scrutin,
        "titre": titre,
        "question": question,
        "texte_action": texte_action,
        "explication": "",
        "formulaire": None,
        "retour": reverse("votes:composer", args=[scrutin.slug]),
        "fil": fil_de(scrutin, titre),
        **autres,
    }
    return render(request, "votes/composer/confirmer.html", contexte, status=statut)


# --- The list --------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def bureau(request):
    """What this person conducts, the latest first, by state; and the studies that are late."""
    exiger_un_bureau(request.user)
    siens = Scrutin.objects.visibles_par(request.user).a_conduire_par(request.user)
    nombres = dict(siens.order_by().values_list("etat").annotate(n=Count("pk")))
    etat = request.GET.get("etat", "")
    if etat in Scrutin.Etat.values:
        siens = siens.filter(etat=etat)
    page = Paginator(siens.pour_liste().order_by("-ouvre_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "retards": _retards(request.user),
        "peut_reprendre": peut_creer(request.user),
        "onglets": [
            {"libelle": _("Tous"), "url": "?", "actif": etat not in nombres, "nb": sum(nombres.values())},
            *(
                {"libelle": e.label, "url": f"?etat={e.value}", "actif": etat == e.value, "nb": nombres[e.value]}
                for e in Scrutin.Etat
                if nombres.get(e.value)
            ),
        ],
        "fil": [{"texte": _("Préparer des votes")}],
    }
    return render(request, "votes/composer/bureau.html", contexte)


def _retards(personne):
    """Studies that should have come, oldest first."""
    conduits = Scrutin.objects.a_conduire_par(personne).filter(etat=Scrutin.Etat.BROUILLON).values("pk")
    attendues = Etude.objects.attendues().filter(attendue_le__lt=timezone.localdate(), option__scrutin__in=conduits)
    return attendues.select_related("service", "option__scrutin").order_by("attendue_le", "pk")[:PAR_PAGE]


# --- Its words and dates -----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def creer(request):
    """A new one, alone or of the stage that `etape` names."""
    exiger_un_bureau(request.user)
    form = CreerForm(request.POST or None, par=request.user, initial=_depart(request))
    if request.method == "POST" and form.is_valid():
        scrutin = composition.creer(Scrutin(**form.valeurs()), par=request.user)
        messages.success(request, _("Le vote est créé. Personne d’autre que l’équipe ne le voit."))
        return redirect("votes:composer", slug=scrutin.slug)
    contexte = {"form": form, "scrutin": None, "fil": [*fil_du_bureau(), {"texte": _("Nouveau vote")}]}
    return render(request, "votes/composer/regles.html", contexte, status=422 if form.errors else 200)


def _depart(request) -> dict[str, Any]:
    """What the form starts from: the stage that the person came from, and its dates."""
    pk = request.GET.get("etape", "")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 18):
        return {}
    etape = Etape.objects.filter(pk=pk, projet__in=Projet.objects.visibles_par(request.user)).first()
    if etape is None:
        return {}
    return {"etape": etape.pk, "ouvre_le": max(etape.ouvre_le, timezone.now()), "ferme_le": etape.ferme_le}


@login_required
@require_http_methods(["GET", "POST"])
def regles(request, slug):
    with transaction.atomic():
        scrutin = a_composer(request, slug, verrou=request.method == "POST")
        form = ReglesForm(request.POST if request.method == "POST" else None, instance=scrutin, par=request.user)
        if request.method == "POST" and form.is_valid():
            changes = composition.regler(scrutin, par=request.user, valeurs=form.valeurs())
            return _enregistre(request, scrutin, changes)
    # The instance now carries what was typed: the page around the form shows what stands.
    scrutin = le_scrutin(request, slug)
    contexte = {"form": form, "scrutin": scrutin, "fil": fil_de(scrutin, _("Les mots et les dates"))}
    return render(request, "votes/composer/regles.html", contexte, status=422 if form.errors else 200)


def _enregistre(request, scrutin, changes):
    messages.success(request, _("C’est enregistré.") if changes else _("Rien n’a changé."))
    return redirect("votes:composer", slug=scrutin.slug)


@login_required
@require_http_methods(["GET", "POST"])
def facon(request, slug):
    """How people vote and how it is counted: GET chooses (`regle`, `forme`) and shows what goes with them; POST writes."""
    with transaction.atomic():
        scrutin = a_composer(request, slug, verrou=request.method == "POST")
        regle, forme = regle_et_forme(request.POST if request.method == "POST" else request.GET, scrutin)
        form = FaconForm(request.POST if request.method == "POST" else None, scrutin=scrutin, regle=regle, forme=forme)
        if request.method == "POST" and form.is_valid():
            changes = composition.regler(scrutin, par=request.user, valeurs=form.valeurs())
            return _enregistre(request, scrutin, changes)
    contexte = {
        "form": form,
        "scrutin": scrutin,
        "regles": Scrutin.Regle.choices,
        "formes": [(forme_, Scrutin.Forme(forme_).label) for forme_ in FORMES_DE[regle]],
        "regle": regle,
        "forme": forme,
        "conseil": parts_egales_et_peu_de_choix() if regle == Scrutin.Regle.PARTS_EGALES else "",
        "fil": fil_de(scrutin, _("Voter et compter")),
    }
    return render(request, "votes/composer/facon.html", contexte, status=422 if form.errors else 200)


@login_required
@require_POST
def dupliquer(request, slug):
    copie = composition.dupliquer(le_scrutin(request, slug), par=request.user)
    messages.success(
        request, _("Voici la copie, avec les mêmes règles et la même liste. Vérifiez son titre et ses dates.")
    )
    return redirect("votes:regles", slug=copie.slug)


# --- Envelopes -------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def enveloppes(request, slug):
    """Those of the vote; POST adds one for each of some places."""
    scrutin = a_composer(request, slug)
    form = EnveloppesForm(request.POST if request.method == "POST" else None, scrutin=scrutin)
    if request.method == "POST" and form.is_valid():
        neuves = composition.ajouter_enveloppes(
            scrutin, list(form.cleaned_data["territoires"]), form.cleaned_data.get("budget"), par=request.user
        )
        messages.success(
            request,
            ngettext("%(n)s enveloppe est ajoutée.", "%(n)s enveloppes sont ajoutées.", len(neuves))
            % {"n": len(neuves)},
        )
        return redirect("votes:enveloppes", slug=slug)
    contexte = {
        "scrutin": scrutin,
        "enveloppes": scrutin.enveloppes.annotate(nb=Count("options")),
        "form": form,
        "fil": fil_de(scrutin, _("Les enveloppes")),
    }
    return render(request, "votes/composer/enveloppes.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def enveloppe(request, slug, pk):
    with transaction.atomic():
        scrutin = a_composer(request, slug, verrou=request.method == "POST")
        objet = get_object_or_404(Enveloppe.objects.select_related("scrutin"), scrutin=scrutin, pk=pk)
        form = EnveloppeForm(request.POST if request.method == "POST" else None, instance=objet)
        if request.method == "POST" and form.is_valid():
            composition.modifier_enveloppe(objet, par=request.user, valeurs=form.valeurs())
            messages.success(request, _("C’est enregistré."))
            return redirect("votes:enveloppes", slug=slug)
    contexte = {"scrutin": scrutin, "form": form, "fil": fil_de(scrutin, _("Une enveloppe"))}
    return render(request, "votes/composer/enveloppe.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def retirer_enveloppe(request, slug, pk):
    scrutin = a_composer(request, slug)
    objet = get_object_or_404(Enveloppe, scrutin=scrutin, pk=pk)
    explication, statut = "", 200
    if request.method == "POST":
        try:
            composition.retirer_enveloppe(objet, par=request.user)
        except EtapeInvalide as refus:
            explication, statut = str(refus), 422
        else:
            messages.success(request, _("L’enveloppe « %(nom)s » est retirée.") % {"nom": objet.nom})
            return redirect("votes:enveloppes", slug=slug)
    return confirmer(
        request,
        scrutin,
        titre=_("Retirer une enveloppe"),
        question=en_phrase(_("Retirer l’enveloppe « %(nom)s » ?"), nom=ecrit_ici(objet.nom)),
        texte_action=_("Retirer cette enveloppe"),
        explication=explication,
        retour=reverse("votes:enveloppes", args=[slug]),
        statut=statut,
    )


# --- The page that holds it all ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def composer(request, slug):
    """The list of options, what is still missing, the rules as sentences, and the announcement. POST: move one option."""
    if request.method == "POST":
        return _deplacer(request, slug)
    return montrer(request, le_scrutin(request, slug))


def _deplacer(request, slug):
    scrutin = a_composer(request, slug)
    geste, _deux_points, cle = request.POST.get("geste", "").partition(":")
    option = scrutin.options.filter(cle=cle).first()
    if geste not in SENS or option is None:
        raise Http404
    try:
        composition.deplacer(option, SENS[geste], par=request.user, liste_lue=request.POST.get("liste", ""))
    except EtapeImpossible as refus:
        return montrer(request, scrutin, refus=str(refus), statut=refus.statut)
    return redirect(f"{reverse('votes:composer', args=[slug])}#option-{cle}")


def montrer(request, scrutin, *, refus="", statut=200):
    en_preparation = scrutin.etat == Scrutin.Etat.BROUILLON
    options = list(options_de(scrutin))
    contexte = {
        "scrutin": scrutin,
        "en_preparation": en_preparation,
        "options": options,
        "liste": composition.empreinte_de_la_liste(options),
        "enveloppes": scrutin.enveloppes.annotate(nb=Count("options"))
        .select_related("territoire")
        .defer("territoire__contour"),
        "manques": defauts(scrutin) if en_preparation else [],
        "conseils": conseils(scrutin) if en_preparation else [],
        "phrases": phrases(scrutin),
        "retirables": not en_preparation and bool(options) and peut_retirer(options[0], request.user),
        "transitions": transitions_ouvertes(scrutin, request.user),
        "peut_dupliquer": peut_dupliquer(scrutin, request.user),
        "refus": refus,
        "fil": [*fil_du_bureau(), {"texte": scrutin.titre, "ecrit": True}],
    }
    return render(request, "votes/composer/composer.html", contexte, status=statut)


def options_de(scrutin: Scrutin):
    """Options with everything that the desk shows of them, in a constant number of queries."""
    etudes = Etude.objects.select_related("service").order_by("service__nom", "pk")
    return (
        Option.objects.filter(scrutin=scrutin)
        .select_related("enveloppe", "territoire", "idee", "scrutin__etape__projet")
        .defer("territoire__contour")
        .prefetch_related(Prefetch("etudes", etudes))
    )


@login_required
@require_GET
def apercu(request, slug):
    """The rules and the ballot as people will have them, before anybody does."""
    scrutin = le_scrutin(request, slug)
    contexte = {
        "scrutin": scrutin,
        "phrases": phrases(scrutin),
        "enveloppes": scrutin.enveloppes.prefetch_related(
            Prefetch("options", Option.objects.en_lice().select_related("territoire").defer("territoire__contour"))
        ),
        "moments": moments_de(scrutin),
        "fil": fil_de(scrutin, _("Aperçu")),
    }
    return render(request, "votes/composer/apercu.html", contexte)
