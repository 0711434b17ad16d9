"""What a panel tells everybody who follows it, and those who are in: each step that its public page shows."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from communautes.models import Panel
from notifications.abonnements import rendre_suivable
from notifications.registre import Annonce, inscrire

rendre_suivable(Panel)


class DuPanel(Annonce):
    """Base. `quoi`: which sentence of the mail says it."""

    gabarit = "communautes/du_panel"
    pourquoi = _("vous suivez ce panel citoyen")
    grande_etape = True
    quoi: ClassVar[str] = ""

    def chose(self):
        return self.cible if isinstance(self.cible, Panel) else self.cible.panel

    def destinataires(self):
        panel = self.chose()
        return self.abonnes(panel) | self.abonnes(panel.communaute)

    def lien(self):
        return self.cible.get_absolute_url()

    def contexte(self):
        return {"quoi": self.quoi}


@inscrire
class MandatCorrige(DuPanel):
    types = ("communautes.panel.mandat",)
    quoi = "mandat"

    def concerne(self):
        return self.entree.donnees.get("numero", 1) > 1


@inscrire
class TirageAnnonce(DuPanel):
    types = ("communautes.tirage.annoncer",)
    quoi = "annonce"


@inscrire
class TirageFait(DuPanel):
    types = ("communautes.tirage.tirer",)
    quoi = "tire"


@inscrire
class TirageAnnule(DuPanel):
    types = ("communautes.tirage.annuler",)
    quoi = "annule"


@inscrire
class CompteRenduPublie(DuPanel):
    types = ("communautes.compte_rendu.publier",)
    quoi = "compte_rendu"

    def chose(self):
        return self.cible.communaute.panel


@inscrire
class AvisPublie(DuPanel):
    types = ("communautes.panel.avis",)
    quoi = "avis"


@inscrire
class AvisRepondu(DuPanel):
    types = ("communautes.panel.repondre",)
    quoi = "reponse"
