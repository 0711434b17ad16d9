from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from timeline import chaine
from timeline.huis_clos import communaute_de
from timeline.models import Chaine, Entree, Relais
from timeline.signals import entree_consignee
from timeline.survenue import instant_affiche


@dataclass(frozen=True)
class Fait:
    """One event to write. `donnees` holds no personal data and no float: it is hashed and public.

    A fact older than today says when it happened: `Survenue.donnees()` in its `donnees`.
    """

    type: str
    cible: Any
    donnees: dict = field(default_factory=dict)


def consigner(type, *, cible, par, projet=None, publique=True, donnees=None) -> Entree:
    """Write one event in its chain. Must run in the transaction of the change that it tells.

    `par` is a person, SYSTEME, or somebody without an account (no row: her reference alone is kept). `donnees` holds no
    personal data and no float: it is hashed and public.
    """
    return consigner_lot([Fait(type, cible, donnees or {})], par=par, projet=projet, publique=publique)[0]


def consigner_lot(faits: Sequence[Fait], *, par, projet=None, publique=True, annoncer=True) -> list[Entree]:
    """Write many events in one chain, in this order, under one lock; same promises as `consigner`.

    What happens to things that live inside a community goes in its chain, whatever `projet` says; one lot, one chain.
    With `annoncer=False` nobody is told: old facts taken over from elsewhere are no news.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("consigner() s'appelle dans la transaction du changement.")
    communautes = {communaute_de(fait.cible) for fait in faits}
    if len(communautes) > 1:
        raise RuntimeError("Un lot s'écrit dans une seule chaîne : ces faits sont de plusieurs communautés.")
    communaute = next(iter(communautes), None)
    lieu = {"projet": None if communaute else projet, "communaute": communaute}
    cle = Chaine.cle_de(*(chose and chose.pk for chose in lieu.values()))
    rang = Chaine.objects.select_for_update().filter(cle=cle).first()
    if rang is None:  # its first entry
        Chaine.objects.get_or_create(cle=cle, defaults=lieu)
        rang = Chaine.objects.select_for_update().get(cle=cle)
    auteur = {"par": None if par.pk is None else par, "par_reference": str(par.reference)}
    le = timezone.now()
    entrees = []
    for fait in faits:
        entree = _suivante(rang, fait, le=le, est_publique=publique, **lieu, **auteur)
        rang.longueur, rang.tete = entree.numero, entree.empreinte
        entrees.append(entree)
    # The queryset of the journal refuses whatever looks like a rewriting: these are new rows.
    lignes: QuerySet[Entree] = QuerySet(Entree)
    lignes.bulk_create(entrees)
    rang.save(update_fields=["longueur", "tete"])
    if annoncer:
        Relais.objects.bulk_create([Relais(entree=entree) for entree in entrees])
        for entree in entrees:
            transaction.on_commit(partial(entree_consignee.send_robust, sender=Entree, entree=entree))
    return entrees


def _suivante(rang: Chaine, fait: Fait, *, le, **champs) -> Entree:
    """The entry that follows the head of a chain, hashed."""
    type_cible = ContentType.objects.get_for_model(fait.cible)
    entree = Entree(
        chaine=rang,
        numero=rang.longueur + 1,
        type=fait.type,
        le=le,
        survenu_le=instant_affiche(fait.donnees, le),
        cible_type=type_cible,
        cible_id=fait.cible.pk,
        donnees=fait.donnees,
        precedente=rang.tete,
        **champs,
    )
    contenu = entree.contenu(rang.cle, f"{type_cible.app_label}.{type_cible.model}")
    entree.empreinte = chaine.empreinte(rang.tete, contenu)
    return entree
