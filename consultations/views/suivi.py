"""One's own answer: found again, read, corrected, taken back, attached to an account, let go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consultations import participer
from consultations.forms import RetrouverForm
from consultations.models import Participation, Piece
from consultations.participer import MauvaisSecret, relire_ce_qui_compte, relire_la_participation
from consultations.permissions import est_la_repondante, peut_ecrire, peut_retirer, peut_tout_lire
from consultations.repondantes import lacher, personne_de, tenante, tenir
from consultations.views.fil import debut_du_fil
from consultations.views.repondre import resumer, sans_trace
from socle.cadence import empreinte_de
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeRefusee, TropVite


@sans_trace
@sensitive_post_parameters("mot")
@require_http_methods(["GET", "POST"])
def retrouver(request):
    """Number and secret open the answer in this browser; with an account, they may attach it."""
    numero = request.GET.get("numero", "")
    depart = {"numero": numero} if numero.isascii() and numero.isdecimal() and len(numero) < 12 else None
    form = RetrouverForm(request.POST or None, initial=depart)
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            trouvee = participer.retrouver(
                form.cleaned_data["numero"], form.cleaned_data["mot"], reseau=empreinte_de(request)
            )
            return _entrer(request, trouvee)
        except MauvaisSecret:
            form.add_error(None, _("Ce numéro et ce secret ne vont pas ensemble. Relisez votre reçu."))
        except (TropVite, EtapeImpossible, EtapeInterdite) as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
    contexte = {"form": form, "fil": [debut_du_fil(), {"texte": _("Retrouver ma réponse")}]}
    return render(request, "consultations/retrouver.html", contexte, status=statut if form.errors else 200)


def _entrer(request, trouvee):
    if not est_connectee(request.user):
        tenir(request, trouvee)
        return redirect("consultations:participation", numero=trouvee.numero)
    if "rattacher" not in request.POST:
        raise EtapeImpossible(_("Cochez « rattacher à mon compte », ou déconnectez-vous pour la lire sans compte."))
    participer.rattacher(trouvee, par=request.user)
    messages.success(request, _("C’est fait : cette réponse est dans votre espace."))
    return redirect("consultations:participation", numero=trouvee.numero)


def _la_sienne(request, numero, personne=None) -> Participation:
    siennes = Participation.objects.visibles_par(personne or personne_de(request))
    return get_object_or_404(siennes.select_related("consultation__etape__projet", "version"), numero=numero)


@sans_trace
@require_GET
def participation(request, numero):
    """What she answered, in words, and what she may still do with it."""
    trouvee = _la_sienne(request, numero)
    personne = personne_de(request)
    if not trouvee.est_envoyee:
        return redirect("consultations:repondre", slug=trouvee.consultation.slug)
    # Once nothing changes any more, a correction that was begun says nothing: what was sent is what counts.
    en_correction = trouvee.brut is not None and peut_ecrire(trouvee, personne)
    contexte = {
        "participation": trouvee,
        "consultation": trouvee.consultation,
        "resume": _en_resume(trouvee, en_correction) if trouvee.est_comptee else [],
        "pieces": trouvee.pieces.filter(est_posee=True),
        "en_correction": en_correction,
        "peut_taire": trouvee.accord_textes and trouvee.est_comptee,
        "peut_corriger": peut_ecrire(trouvee, personne),
        "peut_retirer": peut_retirer(trouvee, personne),
        "sans_compte": trouvee.personne_id is None,
        "merci": "merci" in request.GET,
        "fil": [
            debut_du_fil(),
            {"texte": trouvee.consultation.titre, "ecrit": True, "url": trouvee.consultation.get_absolute_url()},
            {"texte": _("Ma réponse")},
        ],
    }
    return render(request, "consultations/participation.html", contexte)


def _en_resume(trouvee: Participation, en_correction: bool) -> list[dict]:
    if en_correction:
        return resumer(trouvee.version_ecrite.questionnaire, relire_la_participation(trouvee))
    return resumer(trouvee.version.questionnaire, relire_ce_qui_compte(trouvee))


@sans_trace
@require_POST
def corriger(request, numero):
    """Open the answer again: it counts as it is until the correction is sent."""
    trouvee = _la_sienne(request, numero)
    page = trouvee.consultation.version.questionnaire.pages[0]
    return redirect(f"{_adresse_pour_repondre(trouvee)}?page={page.cle}")


def _adresse_pour_repondre(trouvee: Participation) -> str:
    return f"{trouvee.consultation.get_absolute_url()}repondre/"


@sans_trace
@require_POST
def laisser_la_correction(request, numero):
    trouvee = _la_sienne(request, numero)
    try:
        participer.abandonner_la_correction(trouvee, par=personne_de(request))
        messages.success(request, _("Votre réponse reste comme elle était."))
    except EtapeRefusee as refus:
        messages.error(request, str(refus))
    return redirect("consultations:participation", numero=numero)


@sans_trace
@require_http_methods(["GET", "POST"])
def retirer(request, numero):
    """GET asks; POST takes it back."""
    trouvee = _la_sienne(request, numero)
    if request.method == "GET":
        return render(
            request, "consultations/retirer.html", {"participation": trouvee, "consultation": trouvee.consultation}
        )
    try:
        participer.retirer(trouvee, par=personne_de(request))
    except EtapeRefusee as refus:
        messages.error(request, str(refus))
        return redirect("consultations:participation", numero=numero)
    lacher(request, trouvee)
    messages.success(request, _("Votre réponse est retirée : elle n’est plus comptée, et nous n’en gardons rien."))
    return redirect(trouvee.consultation.get_absolute_url())


@sans_trace
@require_POST
def laisser(request, numero):
    """This browser lets the answer go; number and secret still open it."""
    laissee = _la_sienne(request, numero, tenante(request))
    lacher(request, laissee)
    messages.success(request, _("C’est fait : cet appareil ne garde plus cette réponse."))
    if est_connectee(request.user):
        return redirect(_adresse_pour_repondre(laissee))
    return redirect("consultations:retrouver")


@sans_trace
@require_POST
@login_required
def rattacher(request, numero):
    """The answer that this browser holds becomes that of the account: holding it is knowing its secret."""
    tenue = _la_sienne(request, numero, tenante(request))
    try:
        participer.rattacher(tenue, par=request.user)
    except EtapeRefusee as refus:
        messages.error(request, str(refus))
        return redirect(tenue.consultation.get_absolute_url())
    lacher(request, tenue)
    messages.success(request, _("C’est fait : cette réponse est dans votre espace."))
    return redirect("consultations:participation", numero=numero)


@sans_trace
@require_POST
def taire(request, numero):
    """Her words are no longer published; at any time, also when the consultation is over."""
    try:
        participer.taire(_la_sienne(request, numero), par=personne_de(request))
        messages.success(
            request, _("C’est fait : vos mots ne sont plus publiés. Vos autres réponses restent comptées.")
        )
    except EtapeRefusee as refus:
        messages.error(request, str(refus))
    return redirect("consultations:participation", numero=numero)


@sans_trace
@require_POST
@login_required
def jeter(request, numero):
    trouvee = _la_sienne(request, numero)
    try:
        participer.jeter(trouvee, par=request.user)
        messages.success(request, _("Votre brouillon est effacé."))
    except EtapeRefusee as refus:
        messages.error(request, str(refus))
    return redirect(trouvee.consultation.get_absolute_url())


@sans_trace
@require_GET
def piece(request, pk):
    """A file: to whoever gave it; to those who conduct the consultation once it is over. Always a download."""
    trouvee = get_object_or_404(Piece.objects.select_related("participation__consultation__etape__projet"), pk=pk)
    participation_, personne = trouvee.participation, personne_de(request)
    lisible = est_la_repondante(participation_, personne) or (
        trouvee.est_posee and peut_tout_lire(participation_.consultation, request.user)
    )
    if not lisible:
        raise Http404
    reponse = FileResponse(
        trouvee.fichier.open("rb"), as_attachment=True, filename=trouvee.nom, content_type=trouvee.type_mime
    )
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse
