"""What a consultation tells: to those who follow its projet, to those who answered with an account, or began to."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from notifications.models import Genre
from notifications.registre import Annonce, inscrire

# --- Circles -----------------------------------------------------------------------------------------------------


class PourCellesQuiSuiventLeProjet(Annonce):
    """Base."""

    pourquoi = _("vous suivez le projet de cette consultation")

    @cached_property
    def projet(self):
        return self.cible.projet

    def destinataires(self):
        return self.abonnes(self.projet) if self.projet is not None else Utilisateur.objects.none()

    def suivie(self):
        return self.projet


class PourCellesQuiOntRepondu(Annonce):
    """Base. Only those whose account holds a counted answer: what is taken back is forgotten."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez répondu à cette consultation")

    def destinataires(self):
        return Utilisateur.objects.filter(
            pk__in=self.cible.participations.comptees().filter(personne__isnull=False).values("personne")
        )


# --- Opens, ends soon ----------------------------------------------------------------------------------------------


@inscrire
class ConsultationOuverte(PourCellesQuiSuiventLeProjet):
    types = ("consultations.ouvrir",)
    gabarit = "consultations/ouverte"
    grande_etape = True

    def concerne(self):
        """After a long stop of the clock it may be over already."""
        return self.cible.est_lisible and self.cible.est_ouverte

    def contexte(self):
        return {"projet": self.projet.titre if self.projet else "", "ferme_le": self.cible.ferme_le}


@inscrire
class ReponseAFinir(Annonce):
    """To those who began and did not send: what they typed waits, and would count for nothing."""

    types = ("consultations.rappeler",)
    gabarit = "consultations/a_finir"
    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez commencé à répondre à cette consultation")

    def concerne(self):
        return self.cible.est_lisible and self.cible.est_ouverte

    def destinataires(self):
        commencees = self.cible.participations.filter(envoyee_le__isnull=True, personne__isnull=False)
        return Utilisateur.objects.filter(pk__in=commencees.values("personne"))

    def contexte(self):
        return {"ferme_le": self.cible.ferme_le}


# --- What became of it ---------------------------------------------------------------------------------------------


class BilanPublie(Annonce):
    """Base."""

    types = ("consultations.restituer",)
    gabarit = "consultations/bilan"
    grande_etape = True

    def concerne(self):
        return self.cible.est_lisible

    def contexte(self):
        return {"bilan": self.cible.restitution}


@inscrire
class BilanPourCellesQuiOntRepondu(BilanPublie, PourCellesQuiOntRepondu):
    """They hear it as those who answered, also when they follow the projet."""


@inscrire
class BilanPourCellesQuiSuivent(BilanPublie, PourCellesQuiSuiventLeProjet):
    pass
