"""What a projet tells to those who follow it."""

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from notifications.abonnements import rendre_suivable
from notifications.registre import Annonce, inscrire
from projets.lecture_recit import lire, pour_la_lettre
from projets.models import Etape, Projet

rendre_suivable(Projet)


class NouvelleDuProjet(Annonce):
    """Base."""

    pourquoi = _("vous suivez ce projet")

    @cached_property
    def projet(self):
        return self.entree.projet

    def concerne(self):
        """A draft is nobody's business yet."""
        return self.projet is not None and self.projet.est_annonce

    def destinataires(self):
        return self.abonnes(self.projet)

    def chose(self):
        return self.projet


def sujet_de_l_annonce(projet) -> str:
    """Announced, and opened from an idea: the same news."""
    return f"projet-annonce:{projet.pk}"


@inscrire
class ProjetAnnonce(NouvelleDuProjet):
    types = ("projets.annoncer",)
    gabarit = "projets/annonce"
    grande_etape = True

    def sujet(self):
        return sujet_de_l_annonce(self.projet)

    def contexte(self):
        return {"resume": self.projet.resume, "decideur": self.projet.decideur}


class Ouverture(NouvelleDuProjet):
    """Base: a projet opens with its first stage; one mail a day says both."""

    def sujet(self):
        return f"projet-ouvre:{self.projet.pk}:{timezone.localdate(self.entree.le)}"


@inscrire
class EtapeOuverte(Ouverture):
    types = ("projets.etape.ouvrir",)
    gabarit = "projets/etape_ouverte"
    grande_etape = True

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        libelles = dict(Etape.Fonction.choices)
        return {
            "etape": self.cible.titre,
            "ferme_le": self.cible.ferme_le,
            "fonctions": [libelles[fonction] for fonction in self.cible.ouvre if fonction in libelles],
        }


@inscrire
class DialogueOuvert(Ouverture):
    types = ("projets.ouvrir",)
    gabarit = "projets/ouvert"
    grande_etape = True

    def contexte(self):
        return {"etapes": [etape.titre for etape in self.projet.etapes.all() if etape.est_ouverte]}


@inscrire
class EtapeDeplacee(NouvelleDuProjet):
    types = ("projets.etape.deplacer",)
    gabarit = "projets/etape_deplacee"
    grande_etape = True

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"etape": self.cible.titre, "debut_le": self.cible.ouvre_le, "ferme_le": self.cible.ferme_le}


@inscrire
class EtapeAnnulee(NouvelleDuProjet):
    types = ("projets.etape.annuler",)
    gabarit = "projets/etape_annulee"
    grande_etape = True

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"etape": self.cible.titre, "raison": self.entree.donnees["motif"]}


@inscrire
class ProjetAvance(NouvelleDuProjet):
    """Its decision is told by the official answer."""

    types = ("projets.analyser", "projets.realiser", "projets.clore")
    gabarit = "projets/avance"
    grande_etape = True

    def contexte(self):
        return {"etat": Projet.Etat(self.entree.donnees["vers"]).label}


@inscrire
class ActualitePubliee(NouvelleDuProjet):
    types = ("projets.actualite.publier",)
    gabarit = "projets/actualite"
    grande_etape = False

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"actualite": self.cible.titre}


@inscrire
class DocumentPublie(NouvelleDuProjet):
    """Under the bell only."""

    types = ("projets.document.publier",)
    grande_etape = False


@inscrire
class RecitPublie(NouvelleDuProjet):
    """The whole story, once, to those who follow the projet."""

    types = ("projets.recit.publier",)
    gabarit = "projets/recit"
    grande_etape = True

    def concerne(self):
        """Withdrawn meanwhile: there is nothing left to read."""
        return super().concerne() and self.cible.est_lisible

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return pour_la_lettre(lire(self.cible))
