"""What differs between two wordings of a draft, field by field, as people read it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communautes.models.ebauche import CONTENU
from socle.differences import Segment, segments_ecrits
from socle.templatetags.composants import ecrit_ici

LIBELLES = {
    "titre": gettext_lazy("Titre"),
    "texte": gettext_lazy("Texte"),
    "thematique": gettext_lazy("Thème"),
    "territoire": gettext_lazy("Commune ou quartier"),
    "lieu": gettext_lazy("Lieu"),
}


@dataclass(frozen=True)
class Difference:
    libelle: str
    segments: list[Segment]


def differences(avant, apres) -> list[Difference]:
    """Fields that differ from one wording to the next: an Ebauche, a VersionEbauche, or a dict of the same names."""
    a, b = _mots(avant), _mots(apres)
    return [_difference(nom, a[nom], b[nom]) for nom in CONTENU if a[nom] != b[nom]]


def _mots(redaction) -> dict[str, str]:
    lus = redaction if isinstance(redaction, dict) else {nom: getattr(redaction, nom) for nom in CONTENU}
    return {nom: str(lus[nom] or "") for nom in CONTENU}


def _difference(nom, avant, apres) -> Difference:
    if nom in {"titre", "texte", "lieu"}:
        return Difference(str(LIBELLES[nom]), segments_ecrits(avant, apres))
    if nom == "thematique":
        avant, apres = ecrit_ici(avant), ecrit_ici(apres)
    entiers = [Segment("ote", avant or _("(rien)")), Segment("ajoute", apres or _("(rien)"))]
    return Difference(str(LIBELLES[nom]), entiers)
