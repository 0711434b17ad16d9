"""What a community is told of an idea that came from it, and a working group of the idea that it follows."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from idees import notifications, notifications_equipe, notifications_fusion  # noqa: F401 (they tell their circles first)
from idees.models import GroupeDeTravail, Idee, IdeeDeCommunaute
from notifications.registre import Annonce, inscrire
from reponses import notifications as notifications_reponses  # noqa: F401 (likewise)
from timeline.huis_clos import lectrices_de

#: What its community and its group are told of an idea.
ETAPES = (
    "idees.atteindre_seuil",
    "idees.prendre",
    "idees.realiser",
    "idees.achever",
    "idees.fusionner",
    "idees.retirer",
)


class DUneIdeeDEnsemble(Annonce):
    """Base. These people read the words of the idea in every state: they wrote them, or work on it."""

    initiee = True

    @property
    def idee(self) -> Any:
        """Of the steps of something else, not one."""
        return self.cible

    def chose(self):
        return self.idee

    def etat(self) -> str:
        return self.idee.get_etat_display()


@inscrire
class IdeeDeMaCommunaute(DUneIdeeDEnsemble):
    """To those who follow the community, and may read inside: the page of the draft says what became of it."""

    types: ClassVar[tuple[str, ...]] = ("idees.refuser", "idees.retenir", "idees.ecarter", *ETAPES)
    grande_etape = True
    gabarit = "idees/ensemble_etape"
    pourquoi = _("vous suivez la communauté où cette idée a été écrite")

    def origine(self):
        return IdeeDeCommunaute.objects.select_related("ebauche__communaute__projet").filter(idee=self.idee).first()

    def concerne(self):
        return self.origine() is not None

    def destinataires(self):
        """Those who signed it are told as its authors."""
        communaute = self.origine().ebauche.communaute
        membres = self.abonnes(communaute).filter(lectrices_de(communaute))
        return membres.exclude(pk__in=self.idee.autrices())

    def lien(self):
        return self.origine().ebauche.get_absolute_url()

    def contexte(self):
        return {"communaute": self.origine().ebauche.communaute.nom, "etat": self.etat()}


@inscrire
class IdeeDeMaCommunautePubliee(IdeeDeMaCommunaute):
    """Of all its steps the one that changes nothing for those who only wait for what comes of it."""

    types = ("idees.publier",)
    grande_etape = False


class DUnGroupe(DUneIdeeDEnsemble):
    """Base: to those who are in the working group of this idea."""

    pourquoi = _("vous êtes du groupe de travail de cette idée")

    def groupe(self):
        if not isinstance(self.idee, Idee):
            return None
        return GroupeDeTravail.objects.select_related("communaute__projet").filter(idee=self.idee).first()

    def concerne(self):
        return self.groupe() is not None

    def destinataires(self):
        membres = self.groupe().communaute.adhesions.en_cours().order_by().values("personne")
        return Utilisateur.objects.filter(pk__in=membres)

    def lien(self):
        return reverse("idees:pas_a_pas", args=[self.groupe().communaute.slug])

    def contexte(self):
        return {"communaute": self.groupe().communaute.nom, "etat": self.etat()}


@inscrire
class EtapePourLeGroupe(DUnGroupe):
    types = (*ETAPES, "idees.ouvrir_un_projet")
    gabarit = "idees/groupe_etape"


@inscrire
class PromessePourLeGroupe(DUnGroupe):
    """What happens to its answer: given (which decides on the idea), its steps planned, done, late or cancelled."""

    types = (
        "reponses.publier",
        "reponses.jalon.planifier",
        "reponses.jalon.accomplir",
        "reponses.jalon.annuler",
        "reponses.jalon.raconter",
        "reponses.realisation.informer",
        "reponses.realisation.retarder",
    )
    gabarit = "idees/groupe_etape"

    @property
    def idee(self) -> Any:
        return self.cible and self.cible.cible


@inscrire
class GroupeOuvert(Annonce):
    """To those who follow the idea: they may join."""

    types = ("idees.groupe.ouvrir",)
    grande_etape = True
    gabarit = "idees/groupe_ouvert"
    pourquoi = _("vous suivez cette idée")

    @property
    def groupe(self) -> Any:
        return self.cible

    def destinataires(self):
        return self.abonnes(self.groupe.idee)

    def chose(self):
        return self.groupe.idee

    def lien(self):
        return self.groupe.get_absolute_url()

    def contexte(self):
        return {"communaute": self.groupe.communaute.nom if self.lisible else ""}
