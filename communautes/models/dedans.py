"""What lives inside a community: a thread, a poll, a document, a draft written together."""

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from communautes.models.communaute import Communaute
from communautes.permissions import peut_participer
from socle.etats import EtatsQuerySet
from socle.moderable import Moderable
from socle.permissions import est_connectee


class DansUneCommunauteQuerySet(EtatsQuerySet):
    """Of a model with `communaute`."""

    def visibles_par(self, personne):
        """What is inside the communities whose inside she reads; what moderation hides, for whoever wrote it."""
        dedans = self.filter(
            communaute__in=Communaute.objects.lues_de_l_interieur_par(personne).order_by().values("pk")
        )
        if not issubclass(self.model, Moderable):
            return dedans
        if not est_connectee(personne):
            return dedans.filter(masquee_le__isnull=True)
        if personne.est_moderatrice:
            return dedans
        return dedans.filter(Q(masquee_le__isnull=True) | self.model.de_ses_mots(personne))

    def a_huis_clos(self):
        """Inside a closed community: what moderators read only when it is reported (`moderation.lecture`)."""
        return self.filter(communaute__in=Communaute.objects.fermees_aux_autres().values("pk"))


class DansUneCommunaute:
    """Methods of a model with `communaute`; one that moderation can hide also inherits `Moderable`, after this."""

    communaute: Any

    def projet_du_journal(self):
        return None

    def communaute_du_journal(self):
        return self.communaute

    @property
    def est_lisible_dedans(self) -> bool:
        """May those who are in read its words?"""
        return not getattr(self, "est_masquee", False)

    @property
    def est_lisible(self) -> bool:
        """May everybody?"""
        return self.est_lisible_dedans and self.communaute.est_publique and self.communaute.est_lisible

    def peut_etre_instruite_par(self, personne) -> bool:
        """Nothing in here awaits an official answer."""
        return False

    # --- Where people talk about it (`commentaires`) ---

    def peut_y_ecrire(self, personne) -> bool:
        """Reading an open community is for everybody, writing in it for those who are in."""
        return peut_participer(self.communaute, personne)

    def pourquoi_ne_pas_y_ecrire(self) -> str:
        return format_html(
            _('<a href="{}">Rejoignez la communauté</a> pour répondre.'), self.communaute.get_absolute_url()
        )

    def nommables(self):
        """Accounts that one may call by their name there: those who are in, as its members read."""
        return self.communaute.adhesions.en_cours().order_by().values("personne")
