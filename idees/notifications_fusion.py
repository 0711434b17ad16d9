"""What the merging of two ideas tells: to both authors, to those who support or follow either, to those who proposed it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from idees.models import Fusion, Idee
from idees.notifications import titre_public
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire

EFFETS = ("idees.fusion.effectuer", "idees.fusion.imposer")


class DUneFusion(Annonce):
    """Base. Its target is the `Fusion`; people know it by the idea that joins, words of a hidden one are kept."""

    initiee = True

    def chose(self):
        return self.cible.source

    @property
    def titre(self) -> str:
        return titre_public(self.cible.source)

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        fusion = self.cible
        dites = {"motif": fusion.motif, "urgence": fusion.urgence, "motif_fin": fusion.motif_fin}
        return {
            "source": titre_public(fusion.source),
            "cible": titre_public(fusion.cible),
            "par_la_collectivite": fusion.voie == fusion.Voie.AGENT,
            "echeance_le": fusion.echeance_le,
            "refus_jusqu_au": fusion.refus_jusqu_au,
            # Reasons speak of both ideas: not when one of them is hidden.
            **(dites if fusion.est_lisible else dict.fromkeys(dites, "")),
        }


def _sans_compte(fusion) -> list:
    return cercles.auteur_sans_compte(fusion.source) + cercles.auteur_sans_compte(fusion.cible)


class AuxAutrices(DUneFusion):
    """Base: a right of theirs depends on it."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé une de ces deux idées")
    obligatoire = True

    def destinataires(self):
        return cercles.auteur(self.cible.source) | cercles.auteur(self.cible.cible)

    def sans_compte(self):
        return _sans_compte(self.cible)


class ATousCeuxQuEllesEngagent(DUneFusion):
    """Base: both authors, and whoever proposed."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé une de ces deux idées, ou de les réunir")

    def destinataires(self):
        autrices = cercles.auteur(self.cible.source) | cercles.auteur(self.cible.cible)
        return autrices | cercles.personne(self.cible.proposee_par_id)

    def sans_compte(self):
        return _sans_compte(self.cible)


# --- Proposed ----------------------------------------------------------------------------------------------------


class EncoreProposee(DUneFusion):
    """Base. Already effective, or over: the news of that is enough."""

    def concerne(self):
        return self.cible.etat == self.cible.Etat.PROPOSEE


@inscrire
class FusionProposee(EncoreProposee, AuxAutrices):
    types = ("idees.fusion.proposer",)
    gabarit = "idees/fusion/proposee"


@inscrire
class FusionAcceptee(EncoreProposee, ATousCeuxQuEllesEngagent):
    types = ("idees.fusion.accepter",)
    gabarit = "idees/fusion/acceptee"


@inscrire
class FusionRefusee(ATousCeuxQuEllesEngagent):
    types = ("idees.fusion.refuser",)
    gabarit = "idees/fusion/refusee"


@inscrire
class FusionAbandonnee(ATousCeuxQuEllesEngagent):
    types = ("idees.fusion.abandonner",)
    gabarit = "idees/fusion/abandonnee"


# --- In effect ---------------------------------------------------------------------------------------------------


@inscrire
class EffetPourLAutriceDeLaSource(AuxAutrices):
    types = EFFETS
    gabarit = "idees/fusion/effective_source"
    accuse = True

    def destinataires(self):
        return cercles.auteur(self.cible.source)

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.cible.source)


@inscrire
class EffetPourLAutriceDeLaCible(AuxAutrices):
    types = EFFETS
    gabarit = "idees/fusion/effective_cible"
    accuse = True

    def destinataires(self):
        return cercles.auteur(self.cible.cible)

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.cible.cible)


@inscrire
class EffetPourLesSoutiens(DUneFusion):
    """Those whose support has just come to the target, and who may refuse it."""

    types = EFFETS
    gabarit = "idees/fusion/soutien"
    pourquoi = _("vous souteniez une idée qui en a rejoint une autre")
    obligatoire = True
    accuse = True

    def concerne(self):
        return self.cible.refus_ouvert()

    def destinataires(self):
        portes = self.cible.soutiens_portes.filter(soutien__isnull=False)
        return Utilisateur.objects.filter(pk__in=portes.values("personne"))

    def lien(self):
        return reverse("idees:garder_mon_soutien", args=[self.cible.pk])


class PourTousCeuxQuiSuivent(DUneFusion):
    pourquoi = _("vous soutenez ou suivez une de ces idées")

    def destinataires(self):
        cercle = Utilisateur.objects.none()
        for idee in (self.cible.source, self.cible.cible):
            cercle = cercle | cercles.soutiens(idee) | self.abonnes(idee)
        return cercle


@inscrire
class EffetPourCellesQuiSuivent(PourTousCeuxQuiSuivent):
    types = EFFETS
    gabarit = "idees/fusion/effective_suivi"
    grande_etape = True


@inscrire
class CibleMasquee(Annonce):
    """Moderation hides an idea that others have joined: their supports can be read nowhere until agents decide."""

    types = ("moderation.masquer",)
    gabarit = "idees/fusion/cible_masquee"
    genre = Genre.INSTRUCTION
    pourquoi = _("vous préparez les réponses de la collectivité")
    initiee = True

    def concerne(self):
        return isinstance(self.cible, Idee) and self.cible.est_masquee and self._reunions().exists()

    def _reunions(self):
        return Fusion.objects.effectives().filter(cible=self.cible)

    @property
    def titre(self) -> str:
        return titre_public(self.cible)

    def lien(self):
        return self._reunions().order_by("pk")[0].get_absolute_url()

    def contexte(self):
        return {"cible_pk": self.cible.pk, "nombre": self._reunions().count()}

    def destinataires(self):
        return cercles.agents()


# --- Separated ---------------------------------------------------------------------------------------------------


class SeparationDemandee(DUneFusion):
    """Separated already: the news of that is enough."""

    types = ("idees.fusion.demander",)
    gabarit = "idees/fusion/separation_demandee"

    def concerne(self):
        return self.cible.etat == self.cible.Etat.EFFECTIVE


@inscrire
class SeparationPourLAutreAutrice(SeparationDemandee, AuxAutrices):
    pass


@inscrire
class SeparationPourLesAgents(SeparationDemandee, DUneFusion):
    """The agents decide when the other author does not."""

    genre = Genre.INSTRUCTION
    pourquoi = _("vous préparez les réponses de la collectivité")

    def destinataires(self):
        return cercles.agents()


@inscrire
class SeparationPourLesAutrices(AuxAutrices):
    types = ("idees.fusion.defaire",)
    gabarit = "idees/fusion/defaite"
    accuse = True


@inscrire
class SeparationPourCellesQuiSuivent(PourTousCeuxQuiSuivent):
    types = ("idees.fusion.defaire",)
    gabarit = "idees/fusion/defaite"
    grande_etape = True
