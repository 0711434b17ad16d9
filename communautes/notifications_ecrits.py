"""What people who write together are told: a text begins, changes under their name, stops, or is sent."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communautes.models import Ebauche
from comptes.models import Utilisateur
from notifications.abonnements import rendre_suivable
from notifications.models import Genre
from notifications.registre import Annonce, inscrire

rendre_suivable(Ebauche)


class DUneEbauche(Annonce):
    """Base: to those who follow the text, which whoever writes in it or signs it does."""

    grande_etape = False

    pourquoi = gettext_lazy("vous suivez un texte que votre communauté écrit")

    def destinataires(self):
        return self.abonnes(self.cible)

    def contexte(self):
        return {
            "qui": self.entree.par.pseudonyme if self.entree.par else _("quelqu’un"),
            "communaute": self.cible.communaute.nom,
        }


@inscrire
class EbaucheOuverte(DUneEbauche):
    types = ("communautes.ebauche.ouvrir",)
    gabarit = "communautes/ebauche_ouverte"
    pourquoi = gettext_lazy("vous suivez cette communauté")

    def destinataires(self):
        return self.abonnes(self.cible.communaute)


@inscrire
class EbaucheASigner(DUneEbauche):
    """Her name is under words that are no longer those of the text: she is asked again."""

    types = ("communautes.ebauche.ecrire",)
    genre = Genre.MES_CONTRIBUTIONS
    gabarit = "communautes/ebauche_a_signer"
    pourquoi = gettext_lazy("vous avez signé une version de ce texte")

    def concerne(self):
        return self.cible.etat == Ebauche.Etat.EN_ECRITURE

    def destinataires(self):
        dites = self.entree.donnees["version"]
        perimees = self.cible.signatures.filter(numero__lt=dites).values("personne")
        return Utilisateur.objects.filter(pk__in=perimees)

    def contexte(self):
        return super().contexte() | {"numero": self.entree.donnees["version"]}


@inscrire
class EbaucheEcrite(DUneEbauche):
    """Under the bell only: who writes together writes often."""

    types = ("communautes.ebauche.ecrire",)


@inscrire
class EbaucheAbandonnee(DUneEbauche):
    types = ("communautes.ebauche.abandonner",)
    grande_etape = True
    gabarit = "communautes/ebauche_abandonnee"

    def concerne(self):
        return self.cible.etat == Ebauche.Etat.ABANDONNEE

    def contexte(self):
        return super().contexte() | {"motif": self.cible.motif if self.lisible else ""}


@inscrire
class EbaucheReprise(DUneEbauche):
    types = ("communautes.ebauche.reprendre",)
    grande_etape = True


@inscrire
class EbaucheDeposee(DUneEbauche):
    """To the whole community: what some of its members wrote leaves it."""

    types = ("communautes.ebauche.deposer",)
    grande_etape = True
    gabarit = "communautes/ebauche_deposee"
    pourquoi = gettext_lazy("vous suivez cette communauté")

    def destinataires(self):
        return self.abonnes(self.cible.communaute) | self.abonnes(self.cible)
