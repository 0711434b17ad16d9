"""What the forum, the polls and the shared documents tell, to those who follow the community and may read its inside.

One mail an hour at most for each community, whatever happens in it: the rest is under the bell.
"""

from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commentaires.notifications import CommentaireRecu
from communautes.forum import nommees
from communautes.models import Sujet
from comptes.models import Utilisateur
from notifications import cercles
from notifications.abonnements import rendre_suivable
from notifications.models import Genre
from notifications.registre import Annonce, inscrire

rendre_suivable(Sujet)


class DuNouveau(Annonce):
    """Base. `quoi`: which sentence of the mail says it."""

    gabarit = "communautes/du_nouveau"
    pourquoi = gettext_lazy("vous suivez cette communauté")
    quoi: ClassVar[str] = ""
    grande_etape = False

    def destinataires(self):
        return self.abonnes(self.entree.communaute)

    def chose(self):
        return self.entree.communaute

    def sujet(self):
        return f"communaute:{self.entree.communaute_id}:{self.entree.le:%Y-%m-%dT%H}"

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"quoi": self.quoi, "nom": str(self.cible) if self.lisible else _("contenu masqué")}


@inscrire
class NommeeDansUnSujet(Annonce):
    """Called by name in the opening message, or in a correction that adds the name. Before those who follow the
    community: she reads that it is about her."""

    types = ("communautes.sujet.ouvrir", "communautes.sujet.corriger")
    genre = Genre.MES_CONTRIBUTIONS
    gabarit = "communautes/nommee"
    pourquoi = gettext_lazy("quelqu’un vous a nommé dans un sujet du forum")

    def concerne(self):
        return self.cible.est_lisible_dedans

    def destinataires(self):
        gens = nommees(self.cible, version=self.entree.donnees.get("version", 0))
        return Utilisateur.objects.filter(pk__in=[personne.pk for personne in gens])

    def contexte(self):
        return {"qui": self.entree.par.pseudonyme if self.entree.par else _("quelqu’un")}


@inscrire
class SujetOuvert(DuNouveau):
    types = ("communautes.sujet.ouvrir",)
    quoi = "sujet"


@inscrire
class SondageLance(DuNouveau):
    types = ("communautes.sondage.ouvrir",)
    quoi = "sondage"


@inscrire
class SondageTermine(DuNouveau):
    types = ("communautes.sondage.clore",)
    grande_etape = True
    quoi = "resultats"


@inscrire
class DocumentNouveau(DuNouveau):
    types = ("communautes.document.partager",)
    quoi = "document"


@inscrire
class VersionNouvelle(DuNouveau):
    types = ("communautes.document.verser",)
    quoi = "version"


@inscrire
class ReponseAuSujet(CommentaireRecu):
    """To those who follow the thread; its author and whoever is answered or named are told before, in their own words."""

    grande_etape = False
    genre = Genre.SUIVI
    gabarit = "communautes/reponse_au_sujet"
    pourquoi = gettext_lazy("vous suivez ce sujet")

    def concerne(self):
        return super().concerne() and isinstance(self.cible.cible, Sujet)

    def destinataires(self):
        return self.abonnes(self.cible.cible)

    def sujet(self):
        """A mail an hour at most for each thread."""
        return f"sujet:{self.cible.cible_id}:{self.entree.le:%Y-%m-%dT%H}"


class SurMesMots(Annonce):
    """Base: what those who lead decide about what somebody wrote."""

    genre = Genre.MES_CONTRIBUTIONS

    def destinataires(self):
        return cercles.auteur(self.cible)


@inscrire
class MonSujetEstFerme(SurMesMots):
    types = ("communautes.sujet.fermer",)
    gabarit = "communautes/sujet_ferme"
    pourquoi = gettext_lazy("vous avez ouvert ce sujet")


@inscrire
class MonDocumentEstRetire(SurMesMots):
    types = ("communautes.document.retirer",)
    gabarit = "communautes/document_retire"
    pourquoi = gettext_lazy("vous avez partagé ce document")

    def contexte(self):
        return {"raison": self.cible.motif}
