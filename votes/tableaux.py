"""The proclaimed result as pages show it: every picture with the figures that it is drawn from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from votes.explications import decision
from votes.models import Option, Scrutin
from votes.resultats import nom_de_la_regle


def pourcent(nombre: float, total: float) -> float:
    return round(100 * nombre / total, 1) if total else 0.0


@dataclass(frozen=True)
class Ligne:
    """One option in the list of results. `part` in percent of the greatest total, for the bar."""

    option: Option
    rang: int
    total: Any
    part: float
    est_elue: bool

    @property
    def cle(self) -> str:
        return self.option.cle


@dataclass(frozen=True)
class Profil:
    """Grades that one option received: (label, ballots, percent, tint), the best first; `mention`: its majority grade."""

    option: Option
    mention: str
    parts: list[dict[str, Any]]


@dataclass(frozen=True)
class Depense:
    """Money of one place or category: `cout` in cents, `part` in percent of what is spent."""

    nom: str
    projets: int
    cout: int
    part: float


@dataclass
class Partie:
    """One envelope of the result."""

    nom: str
    budget: int | None
    bulletins: int
    blancs: int
    cout: int | None
    dotation: str
    lignes: list[Ligne]
    elues: list[Ligne]
    egalites: list[str]
    profils: list[Profil] = field(default_factory=list)
    duels: list[tuple[Option, list[int | None]]] = field(default_factory=list)
    tours: list[dict[str, Any]] = field(default_factory=list)
    calendrier: list[tuple[str, list[Option]]] = field(default_factory=list)
    par_lieu: list[Depense] = field(default_factory=list)
    par_categorie: list[Depense] = field(default_factory=list)
    autres: list[dict[str, Any]] = field(default_factory=list)
    laissees: Mapping[str, Any] = field(default_factory=dict)
    mesures: Mapping[str, Any] = field(default_factory=dict)
    #: Of a vote by yes or no: what the rule asks, and what it gives.
    decision: str = ""
    retirees: list[Option] = field(default_factory=list)

    @property
    def reste(self) -> int | None:
        return None if self.budget is None or self.cout is None else self.budget - self.cout


def parties(scrutin: Scrutin, resultat: Mapping[str, Any]) -> list[Partie]:
    """Every envelope. One query, for the options."""
    options = {option.cle: option for option in scrutin.options.select_related("territoire", "projet")}
    for option in options.values():
        option.scrutin = scrutin
    return [_partie(scrutin, brute, options) for brute in resultat["enveloppes"]]


def _partie(scrutin: Scrutin, brute: Mapping[str, Any], options: dict[str, Option]) -> Partie:
    lignes = _lignes(scrutin, brute, options)
    elues = {ligne.cle: ligne for ligne in lignes if ligne.est_elue}
    partie = Partie(
        nom=brute["enveloppe"],
        budget=brute["budget"],
        bulletins=brute["bulletins"],
        blancs=brute["blancs"],
        cout=brute["cout"],
        dotation=brute["dotation"] or "",
        lignes=lignes,
        elues=[elues[cle] for cle in brute["elues"] if cle in elues],
        egalites=[_egalite(egalite, options) for egalite in brute["egalites"]],
        mesures=brute["mesures"],
        # Results counted before this was written down do not say it.
        retirees=[options[cle] for cle in brute.get("retirees", ())],
    )
    if scrutin.regle == Scrutin.Regle.JUGEMENT_MAJORITAIRE:
        partie.profils = _profils(brute["mesures"], lignes)
    elif scrutin.regle == Scrutin.Regle.OUI_NON:
        partie.decision = decision(scrutin, brute)
    elif scrutin.regle == Scrutin.Regle.SCHULZE:
        partie.duels = _duels(brute["mesures"], lignes)
    elif scrutin.regle == Scrutin.Regle.VOTE_ALTERNATIF:
        partie.tours = _tours(brute["tours"], options)
    elif scrutin.regle == Scrutin.Regle.PRIORITES:
        partie.calendrier = [
            (moment, [options[cle] for cle in cles]) for moment, cles in brute["mesures"]["calendrier"].items()
        ]
    if scrutin.depense:
        retenues = [options[cle] for cle in brute["retenues"]]
        partie.par_lieu = _depenses(retenues, lambda o: str(o.territoire) if o.territoire else _("Toute la ville"))
        partie.par_categorie = _depenses(retenues, lambda o: o.categorie or _("Sans catégorie"))
        partie.autres = _autres(brute, options)
        partie.laissees = brute["laissees"]
    return partie


def _lignes(scrutin: Scrutin, brute: Mapping[str, Any], options: dict[str, Option]) -> list[Ligne]:
    """In the order of the rule: what is elected in the order in which it was, then the others by what they got."""
    totaux = {cle: _valeur(total) for cle, total in brute["totaux"].items()}
    plus = max(totaux.values(), default=0)
    prises = list(brute["retenues"])
    classees = [cle for groupe in brute["classement"] for cle in groupe]
    autres = [cle for cle in classees if cle not in set(prises)]
    restantes = sorted(set(totaux) - set(prises) - set(autres), key=lambda cle: (-totaux[cle], options[cle].rang))
    if scrutin.depense:
        autres, restantes = sorted([*autres, *restantes], key=lambda cle: (-totaux[cle], options[cle].rang)), []
    elues = set(brute["elues"])
    return [
        Ligne(
            option=options[cle],
            rang=rang,
            total=_montre(brute["totaux"][cle]),
            part=pourcent(float(totaux[cle]), float(plus)),
            est_elue=cle in elues,
        )
        for rang, cle in enumerate([*prises, *autres, *restantes], start=1)
    ]


def _valeur(total: Any) -> Fraction:
    return Fraction(total)


def _montre(total: Any) -> Any:
    """A whole number as it is, a fraction to two decimals."""
    return total if isinstance(total, int) else round(float(Fraction(total)), 2)


def _egalite(egalite: Mapping[str, Any], options: dict[str, Option]) -> str:
    """Who were equal, and what decided."""
    comment = {
        "sort": _("le tirage au sort publié avant le vote"),
        "cout": _("le coût le plus bas"),
        "voix": _("le nombre de voix"),
        "retrait": _("le retrait des mentions majoritaires"),
    }
    titres = [options[cle].titre for cle in egalite["options"] if cle in options]
    return _("Égalité entre %(options)s : décidée par %(comment)s.") % {
        "options": ", ".join(f"« {titre} »" for titre in titres),
        "comment": comment.get(str(egalite["decidee_par"]), _("la règle publiée")),
    }


def _profils(mesures: Mapping[str, Any], lignes: Sequence[Ligne]) -> list[Profil]:
    noms = [str(mention) for mention in mesures["mentions"]]
    profils = []
    for ligne in lignes:
        comptes = mesures["profils"][ligne.cle]
        total, debut = sum(comptes), 0.0
        parts = []
        for place in reversed(range(len(noms))):
            part = 100 * comptes[place] / total if total else 0.0
            parts.append(
                {
                    "libelle": noms[place],
                    "nombre": comptes[place],
                    "part": round(part, 1),
                    "debut": f"{debut:.3f}",
                    "largeur": f"{part:.3f}",
                    "teinte": round(6 * place / (len(noms) - 1)) if len(noms) > 1 else 0,
                }
            )
            debut += part
        profils.append(Profil(ligne.option, noms[mesures["jauges"][ligne.cle]["mention"]], parts))
    return profils


def _duels(mesures: Mapping[str, Any], lignes: Sequence[Ligne]) -> list[tuple[Option, list[int | None]]]:
    """One row an option: ballots that prefer it to each of the others, in the order of the result."""
    return [
        (
            ligne.option,
            [None if autre.cle == ligne.cle else mesures["duels"][ligne.cle].get(autre.cle, 0) for autre in lignes],
        )
        for ligne in lignes
    ]


def _tours(tours: Sequence[Mapping[str, Any]], options: dict[str, Option]) -> list[dict[str, Any]]:
    return [
        {
            "rang": rang,
            "voix": sorted(
                ((options[cle], _montre(voix)) for cle, voix in tour["voix"].items()),
                key=lambda paire: (-float(paire[1]), paire[0].rang),
            ),
            "epuises": _montre(tour["epuises"]),
            "elue": options.get(tour["elue"]),
            "eliminee": options.get(tour["eliminee"]),
        }
        for rang, tour in enumerate(tours, start=1)
    ]


def _depenses(retenues: Sequence[Option], nommer) -> list[Depense]:
    couts: dict[str, int] = defaultdict(int)
    nombres: dict[str, int] = defaultdict(int)
    for option in retenues:
        couts[nommer(option)] += option.cout or 0
        nombres[nommer(option)] += 1
    total = sum(couts.values())
    return [
        Depense(nom, nombres[nom], cout, pourcent(cout, total))
        for nom, cout in sorted(couts.items(), key=lambda paire: (-paire[1], paire[0]))
    ]


def _autres(brute: Mapping[str, Any], options: dict[str, Option]) -> list[dict[str, Any]]:
    """What other rules would have changed: what they add, and what they leave out."""
    ici = set(brute["retenues"])
    return [
        {
            "regle": nom_de_la_regle(autre["regle"]),
            "nombre": len(autre["retenues"]),
            "cout": autre["cout"],
            "en_plus": [options[cle] for cle in autre["retenues"] if cle not in ici],
            "en_moins": [options[cle] for cle in brute["retenues"] if cle not in set(autre["retenues"])],
            "laissees": autre["laissees"],
        }
        for autre in brute["autres_regles"]
    ]


def points_de_carte(parties_lues: Sequence[Partie]) -> list[dict[str, Any]]:
    """What is elected and has a place, for the map."""
    return [
        {
            "lat": ligne.option.latitude,
            "lon": ligne.option.longitude,
            "titre": ligne.option.titre,
            "url": ligne.option.get_absolute_url(),
        }
        for partie in parties_lues
        for ligne in partie.elues
        if ligne.option.latitude is not None
    ]
