"""What an agent does for somebody who came, called or wrote: write her answers down, print her receipt."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from consultations import participer
from consultations.affichage import afficher, numeros_de
from consultations.forms import CanalForm
from consultations.participer import Incomplete, relire
from consultations.permissions import peut_saisir
from consultations.questionnaire import TEXTES
from consultations.repondantes import Repondante
from consultations.views.fil import debut_du_fil
from consultations.views.repondre import (
    en_clair,
    montrer_le_recu,
    recevoir_les_fichiers,
    sans_trace,
    tapees,
    trouver_la_consultation,
)
from socle.templatetags.composants import ancre_champ
from timeline.etapes import EtapeImpossible, EtapeRefusee


class DejaServi(EtapeImpossible):
    """This form has brought an answer, and now brings another."""


@sans_trace
@sensitive_post_parameters("jeton")
@require_http_methods(["GET", "POST"])
@login_required
def saisir(request, slug):
    """All questions on one page, the way a paper form is read."""
    consultation = trouver_la_consultation(request, slug)
    if not peut_saisir(consultation, request.user):
        return _refuser(request, consultation)
    questionnaire = consultation.version.questionnaire
    textes = any(q.genre in TEXTES or q.avec_autre for q in questionnaire.questions)
    form = CanalForm(request.POST or None, consultation=consultation, a_des_textes=textes)
    brut = dict(request.POST.lists())
    torts: dict[str, str] = {}
    statut = 422
    if request.method == "POST":
        comptes = {cle: len(request.FILES.getlist(cle)) for cle in request.FILES}
        relecture = relire(questionnaire, brut, comptes)
        torts = relecture.torts
        if form.is_valid() and not torts:
            try:
                saisie, deja = _saisir(request, consultation, form)
                return montrer_le_recu(request, saisie, form.mot, deja=deja)
            except DejaServi as refus:
                form.add_error(None, str(refus))
                form.renouveler()
                statut = refus.statut
            except Incomplete as tort:
                form.add_error(None, str(tort))
            except EtapeRefusee as refus:
                form.add_error(None, str(refus))
                statut = refus.statut
    numeros = numeros_de(questionnaire)
    contexte = {
        "consultation": consultation,
        "form": form,
        "pages": [
            {
                "page": page,
                "elements": afficher(page.elements, brut, torts, {}, numeros),
                "sauts": en_clair(questionnaire, page),
            }
            for page in questionnaire.pages
        ],
        "torts": [
            *_torts_de(form),
            *((f"question-{cle}", numeros.get(cle), phrase) for cle, phrase in torts.items()),
        ],
        "fil": [
            {"texte": _("Bureau de l’équipe"), "url": reverse("portail:bureau_agent")},
            {"texte": consultation.titre, "ecrit": True, "url": consultation.get_absolute_url()},
            {"texte": _("Saisir une réponse")},
        ],
    }
    return render(request, "consultations/saisir.html", contexte, status=statut if form.errors or torts else 200)


def _refuser(request, consultation):
    """It has ended while she was copying a paper: what she typed is given back."""
    if not request.user.is_authenticated or not request.user.est_agent or request.method != "POST":
        raise PermissionDenied(
            _("Seule l’équipe saisit une réponse pour quelqu’un, tant que la consultation est ouverte.")
        )
    contexte = {"consultation": consultation, "tapees": tapees(request, consultation), "fil": [debut_du_fil()]}
    return render(request, "consultations/fermee.html", contexte, status=403)


def _torts_de(form) -> list[tuple[str, None, str]]:
    """Faults of the form, for the one summary of the page: where, no number of a question, the sentence."""
    return [
        (ancre_champ(form[nom]) if nom in form.fields else "", None, phrase)
        for nom, phrases in form.errors.items()
        for phrase in phrases
    ]


@transaction.atomic
def _saisir(request, consultation, form):
    """(the answer, whether it was there). Begun, kept and sent in one go: nothing is left of one that cannot be sent.

    The same form sent twice is one answer. Raises DejaServi when it says something else: the form of one person, that the
    browser has brought back for the next.
    """
    personne = Repondante(accueillie=True)
    commencee = participer.ouvrir(
        consultation, par=personne, cle=form.objet, canal=form.cleaned_data["canal"], saisie_par=request.user
    )
    personne = Repondante([commencee.pk], accueillie=True)
    brut, deja = dict(request.POST.lists()), commencee.est_envoyee
    if deja and not participer.dit_la_meme_chose(commencee, brut):
        raise DejaServi(
            _(
                "Ce formulaire a déjà servi pour la réponse n° %(n)s, qui reste comme elle est. Si celle-ci est d’une "
                "autre personne, enregistrez de nouveau : ce sera une autre réponse, avec son propre reçu."
            )
            % {"n": commencee.numero}
        )
    if not deja:
        for page in consultation.version.questionnaire.pages:
            commencee = participer.garder(commencee, par=personne, page=page, brut=brut)
            if torts := recevoir_les_fichiers(request, commencee, personne, page):
                raise Incomplete(page, torts)
    envoyee = participer.envoyer(
        commencee, par=personne, mot=form.mot, profil=form.profil(), accord_textes=form.accord()
    )
    return envoyee, deja
