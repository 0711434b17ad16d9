"""What an idea tells: to its author, to those who support or follow it, to those who read and study it."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from idees.models import Boite, Idee
from moderation.models import Decision
from moderation.notifications import ARelire
from notifications import cercles
from notifications.abonnements import rendre_suivable
from notifications.models import Genre
from notifications.registre import Annonce, inscrire
from projets.notifications import sujet_de_l_annonce
from reponses.models import Merci
from reponses.notifications import ReponsePubliee

rendre_suivable(Idee)
rendre_suivable(Boite)


@cercles.soutenus_par(Idee)
def soutiens_de(idee):
    return Utilisateur.objects.filter(pk__in=idee.soutiens.values("personne"))


# --- Circles -----------------------------------------------------------------------------------------------------


class PourSonAutrice(Annonce):
    """Base. Its words are hers: she reads them in every state."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé cette idée")
    initiee = True

    def destinataires(self):
        return cercles.auteur(self.cible)

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.cible)


class PourSesSoutiens(Annonce):
    """Base: those who support it, and those who follow it."""

    pourquoi = _("vous soutenez ou suivez cette idée")

    def destinataires(self):
        return cercles.soutiens(self.cible) | self.abonnes(self.cible)


class PourCellesQuiSuivent(Annonce):
    """Base. Supporters follow until they say otherwise."""

    pourquoi = _("vous suivez cette idée")

    def destinataires(self):
        return self.abonnes(self.cible)


# --- Sent, read, published ---------------------------------------------------------------------------------------


class AvecLesRegles(PourSonAutrice):
    """Base: recalls the rules that the idea is under."""

    def contexte(self):
        return {"numero": self.cible.pk, "seuil": self.cible.seuil, "delai": self.cible.delai}


@inscrire
class IdeeRecue(AvecLesRegles):
    """A receipt; where ideas are published at once, the news of the publication is enough."""

    types = ("idees.soumettre",)
    gabarit = "idees/recue"
    accuse = True

    def concerne(self):
        return self.cible.boite.moderation == Boite.Moderation.AVANT or self.cible.auteur_id is None


@inscrire
class IdeeARelire(ARelire):
    types = ("idees.mettre_en_file",)


@inscrire
class IdeePubliee(AvecLesRegles):
    types = ("idees.publier",)
    gabarit = "idees/publiee"


@inscrire
class IdeePublieeARelire(ARelire):
    """Published at once, read afterwards."""

    types = ("idees.publier",)

    def concerne(self):
        return self.entree.donnees.get("de") == Idee.Etat.SOUMISE


@inscrire
class IdeeNouvelle(Annonce):
    types = ("idees.publier",)
    gabarit = "idees/nouvelle"
    grande_etape = False
    pourquoi = _("vous suivez cette boîte à idées")

    def concerne(self):
        """Hidden or withdrawn meanwhile: there is nothing new to read."""
        return self.cible.est_lisible

    def destinataires(self):
        return self.abonnes(self.cible.boite)

    def suivie(self):
        return self.cible.boite

    def contexte(self):
        return {"boite": self.cible.boite.titre}


@inscrire
class IdeeRefusee(PourSonAutrice):
    types = ("idees.refuser",)
    gabarit = "idees/refusee"
    obligatoire = True

    def contexte(self):
        decision = Decision.objects.sur(self.cible).filter(sens=Decision.Sens.REFUSER).first()
        return {
            "motif": self.cible.get_motif_refus_display(),
            "explication": decision.explication if decision else "",
        }


# --- Corrected ---------------------------------------------------------------------------------------------------


class IdeeCorrigee(Annonce):
    """Base: to whoever may read it now."""

    types = ("idees.corriger",)
    gabarit = "idees/corrigee"
    grande_etape = False

    @cached_property
    def version(self):
        """Number of the version that the correction made; None before the first support."""
        return self.entree.donnees.get("version")

    def concerne(self):
        return self.cible.est_lisible

    def lien(self):
        if self.version is None:
            return super().lien()
        return reverse("idees:version", args=[self.cible.pk, self.version])


@inscrire
class CorrectionPourSonEquipe(IdeeCorrigee, PourSonAutrice):
    """Those who write it with whoever corrected it."""

    gabarit = "idees/corrigee_equipe"


@inscrire
class CorrectionPourSesSoutiens(IdeeCorrigee, PourSesSoutiens):
    """What they support has changed: they read how, and may take their support back."""

    def concerne(self):
        return self.version is not None and super().concerne()


@inscrire
class CorrectionARelire(ARelire):
    """What waits for its first reading has been told already."""

    types = ("idees.corriger",)

    def concerne(self):
        return self.entree.est_publique


