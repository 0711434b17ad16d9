"""Replacing people who withdrew: the same draw, with what is left of the pool, of the seats and of the quotas."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from communautes.tirage.fautes import Faute, TirageInvalide
from communautes.tirage.parametres import LOTS, Parametres
from communautes.tirage.quotas import Quota
from communautes.tirage.vivier import Vivier


@dataclass(frozen=True)
class Annonce:
    """What a new draw announces anew: see `Parametres`."""

    titre: str
    valeur_publique: str
    connue_le: datetime
    graine: int
    lots: int = LOTS


def remplacer(
    vivier: Vivier,
    parametres: Parametres,
    *,
    restent: Collection[str],
    ecartees: Collection[str],
    annonce: Annonce,
) -> tuple[Vivier, Parametres]:
    """The pool and the parameters of the draw that fills the empty seats, to prepare and to announce as any other.

    `vivier` and `parametres`: those of the first draw. `restent`: codes of those who sit; `ecartees`: of everybody who withdrew or declined,
    this time or before. Whoever is drawn then makes, with those who stay, a panel that meets the first quotas.
    Raises TirageInvalide when a code is unknown, is on both sides, nobody is missing, or those who stay already exceed a quota.
    """
    assises, parties = frozenset(restent), frozenset(ecartees)
    valeurs = {personne.code: personne.valeurs for personne in vivier.personnes}
    places = parametres.places - len(assises)
    phrases = [
        *(_("Le code « %s » n’est pas dans le vivier.") % code for code in sorted((assises | parties) - valeurs.keys())),
        *(_("Le code « %s » ne peut pas rester et partir.") % code for code in sorted(assises & parties)),
    ]
    if places < 1:
        phrases.append(_("Toutes les places sont prises : il n’y a personne à remplacer."))
    if phrases:
        raise TirageInvalide([Faute(0, phrase) for phrase in phrases])
    quotas: dict[str, dict[str, Quota]] = {}
    for rang, (critere, classes) in enumerate(parametres.quotas.items()):
        assis = Counter(valeurs[code][rang] for code in assises)
        quotas[critere] = {
            valeur: Quota(max(0, quota.minimum - assis[valeur]), quota.maximum - assis[valeur])
            for valeur, quota in classes.items()
        }
        for valeur, quota in quotas[critere].items():
            if quota.maximum < 0:
                phrase = _("%(critere)s, « %(valeur)s » : les personnes qui restent dépassent déjà le maximum de %(ecart)s.")
                phrases.append(phrase % {"critere": critere, "valeur": valeur, "ecart": -quota.maximum})
    if phrases:
        raise TirageInvalide([Faute(0, phrase) for phrase in phrases])
    nouveaux = Parametres(
        titre=annonce.titre,
        places=places,
        quotas=quotas,
        valeur_publique=annonce.valeur_publique,
        connue_le=annonce.connue_le,
        graine=annonce.graine,
        lots=annonce.lots,
        classes_vides=True,
    )
    return vivier.sans(assises | parties), nouveaux
