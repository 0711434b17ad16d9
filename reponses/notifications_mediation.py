"""What the second look at an answer tells."""

from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire
from reponses.models import SecondeLecture
from reponses.notifications import A_L_ORIGINE, Selon, SurLaReponse, chargees_de_repondre, sens_dit


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


class PourSonAutrice(SurLaLecture):
    """Base: circle."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = A_L_ORIGINE

    def destinataires(self):
        return cercles.auteur(self.chose())

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.chose())


class PourQuiADonneSonAvis(SurLaLecture):
    """Base: circle."""

    pourquoi = _("vous avez donné votre avis sur cette réponse")

    def destinataires(self):
        return Utilisateur.objects.filter(pk__in=self.cible.reponse.appreciations.values("personne"))


@inscrire
class LecturePourSonAutrice(LectureConclue, PourSonAutrice):
    pass


@inscrire
class LecturePourQuiADonneSonAvis(LectureConclue, PourQuiADonneSonAvis):
    pass


@inscrire
class PrecisionDemandee(SurLaLecture):
    types = ("reponses.mediation.faire_preciser",)
    gabarit = "reponses/a_preciser"
    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous préparez ou signez cette réponse")

    def destinataires(self):
        return chargees_de_repondre(self.chose())


class PrecisionAttendue(SurLaLecture):
    """Base: given meanwhile, there is nothing to say."""

    def concerne(self):
        return super().concerne() and self.cible.etat == SecondeLecture.Etat.A_PRECISER

    def contexte(self):
        return super().contexte() | {"jours": self.entree.donnees.get("jours", 0)}


class PrecisionPourQuiRepond(PrecisionAttendue):
    """Base: circle."""

    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous préparez ou signez cette réponse")

    def destinataires(self):
        reponse = self.cible.reponse
        corrections = reponse.corrections.exclude(etat=reponse.Etat.PUBLIEE)
        signataires = corrections.filter(signataire__isnull=False).values("signataire")
        return chargees_de_repondre(self.chose()) | Utilisateur.objects.filter(pk__in=signataires)


@inscrire
class RappelDePrecision(PrecisionPourQuiRepond):
    types = ("reponses.mediation.rappeler",)
    gabarit = "reponses/precision_rappel"


@inscrire
class PrecisionEnRetard(PrecisionPourQuiRepond):
    types = ("reponses.mediation.depasser",)
    gabarit = "reponses/precision_retard"


@inscrire
class PrecisionEnRetardPourLaMediation(PrecisionAttendue):
    types = ("reponses.mediation.depasser",)
    gabarit = "reponses/precision_retard"
    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous relisez les réponses")

    def destinataires(self):
        return cercles.personne(self.cible.mediatrice_id) if self.cible.mediatrice_id else cercles.mediation()


class PrecisionEnRetardAnnoncee(PrecisionAttendue):
    """Base: those who were told that it would come learn it from us first."""

    types = ("reponses.mediation.depasser",)
    gabarit = "reponses/precision_retard_annonce"


@inscrire
class PrecisionEnRetardPourSonAutrice(PrecisionEnRetardAnnoncee, PourSonAutrice):
    pass


@inscrire
class PrecisionEnRetardPourQuiADonneSonAvis(PrecisionEnRetardAnnoncee, PourQuiADonneSonAvis):
    pass


class UtiliteDemandee(SurLaReponse):
    """Base: not to those who have said it already, nor to who wrote or signed the answer."""

    types = ("reponses.utilite.demander",)
    gabarit = "reponses/utile"

    def concerne(self):
        return super().concerne() and self.cible.cible_lisible

    def lien(self):
        return f"{self.cible.get_absolute_url()}#titre-utile"

    def contexte(self):
        return {"publiee_le": self.cible.publiee_le, "sens": sens_dit(self.cible)}

    def sauf_qui_n_a_rien_a_dire(self, cercle):
        ecartees = [pk for pk in (self.cible.redigee_par_id, self.cible.signataire_id) if pk]
        return cercle.exclude(pk__in=self.cible.appreciations.values("personne")).exclude(pk__in=ecartees)


@inscrire
class UtiliteDemandeeASonAutrice(UtiliteDemandee):
    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = A_L_ORIGINE

    def destinataires(self):
        return self.sauf_qui_n_a_rien_a_dire(cercles.auteur(self.chose()))


@inscrire
class UtiliteDemandeeASesSoutiens(UtiliteDemandee):
    pourquoi = Selon(_("vous soutenez cette idée"), _("vous soutenez cette question"))

    def destinataires(self):
        return self.sauf_qui_n_a_rien_a_dire(cercles.soutiens(self.chose()))