# --- Studied -----------------------------------------------------------------------------------------------------


class IdeeALEtude(Annonce):
    """Base: the clock has started."""

    types = ("idees.atteindre_seuil", "idees.prendre")
    gabarit = "idees/a_l_etude"
    grande_etape = True

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
        }


@inscrire
class EtudePourSonAutrice(IdeeALEtude, PourSonAutrice):
    pass


@inscrire
class EtudePourSesSoutiens(IdeeALEtude, PourSesSoutiens):
    pass


@inscrire
class EtudeAInstruire(IdeeALEtude):
    """To the agents, and to the service in charge."""

    gabarit = "idees/a_instruire"
    genre = Genre.INSTRUCTION
    pourquoi = _("vous préparez les réponses de la collectivité")

    def destinataires(self):
        projet = self.cible.projet
        return cercles.agents() | cercles.personne(projet.referente_id) if projet else cercles.agents()

    def adresses(self):
        return [self.echeance.service.courriel] if self.echeance.service.courriel else []


# --- What became of it (its answer is told by `reponses`) --------------------------------------------------------


class IdeeEnRealisation(Annonce):
    """Base."""

    types = ("idees.realiser",)
    gabarit = "idees/en_realisation"
    grande_etape = True


@inscrire
class RealisationPourSonAutrice(IdeeEnRealisation, PourSonAutrice):
    pass


@inscrire
class RealisationPourCellesQuiSuivent(IdeeEnRealisation, PourCellesQuiSuivent):
    pass


class IdeeRealisee(Annonce):
    """Base: the thanks."""

    types = ("idees.achever",)
    gabarit = "idees/realisee"
    grande_etape = True
    autrice = False

    def contexte(self):
        merci = Merci.objects.sur(self.cible).first()
        return {"autrice": self.autrice, "merci": merci.texte if merci else ""}


@inscrire
class MerciASonAutrice(IdeeRealisee, PourSonAutrice):
    autrice = True


@inscrire
class MerciASesSoutiens(IdeeRealisee, PourSesSoutiens):
    pass


class IdeeRetiree(Annonce):
    """Base: they have read it, and are owed the reason."""

    types = ("idees.retirer",)
    gabarit = "idees/retiree"
    grande_etape = True
    initiee = True
    soutenue = False

    def contexte(self):
        return {"motif": self.cible.motif_retrait, "soutenue": self.soutenue}


@inscrire
class RetraitPourSonEquipe(IdeeRetiree, PourSonAutrice):
    """Its co-authors: they still read it."""

    soutenue = True


@inscrire
class RetraitPourSesSoutiens(IdeeRetiree):
    """They may still read it too."""

    pourquoi = _("vous souteniez cette idée")
    soutenue = True

    def destinataires(self):
        return cercles.soutiens(self.cible)


@inscrire
class RetraitPourCellesQuiSuivent(IdeeRetiree, PourCellesQuiSuivent):
    def lien(self):
        return reverse("idees:proposer")


@inscrire
class ReponseDansLaBoite(ReponsePubliee):
    """The milestones of a box are the answers to its ideas: without them, who follows it « pour s’informer » hears nothing."""

    pourquoi = _("vous suivez cette boîte à idées")

    def concerne(self):
        idee = self.chose()
        return isinstance(idee, Idee) and idee.est_lisible and super().concerne()

    def destinataires(self):
        return self.abonnes(self.chose().boite)

    def suivie(self):
        return self.chose().boite


class ProjetNeDUneIdee(Annonce):
    """Base: told at once, even while the projet is a draft, whose name is then kept."""

    types = ("idees.ouvrir_un_projet",)
    gabarit = "idees/projet_ouvert"
    grande_etape = True

    @cached_property
    def projet(self):
        """The projet, if everybody may see it."""
        projet = self.cible.projet_ouvert
        return projet if projet is not None and projet.est_lisible else None

    def sujet(self):
        return sujet_de_l_annonce(self.projet) if self.projet else super().sujet()

    def lien(self):
        return (self.projet or self.cible).get_absolute_url()

    def contexte(self):
        return {"projet": self.projet.titre if self.projet else ""}


@inscrire
class ProjetPourSonAutrice(ProjetNeDUneIdee, PourSonAutrice):
    pass


@inscrire
class ProjetPourSesSoutiens(ProjetNeDUneIdee, PourSesSoutiens):
    pass


def titre_public(idee) -> str:
    """Title of an idea named in passing; not a word of a hidden one."""
    return idee.titre if idee.est_lisible else str(_("contenu masqué"))
