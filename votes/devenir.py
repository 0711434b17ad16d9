"""What became of a vote, in one sentence with its date. It says nothing that its page does not say."""

from django.utils.translation import gettext as _

from socle.devenir import Devenir
from socle.templatetags.composants import ecrit_ici, en_phrase, jour
from votes.models import Scrutin


def raconter(scrutins: list[Scrutin]) -> dict[int, Devenir]:
    """By key. No query."""
    return {scrutin.pk: _dire(scrutin) for scrutin in scrutins}


def _dire(scrutin: Scrutin) -> Devenir:
    phrase, le = _PHRASES[scrutin.etat](scrutin)
    dit = en_phrase(phrase, jour=jour(le), motif=ecrit_ici(scrutin.motif_annulation))
    return Devenir(dit, le, scrutin.get_absolute_url())


_PHRASES = {
    "brouillon": lambda s: (_("En préparation, ouverture prévue le %(jour)s."), s.ouvre_le),
    "annonce": lambda s: (_("Le vote s’ouvre le %(jour)s."), s.ouvre_le),
    "ouvert": lambda s: (_("Le vote est ouvert jusqu’au %(jour)s."), s.ferme_le),
    "clos": lambda s: (_("Le vote s’est terminé le %(jour)s : les bulletins vont être comptés."), s.ferme_le),
    "depouille": lambda s: (_("Bulletins comptés le %(jour)s : les résultats vont être proclamés."), s.depouille_le),
    "proclame": lambda s: (_("Résultats proclamés le %(jour)s."), s.proclame_le),
    "annule": lambda s: (_("Le vote est annulé. Raison : %(motif)s"), None),
}
