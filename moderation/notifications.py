"""What moderation tells: to those who moderate, to those who report, to those whose words are judged."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from moderation.models import Decision, Signalement
from notifications import cercles
from notifications.models import Genre
from notifications.registre import Annonce, inscrire


class ARelire(Annonce):
    """Base: something new in the queue. A mail an hour at most, however much comes in."""

    genre = Genre.MODERATION
    gabarit = "moderation/a_relire"
    pourquoi = _("vous faites partie de la modération")

    def destinataires(self):
        return cercles.moderation()

    def sujet(self):
        return f"moderation:{self.entree.le:%Y-%m-%dT%H}"

    def lien(self):
        return reverse("moderation:file")


class PourQuiSignale(Annonce):
    """Base: whoever reported, with an account or without."""

    pourquoi = _("vous avez signalé une contribution")
    genre = Genre.MES_CONTRIBUTIONS
    obligatoire = True

    def destinataires(self):
        return cercles.personne(self.cible.par_id)

    def adresses(self):
        return [self.cible.courriel] if self.cible.courriel and not self.cible.par_id else []

    def lien(self):
        return reverse("portail:charte")


@inscrire
class SignalementRecu(PourQuiSignale):
    """Receipt, at once."""

    types = ("moderation.signaler",)
    gabarit = "moderation/signalement_recu"
    accuse = True
    adresses_libres = True

    def contexte(self):
        return {"motif": self.cible.get_motif_display()}


@inscrire
class SignalementALire(ARelire):
    types = ("moderation.signaler",)


@inscrire
class SignalementTraite(PourQuiSignale):
    types = ("moderation.retenir", "moderation.ecarter")
    gabarit = "moderation/signalement_traite"

    def contexte(self):
        return {"fonde": self.cible.etat == Signalement.Etat.FONDE}


class DecisionPourSonAutrice(Annonce):
    """Base: the statement of reasons that the author has a right to, in her own words' context."""

    genre = Genre.MES_CONTRIBUTIONS
    pourquoi = _("vous avez écrit cette contribution")
    obligatoire = True
    initiee = True
    hors_les_murs = True

    @cached_property
    def decision(self):
        return Decision.objects.filter(pk=self.entree.donnees.get("decision")).first()

    def concerne(self):
        return self.decision is not None

    def destinataires(self):
        return cercles.auteur(self.cible)

    def sans_compte(self):
        return cercles.auteur_sans_compte(self.cible)

    def chose(self):
        """A comment is known by what it comments."""
        return getattr(self.cible, "cible", self.cible)

    @cached_property
    def lisible(self):
        """She may read her own words, even hidden; not those of the idea that she commented, once that is hidden."""
        return self.chose() is self.cible or not getattr(self.chose(), "est_masquee", False)

    def contexte(self):
        return {
            "nature": self.cible._meta.verbose_name,
            "motif": self.decision.get_motif_display(),
            "explication": self.decision.explication,
            "signale": self.decision.signalement_id is not None,
        }


@inscrire
class ContributionMasquee(DecisionPourSonAutrice):
    types = ("moderation.masquer",)
    gabarit = "moderation/masquee"

    def lien(self):
        return self.decision.get_absolute_url()


@inscrire
class ContributionRetablie(DecisionPourSonAutrice):
    types = ("moderation.retablir",)
    gabarit = "moderation/retablie"

    def lien(self):
        return self.cible.get_absolute_url()
