"""What people who write an idea together are told: invitations, answers, departures."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees import equipe
from idees.models import CoAutrice
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire


class DansLEquipe(Annonce):
    """Base: told of a place (`CoAutrice`), in the words of its idea, which these people may read in every state."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = gettext_lazy("vous écrivez cette idée")
    initiee = True

    def chose(self):
        return self.cible.idee

    def qui(self) -> str:
        """Whose place it is. Behind an address that has not accepted, we name nobody."""
        return self.cible.personne.pseudonyme if self.cible.personne else _("La personne invitée")

    def contexte(self):
        return {"qui": self.qui()}


@inscrire
class InvitationRecue(DansLEquipe):
    """The letter. Its link opens a page and does nothing by itself."""

    types = ("idees.equipe.inviter",)
    gabarit = "idees/invitation"
    pourquoi = gettext_lazy("quelqu’un vous propose d’écrire une idée à plusieurs")
    adresses_libres = True

    def concerne(self):
        return self.cible.etat == CoAutrice.Etat.INVITEE and self.cible.idee.accueille_des_coautrices()

    def destinataires(self):
        return cercles.personne(self.cible.personne_id)

    def adresses(self):
        return [self.cible.courriel] if self.cible.courriel else []

    def lien(self):
        return reverse("idees:invitation", args=[equipe.jeton(self.cible)])

    def contexte(self):
        return {"qui": self.cible.idee.nom_de_l_auteur, "expire_le": self.cible.expire_le}


@inscrire
class InvitationAcceptee(DansLEquipe):
    types = ("idees.equipe.accepter",)
    gabarit = "idees/equipe_acceptee"

    def destinataires(self):
        return cercles.auteur(self.cible.idee)


@inscrire
class InvitationDeclinee(DansLEquipe):
    """To the author, who asked."""

    types = ("idees.equipe.decliner",)
    gabarit = "idees/equipe_declinee"

    def destinataires(self):
        return cercles.personne(self.cible.idee.auteur_id)

    def lien(self):
        return self.cible.get_absolute_url()


@inscrire
class CoAutricePartie(DansLEquipe):
    types = ("idees.equipe.partir",)
    gabarit = "idees/equipe_partie"

    def destinataires(self):
        return cercles.auteur(self.cible.idee)


class PourElleSeule(DansLEquipe):
    """Base: about her own place."""

    def destinataires(self):
        return cercles.personne(self.cible.personne_id)


@inscrire
class CoAutriceEcartee(PourElleSeule):
    types = ("idees.equipe.ecarter",)
    gabarit = "idees/equipe_ecartee"
    pourquoi = gettext_lazy("vous écriviez cette idée")
    obligatoire = True


@inscrire
class IdeeHeritee(PourElleSeule):
    types = ("idees.equipe.heriter",)
    gabarit = "idees/equipe_heritage"
