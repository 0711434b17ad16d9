"""What experience says of rules that are allowed, to the agent who chooses them."""

from django.utils.translation import gettext as _

from votes.models import Scrutin

#: With so few choices, equal shares find too few common supporters (published runs: 30 to 60 % of the budget spent).
PEU_DE_CHOIX = 3


def conseils(scrutin: Scrutin) -> list[str]:
    """Sentences; empty when there is nothing to say."""
    if scrutin.regle != Scrutin.Regle.PARTS_EGALES or not scrutin.choix_max or scrutin.choix_max > PEU_DE_CHOIX:
        return []
    if scrutin.parametres.get("completion", "aucune") != "aucune":
        suite = _("Ici, le reste va aux projets suivants, par nombre de voix.")
        return [f"{parts_egales_et_peu_de_choix()} {suite}"]
    return [parts_egales_et_peu_de_choix()]


def parts_egales_et_peu_de_choix() -> str:
    return _(
        "Avec %(n)s choix au plus, les parts égales seules ne dépensent que 30 à 60 %% du budget. Laissez cocher davantage "
        "de propositions, ou donnez le reste « par nombre de voix »."
    ) % {"n": PEU_DE_CHOIX}
