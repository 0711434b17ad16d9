"""What an official answer tells: to those who wait for it, to those who prepare it."""

from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comptes.models import Utilisateur
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire
from reponses.models import Echeance, Escalade, Reponse, Service
from reponses.models.escalade import elues_du_projet

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
    pourquoi = _("vous avez proposé cette idée")

    def destinataires(self):
        return cercles.auteur(self.chose())

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.chose())


@inscrire
class ReponsePourSesSoutiens(ReponsePubliee):
    pourquoi = _("vous soutenez ou suivez ce sujet")

    def destinataires(self):
        return cercles.soutiens(self.chose()) | cercles.abonnes(self.chose())


class ReponseCorrigee(ReponsePubliee):
    """Base."""

    gabarit = "reponses/corrigee"

    def concerne(self):
        return self.chose() is not None and self.cible.corrige_id is not None

    def lien(self):
        return self.cible.corrige.get_absolute_url()


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
    pourquoi = _("vous avez proposé cette idée")

    def destinataires(self):
        return cercles.auteur(self.chose())

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.chose())


class PourCellesQuiSuivent(SurLaReponse):
    """Base: circle."""

    pourquoi = _("vous suivez ce sujet")

    def destinataires(self):
        return cercles.abonnes(self.chose())


class JalonPrevu(JalonAnnonce):
    """Base."""

    types = ("reponses.jalon.planifier",)
    gabarit = "reponses/jalon_prevu"


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


@inscrire
class JalonFaitPourSonAutrice(JalonFait, PourSonAutrice):
    pass


@inscrire
class JalonFaitPourCellesQuiSuivent(JalonFait, PourCellesQuiSuivent):
    pass


class JalonAnnule(JalonAnnonce):
    """Base."""

    types = ("reponses.jalon.annuler",)
    gabarit = "reponses/jalon_annule"

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
        return {"sens": self.cible.get_sens_display(), "due_le": self.due_le}


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


class PourLesElues(SurLEcheance):
    """Base: circle. Whoever is to sign it; before that, those who may."""

    genre = Genre.INSTRUCTION
    initiee = True
    pourquoi = _("vous pouvez signer cette réponse")

    def destinataires(self):
        return elues_a_prevenir(self.cible, self.reponse)

    def lien(self):
        """She reads the dossier once it waits for her name; until then, the thing itself."""
        attend = self.reponse is not None and self.reponse.etat == Reponse.Etat.A_SIGNER
        return (self.reponse if attend else self.cible).get_absolute_url()


@inscrire
class RetardPourLesElues(PourLesElues):
    types = ("reponses.echeance.depasser",)
    gabarit = "reponses/retard_elue"


class EscaladeAnnoncee(SurLEcheance):
    """Base."""

    types = ("reponses.echeance.escalader",)

    def contexte(self):
        return super().contexte() | {"palier": self.entree.donnees["palier"]}


@inscrire
class EscaladePourLesElues(EscaladeAnnoncee, PourLesElues):
    gabarit = "reponses/escalade_elue"

    def concerne(self):
        return super().concerne() and self.entree.donnees["palier"] == Escalade.Palier.ELUE


@inscrire
class EscaladePourQuiRepond(EscaladeAnnoncee, PourQuiRepond):
    gabarit = "reponses/escalade"


class RetardAnnonce(SurLEcheance):
    """Base: those who wait learn it from us first."""

    types = ("reponses.echeance.depasser",)
    gabarit = "reponses/retard_annonce"


@inscrire
class RetardPourSonAutrice(RetardAnnonce):
    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez proposé cette idée")

    def destinataires(self):
        return cercles.auteur(self.cible)

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.cible)


@inscrire
class RetardPourSesSoutiens(RetardAnnonce):
    pourquoi = _("vous soutenez ou suivez ce sujet")

    def destinataires(self):
        return cercles.soutiens(self.cible) | cercles.abonnes(self.cible)


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


def elues_a_prevenir(chose, reponse=None):
    """Whoever the answer waits for; else the élues of the projet, else all who may sign. Never who proposed it."""
    if reponse is not None and reponse.signataire_id:
        return cercles.personne(reponse.signataire_id)
    projet = chose.projet_du_journal()
    possibles = Reponse(cible=chose, projet=projet).signataires_possibles()
    nommees = elues_du_projet(projet.pk).values("pk") if projet is not None else None
    if nommees is not None and nommees.exists():
        possibles = possibles.filter(pk__in=nommees)
    return Utilisateur.objects.filter(pk__in=possibles.values("pk"))
