"""« Réponse utile ? », and the second look that the mediator takes when the answer leaves people without one."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reponses.models import Appreciation, Reponse, SecondeLecture
from reponses.permissions import peut_apprecier, peut_demander_une_seconde_lecture
from reponses.utilite import utilite_de
from socle.permissions import SYSTEME
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.journal import consigner


@transaction.atomic
def apprecier(reponse, *, par, avis, mot="") -> Appreciation:
    """Say what one thinks of an answer; saying it again replaces it. Raises EtapeInterdite or EtapeInvalide.

    Not in the journal: it is the public record of acts, and this is somebody's opinion, hers to change.
    """
    reponse = _verrouiller(reponse)
    if not peut_apprecier(reponse, par):
        raise EtapeInterdite(_("Les personnes qui ont proposé ou soutenu l’idée disent si la réponse leur est utile."))
    if avis not in Appreciation.Avis.values:
        raise EtapeInvalide(_("Choisissez un avis."), champ="avis")
    appreciation, _nouvelle = Appreciation.objects.update_or_create(
        reponse=reponse, personne=par, defaults={"avis": avis, "mot": mot.strip(), "le": timezone.now()}
    )
    deja = Q(origine=SecondeLecture.Origine.NIVEAU) | Q(etat__in=SecondeLecture.ETATS_OUVERTS)
    sous_le_niveau = utilite_de(reponse).est_sous_le_niveau and reponse.corrige_id is None
    if sous_le_niveau and not reponse.secondes_lectures.filter(deja).exists():
        _ouvrir(reponse, par=SYSTEME, origine=SecondeLecture.Origine.NIVEAU)
    return appreciation


@transaction.atomic
def ne_plus_apprecier(reponse, *, par) -> bool:
    """Take it back; False when there was nothing. A second look that is open goes on."""
    retirees, _par_modele = Appreciation.objects.filter(reponse=reponse, personne=par).delete()
    return bool(retirees)


@transaction.atomic
def demander(reponse, *, par, raison) -> SecondeLecture:
    """Whoever proposed asks the mediator to read the answer again. Raises EtapeInterdite, EtapeInvalide, EtapeImpossible."""
    reponse = _verrouiller(reponse)
    if not peut_demander_une_seconde_lecture(reponse, par):
        raise EtapeInterdite(_("Seules les personnes qui ont proposé l’idée demandent une seconde lecture."))
    if not raison.strip():
        raise EtapeInvalide(_("Dites ce qui vous manque dans cette réponse."), champ="raison")
    if reponse.secondes_lectures.filter(origine=SecondeLecture.Origine.AUTRICE).exists():
        raise EtapeImpossible(_("Une seconde lecture a déjà été demandée pour cette réponse."))
    return _ouvrir(reponse, par=par, origine=SecondeLecture.Origine.AUTRICE, raison=raison.strip())


def _ouvrir(reponse, *, par, origine, raison="") -> SecondeLecture:
    try:
        with transaction.atomic():
            lecture = SecondeLecture.objects.create(
                reponse=reponse, origine=origine, raison=raison, demandee_par=None if par is SYSTEME else par
            )
    except IntegrityError:
        raise EtapeImpossible(_("Une seconde lecture de cette réponse est déjà en cours.")) from None
    consigner(
        "reponses.mediation.demander",
        cible=lecture,
        projet=lecture.projet_du_journal(),
        par=par,
        donnees={"origine": origine},
    )
    return lecture


def clore_par_la_correction(correction) -> None:
    """Follow-up of the publication of a correction: what the mediator asked for has come.

    A correction that was begun before she spoke answers something else.
    """
    attendues = SecondeLecture.objects.filter(reponse=correction.corrige_id, etat=SecondeLecture.Etat.A_PRECISER)
    for lecture in attendues.filter(conclue_le__lte=correction.cree_le):
        franchir(lecture.clore, par=SYSTEME)


def _verrouiller(reponse) -> Reponse:
    return Reponse.objects.select_for_update(of=("self",)).get(pk=reponse.pk)
