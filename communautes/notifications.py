"""What a community tells: to the team, to whoever proposed it, to those who lead it, to those who come and go."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from communautes.models import Adhesion, Communaute
from communautes.models.adhesion import DELAI_D_APPEL
from communautes.permissions import tient_une_place
from comptes.models import Utilisateur
from notifications import cercles
from notifications.abonnements import rendre_suivable
from notifications.models import Genre
from notifications.registre import Annonce, inscrire

rendre_suivable(Communaute)


# --- The community itself: proposed, opened or not ------------------------------------------------------------------


@inscrire
class Proposee(Annonce):
    """To the team, who opens it or says why not."""

    types = ("communautes.proposer",)
    genre = Genre.INSTRUCTION
    gabarit = "communautes/proposee"
    pourquoi = _("vous faites partie de l’équipe du dialogue citoyen")
    hors_les_murs = True
    initiee = True

    def concerne(self):
        return self.cible.etat == Communaute.Etat.PROPOSEE

    def destinataires(self):
        return cercles.agents()

    def contexte(self):
        return {"resume": self.cible.resume, "qui": self.cible.nom_de_l_auteur}


class PourQuiLaProposait(Annonce):
    """Base."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé cette communauté")
    hors_les_murs = True
    initiee = True

    def destinataires(self):
        return cercles.personne(self.cible.proposee_par_id)


@inscrire
class Ouverte(PourQuiLaProposait):
    types = ("communautes.ouvrir",)
    gabarit = "communautes/ouverte"


@inscrire
class NonOuverte(PourQuiLaProposait):
    types = ("communautes.refuser",)
    gabarit = "communautes/non_ouverte"
    obligatoire = True

    def contexte(self):
        return {"motif": self.cible.motif}


@inscrire
class ReferenteNommee(Annonce):
    """To whoever answers for it in the name of the city: named at its opening, or later."""

    types = ("communautes.adhesion.placer", "communautes.adhesion.confier")
    genre = Genre.INSTRUCTION
    gabarit = "communautes/referente"
    pourquoi = _("vous êtes la personne référente de cette communauté")

    def concerne(self):
        return self.cible.est_en_cours and self.cible.role == Adhesion.Role.REFERENTE

    def chose(self):
        return self.cible.communaute

    def destinataires(self):
        return cercles.personne(self.cible.personne_id)


class PourLesMembres(Annonce):
    """Base: what becomes of the place where they are."""

    pourquoi = _("vous êtes membre de cette communauté")
    initiee = True

    def destinataires(self):
        return Utilisateur.objects.filter(pk__in=self.cible.adhesions.en_cours().values("personne"))


@inscrire
class EnSommeil(PourLesMembres):
    types = ("communautes.endormir",)
    gabarit = "communautes/en_sommeil"


@inscrire
class Reveillee(PourLesMembres):
    types = ("communautes.reveiller",)
    gabarit = "communautes/reveillee"


@inscrire
class Fermee(PourLesMembres):
    types = ("communautes.clore",)
    gabarit = "communautes/fermee"

    def contexte(self):
        return {"motif": self.cible.motif}


class PourCellesQuiLaSuivent(Annonce):
    """Base: its milestones, to those who follow it and are not in; or follow the panel that it is. They are told what its
    front page says to everybody, and nothing once that page is hidden from them."""

    grande_etape = True
    pourquoi = _("vous suivez cette communauté")

    def concerne(self):
        return self.cible.est_lisible

    def destinataires(self):
        suivent = self.abonnes(self.chose()) | self.abonnes(self.cible)
        return suivent.exclude(pk__in=self.cible.adhesions.en_cours().values("personne"))

    def chose(self):
        """What their mail lets them follow less."""
        return getattr(self.cible, "panel", self.cible)

    def lien(self):
        return self.cible.get_absolute_url()


@inscrire
class OuverteAQuiLaSuit(PourCellesQuiLaSuivent):
    """To the team, who could read it before: those who come in as it opens are told so in other words."""

    types = ("communautes.ouvrir",)
    gabarit = "communautes/ouverte_a_qui_la_suit"

    def contexte(self):
        return {"resume": self.cible.resume}


@inscrire
class EnSommeilPourCellesQuiLaSuivent(PourCellesQuiLaSuivent):
    types = ("communautes.endormir",)
    gabarit = "communautes/en_sommeil"


@inscrire
class ReveilleePourCellesQuiLaSuivent(PourCellesQuiLaSuivent):
    types = ("communautes.reveiller",)
    gabarit = "communautes/reveillee"


@inscrire
class FermeePourCellesQuiLaSuivent(PourCellesQuiLaSuivent):
    types = ("communautes.clore",)
    gabarit = "communautes/fermee"

    def contexte(self):
        return {"motif": self.cible.motif}


@inscrire
class BientotEnSommeil(PourLesMembres):
    """To those who lead it, thirty days before."""

    types = ("communautes.rappeler",)
    gabarit = "communautes/bientot_en_sommeil"
    pourquoi = _("vous animez cette communauté")

    def concerne(self):
        return self.cible.est_ouverte

    def destinataires(self):
        return _qui_animent(self.cible)

    def contexte(self):
        return {"actif_le": self.cible.active_le}


