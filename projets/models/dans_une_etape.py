"""What a stage opens and that has a life of its own: a consultation, a vote. It may also stand alone."""

from typing import Any

from django.db.models import Q

from projets.models.projet import PROJET_SANS_TEXTES, Projet
from socle.etats import EtatsQuerySet
from socle.permissions import est_connectee

BROUILLON = "brouillon"  # code of the state in which only the team knows of it


class DansUneEtapeQuerySet(EtatsQuerySet):
    """Of a model with `etat` and `etape`."""

    def visibles_par(self, personne):
        """What is announced, when its projet is; drafts for those who conduct them."""
        publics = ~Q(etat=BROUILLON) & (
            Q(etape__isnull=True) | Q(etape__projet__in=Projet.objects.visibles_par(personne))
        )
        if not est_connectee(personne):
            return self.filter(publics)
        if personne.est_agent:
            return self
        return self.filter(publics | Q(etape__projet__referente=personne))

    def a_conduire_par(self, personne):
        """Those that she prepares and follows: all of them for an agent, those of her projets for a référent·e."""
        return self if personne.est_agent else self.filter(etape__projet__referente=personne)

    def pour_phrase(self):
        return self.select_related("etape__projet").defer(*(f"etape__{nom}" for nom in PROJET_SANS_TEXTES))

    def pour_liste(self):
        """Everything a card shows, in one query."""
        return self.pour_phrase().select_related("territoire").defer("territoire__contour")


class DansUneEtape:
    """Methods of a model with `etat`, `etape` and `territoire`; its stage may be missing."""

    etape: Any
    etat: Any
    territoire_id: int | None

    @property
    def projet(self):
        return self.etape.projet if self.etape else None

    def projet_du_journal(self):
        return self.projet

    @property
    def est_lisible(self) -> bool:
        return self.etat != BROUILLON and (self.projet is None or self.projet.est_lisible)

    def concerne(self, lieu) -> bool:
        """Is this place in its territory?"""
        return lieu.est_dans(self.territoire_id)
