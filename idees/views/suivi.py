"""Coming back without an account: follow, correct, withdraw, attach to an account, let go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from idees import depots
from idees.depositaires import lacher, personne_de, tenir
from idees.forms import ContactForm, OuvrirForm
from idees.lignee import mene_a
from idees.models import Depot, Fusion, Idee
from idees.permissions import peut_corriger, peut_modifier
from idees.views.depots import sans_trace
from idees.views.fil import debut_du_fil
from moderation.models import Decision
from reponses.models import Reponse
from socle.cadence import empreinte_de
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, transitions_ouvertes


@sans_trace
@sensitive_post_parameters("mot")
@require_http_methods(["GET", "POST"])
def suivre(request):
    """Number and secret open the follow page in this browser."""
    form, statut = _formulaire_d_ouverture(request), 200
    if request.method == "POST":
        depot, statut = _essayer(request, form)
        if depot is not None:
            return _entrer(request, depot)
    personne = personne_de(request)
    contexte = {
        "form": form,
        "tenues": Depot.objects.filter(idee__in=getattr(personne, "tenues", ())).select_related("idee"),
        "fil": [debut_du_fil(), {"texte": _("Suivre mon idée")}],
    }
    return render(request, "idees/depots/suivre.html", contexte, status=statut)


def _formulaire_d_ouverture(request) -> OuvrirForm:
    """The number may come from the QR code of a receipt."""
    numero = request.GET.get("numero", "")
    return OuvrirForm(
        request.POST if request.method == "POST" else None,
        initial={"numero": numero} if numero.isascii() and numero.isdecimal() and len(numero) < 11 else None,
    )


def _essayer(request, form) -> tuple[Depot | None, int]:
    """(deposit, 200), or (None, status) with one sentence in the form: the same for a wrong number or a wrong secret."""
    if not form.is_valid():
        return None, 422
    try:
        depot = depots.ouvrir(form.cleaned_data["numero"], form.cleaned_data["mot"], reseau=empreinte_de(request))
    except depots.MauvaisSecret:
        form.add_error(None, _("Ce numéro et ce secret ne vont pas ensemble. Vérifiez les deux, puis réessayez."))
        return None, 422
    except TropVite as refus:
        form.add_error(None, str(refus))
        return None, refus.statut
    return depot, 200


def _entrer(request, depot):
    """This browser holds the idea; an account attaches it, or reads it as everybody does."""
    if request.user.is_authenticated:
        messages.info(request, _("Vous êtes connecté : rattachez cette idée à votre compte pour la suivre ici."))
        return redirect(f"{reverse('idees:rattacher')}?numero={depot.numero}")
    request.session.cycle_key()
    tenir(request, depot.idee)
    return redirect("idees:suivi", pk=depot.numero)


@sans_trace
@require_http_methods(["GET", "POST"])
def suivre_par_lien(request, jeton):
    """From a mail. Mail programs open every link: opening this one changes nothing, its button does."""
    depot = depots.depot_du_lien(jeton)
    if request.method == "POST" and depot is not None:
        return _entrer(request, depot)
    contexte = {"depot": depot, "jeton": jeton, "fil": [debut_du_fil(), {"texte": _("Suivre mon idée")}]}
    return render(request, "idees/depots/suivre_par_lien.html", contexte, status=200 if depot else 404)


@csrf_exempt  # mail programs post here for their reader: the signed link is what proves who asks
@require_http_methods(["GET", "POST"])
def arreter_les_courriels(request, jeton):
    try:
        numero = depots.numero_a_arreter(jeton)
    except BadSignature:
        raise Http404 from None
    if request.method == "POST":
        depots.arreter_les_courriels(numero)
    contexte = {"numero": numero, "jeton": jeton, "fait": request.method == "POST"}
    return render(request, "idees/depots/arreter.html", contexte)


# --- What this browser holds -------------------------------------------------------------------------------------


def _depot_tenu(request, pk) -> Depot:
    personne = personne_de(request)
    tenus = Depot.objects.filter(idee__in=getattr(personne, "tenues", ()))
    return get_object_or_404(tenus.select_related("idee__boite", "idee__territoire", "idee__thematique"), idee__pk=pk)


@sans_trace
@require_GET
def suivi(request, pk):
    """What became of it, with what only its author may read: the reasons of moderation."""
    depot = _depot_tenu(request, pk)
    personne, idee = personne_de(request), depot.idee
    idee.depot = depot
    contexte = {
        "depot": depot,
        "idee": idee,
        "decisions": Decision.objects.sur(idee),
        "echeance": idee.echeances.select_related("service").first(),
        "reponses": _reponses(idee),
        "propositions": Fusion.objects.autour(idee).filter(etat=Fusion.Etat.PROPOSEE).order_by("proposee_le", "pk"),
        "rattachable": idee.etat != Idee.Etat.FUSIONNEE,
        "etapes": transitions_ouvertes(idee, personne),
        "peut_modifier": peut_modifier(idee, personne) or peut_corriger(idee, personne),
        "contact": ContactForm(initial={"courriel": depot.courriel, "adresse_postale": depot.adresse_postale}),
        "fil": [
            debut_du_fil(),
            {"texte": _("Suivre mon idée"), "url": reverse("idees:suivre")},
            {"texte": idee.titre, "ecrit": True},
        ],
    }
    return render(request, "idees/depots/suivi.html", contexte)


def _reponses(idee):
    """Those of the idea that carries this one."""
    ici = ContentType.objects.get_for_model(Idee)
    return Reponse.objects.publiees().filter(cible_type=ici, cible_id=mene_a([idee])[idee.pk]).order_by("pk")


@sans_trace
@sensitive_post_parameters("courriel", "adresse_postale")
@require_POST
def contact(request, pk):
    """Correct, add or erase how we write to her."""
    depot = _depot_tenu(request, pk)
    form = ContactForm(request.POST)
    if not form.is_valid():
        contexte = {"depot": depot, "idee": depot.idee, "form": form, "fil": [debut_du_fil()]}
        return render(request, "idees/depots/contact.html", contexte, status=422)
    depots.changer_le_contact(depot, **form.contact())
    messages.success(request, _("Vos coordonnées sont enregistrées."))
    return redirect("idees:suivi", pk=depot.numero)


@require_POST
def laisser(request, pk):
    """« Ce n’est pas mon appareil »: this browser holds the idea no longer."""
    lacher(request, get_object_or_404(Idee.objects.visibles_par(personne_de(request)), pk=pk))
    messages.success(
        request, _("C’est fait : cet appareil ne connaît plus votre idée. Le numéro et le secret la rouvrent ailleurs.")
    )
    return redirect("idees:suivre")


@sans_trace
@login_required
@sensitive_post_parameters("mot")
@require_http_methods(["GET", "POST"])
def rattacher(request):
    """Number and secret once more: from now on the account is its author."""
    form, statut = _formulaire_d_ouverture(request), 200
    if request.method == "POST":
        depot, statut = _essayer(request, form)
        if depot is not None:
            try:
                soutenait = depots.rattacher(depot, par=request.user)
            except (EtapeImpossible, EtapeInterdite) as refus:
                form.add_error(None, str(refus))
                statut = refus.statut
            else:
                lacher(request, depot.idee)
                messages.success(request, _dire_le_rattachement(soutenait))
                return redirect(depot.idee)
    contexte = {"form": form, "fil": [debut_du_fil(), {"texte": _("Rattacher une idée à mon compte")}]}
    return render(request, "idees/depots/rattacher.html", contexte, status=statut)


def _dire_le_rattachement(soutenait: bool) -> str:
    fait = _("Cette idée est maintenant dans votre espace. Le secret ne sert plus, vos coordonnées sont effacées.")
    if soutenait:
        fait += " " + _("Vous la souteniez : votre soutien est retiré, car on ne soutient pas sa propre idée.")
    return fait
