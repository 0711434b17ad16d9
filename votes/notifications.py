"""What a vote tells: to those who follow its projet, and to those who voted."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire

# --- Circles -----------------------------------------------------------------------------------------------------


class PourCellesQuiSuiventLeProjet(Annonce):
    """Base."""

    pourquoi = _("vous suivez le projet de ce vote")

    @cached_property
    def projet(self):
        return self.cible.projet

    def concerne(self):
        return self.cible.est_lisible

    def destinataires(self):
        return self.abonnes(self.projet) if self.projet is not None else Utilisateur.objects.none()

    def suivie(self):
        return self.projet

    def contexte(self):
        return {"question": self.cible.question, "ouvre_le": self.cible.ouvre_le, "ferme_le": self.cible.ferme_le}


class PourCellesQuiOntVote(Annonce):
    """Base. They are told as voters, also when they follow the projet."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez voté")

    def concerne(self):
        return self.cible.est_lisible

    def destinataires(self):
        return Utilisateur.objects.filter(
            pk__in=self.cible.emargements.filter(personne__isnull=False).values("personne")
        )


# --- Before and during -----------------------------------------------------------------------------------------------


@inscrire
class VoteAnnonce(PourCellesQuiSuiventLeProjet):
    types = ("votes.annoncer",)
    gabarit = "votes/annonce"
    grande_etape = True


@inscrire
class VoteOuvert(PourCellesQuiSuiventLeProjet):
    types = ("votes.ouvrir",)
    gabarit = "votes/ouvert"
    grande_etape = True

    def concerne(self):
        """After a long stop of the clock it may be over already."""
        return self.cible.est_lisible and self.cible.est_ouvert


@inscrire
class VoteBientotFini(PourCellesQuiSuiventLeProjet):
    """To those who follow and have not voted."""

    types = ("votes.rappeler",)
    gabarit = "votes/bientot_fini"
    grande_etape = False
    pourquoi = _("vous suivez le projet de ce vote, et vous n’avez pas encore voté")

    def concerne(self):
        return self.cible.est_lisible and self.cible.est_ouvert

    def destinataires(self):
        votantes = self.cible.emargements.filter(personne__isnull=False).values("personne")
        return super().destinataires().exclude(pk__in=votantes)


# --- What became of it ---------------------------------------------------------------------------------------------


class ResultatsProclames(Annonce):
    """Base. The figures are on the page, for everybody at the same moment."""

    types = ("votes.proclamer",)
    gabarit = "votes/proclame"
    grande_etape = True


@inscrire
class ProclamePourCellesQuiOntVote(ResultatsProclames, PourCellesQuiOntVote):
    pass


@inscrire
class ProclamePourCellesQuiSuivent(ResultatsProclames, PourCellesQuiSuiventLeProjet):
    pass


class Annulation(Annonce):
    """Base."""

    types = ("votes.annuler",)
    gabarit = "votes/annule"
    grande_etape = True

    def contexte(self):
        return {"motif": self.cible.motif_annulation}


@inscrire
class AnnulePourCellesQuiOntVote(Annulation, PourCellesQuiOntVote):
    pass


@inscrire
class AnnulePourCellesQuiSuivent(Annulation, PourCellesQuiSuiventLeProjet):
    pass


# --- Two options that become one -----------------------------------------------------------------------------------


class PourLesAutricesDesDeuxIdees(Annonce):
    """Base: between the team and the authors; nobody else knows of the vote yet."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé une de ces deux idées")
    initiee = True

    def destinataires(self):
        return Utilisateur.objects.filter(pk__in=[self.cible.idee_gardee.auteur_id, self.cible.idee_jointe.auteur_id])

    def sans_compte(self):
        return [
            elle
            for idee in (self.cible.idee_gardee, self.cible.idee_jointe)
            for elle in cercles.auteur_sans_compte(idee)
        ]

    def sujet(self):
        return f"{super().sujet()}:jonction"

    def contexte(self):
        return {"une": self.cible.titre_garde, "autre": self.cible.titre_joint, "motif": self.cible.motif}


@inscrire
class AccordDemande(PourLesAutricesDesDeuxIdees):
    types = ("votes.jonction.demander",)
    gabarit = "votes/accord_demande"


@inscrire
class JonctionFinie(PourLesAutricesDesDeuxIdees):
    types = ("votes.jonction.effectuer", "votes.jonction.refuser", "votes.jonction.abandonner")
    gabarit = "votes/jonction_finie"

    def contexte(self):
        return super().contexte() | {"etat": self.cible.etat, "motif": self.cible.motif_fin}


@inscrire
class JonctionFiniePourLEquipe(JonctionFinie):
    """Whoever asked."""

    pourquoi = _("vous préparez ce vote")
    genre = Genre.INSTRUCTION

    def destinataires(self):
        return cercles.personne(self.cible.proposee_par_id)

    def sans_compte(self):
        return []
