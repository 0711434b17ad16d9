"""From a row of the file to a line that can be written, or to every reason why it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from idees.importation.conversions import CONVERSIONS, References, Refus
from idees.importation.correspondance import CHAMPS, FAITS, Champ, Regles, conversion_de
from idees.importation.lecture import Rangee
from idees.models import LigneRefusee
from timeline.survenue import Survenue


@dataclass(frozen=True)
class Defaut:
    """Why a line is refused: where, what was read there, and one sentence."""

    numero: int
    colonne: str
    valeur: str
    raison: str

    def pour(self, importation) -> LigneRefusee:
        valeur = self.valeur[: LigneRefusee.VALEUR_MAX]
        return LigneRefusee(
            importation=importation,
            numero=self.numero,
            colonne=self.colonne[:200],
            valeur=valeur,
            raison=self.raison[:500],
        )


class LigneInvalide(Exception):
    def __init__(self, defauts: list[Defaut]):
        super().__init__(" ".join(defaut.raison for defaut in defauts))
        self.defauts = defauts


@dataclass(frozen=True)
class Ligne:
    """A line that holds. `valeurs` by field; an idea also has its facts, and dates that are only announced."""

    numero: int
    cle: str
    valeurs: dict[str, Any]
    faits: list[tuple[str, Survenue]] = field(default_factory=list)
    annonces: list[tuple[str, Survenue]] = field(default_factory=list)
    titre_tronque: bool = False


class Validateur:
    def __init__(self, regles: Regles, references: References):
        self.regles, self.references = regles, references

    def cle(self, rangee: Rangee) -> str:
        """Identifier of a row, "" for one that has none."""
        try:
            return self._lire("cle", rangee) or ""
        except LigneInvalide:
            return ""

    def valider(self, rangee: Rangee) -> Ligne:
        """Raises LigneInvalide, with all that is wrong."""
        if rangee.defaut:
            raise LigneInvalide([Defaut(rangee.numero, rangee.colonne, rangee.valeur, rangee.defaut)])
        valeurs: dict[str, Any] = {}
        defauts: list[Defaut] = []
        for nom in self.regles.champs:
            try:
                valeurs[nom] = self._lire(nom, rangee)
            except LigneInvalide as refus:
                defauts += refus.defauts
        defauts += self._incoherences(valeurs, rangee)
        if defauts:
            raise LigneInvalide(defauts)
        if self.regles.genre == "idees":
            return self._idee(rangee, valeurs)
        return Ligne(rangee.numero, valeurs["cle"], valeurs)

    def _idee(self, rangee: Rangee, valeurs: dict) -> Ligne:
        complet = valeurs["titre"]
        valeurs["titre"] = _tronque(complet, CHAMPS["idees"]["titre"].longueur)
        tronque = valeurs["titre"] != complet
        if tronque:  # nothing of it is lost: the whole title opens the text
            valeurs["texte"] = f"{complet}\n\n{valeurs['texte']}"
        dates = [(fait, valeurs[f"{fait}_le"]) for fait in FAITS if valeurs.get(f"{fait}_le")]
        acquis = [(fait, le) for fait, le in dates if self._est_acquis(fait, le, rangee)]
        annonces = [paire for paire in dates if paire not in acquis]
        return Ligne(rangee.numero, valeurs["cle"], valeurs, acquis, annonces, tronque)

    def _est_acquis(self, fait: str, le: Survenue, rangee: Rangee) -> bool:
        """A fact, or only a date that the source announces: to come, or for a state that it has not reached."""
        if le.jour > timezone.localdate():
            return False
        condition = self.regles.champs[f"{fait}_le"].get("acquis_si")
        return condition is None or rangee.cellules[condition["colonne"]].strip() in condition["valeurs"]

    def _lire(self, nom: str, rangee: Rangee) -> Any:
        """The value of one field, None when the cell is empty. Raises LigneInvalide."""
        regle, champ = self.regles.champs[nom], CHAMPS[self.regles.genre][nom]
        colonne, brut = _brut(regle, rangee.cellules)
        vide = not brut.strip() or brut.strip() in regle.get("vides", ())
        try:
            valeur = None if vide else self._convertir(nom, regle, brut)
            if champ.obligatoire and valeur in (None, ""):
                raise Refus(_("« %(champ)s » est vide.") % {"champ": champ.libelle})
            return _borner(valeur, nom, champ, regle)
        except Refus as refus:
            raise LigneInvalide([Defaut(rangee.numero, colonne, brut, str(refus))]) from None

    def _convertir(self, nom: str, regle: Mapping, brut: str) -> Any:
        conversion, _libelle = CONVERSIONS[conversion_de(self.regles.genre, nom, regle)]
        return conversion(brut, regle, self.references)

    def _incoherences(self, valeurs: dict, rangee: Rangee) -> list[Defaut]:
        """What is wrong between fields that each hold."""
        trouvees = []
        if valeurs.get("ecartee"):
            trouvees.append(("ecartee", _("Cette ligne est marquée comme supprimée dans le fichier.")))
        if (valeurs.get("latitude") is None) != (valeurs.get("longitude") is None):
            trouvees.append(("latitude", _("Il faut la latitude et la longitude, ou aucune des deux.")))
        elif valeurs.get("latitude") is not None and not (
            -90 <= valeurs["latitude"] <= 90 and -180 <= valeurs["longitude"] <= 180
        ):
            trouvees.append(("latitude", _("Ce point n’est pas sur la Terre.")))
        for nom in ("publiee_le", "publie_le"):
            le = valeurs.get(nom)
            if le and le.jour > timezone.localdate():
                trouvees.append((nom, _("Cette date est à venir.")))
        if valeurs.get("publie_le") and valeurs["publie_le"].precision in {"annee", "mois"}:
            trouvees.append(("publie_le", _("Un commentaire se date au jour près : le fil suit l’ordre du temps.")))
        return [
            Defaut(rangee.numero, *_brut(self.regles.champs[nom], rangee.cellules), raison) for nom, raison in trouvees
        ]


def _brut(regle: Mapping, cellules: Mapping[str, str]) -> tuple[str, str]:
    """(name of the column or columns, text) of a field: one column, several put together, or a fixed value."""
    if "valeur" in regle:
        return "", regle["valeur"]
    if "colonne" in regle:
        return regle["colonne"], cellules[regle["colonne"]]
    morceaux = []
    for morceau in regle["colonnes"]:
        texte = cellules[morceau["colonne"]].strip()
        if texte and texte not in morceau.get("vides", ()):
            morceaux.append(f"{morceau.get('avant', '')}{texte}{morceau.get('apres', '')}")
    return ", ".join(m["colonne"] for m in regle["colonnes"]), regle.get("joindre", " ").join(morceaux)


def _borner(valeur: Any, nom: str, champ: Champ, regle: Mapping) -> Any:
    """Closed lists and lengths. A title is cut later, for its whole opens the text. Raises Refus."""
    if champ.valeurs and valeur is not None and valeur not in champ.valeurs:
        raise Refus(_("Cette valeur n’est pas possible ici. Au choix : %(v)s.") % {"v": ", ".join(champ.valeurs)})
    if not champ.longueur or not isinstance(valeur, str) or len(valeur) <= champ.longueur:
        return valeur
    if regle.get("trop_long") == "tronquer":
        return valeur if nom == "titre" else _tronque(valeur, champ.longueur)
    raise Refus(
        _("Ce texte est trop long : %(max)s caractères au plus, ici %(n)s.") % {"max": champ.longueur, "n": len(valeur)}
    )


def _tronque(texte: str, longueur: int) -> str:
    """Cut at a word, with the sign that it was."""
    if len(texte) <= longueur:
        return texte
    coupe = texte[: longueur - 1]
    return f"{coupe.rpartition(' ')[0] or coupe}…"
