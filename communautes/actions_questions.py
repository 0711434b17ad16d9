"""Asking a question to an élue, supporting it, and what starts its clock."""

from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from communautes.models import Communaute, Question, SoutienQuestion
from communautes.permissions_questions import est_autrice, peut_poser, peut_soutenir
from comptes.models import Mandat, Utilisateur
from notifications.abonnements import abonner, desabonner
from reponses.models import Echeance, Reponse, Service
from socle.lignes import garder, poser_une_fois
from socle.permissions import SYSTEME, est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.journal import consigner
from timeline.temps_reel import diffuser, groupe_de


@transaction.atomic
def poser(communaute, *, par, cle_saisie, titre, texte="", mandat=None) -> Question:
    """Ask a question, to the élue of this `mandat` or to the collectivité; public at once. The same form twice is one.

    Raises EtapeInterdite, EtapeImpossible (asleep, closed), EtapeInvalide (field `mandat`) or TropVite.
    """
    # Held: nobody closes this door on a question that is being asked.
    communaute = Communaute.objects.select_for_update(of=("self",), no_key=True).select_related("projet").get(
        pk=communaute.pk
    )  # fmt: skip
    _exiger_de_pouvoir_poser(communaute, par)
    # Her own row is the lock: two forms sent at once are counted one after the other.
    Utilisateur.objects.select_for_update(no_key=True).get(pk=par.pk)
    deja = Question.objects.filter(cle_saisie=cle_saisie).first()
    if deja is not None and (deja.auteur_id, deja.communaute_id) == (par.pk, communaute.pk):
        return deja
    if Question.objects.filter(auteur=par).en_attente().count() >= settings.QUESTIONS_MAX_EN_ATTENTE:
        raise TropVite(_("Plusieurs de vos questions attendent déjà leur réponse. Attendez-la, ou retirez-en une."))
    question = Question.objects.create(
        communaute=communaute,
        auteur=par,
        cle_saisie=uuid4() if deja else cle_saisie,  # the key of another form is nobody's to use again
        titre=titre,
        texte=texte,
        seuil=settings.QUESTIONS_SEUIL,
        delai=settings.QUESTIONS_DELAI_JOURS,
        **_destinataire(communaute, mandat, par),
    )
    consigner(
        "communautes.question.publier",
        cible=question,
        projet=question.projet_du_journal(),
        par=par,
        donnees={"seuil": question.seuil, "delai": question.delai},
    )
    abonner(par, question)
    return question


def _exiger_de_pouvoir_poser(communaute, par):
    if peut_poser(communaute, par):
        return
    if est_connectee(par) and not par.adresses_prouvees:
        raise EtapeInterdite(_("Pour poser une question, vérifiez d’abord votre adresse e-mail."))
    if communaute.est_trouvable and not communaute.est_ouverte:
        raise EtapeImpossible(_("Cette communauté ne reçoit pas de question en ce moment."))
    if not communaute.est_trouvable:
        raise EtapeInterdite(_("Une question est publique : elle ne se pose pas dans une communauté sur invitation."))
    raise EtapeInterdite(_("Les membres de cette communauté y posent leurs questions."))


def _destinataire(communaute, mandat, par) -> dict:
    """Her name and her mandate of today: what was asked names her so, whatever she becomes."""
    if mandat is None:
        return {}
    mandat = mandats_adressables(communaute, par).filter(pk=mandat.pk).first()
    if mandat is None:
        raise EtapeInvalide(
            _("Le mandat de cette personne n’est plus en cours : choisissez-en une autre."), champ="mandat"
        )
    return {
        "destinataire_id": mandat.personne_id,
        "destinataire_nom": mandat.nom_officiel,
        "destinataire_mandat": mandat.intitule,
    }


def mandats_adressables(communaute, par):
    """Current mandates of those who may sign an answer here; nobody asks herself."""
    elues = Reponse(projet=communaute.projet).signataires_possibles().exclude(pk=par.pk)
    return Mandat.objects.en_cours().filter(personne__in=elues.order_by().values("pk")).order_by("nom_officiel", "pk")


def lancer_l_horloge(question, *, par, service=None):
    """Follow-up of a question that an answer is due to: from now on, at a public date."""
    service = service or service_des_questions()
    Echeance.lancer(question, service=service, jours=question.delai)
    if question.destinataire_id:
        abonner(question.destinataire, question)


def service_des_questions() -> Service:
    """In charge of the answers that nobody has taken yet."""
    return poser_une_fois(Service.objects, nom=settings.QUESTIONS_SERVICE)[0]


def soutenir(question, *, par) -> bool:
    """Add a support; False when it was already there. Raises EtapeInterdite or EtapeImpossible."""
    with transaction.atomic():
        _exiger_soutien_ouvert(question, par)
        garder(question)
        _rang, nouveau = poser_une_fois(SoutienQuestion.objects, question=question, personne=par)
        if nouveau:
            abonner(par, question)
    if nouveau:
        # Counted after commit, in a transaction of its own: two last supports given at once cannot each miss the other.
        diffuser(groupe_de(question))
        constater_le_seuil(question)
    return nouveau


@transaction.atomic
def ne_plus_soutenir(question, *, par) -> bool:
    """Take a support back; False when there was none. Not once its answer is before whoever signs it."""
    # Whoever sends its answer to the signature holds that row: one comes after the other.
    list(question.reponses.select_for_update(of=("self",), no_key=True).values_list("pk"))
    _exiger_soutien_ouvert(question, par)
    if not question.soutien_repris_possible():
        raise EtapeImpossible(_("La réponse est à la signature : les soutiens ne se retirent plus."))
    retires, _par_modele = SoutienQuestion.objects.filter(question=question, personne=par).delete()
    if retires:
        desabonner(par, question)
        transaction.on_commit(lambda: diffuser(groupe_de(question)))
    return bool(retires)


def _exiger_soutien_ouvert(question, par):
    """Asked of the present rows, not of the page's. No lock: a popular question must not become a queue."""
    question.refresh_from_db(fields=["etat", "masquee_le"])
    question.communaute.refresh_from_db(fields=["etat", "acces", "masquee_le"])
    if peut_soutenir(question, par):
        return
    if not question.soutien_ouvert():
        raise EtapeImpossible(_("Cette question ne reçoit plus de soutiens."))
    if est_autrice(question, par):
        raise EtapeInterdite(_("On ne soutient pas sa propre question."))
    raise EtapeInterdite(_("Pour soutenir une question, vérifiez d’abord votre adresse e-mail."))


def constater_le_seuil(question) -> bool:
    """Make the answer due once enough people ask; False when not, or when somebody was faster."""
    if question.etat != Question.Etat.PUBLIEE or question.est_masquee or not question.seuil_atteint():
        return False
    try:
        franchir(question.atteindre_seuil, par=SYSTEME)
    except (EtapeImpossible, EtapeInvalide):
        return False
    return True


def constater_les_seuils() -> int:
    """By the clock: those whose last support came while nobody could count (a crash between the two), or while hidden."""
    ouvertes = Question.objects.publiees().filter(etat=Question.Etat.PUBLIEE)
    mures = ouvertes.annotate(nb=Count("soutiens")).filter(nb__gte=F("seuil"))
    return sum(constater_le_seuil(question) for question in mures.order_by("pk"))
