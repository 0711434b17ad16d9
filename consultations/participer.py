"""What people do: begin an answer, keep what is typed, send it, correct it, take it back, attach it to an account.

What is typed is kept as it came (`Participation.brut`) until it is sent; only then is it read, question by question along
the pages that this person goes through, and written as data. A correction starts from the data and replaces them in one
transaction: until it is sent, the answer that counts is the one before.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.cadence import ESSAIS_PAR_NUMERO, ESSAIS_PAR_RESEAU
from consultations.cheminement import destination
from consultations.models import Consultation, Donnee, Participation, Piece, Version
from consultations.permissions import est_la_repondante, peut_commencer, peut_ecrire, peut_envoyer, peut_retirer
from consultations.questionnaire import AUTRE, FIN, Genre, Page, Question, Questionnaire
from consultations.valeurs import Brut, Valeur, champs_de, ecrire, lire
from socle.cadence import CacheIndisponible
from socle.champs import sans_controle
from socle.fichiers import DocumentLu
from socle.lignes import garder as tenir_la_ligne
from socle.permissions import est_connectee
from socle.secret import Coffre
from territoires.champs import Lieu
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite

SECRETS = Coffre("consultations.secret")
NUMERO_MAX = 10**9  # drawn below; nine figures at most, read aloud in three groups
TIRAGES = 20
GARDE = timedelta(days=7)  # of an answer that was begun without an account and never sent
PAR_PASSAGE = 200
#: Of one text field as it comes in; what is longer is no answer of a person.
CHAMP_MAX = 20_000
NON_ADMISE = gettext_lazy("Cette consultation n’est pas ouverte, ou ne s’adresse pas à vous.")


class MauvaisSecret(Exception):
    """This number and this secret do not go together; nothing says which of them is wrong."""


class Incomplete(Exception):
    """Some answers have to be mended before it can be sent: {key of a question: sentence}, from `page` on."""

    def __init__(self, page: Page, torts: dict[str, str]):
        super().__init__(next(iter(torts.values())))
        self.page, self.torts = page, torts


@dataclass(frozen=True)
class Relecture:
    """What somebody's answers come to: the pages she goes through, what can be read of them and what cannot."""

    pages: list[Page] = field(default_factory=list)
    valeurs: dict[str, Valeur | None] = field(default_factory=dict)
    torts: dict[str, str] = field(default_factory=dict)

    @property
    def page_a_reprendre(self) -> Page | None:
        return next((page for page in self.pages if any(q.cle in self.torts for q in page.questions)), None)

    @property
    def repondues(self) -> int:
        return sum(valeur is not None for valeur in self.valeurs.values())


# --- Begin and keep ----------------------------------------------------------------------------------------------


def ouvrir(
    consultation: Consultation, *, par, cle, canal: str = Participation.Canal.EN_LIGNE, saisie_par=None
) -> Participation:
    """Her answer to this consultation: the one of this form, or of her account; begun now when there is none.

    Raises EtapeInterdite (not open, or not for her) or EtapeImpossible (this form was somebody else's).
    """
    if not peut_commencer(consultation, par):
        raise EtapeInterdite(NON_ADMISE)
    deja = _deja(consultation, par, cle)
    if deja is None:
        try:
            deja = _commencer(consultation, par, cle, canal, saisie_par)
        except IntegrityError:
            deja = _deja(consultation, par, cle)
            if deja is None:
                raise
    return deja


def _deja(consultation, par, cle) -> Participation | None:
    siennes = consultation.participations.filter(retiree_le__isnull=True)
    if est_connectee(par):
        trouvee = siennes.filter(personne=par).first()
        if trouvee is not None:
            return trouvee
    trouvee = siennes.filter(cle=cle).first()
    if trouvee is None:
        return None
    if trouvee.personne_id != (par.pk if est_connectee(par) else None):
        raise EtapeImpossible(_("Cette réponse appartient à un compte : connectez-vous pour la retrouver."))
    return trouvee


