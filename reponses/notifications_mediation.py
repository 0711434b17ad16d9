"""What the second look at an answer tells."""

from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire
from reponses.notifications import SurLaReponse, chargees_de_repondre


class SurLaLecture(Annonce):
    """Base: the target of the entry is a second look; people know it by what was answered."""

    def concerne(self):
        return self.chose() is not None

    def chose(self):
        return self.cible.reponse.cible

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"conclusion": self.cible.conclusion, "due_le": self.cible.due_le}


@inscrire
class LectureDemandee(SurLaLecture):
    types = ("reponses.mediation.demander",)
    gabarit = "reponses/lecture_demandee"
    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous relisez les réponses")

    def destinataires(self):
        return cercles.mediation()


class LectureConclue(SurLaLecture):
    """Base."""

    types = ("reponses.mediation.maintenir", "reponses.mediation.faire_preciser")
    gabarit = "reponses/lecture_conclue"


@inscrire
class LecturePourSonAutrice(LectureConclue):
    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé cette idée")

    def destinataires(self):
        return cercles.auteur(self.chose())

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.chose())


@inscrire
class LecturePourQuiADonneSonAvis(LectureConclue):
    pourquoi = _("vous avez donné votre avis sur cette réponse")

    def destinataires(self):
        return Utilisateur.objects.filter(pk__in=self.cible.reponse.appreciations.values("personne"))


@inscrire
class PrecisionDemandee(SurLaLecture):
    types = ("reponses.mediation.faire_preciser",)
    gabarit = "reponses/a_preciser"
    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous préparez ou signez cette réponse")

    def destinataires(self):
        return chargees_de_repondre(self.chose())


class UtiliteDemandee(SurLaReponse):
    """Base: not to those who have said it already, nor to who wrote or signed the answer."""

    types = ("reponses.utilite.demander",)
    gabarit = "reponses/utile"

    def concerne(self):
        return super().concerne() and self.cible.cible_lisible

    def lien(self):
        return f"{self.cible.get_absolute_url()}#titre-utile"

    def contexte(self):
        return {"publiee_le": self.cible.publiee_le, "sens": self.cible.get_sens_display()}

    def sauf_qui_n_a_rien_a_dire(self, cercle):
        ecartees = [pk for pk in (self.cible.redigee_par_id, self.cible.signataire_id) if pk]
        return cercle.exclude(pk__in=self.cible.appreciations.values("personne")).exclude(pk__in=ecartees)


@inscrire
class UtiliteDemandeeASonAutrice(UtiliteDemandee):
    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé cette idée")

    def destinataires(self):
        return self.sauf_qui_n_a_rien_a_dire(cercles.auteur(self.chose()))


@inscrire
class UtiliteDemandeeASesSoutiens(UtiliteDemandee):
    pourquoi = _("vous soutenez cette idée")

    def destinataires(self):
        return self.sauf_qui_n_a_rien_a_dire(cercles.soutiens(self.chose()))
