"""What is prepared in the stages of a projet: votes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from socle.templatetags.composants import ecrit_ici, en_phrase


def preparations_de(etape, personne) -> list[tuple[str, str]]:
    """Its votes, and a new one while it may still take one."""
    liens = [
        (
            en_phrase(_("Vote : %(titre)s"), titre=ecrit_ici(scrutin.titre)),
            reverse("votes:composer", args=[scrutin.slug]),
        )
        for scrutin in etape.scrutins.all()
    ]
    if etape.Fonction.VOTER in etape.ouvre and etape.etat not in etape.FINIES:
        liens.append((_("Préparer un vote"), f"{reverse('votes:creer')}?etape={etape.pk}"))
    return liens
