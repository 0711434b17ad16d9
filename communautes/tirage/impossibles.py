"""Quotas that are fine one by one and impossible together: which to relax, and by how much, at the least cost."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communautes.tirage.fautes import Faute, TirageInvalide
from communautes.tirage.probleme import Probleme, en_flottants, lignes_de
from communautes.tirage.quotas import Quota, Quotas, chacun
from communautes.tirage.solveur import INFINI, Entiers, Modele


@dataclass(frozen=True, slots=True)
class Relachement:
    """A quota that would become `propose`."""

    critere: str
    valeur: str
    quota: Quota
    propose: Quota

    def phrases(self) -> list[str]:
        ici = {"critere": self.critere, "valeur": self.valeur}
        phrases = []
        if ecart := self.quota.minimum - self.propose.minimum:
            phrase = _("%(critere)s, « %(valeur)s » : un minimum de %(nouveau)s au lieu de %(ancien)s (%(ecart)s de moins).")
            phrases.append(
                phrase % {**ici, "nouveau": self.propose.minimum, "ancien": self.quota.minimum, "ecart": ecart}
            )
        if ecart := self.propose.maximum - self.quota.maximum:
            phrase = _("%(critere)s, « %(valeur)s » : un maximum de %(nouveau)s au lieu de %(ancien)s (%(ecart)s de plus).")
            phrases.append(
                phrase % {**ici, "nouveau": self.propose.maximum, "ancien": self.quota.maximum, "ecart": ecart}
            )
        return phrases


class QuotasImpossibles(TirageInvalide):
    """No panel meets every quota. `relachements`: the changes that would be enough, as few seats as possible."""

    def __init__(self, relachements: tuple[Relachement, ...], places: int):
        self.relachements = relachements
        tete = ngettext(
            "Pris ensemble, ces quotas sont impossibles : dans ce vivier, aucune personne ne les respecte tous.",
            "Pris ensemble, ces quotas sont impossibles : dans ce vivier, aucun groupe de %(n)s personnes ne les respecte tous.",
            places,
        ) % {"n": places}
        phrases = [phrase for relachement in relachements for phrase in relachement.phrases()]
        suite = ngettext("Il suffirait de changer ce quota.", "Il suffirait de changer ces quotas.", len(phrases))
        super().__init__([Faute(rang, phrase) for rang, phrase in enumerate([f"{tete} {suite}", *phrases])])


def un_panel(probleme: Probleme) -> Entiers | None:
    """Any panel that meets every quota, None where there is none."""
    solution = Modele(
        cout=np.zeros(len(probleme.effectifs)),
        bas=np.zeros(len(probleme.effectifs)),
        haut=en_flottants(probleme.effectifs),
        lignes=probleme.lignes,
        lignes_bas=en_flottants(probleme.minimums),
        lignes_haut=en_flottants(probleme.maximums),
        entier=True,
    ).resoudre()
    return None if solution is None else solution.astype(np.int64)


def relacher(probleme: Probleme, quotas: Quotas) -> tuple[Relachement, ...]:
    """The cheapest changes that make a panel possible. A seat taken from a small minimum costs more: from 1 to 0, a class loses its voice."""
    n, q = len(probleme.effectifs), len(probleme.minimums) - 1
    minimums, maximums = probleme.minimums[:q], probleme.maximums[:q]
    panel = lignes_de(probleme.membres)
    lignes = [(np.append(c, n + r), np.append(v, 1.0)) for r, (c, v) in enumerate(panel[:q])]
    lignes += [(np.append(c, n + q + r), np.append(v, -1.0)) for r, (c, v) in enumerate(panel[:q])]
    prix = 1 + 2 / np.maximum(minimums, 1)
    solution = Modele(
        cout=np.concatenate([np.zeros(n), prix, np.ones(q)]),
        bas=np.zeros(n + 2 * q),
        haut=np.concatenate([probleme.effectifs, minimums, np.full(q, probleme.places)]).astype(np.float64),
        lignes=[*lignes, panel[q]],
        lignes_bas=np.concatenate([minimums, np.full(q, -INFINI), [probleme.places]]).astype(np.float64),
        lignes_haut=np.concatenate([np.full(q, INFINI), maximums, [probleme.places]]).astype(np.float64),
        entier=True,
        options={"time_limit": 60.0, "mip_rel_gap": 0.0},
    ).resoudre()
    assert solution is not None  # with every quota relaxed, any people will do
    moins, plus = solution[n : n + q], solution[n + q :]
    proposes = [
        Relachement(critere, valeur, quota, Quota(quota.minimum - int(moins[r]), quota.maximum + int(plus[r])))
        for r, (critere, valeur, quota) in enumerate(chacun(quotas))
    ]
    return tuple(relachement for relachement in proposes if relachement.quota != relachement.propose)
