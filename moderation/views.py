from functools import wraps

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from moderation import actions, cadence, files
from moderation.forms import ExplicationForm, MotifForm, SignalementForm
from moderation.lecture import jugeables_par
from moderation.models import Decision, Motif, modeles_moderables
from moderation.permissions import peut_moderer, peut_signaler
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite

PAR_PAGE = 50
SIGNALEMENTS = "signalements"
MASQUEES = "masquees"


def moderation_requise(vue):
    """Signed in, and a moderator: 403 for the others, who may know that the page exists."""

    @login_required
    @wraps(vue)
    def gardee(request, *args, **kwargs):
        if not request.user.est_moderatrice:
            raise PermissionDenied(_("Cette page est réservée à la modération."))
        return vue(request, *args, **kwargs)

    return gardee


# --- The queue ---------------------------------------------------------------------------------------------------


@moderation_requise
@require_GET
def file(request):
    """What waits, oldest first, one queue at a time; without a choice, the first that is not empty."""
    attentes = files.attentes(request.user)
    par_modele = {f.modele: f for f, _nb in attentes}
    nb_signalees = files.nb_signalees()
    choix = request.GET.get("file", "")
    if choix not in {SIGNALEMENTS, MASQUEES, *par_modele}:
        choix = next((f.modele for f, nb in attentes if nb), SIGNALEMENTS)
    numero = request.GET.get("page")
    if choix == SIGNALEMENTS:
        page = files.page_de_signalements(request.user, numero)
    elif choix == MASQUEES:
        page = _page_des_masquees(request.user, numero)
    else:
        page = files.page_de_relecture(par_modele[choix], request.user, numero)
    onglets = [_onglet(f.titre, f.modele, choix, nb) for f, nb in attentes]
    onglets.append(_onglet(_("Signalements"), SIGNALEMENTS, choix, nb_signalees))
    onglets.append(_onglet(_("Contributions masquées"), MASQUEES, choix))
    contexte = {
        "onglets": onglets,
        "page": page,
        "choix": choix,
        "masquees": choix == MASQUEES,
        "suite": request.get_full_path(),
        "fil": [{"texte": _("Modération")}],
    }
    return render(request, "moderation/file.html", contexte)


def _onglet(libelle, modele, choix, nb=None):
    return {
        "libelle": libelle,
        "url": f"{reverse('moderation:file')}?file={modele}",
        "actif": modele == choix,
        "nb": nb,
    }


def _page_des_masquees(personne, numero):
    decisions = Decision.objects.qui_masquent().select_related("cible_type").prefetch_related("cible")
    page = Paginator(decisions, files.PAR_PAGE).get_page(numero)
    page.object_list = list(page.object_list)
    visibles = files.preparer_la_lecture([d.cible for d in page.object_list], personne)
    for decision in page.object_list:
        cible = decision.cible
        decision.gabarit, decision.surtitre = files.gabarit_de(cible), files.numero_de(cible)
        decision.est_visible = (cible._meta.label_lower, cible.pk) in visibles
        decision.peut_retablir = decision.est_visible and peut_moderer(cible, personne)
    return page


# --- Hide and show again -----------------------------------------------------------------------------------------


@moderation_requise
@require_http_methods(["GET", "POST"])
def masquer(request, modele, pk):
    """Hide something that nobody reported, with its reasons."""
    objet = _contribution(modele, pk, jugeables_par, request.user)
    return _decider(request, objet, MotifForm, actions.masquer, "moderation/masquer.html")


@moderation_requise
@require_http_methods(["GET", "POST"])
def retablir(request, modele, pk):
    objet = _contribution(modele, pk, jugeables_par, request.user)
    return _decider(request, objet, ExplicationForm, actions.retablir, "moderation/retablir.html")


