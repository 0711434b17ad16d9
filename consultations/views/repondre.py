"""Answering: one page at a time or all at once, kept at each step, read again, sent."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from consultations import participer
from consultations.affichage import afficher, en_mots, numeros_de, tapee_en_mots
from consultations.cadence import COMMENCEES, ENVOIS, FICHIERS
from consultations.cheminement import destination
from consultations.forms import EnvoyerForm
from consultations.models import Consultation, Participation
from consultations.participer import Incomplete, relire
from consultations.permissions import peut_commencer, peut_ecrire, peut_envoyer
from consultations.questionnaire import FIN, TEXTES, Genre, Page, Questionnaire
from consultations.repondantes import personne_de, tenante, tenir, tenues_par
from consultations.views.fil import debut_du_fil
from consultations.views.page import sienne
from socle import qr
from socle.cadence import CacheIndisponible, Limite, empreinte_de
from socle.fichiers import lire_document
from socle.permissions import est_connectee
from socle.secret import en_groupes
from socle.templatetags.composants import ecrit_ici, en_phrase
from timeline.etapes import EtapeImpossible, EtapeRefusee, TropVite

#: What somebody answers, and the secret of it: no copy stays anywhere.
sans_trace = cache_control(no_store=True, private=True)


@dataclass
class Saisie:
    """One request about one page of a questionnaire."""

    consultation: Consultation
    participation: Participation | None
    questionnaire: Questionnaire
    brut: dict[str, list[str]]
    torts: dict[str, str] = field(default_factory=dict)

    @property
    def ensemble(self) -> bool:
        return self.consultation.presentation == Consultation.Presentation.ENSEMBLE

    def pieces(self) -> dict[str, list]:
        par_question = defaultdict(list)
        if self.participation is not None:
            for piece in self.participation.pieces.en_cours():
                par_question[piece.question].append(piece)
        return par_question

    def relire(self, pieces=None):
        comptes = {cle: len(gardees) for cle, gardees in (self.pieces() if pieces is None else pieces).items()}
        return relire(self.questionnaire, self.brut, comptes)


def trouver_la_consultation(request, slug) -> Consultation:
    visibles = Consultation.objects.visibles_par(request.user).select_related("etape__projet", "territoire__parent")
    return get_object_or_404(visibles.defer("territoire__contour"), slug=slug)


@sans_trace
@require_http_methods(["GET", "POST"])
def repondre(request, slug):
    """GET: a page, with what is kept of it. POST: keep it, then go where the buttons say."""
    consultation = trouver_la_consultation(request, slug)
    if est_connectee(request.user):
        participer.attribuer_les_brouillons(tenues_par(request), par=request.user)
    personne = personne_de(request)
    participation = sienne(consultation, personne)
    if (deja := _deja_sans_compte(request, consultation, participation)) is not None:
        return _demander_a_qui_elle_est(request, consultation, deja)
    corrige = participation is not None and participation.est_envoyee and peut_ecrire(participation, personne)
    if not corrige and not peut_commencer(consultation, personne):
        return _refuser(request, consultation)
    if request.method == "POST":
        return _garder(request, consultation, personne)
    if (
        participation is not None
        and participation.est_envoyee
        and not _est_en_correction(request, participation, personne)
    ):
        return redirect("consultations:participation", numero=participation.numero)
    saisie = _saisie(consultation, participation)
    page = saisie.questionnaire.page(request.GET.get("page", "")) or _ou_reprendre(saisie)
    return _montrer(request, saisie, page, cle=participation.cle if participation else uuid.uuid4())


def _deja_sans_compte(request, consultation, sienne_) -> Participation | None:
    """What this browser has sent before its person signed in: hers, to be attached, or somebody else's. Answering again
    without a word would count her twice."""
    if not est_connectee(request.user) or (sienne_ is not None and sienne_.est_envoyee):
        return None
    tenues = Participation.objects.visibles_par(tenante(request)).comptees()
    return tenues.filter(consultation=consultation).exclude(saisie_par=request.user).first()


def _demander_a_qui_elle_est(request, consultation, deja: Participation) -> HttpResponse:
    """Before anything is written; what a form has brought meanwhile is given back."""
    statut = 409 if request.method == "POST" else 200
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"detail": _("Cet appareil a déjà répondu : rechargez la page.")}, status=statut)
    contexte = _contexte(consultation, deja=deja, tapees=tapees(request, consultation))
    return render(request, "consultations/deja.html", contexte, status=statut)


def _est_en_correction(request, participation, personne) -> bool:
    """A sent answer opens again when its author asks for it."""
    return peut_ecrire(participation, personne) and (participation.brut is not None or "page" in request.GET)


def _saisie(consultation, participation) -> Saisie:
    brut = participer.saisie_de(participation) if participation is not None else {}
    return Saisie(consultation, participation, consultation.version.questionnaire, brut)


def _ou_reprendre(saisie: Saisie) -> Page:
    """The first page that is not answered, or the first of all."""
    if not saisie.brut:
        return saisie.questionnaire.pages[0]
    for page in saisie.relire().pages:
        if not any(nom.split(".")[0] == question.cle for question in page.questions for nom in saisie.brut):
            return page
    return saisie.questionnaire.pages[0]


# --- Keep ------------------------------------------------------------------------------------------------------------


def _garder(request, consultation, personne) -> HttpResponse:
    try:
        participation = _ouvrir(request, consultation, personne)
    except EtapeRefusee as refus:
        return _refuser(request, consultation, refus)
    personne = personne_de(request)
    saisie = _saisie(consultation, participation)
    pages = saisie.questionnaire.pages if saisie.ensemble else [_page_postee(request, saisie)]
    try:
        for page in pages:
            participation = participer.garder(
                participation, par=personne, page=page, brut=dict(request.POST.lists()), otees=_otees(request)
            )
            saisie.torts |= recevoir_les_fichiers(request, participation, personne, page)
    except EtapeRefusee as refus:
        return _refuser(request, consultation, refus)
    saisie.participation, saisie.brut = participation, participer.saisie_de(participation)
    if "application/json" in request.headers.get("Accept", ""):
        heure = time_format(timezone.localtime(participation.ecrite_le), "H:i")
        return JsonResponse(
            {
                "etat": _("Gardé à %(heure)s") % {"heure": heure},
                "cle": str(participation.cle),
                "ecrite": en_millisecondes(participation),
            }
        )
    return _aller(request, saisie, pages)


def en_millisecondes(participation) -> int:
    """When it was last kept: a page and a copy in the browser compare by it."""
    return int(participation.ecrite_le.timestamp() * 1000)


def _ouvrir(request, consultation, personne) -> Participation:
    """The answer of this form. When the session of an account has ended meanwhile, what is typed begins a new one: signing
    in again makes them one. Raises TropVite, EtapeInterdite."""
    deja = sienne(consultation, personne)
    try:
        cle = uuid.UUID(request.POST.get("cle", ""))
    except ValueError:
        cle = uuid.uuid4()
    if deja is not None:
        return deja
    if not est_connectee(personne) and not consultation.participations.filter(cle=cle).exists():
        freiner(request, COMMENCEES)
    try:
        participation = participer.ouvrir(consultation, par=personne, cle=cle)
    except EtapeImpossible:
        participation = participer.ouvrir(consultation, par=personne, cle=uuid.uuid4())
    if not est_connectee(personne):
        tenir(request, participation)
    return participation


def _page_postee(request, saisie: Saisie) -> Page:
    """A page that a new version has taken away is the first one."""
    return saisie.questionnaire.page(request.POST.get("page", "")) or saisie.questionnaire.pages[0]


def _otees(request) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("oter") if pk.isascii() and pk.isdecimal() and len(pk) < 18]


def recevoir_les_fichiers(request, participation, personne, page: Page) -> dict[str, str]:
    """Keep the files of a page; sentences for those that are refused."""
    torts = {}
    for question in page.questions:
        if question.genre != Genre.FICHIER:
            continue
        for fichier in request.FILES.getlist(question.cle):
            try:
                document = lire_document(fichier, settings.DOCUMENT_MAX)
                if not est_connectee(request.user):
                    freiner(request, FICHIERS)
                participer.ajouter_une_piece(participation, par=personne, question=question, document=document)
            except ValidationError as tort:
                torts[question.cle] = tort.messages[0]
            except TropVite as refus:
                torts[question.cle] = str(refus)
    return torts


def _refuser(request, consultation, refus: EtapeRefusee | None = None) -> HttpResponse:
    """Without a refusal of its own: not the moment, or not for her. What has just been typed is given back."""
    statut = 403 if refus is None else refus.statut
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"detail": str(refus or participer.NON_ADMISE)}, status=statut)
    contexte = _contexte(consultation, refus=str(refus or ""), tapees=tapees(request, consultation))
    return render(request, "consultations/fermee.html", contexte, status=statut)


def tapees(request, consultation) -> list[tuple[str, list[str]]]:
    """(question, words) of what a refused request brought, to be read and copied: it is kept nowhere."""
    version = consultation.version if request.method == "POST" else None
    if version is None:
        return []
    brut = {nom: [texte[: participer.CHAMP_MAX] for texte in textes] for nom, textes in request.POST.lists()}
    dites = ((question.intitule, tapee_en_mots(question, brut)) for question in version.questionnaire.questions)
    return [(intitule, mots) for intitule, mots in dites if mots]


# --- Go on -----------------------------------------------------------------------------------------------------------


def _aller(request, saisie: Saisie, pages) -> HttpResponse:
    geste = request.POST.get("geste", "suivant")
    relecture = saisie.relire()
    if geste == "precedent" and not saisie.ensemble:
        rang = relecture.pages.index(pages[0]) if pages[0] in relecture.pages else 0
        return _vers(saisie.consultation, relecture.pages[max(rang - 1, 0)])
    if geste == "garder":
        return redirect("consultations:detail", slug=saisie.consultation.slug)
    vues = relecture.pages if saisie.ensemble else pages
    lues = [question.cle for page in vues for question in page.questions]
    saisie.torts = {cle: phrase for cle, phrase in (relecture.torts | saisie.torts).items() if cle in lues}
    if saisie.torts:
        return _montrer(request, saisie, pages[0], cle=request.POST.get("cle") or uuid.uuid4(), status=422)
    suite = FIN if saisie.ensemble else destination(saisie.questionnaire, pages[0], relecture.valeurs)
    suivante = saisie.questionnaire.page(suite)
    if suivante is None:
        return redirect("consultations:relire", slug=saisie.consultation.slug)
    return _vers(saisie.consultation, suivante)


def _vers(consultation, page: Page) -> HttpResponse:
    return redirect(f"{reverse('consultations:repondre', args=[consultation.slug])}?page={page.cle}")


def _montrer(request, saisie: Saisie, page: Page, *, cle, status=200) -> HttpResponse:
    questionnaire, pieces = saisie.questionnaire, saisie.pieces()
    numeros = numeros_de(questionnaire)
    montrees = questionnaire.pages if saisie.ensemble else (page,)
    contexte = _contexte(saisie.consultation) | {
        "participation": saisie.participation,
        "pages": [
            {
                "page": montree,
                "elements": afficher(montree.elements, saisie.brut, saisie.torts, pieces, numeros),
                "sauts": en_clair(questionnaire, montree) if saisie.ensemble else [],
            }
            for montree in montrees
        ],
        "page": page,
        "rang": questionnaire.rang(page),
        "nb_pages": len(questionnaire.pages),
        "ensemble": saisie.ensemble,
        "premiere": saisie.ensemble or page == questionnaire.pages[0],
        "cle": cle,
        "torts": [
            (f"question-{cle_question}", numeros.get(cle_question), phrase)
            for cle_question, phrase in saisie.torts.items()
        ],
        "ecrite": en_millisecondes(saisie.participation) if saisie.participation else 0,
        "proprietaire": str(request.user.reference) if est_connectee(request.user) else "",
        "changee": saisie.participation is not None
        and not saisie.participation.est_envoyee
        and saisie.participation.version_id != saisie.consultation.version.pk,
    }
    return render(request, "consultations/repondre.html", contexte, status=status)


def en_clair(questionnaire: Questionnaire, page: Page) -> list[str]:
    """Where a page leads, in words, when all pages stand on one: what can be left out."""
    phrases = []
    for saut in page.sauts:
        question = questionnaire.element(saut.question)
        vers = questionnaire.page(saut.vers)
        ou = _("la fin")
        if vers is not None:
            ou = ecrit_ici(vers.titre) or _("la partie %(n)s") % {"n": questionnaire.rang(vers)}
        if question is None or not saut.valeur or saut.condition not in {"choisi", "au_moins", "au_plus"}:
            continue
        modele = {
            "choisi": _("Si vous répondez « %(valeur)s » à « %(question)s », passez à : %(ou)s."),
            "au_moins": _("Si vous répondez %(valeur)s ou plus à « %(question)s », passez à : %(ou)s."),
            "au_plus": _("Si vous répondez %(valeur)s ou moins à « %(question)s », passez à : %(ou)s."),
        }[saut.condition]
        valeur = ecrit_ici(question.libelle_de(saut.valeur)) if saut.condition == "choisi" else saut.valeur
        phrases.append(en_phrase(modele, valeur=valeur, question=ecrit_ici(question.intitule), ou=ou))
    return phrases


# --- Read again, send ------------------------------------------------------------------------------------------------


@sans_trace
@sensitive_post_parameters("jeton")
@require_http_methods(["GET", "POST"])
def relire_et_envoyer(request, slug):
    """Everything she answered, in words; then one button."""
    consultation = trouver_la_consultation(request, slug)
    if est_connectee(request.user):
        participer.attribuer_les_brouillons(tenues_par(request), par=request.user)
    personne = personne_de(request)
    participation = sienne(consultation, personne)
    if participation is None or _deja_sans_compte(request, consultation, participation):
        return redirect("consultations:repondre", slug=slug)
    if request.method == "GET" and participation.est_envoyee and participation.brut is None:
        return redirect("consultations:participation", numero=participation.numero)
    saisie = _saisie(consultation, participation)
    relecture = saisie.relire()
    textes = any(q.genre in TEXTES or q.avec_autre for page in relecture.pages for q in page.questions)
    form = EnvoyerForm(
        request.POST or None, participation=participation, consultation=consultation, a_des_textes=textes
    )
    statut = 422
    if request.method == "POST" and form.is_valid():
        try:
            return _envoyer(request, participation, personne, form)
        except Incomplete as tort:
            return _vers(consultation, tort.page)
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
    contexte = _contexte(consultation) | {
        "participation": participation,
        "resume": resumer(saisie.questionnaire, relecture),
        "incomplet": relecture.page_a_reprendre,
        "rien": not relecture.repondues,
        "form": form,
        "doit_se_connecter": not peut_envoyer(participation, personne) and not est_connectee(personne),
        "non_admise": est_connectee(personne) and not peut_envoyer(participation, personne),
    }
    return render(request, "consultations/relire.html", contexte, status=statut if form.errors else 200)


def resumer(questionnaire: Questionnaire, relecture) -> list[dict]:
    """Pages with their questions and the answers in words, those that somebody goes through."""
    numeros = numeros_de(questionnaire)
    return [
        {
            "page": page,
            "rang": questionnaire.rang(page),
            "questions": [
                {
                    "question": question,
                    "numero": numeros[question.cle],
                    "mots": en_mots(question, relecture.valeurs.get(question.cle)),
                    "tort": relecture.torts.get(question.cle, ""),
                }
                for question in page.questions
            ],
        }
        for page in relecture.pages
    ]


def _envoyer(request, participation, personne, form) -> HttpResponse:
    if not est_connectee(personne) and not participation.est_envoyee:
        freiner(request)
    premiere = not participation.est_envoyee
    participation = participer.envoyer(
        participation, par=personne, mot=form.mot, profil=form.profil(), accord_textes=form.accord()
    )
    if est_connectee(personne) or not premiere:
        return redirect(f"{reverse('consultations:participation', args=[participation.numero])}?merci=1")
    tenir(request, participation)
    return montrer_le_recu(request, participation, form.mot)


def freiner(request, limite: Limite | None = None) -> None:
    """Raises TropVite. A dead cache lets answers in: nobody must be kept out because the house has a bad day."""
    try:
        attente = (limite or ENVOIS).compter(empreinte_de(request))
    except CacheIndisponible:
        return
    if attente:
        raise TropVite(
            _("Beaucoup de réponses viennent de votre connexion. Attendez %(n)s min, ou répondez avec un compte.")
            % {"n": -(-attente // 60)}
        )


def montrer_le_recu(request, participation, mot, **contexte) -> HttpResponse:
    """The receipt: number, secret, way back. In answer to a POST, so that neither address nor history holds it."""
    adresse = f"{settings.ADRESSE}{reverse('consultations:retrouver')}"
    contexte |= _contexte(participation.consultation) | {
        "participation": participation,
        "mot": en_groupes(mot),
        "adresse": adresse,
        "qr": qr.dessiner(f"{adresse}?numero={participation.numero}", _("Code QR : retrouver cette réponse")),
        "pour_autrui": participation.saisie_par_id is not None,
    }
    return render(request, "consultations/recu.html", contexte)


def _contexte(consultation, **autres) -> dict:
    fil = [
        debut_du_fil(),
        {"texte": consultation.titre, "ecrit": True, "url": consultation.get_absolute_url()},
        {"texte": _("Répondre")},
    ]
    return {"consultation": consultation, "fil": fil, **autres}
