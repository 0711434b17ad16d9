"""The list of options of a vote: added by hand, from ideas, from a file; one by one; taken out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from idees.models import Boite
from socle.templatetags.composants import ecrit_ici, en_phrase
from timeline.etapes import EtapeImpossible, EtapeInvalide
from votes import composition
from votes.forms import IdeesForm, ListeForm, OptionForm, RetraitForm, TableauForm
from votes.listes import COLONNES
from votes.models import Scrutin
from votes.views.composer import a_composer, confirmer, fil_de, le_scrutin

IDEES_MAX = 300  # of one box, on one page


def _ajoutees(request, scrutin, options):
    messages.success(
        request,
        ngettext("%(n)s proposition est ajoutée.", "%(n)s propositions sont ajoutées.", len(options))
        % {"n": len(options)},
    )
    return redirect("votes:composer", slug=scrutin.slug)


def _ajouter(request, slug, classe, *, titre, gabarit):
    """A form that gives unsaved `options`, and the list that takes them."""
    scrutin = a_composer(request, slug)
    donnees = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = classe(*donnees, scrutin=scrutin)
    if request.method == "POST" and form.is_valid():
        try:
            return _ajoutees(request, scrutin, composition.ajouter(scrutin, form.options, par=request.user))
        except EtapeInvalide as refus:
            form.add_error(None, str(refus))
    contexte = {"scrutin": scrutin, "form": form, "colonnes": list(COLONNES), "fil": fil_de(scrutin, titre)}
    return render(request, gabarit, contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def ajouter(request, slug):
    """Typed by hand or pasted, one a line."""
    return _ajouter(
        request, slug, ListeForm, titre=_("Ajouter des propositions"), gabarit="votes/composer/ajouter.html"
    )


@login_required
@require_http_methods(["GET", "POST"])
def depuis_un_fichier(request, slug):
    return _ajouter(
        request, slug, TableauForm, titre=_("Ajouter depuis un fichier"), gabarit="votes/composer/fichier.html"
    )


@login_required
@require_http_methods(["GET", "POST"])
def depuis_les_idees(request, slug):
    """GET chooses a box (`boite`), then its retained ideas; POST puts them to the vote."""
    scrutin = a_composer(request, slug)
    boites = _boites(request.user)
    boite = boites.filter(slug=request.GET.get("boite", "")).first()
    contexte = {
        "scrutin": scrutin,
        "boites": boites,
        "boite": boite,
        "fil": fil_de(scrutin, _("Ajouter des idées retenues")),
    }
    if boite is None:
        return render(request, "votes/composer/idees.html", contexte)
    deja = set(scrutin.options.filter(idee__isnull=False).values_list("idee", flat=True))
    toutes = composition.idees_a_soumettre(request.user, boite).order_by("titre", "pk")
    form = IdeesForm(request.POST if request.method == "POST" else None, idees=toutes.exclude(pk__in=deja))
    if request.method == "POST" and form.is_valid():
        try:
            options = composition.ajouter_les_idees(scrutin, form.cleaned_data["idees"], par=request.user)
            return _ajoutees(request, scrutin, options)
        except EtapeInvalide as refus:
            form.add_error(None, str(refus))
    cochees = set(request.POST.getlist("idees"))
    lignes = [(idee, idee.pk in deja, str(idee.pk) in cochees) for idee in toutes[:IDEES_MAX]]
    contexte |= {"form": form, "lignes": lignes, "reste": any(not prise for _idee, prise, _cochee in lignes)}
    return render(request, "votes/composer/idees.html", contexte, status=422 if form.errors else 200)


def _boites(personne):
    """Boxes that she sees, with how many ideas of each may be put to the vote."""
    retenues = Q(idees__etat__in=composition.ETATS_RETENUS, idees__masquee_le__isnull=True)
    boites = Boite.objects.visibles_par(personne).annotate(nb_retenues=Count("idees", filter=retenues))
    return boites.filter(nb_retenues__gt=0).order_by("-pk")


@login_required
@require_http_methods(["GET", "POST"])
def option(request, slug, cle):
    with transaction.atomic():
        scrutin = a_composer(request, slug, verrou=request.method == "POST")
        objet = get_object_or_404(scrutin.options.select_related("enveloppe", "idee"), cle=cle)
        objet.scrutin = scrutin
        donnees = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = OptionForm(*donnees, instance=objet, par=request.user, initial={"idee": objet.idee_id or ""})
        if request.method == "POST" and form.is_valid():
            changes = composition.modifier(objet, par=request.user, valeurs=form.valeurs())
            messages.success(request, _("C’est enregistré.") if changes else _("Rien n’a changé."))
            return redirect(f"{reverse('votes:composer', args=[slug])}#option-{cle}")
    actuelle = scrutin.options.get(pk=objet.pk)  # the instance of the form carries what was typed
    contexte = {"scrutin": scrutin, "option": actuelle, "form": form, "fil": fil_de(scrutin, actuelle.titre)}
    return render(request, "votes/composer/option.html", contexte, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def retirer(request, slug, cle):
    """Out of a list in preparation, without a trace; out of an announced one, with a reason for everybody."""
    scrutin = le_scrutin(request, slug)
    objet = get_object_or_404(scrutin.options, cle=cle)
    objet.scrutin = scrutin
    if scrutin.etat == Scrutin.Etat.BROUILLON:
        return _enlever(request, scrutin, objet)
    if not composition.peut_retirer(objet, request.user):
        raise EtapeImpossible(
            _("On retire une proposition, avec une raison publique, entre l’annonce du vote et sa fin.")
        )
    form = RetraitForm(request.POST if request.method == "POST" else None)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            composition.retirer(objet, motif=form.cleaned_data["motif"], par=request.user)
        except EtapeInvalide as refus:
            form.add_error(refus.champ, str(refus))
        else:
            messages.success(request, _("La proposition est retirée, et la chronologie dit pourquoi."))
            return redirect("votes:composer", slug=slug)
    return confirmer(
        request,
        scrutin,
        titre=_("Retirer une proposition"),
        question=en_phrase(_("Retirer « %(titre)s » du vote ?"), titre=ecrit_ici(objet.titre)),
        explication=_(
            "Elle reste sur la page du vote, dans la liste des propositions et dans les résultats, barrée, avec votre raison. "
            "Les bulletins qui la nomment comptent pour le reste. Elle ne reviendra pas."
        ),
        texte_action=_("Retirer cette proposition"),
        formulaire=form,
        statut=statut if form.errors else 200,
    )


def _enlever(request, scrutin, objet):
    if request.method == "POST":
        composition.enlever(objet, par=request.user)
        messages.success(request, _("« %(titre)s » n’est plus dans la liste.") % {"titre": objet.titre})
        return redirect("votes:composer", slug=scrutin.slug)
    return confirmer(
        request,
        scrutin,
        titre=_("Enlever une proposition"),
        question=en_phrase(_("Enlever « %(titre)s » de la liste ?"), titre=ecrit_ici(objet.titre)),
        explication=_("Ses études sont perdues avec elle. L’idée d’origine, s’il y en a une, ne change pas."),
        texte_action=_("Enlever cette proposition"),
    )
