"""A pool: the file received, its mapping, its rows written all at once or not at all, and erased when they must be."""

import json
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from communautes.models import Candidate, Coordonnees, FichierDeTirage, FichierRecu, Quota, Tirage
from communautes.panels.mandat import exiger_de_conduire
from communautes.panels.quotas import proposer
from communautes.tirage import importer
from communautes.tirage.fautes import Faute, TirageInvalide
from communautes.tirage.vivier import codes_de
from comptes.chiffrement import chiffrer, dechiffrer
from socle.fichiers import nom_propre
from timeline.etapes import EtapeImpossible

VALEURS_MAX = 30  # of one criterion: more is a column of names or of addresses, that nobody publishes
PAQUET = 2000  # rows written at once
COURRIEL = "courriel"


@dataclass(frozen=True)
class Colonnes:
    """What each column is. `personnelles` are kept apart and encrypted; those that are nowhere here are not kept at all."""

    identifiant: str
    criteres: tuple[str, ...]
    personnelles: tuple[str, ...] = ()
    #: One of `personnelles`: where a mail may be sent.
    courriel: str = ""


def exiger_la_preparation(tirage: Tirage, par) -> Tirage:
    """The row, locked. Raises EtapeInterdite or EtapeImpossible."""
    exiger_de_conduire(tirage.panel, par)
    tenu = Tirage.objects.select_for_update(of=("self",)).select_related("panel__communaute").get(pk=tirage.pk)
    if not tenu.est_en_preparation:
        raise EtapeImpossible(_("Ce tirage n’est plus en préparation : son vivier et ses quotas ne changent plus."))
    if tenu.calculs.en_cours().exists():
        raise EtapeImpossible(_("Un calcul est en cours : arrêtez-le d’abord."))
    if tenu.panel.efface_le:
        raise EtapeImpossible(_("Les noms et les adresses de ce panel sont effacés : on ne tire plus personne."))
    mandat = tenu.panel.mandat or tenu.panel.mandat_en_preparation
    if not tenu.remplace_id and tenu.places != mandat.places:  # corrected since
        tenu.places = mandat.places
        tenu.save(update_fields=["places"])
    return tenu


@transaction.atomic
def recevoir(tirage: Tirage, *, par, nom: str, octets: bytes) -> FichierRecu:
    """Keep the file, encrypted, until its columns are told. Raises TirageInvalide with every line that is wrong."""
    tenu = exiger_la_preparation(tirage, par)
    if tenu.remplace_id:
        raise EtapeImpossible(_("Un remplacement se tire dans le vivier du premier tirage."))
    importer.lire_table(octets)
    FichierRecu.objects.filter(tirage=tenu).delete()
    return FichierRecu.objects.create(tirage=tenu, nom=nom_propre(nom), contenu=chiffrer(octets.decode("latin-1")))


def octets_de(recu: FichierRecu) -> bytes:
    return dechiffrer(recu.contenu).encode("latin-1")


@transaction.atomic
def importer_le_vivier(tirage: Tirage, colonnes: Colonnes, *, par) -> int:
    """Write the pool of the file that was received, and quotas in proportion; how many people. All or nothing.

    Raises TirageInvalide with every line that is wrong, EtapeInterdite or EtapeImpossible.
    """
    tenu = exiger_la_preparation(tirage, par)
    recu = FichierRecu.objects.filter(tirage=tenu).first()
    if recu is None:
        raise EtapeImpossible(_("Ce fichier n’est plus là : envoyez-le de nouveau."))
    inscrites = importer.lire(octets_de(recu), identifiant=colonnes.identifiant, criteres=colonnes.criteres)
    _exiger_des_classes(colonnes, inscrites)
    codes = codes_de([i.identifiant for i in inscrites], secrets.token_bytes(32))
    effacer_les_rangees(tenu)
    Candidate.objects.bulk_create(
        (Candidate(tirage=tenu, code=codes[i.identifiant], valeurs=list(i.valeurs)) for i in inscrites), PAQUET
    )
    Coordonnees.objects.bulk_create(
        (Coordonnees(panel=tenu.panel, code=codes[i.identifiant], contenu=_chiffrees(i, colonnes)) for i in inscrites),
        PAQUET,
    )
    tenu.criteres = list(colonnes.criteres)
    tenu.save(update_fields=["criteres"])
    proposer(tenu)
    recu.delete()
    return len(inscrites)


def _chiffrees(inscrite: importer.Inscrite, colonnes: Colonnes) -> str:
    gardees = {nom: inscrite.autres[nom] for nom in colonnes.personnelles}
    contenu = {"identifiant": inscrite.identifiant, "autres": gardees}
    if colonnes.courriel:
        contenu[COURRIEL] = gardees[colonnes.courriel]
    return chiffrer(json.dumps(contenu, ensure_ascii=False))


def _exiger_des_classes(colonnes: Colonnes, inscrites) -> None:
    """A criterion has a few classes; a birth date or an address is no criterion, and would be published."""
    fautes = []
    for rang, critere in enumerate(colonnes.criteres):
        nombre = len({inscrite.valeurs[rang] for inscrite in inscrites})
        if nombre > VALEURS_MAX:
            phrase = _(
                "« %(critere)s » a %(n)s valeurs différentes : %(max)s au plus. Un critère range les personnes en quelques "
                "groupes, par exemple des tranches d’âge."
            )
            fautes.append(Faute(0, phrase % {"critere": critere, "n": nombre, "max": VALEURS_MAX}))
    if fautes:
        raise TirageInvalide(fautes)


def coordonnees_de(panel, codes) -> dict[str, dict]:
    """{code: {identifiant, autres, courriel}} of these people, while they are kept."""
    lignes = Coordonnees.objects.filter(panel=panel, code__in=list(codes))
    return {ligne.code: json.loads(dechiffrer(ligne.contenu)) for ligne in lignes}


# --- Erased ------------------------------------------------------------------------------------------------------


def effacer_les_rangees(tirage: Tirage) -> None:
    """Of a draw that nobody was told of: its pool, with names and addresses, and its quotas."""
    Quota.objects.filter(tirage=tirage).delete()
    Candidate.objects.filter(tirage=tirage).delete()
    if not tirage.remplace_id:
        Coordonnees.objects.filter(panel=tirage.panel).delete()


def jeter_les_lots(tirage: Tirage, *, par, **_arguments) -> None:
    """Follow-up of `reprendre`."""
    FichierDeTirage.objects.filter(tirage=tirage).delete()
    Candidate.objects.filter(tirage=tirage).update(lots=None)


def effacer(tirage: Tirage, *, par, **_arguments) -> None:
    """Follow-up of `abandonner`: nobody was told of this pool, nothing of it stays."""
    FichierDeTirage.objects.filter(tirage=tirage).delete()
    FichierRecu.objects.filter(tirage=tirage).delete()
    tirage.calculs.en_cours().update(echec=_("Le tirage est abandonné."))
    effacer_les_rangees(tirage)


def effacer_les_coordonnees(tirage: Tirage, *, par, **_arguments) -> None:
    """Follow-up of `annuler`: what was published stays, codes and classes; names and addresses have no use any more."""
    if not tirage.remplace_id:
        Coordonnees.objects.filter(panel=tirage.panel).delete()
