"""What an official answer tells: to those who wait for it, to those who prepare it."""

from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire
from reponses.models import CompteRendu, Echeance, Escalade, Nouvelle, Reponse, Service
from reponses.regles import pose_une_question
from timeline.models import Entree


class Selon:
    """« Parce que vous… », in the words of the kind of thing that is answered: an idea is proposed, a question is asked."""

    def __init__(self, idee, question):
        self.idee, self.question = idee, question

    def __get__(self, annonce, classe=None):
        return self.question if annonce is not None and pose_une_question(type(annonce.chose())) else self.idee


A_L_ORIGINE = Selon(_("vous avez proposé cette idée"), _("vous avez posé cette question"))

# --- Those who wait for it ---------------------------------------------------------------------------------------


class SurLaReponse(Annonce):
    """Base: the target of the entry is an answer; people know it by what it answers."""

    def concerne(self):
        return self.chose() is not None

    def chose(self):
        return self.cible.cible

    def lien(self):
        return self.cible.get_absolute_url()


class ReponsePubliee(SurLaReponse):
    """Base."""

    types = ("reponses.publier",)
    gabarit = "reponses/publiee"
    grande_etape = True

    def concerne(self):
        return super().concerne() and self.cible.corrige_id is None

    def contexte(self):
        reponse = self.cible
        return {
            "sens": reponse.get_sens_display(),
            "motif": reponse.get_motif_display(),
            "texte": reponse.texte,
            "conditions": reponse.conditions,
            "premiere_etape": reponse.premiere_etape,
            "premiere_etape_le": reponse.premiere_etape_le,
            "alternative": reponse.alternative,
            "signataire_nom": reponse.signataire_nom,
            "signataire_mandat": reponse.signataire_mandat,
        }


@inscrire
class ReponsePourSonAutrice(ReponsePubliee):
    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = A_L_ORIGINE

    def destinataires(self):
        return cercles.auteur(self.chose())

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.chose())


@inscrire
class ReponsePourSesSoutiens(ReponsePubliee):
    pourquoi = _("vous soutenez ou suivez ce sujet")

    def destinataires(self):
        return cercles.soutiens(self.chose()) | self.abonnes(self.chose())

    def sans_compte(self):
        return cercles.abonnes_sans_compte(self.chose())


class ReponseCorrigee(ReponsePubliee):
    """Base."""

    gabarit = "reponses/corrigee"

    def concerne(self):
        return self.chose() is not None and self.cible.corrige_id is not None

    def lien(self):
        return self.cible.corrige.get_absolute_url()

    def contexte(self):
        """`promise_le`: the date of the first step before this correction, when it gives another one."""
        promise_le = self.cible.corrige.premiere_etape_le
        autre = promise_le != self.cible.premiere_etape_le
        return super().contexte() | {"promise_le": promise_le if autre else None}


@inscrire
class CorrectionPourSonAutrice(ReponseCorrigee, ReponsePourSonAutrice):
    pass


@inscrire
class CorrectionPourSesSoutiens(ReponseCorrigee, ReponsePourSesSoutiens):
    pass


class JalonAnnonce(SurLaReponse):
    """Base: a dated step of what was promised."""

    def lien(self):
        return self.chose().get_absolute_url()

    def contexte(self):
        donnees = self.entree.donnees
        return {"etape": donnees["titre"], "prevu_le": date.fromisoformat(donnees["prevu_le"])}


