"""The check accepts a questionnaire when every page can be reached and every walk ends; it is exact, both ways."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.cheminement import aretes, defauts, destination, parcours, reponses_possibles
from consultations.participer import relire
from consultations.questionnaire import (
    FIN,
    Choix,
    Condition,
    Genre,
    Page,
    Question,
    Questionnaire,
    Saut,
    conditions_de,
)
from consultations.valeurs import Valeur, champs_de, ecrire, lire
from tests.consultations.fabriques import avec_saut, question, une_page

pytestmark = pytest.mark.sans_base


def saut(vers, condition=Condition.CHOISI, sur="q1", valeur="b"):
    return Saut(condition, vers, sur, valeur)


def pages(*sauts_par_page, elements=None) -> Questionnaire:
    return Questionnaire(
        tuple(
            Page(f"p{n}", elements=(elements or {}).get(n, (question(f"q{n}"),)), sauts=tuple(sauts))
            for n, sauts in enumerate(sauts_par_page, start=1)
        )
    )


SAINS = {
    "une_page": une_page(),
    "un_saut": avec_saut(),
    "un_retour_jamais_pris_deux_fois": pages([saut("p3")], [saut(FIN, sur="q2")], []),
    "fin_sans_condition": pages([saut("p3")], [Saut(Condition.TOUJOURS, FIN)], []),
}
FAUX = {
    "vide": (Questionnaire(), "aucune question"),
    "page_vide": (Questionnaire((Page("p1"), Page("p2", elements=(question(),)))), "page 1 est vide"),
    "page_disparue": (pages([saut("p9")]), "n’existe plus"),
    "question_disparue": (pages([saut(FIN, sur="q9")]), "n’est plus sur cette page"),
    "question_d_une_autre_page": (pages([], [saut(FIN, sur="q1")]), "n’est plus sur cette page"),
    "choix_disparu": (pages([saut(FIN, valeur="z")]), "un choix qui n’existe plus"),
    "condition_d_un_autre_genre": (pages([saut(FIN, Condition.AU_MOINS, valeur="3")]), "ce qu’elle ne dit pas"),
    "sur_place": (pages([saut("p1")]), "revient à cette même page"),
    "boucle": (pages([], [saut("p1", sur="q2")]), "tourner en rond entre les pages 1, 2"),
    "page_jamais_atteinte": (pages([Saut(Condition.TOUJOURS, "p3")], [], []), "arriver à la page 2"),
    "deux_sauts_pour_un": (pages([saut("p3"), saut(FIN)], [], []), "saut n° 2 de la page 1"),
    "tous_les_choix_sautent": (
        pages([saut("p3", valeur="a"), saut("p3")], [], [], elements={1: (question("q1", obligatoire=True),)}),
        "arriver à la page 2",
    ),
    "hors_de_l_echelle": (
        pages([saut(FIN, Condition.AU_MOINS, valeur="11")], elements={1: (question("q1", Genre.ECHELLE),)}),
        "saut n° 1",
    ),
    "un_seul_choix": (une_page(question(choix=(Choix("a", "Oui"),))), "pas assez de choix"),
    "bornes_a_l_envers": (une_page(question(genre=Genre.NOMBRE, minimum=Decimal(5), maximum=Decimal(1))), "dépasser"),
    "matrice_sans_ligne": (une_page(question(genre=Genre.MATRICE, lignes=())), "pas de ligne"),
}


@pytest.mark.parametrize("questionnaire", SAINS.values(), ids=SAINS)
def test_un_questionnaire_sain_passe(questionnaire):
    assert defauts(questionnaire) == []


@pytest.mark.parametrize(("questionnaire", "mots"), FAUX.values(), ids=FAUX)
def test_un_questionnaire_faux_est_refuse_en_disant_pourquoi(questionnaire, mots):
    phrases = [tort.phrase for tort in defauts(questionnaire)]
    assert any(mots in phrase for phrase in phrases), phrases


def test_tous_les_choix_d_une_question_facultative_ne_cachent_pas_la_suite():
    """Whoever answers nothing goes on to the next page."""
    questionnaire = pages([saut("p3", valeur="a"), saut("p3")], [], [])
    assert defauts(questionnaire) == []
    assert [page.cle for page in parcours(questionnaire, {"q1": None})] == ["p1", "p2", "p3"]


# --- Random questionnaires ------------------------------------------------------------------------------------------

GENRES = (Genre.UNIQUE, Genre.MULTIPLE, Genre.ECHELLE, Genre.NOMBRE, Genre.TEXTE_COURT)


@st.composite
def questions(draw, cle):
    genre = draw(st.sampled_from(GENRES))
    choix = tuple(Choix(c, c.upper()) for c in "abc"[: draw(st.integers(2, 3))]) if genre in GENRES[:2] else ()
    bornes = {"minimum": Decimal(0), "maximum": Decimal(draw(st.integers(1, 5)))} if genre in GENRES[2:4] else {}
    if genre == Genre.MULTIPLE:
        bornes = {"minimum": Decimal(draw(st.integers(1, 2)))}
    return Question(cle, genre, cle, obligatoire=draw(st.booleans()), choix=choix, **bornes)


@st.composite
def questionnaires(draw):
    """Of one to five pages, with jumps that may be good, useless, endless."""
    nombre = draw(st.integers(1, 5))
    faites = []
    for n in range(nombre):
        sur = [draw(questions(f"q{n}{m}")) for m in range(draw(st.integers(1, 2)))]
        faites.append(Page(f"p{n}", elements=tuple(sur), sauts=tuple(draw(st.lists(sauts(sur, nombre), max_size=3)))))
    return Questionnaire(tuple(faites))


@st.composite
def sauts(draw, sur, nombre):
    vers = draw(st.sampled_from([FIN, *(f"p{n}" for n in range(nombre))]))
    demandee = draw(st.sampled_from(sur))
    condition = draw(st.sampled_from([Condition.TOUJOURS, *conditions_de(demandee.genre)]))
    if condition == Condition.TOUJOURS:
        return Saut(condition, vers)
    valeur = ""
    if condition in {Condition.CHOISI, Condition.PAS_CHOISI}:
        valeur = draw(st.sampled_from(demandee.cles_de_choix))
    elif condition in {Condition.AU_MOINS, Condition.AU_PLUS}:
        valeur = str(draw(st.integers(0, 5)))
    return Saut(condition, vers, demandee.cle, valeur)


def chemins(questionnaire):
    """Every path of edges from the first page to the end."""
    suites = aretes(questionnaire)

    def suivre(chemin):
        for suite in sorted(suites[chemin[-1]]):
            if suite == FIN:
                yield chemin
            else:
                yield from suivre([*chemin, suite])

    return suivre([questionnaire.pages[0].cle])


def remplir(question_, valeur) -> dict[str, list[str]]:
    """What somebody types to give this answer; a required question that no jump asks about gets any answer."""
    if valeur is not None and valeur.texte == "réponse":
        return {question_.cle: ["quelques mots"]}
    if valeur is not None:
        return ecrire(question_, valeur)
    return {}


def n_importe_quoi(question_) -> dict[str, list[str]]:
    if question_.genre == Genre.TEXTE_COURT:
        return {question_.cle: ["quelques mots"]}
    if question_.choix:
        return {question_.cle: list(question_.cles_de_choix)[: question_.nombre_de_choix[0]]}
    return {question_.cle: ["0"]}


@settings(max_examples=150, deadline=None)
@given(questionnaires())
def test_tout_chemin_accepte_se_parcourt_et_rien_d_autre_n_est_garde(questionnaire):
    if defauts(questionnaire):
        return
    for chemin in chemins(questionnaire):
        brut: dict[str, list[str]] = {}
        for cle, suite in zip(chemin, [*chemin[1:], FIN], strict=True):
            page = questionnaire.page(cle)
            menant = next(v for v in reponses_possibles(page) if destination(questionnaire, page, v) == suite)
            for q in page.questions:
                brut |= remplir(q, menant[q.cle]) if q.cle in menant else n_importe_quoi(q)
        # What was typed on pages that one has left by going back is still there: it must not count.
        for page in questionnaire.pages:
            if page.cle not in chemin:
                for q in page.questions:
                    brut |= n_importe_quoi(q)
        relecture = relire(questionnaire, brut)
        assert [page.cle for page in relecture.pages] == chemin
        assert relecture.torts == {}
        assert set(relecture.valeurs) == {q.cle for cle in chemin for q in questionnaire.page(cle).questions}


@settings(max_examples=150, deadline=None)
@given(questionnaires(), st.data())
def test_le_controle_ne_refuse_pas_a_tort(questionnaire, data):
    """Whatever somebody answers, she ends, and goes only along edges that the check knows."""
    if any("n’existe plus" in tort.phrase or "n’est plus" in tort.phrase for tort in defauts(questionnaire)):
        return
    suites = aretes(questionnaire)
    for page in questionnaire.pages:
        valeurs = {}
        for q in page.questions:
            if q.choix:
                bas, haut = q.nombre_de_choix
                haut = 1 if q.genre == Genre.UNIQUE else haut
                if bas > haut:
                    return
                choisis = data.draw(
                    st.lists(st.sampled_from(q.cles_de_choix), unique=True, min_size=bas, max_size=haut)
                )
                valeurs[q.cle] = Valeur(choix=tuple(choisis))
            elif q.genre == Genre.TEXTE_COURT:
                valeurs[q.cle] = Valeur(texte="quelques mots")
            else:
                valeurs[q.cle] = Valeur(nombre=Decimal(data.draw(st.integers(0, int(q.bornes[1])))))
            if not q.obligatoire and data.draw(st.booleans()):
                valeurs[q.cle] = None
        assert destination(questionnaire, page, valeurs) in suites[page.cle]


@settings(max_examples=150, deadline=None)
@given(questionnaires())
def test_un_document_se_relit_tel_quel(questionnaire):
    assert Questionnaire.de_json(questionnaire.en_json()) == questionnaire


@settings(max_examples=100, deadline=None)
@given(questionnaires())
def test_une_reponse_se_recrit_comme_elle_se_lit(questionnaire):
    for q in questionnaire.questions:
        brut = n_importe_quoi(q)
        valeur = lire(q, brut)
        assert ecrire(q, valeur) == brut and set(brut) <= set(champs_de(q))
