"""What an imported comment is about: an idea taken over before it from the same source, or another comment of the file."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from idees.importation.validation import Defaut, Ligne
from idees.models import ProvenanceCommentaire, ProvenanceIdee

#: A line, the number of its idea, the number of the comment it answers. A trial has no number for what is not written.
Placee = tuple[Ligne, int, int | None]


def racine_de(cle: str, parents: Mapping[str, str]) -> str | None:
    """The first-level comment above this one, by identifiers; None when they run in circles."""
    vues = set()
    while cle in parents:
        if cle in vues:
            return None
        vues.add(cle)
        cle = parents[cle]
    return cle


class Cibles:
    """Places lines under their ideas, batch by batch. `essai` remembers what would have been written."""

    def __init__(self, source: str, parents: Mapping[str, str], colonnes: Mapping[str, str], *, essai=False):
        self.source, self.parents, self.colonnes, self.essai = source, parents, colonnes, essai
        self.admises: dict[str, int] = {}  # first-level comments of a trial -> their idea

    def placer(self, lignes: Sequence[Ligne]) -> tuple[list[Placee], list[Defaut]]:
        racines = {ligne.cle: racine_de(ligne.cle, self.parents) for ligne in lignes if ligne.cle in self.parents}
        premiers = [ligne for ligne in lignes if ligne.cle not in racines]
        idees = {
            provenance.cle: provenance
            for provenance in ProvenanceIdee.objects.filter(
                source=self.source, cle__in={ligne.valeurs["sur"] for ligne in premiers}
            )
        }
        reprises = {
            cle: (pk, idee)
            for cle, pk, idee in ProvenanceCommentaire.objects.filter(
                source=self.source, cle__in={r for r in racines.values() if r}
            ).values_list("cle", "commentaire_id", "commentaire__cible_id")
        }
        placees: list[Placee] = []
        defauts: list[Defaut] = []
        for ligne in lignes:
            if ligne.cle in racines:
                self._sous_un_commentaire(ligne, racines[ligne.cle], reprises, placees, defauts)
            else:
                self._sous_une_idee(ligne, idees, placees, defauts)
        return placees, defauts

    def _sous_une_idee(self, ligne, idees, placees, defauts):
        provenance = idees.get(ligne.valeurs["sur"])
        if provenance is None:
            defauts.append(
                self._defaut(ligne, "sur", _("Aucune idée reprise de cette source ne porte cet identifiant."))
            )
        elif not _meme_page(ligne.valeurs.get("adresse_idee"), provenance.adresse):
            raison = _("Ce commentaire porte sur une autre page que l’idée de même identifiant : il n’est pas d’ici.")
            defauts.append(self._defaut(ligne, "adresse_idee", raison))
        else:
            placees.append((ligne, provenance.idee_id, None))
            if self.essai:
                self.admises[ligne.cle] = provenance.idee_id

    def _sous_un_commentaire(self, ligne, racine, reprises, placees, defauts):
        if racine is None:
            defauts.append(self._defaut(ligne, "sur", _("Ces commentaires se répondent en rond.")))
        elif racine in reprises:
            parent, idee = reprises[racine]
            placees.append((ligne, idee, parent))
        elif racine in self.admises:
            placees.append((ligne, self.admises[racine], None))
        else:
            defauts.append(self._defaut(ligne, "sur", _("Le commentaire auquel celui-ci répond n’est pas repris.")))

    def _defaut(self, ligne, champ, raison) -> Defaut:
        return Defaut(ligne.numero, self.colonnes.get(champ, ""), str(ligne.valeurs.get(champ) or ""), raison)


def _meme_page(dite: str | None, connue: str) -> bool:
    """Do two addresses lead to one page, whatever their scheme? Nothing said, nothing to compare."""
    if not dite or not connue:
        return True
    ici, la = urlsplit(dite), urlsplit(connue)
    return (ici.netloc.lower(), ici.path.rstrip("/")) == (la.netloc.lower(), la.path.rstrip("/"))