@transaction.atomic
def _commencer(consultation, par, cle, canal, saisie_par) -> Participation:
    version = _figer(consultation.version)
    personne = par if est_connectee(par) else None
    for _tirage in range(TIRAGES):
        numero = secrets.randbelow(NUMERO_MAX - NUMERO_MAX // 10) + NUMERO_MAX // 10
        if not Participation.objects.filter(numero=numero).exists():
            break
    return Participation.objects.create(
        consultation=consultation,
        version=version,
        personne=personne,
        cle=cle,
        numero=numero,
        canal=canal,
        saisie_par=saisie_par,
        brut={},
        territoire=personne.commune if personne and consultation.profil else None,
    )


def _figer(version: Version) -> Version:
    """From its first answer on, a version does not change. One writes it, the others read that it is done."""
    tenir_la_ligne(version)
    if not version.est_figee:
        Version.objects.filter(pk=version.pk, figee_le__isnull=True).update(figee_le=timezone.now())
    return version


@transaction.atomic
def garder(
    participation: Participation, *, par, page: Page, brut: Mapping[str, list[str]], otees: Iterable[int] = ()
) -> Participation:
    """Keep what is typed on one page, as it stands. Raises EtapeInterdite once nothing can be written any more."""
    participation = _verrouiller(participation)
    _exiger_d_ecrire(participation, par)
    tout = dict(saisie_de(participation))
    actuelle = _figer(participation.consultation.version)
    if not participation.est_envoyee:
        participation.version = actuelle
    for question in page.questions:
        for nom in champs_de(question):
            tout.pop(nom, None)
            # As typed, less what PostgreSQL cannot hold.
            propres = [sans_controle(texte) for texte in brut.get(nom, ())]
            saisi = [texte[:CHAMP_MAX] for texte in propres if texte.strip()]
            if saisi:
                tout[nom] = saisi
    participation.brut = tout
    participation.ecrite_le = timezone.now()
    participation.save(update_fields=["brut", "ecrite_le", "version"])
    _oter(participation, otees)
    return participation


def saisie_de(participation: Participation) -> dict[str, list[str]]:
    """What the fields show: what is typed; else what was sent, as if it had just been typed."""
    return participation.brut if participation.brut is not None else saisie_envoyee(participation)


def saisie_envoyee(participation: Participation) -> dict[str, list[str]]:
    """What was sent and counts, as if it had just been typed, whatever is being corrected."""
    questionnaire = participation.version.questionnaire
    brut: dict[str, list[str]] = {}
    for cle, valeur in valeurs_de(participation).items():
        question = questionnaire.element(cle)
        if question is not None:
            brut |= ecrire(question, valeur)
    return brut


def ajouter_une_piece(participation: Participation, *, par, question: Question, document: DocumentLu) -> Piece:
    """Keep a file with the answer that is being written. Raises EtapeInterdite, or ValidationError when there are too many."""
    with transaction.atomic():
        participation = _verrouiller(participation)
        _exiger_d_ecrire(participation, par)
        if participation.pieces.en_cours().filter(question=question.cle).count() >= Piece.PAR_QUESTION:
            raise ValidationError(_("%(n)s fichiers au plus pour cette question.") % {"n": Piece.PAR_QUESTION})
        piece = Piece(
            participation=participation,
            question=question.cle,
            nom=document.nom,
            type_mime=document.format.type_mime,
            taille=document.taille,
        )
        piece.fichier.save(document.nom, ContentFile(document.contenu), save=False)
        piece.save()
        return piece


def _oter(participation: Participation, otees: Iterable[int]) -> None:
    """A file that is not sent goes away now; one that is, with the correction."""
    choisies = participation.pieces.filter(pk__in=list(otees))
    choisies.filter(est_posee=True).update(est_otee=True)
    oublier_les_fichiers(choisies.filter(est_posee=False))


def oublier_les_fichiers(pieces) -> None:
    """Delete rows now, files once that is certain."""
    partent = list(pieces)
    for piece in partent:
        transaction.on_commit(partial(piece.fichier.storage.delete, piece.fichier.name))
    if partent:
        pieces.delete()


def _verrouiller(participation: Participation) -> Participation:
    return (
        Participation.objects.select_for_update(of=("self",))
        .select_related("consultation__etape__projet", "version")
        .get(pk=participation.pk)
    )


def _exiger_d_ecrire(participation: Participation, par) -> None:
    if not peut_ecrire(participation, par):
        raise EtapeInterdite(
            _("Cette réponse ne change plus : la consultation est terminée, ou elle n’est pas à vous.")
        )


# --- Read ----------------------------------------------------------------------------------------------------------


def relire(
    questionnaire: Questionnaire, brut: Mapping[str, list[str]], pieces: Mapping[str, int] | None = None
) -> Relecture:
    """Walk the questionnaire with what is typed. `pieces` is {key of a question: how many files}.

    An answer that cannot be read counts as none for the way on; what is typed for pages that are not reached is not read.
    """
    relecture = Relecture()
    page = questionnaire.pages[0] if questionnaire.pages else None
    while page is not None and page not in relecture.pages:
        relecture.pages.append(page)
        for question in page.questions:
            try:
                relecture.valeurs[question.cle] = lire(question, brut, pieces=(pieces or {}).get(question.cle, 0))
            except ValidationError as tort:
                relecture.valeurs[question.cle] = None
                relecture.torts[question.cle] = tort.messages[0]
        suite = destination(questionnaire, page, relecture.valeurs)
        page = questionnaire.page(suite) if suite != FIN else None
    return relecture


def relire_la_participation(participation: Participation) -> Relecture:
    return relire(
        participation.version_ecrite.questionnaire, saisie_de(participation), compte_des_pieces(participation)
    )


def dit_la_meme_chose(participation: Participation, brut: Brut) -> bool:
    """Is this what was sent? Sent again as it was: a second click, or the page loaded again. Files are not looked at."""
    questionnaire = participation.version.questionnaire
    return relire(questionnaire, saisie_de(participation)).valeurs == relire(questionnaire, brut).valeurs


def relire_ce_qui_compte(participation: Participation) -> Relecture:
    """The sent answer, under the questionnaire that it was sent to."""
    pieces = Counter(participation.pieces.filter(est_posee=True).values_list("question", flat=True))
    return relire(participation.version.questionnaire, saisie_envoyee(participation), pieces)


def compte_des_pieces(participation: Participation) -> dict[str, int]:
    return Counter(participation.pieces.en_cours().values_list("question", flat=True))


def valeurs_de(participation: Participation) -> dict[str, Valeur]:
    """The sent answers, from their data: {key of a question: value}."""
    par_question: dict[str, list[Donnee]] = defaultdict(list)
    for donnee in participation.donnees.select_related("territoire"):
        par_question[donnee.question].append(donnee)
    questionnaire = participation.version.questionnaire
    valeurs = {}
    for cle, donnees in par_question.items():
        question = questionnaire.element(cle)
        if question is not None:
            valeurs[cle] = _depuis(question, donnees)
    return valeurs


def _depuis(question: Question, donnees: list[Donnee]) -> Valeur:
    premiere = donnees[0]
    if question.genre == Genre.MATRICE:
        return Valeur(lignes={d.ligne: d.choix for d in donnees})
    if question.genre == Genre.CLASSEMENT:
        return Valeur(choix=tuple(d.choix for d in sorted(donnees, key=lambda d: d.rang or 0)))
    if premiere.choix:
        autre = next((d.texte for d in donnees if d.choix == AUTRE), "")
        return Valeur(choix=tuple(d.choix for d in donnees), autre=autre)
    if premiere.latitude is not None and premiere.longitude is not None:
        return Valeur(lieu=Lieu(premiere.latitude, premiere.longitude, premiere.territoire), texte=premiere.texte)
    return Valeur(nombre=premiere.nombre, date=premiere.date, texte=premiere.texte)


def donnees_de(participation: Participation, valeurs: Mapping[str, Valeur | None]) -> list[Donnee]:
    """The rows of these values, not saved yet."""
    lignes = []
    for cle, valeur in valeurs.items():
        if valeur is not None:
            lignes += [Donnee(participation=participation, question=cle, **champs) for champs in _champs(valeur)]
    return lignes


def _champs(valeur: Valeur) -> list[dict]:
    if valeur.lignes:
        return [{"ligne": ligne, "choix": choix} for ligne, choix in valeur.lignes.items()]
    if valeur.choix:
        return [
            {"choix": choix, "rang": rang, "texte": valeur.autre if choix == AUTRE else ""}
            for rang, choix in enumerate(valeur.choix, start=1)
        ]
    if valeur.lieu is not None:
        lieu = valeur.lieu
        return [{"latitude": lieu.lat, "longitude": lieu.lon, "territoire": lieu.commune, "texte": valeur.texte}]
    if valeur.pieces:
        return [{"nombre": valeur.pieces}]
    return [{"nombre": valeur.nombre, "date": valeur.date, "texte": valeur.texte}]


# --- Send, take back ---------------------------------------------------------------------------------------------


@transaction.atomic
def envoyer(
    participation: Participation, *, par, mot: str = "", profil: Mapping | None = None, accord_textes: bool = False
) -> Participation:
    """Count this answer. `mot` is the secret promised by the page, for whoever has no account; `profil` holds
    `territoire` and `tranche`. Sent twice, it counts once. Raises Incomplete, EtapeInterdite or EtapeImpossible.
    """
    participation = _verrouiller(participation)
    if participation.est_envoyee and participation.brut is None:
        return _la_meme(participation, par, mot)
    _exiger_d_ecrire(participation, par)
    if not peut_envoyer(participation, par):
        raise EtapeInterdite(NON_ADMISE)
    participation.brut = dict(saisie_de(participation))
    participation.version = _figer(participation.consultation.version)
    relecture = relire_la_participation(participation)
    if page := relecture.page_a_reprendre:
        raise Incomplete(page, relecture.torts)
    if not relecture.repondues:
        raise Incomplete(relecture.pages[0], {"": _("Répondez à une question au moins.")})
    if participation.est_envoyee:
        participation.donnees.all().delete()
    Donnee.objects.bulk_create(donnees_de(participation, relecture.valeurs))
    _poser_les_pieces(participation, relecture)
    maintenant = timezone.now()
    if participation.est_envoyee:
        participation.corrigee_le = maintenant
    else:
        participation.envoyee_le = maintenant
        if participation.personne_id is None:
            participation.secret_empreinte = SECRETS.empreinte(participation.numero, mot)
    if participation.consultation.profil and profil is not None:
        participation.territoire, participation.tranche = profil.get("territoire"), profil.get("tranche") or ""
    participation.accord_textes = accord_textes
    participation.brut, participation.ecrite_le = None, maintenant
    participation.save()
    return participation


def _la_meme(participation: Participation, par, mot: str) -> Participation:
    """Sent again by the page that sent it; from elsewhere, it is already sent."""
    if participation.personne_id is not None:
        if est_connectee(par) and participation.personne_id == par.pk and participation.est_comptee:
            return participation
    elif SECRETS.est_le_bon(participation.secret_empreinte, participation.numero, mot):
        return participation
    raise EtapeImpossible(_("Cette réponse est déjà envoyée."))


def _poser_les_pieces(participation: Participation, relecture: Relecture) -> None:
    """Files of the pages that she goes through are part of it; the others go."""
    gardees = [cle for cle, valeur in relecture.valeurs.items() if valeur is not None and valeur.pieces]
    oublier_les_fichiers(participation.pieces.filter(Q(est_otee=True) | ~Q(question__in=gardees)))
    if gardees:
        participation.pieces.filter(est_posee=False).update(est_posee=True)


@transaction.atomic
def abandonner_la_correction(participation: Participation, *, par) -> Participation:
    """Back to the answer that counts, as it was sent."""
    participation = _verrouiller(participation)
    _exiger_d_ecrire(participation, par)
    if not participation.est_envoyee:
        raise EtapeImpossible(_("Cette réponse n’est pas encore envoyée."))
    oublier_les_fichiers(participation.pieces.filter(est_posee=False))
    participation.pieces.update(est_otee=False)
    participation.brut = None
    participation.save(update_fields=["brut"])
    return participation


@transaction.atomic
def taire(participation: Participation, *, par) -> Participation:
    """Her words are no longer to be published. At any time, also when the consultation is over: who agreed may disagree."""
    participation = _verrouiller(participation)
    if not est_la_repondante(participation, par) or not participation.est_comptee:
        raise EtapeInterdite(_("Cette réponse n’est pas à vous, ou elle est retirée."))
    participation.accord_textes = False
    participation.save(update_fields=["accord_textes"])
    return participation


@transaction.atomic
def retirer(participation: Participation, *, par) -> Participation:
    """Take the answer back: it is no longer counted, and nothing of it is kept but its number."""
    participation = _verrouiller(participation)
    if not peut_retirer(participation, par):
        raise EtapeInterdite(
            _("Cette réponse ne peut plus être retirée : la consultation est terminée, ou elle n’est pas à vous.")
        )
    participation.donnees.all().delete()
    oublier_les_fichiers(participation.pieces.all())
    participation.retiree_le = timezone.now()
    participation.brut, participation.personne, participation.territoire = None, None, None
    participation.tranche, participation.accord_textes = "", False
    participation.save()
    return participation


@transaction.atomic
def jeter(participation: Participation, *, par) -> None:
    """Forget an answer that was begun and not sent."""
    participation = _verrouiller(participation)
    _exiger_d_ecrire(participation, par)
    if participation.est_envoyee:
        raise EtapeImpossible(_("Cette réponse est envoyée : vous pouvez la retirer."))
    oublier_les_fichiers(participation.pieces.all())
    participation.delete()


# --- Without an account, then with one ------------------------------------------------------------------------------


def retrouver(numero: int, saisi: str, *, reseau: str) -> Participation:
    """The answer of that number, for whoever knows its secret. Raises MauvaisSecret, or TropVite after too many tries."""
    try:
        attente = max(ESSAIS_PAR_RESEAU.compter(reseau), ESSAIS_PAR_NUMERO.compter(numero))
    except CacheIndisponible:
        raise TropVite(_("Le suivi est indisponible pour le moment. Réessayez dans quelques minutes.")) from None
    if attente:
        raise TropVite(_("Trop d’essais. Réessayez dans %(n)s min.") % {"n": -(-attente // 60)})
    trouvee = (
        Participation.objects.select_related("consultation__etape__projet", "version")
        .filter(numero=numero, personne__isnull=True, envoyee_le__isnull=False)
        .first()
    )
    if not SECRETS.est_le_bon(trouvee.secret_empreinte if trouvee else "", numero, saisi) or trouvee is None:
        raise MauvaisSecret
    ESSAIS_PAR_NUMERO.rendre(numero)
    ESSAIS_PAR_RESEAU.rendre(reseau)
    return trouvee


@transaction.atomic
def rattacher(participation: Participation, *, par) -> Participation:
    """Make this account the one that answered; the secret dies. A draft that the account had is given up for it.

    Raises EtapeImpossible (another account, taken back, or the account has answered already) or EtapeInterdite (the
    agent who wrote it down for somebody).
    """
    participation = _verrouiller(participation)
    if participation.personne_id is not None or participation.retiree_le is not None:
        raise EtapeImpossible(_("Cette réponse est déjà rattachée à un compte, ou elle est retirée."))
    if participation.saisie_par_id == par.pk:
        raise EtapeInterdite(_("Vous avez saisi cette réponse pour quelqu’un : elle est à cette personne, pas à vous."))
    autres = Participation.objects.filter(
        consultation=participation.consultation_id, personne=par, retiree_le__isnull=True
    ).select_for_update()
    for autre in autres:
        if autre.est_envoyee:
            raise EtapeImpossible(
                _(
                    "Votre compte a déjà répondu à cette consultation. Retirez l’une des deux réponses : une seule compte."
                )
            )
        oublier_les_fichiers(autre.pieces.all())
        autre.delete()
    participation.personne, participation.rattachee_le, participation.secret_empreinte = par, timezone.now(), ""
    participation.save(update_fields=["personne", "rattachee_le", "secret_empreinte"])
    return participation


def attribuer_les_brouillons(tenues: Iterable[int], *, par) -> None:
    """Give an account that has just signed in what this browser has begun; what it has already, stays."""
    commencees = Participation.objects.filter(pk__in=list(tenues), personne__isnull=True, envoyee_le__isnull=True)
    for participation in commencees:
        try:
            with transaction.atomic():
                Participation.objects.filter(pk=participation.pk, personne__isnull=True).update(personne=par)
        except IntegrityError:
            _reunir(participation, par)


@transaction.atomic
def _reunir(participation: Participation, par) -> None:
    """Her account has begun one too, perhaps in a session that ended meanwhile: the later words win. One that is sent
    stays as it is, and the browser keeps what it has."""
    sienne = (
        Participation.objects.select_for_update(of=("self",))
        .filter(consultation=participation.consultation_id, personne=par, retiree_le__isnull=True)
        .first()
    )
    if sienne is None or (sienne.est_envoyee and not peut_ecrire(sienne, par)):
        return
    sienne.brut = {**saisie_de(sienne), **(participation.brut or {})}
    sienne.ecrite_le = timezone.now()
    sienne.save(update_fields=["brut", "ecrite_le"])
    participation.pieces.update(participation=sienne)
    participation.delete()


# --- Forgetting -----------------------------------------------------------------------------------------------------


@transaction.atomic
def oublier_les_abandons() -> int:
    """Delete answers that were begun without an account and never sent; how many. At most a few hundred a beat."""
    vieilles = Participation.objects.filter(
        envoyee_le__isnull=True, personne__isnull=True, ecrite_le__lt=timezone.now() - GARDE
    ).order_by("ecrite_le")
    prises = [p.pk for p in vieilles.select_for_update(of=("self",))[:PAR_PASSAGE]]
    oublier_les_fichiers(Piece.objects.filter(participation__in=prises))
    Participation.objects.filter(pk__in=prises).delete()
    return len(prises)


def oublier_de(personne) -> None:
    """Somebody who closes her account: what she began goes; what she sent stays counted, under no name."""
    siennes = Participation.objects.filter(personne=personne)
    commencees = siennes.filter(envoyee_le__isnull=True)
    oublier_les_fichiers(Piece.objects.filter(participation__in=commencees))
    commencees.delete()
    # Of a correction that was begun too: what counts is what was sent.
    oublier_les_fichiers(Piece.objects.filter(participation__in=siennes, est_posee=False))
    Piece.objects.filter(participation__in=siennes).update(est_otee=False)
    siennes.update(personne=None, brut=None)
