"""Going through a file, for a trial that writes nothing, or for good: one batch, one transaction."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from idees.importation import ecriture
from idees.importation.cibles import Cibles, Placee
from idees.importation.conversions import References, Refus, ThemeACreer, liste
from idees.importation.correspondance import Regles
from idees.importation.lecture import Rangee, Tableau
from idees.importation.validation import Defaut, Ligne, LigneInvalide, Validateur
from idees.models import Importation, LigneRefusee, ProvenanceCommentaire, ProvenanceIdee
from socle.permissions import SYSTEME
from timeline.temps_reel import CHRONOLOGIE, diffuser, groupe_de

PROVENANCES = {"idees": ProvenanceIdee, "commentaires": ProvenanceCommentaire}
LOT = 500


@dataclass
class Lot:
    """Rows that are treated together. `depart` and `arrivee` are places in the file: (pass, line)."""

    depart: tuple[int, int]
    arrivee: tuple[int, int]
    rangees: list[Rangee]


@dataclass
class Bilan:
    """What became, or would become, of the lines."""

    lues: int = 0
    acceptees: int = 0
    deja: int = 0
    refusees: int = 0
    defauts: list[Defaut] = field(default_factory=list)
    par_etat: Counter = field(default_factory=Counter)
    themes_a_creer: set[str] = field(default_factory=set)
    titres_tronques: int = 0


class Parcours:
    """One file read with one mapping. A first reading counts the lines and remembers identifiers, nothing else."""

    def __init__(self, tableau: Tableau, regles: Regles, *, essai=False):
        regles.verifier_les_colonnes(tableau.colonnes)
        self.tableau, self.regles = tableau, regles
        self.validateur = Validateur(regles, References.lire())
        self.premieres: dict[str, int] = {}
        self.doubles: set[str] = set()
        self.parents: dict[str, str] = {}
        self.total = 0
        for rangee in tableau.rangees():
            self.total += 1
            self._reperer(rangee)
        if self.doubles:
            self._departager()
        colonnes = {nom: regle.get("colonne", "") for nom, regle in regles.champs.items()}
        self.cibles = Cibles(regles.source, self.parents, colonnes, essai=essai)

    def _reperer(self, rangee: Rangee) -> None:
        if rangee.defaut:
            return
        cle = self.validateur.cle(rangee)
        if self.premieres.setdefault(cle, rangee.numero) != rangee.numero:
            self.doubles.add(cle)
        else:
            self._retenir_son_parent(cle, rangee)

    def _departager(self) -> None:
        """Of the lines that share an identifier, the first that can be taken over is the one: a refused line hides none."""
        restent = set(self.doubles)
        for rangee in self.tableau.rangees():
            if rangee.defaut or (cle := self.validateur.cle(rangee)) not in restent:
                continue
            try:
                self.validateur.valider(rangee)
            except LigneInvalide:
                continue
            restent.discard(cle)
            self.premieres[cle] = rangee.numero
            self.parents.pop(cle, None)
            self._retenir_son_parent(cle, rangee)
            if not restent:
                return

    def _retenir_son_parent(self, cle: str, rangee: Rangee) -> None:
        if self._repond_a_un_commentaire(rangee):
            self.parents[cle] = rangee.cellules[self.regles.champs["sur"].get("colonne", "")].strip()

    def _repond_a_un_commentaire(self, rangee: Rangee) -> bool:
        regle = self.regles.champs.get("sur_genre", {})
        if "colonne" not in regle or "colonne" not in self.regles.champs["sur"]:
            return False
        try:
            return liste(rangee.cellules[regle["colonne"]], regle, None) == "commentaire"
        except Refus:
            return False

    @property
    def passes(self) -> int:
        """Answers are read again, once what they answer is there, in whatever order the file has them."""
        return 2 if self.parents else 1

    def lots(self, depuis: tuple[int, int], taille: int) -> Iterator[Lot]:
        """The batches that remain after this place."""
        passe, curseur = depuis
        while passe <= self.passes:
            rangees: list[Rangee] = []
            for rangee in self.tableau.rangees():
                if rangee.numero <= curseur or self._passe_de(rangee) != passe:
                    continue
                rangees.append(rangee)
                if len(rangees) == taille:
                    arrivee = (passe, rangee.numero)
                    yield Lot((passe, curseur), arrivee, rangees)
                    curseur, rangees = rangee.numero, []
            yield Lot((passe, curseur), (passe + 1, 0), rangees)
            passe, curseur = passe + 1, 0

    def _passe_de(self, rangee: Rangee) -> int:
        return 2 if self.parents and not rangee.defaut and self.validateur.cle(rangee) in self.parents else 1

    def trier(self, rangees: list[Rangee]) -> tuple[list[Placee], int, list[Defaut]]:
        """(lines to write, how many are here already, reasons of the refusals)."""
        lignes: list[Ligne] = []
        defauts: list[Defaut] = []
        for rangee in rangees:
            try:
                lignes.append(self._valider(rangee))
            except LigneInvalide as refus:
                defauts += refus.defauts
        connues = PROVENANCES[self.regles.genre]._default_manager.filter(
            source=self.regles.source, cle__in=[ligne.cle for ligne in lignes]
        )
        deja = set(connues.values_list("cle", flat=True))
        nouvelles = [ligne for ligne in lignes if ligne.cle not in deja]
        if self.regles.genre == "idees":
            return [(ligne, 0, None) for ligne in nouvelles], len(lignes) - len(nouvelles), defauts
        placees, sans_place = self.cibles.placer(nouvelles)
        return placees, len(lignes) - len(nouvelles), defauts + sans_place

    def _valider(self, rangee: Rangee) -> Ligne:
        ligne = self.validateur.valider(rangee)
        premiere = self.premieres[ligne.cle]
        if premiere != rangee.numero:
            raison = _("Cet identifiant est déjà à la ligne %(n)s.") % {"n": premiere}
            colonne = self.regles.champs["cle"].get("colonne", "")
            raise LigneInvalide([Defaut(rangee.numero, colonne, ligne.cle, raison)])
        return ligne


def essayer(tableau: Tableau, regles: Regles) -> Bilan:
    """What taking over this file would do. Writes nothing. Raises CorrespondanceInvalide."""
    parcours = Parcours(tableau, regles, essai=True)
    bilan = Bilan()
    for lot in parcours.lots((1, 0), LOT):
        placees, deja, defauts = parcours.trier(lot.rangees)
        bilan.lues += len(lot.rangees)
        bilan.deja += deja
        bilan.acceptees += len(placees)
        bilan.defauts += defauts
        for ligne, _idee, _parent in placees:
            bilan.par_etat[ligne.valeurs.get("etat", "")] += 1
            bilan.titres_tronques += ligne.titre_tronque
            if isinstance(theme := ligne.valeurs.get("thematique"), ThemeACreer):
                bilan.themes_a_creer.add(theme.nom)
    bilan.refusees = bilan.lues - bilan.acceptees - bilan.deja
    bilan.defauts.sort(key=lambda defaut: defaut.numero)
    return bilan


def executer(importation: Importation, tableau: Tableau, *, par=None, pendant: float | None = None) -> bool:
    """Take the file over from where this job stands; True when it is finished, False when `pendant` seconds are over.

    Two processes may work on one job: the row is locked for each batch, and whoever finds it moved reads its place again.
    """
    fin = time.monotonic() + pendant if pendant is not None else None
    with translation.override(settings.LANGUAGE_CODE):  # reasons are kept in the language of the site
        parcours = Parcours(tableau, Regles.lire(importation.regles))
        while importation.terminee_le is None:
            for lot in parcours.lots((importation.passe, importation.curseur), importation.lot):
                if not _prendre(importation, lot, parcours, par):
                    break
                if fin is not None and time.monotonic() >= fin:
                    return importation.terminee_le is not None
    return True


@transaction.atomic
def _prendre(importation: Importation, lot: Lot, parcours: Parcours, par) -> bool:
    """One batch, all or nothing; False when somebody else has moved the job."""
    present = Importation.objects.select_for_update(of=("self",)).get(pk=importation.pk)
    importation.refresh_from_db()
    if present.terminee_le or present.annulee_le or (present.passe, present.curseur) != lot.depart:
        return False
    par = par or importation.par or SYSTEME
    placees, deja, defauts = parcours.trier(lot.rangees)
    if importation.genre == Importation.Genre.IDEES:
        ecriture.reprendre_idees([ligne for ligne, _idee, _parent in placees], importation=importation, par=par)
    else:
        ecriture.reprendre_commentaires(placees, importation=importation, par=par)
    LigneRefusee.objects.bulk_create([defaut.pour(importation) for defaut in defauts])
    importation.total = parcours.total
    importation.lues += len(lot.rangees)
    importation.reprises += len(placees)
    importation.deja += deja
    importation.refusees += len(lot.rangees) - len(placees) - deja
    importation.passe, importation.curseur = lot.arrivee
    importation.avance_le = timezone.now()
    importation.save(update_fields=["total", "lues", "reprises", "deja", "refusees", "passe", "curseur", "avance_le"])
    if importation.passe > parcours.passes:
        ecriture.clore(importation, par=par)
        transaction.on_commit(partial(diffuser, CHRONOLOGIE))
    transaction.on_commit(partial(diffuser, groupe_de(importation)))
    return True
