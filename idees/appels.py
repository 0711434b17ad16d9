"""What the stages of a projet open here: calls for ideas."""

from django.urls import reverse
from django.utils.translation import gettext as _

from projets.models import Etape
from socle.templatetags.composants import ecrit_ici, en_phrase


def boutons_de(etape, personne) -> list[tuple[str, str]]:
    """Buttons of an open stage that carries calls for ideas."""
    boutons = []
    for boite in etape.boites.all():
        if boite.est_active and etape.permet(Etape.Fonction.PROPOSER):
            proposer = en_phrase(_("Proposer : %(boite)s"), boite=ecrit_ici(boite.titre))
            boutons.append((proposer, reverse("idees:proposer_dans", args=[boite.slug])))
        voir = en_phrase(_("Voir les idées : %(boite)s"), boite=ecrit_ici(boite.titre))
        boutons.append((voir, reverse("idees:boite", args=[boite.slug])))
    return boutons
