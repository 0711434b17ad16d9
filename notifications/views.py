from ipaddress import ip_address

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comptes.models import Utilisateur
from notifications import cercles
from notifications.abonnements import abonner, desabonner, facon_de, modele_suivable, suit
from notifications.courriels import lire_chose, lire_jeton
from notifications.forms import PreferencesForm
from notifications.models import Abonnement, Courriel, Genre, Notification, Preference
from notifications.templatetags.notifications import contexte_de_suivi
from socle.suite import suite_demandee
from timeline.etapes import EtapeInvalide
from timeline.models import Entree

PAR_PAGE = 20


@login_required
@require_GET
def liste(request):
    miennes = Notification.objects.de(request.user)
    avec_phrases = Prefetch("entree", Entree.objects.pour_affichage())
    pages = Paginator(miennes.prefetch_related(avec_phrases).order_by("-cree_le", "-pk"), PAR_PAGE)
    contexte = {
        "page": pages.get_page(request.GET.get("page")),
        "non_lues": miennes.filter(lue_le__isnull=True).exists(),
    }
    return render(request, "notifications/liste.html", contexte)


@login_required
@require_POST
def tout_lire(request):
    Notification.objects.de(request.user).filter(lue_le__isnull=True).update(lue_le=timezone.now())
    messages.success(request, _("Tout est marqué comme lu."))
    return redirect("notifications:liste")


@login_required
@require_POST
def ouvrir(request, pk):
    """Read one and go where it leads. By POST: following a link changes nothing on this site."""
    notification = get_object_or_404(Notification.objects.de(request.user).select_related("entree"), pk=pk)
    Notification.objects.filter(pk=notification.pk, lue_le__isnull=True).update(lue_le=timezone.now())
    cible = notification.entree.cible
    if cible is not None:
        visibles = getattr(type(cible)._default_manager, "visibles_par", None)
        if visibles is not None and visibles(request.user).filter(pk=cible.pk).exists():
            return redirect(cible.get_absolute_url())
    messages.info(request, _("Cette page n’est plus visible."))
    return redirect("notifications:liste")


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request):
    form = PreferencesForm(request.POST if request.method == "POST" else None, personne=request.user)
    if request.method == "POST" and form.is_valid():
        form.enregistrer()
        messages.success(request, _("Vos choix sont enregistrés."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt  # mail programs post here for their reader: the signed link is what proves who asks
@require_http_methods(["GET", "POST"])
def arreter(request, jeton):
    """Stop one family of mails from the mail itself, or follow one thing less, or no more, without signing in. Opening the
    page changes nothing. What a mail program posts says nothing of the thing: it stops the family."""
    try:
        personne_pk, genre = lire_jeton(jeton)
    except BadSignature:
        raise Http404 from None
    personne = Utilisateur.objects.filter(pk=personne_pk, is_active=True).first()
    if personne is None or genre not in Genre.values:
        raise Http404
    chose = _chose_suivable(personne, jeton)
    fait = request.POST.get("quoi", "genre") if request.method == "POST" else ""
    # The second of two hurried clicks finds nothing to stop: the page that was pressed says what to go back to.
    facon = (facon_de(personne, chose) if chose is not None else None) or request.POST.get("facon")
    if fait in {"chose", "alleger", "reprendre"}:
        if chose is None:
            raise Http404
        _suivre_depuis_un_courriel(personne, chose, fait, request.POST.get("facon"))
    elif fait:
        Preference.objects.update_or_create(personne=personne, genre=genre, defaults={"par_courriel": False})
    contexte = {
        "genre": Genre(genre).label,
        "fait": fait,
        "jeton": jeton,
        "chose": chose,
        "facon": facon,
        "suit_encore": chose is not None and suit(personne, chose),
        "la_soutient": chose is not None and cercles.soutiens(chose).filter(pk=personne.pk).exists(),
    }
    return render(request, "notifications/arreter.html", contexte)


def _suivre_depuis_un_courriel(personne, chose, quoi, facon) -> None:
    """`facon`: the one she had, when she takes it back. Whoever no longer follows is not made to follow less."""
    if quoi == "chose":
        desabonner(personne, chose)
    elif quoi == "reprendre":
        abonner(personne, chose, facon if facon in Abonnement.Facon.values else Abonnement.Facon.PARTICIPE)
    elif suit(personne, chose):
        abonner(personne, chose, Abonnement.Facon.INFORME)


def _chose_suivable(personne, jeton):
    """What the mail told, if she may still read it."""
    lue = lire_chose(jeton)
    classe = modele_suivable(lue[0]) if lue else None
    return classe._default_manager.visibles_par(personne).filter(pk=lue[1]).first() if lue and classe else None


@require_POST
def suivre(request, modele, pk):
    """Follow, in one way or the other, or stop: `action` says what she wants, so that a double click does nothing twice.

    « suivre », of a page opened before there were two ways, is everything.
    """
    classe = modele_suivable(modele)
    if classe is None:
        raise Http404
    cible = get_object_or_404(classe._default_manager.visibles_par(request.user), pk=pk)
    if not request.user.is_authenticated:
        return redirect_to_login(cible.get_absolute_url())
    action = request.POST.get("action")
    if action not in {"suivre", "arreter", *Abonnement.Facon.values}:
        raise EtapeInvalide(
            _("Dites s’il faut suivre, et comment, ou arrêter de suivre."), retour=cible.get_absolute_url()
        )
    if action == "arreter":
        desabonner(request.user, cible)
    else:
        abonner(request.user, cible, Abonnement.Facon.PARTICIPE if action == "suivre" else action)
    if request.htmx:
        # The button that stops is gone: whoever is on the keyboard goes on from the first way.
        contexte = contexte_de_suivi(request, cible) | {"vient": action == "arreter"}
        return render(request, "notifications/_suivre.html", contexte)
    return redirect(suite_demandee(request) or cible)


def _exiger_lisibles(request) -> None:
    """Mails open accounts: they are shown on one's own machine, to this machine, or not at all (404)."""
    if not settings.COURRIELS_LISIBLES or not _vient_d_ici(request):
        raise Http404


def _vient_d_ici(request) -> bool:
    """From this machine itself; a request that a proxy passes on comes from elsewhere, whatever its last step."""
    if {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"} & request.META.keys():
        return False
    try:
        adresse = ip_address(request.META.get("REMOTE_ADDR") or "")
    except ValueError:
        return False
    return (getattr(adresse, "ipv4_mapped", None) or adresse).is_loopback


@require_GET
def courriels(request):
    """Public on purpose in the embedded profile: the mail that confirms a sign-up is read before signing in."""
    _exiger_lisibles(request)
    destinataire = request.GET.get("destinataire", "").strip()[:254]
    trouves = Courriel.objects.defer("texte", "html")
    if destinataire:
        trouves = trouves.filter(destinataire__icontains=destinataire)
    page = Paginator(trouves.order_by("-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/courriels.html", {"page": page, "destinataire": destinataire})


@require_GET
def courriel(request, pk):
    _exiger_lisibles(request)
    return render(request, "notifications/courriel.html", {"courriel": get_object_or_404(Courriel, pk=pk)})
