"""The thousand lots, computed in the background: asked for, followed, given up, kept."""

import logging
import secrets
from functools import partial

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes.models import Calcul, Candidate, FichierDeTirage, Tirage
from communautes.panels.designation import parametres_de
from communautes.panels.mandat import exiger_de_conduire
from communautes.panels.quotas import quotas_de, vivier_de
from communautes.panels.vivier import exiger_la_preparation
from communautes.tirage import fichiers
from communautes.tirage.fautes import TirageInterrompu, TirageInvalide
from communautes.tirage.parametres import Parametres
from communautes.tirage.preparation import Preparation, preparer
from communautes.tirage.quotas import verifier
from communautes.tirage.vivier import Vivier
from notifications.tasks import reveiller
from socle.permissions import SYSTEME
from timeline.etapes import EtapeImpossible, EtapeRefusee, franchir
from timeline.temps_reel import diffuser, groupe_de

journal = logging.getLogger(__name__)

SOUFFLE = 1  # seconds between two marks of progress
PAQUET = 2000  # rows written at once


def demander(tirage: Tirage, *, par) -> Calcul:
    """Ask for the lots; the computation that runs already when somebody was faster.

    Raises EtapeInterdite, EtapeImpossible, or TirageInvalide with what counting alone shows to be wrong.
    """
    from communautes.tasks import calculer_les_lots

    exiger_de_conduire(tirage.panel, par)
    if deja := tirage.calculs.en_cours().first():
        return deja
    try:
        with transaction.atomic():
            tenu = exiger_la_preparation(tirage, par)
            if not tenu.candidates.exists():
                raise EtapeImpossible(_("Importez d’abord le vivier."))
            verifier(quotas_de(tenu), tenu.places, vivier_de(tenu), classes_vides=tenu.remplace_id is not None)
            calcul = Calcul.objects.create(tirage=tenu, par=par)
    except IntegrityError:
        return Calcul.objects.en_cours().get(tirage=tirage)
    transaction.on_commit(partial(reveiller, calculer_les_lots, calcul.pk))
    return calcul


def abandonner(calcul: Calcul, *, par) -> Calcul:
    """Give it up before it ends. Raises EtapeInterdite or EtapeImpossible."""
    exiger_de_conduire(calcul.tirage.panel, par)
    if not Calcul.objects.en_cours().filter(pk=calcul.pk).update(abandonne_le=timezone.now()):
        raise EtapeImpossible(_("Ce calcul est déjà fini."))
    calcul.refresh_from_db()
    diffuser(groupe_de(calcul))
    return calcul


class Avancement:
    """How far it is, written down now and then; it stops when somebody has given it up."""

    def __init__(self, calcul: Calcul):
        self.calcul = calcul
        self.dit_le = timezone.now()

    def __call__(self, fait: int, total: int) -> None:
        """Raises TirageInterrompu."""
        if (timezone.now() - self.dit_le).total_seconds() < SOUFFLE:
            return
        self.dit_le = timezone.now()
        en_cours = Calcul.objects.en_cours().filter(pk=self.calcul.pk)
        if not en_cours.update(avance_le=self.dit_le, fait=fait, total=total):
            raise TirageInterrompu
        diffuser(groupe_de(self.calcul))


def executer(pk: int) -> None:
    """Do what was asked for. Doing it twice changes nothing more: the first that ends is the one that is kept."""
    calcul = Calcul.objects.en_cours().filter(pk=pk).select_related("tirage__panel__communaute", "par").first()
    if calcul is None:
        return
    Calcul.objects.en_cours().filter(pk=pk).update(avance_le=timezone.now())
    tirage, graine = calcul.tirage, secrets.randbits(63)
    try:
        vivier = vivier_de(tirage)
        provisoires = parametres_de(tirage, source="–", connue_le=timezone.now(), graine=graine)
        _ranger(calcul, vivier, provisoires, preparer(vivier, provisoires, avancer=Avancement(calcul)))
    except TirageInterrompu:
        return
    except TirageInvalide as faute:
        _arreter(calcul, "\n".join(faute.phrases()))
    except EtapeRefusee as refus:
        _arreter(calcul, str(refus))
    except DatabaseError:
        raise  # the database is away: the clock wakes the job again
    except Exception:
        journal.exception("calcul %s", pk)
        _arreter(calcul, _("Une erreur imprévue a arrêté le calcul. Rien n’est perdu : il peut être relancé."))


@transaction.atomic
def _ranger(calcul: Calcul, vivier: Vivier, parametres: Parametres, preparation: Preparation) -> None:
    garde = Calcul.objects.select_for_update(of=("self",)).get(pk=calcul.pk)
    if not garde.est_en_cours:
        return
    tirage = calcul.tirage
    pool, lots = fichiers.ecrire_vivier(vivier), fichiers.ecrire_lots(preparation.lots)
    FichierDeTirage.objects.filter(tirage=tirage).delete()
    for nom, octets in ((fichiers.VIVIER, pool), (fichiers.LOTS, lots)):
        FichierDeTirage.objects.create(tirage=tirage, nom=nom, contenu=octets.decode())
    candidates = list(tirage.candidates.all())
    for candidate in candidates:
        candidate.lots = preparation.probabilites.par_code[candidate.code]
    Candidate.objects.bulk_update(candidates, ["lots"], PAQUET)
    garde.termine_le = timezone.now()
    garde.fait = garde.total = len(preparation.lots)
    garde.save(update_fields=["termine_le", "fait", "total"])
    franchir(
        tirage.calculer,
        par=calcul.par or SYSTEME,
        empreinte_vivier=fichiers.empreinte(pool),
        empreinte_lots=fichiers.empreinte(lots),
        graine_des_lots=str(parametres.graine),
        version_du_solveur=parametres.version_du_solveur,
    )
    transaction.on_commit(lambda: diffuser(groupe_de(calcul)))


def _arreter(calcul: Calcul, raison: str) -> None:
    Calcul.objects.en_cours().filter(pk=calcul.pk).update(echec=raison[:20_000])
    diffuser(groupe_de(calcul))
