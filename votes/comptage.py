"""Doing a count, in the background: how far it is, what it found. Asking for one: `votes.demandes`."""

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from socle.permissions import SYSTEME
from timeline.etapes import EtapeRefusee, franchir
from timeline.temps_reel import diffuser, groupe_de
from votes.models import Comptage
from votes.models.comptage import empreinte_du_resultat
from votes.regles.depouillement import Interrompu, RegleInvalide
from votes.resultats import resultat_de
from votes.simulation import simuler

journal = logging.getLogger(__name__)

SOUFFLE = 1  # seconds between two marks of progress


class Avancement:
    """How far a count is, written down now and then; it stops when somebody has given the count up."""

    def __init__(self, comptage: Comptage):
        self.comptage = comptage
        self.dit_le = timezone.now()

    def __call__(self, fait: int, total: int) -> None:
        """Raises Interrompu."""
        if (timezone.now() - self.dit_le).total_seconds() < SOUFFLE:
            return
        self.dit_le = timezone.now()
        en_cours = Comptage.objects.en_cours().filter(pk=self.comptage.pk)
        if not en_cours.update(avance_le=self.dit_le, fait=fait, total=total):
            raise Interrompu
        diffuser(groupe_de(self.comptage))

    def interrompu(self) -> bool:
        return not Comptage.objects.en_cours().filter(pk=self.comptage.pk).exists()


def executer(pk: int) -> None:
    """Do a count that was asked for. Doing it twice changes nothing more: the first that ends is the one that is kept."""
    comptage = Comptage.objects.en_cours().filter(pk=pk).select_related("scrutin__etape__projet", "par").first()
    if comptage is None:
        return
    Comptage.objects.en_cours().filter(pk=pk).update(avance_le=timezone.now())
    avancement = Avancement(comptage)
    try:
        if comptage.est_officiel:
            _conclure(comptage, resultat_de(comptage.scrutin, avancement=avancement))
        else:
            _ranger(comptage, simuler(comptage, avancement=avancement))
    except Interrompu:
        return
    except (RegleInvalide, EtapeRefusee) as erreur:
        _arreter(comptage, str(erreur))
    except DatabaseError:
        raise  # the database is away: the clock wakes the job again
    except Exception:
        journal.exception("comptage %s", pk)
        _arreter(comptage, _("Une erreur imprévue a arrêté le comptage. Rien n’est perdu : il peut être relancé."))


@transaction.atomic
def _conclure(comptage: Comptage, resultat: dict) -> None:
    """Keep the result, and bind it by its fingerprint: nobody reads it before the proclamation."""
    if _ranger(comptage, resultat):
        franchir(comptage.scrutin.depouiller, par=comptage.par or SYSTEME, empreinte=comptage.empreinte)


@transaction.atomic
def _ranger(comptage: Comptage, resultat: dict) -> bool:
    garde = Comptage.objects.select_for_update(of=("self",)).get(pk=comptage.pk)
    if garde.etat not in {"demande", "en_cours"}:
        return False
    comptage.resultat, comptage.empreinte = resultat, empreinte_du_resultat(resultat)
    comptage.termine_le = timezone.now()
    comptage.save(update_fields=["resultat", "empreinte", "termine_le"])
    transaction.on_commit(lambda: diffuser(groupe_de(comptage)))
    return True


def _arreter(comptage: Comptage, raison: str) -> None:
    Comptage.objects.en_cours().filter(pk=comptage.pk).update(echec=raison[:500])
    diffuser(groupe_de(comptage))