def _decider(request, objet, classe, action, gabarit):
    if not peut_moderer(objet, request.user):
        raise EtapeInterdite(
            _("On ne décide pas de ses propres mots : une autre personne de la modération doit le faire.")
        )
    form = classe(request.POST or None, objet=objet, par=request.user)
    if request.method == "POST" and form.is_valid():
        decision = action(objet, par=request.user, **form.cleaned_data)
        messages.success(request, _("C’est fait. La personne est prévenue, avec vos raisons."))
        return redirect(decision)
    contexte = {
        "objet": objet,
        "form": form,
        "gabarit": files.gabarit_de(objet),
        "retour": reverse("moderation:file"),
        "fil": [_fil_de_la_moderation(), {"texte": str(objet)}],
    }
    return render(request, gabarit, contexte, status=422 if form.errors else 200)


def _fil_de_la_moderation() -> dict:
    return {"texte": _("Modération"), "url": reverse("moderation:file")}


def _visibles_par(modele, personne):
    return modele._default_manager.visibles_par(personne)


def _contribution(modele, pk, lisibles_par, personne):
    """One of those that `lisibles_par(model, person)` gives; 404 for anything else."""
    try:
        classe = apps.get_model(modele)
    except (LookupError, ValueError):
        raise Http404 from None
    if classe not in modeles_moderables():
        raise Http404
    return get_object_or_404(lisibles_par(classe, personne), pk=pk)


# --- Reports -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def signaler(request, modele, pk):
    """Anybody may report what she sees. Nothing is asked of her but the reason and her good faith."""
    objet = _contribution(modele, pk, _visibles_par, request.user)
    if not peut_signaler(objet, request.user):
        raise EtapeInterdite(_("On ne signale pas ses propres mots : vous pouvez les retirer."))
    if objet.est_masquee:
        raise EtapeImpossible(_("La modération a déjà masqué cette contribution."))
    form = SignalementForm(request.POST or None, connectee=est_connectee(request.user))
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            return _enregistrer(request, objet, form)
        except TropVite as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
    contexte = {"objet": objet, "form": form, "fil": [{"texte": _("Signaler")}], "gabarit": files.gabarit_de(objet)}
    return render(request, "moderation/signaler.html", contexte, status=statut if form.errors else 200)


def _enregistrer(request, objet, form):
    if not est_connectee(request.user) and not cadence.compter(request):
        raise TropVite(
            _("Plusieurs signalements sont déjà venus de votre connexion depuis une heure. Revenez un peu plus tard.")
        )
    _signalement, nouveau = actions.signaler(objet, par=request.user, **form.valeurs())
    if nouveau:
        messages.success(request, _("Merci. Votre signalement est bien reçu : une personne va le lire."))
    else:
        messages.info(request, _("Vous avez déjà signalé cette contribution : une personne va lire votre signalement."))
    return redirect(objet)


# --- What everybody, or the author, may read of decisions ---------------------------------------------------------


@require_GET
def registre(request):
    """Every decision, dated, with its reason: no name, and no word of what was hidden."""
    page = Paginator(Decision.objects.select_related("cible_type").order_by("-le", "-pk"), PAR_PAGE).get_page(
        request.GET.get("page")
    )
    comptes = (
        Decision.objects.exclude(motif="").order_by().values("motif").annotate(nb=Count("pk")).order_by("-nb", "motif")
    )
    motifs = [
        {"libelle": Motif(ligne["motif"]).label, "nb": ligne["nb"]}
        for ligne in comptes
        if ligne["motif"] in Motif.values
    ]
    contexte = {"page": page, "motifs": motifs, "fil": [{"texte": _("Registre de la modération")}]}
    return render(request, "moderation/registre.html", contexte)


@require_GET
def decision(request, pk):
    """The statement of reasons, for the author of the words and for moderators."""
    trouvee = get_object_or_404(Decision.objects.visibles_par(request.user).select_related("cible_type"), pk=pk)
    objet = trouvee.cible
    derniere = Decision.objects.sur(objet).order_by("-pk").first() if objet is not None else trouvee
    contexte = {
        "decision": trouvee,
        "objet": objet,
        "gabarit": files.gabarit_de(objet) if objet is not None else None,
        "suivante": derniere if derniere.pk != trouvee.pk else None,
        "peut_retablir": objet is not None and objet.est_masquee and peut_moderer(objet, request.user),
        "fil": [{"texte": _("Décision de modération")}],
    }
    return render(request, "moderation/decision.html", contexte)
