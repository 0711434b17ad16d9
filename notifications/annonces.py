"""Telling an entry of the journal: who, under the bell, by mail. Once, whatever is killed and when."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.utils import timezone, translation

from notifications import registre
from notifications.courriels import Lettre, adresse_pour_arreter, preparer, rediger, reveiller_l_expedition
from notifications.models import Abonnement, Courriel, Genre, Notification, Preference
from timeline.huis_clos import lectrices_de
from timeline.models import Relais

journal = logging.getLogger(__name__)

LOT = 500  # people written at once
ADRESSE_LIBRE_PAR_JOUR = 20  # mails to an address that somebody typed in a public form


@transaction.atomic
def annoncer(entree_pk: int) -> int:
    """Tell an entry that waits to be told, in one transaction; number of mails written.

    The relay row goes with the effects: killed before the commit, nothing happened and it is told later; after it,
    there is nothing left to tell. Two workers: the second finds the row locked (or gone) and leaves.
    """
    attente = Relais.objects.select_for_update(skip_locked=True, of=("self",)).filter(entree=entree_pk)
    relais = attente.select_related("entree__cible_type", "entree__projet", "entree__par").first()
    if relais is None:
        return 0
    entree = relais.entree
    deja: set[int] = set()
    ecrits = 0
    for annonce in registre.annonces_de(entree):
        ecarte = set() if annonce.accuse or entree.par_id is None else {entree.par_id}
        ecrits += _dire_aux_personnes(annonce, deja, ecarte) + _dire_aux_adresses(annonce) + _dire_sans_compte(annonce)
    relais.delete()
    if ecrits:
        reveiller_l_expedition()
    return ecrits


def rattraper(age) -> int:
    """Tell what has waited longer than `age` (timedelta): its task was lost, or failed. Number of entries told.

    One that fails does not keep the others waiting.
    """
    anciens = Relais.objects.filter(cree_le__lt=timezone.now() - age)
    anciens.exclude(entree__type__in=registre.types_annonces()).delete()
    dites = 0
    for entree_pk in list(anciens.order_by("pk").values_list("entree", flat=True)):
        try:
            annoncer(entree_pk)
        except Exception:
            journal.exception("l'entrée %s n'a pas pu être annoncée ; nouvel essai au prochain battement", entree_pk)
        else:
            dites += 1
    return dites


def _dire_aux_personnes(annonce: registre.Annonce, deja: set[int], ecarte: set[int]) -> int:
    refuse = Preference.objects.filter(personne=OuterRef("pk"), genre=annonce.genre, par_courriel=False)
    destinataires = annonce.destinataires()
    if annonce.entree.communaute_id and not annonce.hors_les_murs:
        destinataires = destinataires.filter(lectrices_de(annonce.entree.communaute))
    suivie = annonce.suivie()
    personnes = (
        destinataires.filter(is_active=True)
        .annotate(sans_courriel=Exists(refuse), participe=_participe(annonce, suivie))
        .order_by("pk")
        .values_list("pk", "email", "langue", "sans_courriel", "participe")
    )
    lettres: dict[tuple, Lettre] = {}
    ecrits = 0
    lignes = personnes.iterator(chunk_size=LOT)
    for lot in _lots(ligne for ligne in lignes if ligne[0] not in deja and ligne[0] not in ecarte):
        Notification.objects.bulk_create(
            [Notification(personne_id=pk, entree=annonce.entree) for pk, *_reste in lot], ignore_conflicts=True
        )
        deja.update(pk for pk, *_reste in lot)
        if annonce.gabarit:
            courriels = [
                preparer(
                    _lettre(annonce, langue, lettres, participe=participe),
                    email,
                    personne_pk=pk,
                    genre="" if annonce.obligatoire else annonce.genre,
                    chose=suivie,
                    cle=f"{annonce.sujet()}:{pk}",
                )
                for pk, email, langue, sans_courriel, participe in lot
                if annonce.obligatoire or not sans_courriel
            ]
            Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
            ecrits += len(courriels)
    return ecrits


def _participe(annonce: registre.Annonce, chose):
    """Does she follow it for everything? Then her mail offers the milestones alone; not that of what she wrote herself."""
    if chose is None or annonce.genre != Genre.SUIVI:
        return Value(value=False)
    siens = Abonnement.objects.sur(chose).filter(personne=OuterRef("pk"))
    return Exists(siens.filter(facon=Abonnement.Facon.PARTICIPE))


def _lots(lignes: Iterator) -> Iterator[list]:
    while lot := list(islice(lignes, LOT)):
        yield lot


def _dire_aux_adresses(annonce: registre.Annonce) -> int:
    """Those who have no account: by mail only, in the language of the house."""
    libre = annonce.adresses_libres
    adresses = [adresse for adresse in dict.fromkeys(annonce.adresses()) if _recoit(adresse, libre=libre)]
    if not adresses:
        return 0
    lettre = _lettre(annonce, settings.LANGUAGE_CODE, {}, sans_compte=True)
    courriels = [preparer(lettre, adresse, cle=f"{annonce.sujet()}:{adresse}"[:160]) for adresse in adresses]
    Courriel.objects.bulk_create(courriels, ignore_conflicts=True)
    return len(adresses)


def _dire_sans_compte(annonce: registre.Annonce) -> int:
    """Those who come back by a link of their own, and stop by another: each has her own letter."""
    gens = [elle for elle in annonce.sans_compte() if _recoit(elle.adresse, libre=True)]
    for elle in gens:
        arreter = f"{settings.ADRESSE}{elle.arreter}"
        siens = {"lien": elle.lien, "arreter": arreter}
        lettre = _lettre(annonce, settings.LANGUAGE_CODE, {}, sans_compte=True, **siens)
        courriel = preparer(lettre, elle.adresse, cle=f"{annonce.sujet()}:{elle.adresse}"[:160], arreter=arreter)
        Courriel.objects.bulk_create([courriel], ignore_conflicts=True)
    return len(gens)


def _recoit(adresse: str, *, libre: bool) -> bool:
    try:
        validate_email(adresse)
    except ValidationError:
        return False
    hier = timezone.now() - timedelta(days=1)
    recus = Courriel.objects.filter(destinataire=adresse, personne=None, cree_le__gt=hier)
    return not libre or recus.count() < ADRESSE_LIBRE_PAR_JOUR


def _lettre(
    annonce: registre.Annonce, langue: str, lettres: dict[tuple, Lettre], *, participe=False, sans_compte=False, **siens
) -> Lettre:
    """Rendered once a language and a way of following: the same words go to everybody of the circle. `siens`: links of
    one person alone."""
    if (langue, participe) not in lettres:
        arreter = "" if annonce.obligatoire or sans_compte else adresse_pour_arreter()
        with translation.override(langue):
            contexte = {
                "entree": annonce.entree,
                "le": annonce.entree.le,
                "titre": annonce.titre,
                "lien": annonce.lien(),
                "pourquoi": str(annonce.pourquoi),
                "arreter": arreter,
                "alleger": f"{arreter}#alleger" if arreter and participe else "",
                **({"preferences": ""} if sans_compte else {}),
                **annonce.contexte(),
                **siens,
            }
        lettres[langue, participe] = rediger(annonce.gabarit, contexte, langue)
    return lettres[langue, participe]
