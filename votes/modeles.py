"""Usual votes, ready to start from: which way of voting, which way of counting, which bounds."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from votes.models import Scrutin
from votes.regles.jugement_majoritaire import ECHELLES


@dataclass(frozen=True)
class Modele:
    """`valeurs`: fields of the vote that it sets."""

    code: str
    nom: str | Promise
    aide: str | Promise
    valeurs: dict[str, Any] = field(default_factory=dict)


MODELES: dict[str, Modele] = {
    modele.code: modele
    for modele in (
        Modele(
            "budget-3",
            _("Budget participatif, jusqu’à 3 choix"),
            _(
                "Chaque personne coche 3 propositions au plus. Les plus votées sont retenues tant qu’il reste du budget."
            ),
            {"regle": Scrutin.Regle.PLUS_VOTES, "forme": Scrutin.Forme.APPROBATION, "choix_max": 3},
        ),
        Modele(
            "budget-sac",
            _("Budget participatif : chaque personne remplit le budget"),
            _("Chaque personne choisit ce qu’elle veut, tant que le total tient dans le budget."),
            {"regle": Scrutin.Regle.PLUS_VOTES, "forme": Scrutin.Forme.SAC},
        ),
        Modele(
            "budget-parts-egales",
            _("Budget participatif, parts égales"),
            _("Chaque personne pèse la même part du budget : les projets retenus contentent plus de monde."),
            {"regle": Scrutin.Regle.PARTS_EGALES, "forme": Scrutin.Forme.APPROBATION},
        ),
        Modele(
            "jugement-paris",
            _("Jugement majoritaire, les quatre mentions de Paris"),
            _("Chaque personne donne une mention à chaque proposition, de « coup de cœur » à « pas convaincu·e »."),
            {
                "regle": Scrutin.Regle.JUGEMENT_MAJORITAIRE,
                "forme": Scrutin.Forme.MENTIONS,
                # People read these words on the ballot: the apostrophe of a page, not that of a file.
                "mentions": [mention.replace("'", "’") for mention in ECHELLES["paris"]],
            },
        ),
        Modele(
            "jugement-six",
            _("Jugement majoritaire, six mentions"),
            _("De « très bien » à « à rejeter » : pour choisir entre quelques propositions."),
            {
                "regle": Scrutin.Regle.JUGEMENT_MAJORITAIRE,
                "forme": Scrutin.Forme.MENTIONS,
                "mentions": list(ECHELLES["six"]),
            },
        ),
        Modele(
            "choix-unique",
            _("Un seul choix"),
            _("Chaque personne choisit une proposition, ou vote blanc."),
            {"regle": Scrutin.Regle.CHOIX_UNIQUE, "forme": Scrutin.Forme.CHOIX},
        ),
        Modele(
            "oui-non",
            _("Oui, non ou blanc"),
            _("Une question, deux réponses."),
            {"regle": Scrutin.Regle.OUI_NON, "forme": Scrutin.Forme.CHOIX},
        ),
        Modele(
            "classement",
            _("Classer les propositions"),
            _("De la préférée à la moins aimée. L’emporte celle qui gagne ses duels contre toutes les autres."),
            {"regle": Scrutin.Regle.SCHULZE, "forme": Scrutin.Forme.CLASSEMENT},
        ),
        Modele(
            "priorites",
            _("Choisir des priorités"),
            _("Chaque personne dit quels sujets elle veut, et à quel moment du calendrier."),
            {"regle": Scrutin.Regle.PRIORITES, "forme": Scrutin.Forme.POINTS, "points_max": 3},
        ),
    )
}
