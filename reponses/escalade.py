"""An answer that does not come goes up: to the team, then to the elected officials, then late, to all of them."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.models import Rappel
from reponses.models import Echeance, Escalade, Reponse
from socle.permissions import SYSTEME
from timeline.journal import consigner

Palier = Escalade.Palier


def jours_des_paliers() -> dict[str, int]:
    """{level: days before the due date}, the nearest to the date first."""
    jours = {
        Palier.ELUES.value: settings.REPONSE_ESCALADE_ELUES_JOURS,
        Palier.EQUIPE.value: settings.REPONSE_ESCALADE_EQUIPE_JOURS,
    }
    return dict(sorted(jours.items(), key=lambda couple: couple[1]))


def escalader() -> int:
    """Go up one level wherever its day has come; number of levels said. Safe when run twice, or by two processes.

    Being late is said by `reponses.rappels`, in the same transaction as its public entry.
    """
    jours = jours_des_paliers()
    aujourdhui = timezone.localdate()
    horizon = aujourdhui + timedelta(days=max(jours.values()))
    proches = Echeance.objects.en_cours().filter(due_le__range=(aujourdhui, horizon))
    proches = proches.prefetch_related("cible", "escalades")
    a_dire = [(e, palier) for e in proches if (palier := _palier(e, jours))]
    return sum(_dire(echeance, palier, jours[palier]) for echeance, palier in a_dire)


def _palier(echeance, jours) -> str | None:
    """The nearest level whose day has come, if it is not said yet.

    After a long stop only the latest is said. A delay shorter than a level has no such level.
    """
    if echeance.cible is None or not echeance.cible.attend_reponse():
        return None
    palier = next((p for p, seuil in jours.items() if echeance.jours_restants <= seuil), None)
    if palier is None or any(e.palier == palier for e in echeance.escalades.all()):
        return None
    lance_le = timezone.localdate(echeance.depuis_le)
    return None if _jour(echeance, jours[palier]) <= lance_le else palier


def _jour(echeance, seuil):
    return echeance.due_le - timedelta(days=seuil)


@transaction.atomic
def _dire(echeance, palier, seuil) -> bool:
    nouvelle = noter(echeance, palier)
    if not nouvelle:
        return False
    if palier == Palier.EQUIPE and _est_rappelee_depuis(echeance, _jour(echeance, seuil)):
        # A reminder has just told the same people: the level is written, and nobody gets a second mail.
        return True
    consigner(
        "reponses.echeance.escalader",
        cible=echeance.cible,
        projet=echeance.cible.projet_du_journal(),
        par=SYSTEME,
        publique=False,
        donnees={"palier": str(palier), "due_le": echeance.due_le.isoformat(), "jours": echeance.jours_restants},
    )
    return True


def _est_rappelee_depuis(echeance, jour) -> bool:
    rappels = Rappel.objects.filter(cle__startswith=f"echeance:{echeance.pk}:").values_list("cree_le", flat=True)
    return any(timezone.localdate(le) >= jour for le in rappels)


def noter(echeance, palier) -> bool:
    """Write the level with who is told, once; is it the first time?"""
    escalade, nouvelle = Escalade.objects.get_or_create(echeance=echeance, palier=palier)
    if nouvelle and palier != Palier.EQUIPE:
        escalade.elues.set(elues_de(echeance.cible))
    return nouvelle


def elues_de(cible) -> list:
    """Elected officials to be told: those whom the projet names, or else all those who may sign. Never its own authors."""
    projet = cible.projet_du_journal()
    possibles = list(Reponse(cible=cible, projet=projet).signataires_possibles())
    if projet is None:
        return possibles
    nommees = set(projet.roles.filter(role="elue").values_list("personne", flat=True))
    return [elue for elue in possibles if elue.pk in nommees] or possibles
