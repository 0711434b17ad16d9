"""What a question tells: to whoever asked, to those who ask with her, to the élue, to those who answer.

Its answer, its reminders and its delay are told by `reponses`.
"""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from communautes.models import Question
from comptes.models import Utilisateur
from moderation.notifications import ARelire
from notifications import cercles
from notifications.abonnements import rendre_suivable
from notifications.models import Genre
from notifications.registre import Annonce, inscrire

rendre_suivable(Question)


@cercles.soutenus_par(Question)
def soutiens_de(question):
    return Utilisateur.objects.filter(pk__in=question.soutiens.order_by().values("personne"))


class PourQuiLaPose(Annonce):
    """Base: circle. Its words are hers: she reads them in every state."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez posé cette question")
    initiee = True

    def destinataires(self):
        return cercles.auteur(self.cible)


class PourSesSoutiens(Annonce):
    """Base: circle."""

    pourquoi = _("vous soutenez ou suivez cette question")
    grande_etape = True

    def destinataires(self):
        return cercles.soutiens(self.cible) | self.abonnes(self.cible)


class PourLElue(Annonce):
    """Base: circle. To whom it is asked."""

    genre = Genre.INSTRUCTION
    pourquoi = _("cette question vous est posée")

    def destinataires(self):
        return cercles.personne(self.cible.destinataire_id)


# --- Asked -------------------------------------------------------------------------------------------------------


class AvecSesRegles(Annonce):
    """Base: recalls the rules that it is under."""

    types = ("communautes.question.publier",)

    def contexte(self):
        question = self.cible
        return {
            "seuil": question.seuil,
            "delai": question.delai,
            "communaute": question.communaute.nom,
            "a_qui": question.a_qui,
        }


@inscrire
class QuestionPubliee(AvecSesRegles, PourQuiLaPose):
    """A receipt."""

    gabarit = "communautes/question_publiee"
    accuse = True


@inscrire
class QuestionPourLElue(AvecSesRegles, PourLElue):
    gabarit = "communautes/question_pour_vous"


@inscrire
class QuestionARelire(ARelire):
    """Published at once, read afterwards."""

    types = ("communautes.question.publier",)


@inscrire
class QuestionNouvelle(AvecSesRegles):
    grande_etape = False
    gabarit = "communautes/question_nouvelle"
    pourquoi = _("vous suivez cette communauté")

    def concerne(self):
        return self.cible.est_lisible

    def destinataires(self):
        return self.abonnes(self.cible.communaute)


# --- Due ---------------------------------------------------------------------------------------------------------


class QuestionPosee(Annonce):
    """Base: the clock has started."""

    types = ("communautes.question.atteindre_seuil", "communautes.question.prendre")
    gabarit = "communautes/question_posee"

    @cached_property
    def echeance(self):
        return self.cible.echeances.select_related("service").first()

    def concerne(self):
        return self.echeance is not None

    def contexte(self):
        return {
            "seuil": self.entree.donnees.get("seuil", 0),
            "due_le": self.echeance.due_le,
            "service": str(self.echeance.service),
            "a_qui": self.cible.a_qui,
        }


@inscrire
class PoseePourQuiLaPose(QuestionPosee, PourQuiLaPose):
    pass


@inscrire
class PoseePourLElue(QuestionPosee, PourLElue):
    gabarit = "communautes/question_a_repondre"


@inscrire
class PoseePourSesSoutiens(QuestionPosee, PourSesSoutiens):
    pass


@inscrire
class PoseeAInstruire(QuestionPosee):
    """To the agents, and to the service in charge."""

    gabarit = "communautes/question_a_repondre"
    genre = Genre.INSTRUCTION
    pourquoi = _("vous préparez les réponses de la collectivité")

    def destinataires(self):
        projet = self.cible.communaute.projet
        return cercles.agents() | cercles.personne(projet.referente_id) if projet else cercles.agents()

    def adresses(self):
        return [self.echeance.service.courriel] if self.echeance.service.courriel else []


# --- Withdrawn ---------------------------------------------------------------------------------------------------


@inscrire
class QuestionRetiree(Annonce):
    """Those who supported it have read it, still may, and are owed the reason."""

    types = ("communautes.question.retirer",)
    gabarit = "communautes/question_retiree"
    pourquoi = _("vous souteniez cette question")
    initiee = True

    def destinataires(self):
        return cercles.soutiens(self.cible)

    def contexte(self):
        return {"motif": self.cible.motif_retrait}
