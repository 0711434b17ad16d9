"""What changed between two texts, word by word, for people to read."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from socle.templatetags.composants import ecrit_ici

#: A word, a mark, or what stands between them: joined, they are the text again.
MORCEAUX = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Segment:
    """A run of words. `genre`: garde, ote or ajoute."""

    genre: str
    texte: str


def segments(avant: str, apres: str) -> list[Segment]:
    """`avant` is the kept and removed runs joined, `apres` the kept and added ones (line breaks made alike).

    difflib's own heuristic for popular elements stays on: it bounds the time that a malicious text may take.
    """
    a, b = (MORCEAUX.findall(texte.replace("\r\n", "\n")) for texte in (avant, apres))
    trouves: list[Segment] = []
    ote = ajoute = ""
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, a, b).get_opcodes():
        if operation != "equal":
            ote, ajoute = ote + "".join(a[i1:i2]), ajoute + "".join(b[j1:j2])
            continue
        garde = "".join(a[i1:i2])
        if garde.isspace() and (ote or ajoute) and i2 < len(a) and j2 < len(b):
            # A lone space between two changes: one longer change reads better than two.
            ote, ajoute = ote + garde, ajoute + garde
            continue
        trouves += [*_change(ote, ajoute), Segment("garde", garde)]
        ote = ajoute = ""
    return trouves + _change(ote, ajoute)


def segments_ecrits(avant: str, apres: str) -> list[Segment]:
    """The same for a page: each run says that it is written in the language of the site."""
    return [Segment(segment.genre, ecrit_ici(segment.texte)) for segment in segments(avant, apres)]


def _change(ote: str, ajoute: str) -> list[Segment]:
    return [Segment(genre, texte) for genre, texte in (("ote", ote), ("ajoute", ajoute)) if texte]
