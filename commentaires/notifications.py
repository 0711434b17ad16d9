"""What a comment tells: to the person whose idea it is about, to the person it answers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptes.models import Utilisateur
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire


@inscrire
class JeSuisMentionnee(Annonce):
    """Called by name, in a comment or in a correction that adds the name."""

    types = ("commentaires.publier", "commentaires.corriger")
    genre = Genre.MES_CONTRIBUTIONS
    gabarit = "commentaires/mention"
    pourquoi = gettext_lazy("quelqu’un vous a nommé dans une discussion")

    def concerne(self):
        return self.cible.est_lisible and self.cible.cible is not None

    def destinataires(self):
        nommees = self.cible.mentions.filter(depuis=self.entree.donnees.get("version", 0)).values("personne")
        return Utilisateur.objects.filter(pk__in=nommees)

    def chose(self):
        return self.cible.cible

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"qui": self.entree.par.pseudonyme if self.entree.par else _("quelqu’un")}


@inscrire
class MonArgumentAFaitEvoluer(Annonce):
    types = ("commentaires.distinguer",)
    genre = Genre.MES_CONTRIBUTIONS
    gabarit = "commentaires/distingue"
    pourquoi = gettext_lazy("vous avez écrit un commentaire")

    def destinataires(self):
        return cercles.auteur(self.cible)

    def chose(self):
        return self.cible.cible

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        distinction = self.cible.distinctions.filter(pk=self.entree.donnees["distinction"]).first()
        return {
            "ce_qui_change": distinction.ce_qui_change if distinction else "",
            "qui": distinction.get_titre_display() if distinction else "",
        }


class CommentaireRecu(Annonce):
    """Base. The words of the comment stay on the site, where moderation can still hide them."""

    types = ("commentaires.publier",)
    genre = Genre.MES_CONTRIBUTIONS

    def concerne(self):
        """Hidden or withdrawn meanwhile: there is nothing to read any more."""
        return self.cible.est_lisible and self.cible.cible is not None

    def chose(self):
        return self.cible.cible

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"qui": self.entree.par.pseudonyme if self.entree.par else _("quelqu’un")}


@inscrire
class ReponseAMonCommentaire(CommentaireRecu):
    gabarit = "commentaires/reponse"
    pourquoi = gettext_lazy("vous avez écrit un commentaire")

    def destinataires(self):
        return cercles.auteur(self.cible.parent) if self.cible.parent else super().destinataires()


@inscrire
class CommentaireSurMaContribution(CommentaireRecu):
    gabarit = "commentaires/sur_ma_contribution"
    pourquoi = gettext_lazy("vous avez proposé ce qui est commenté")

    def destinataires(self):
        return cercles.auteur(self.cible.cible)
