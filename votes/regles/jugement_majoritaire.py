"""Majority judgment: each option gets a grade from everybody, the one with the best median grade comes first.

Source: M. Balinski and R. Laraki, « A theory of measuring, electing, and ranking », PNAS 104(21), 2007, and « Election by
majority judgment: experimental evidence » (Orsay, 22 April 2007), in *In Situ and Laboratory Experiments on Electoral
Law Reform*, Springer, 2011.

- *Majority grade*: the median; with an even number of grades, the lower of the two in the middle.
- *Majority gauge* (p, α±, q): p the share of better grades than the majority grade α, q the share of worse ones; the sign
  is + when p > q, − otherwise. α+ is ahead of α−; between two +, the greater p; between two −, the smaller q. (With an
  upper median, the sign is + when p = q as well: it is the mirror of the lower one.)
- *Iterated removal* (majority value): take one majority grade away from each of the equal options and compare the majority
  grades that are left, again and again. Only options with the very same grades remain equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from math import lcm

from votes.regles.depouillement import Depouillement, RegleInvalide
from votes.regles.egalites import AIDE_DES_PLACES, AIDE_DU_SORT, classer_groupes
from votes.regles.election import Election
from votes.regles.parametre import champ, verifier_choix

NOM = "jugement-majoritaire"

#: Grades, from the worst to the best.
ECHELLES: dict[str, tuple[str, ...]] = {
    # Budget participatif de Paris since 2021, as the city announced it.
    "paris": ("Je ne suis pas convaincu·e", "Pourquoi pas", "J'aime bien", "Coup de cœur"),
    "cinq": ("À rejeter", "Insuffisant", "Passable", "Bien", "Très bien"),
    # Orsay 2007.
    "six": ("À rejeter", "Insuffisant", "Passable", "Assez bien", "Bien", "Très bien"),
    "sept": ("À rejeter", "Insuffisant", "Passable", "Assez bien", "Bien", "Très bien", "Excellent"),
}

#: How many grades a scale may have. Scales that people vote with have four to seven, and one of 0 to 100 is the longest that
#: anybody proposes; each option holds a figure for each grade, so that one slip of the keyboard would fill the memory.
MENTIONS_MAX = 1000

JAUGE, RETRAIT, JAUGE_PUIS_RETRAIT = "jauge", "retrait", "jauge-puis-retrait"


@dataclass(frozen=True)
class Parametres:
    """All that the published rule says. Raises RegleInvalide."""

    places: int = champ(0, AIDE_DES_PLACES)
    mentions: tuple[str, ...] = champ(
        (), f"Les mentions, de la pire à la meilleure, ou le nom d'une échelle connue : {', '.join(ECHELLES)}."
    )
    blanc: str = champ(
        "pire",
        "Une option sans mention sur un bulletin. pire : elle y reçoit la pire mention ; ignore : ce bulletin ne la juge pas.",
        choix=("pire", "ignore"),
    )
    bulletins_blancs: str = champ(
        "comptes",
        "Un bulletin sans aucune mention. comptes : chaque option y est sans mention ; exclus : il ne juge personne.",
        choix=("comptes", "exclus"),
    )
    mediane: str = champ(
        "basse",
        "Avec un nombre pair de mentions, celle du milieu. basse : la moins bonne des deux ; haute : la meilleure.",
        choix=("basse", "haute"),
    )
    departage: str = champ(
        JAUGE_PUIS_RETRAIT,
        "À mention majoritaire égale. jauge : la part de celles qui jugent mieux ou moins bien ; retrait : on retire une "
        "mention majoritaire à chacune et on recommence ; jauge-puis-retrait : la jauge, puis le retrait là où elle est égale.",
        choix=(JAUGE, RETRAIT, JAUGE_PUIS_RETRAIT),
    )
    ordre_du_sort: tuple[str, ...] = champ((), AIDE_DU_SORT)

    def __post_init__(self):
        verifier_choix(self)
        if len(self.mentions) == 1:
            if self.mentions[0] not in ECHELLES:
                raise RegleInvalide(
                    f"« {self.mentions[0]} » n'est pas une échelle connue ({', '.join(ECHELLES)}), et une seule mention ne juge rien."
                )
            object.__setattr__(self, "mentions", ECHELLES[self.mentions[0]])


@dataclass(frozen=True)
class Jauge:
    """Majority gauge of one option: its grade (0 for the worst), the number of better and of worse grades, of all grades.

    `signe`: 1 for α+, -1 for α−.
    """

    mention: int
    mieux: int
    moins: int
    total: int
    signe: int

    def cle(self, commun: int) -> tuple[int, int, int]:
        """What gauges are compared by, the greatest first; `commun`: a multiple of all the totals that are compared."""
        part = self.mieux if self.signe > 0 else -self.moins
        return self.mention, self.signe, part * (commun // self.total)


def compter(election: Election, parametres: Parametres) -> Depouillement:
    """Count. `totaux`: the majority grade of each option, 0 for the worst.

    `mesures`: mentions (labels, or numbers when none was given), profils ({key: ballots for each grade, the worst first}), jauges
    ({key: {mention, mieux, moins, signe, total}}, in ballots), mediane, votantes, blancs (ballots).
    `egalites`: equal majority gauges, and whether removal or the lot decided. Raises RegleInvalide when grades and labels
    do not agree.
    """
    nombre = _nombre_de_mentions(election, parametres)
    profils = profils_de_merite(election, nombre, blanc=parametres.blanc, bulletins_blancs=parametres.bulletins_blancs)
    juges = [profil if any(profil) else [1] + [0] * (nombre - 1) for profil in profils]
    jauges = [jauge(profil, mediane=parametres.mediane) for profil in juges]
    groupes, par_retrait = _grouper(juges, jauges, parametres)
    classement = classer_groupes(election, groupes, parametres.ordre_du_sort)
    cles = [option.cle for option in election.options]
    decidees = [
        {"options": [cles[place] for place in egales], "decidee_par": RETRAIT}
        for egales in par_retrait
        if len(egales) > 1
    ]
    return Depouillement(
        regle=NOM,
        retenues=classement.retenues(election, parametres.places),
        totaux=dict(election.par_cle([une.mention for une in jauges])),
        classement=classement.cles(election),
        egalites=(*decidees, *classement.egalites),
        mesures={
            "mentions": list(parametres.mentions) or list(range(nombre)),
            "profils": dict(election.par_cle(profils)),
            "jauges": {
                cle: {
                    "mention": une.mention,
                    "mieux": une.mieux,
                    "moins": une.moins,
                    "signe": "+" if une.signe > 0 else "-",
                    "total": une.total,
                }
                for cle, une in zip(cles, jauges, strict=True)
            },
            "mediane": parametres.mediane,
            "votantes": election.votantes,
            "blancs": election.blancs,
        },
    )


def _nombre_de_mentions(election: Election, parametres: Parametres) -> int:
    """How many grades there are: as many as labels, else as the election says, else up to the best one given (two at least)."""
    meilleure = max((valeur for bulletin in election.bulletins for _, valeur in bulletin.notes), default=0)
    nombre = len(parametres.mentions) or election.mentions or max(meilleure + 1, 2)
    if nombre > MENTIONS_MAX:
        raise RegleInvalide(f"Il y aurait {nombre} mentions : {MENTIONS_MAX} au plus se comptent.")
    if election.mentions and nombre != election.mentions:
        raise RegleInvalide(f"La règle nomme {nombre} mentions, les bulletins en ont {election.mentions}.")
    if meilleure >= nombre:
        raise RegleInvalide(f"Un bulletin donne la mention {meilleure}, la meilleure est {nombre - 1} (0 est la pire).")
    return nombre


def profils_de_merite(election: Election, nombre: int, *, blanc: str, bulletins_blancs: str) -> list[list[int]]:
    """For each option, how many ballots give it each grade, the worst first. Raises RegleInvalide for a grade below 0."""
    profils = [[0] * nombre for _ in election.options]
    juges = 0
    for bulletin in election.bulletins:
        if bulletin.notes or bulletins_blancs == "comptes":
            juges += bulletin.poids
        for place, valeur in bulletin.notes:
            if valeur < 0:
                raise RegleInvalide(f"Un bulletin donne la mention {valeur}, la pire est 0.")
            profils[place][valeur] += bulletin.poids
    if blanc == "pire":
        for profil in profils:
            profil[0] += juges - sum(profil)
    return profils


def jauge(profil: Sequence[int], *, mediane: str) -> Jauge:
    """The majority gauge of a profile (ballots for each grade, the worst first, one at least)."""
    total = sum(profil)
    rang = (total - 1) // 2 if mediane == "basse" else total // 2
    mention = next(valeur for valeur, passes in enumerate(accumulate(profil)) if passes > rang)
    mieux, moins = sum(profil[mention + 1 :]), sum(profil[:mention])
    # With as many above as below, the next grade that removal reads is below a lower median, above an upper one.
    signe = 1 if mieux > moins or (mieux == moins and mediane == "haute") else -1
    return Jauge(mention, mieux, moins, total, signe)


def _grouper(
    profils: Sequence[Sequence[int]], jauges: Sequence[Jauge], parametres: Parametres
) -> tuple[list[list[int]], list[list[int]]]:
    """Places of the options, equal ones together, best first; and those that removal has separated, together."""
    commun = lcm(*(une.total for une in jauges)) if jauges else 1
    par_mention = parametres.departage == RETRAIT
    premiere = {place: (une.mention, 0, 0) if par_mention else une.cle(commun) for place, une in enumerate(jauges)}
    groupes: list[list[int]] = []
    par_retrait: list[list[int]] = []
    places = sorted(premiere, key=premiere.__getitem__, reverse=True)
    for _, meme in groupby(places, key=premiere.__getitem__):
        egales = list(meme)
        if len(egales) == 1 or parametres.departage == JAUGE:
            groupes.append(egales)
            continue
        fines = classer_par_retrait([profils[place] for place in egales], mediane=parametres.mediane)
        groupes += [[egales[rang] for rang in groupe] for groupe in fines]
        if len(fines) > 1:
            par_retrait.append([egales[rang] for groupe in fines for rang in groupe])
    return groupes, par_retrait


def classer_par_retrait(profils: Sequence[Sequence[int]], *, mediane: str) -> list[list[int]]:
    """Indexes of these profiles by iterated removal of the majority grade, best first, those alike together.

    Removing medians one by one reads the sorted grades from their middle outwards, one step down and one step up in turn.
    What is read changes only where one of the profiles passes to another grade: it is compared there, and nowhere
    else, so that 130,000 ballots cost no more than ten. Profiles of unlike totals are first brought to the same one.
    """
    commun = lcm(*(sum(profil) for profil in profils))
    cumuls = [list(accumulate(nombre * (commun // sum(profil)) for nombre in profil)) for profil in profils]
    # Sorted grades are at ranks 0 to commun - 1. Step t reads ranks bas - t and haut + t; which first depends on the median.
    bas = commun // 2 - (0 if mediane == "haute" and commun % 2 else 1)
    haut = bas + 1
    bas_premier = (mediane == "basse") == (commun % 2 == 0)
    pas_du_bas = {bas - fin + 1 for cumul in cumuls for fin in cumul if fin <= bas}
    pas_du_haut = {fin - haut for cumul in cumuls for fin in cumul if fin > haut}
    pas = sorted({0} | pas_du_bas | pas_du_haut)

    def lue(cumul: list[int]) -> tuple[int, ...]:
        lues = []
        for t in pas:
            dessous = _mention_au_rang(cumul, bas - t)
            dessus = _mention_au_rang(cumul, haut + t)
            lues += [dessous, dessus] if bas_premier else [dessus, dessous]
        return tuple(lues)

    lectures = [lue(cumul) for cumul in cumuls]
    rangs = sorted(range(len(profils)), key=lectures.__getitem__, reverse=True)
    return [list(groupe) for _, groupe in groupby(rangs, key=lectures.__getitem__)]


def _mention_au_rang(cumul: list[int], rang: int) -> int:
    """Grade of this rank in the sorted grades; -1 beyond their ends, the same for all."""
    if not 0 <= rang < cumul[-1]:
        return -1
    return next(valeur for valeur, passes in enumerate(cumul) if passes > rang)
