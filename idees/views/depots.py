"""The last step of an idea without an account, and its receipt: the one page that shows the secret."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from idees import depots, secret
from idees.avant_envoi import faut_il_regarder
from idees.cadence import DEPOTS
from idees.completude import manques_de
from idees.depositaires import personne_de, tenir
from idees.forms import DeposerForm
from idees.models import Depot, Idee
from idees.permissions import peut_proposer
from idees.views.fil import debut_du_fil
from socle import qr
from socle.cadence import CacheIndisponible, empreinte_de
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite

CLE_CONTACT = "idees_contact"
CHAMPS_GARDES = ("nom", "courriel", "adresse_postale")

#: A page that holds a secret, or what one opens: no copy of it stays anywhere.
sans_trace = cache_control(no_store=True, private=True)


@sans_trace
@sensitive_post_parameters("jeton", "courriel", "adresse_postale")
@require_http_methods(["GET", "POST"])
def deposer(request, pk):
    """From the draft that this browser holds to an idea that waits to be read, with number and secret."""
    personne = personne_de(request)
    visibles = Idee.objects.visibles_par(personne).select_related("boite__etape__projet", "boite__territoire", "depot")
    idee = get_object_or_404(visibles.filter(auteur__isnull=True, pk__in=getattr(personne, "tenues", ())), pk=pk)
    deja = getattr(idee, "depot", None)
    if request.method == "GET" and deja is not None:
        return redirect("idees:suivi", pk=idee.pk)
    if idee.etat == Idee.Etat.BROUILLON and not peut_proposer(idee.boite, personne):
        return render(request, "idees/fermee.html", {"boite": idee.boite}, status=403)
    if request.method == "GET" and idee.etat == Idee.Etat.BROUILLON:
        if manques_de(idee):
            return redirect(idee.adresse_pour_corriger("soumettre"))
        if faut_il_regarder(request, idee, idee.titre, idee.texte):
            return redirect("idees:regarder", pk=idee.pk)
    form = DeposerForm(request.POST or None, pour=idee.pk, initial=_contact_garde(request, idee))
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            return _deposer(request, idee, personne, form)
        except (EtapeImpossible, EtapeInterdite, TropVite) as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        except EtapeInvalide:
            _garder_le_contact(request, idee, form)
            return redirect(idee.adresse_pour_corriger("soumettre"))
    contexte = {"idee": idee, "form": form, "fil": [debut_du_fil(), {"texte": _("Envoyer sans compte")}]}
    return render(request, "idees/depots/deposer.html", contexte, status=statut if form.errors else 200)


def _deposer(request, idee, personne, form) -> HttpResponse:
    if not Depot.objects.filter(idee=idee).exists():  # sent twice, it counts once
        _freiner(request)
    depot = depots.deposer(idee, par=personne, mot=form.mot, nom=form.cleaned_data["nom"], **form.contact())
    tenir(request, idee)
    request.session.pop(CLE_CONTACT, None)
    return montrer_le_recu(request, depot, form.mot)


def _garder_le_contact(request, idee, form) -> None:
    """While she completes her idea; forgotten when it leaves, or with the visit."""
    request.session[CLE_CONTACT] = {"idee": idee.pk, "nom": form.cleaned_data["nom"], **form.contact()}


def _contact_garde(request, idee) -> dict:
    garde = request.session.get(CLE_CONTACT, {})
    return {nom: garde[nom] for nom in CHAMPS_GARDES} if garde.get("idee") == idee.pk else {}


def _freiner(request) -> None:
    """A dead cache lets ideas in: they are all read before they are published."""
    try:
        attente = DEPOTS.compter(empreinte_de(request))
    except CacheIndisponible:
        return
    if attente:
        raise TropVite(
            _("Beaucoup d’idées viennent de votre connexion. Attendez %(n)s min, ou proposez avec un compte.")
            % {"n": -(-attente // 60)}
        )


def montrer_le_recu(request, depot, mot, **contexte) -> HttpResponse:
    """The receipt: number, secret, way back. In answer to a POST, so that neither address nor history holds it."""
    adresse = f"{settings.ADRESSE}{reverse('idees:suivre')}"
    contexte |= {
        "depot": depot,
        "idee": depot.idee,
        "mot": secret.en_groupes(mot),
        "adresse": adresse,
        "qr": qr.dessiner(f"{adresse}?numero={depot.numero}", _("Code QR : ouvrir la page de suivi")),
        "fil": [debut_du_fil(), {"texte": _("Votre reçu")}],
        "pour_autrui": est_connectee(request.user),
    }
    return render(request, "idees/depots/recu.html", contexte)
