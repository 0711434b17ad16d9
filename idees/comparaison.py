"""What differs between two wordings of an idea, field by field, as people read it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees.models.versions import CONTENU
from socle.differences import Segment, segments_ecrits
from socle.templatetags.composants import ecrit_ici

#: Labels, in the order of the page; a place on the map is one thing.
LIBELLES = {
    "titre": gettext_lazy("Titre"),
    "texte": gettext_lazy("Texte"),
    "thematique": gettext_lazy("Thème"),
    "territoire": gettext_lazy("Commune ou quartier"),
    "lieu": gettext_lazy("Lieu"),
    "point": gettext_lazy("Point sur la carte"),
}


@dataclass(frozen=True)
class Difference:
    libelle: str
    segments: list[Segment]


def mots(redaction) -> dict:
    """The words of an Idee or of a Version, by field; a plain dict of the same names passes as it is."""
    lus = redaction if isinstance(redaction, dict) else {champ: getattr(redaction, champ) for champ in CONTENU}
    ecrits = {nom: str(lus[nom] or "") for nom in LIBELLES if nom != "point"}
    place = lus["latitude"] is not None and lus["longitude"] is not None
    return ecrits | {"point": f"{lus['latitude']:.5f} ; {lus['longitude']:.5f}" if place else ""}


def differences(avant, apres) -> list[Difference]:
    """Fields that differ from one wording to the next, each with its kept, removed and added words."""
    a, b = mots(avant), mots(apres)
    return [_difference(nom, a[nom], b[nom]) for nom in LIBELLES if a[nom] != b[nom]]


def _difference(nom, avant, apres) -> Difference:
    if nom in {"titre", "texte", "lieu"}:
        return Difference(str(LIBELLES[nom]), segments_ecrits(avant, apres))
    if nom == "thematique":
        avant, apres = ecrit_ici(avant), ecrit_ici(apres)
    entiers = [Segment("ote", avant or _("(rien)")), Segment("ajoute", apres or _("(rien)"))]
    return Difference(str(LIBELLES[nom]), entiers)
