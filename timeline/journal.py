from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from timeline import chaine
from timeline.models import Chaine, Entree, Relais
from timeline.signals import entree_consignee


def consigner(type, *, cible, par, projet=None, publique=True, donnees=None) -> Entree:
    """Write one event in its chain. Must run in the transaction of the change that it tells.

    `par` is a person, SYSTEME, or somebody without an account (no row: her reference alone is kept). `donnees` holds no
    personal data and no float: it is hashed and public.
    """
    connexion = transaction.get_connection()
    if not connexion.in_atomic_block:
        raise RuntimeError("consigner() s'appelle dans la transaction du changement.")
    cle = Chaine.cle_de(projet)
    Chaine.objects.get_or_create(cle=cle, defaults={"projet": projet})
    rang = Chaine.objects.select_for_update().get(cle=cle)
    type_cible = ContentType.objects.get_for_model(cible)
    entree = Entree(
        chaine=rang,
        numero=rang.longueur + 1,
        type=type,
        le=timezone.now(),
        cible_type=type_cible,
        cible_id=cible.pk,
        projet=projet,
        par=None if par.pk is None else par,
        par_reference=str(par.reference),
        est_publique=publique,
        donnees=donnees or {},
        precedente=rang.tete,
    )
    entree.empreinte = chaine.empreinte(rang.tete, entree.contenu(cle, f"{type_cible.app_label}.{type_cible.model}"))
    entree.save(force_insert=True)
    rang.longueur, rang.tete = entree.numero, entree.empreinte
    rang.save(update_fields=["longueur", "tete"])
    Relais.objects.create(entree=entree)
    transaction.on_commit(partial(entree_consignee.send_robust, sender=Entree, entree=entree))
    return entree
