"""« This changed », told to open pages. Never what changed: the browser asks again, and rights are checked again."""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

CHRONOLOGIE = "flux.chronologie"
journal = logging.getLogger(__name__)


def groupe_de(cible) -> str:
    return f"flux.{cible._meta.label_lower}.{cible.pk}"


def diffuser(*groupes: str) -> None:
    """Wake the pages of these groups. A dead channel layer costs freshness, nothing else."""
    couche = get_channel_layer()
    for groupe in groupes:
        try:
            async_to_sync(couche.group_send)(groupe, {"type": "entree"})
        except Exception:
            journal.warning("temps réel indisponible : %s n'est pas prévenu", groupe, exc_info=True)


def diffuser_entree(entree, **kwargs) -> None:
    """Receiver of `entree_consignee`."""
    groupes = [f"flux.{entree.etiquette_cible}.{entree.cible_id}"]
    if entree.communaute_id:
        groupes.append(f"flux.communautes.communaute.{entree.communaute_id}")
    elif entree.est_publique:
        groupes.append(CHRONOLOGIE)
        if entree.projet_id:
            groupes.append(f"flux.projets.projet.{entree.projet_id}")
    diffuser(*groupes)
