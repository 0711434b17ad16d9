"""Which page follows which: the walk of one person, and the check that every page can be reached and every walk ends.

A jump asks only about questions of its own page, so what one page leads to does not depend on the pages before it. That
makes the check exact: an edge is kept when some answers to its page take it, and then every path of edges can be walked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from django.utils.translation import gettext as _

from consultations.questionnaire import (
    A_CHOIX,
    CHIFFRES,
    FIN,
    Condition,
    Genre,
    Page,
    Question,
    Questionnaire,
    Saut,
    conditions_de,
)
from consultations.valeurs import Valeur, decimal_de

Valeurs = Mapping[str, Valeur | None]


# --- Walking -----------------------------------------------------------------------------------------------------


def est_vraie(saut: Saut, valeur: Valeur | None) -> bool:
    """`valeur` is the answer to the question of the jump."""
    match saut.condition:
        case Condition.TOUJOURS:
            return True
        case Condition.SANS_REPONSE:
            return valeur is None
        case Condition.REPONDU:
            return valeur is not None
        case Condition.CHOISI:
            return valeur is not None and saut.valeur in valeur.choix
        case Condition.PAS_CHOISI:
            return valeur is None or saut.valeur not in valeur.choix
    if valeur is None or valeur.nombre is None:
        return False
    seuil = Decimal(saut.valeur)
    return valeur.nombre >= seuil if saut.condition == Condition.AU_MOINS else valeur.nombre <= seuil


def destination(questionnaire: Questionnaire, page: Page, valeurs: Valeurs) -> str:
    """Key of the page that follows with these answers, or FIN."""
    for saut in page.sauts:
        if est_vraie(saut, valeurs.get(saut.question)):
            return saut.vers
    return _a_la_suite(questionnaire, page)


def _a_la_suite(questionnaire: Questionnaire, page: Page) -> str:
    rang = questionnaire.rang(page)
    return questionnaire.pages[rang].cle if rang < len(questionnaire.pages) else FIN


def parcours(questionnaire: Questionnaire, valeurs: Valeurs) -> list[Page]:
    """The pages that somebody with these answers goes through, in order, from the first to the last."""
    visitees: list[Page] = []
    page = questionnaire.pages[0] if questionnaire.pages else None
    while page is not None and page not in visitees:
        visitees.append(page)
        page = questionnaire.page(destination(questionnaire, page, valeurs))
    return visitees


# --- Checking ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Defaut:
    """What keeps a questionnaire from being asked: one sentence, and where to mend it."""

    phrase: str
    page: str = ""
    element: str = ""


def defauts(questionnaire: Questionnaire) -> list[Defaut]:
    """Everything that is wrong, in the order of the pages; empty for one that can be asked."""
    torts = [tort for page in questionnaire.pages for tort in _defauts_de(questionnaire, page)]
    if not questionnaire.questions:
        torts.insert(0, Defaut(_("Il n’y a encore aucune question.")))
    return torts or _impasses(questionnaire)


def _defauts_de(questionnaire: Questionnaire, page: Page) -> Iterator[Defaut]:
    if not page.elements:
        yield Defaut(_("La page %(n)s est vide.") % {"n": questionnaire.rang(page)}, page.cle)
    for element in page.elements:
        if phrase := defaut_de_la_question(element):
            yield Defaut(phrase, page.cle, element.cle)
    for saut in page.sauts:
        if phrase := defaut_du_saut(questionnaire, page, saut):
            yield Defaut(phrase, page.cle)


def defaut_de_la_question(question: Question) -> str:
    """What this question lacks, as a sentence; empty when it can be asked."""
    nom = question.intitule
    if question.genre in A_CHOIX and len(question.cles_de_choix) < 2:
        return _("« %(question)s » n’a pas assez de choix : il en faut au moins deux.") % {"question": nom}
    if question.genre == Genre.MATRICE and not question.lignes:
        return _("« %(question)s » n’a pas de ligne.") % {"question": nom}
    if question.genre in CHIFFRES:
        bas, haut = question.bornes
        if bas >= haut:
            return _("« %(question)s » : le plus grand nombre doit dépasser le plus petit.") % {"question": nom}
    if question.genre in {Genre.MULTIPLE, Genre.CLASSEMENT}:
        bas_n, haut_n = question.nombre_de_choix
        if bas_n > haut_n:
            return _("« %(question)s » demande plus de choix qu’elle n’en permet.") % {"question": nom}
    return ""


def defaut_du_saut(questionnaire: Questionnaire, page: Page, saut: Saut) -> str:
    """What is wrong with this jump, as a sentence."""
    n = questionnaire.rang(page)
    if saut.vers != FIN and questionnaire.page(saut.vers) is None:
        return _("Un saut de la page %(n)s mène à une page qui n’existe plus.") % {"n": n}
    if saut.vers == page.cle:
        return _("Un saut de la page %(n)s revient à cette même page.") % {"n": n}
    if saut.condition == Condition.TOUJOURS:
        return ""
    question = next((q for q in page.questions if q.cle == saut.question), None)
    if question is None:
        return _("Un saut de la page %(n)s dépend d’une question qui n’est plus sur cette page.") % {"n": n}
    if saut.condition not in conditions_de(question.genre):
        return _("Un saut de la page %(n)s demande à « %(question)s » ce qu’elle ne dit pas.") % {
            "n": n,
            "question": question.intitule,
        }
    if saut.condition in {Condition.CHOISI, Condition.PAS_CHOISI} and saut.valeur not in question.cles_de_choix:
        return _("Un saut de la page %(n)s dépend d’un choix qui n’existe plus.") % {"n": n}
    if saut.condition in {Condition.AU_MOINS, Condition.AU_PLUS} and decimal_de(saut.valeur) is None:
        return _("Un saut de la page %(n)s attend un nombre.") % {"n": n}
    return ""


def _impasses(questionnaire: Questionnaire) -> list[Defaut]:
    """Of a questionnaire whose parts are sound: jumps that never serve, pages that nobody reaches, walks without end."""
    torts = []
    for page in questionnaire.pages:
        for rang in _sauts_morts(questionnaire, page):
            phrase = _("Le saut n° %(saut)s de la page %(n)s ne peut jamais servir.")
            torts.append(Defaut(phrase % {"saut": rang, "n": questionnaire.rang(page)}, page.cle))
    suites = aretes(questionnaire)
    if boucle := _boucle(questionnaire, suites):
        return [*torts, _dire_la_boucle(questionnaire, boucle)]
    atteintes = _atteintes(questionnaire, suites)
    torts += [
        Defaut(_("Personne ne peut arriver à la page %(n)s.") % {"n": questionnaire.rang(page)}, page.cle)
        for page in questionnaire.pages
        if page.cle not in atteintes
    ]
    return torts


def aretes(questionnaire: Questionnaire) -> dict[str, set[str]]:
    """{page: pages or FIN that some answers lead to}."""
    return {
        page.cle: {destination(questionnaire, page, valeurs) for valeurs in reponses_possibles(page)}
        for page in questionnaire.pages
    }


def _sauts_morts(questionnaire: Questionnaire, page: Page) -> list[int]:
    """Rank, from one on, of each jump that no answers take: another one before it always decides."""
    servis = set()
    for valeurs in reponses_possibles(page):
        rang = next((r for r, saut in enumerate(page.sauts) if est_vraie(saut, valeurs.get(saut.question))), None)
        servis.add(rang)
    return [rang + 1 for rang in range(len(page.sauts)) if rang not in servis]


def _atteintes(questionnaire: Questionnaire, suites: dict[str, set[str]]) -> set[str]:
    vues: set[str] = set()
    a_voir = [questionnaire.pages[0].cle]
    while a_voir:
        cle = a_voir.pop()
        if cle not in vues and cle != FIN:
            vues.add(cle)
            a_voir.extend(suites[cle])
    return vues


def _boucle(questionnaire: Questionnaire, suites: dict[str, set[str]]) -> list[str]:
    """Keys of the pages of one loop that somebody can get into; empty when there is none."""
    finies: set[str] = set()

    def chercher(cle: str, chemin: list[str]) -> list[str]:
        if cle in chemin:
            return chemin[chemin.index(cle) :]
        if cle in finies or cle == FIN:
            return []
        for suite in sorted(suites[cle]):
            if trouvee := chercher(suite, [*chemin, cle]):
                return trouvee
        finies.add(cle)
        return []

    return chercher(questionnaire.pages[0].cle, [])


def _dire_la_boucle(questionnaire: Questionnaire, boucle: list[str]) -> Defaut:
    pages = [page for page in questionnaire.pages if page.cle in boucle]
    numeros = ", ".join(str(questionnaire.rang(page)) for page in pages)
    return Defaut(_("On peut tourner en rond entre les pages %(pages)s.") % {"pages": numeros}, pages[-1].cle)


# --- Answers that matter -------------------------------------------------------------------------------------------


def reponses_possibles(page: Page) -> Iterator[dict[str, Valeur | None]]:
    """Answers to the questions that the jumps of a page ask about: one of each sort that the jumps can tell apart."""
    demandees = {saut.question for saut in page.sauts if saut.question}
    questions = [question for question in page.questions if question.cle in demandees]
    sortes = [_sortes(question, [s for s in page.sauts if s.question == question.cle]) for question in questions]
    for valeurs in product(*sortes):
        yield dict(zip([question.cle for question in questions], valeurs, strict=True))


def _sortes(question: Question, sauts: list[Saut]) -> list[Valeur | None]:
    """One answer for each way in which these jumps can be true or false together."""
    par_effet: dict[tuple[bool, ...], Valeur | None] = {}
    for valeur in _echantillon(question, sauts):
        par_effet.setdefault(tuple(est_vraie(saut, valeur) for saut in sauts), valeur)
    return list(par_effet.values())


def _echantillon(question: Question, sauts: list[Saut]) -> list[Valeur | None]:
    sortes: list[Valeur | None] = [] if question.obligatoire else [None]
    if question.genre in {Genre.UNIQUE, Genre.MULTIPLE}:
        return sortes + _sortes_de_choix(question, {saut.valeur for saut in sauts if saut.valeur})
    if question.genre in CHIFFRES:
        return sortes + _sortes_de_nombre(question, {Decimal(saut.valeur) for saut in sauts if saut.valeur})
    return [*sortes, Valeur(texte="réponse")]


def _sortes_de_choix(question: Question, nommes: set[str]) -> list[Valeur | None]:
    """Choices that a jump names, apart or together; of the others, as many as the rule of the question asks for."""
    cites = [cle for cle in question.cles_de_choix if cle in nommes]
    autres = [cle for cle in question.cles_de_choix if cle not in nommes]
    if question.genre == Genre.UNIQUE:
        return [Valeur(choix=(cle,)) for cle in [*cites, *autres[:1]]]
    bas, haut = question.nombre_de_choix
    sortes: list[Valeur | None] = []
    for n in range(len(cites) + 1):
        complement = autres[: max(0, bas - n)]
        if bas <= n + len(complement) <= haut:
            sortes += [Valeur(choix=(*ensemble, *complement)) for ensemble in combinations(cites, n)]
    return sortes


def _sortes_de_nombre(question: Question, seuils: set[Decimal]) -> list[Valeur | None]:
    """The bounds, each threshold, and what lies just beside it."""
    pas = Decimal(1).scaleb(-question.decimales) if question.genre == Genre.NOMBRE else Decimal(1)
    bas, haut = question.bornes
    points = {bas, haut}
    for seuil in seuils:
        rond = seuil.quantize(pas)
        points |= {rond, rond - pas, rond + pas}
    return [Valeur(nombre=point) for point in sorted(points) if bas <= point <= haut]
