"""What the search knows of an idea: one card for each idea that everybody may read, true in the transaction of the idea."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from idees.moteurs import Mots
from reponses.models import Reponse
from socle.mots import racines, tetes, texte_nu


class FicheQuerySet(models.QuerySet):
    def tenir(self, idees) -> int:
        """Write the cards of these ideas as they are now, drop those of the ideas that are public no longer; cards written.

        To be called in the transaction of the change. `Idee.save` does; whoever writes ideas in bulk must.
        """
        publiques = [idee for idee in idees if idee.etat in Fiche.ETATS]
        autres = [idee.pk for idee in idees if idee.etat not in Fiche.ETATS]
        if autres:
            self.filter(idee__in=autres).delete()
        fiches = self.attendues(publiques)
        self.bulk_create(fiches, update_conflicts=True, unique_fields=["idee"], update_fields=list(Fiche.MOTS))
        return len(fiches)

    def attendues(self, idees) -> list:
        """The cards (Fiche) that these public ideas must have, unsaved."""
        repondues = [idee.pk for idee in idees if idee.etat in Fiche.ETATS_REPONDUS]
        reponses = self._textes_des_reponses(type(idees[0]), repondues) if repondues else {}
        return [Fiche(idee_id=i.pk, **Fiche.mots_de(i.titre, i.texte, reponses.get(i.pk, ""))) for i in idees]

    @staticmethod
    def _textes_des_reponses(modele, pks) -> dict[int, str]:
        """Words of the published answers, corrections apart: they have their own page."""
        ici = ContentType.objects.get_for_model(modele)
        publiees = Reponse.objects.publiees().filter(cible_type=ici, cible_id__in=pks, corrige__isnull=True)
        return {
            pk: " ".join(textes)
            for pk, *textes in publiees.values_list("cible_id", "texte", "conditions", "premiere_etape", "alternative")
        }


class Fiche(models.Model):
    """Unaccented words and stems of an idea, from which the two search engines build their indexes (`idees.moteurs`).

    A table of its own: SQLite forgets the triggers of a table that a migration rebuilds, and nobody alters this one. Another
    kind of content joins by a second nullable one-to-one key beside `idee`; words and engines stay as they are.
    """

    #: Merged ideas have none: the search leads to the idea that they joined.
    ETATS = ("publiee", "en_etude", "retenue", "non_retenue", "en_realisation", "realisee")
    ETATS_REPONDUS = ("retenue", "non_retenue", "en_realisation", "realisee")
    #: Columns made from the words of the idea.
    MOTS = ("titre", "mots_titre", "mots", "tetes", "tetes_reponse")
    #: Fields of the idea that change its card.
    SUIT = frozenset({"titre", "texte", "etat"})

    idee = models.OneToOneField("idees.Idee", models.CASCADE, related_name="fiche")
    titre = models.TextField(help_text="Titre sans accent, pour les trigrammes.")
    mots_titre = models.TextField(help_text="Racines du titre.")
    mots = Mots(help_text="Racines du titre et du texte, dans l’ordre.")
    tetes = Mots(help_text="Débuts de ces racines.")
    tetes_reponse = Mots(help_text="De même pour l’idée et sa réponse officielle ; vide sans réponse.")

    objects = FicheQuerySet.as_manager()

    class Meta:
        verbose_name = _("Fiche de recherche")
        verbose_name_plural = _("Fiches de recherche")
        constraints = [models.CheckConstraint(condition=~Q(titre=""), name="fiche_titre")]

    @staticmethod
    def mots_de(titre: str, texte: str, reponse: str = "") -> dict[str, str]:
        """The columns of MOTS for these words. `reponse`: those of the official answer, if there is one."""
        du_titre = racines(titre)
        de_l_idee = du_titre + racines(texte)
        debuts = tetes(de_l_idee)
        return {
            "titre": texte_nu(titre) or "-",
            "mots_titre": " ".join(du_titre),
            "mots": " ".join(de_l_idee),
            "tetes": " ".join(debuts),
            "tetes_reponse": " ".join(debuts + tetes(racines(reponse))) if reponse else "",
        }
