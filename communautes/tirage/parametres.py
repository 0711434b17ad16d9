"""What is announced with the pool: seats, quotas, the public value to come, and how the lots were made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version

from communautes.tirage.quotas import Quota, Quotas

#: First line of what is hashed by the draw, and name of the files: another way of drawing has another name.
FORMAT = "estuaire-tirage-1"
#: How the lots are made. It matters to whoever wants to make them again, not to who verifies.
METHODE = "maximin-moities-1"
SOLVEUR = "highspy"
LOTS = 1000
LOTS_MAX = 100_000


@dataclass(frozen=True)
class Parametres:
    """`valeur_publique`: what will be read, where and by whom it is published; `connue_le`: when, with its time zone.

    `graine`: random seed of the preparation, drawn by whoever prepares (`secrets.randbits(63)`). It decides which lots are listed, not
    which one is drawn. `classes_vides`: a draw of replacements, whose pool may have lost everybody of a class.
    """

    titre: str
    places: int
    quotas: Quotas
    valeur_publique: str
    connue_le: datetime
    graine: int
    lots: int = LOTS
    classes_vides: bool = False
    format: str = FORMAT
    methode: str = METHODE
    solveur: str = SOLVEUR
    version_du_solveur: str = field(default_factory=lambda: version(SOLVEUR))

    def __post_init__(self) -> None:
        object.__setattr__(self, "quotas", {critere: dict(classes) for critere, classes in self.quotas.items()})
        if not 1 <= self.lots <= LOTS_MAX:
            raise ValueError(f"Il faut entre 1 et {LOTS_MAX} lots.")
        if not 0 <= self.graine < 2**63:
            raise ValueError("La graine est un nombre entre 0 et 2^63.")
        if self.connue_le.tzinfo is None:
            raise ValueError("Le moment où la valeur sera connue a un fuseau horaire.")

    @property
    def criteres(self) -> tuple[str, ...]:
        return tuple(self.quotas)


def en_objet(parametres: Parametres) -> dict[str, object]:
    """As `parametres.json` tells it, in this order."""
    return {
        "format": parametres.format,
        "titre": parametres.titre,
        "places": parametres.places,
        "lots": parametres.lots,
        "criteres": [
            {
                "nom": critere,
                "quotas": [
                    {"valeur": valeur, "min": quota.minimum, "max": quota.maximum} for valeur, quota in classes.items()
                ],
            }
            for critere, classes in parametres.quotas.items()
        ],
        "classes_vides": parametres.classes_vides,
        "valeur_publique": {"nom": parametres.valeur_publique, "connue_le": parametres.connue_le.isoformat()},
        "preparation": {
            "methode": parametres.methode,
            "solveur": parametres.solveur,
            "version": parametres.version_du_solveur,
            "graine": str(parametres.graine),
        },
    }


def d_un_objet(objet: Mapping) -> Parametres:
    """The contrary. Raises ValueError, KeyError or TypeError where something is missing or is not what it should be."""
    quotas: dict[str, dict[str, Quota]] = {}
    for critere in objet["criteres"]:
        classes = quotas.setdefault(_texte(critere["nom"]), {})
        for quota in critere["quotas"]:
            classes[_texte(quota["valeur"])] = Quota(_entier(quota["min"]), _entier(quota["max"]))
    preparation, publique = objet["preparation"], objet["valeur_publique"]
    return Parametres(
        titre=_texte(objet["titre"]),
        places=_entier(objet["places"]),
        quotas=quotas,
        valeur_publique=_texte(publique["nom"]),
        connue_le=datetime.fromisoformat(_texte(publique["connue_le"])),
        graine=int(_texte(preparation["graine"])),
        lots=_entier(objet["lots"]),
        classes_vides=bool(objet["classes_vides"]),
        format=_texte(objet["format"]),
        methode=_texte(preparation["methode"]),
        solveur=_texte(preparation["solveur"]),
        version_du_solveur=_texte(preparation["version"]),
    )


def _texte(valeur: object) -> str:
    if not isinstance(valeur, str):
        raise TypeError(f"« {valeur} » n'est pas un texte.")
    return valeur


def _entier(valeur: object) -> int:
    if not isinstance(valeur, int) or isinstance(valeur, bool):
        raise TypeError(f"« {valeur} » n'est pas un nombre entier.")
    return valeur
