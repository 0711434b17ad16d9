"""French words, for every search of the house: the same stems on both databases. Pure functions of texts.

A stem is unaccented, so that « vélos », « Velo » and « vélo » are one word whoever types it, on whatever keyboard.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, takewhile

import snowballstemmer
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGUEUR_MAX = 6_000  # characters of a text that are read; what people may write is shorter
MOTS_MAX = 40  # words of a query that count; the rest adds nothing but time
LONGUEUR_MOT = 40  # letters kept of one word
TETE = 5  # letters that « cyclable », « cycliste » and « cyclisme » share
#: A stem of that many letters is also found at the start of a longer word (« biblio » finds « bibliothèque »).
PREFIXE_MIN = 4
EXTRAIT = 160  # characters of an excerpt

_MOT = re.compile(r"[^\W_]+")
_RACINISEUR = threading.local()  # the stemmer keeps the word at hand in itself: one per thread

#: Words that say nothing of the subject, without accents: articles, pronouns, auxiliaries, and how ideas begin.
VIDES = frozenset(
    """
    a afin ai ainsi alors apres as au aucun aucune aura aussi autant autre autres aux avait avant avec avez avoir avons c car ce ceci
    cela celle celles celui ces cet cette ceux chaque chez ci comme comment d dans de des deja depuis dessous dessus deux
    doit doivent donc dont du elle elles en encore enfin entre es est et etaient etait etant etc ete etes etre eu eux fait
    faire faudrait faut font hors ici il ils j je jusqu jusque l la le les leur leurs lors lorsque lui m ma mais me meme
    memes merci mes moi moins mon n ne ni nos notre nous on ont ou par parce pas pendant peu peut peuvent plus plutot pour
    pourquoi pourrait qu quand que quel quelle quelles quels qui quoi rien s sa sans se sera serait seront ses seulement si
    sinon soi soit sommes son sont sous suis sur t ta tant te tel telle tels tes toi ton tous tout toute toutes tres trop tu un une vers
    voici voila vos votre vous y
    bonjour idee idees propose proposer proposition souhaite souhaiterais voudrais voudrait
    """.split()  # noqa: SIM905  a text is easier to read than 150 quotes
)


def sans_accent(texte: str) -> str:
    """Lower case, without accents nor ligatures: « Cœur d’Été » gives « coeur d’ete »."""
    texte = texte.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))


def texte_nu(texte: str) -> str:
    """The words of a text and nothing else, unaccented, one space between: what trigrams are made of."""
    return " ".join(_MOT.findall(sans_accent(texte[:LONGUEUR_MAX])))


def racines(texte: str) -> list[str]:
    """The stems of a text in their order, with repetitions, without the words that say nothing."""
    return [racine for _debut, _fin, racine in _mots(unicodedata.normalize("NFC", texte[:LONGUEUR_MAX]))]


def racines_cherchees(texte: str) -> list[str]:
    """The stems of a query, each once, at most MOTS_MAX."""
    return list(dict.fromkeys(racines(texte)))[:MOTS_MAX]


def se_retrouve(cherchee: str, racine: str) -> bool:
    """Does a stem of a query find this stem of a text? By its start too, when it is long enough to mean something."""
    return racine == cherchee or (len(cherchee) >= PREFIXE_MIN and racine.startswith(cherchee))


def tetes(racines: list[str]) -> list[str]:
    """The beginnings of stems: what words of one family share, where a stem still tells them apart."""
    return [racine[:TETE] for racine in racines]


def trigrammes(texte_nu: str) -> frozenset[str]:
    """The trigrams of unaccented words, each framed by spaces as PostgreSQL's pg_trgm does: two before, one after."""
    cadres = (f"  {mot} " for mot in texte_nu.split())
    return frozenset(cadre[n : n + 3] for cadre in cadres for n in range(len(cadre) - 2))


def extrait(texte: str, cherche: str, longueur: int = EXTRAIT) -> SafeString:
    """Safe HTML: the passage of the original text where most of the searched words stand together, each in `<mark>`.

    Without any of them, the beginning of the text. Accents, capitals and endings do not count.
    """
    texte = unicodedata.normalize("NFC", " ".join(texte[:LONGUEUR_MAX].split()))
    cherchees = racines_cherchees(cherche)
    trouves = [
        (debut, fin, racine)
        for debut, fin, racine in _mots(texte)
        if any(se_retrouve(cherchee, racine) for cherchee in cherchees)
    ]
    debut, fin = _fenetre(texte, trouves, longueur)
    morceaux = ["… "] if debut else []
    ici = debut
    for depart, arrivee, _racine in trouves:
        if debut <= depart and arrivee <= fin:
            morceaux += [escape(texte[ici:depart]), "<mark>", escape(texte[depart:arrivee]), "</mark>"]
            ici = arrivee
    morceaux += [escape(texte[ici:fin]), " …" if fin < len(texte) else ""]
    return mark_safe("".join(morceaux))


def _fenetre(texte: str, trouves: list, longueur: int) -> tuple[int, int]:
    """Where the excerpt begins and ends, on whole words: the first window with the most different words."""
    if len(texte) <= longueur:
        return 0, len(texte)
    debut, meilleur = 0, 0
    for rang, (depart, _fin, _racine) in enumerate(trouves):
        differents = len(_racines_avant(depart + longueur * 3 // 4, islice(trouves, rang, None)))
        if differents > meilleur:
            debut, meilleur = depart, differents
    debut = max(0, min(debut - longueur // 4, len(texte) - longueur))
    if debut:
        espace = texte.find(" ", debut, debut + LONGUEUR_MOT)
        debut = espace + 1 if espace >= 0 else debut
    fin = min(len(texte), debut + longueur)
    if fin < len(texte):
        espace = texte.rfind(" ", max(debut, fin - LONGUEUR_MOT), fin)
        fin = espace if espace > debut else fin
    return debut, fin


def _racines_avant(borne: int, trouves: Iterator[tuple[int, int, str]]) -> set[str]:
    return {racine for _debut, _fin, racine in takewhile(lambda mot: mot[1] <= borne, trouves)}


def _mots(texte: str) -> Iterator[tuple[int, int, str]]:
    """Each word that counts: where it begins and ends, and its stem. The text is in composed form (NFC)."""
    for trouve in _MOT.finditer(texte):
        if racine := _racine(trouve.group().lower()[:LONGUEUR_MOT]):
            yield trouve.start(), trouve.end(), racine


@lru_cache(maxsize=50_000)
def _racine(mot: str) -> str:
    """Stem of one lower-case word; "" when it says nothing. Snowball reads accents, so they fall afterwards.

    It keeps the plural of « vélos » and « travaux »: cut here, on words that are long enough.
    """
    nu = sans_accent(mot)
    if nu in VIDES or (len(nu) == 1 and not nu.isdigit()):
        return ""
    if not hasattr(_RACINISEUR, "francais"):
        _RACINISEUR.francais = snowballstemmer.stemmer("french")
    racine = sans_accent(_RACINISEUR.francais.stemWord(mot)).lower()
    return racine[:-1] if len(racine) > PREFIXE_MIN and racine[-1] in "sx" else racine


def ordre_naturel(texte: str) -> list[int | str]:
    """Key that sorts « quartier 2 » before « quartier 10 »: words and numbers alternate, a word first, so that two keys compare."""
    return [int(morceau) if rang % 2 else morceau for rang, morceau in enumerate(re.split(r"([0-9]+)", texte))]
