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
from idees.cadence import DEPOTS
from idees.depositaires import personne_de, tenir
from idees.forms import DeposerForm
from idees.models import Depot, Idee
from idees.permissions import peut_proposer
from idees.views.fil import debut_du_fil
from socle import qr
from socle.cadence import CacheIndisponible, empreinte_de
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite

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
    form = DeposerForm(request.POST or None, pour=idee.pk)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            return _deposer(request, idee, personne, form)
        except (EtapeImpossible, EtapeInterdite, TropVite) as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
    contexte = {"idee": idee, "form": form, "fil": [debut_du_fil(), {"texte": _("Envoyer sans compte")}]}
    return render(request, "idees/depots/deposer.html", contexte, status=statut if form.errors else 200)


def _deposer(request, idee, personne, form) -> HttpResponse:
    if not Depot.objects.filter(idee=idee).exists():  # sent twice, it counts once
        _freiner(request)
    depot = depots.deposer(idee, par=personne, mot=form.mot, nom=form.cleaned_data["nom"], **form.contact())
    tenir(request, idee)
    return montrer_le_recu(request, depot, form.mot)


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
