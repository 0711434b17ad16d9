"""Method of Equal Shares: the budget is shared equally between the ballots, and supporters buy projects together.

Source: D. Peters, G. Pierczyński, P. Skowron, « Proportional Participatory Budgeting with Additive Utilities », NeurIPS
2021; the raise of the endowment (« Add1 ») from equalshares.net and P. Faliszewski et al., « Participatory Budgeting: Data, Tools and
Analysis », IJCAI 2023.

In each round, the project is bought whose unit of utility costs its supporters least (`rho`), each paying in proportion
to its utility, who has less giving all. As one run leaves money unspent, the endowment is raised step by step, and all is
bought again, until the next step would exceed the budget.

The published outcomes of Świecie 2023 and of Assen 2024 come with `utilite="cout"` (one support is worth the cost of the
project), by steps of one unit of currency, from either start, whether the raise stops when exhausted or not:
`tests/votes/test_budgets_reels.py`. With `utilite="points"` Assen differs.

A project that costs more than the whole budget is left out before the first purchase. Its supporters could pay for it once
their endowment is raised far enough: counted in, as pabutools does, it would be bought, exceed the budget and
stop the raise there, so that nobody would have the later projects because of one that nobody can have.

The raise is computed in floats that know when they are in doubt; doubtful steps are run again exactly, and so are the
step that is kept and the one that exceeds. Were one of these to differ, all the raise would be made again exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from votes.regles.achats import Achat, Course, Marche, courir, preparer
from votes.regles.budget import Concours, ParametresBudget, Quotas, ouvrir, verifier_categories
from votes.regles.depouillement import Depouillement, Interrompu
from votes.regles.election import Election
from votes.regles.enveloppes import compter_par_enveloppe
from votes.regles.parametre import CENTIMES, champ
from votes.regles.plus_votes import en_ordre, prendre

NOM = "parts-egales"
#: why the raise stopped
BUDGET, EXHAUSTIF, TOUT, SANS = "budget", "exhaustif", "tout", "sans"


@dataclass(frozen=True)
class Parametres(ParametresBudget):
    """All that the published rule says. Ties: the lower cost, then the votes (`voix`), then the lot. Raises RegleInvalide."""

    utilite: str = champ(
        "cout",
        "Ce que vaut un projet pour qui le soutient : son coût (multiplié par les points donnés), ou les points seuls.",
        choix=("cout", "points"),
    )
    depart: str = champ(
        "centime",
        "Part de départ : le budget divisé par les bulletins, arrondi au centime inférieur, ou au pas inférieur.",
        choix=("centime", "pas"),
    )
    pas: int = champ(100, "De combien la part augmente à chaque fois (0 : jamais).", unite=CENTIMES)
    arret_exhaustif: bool = champ(
        False, "Ne plus augmenter dès qu'aucun autre projet ne tient dans le reste du budget."
    )
    completion: str = champ(
        "aucune",
        "Ce qu'on fait du budget qui reste : rien, ou les projets suivants qui tiennent, par nombre de voix.",
        choix=("aucune", "plus-votes"),
    )


def compter(
    election: Election,
    parametres: Parametres,
    *,
    avancement: Callable[[int, int], None] | None = None,
    interrompre: Callable[[], bool] | None = None,
) -> Depouillement:
    """Count `election`, envelope by envelope if it has some. Raises RegleInvalide, Interrompu.

    `avancement(spent, budget)`, in cents, after each step of the raise; `interrompre()` is asked before each.
    A round: `option`, `cout`, `rho` (float) and `rho_exact` (text of a fraction), cents per unit of utility; `prix` of a support or of
    a point; `au_complet`, `au_plus`, `somme_au_plus`, `moindre`, `par_territoire`: who paid what; `restait`: cents that all ballots
    have left together; rounds of the completion are those of `plus_votes` with `completion` true.
    `mesures`: `budget`, `votantes`, `depart` (cents), `augmentations`, `arret` (« budget », « exhaustif », « tout », « sans »),
    `cout_suivant` (of the refused step), `courses_exactes`, `certifie` (« accord » or « repris »), `restes` (for each option
    not bought: `soutiens`, `reste`, `manque`, in cents).
    """
    verifier_categories(election, parametres.maximums)
    if election.enveloppes:
        return compter_par_enveloppe(NOM, election, parametres, compter, avancement=avancement, interrompre=interrompre)
    concours = ouvrir(election, parametres)
    marche = preparer(concours, par_euro=parametres.utilite == "cout", maximums=parametres.maximums)
    augmentation = Augmentation(marche, parametres, avancement, interrompre)
    finale = augmentation.certifier()
    completes = _completer(concours, parametres, finale)
    retenues = finale.retenues + completes[0]
    return Depouillement(
        regle=NOM,
        retenues=concours.cles(retenues),
        totaux=concours.totaux(),
        cout=sum(concours.couts[place] for place in retenues),
        dotation=Fraction(finale.dotation) if marche.votantes else None,
        tours=[*(_tour(concours, achat) for achat in finale.achats), *completes[1]],
        egalites=[
            {"options": list(concours.cles(achat.egales)), "decidee_par": achat.decidee_par, "tour": rang + 1}
            for rang, achat in enumerate(finale.achats)
            if achat.egales
        ],
        mesures={
            **augmentation.mesures(finale),
            "par_la_methode": len(finale.retenues),
            "restes": _restes(marche, finale),
            "ecartees_par_le_seuil": list(
                concours.cles(sorted(set(range(len(concours.couts))) - set(concours.admises)))
            ),
        },
    )


class Augmentation:
    """The raise of the endowment, from the start to the last step within the budget."""

    def __init__(
        self,
        marche: Marche,
        parametres: Parametres,
        avancement: Callable[[int, int], None] | None = None,
        interrompre: Callable[[], bool] | None = None,
    ):
        self.marche, self.concours, self.parametres = marche, marche.concours, parametres
        self.avancement, self.interrompre = avancement, interrompre
        self.exactes: dict[int, Course] = {}
        self.courses_exactes = 0
        self.suivante: Course | None = None
        self.certifie, self.arret = "accord", SANS
        self.depart = self.concours.budget // marche.votantes if marche.votantes else 0
        if parametres.depart == "pas" and parametres.pas:
            self.depart -= self.depart % parametres.pas

    def certifier(self) -> Course:
        """The last run, exact, once the raise in floats has been checked where it was decided."""
        finale = self._monter(self._courir)
        exacte = self._exacte(finale.dotation)
        bornes = [(finale, exacte)]
        if self.suivante:
            bornes.append((self.suivante, self._exacte(self.suivante.dotation)))
        if any(flottante.retenues != sure.retenues for flottante, sure in bornes):
            self.certifie = "repris"
            return self._monter(self._exacte)
        return exacte

    def _monter(self, courir_a: Callable[[int], Course]) -> Course:
        self._demander()
        self.suivante, course = None, courir_a(self.depart)
        self.arret = SANS
        while self.parametres.pas and self.marche.votantes:
            self._dire(course)
            if raison := self._suffit(course):
                self.arret = raison
                break
            self._demander()
            suivante = courir_a(course.dotation + self.parametres.pas)
            if suivante.cout(self.concours) > self.concours.budget:
                self.arret, self.suivante = BUDGET, suivante
                break
            course = suivante
        return course

    def _courir(self, dotation: int) -> Course:
        course = courir(self.marche, dotation)
        return self._exacte(dotation) if course.douteuse else course

    def _exacte(self, dotation: int) -> Course:
        if dotation not in self.exactes:
            # Two are asked again, the kept step and the refused one: the others are let go.
            while len(self.exactes) > 1:
                del self.exactes[next(iter(self.exactes))]
            self.exactes[dotation] = courir(self.marche, dotation, exacte=True)
            self.courses_exactes += 1
        return self.exactes[dotation]

    def _suffit(self, course: Course) -> str:
        """Why the raise stops here although the next step has not been tried; empty when it goes on."""
        prises = set(course.retenues)
        quotas = _quotas(self.concours, self.parametres, course)
        if not any(place not in prises and not quotas.categorie_pleine(place) for place in self.marche.ouvertes):
            return TOUT
        reste = self.concours.budget - course.cout(self.concours)
        if self.parametres.arret_exhaustif and not any(
            place not in prises and self.concours.couts[place] <= reste and not quotas.categorie_pleine(place)
            for place in self.concours.admises
        ):
            return EXHAUSTIF
        return ""

    def _demander(self) -> None:
        if self.interrompre and self.interrompre():
            raise Interrompu

    def _dire(self, course: Course) -> None:
        if self.avancement:
            self.avancement(course.cout(self.concours), self.concours.budget)

    def mesures(self, finale: Course) -> dict[str, Any]:
        montee = finale.dotation - self.depart
        return {
            "budget": self.concours.budget,
            "votantes": self.marche.votantes,
            "depart": self.depart,
            "augmentations": montee // self.parametres.pas if self.parametres.pas else 0,
            "arret": self.arret,
            "cout_suivant": self.suivante.cout(self.concours) if self.suivante else None,
            "courses_exactes": self.courses_exactes,
            "certifie": self.certifie,
        }


def _quotas(concours: Concours, parametres: Parametres, course: Course) -> Quotas:
    quotas = Quotas(concours.election, parametres.maximums)
    for place in course.retenues:
        quotas.prendre(place)
    return quotas


def _completer(concours: Concours, parametres: Parametres, course: Course) -> tuple[list[int], list[dict[str, Any]]]:
    """Spend what is left by most votes, if the rule says so: (places, rounds)."""
    if parametres.completion == "aucune":
        return [], []
    prises = set(course.retenues)
    ordre = en_ordre(concours, [place for place in concours.admises if place not in prises])
    reste = concours.budget - course.cout(concours)
    retenues, tours = prendre(concours, ordre, _quotas(concours, parametres, course), reste, saut=True)
    return retenues, [{**tour, "completion": True} for tour in tours]


def _tour(concours: Concours, achat: Achat) -> dict[str, Any]:
    return {
        "option": concours.cles([achat.place])[0],
        "cout": concours.couts[achat.place],
        "rho": float(achat.rho),
        "rho_exact": str(achat.rho),
        "prix": float(achat.prix),
        "au_complet": achat.au_complet,
        "au_plus": achat.au_plus,
        "somme_au_plus": float(achat.somme_au_plus),
        "moindre": achat.moindre,
        "par_territoire": achat.par_territoire,
        "restait": float(achat.reste),
    }


def _restes(marche: Marche, course: Course) -> dict[str, dict[str, Any]]:
    """For each option that could be bought and was not: how many support it, and what they still have together."""
    concours = marche.concours
    return {
        concours.cles([place])[0]: {
            "soutiens": marche.soutiens[place].nombre,
            "reste": float(reste),
            "manque": float(max(concours.couts[place] - reste, Fraction(0))),
        }
        for place, reste in course.restes.items()
    }