class PourSonAutrice(SurLaReponse):
    """Base: circle."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = A_L_ORIGINE

    def destinataires(self):
        return cercles.auteur(self.chose())

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.chose())


class PourCellesQuiSuivent(SurLaReponse):
    """Base: circle."""

    pourquoi = _("vous suivez ce sujet")

    def destinataires(self):
        return self.abonnes(self.chose())

    def sans_compte(self):
        return cercles.abonnes_sans_compte(self.chose())


class JalonPrevu(JalonAnnonce):
    """Base."""

    types = ("reponses.jalon.planifier",)
    gabarit = "reponses/jalon_prevu"
    grande_etape = True


@inscrire
class JalonPrevuPourSonAutrice(JalonPrevu, PourSonAutrice):
    pass


@inscrire
class JalonPrevuPourCellesQuiSuivent(JalonPrevu, PourCellesQuiSuivent):
    pass


class JalonFait(JalonAnnonce):
    """Base."""

    types = ("reponses.jalon.accomplir",)
    gabarit = "reponses/jalon_fait"
    grande_etape = True

    def contexte(self):
        return super().contexte() | {"recit": recit_de(self.entree)}


@inscrire
class JalonFaitPourSonAutrice(JalonFait, PourSonAutrice):
    pass


@inscrire
class JalonFaitPourCellesQuiSuivent(JalonFait, PourCellesQuiSuivent):
    pass


class PourSesSoutiens(SurLaReponse):
    """Base: circle."""

    pourquoi = _("vous soutenez ou suivez ce sujet")

    def destinataires(self):
        return cercles.soutiens(self.chose()) | self.abonnes(self.chose())

    def sans_compte(self):
        return cercles.abonnes_sans_compte(self.chose())


class JalonRaconte(JalonAnnonce):
    """Base."""

    types = ("reponses.jalon.raconter",)
    gabarit = "reponses/jalon_raconte"
    grande_etape = False

    def contexte(self):
        return super().contexte() | {"texte": recit_de(self.entree)}


@inscrire
class JalonRacontePourSonAutrice(JalonRaconte, PourSonAutrice):
    pass


@inscrire
class JalonRacontePourSesSoutiens(JalonRaconte, PourSesSoutiens):
    pass


class RealisationDitNouvelle(JalonAnnonce):
    """Base."""

    types = ("reponses.realisation.informer",)
    gabarit = "reponses/nouvelle"
    grande_etape = False

    @cached_property
    def nouvelle(self):
        return Nouvelle.objects.get(pk=self.entree.donnees["nouvelle"])

    def contexte(self):
        return {"nouvelle": self.nouvelle.titre, "texte": self.nouvelle.texte}


@inscrire
class NouvellePourSonAutrice(RealisationDitNouvelle, PourSonAutrice):
    pass


@inscrire
class NouvellePourSesSoutiens(RealisationDitNouvelle, PourSesSoutiens):
    pass


class RealisationRetardee(RealisationDitNouvelle):
    """Base."""

    types = ("reponses.realisation.retarder",)
    gabarit = "reponses/retardee"
    grande_etape = True

    def concerne(self):
        """The mail of a correction gives its date already."""
        return super().concerne() and "correction" not in self.entree.donnees

    def contexte(self):
        jalon = self.nouvelle.jalon
        return super().contexte() | {
            "etape": jalon.titre,
            "prevu_le": jalon.prevu_le,
            "attendue_le": self.nouvelle.attendue_le,
        }


@inscrire
class RetardDUneEtapePourSonAutrice(RealisationRetardee, PourSonAutrice):
    pass


@inscrire
class RetardDUneEtapePourSesSoutiens(RealisationRetardee, PourSesSoutiens):
    pass


class JalonAnnule(JalonAnnonce):
    """Base."""

    types = ("reponses.jalon.annuler",)
    gabarit = "reponses/jalon_annule"
    grande_etape = True

    def contexte(self):
        return super().contexte() | {"raison": self.entree.donnees["motif"]}


@inscrire
class JalonAnnulePourSonAutrice(JalonAnnule, PourSonAutrice):
    pass


@inscrire
class JalonAnnulePourCellesQuiSuivent(JalonAnnule, PourCellesQuiSuivent):
    pass


# --- Those who prepare it ----------------------------------------------------------------------------------------


class DansLeDossier(SurLaReponse):
    """Base: a step between those who prepare an answer and those who sign it."""

    genre = Genre.INSTRUCTION
    initiee = True

    @cached_property
    def due_le(self):
        """A correction has no clock."""
        if self.cible.corrige_id:
            return None
        return echeances_de(self.chose()).filter(tenue_le__isnull=True).values_list("due_le", flat=True).first()


class PourQuiLaRedige(DansLeDossier):
    """Base: circle."""

    pourquoi = _("vous rédigez cette réponse")

    def destinataires(self):
        return cercles.personne(self.cible.redigee_par_id)


@inscrire
class ReponseASigner(DansLeDossier):
    types = ("reponses.presenter",)
    gabarit = "reponses/a_signer"
    pourquoi = _("votre signature est demandée")

    def concerne(self):
        """Taken back or signed meanwhile: nothing waits for her any more."""
        return super().concerne() and self.cible.etat == Reponse.Etat.A_SIGNER

    def destinataires(self):
        return cercles.personne(self.cible.signataire_id)

    def contexte(self):
        return {"sens": sens_dit(self.cible), "due_le": self.due_le}


@inscrire
class ReponseRenvoyee(PourQuiLaRedige):
    types = ("reponses.renvoyer",)
    gabarit = "reponses/renvoyee"

    def contexte(self):
        return {"retour": self.cible.retour, "due_le": self.due_le}


@inscrire
class ReponseSignee(PourQuiLaRedige):
    types = ("reponses.signer",)
    gabarit = "reponses/signee"

    def contexte(self):
        return {"signataire_nom": self.cible.signataire_nom, "signataire_mandat": self.cible.signataire_mandat}


@inscrire
class AvisRendu(PourQuiLaRedige):
    types = ("reponses.avis.rendre",)
    gabarit = "reponses/avis_rendu"

    def contexte(self):
        service = Service.objects.filter(pk=self.entree.donnees.get("service")).first()
        return {"service": str(service or ""), "attendus": self.cible.avis.filter(rendu_le__isnull=True).count()}


@inscrire
class AvisDemande(DansLeDossier):
    """A service has an address, and no account."""

    types = ("reponses.consulter",)
    gabarit = "reponses/avis_demande"
    pourquoi = _("votre service prépare cette réponse avec nous")

    @cached_property
    def attendus(self):
        return self.cible.avis.filter(rendu_le__isnull=True).select_related("service")

    def concerne(self):
        return super().concerne() and self.cible.etat == Reponse.Etat.EN_CONSULTATION and bool(self.attendus)

    def adresses(self):
        return [avis.service.courriel for avis in self.attendus if avis.service.courriel]

    def lien(self):
        return self.chose().get_absolute_url()

    def contexte(self):
        return {"attendu_le": max(avis.attendu_le for avis in self.attendus)}


@inscrire
class AvisDemandeAuxExpertes(AvisDemande):
    """The experts of the projet have an account: they answer in the dossier itself."""

    gabarit = "reponses/avis_demande_expertes"
    pourquoi = _("vous êtes expert·e de ce projet")

    def destinataires(self):
        return cercles.nommees(self.cible.projet, "experte")

    def adresses(self):
        return []

    def lien(self):
        return self.cible.get_absolute_url()


# --- The clock ---------------------------------------------------------------------------------------------------


class SurLEcheance(Annonce):
    """Base: the target of the entry is what awaits an answer."""

    @cached_property
    def echeance(self):
        return echeances_de(self.cible).filter(tenue_le__isnull=True).select_related("service").first()

    @cached_property
    def reponse(self):
        return Reponse.objects.sur(self.cible).filter(corrige__isnull=True).first()

    def concerne(self):
        """Answered meanwhile: nothing to say."""
        return self.echeance is not None

    def contexte(self):
        return {
            "due_le": self.echeance.due_le,
            "service": str(self.echeance.service),
            "jours": self.entree.donnees.get("jours", 0),
            "etat": self.reponse.get_etat_display() if self.reponse else "",
        }


class PourQuiRepond(SurLEcheance):
    """Base: circle. The service in charge has an address, and no account."""

    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous préparez ou signez cette réponse")

    def destinataires(self):
        charges = chargees_de_repondre(self.cible)
        return charges | cercles.personne(self.reponse.signataire_id) if self.reponse else charges

    def adresses(self):
        return [self.echeance.service.courriel] if self.echeance.service.courriel else []

    def lien(self):
        return (self.reponse or self.cible).get_absolute_url()


@inscrire
class RappelDEcheance(PourQuiRepond):
    types = ("reponses.echeance.rappeler",)
    gabarit = "reponses/rappel"


@inscrire
class RetardPourQuiRepond(PourQuiRepond):
    types = ("reponses.echeance.depasser",)
    gabarit = "reponses/retard"


@inscrire
class EscaladeALEquipe(PourQuiRepond):
    """The same words as a reminder: for them it is one."""

    types = ("reponses.echeance.escalader",)
    gabarit = "reponses/rappel"

    def concerne(self):
        return super().concerne() and self.entree.donnees["palier"] == Escalade.Palier.EQUIPE


class PourLesElues(SurLEcheance):
    """Base: circle. The dossier is not theirs yet: they are led to what awaits an answer."""

    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous êtes élu·e, et cette réponse n’est pas encore publiée")
    palier = Escalade.Palier.ELUES

    def destinataires(self):
        prevenues = Escalade.objects.filter(echeance=self.echeance, palier=self.palier).values("elues")
        return Utilisateur.objects.filter(pk__in=prevenues, is_active=True)


@inscrire
class EscaladeAuxElues(PourLesElues):
    """Whoever has the dossier in hand is reminded of it apart, the same day."""

    types = ("reponses.echeance.escalader",)
    gabarit = "reponses/escalade"

    def concerne(self):
        return super().concerne() and self.entree.donnees["palier"] == Escalade.Palier.ELUES

    def destinataires(self):
        deja = list(chargees_de_repondre(self.cible).values_list("pk", flat=True))
        if self.reponse and self.reponse.signataire_id:
            deja.append(self.reponse.signataire_id)
        rappelees = deja if self._est_jour_de_rappel() else []
        return super().destinataires().exclude(pk__in=rappelees)

    def _est_jour_de_rappel(self) -> bool:
        rappels = Entree.objects.sur(self.cible).filter(type="reponses.echeance.rappeler")
        return any(
            timezone.localdate(le) == timezone.localdate(self.entree.le) for le in rappels.values_list("le", flat=True)
        )


@inscrire
class RetardPourLesElues(PourLesElues):
    types = ("reponses.echeance.depasser",)
    gabarit = "reponses/retard"
    palier = Escalade.Palier.RETARD


class RetardAnnonce(SurLEcheance):
    """Base: those who wait learn it from us first."""

    types = ("reponses.echeance.depasser",)
    gabarit = "reponses/retard_annonce"
    grande_etape = True


@inscrire
class RetardPourSonAutrice(RetardAnnonce):
    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = A_L_ORIGINE

    def destinataires(self):
        return cercles.auteur(self.cible)

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.cible)


@inscrire
class RetardPourSesSoutiens(RetardAnnonce):
    pourquoi = _("vous soutenez ou suivez ce sujet")

    def destinataires(self):
        return cercles.soutiens(self.cible) | self.abonnes(self.cible)


def sens_dit(reponse) -> str:
    """Yes or no, in words; nothing for an answer to a question, whose words say it all."""
    return reponse.get_sens_display() if reponse.motif else ""


def recit_de(entree) -> str:
    """The account that goes with an entry about a step; nothing when it was said done without a word."""
    rendu = CompteRendu.objects.filter(pk=entree.donnees.get("compte_rendu")).first()
    return rendu.texte if rendu else ""


def echeances_de(chose):
    return Echeance.objects.filter(cible_type=ContentType.objects.get_for_model(chose), cible_id=chose.pk)


def chargees_de_repondre(chose):
    """Who writes its answer, and the référent·e of its projet; when there is nobody yet, all agents."""
    projet = chose.projet_du_journal()
    connues = [pk for pk in Reponse.objects.sur(chose).values_list("redigee_par", flat=True) if pk]
    if projet is not None and projet.referente_id:
        connues.append(projet.referente_id)
    nommees = Utilisateur.objects.filter(pk__in=connues)
    return nommees if nommees.filter(is_active=True).exists() else cercles.agents()
