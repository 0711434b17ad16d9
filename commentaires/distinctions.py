"""« A fait évoluer l’idée »: to say, and to take back, that an argument changed something."""

from django.db import transaction
from django.utils.translation import gettext as _

from commentaires.actions import reveiller
from commentaires.models import Commentaire, Distinction
from commentaires.permissions import peut_distinguer, titre_pour_distinguer
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite
from timeline.journal import consigner


@transaction.atomic
def distinguer(commentaire, *, par, ce_qui_change) -> Distinction:
    """Say what changed thanks to a comment. Raises EtapeInterdite (not hers to say) or EtapeImpossible (done, or hidden)."""
    present = Commentaire.objects.select_for_update(of=("self",), no_key=True).get(pk=commentaire.pk)
    if not present.est_lisible:
        raise EtapeImpossible(_("Ce commentaire n’est plus là."))
    if not peut_distinguer(present, par):
        raise EtapeInterdite(
            _("Seules la personne qui a proposé et la collectivité le disent, et jamais de leurs propres mots.")
            if est_connectee(par)
            else _("Connectez-vous pour cela.")
        )
    if present.distinctions.posees().exists():
        raise EtapeImpossible(_("C’est déjà dit de cet argument."))
    distinction = Distinction.objects.create(
        commentaire=present,
        ce_qui_change=ce_qui_change,
        titre=titre_pour_distinguer(present.cible, par),
        par=par,
    )
    consigner(
        "commentaires.distinguer",
        cible=present,
        projet=present.projet_du_journal(),
        par=par,
        donnees={
            "sur": f"{present.cible_type.app_label}.{present.cible_type.model}:{present.cible_id}",
            "distinction": distinction.pk,
            "titre": distinction.titre,
        },
    )
    reveiller(present.cible)
    return distinction


def rafraichir(distinction, *, par, motif):
    """Follow-up of `Distinction.retirer`: the open pages show it no more."""
    reveiller(distinction.commentaire.cible)