def _qui_animent(communaute):
    return Utilisateur.objects.filter(pk__in=communaute.adhesions.en_cours().qui_animent().values("personne"))


# --- Coming and going ------------------------------------------------------------------------------------------------


@inscrire
class DemandeRecue(Annonce):
    """To those who lead, who decide on it.

    Asking again is always possible: whoever took her request back by mistake, or answers the reason of a refusal, waits for
    nothing. Those who lead get one mail a day about the same person, whatever she does; the rest is under the bell.
    """

    types = ("communautes.adhesion.demander", "communautes.adhesion.redemander")
    gabarit = "communautes/demande"
    pourquoi = _("vous animez cette communauté")

    def concerne(self):
        return self.cible.etat == Adhesion.Etat.DEMANDEE

    def chose(self):
        return self.cible.communaute

    def sujet(self):
        return f"demande:{self.cible.pk}:{timezone.localdate(self.entree.le)}"

    def destinataires(self):
        return _qui_animent(self.cible.communaute)

    def lien(self):
        return reverse("communautes:membres", args=[self.cible.communaute.slug])

    def contexte(self):
        return {"qui": self.cible.personne.pseudonyme, "message": self.cible.message}


class PourElleMeme(Annonce):
    """Base: what others decided about her."""

    genre = Genre.MES_CONTRIBUTIONS
    hors_les_murs = True
    initiee = True

    def chose(self):
        return self.cible.communaute

    def destinataires(self):
        return cercles.personne(self.cible.personne_id)


@inscrire
class Accueillie(PourElleMeme):
    types = ("communautes.adhesion.accueillir",)
    gabarit = "communautes/accueillie"
    pourquoi = _("vous avez demandé à entrer dans cette communauté")


@inscrire
class DemandeRefusee(PourElleMeme):
    types = ("communautes.adhesion.refuser",)
    gabarit = "communautes/demande_refusee"
    pourquoi = _("vous avez demandé à entrer dans cette communauté")

    def concerne(self):
        return self.cible.etat == Adhesion.Etat.REFUSEE

    def contexte(self):
        return {"motif": self.cible.motif}


@inscrire
class Invitee(PourElleMeme):
    types = ("communautes.adhesion.inviter",)
    gabarit = "communautes/invitation"
    pourquoi = _("vous êtes invité·e dans cette communauté")

    def concerne(self):
        return self.cible.etat == Adhesion.Etat.INVITEE

    def contexte(self):
        return {
            "qui": self.cible.decidee_par.pseudonyme if self.cible.decidee_par else "",
            "comme_experte": self.cible.role == Adhesion.Role.EXPERTE,
            "resume": self.cible.communaute.resume,
        }


@inscrire
class Exclue(PourElleMeme):
    """She may appeal: the mail leaves whatever she chose."""

    types = ("communautes.adhesion.exclure",)
    gabarit = "communautes/exclusion"
    pourquoi = _("vous étiez membre de cette communauté")
    obligatoire = True

    def concerne(self):
        return self.cible.etat == Adhesion.Etat.EXCLUE

    def lien(self):
        return reverse("communautes:faire_appel", args=[self.cible.communaute.slug])

    def contexte(self):
        gardee = self.cible.communaute.est_tiree and tient_une_place(
            self.cible.communaute, self.cible.personne, "retiree"
        )
        return {"motif": self.cible.motif, "place_gardee": gardee and self.cible.depuis_le + DELAI_D_APPEL}


# --- Appeals ---------------------------------------------------------------------------------------------------------


class SurUnAppel(Annonce):
    """Base."""

    hors_les_murs = True
    initiee = True

    @cached_property
    def adhesion(self):
        return self.cible.adhesion

    def chose(self):
        return self.adhesion.communaute

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"reponse": self.cible.reponse, "qui": self.adhesion.personne.pseudonyme}


@inscrire
class AppelDepose(SurUnAppel):
    """To those who decide: neither whoever excluded, nor those who lead there."""

    types = ("communautes.appel.deposer",)
    genre = Genre.INSTRUCTION
    gabarit = "communautes/appel"
    pourquoi = _("vous examinez les appels des personnes exclues d’une communauté")

    def destinataires(self):
        animent = self.adhesion.communaute.adhesions.en_cours().qui_animent().values("personne")
        decident = cercles.mediation() | cercles.agents()
        return decident.exclude(pk__in=animent).exclude(pk__in=[self.adhesion.decidee_par_id or 0])


class ResultatDUnAppel(SurUnAppel):
    """Base."""

    types = ("communautes.appel.accorder", "communautes.appel.rejeter")

    def contexte(self):
        return super().contexte() | {"fonde": self.entree.type.endswith("accorder")}


@inscrire
class AppelTranchePourElle(ResultatDUnAppel):
    genre = Genre.MES_CONTRIBUTIONS
    gabarit = "communautes/appel_tranche"
    pourquoi = _("vous avez fait appel de votre exclusion")
    obligatoire = True

    def destinataires(self):
        return cercles.personne(self.adhesion.personne_id)


@inscrire
class AppelTranchePourLAnimation(ResultatDUnAppel):
    gabarit = "communautes/appel_tranche_animation"
    pourquoi = _("vous animez cette communauté")
    hors_les_murs = False

    def destinataires(self):
        return _qui_animent(self.adhesion.communaute)
