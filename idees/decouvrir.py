"""« Découvrir » : one idea from elsewhere. What it is far from is the page one stands on, never what one read before."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from idees import exposition
from idees.liste import dans
from idees.models import Idee


@dataclass(frozen=True)
class Ici:
    """The page one stands on: what it is about, and the idea it shows, if any."""

    theme: str = ""
    lieu: str = ""
    pk: int | None = None

    @classmethod
    def devant(cls, idee) -> "Ici":
        """On the page of an idea (`thematique` and `territoire` loaded)."""
        theme = idee.thematique.slug if idee.thematique else ""
        return cls(theme, idee.territoire.slug if idee.territoire else "", idee.pk)

    def ailleurs(self) -> list[Q]:
        """What is elsewhere, the farthest first."""
        autre_theme, autre_lieu = ~Q(thematique__slug=self.theme), ~Q(territoire__in=dans(self.lieu))
        if self.theme and self.lieu:
            return [autre_theme & autre_lieu, autre_theme | autre_lieu]
        if self.theme or self.lieu:
            return [autre_theme if self.theme else autre_lieu]
        return [Q()]


def une_idee(personne, ici: Ici, *, avance: bool) -> Idee | None:
    """An idea that is still open, by fair turns; never the one that is shown here."""
    ouvertes = Idee.objects.visibles_par(personne).publiees().filter(etat__in=Idee.ETATS_SOUTENABLES).exclude(pk=ici.pk)
    ouvertes = ouvertes.select_related("thematique", "territoire").defer("territoire__contour")
    for loin in ici.ailleurs():
        idee = exposition.prochaine(ouvertes.filter(loin), cle=f"ailleurs&{ici.theme}&{ici.lieu}", avance=avance)
        if idee is not None:
            return idee
    return None


def raison(idee, ici: Ici) -> str:
    """Why this one, in a sentence that one can check."""
    autre_theme = bool(ici.theme) and (idee.thematique is None or idee.thematique.slug != ici.theme)
    autre_lieu = bool(ici.lieu) and (idee.territoire is None or idee.territoire.slug != ici.lieu)
    if autre_theme and autre_lieu:
        return _("Parce qu’elle parle d’un autre thème et d’un autre lieu que cette page, et que c’est son tour.")
    if autre_theme:
        return _("Parce qu’elle parle d’un autre thème que cette page, et que c’est son tour.")
    if autre_lieu:
        return _("Parce qu’elle vient d’un autre lieu que cette page, et que c’est son tour.")
    return _("Parce que c’est son tour : chaque idée passe, même les moins vues.")
