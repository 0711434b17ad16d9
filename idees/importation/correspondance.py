"""A mapping: which column of the file goes to which field, read how. Closed lists on both sides, checked before any line.

There is no field for a person. Names and pseudonyms of another platform are not taken over: nobody gets an account, or
words under her name, that she did not ask for.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees.importation.conversions import CONVERSIONS, FORMATS_DE_DATE
from idees.importation.lecture import SEPARATEURS

MODELES = Path(__file__).parent / "modeles"
VERSION = 1
TAILLE_MAX = 100_000  # characters of its JSON
TABLE_MAX = 500  # values
MORCEAUX_MAX = 5  # columns put together

#: States an idea may arrive in. Not « à l’étude »: a study owes an answer at a date, so it begins here, by its own step.
ETATS = ("publiee", "retenue", "non_retenue", "en_realisation", "realisee")
POSITIONS = ("pour", "contre", "neutre")
SUR = ("idee", "commentaire")


@dataclass(frozen=True)
class Champ:
    """A field that a file may fill. `conversions`: the first is the usual one."""

    libelle: str | Promise
    conversions: tuple[str, ...]
    obligatoire: bool = False
    longueur: int = 0
    valeurs: tuple[str, ...] = ()


def _fait(libelle) -> Champ:
    return Champ(libelle, ("date",))


#: Facts of the life of an idea, in the order in which they usually happen.
FAITS = ("vote", "etudes", "procedure", "travaux", "livraison", "ouverture")
CHAMPS: dict[str, dict[str, Champ]] = {
    "idees": {
        "cle": Champ(gettext_lazy("Identifiant d’origine"), ("texte",), True, 100),
        "titre": Champ(gettext_lazy("Titre"), ("texte", "html"), True, 120),
        "texte": Champ(gettext_lazy("Description"), ("paragraphes", "html"), True, 50_000),
        "etat": Champ(gettext_lazy("État"), ("liste",), True, valeurs=ETATS),
        "publiee_le": Champ(gettext_lazy("Date de publication"), ("date",), True),
        "thematique": Champ(gettext_lazy("Thème"), ("theme",)),
        "territoire": Champ(gettext_lazy("Commune ou quartier"), ("territoire",)),
        "lieu": Champ(gettext_lazy("Lieu, en mots"), ("texte",), longueur=200),
        "latitude": Champ(gettext_lazy("Latitude"), ("nombre",)),
        "longitude": Champ(gettext_lazy("Longitude"), ("nombre",)),
        "soutiens": Champ(gettext_lazy("Nombre de soutiens"), ("entier",)),
        "contre": Champ(gettext_lazy("Nombre de votes contre"), ("entier",)),
        "mitiges": Champ(gettext_lazy("Nombre de votes mitigés"), ("entier",)),
        "adresse": Champ(gettext_lazy("Adresse de la page d’origine"), ("adresse",), longueur=500),
        "etat_origine": Champ(gettext_lazy("État, dans les mots d’origine"), ("texte",), longueur=100),
        "edition": Champ(gettext_lazy("Édition"), ("texte",), longueur=40),
        "direction": Champ(gettext_lazy("Direction qui pilote"), ("texte",), longueur=200),
        "cout": Champ(gettext_lazy("Coût, en euros"), ("montant",)),
        "vote_le": _fait(gettext_lazy("Gagnée au vote")),
        "etudes_le": _fait(gettext_lazy("Début des études")),
        "procedure_le": _fait(gettext_lazy("Lancement de la procédure")),
        "travaux_le": _fait(gettext_lazy("Début des travaux")),
        "livraison_le": _fait(gettext_lazy("Livraison")),
        "ouverture_le": _fait(gettext_lazy("Ouverture au public")),
        "ecartee": Champ(gettext_lazy("Ligne à laisser de côté (supprimée là-bas)"), ("booleen",)),
    },
    "commentaires": {
        "cle": Champ(gettext_lazy("Identifiant d’origine"), ("texte",), True, 100),
        "texte": Champ(gettext_lazy("Commentaire"), ("paragraphes", "html"), True, 3000),
        "sur": Champ(gettext_lazy("Identifiant de ce qui est commenté"), ("texte",), True, 100),
        "publie_le": Champ(gettext_lazy("Date"), ("date",), True),
        "sur_genre": Champ(gettext_lazy("Porte sur une idée, ou répond à un commentaire"), ("liste",), valeurs=SUR),
        "adresse_idee": Champ(gettext_lazy("Adresse de l’idée commentée"), ("adresse",), longueur=500),
        "position": Champ(gettext_lazy("Position"), ("liste",), valeurs=POSITIONS),
        "accords": Champ(gettext_lazy("Nombre de personnes d’accord"), ("entier",)),
        "ecartee": Champ(gettext_lazy("Ligne à laisser de côté (supprimée là-bas)"), ("booleen",)),
    },
}  # fmt: skip

CLES = {"version", "genre", "source", "separateur", "champs"}
CLES_SOURCE = {"code", "nom", "adresse", "licence"}
CLES_REGLE = {
    "colonne", "colonnes", "joindre", "valeur", "conversion", "vides", "table", "inconnu", "creer", "formats", "trop_long",
    "acquis_si",
}  # fmt: skip
CLES_MORCEAU = {"colonne", "avant", "apres", "vides"}


class CorrespondanceInvalide(Exception):
    """`defauts`: one sentence for each thing to mend."""

    def __init__(self, defauts: list[str]):
        super().__init__(" ".join(defauts))
        self.defauts = defauts


@dataclass(frozen=True)
class Regles:
    """A mapping that holds."""

    brut: dict[str, Any]

    @classmethod
    def lire(cls, brut: object) -> "Regles":
        """Raises CorrespondanceInvalide."""
        defauts = list(_defauts(brut))
        if defauts:
            raise CorrespondanceInvalide(defauts)
        assert isinstance(brut, dict)  # noqa: S101 # told to the type checker: `_defauts` has looked
        return cls(brut)

    @property
    def genre(self) -> str:
        return self.brut["genre"]

    @property
    def source(self) -> str:
        return self.brut["source"]["code"]

    @property
    def source_nom(self) -> str:
        return self.brut["source"]["nom"]

    @property
    def champs(self) -> dict[str, dict]:
        return self.brut["champs"]

    @property
    def separateur(self) -> str:
        return self.brut.get("separateur", "")

    def colonnes(self) -> set[str]:
        """Every column that it reads."""
        return {colonne for regle in self.champs.values() for colonne in colonnes_de(regle)}

    def verifier_les_colonnes(self, presentes) -> None:
        """Raises CorrespondanceInvalide when the file lacks a column that it reads."""
        absentes = sorted(self.colonnes() - set(presentes))
        if absentes:
            raise CorrespondanceInvalide(
                [_("Le fichier n’a pas de colonne « %(nom)s ».") % {"nom": nom} for nom in absentes]
            )


def colonnes_de(regle: Mapping) -> list[str]:
    lues = [morceau["colonne"] for morceau in regle.get("colonnes", [])]
    if "colonne" in regle:
        lues.append(regle["colonne"])
    if "acquis_si" in regle:
        lues.append(regle["acquis_si"]["colonne"])
    return lues


def conversion_de(genre: str, nom: str, regle: Mapping) -> str:
    return regle.get("conversion") or CHAMPS[genre][nom].conversions[0]


# --- Checks ------------------------------------------------------------------------------------------------------


def _defauts(brut: object) -> Iterator[str]:
    if not isinstance(brut, dict) or len(json.dumps(brut, default=str)) > TAILLE_MAX:
        yield _("La correspondance doit être un objet JSON, de taille raisonnable.")
        return
    yield from _inconnues(brut, CLES, _("la correspondance"))
    if brut.get("version") != VERSION:
        yield _("La version de la correspondance doit être %(n)s.") % {"n": VERSION}
    if brut.get("separateur", "") not in ("", *SEPARATEURS):
        yield _("Le séparateur de colonnes n’est pas connu.")
    yield from _defauts_de_source(brut.get("source"))
    genre, champs = brut.get("genre"), brut.get("champs")
    if not isinstance(genre, str) or genre not in CHAMPS:
        yield _("Le contenu doit être « idees » ou « commentaires ».")
        return
    if not isinstance(champs, dict):
        yield _("« champs » doit dire où va chaque colonne.")
        return
    yield from _defauts_des_champs(CHAMPS[genre], champs)


def _defauts_des_champs(connus: dict[str, Champ], champs: dict) -> Iterator[str]:
    for nom, champ in connus.items():
        if champ.obligatoire and nom not in champs:
            yield _("Le champ « %(champ)s » est obligatoire : choisissez sa colonne.") % {"champ": champ.libelle}
    for nom, regle in champs.items():
        if nom not in connus:
            yield _("« %(nom)s » n’est pas un champ que l’on peut reprendre.") % {"nom": nom}
        elif not isinstance(regle, dict):
            yield _("La règle du champ « %(champ)s » est illisible.") % {"champ": connus[nom].libelle}
        else:
            yield from _defauts_de_regle(connus[nom], regle)


def _inconnues(objet: Mapping, permises: set[str], ou: str) -> Iterator[str]:
    for cle in sorted(map(str, set(objet) - permises)):
        yield _("« %(cle)s » n’a pas de sens dans %(ou)s.") % {"cle": cle, "ou": ou}


def _defauts_de_source(source: object) -> Iterator[str]:
    if not isinstance(source, dict):
        yield _("Dites d’où viennent les données : un code et un nom.")
        return
    yield from _inconnues(source, CLES_SOURCE, _("la source"))
    if not all(isinstance(valeur, str) and len(valeur) <= 200 for valeur in source.values()):
        yield _("La source se décrit avec des textes courts.")
    elif not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", source.get("code", "")):
        yield _("Le code de la source s’écrit en minuscules, chiffres et tirets.")
    elif not source.get("nom", "").strip():
        yield _("Donnez le nom de la source, tel que tout le monde le lira.")
    elif source.get("adresse") and not re.fullmatch(r"https?://[^\s<>\"']+", source["adresse"]):
        yield _("L’adresse de la source n’est pas une adresse du web.")


def _defauts_de_regle(champ: Champ, regle: dict) -> Iterator[str]:
    ou = _("le champ « %(champ)s »") % {"champ": champ.libelle}
    yield from _inconnues(regle, CLES_REGLE, ou)
    if sum(cle in regle for cle in ("colonne", "colonnes", "valeur")) != 1:
        yield _("Pour %(ou)s, choisissez une colonne ou une valeur.") % {"ou": ou}
    if not _est_bien_typee(regle):
        yield _("La règle pour %(ou)s est mal écrite.") % {"ou": ou}
        return
    conversion = regle.get("conversion", champ.conversions[0])
    if conversion not in champ.conversions or conversion not in CONVERSIONS:
        yield _("« %(nom)s » n’est pas une conversion possible pour %(ou)s.") % {"nom": conversion, "ou": ou}
    for nom in regle.get("formats", []):
        if nom not in FORMATS_DE_DATE:
            yield _("« %(nom)s » n’est pas un format de date connu.") % {"nom": nom}
    if champ.valeurs:
        fixe = [regle["valeur"]] if "valeur" in regle and "table" not in regle else []
        for valeur in [*fixe, *regle.get("table", {}).values()]:
            if valeur not in champ.valeurs:
                yield _("« %(valeur)s » n’est pas possible pour %(ou)s. Au choix : %(possibles)s.") % {
                    "valeur": valeur,
                    "ou": ou,
                    "possibles": ", ".join(champ.valeurs),
                }


def _est_bien_typee(regle: dict) -> bool:
    """Every part of a rule has the shape that the engine reads without looking again."""
    textes = all(isinstance(regle.get(cle, ""), str) for cle in ("colonne", "joindre", "valeur", "conversion"))
    fermees = regle.get("inconnu", "refuser") in ("refuser", "ignorer") and regle.get("trop_long", "refuser") in (
        "refuser",
        "tronquer",
    )
    listes = all(_est_liste_de_textes(regle.get(cle, [])) for cle in ("vides", "formats"))
    return (
        textes
        and fermees
        and listes
        and isinstance(regle.get("creer", False), bool)
        and _est_table(regle.get("table", {}))
        and _sont_des_morceaux(regle.get("colonnes", [{"colonne": ""}]))
        and _est_condition(regle.get("acquis_si", {"colonne": "", "valeurs": []}))
    )


def _est_liste_de_textes(valeur: object) -> bool:
    return isinstance(valeur, list) and len(valeur) <= TABLE_MAX and all(isinstance(v, str) for v in valeur)


def _est_table(valeur: object) -> bool:
    return isinstance(valeur, dict) and len(valeur) <= TABLE_MAX and all(isinstance(v, str) for v in valeur.values())


def _sont_des_morceaux(valeur: object) -> bool:
    return (
        isinstance(valeur, list)
        and 0 < len(valeur) <= MORCEAUX_MAX
        and all(
            isinstance(m, dict)
            and not set(m) - CLES_MORCEAU
            and isinstance(m.get("colonne"), str)
            and all(isinstance(m.get(cle, ""), str) for cle in ("avant", "apres"))
            and _est_liste_de_textes(m.get("vides", []))
            for m in valeur
        )
    )


def _est_condition(valeur: object) -> bool:
    return (
        isinstance(valeur, dict)
        and set(valeur) == {"colonne", "valeurs"}
        and isinstance(valeur["colonne"], str)
        and _est_liste_de_textes(valeur["valeurs"])
    )


# --- Shipped mappings --------------------------------------------------------------------------------------------


@cache
def modeles() -> dict[str, dict]:
    """Mappings that come with the platform, by name."""
    return {chemin.stem: json.loads(chemin.read_text(encoding="utf-8")) for chemin in sorted(MODELES.glob("*.json"))}
