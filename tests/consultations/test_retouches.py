"""Each change of a questionnaire, as values: what it gives, what it refuses and in which words, what it leaves as it was."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations import retouches
from consultations.cheminement import defauts
from consultations.questionnaire import (
    AUTRE,
    CHOIX_MAX,
    ELEMENTS_MAX,
    FIN,
    PAGES_MAX,
    SAUTS_MAX,
    Choix,
    Condition,
    Genre,
    Page,
    Question,
    Questionnaire,
    Saut,
)
from consultations.retouches import DESCENDRE, MONTER, PartieInconnue, RetoucheRefusee
from tests.consultations.fabriques import avec_saut, question, une_page

pytestmark = pytest.mark.sans_base


def cles(questionnaire: Questionnaire) -> list[tuple[str, list[str]]]:
    return [(page.cle, [e.cle for e in page.elements]) for page in questionnaire.pages]


def trois() -> Questionnaire:
    """p1: q1 q2 q3, p2: q4, p3 empty. No jump."""
    return Questionnaire(
        (
            Page("p1", elements=(question("q1"), question("q2", Genre.NOMBRE), question("q3", Genre.SECTION))),
            Page("p2", elements=(question("q4", Genre.MULTIPLE, avec_autre=True),)),
            Page("p3"),
        )
    )


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_une_page_s_ajoute_a_la_fin_et_prend_un_titre():
    apres = retouches.titrer_page(retouches.ajouter_page(trois(), Page("p4")), "p4", "Et vous ?")
    assert [(p.cle, p.titre) for p in apres.pages][-1] == ("p4", "Et vous ?")


@pytest.mark.parametrize(
    ("cle", "sens", "ordre"),
    [
        ("p2", MONTER, ["p2", "p1", "p3"]),
        ("p2", DESCENDRE, ["p1", "p3", "p2"]),
        ("p1", MONTER, ["p1", "p2", "p3"]),
        ("p3", DESCENDRE, ["p1", "p2", "p3"]),
    ],
)
def test_une_page_se_deplace_d_un_rang_et_s_arrete_au_bord(cle, sens, ordre):
    assert [p.cle for p in retouches.deplacer_page(trois(), cle, sens).pages] == ordre


def test_une_page_part_avec_ce_qu_elle_porte():
    assert cles(retouches.retirer_page(trois(), "p1")) == [("p2", ["q4"]), ("p3", [])]


def test_les_sauts_d_une_page_partent_avec_elle():
    apres = retouches.retirer_page(avec_saut(), "p1")
    assert cles(apres) == [("p2", ["q2"]), ("p3", ["q3"])]
    assert [page.sauts for page in apres.pages] == [(), ()]


# --- Elements --------------------------------------------------------------------------------------------------------


def test_un_element_s_ajoute_a_la_fin_de_sa_page():
    assert cles(retouches.ajouter_element(trois(), "p2", question("q5", Genre.DATE)))[1] == ("p2", ["q4", "q5"])


@pytest.mark.parametrize(
    ("cle", "sens", "ordre"),
    [
        ("q2", MONTER, ["q2", "q1", "q3"]),
        ("q2", DESCENDRE, ["q1", "q3", "q2"]),
        ("q1", MONTER, ["q1", "q2", "q3"]),
        ("q3", DESCENDRE, ["q1", "q2", "q3"]),
    ],
)
def test_un_element_se_deplace_sur_sa_page(cle, sens, ordre):
    assert cles(retouches.deplacer_element(trois(), cle, sens))[0] == ("p1", ordre)


def test_un_element_change_de_page_et_garde_tout():
    apres = retouches.changer_de_page(trois(), "q1", "p2")
    assert cles(apres) == [("p1", ["q2", "q3"]), ("p2", ["q4", "q1"]), ("p3", [])]
    assert apres.element("q1") == trois().element("q1")
    assert retouches.changer_de_page(trois(), "q1", "p1") == trois()


def test_un_element_se_reecrit_et_se_retire():
    ecrit = replace(question("q1"), intitule="Autrement ?", obligatoire=True)
    assert retouches.remplacer_element(trois(), ecrit).element("q1") == ecrit
    assert cles(retouches.retirer_element(trois(), "q1"))[0] == ("p1", ["q2", "q3"])


# --- Choices and rows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("genre", "liste"), [(Genre.UNIQUE, "choix"), (Genre.MATRICE, "choix"), (Genre.MATRICE, "lignes")]
)
def test_chaque_liste_s_allonge_se_reecrit_se_range_et_se_raccourcit(genre, liste):
    q = question("q1", genre, lignes=(Choix("a", "Le matin"), Choix("b", "Le soir")) if liste == "lignes" else ())
    depart = une_page(q)
    apres = retouches.ajouter_des_choix(depart, "q1", liste, [Choix("c", "Peut-être"), Choix("d", "Jamais")])
    apres = retouches.libeller_choix(apres, "q1", liste, "a", "Bien sûr")
    apres = retouches.deplacer_choix(apres, "q1", liste, "c", MONTER)
    apres = retouches.retirer_choix(apres, "q1", liste, "d")
    libelles = {c.cle: c.libelle for c in getattr(depart.element("q1"), liste)}
    attendu = [("a", "Bien sûr"), ("c", "Peut-être"), ("b", libelles["b"])]
    assert [(c.cle, c.libelle) for c in getattr(apres.element("q1"), liste)] == attendu


# --- Jumps -----------------------------------------------------------------------------------------------------------


def test_les_sauts_s_ajoutent_se_rangent_se_reecrivent_et_se_retirent():
    oui, non = Saut(Condition.CHOISI, "p3", "q1", "a"), Saut(Condition.CHOISI, FIN, "q1", "b")
    apres = retouches.ajouter_saut(retouches.ajouter_saut(trois(), "p1", oui), "p1", non)
    assert apres.pages[0].sauts == (oui, non)
    assert retouches.deplacer_saut(apres, "p1", 1, MONTER).pages[0].sauts == (non, oui)
    assert retouches.deplacer_saut(apres, "p1", 1, DESCENDRE).pages[0].sauts == (oui, non)
    beaucoup = Saut(Condition.AU_MOINS, "p3", "q2", "10")
    assert retouches.remplacer_saut(apres, "p1", 0, beaucoup).pages[0].sauts == (beaucoup, non)
    assert retouches.retirer_saut(apres, "p1", 0).pages[0].sauts == (non,)


# --- What is refused -------------------------------------------------------------------------------------------------


def beaucoup(n: int, prefixe="c") -> tuple[Choix, ...]:
    return tuple(Choix(f"{prefixe}{i}", f"Choix {prefixe}{i}") for i in range(n))


def avec_un_saut_sur_autre() -> Questionnaire:
    q = question("q1", avec_autre=True)
    return Questionnaire(
        (
            Page("p1", elements=(q,), sauts=(Saut(Condition.CHOISI, FIN, "q1", AUTRE),)),
            Page("p2", elements=(question("q2"),)),
        )
    )


REFUS = {
    "trop de pages": (
        Questionnaire(tuple(Page(f"p{n}") for n in range(PAGES_MAX))),
        lambda q: retouches.ajouter_page(q, Page("de-trop")),
        "30 pages au plus",
    ),
    "la dernière page": (une_page(), lambda q: retouches.retirer_page(q, "p1"), "au moins une page"),
    "une page où mène un saut": (avec_saut(), lambda q: retouches.retirer_page(q, "p3"), "saut de la page 1 mène ici"),
    "trop d'éléments": (
        une_page(*(question(f"q{n}", Genre.DATE) for n in range(ELEMENTS_MAX))),
        lambda q: retouches.ajouter_element(q, "p1", question("de-trop", Genre.DATE)),
        "déjà 40 éléments",
    ),
    "vers une page pleine": (
        Questionnaire(
            (
                Page("p1", elements=tuple(question(f"q{n}", Genre.DATE) for n in range(ELEMENTS_MAX))),
                Page("p2", elements=(question("q"),)),
            )
        ),
        lambda q: retouches.changer_de_page(q, "q", "p1"),
        "déjà 40 éléments",
    ),
    "61 choix": (
        une_page(question("q1", choix=beaucoup(CHOIX_MAX))),
        lambda q: retouches.ajouter_des_choix(q, "q1", "choix", [Choix("z", "Un de trop")]),
        "60 choix au plus",
    ),
    "61 lignes": (
        une_page(question("q1", Genre.MATRICE, lignes=beaucoup(CHOIX_MAX))),
        lambda q: retouches.ajouter_des_choix(q, "q1", "lignes", [Choix("z", "Une de trop")]),
        "60 lignes au plus",
    ),
    "61 choix d'un coup": (
        une_page(),
        lambda q: retouches.ajouter_element(q, "p1", question("q2", choix=beaucoup(CHOIX_MAX + 1))),
        "60 choix au plus",
    ),
    "deux fois le même choix": (
        une_page(),
        lambda q: retouches.ajouter_des_choix(q, "q1", "choix", [Choix("z", "oui")]),
        "« oui » est écrit deux fois",
    ),
    "un autre genre": (
        une_page(),
        lambda q: retouches.remplacer_element(q, Question("q1", Genre.DATE, "Quand ?")),
        "ne change pas de genre",
    ),
    "une question dont un saut dépend": (
        avec_saut(),
        lambda q: retouches.retirer_element(q, "q1"),
        "dépend de « Question q1 ? »",
    ),
    "la déplacer ailleurs": (
        avec_saut(),
        lambda q: retouches.changer_de_page(q, "q1", "p2"),
        "dépend de « Question q1 ? »",
    ),
    "un choix dont un saut dépend": (
        avec_saut(),
        lambda q: retouches.retirer_choix(q, "q1", "choix", "b"),
        "dépend du choix « Non »",
    ),
    "« autre » dont un saut dépend": (
        avec_un_saut_sur_autre(),
        lambda q: retouches.remplacer_element(q, question("q1")),
        "dépend du choix « Autre »",
    ),
    "un saut vers une page partie": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.TOUJOURS, "p9")),
        "page qui n’existe plus",
    ),
    "un saut vers soi-même": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.TOUJOURS, "p1")),
        "revient à cette même page",
    ),
    "un saut sur la question d'une autre page": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p2", Saut(Condition.CHOISI, "p3", "q1", "a")),
        "n’est plus sur cette page",
    ),
    "un saut sur une question partie": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.CHOISI, "p3", "q9", "a")),
        "n’est plus sur cette page",
    ),
    "un saut sur un choix parti": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.CHOISI, "p3", "q1", "z")),
        "choix qui n’existe plus",
    ),
    "un saut sur un titre": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.REPONDU, "p3", "q3")),
        "n’est plus sur cette page",
    ),
    "un saut qui compare un choix": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.AU_MOINS, "p3", "q1", "3")),
        "ce qu’elle ne dit pas",
    ),
    "un saut qui compare à un mot": (
        trois(),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.AU_MOINS, "p3", "q2", "trois")),
        "attend un nombre",
    ),
    "trop de sauts": (
        Questionnaire(
            (Page("p1", elements=(question("q1"),), sauts=(Saut(Condition.TOUJOURS, FIN),) * SAUTS_MAX), Page("p2"))
        ),
        lambda q: retouches.ajouter_saut(q, "p1", Saut(Condition.TOUJOURS, "p2")),
        "8 sauts au plus",
    ),
}


@pytest.mark.parametrize("cas", REFUS)
def test_ce_qui_laisserait_quelque_chose_pendre_est_refuse_en_une_phrase(cas):
    questionnaire, retouche, phrase = REFUS[cas]
    with pytest.raises(RetoucheRefusee) as refus:
        retouche(questionnaire)
    assert phrase in str(refus.value)
    assert str(refus.value).count(".") == 1


INCONNUES = {
    "page à titrer": lambda q: retouches.titrer_page(q, "p9", "x"),
    "page à déplacer": lambda q: retouches.deplacer_page(q, "p9", MONTER),
    "page à retirer": lambda q: retouches.retirer_page(q, "p9"),
    "page où ajouter": lambda q: retouches.ajouter_element(q, "p9", question("q9")),
    "page d'arrivée": lambda q: retouches.changer_de_page(q, "q1", "p9"),
    "élément à déplacer": lambda q: retouches.deplacer_element(q, "q9", MONTER),
    "élément à changer de page": lambda q: retouches.changer_de_page(q, "q9", "p2"),
    "élément à écrire": lambda q: retouches.remplacer_element(q, question("q9")),
    "élément à retirer": lambda q: retouches.retirer_element(q, "q9"),
    "choix à nommer": lambda q: retouches.libeller_choix(q, "q1", "choix", "z", "x"),
    "choix à ranger": lambda q: retouches.deplacer_choix(q, "q1", "choix", "z", MONTER),
    "choix à retirer": lambda q: retouches.retirer_choix(q, "q1", "choix", "z"),
    "question d'un choix": lambda q: retouches.ajouter_des_choix(q, "q9", "choix", [Choix("z", "x")]),
    "saut à réécrire": lambda q: retouches.remplacer_saut(q, "p1", 0, Saut(Condition.TOUJOURS, FIN)),
    "saut à ranger": lambda q: retouches.deplacer_saut(q, "p1", 0, MONTER),
    "saut à retirer": lambda q: retouches.retirer_saut(q, "p1", 0),
    "saut de rang négatif": lambda q: retouches.retirer_saut(avec_saut(), "p1", -1),
}


@pytest.mark.parametrize("cas", INCONNUES)
def test_une_cle_qui_n_est_pas_d_ici_ne_trouve_rien(cas):
    with pytest.raises(PartieInconnue):
        INCONNUES[cas](trois())


# --- Whatever is done ------------------------------------------------------------------------------------------------

PAGES, ELEMENTS, CHOISIS = (
    st.sampled_from(["p1", "p2", "p3", "p9"]),
    st.sampled_from(["q1", "q2", "q3", "q9"]),
    st.sampled_from("abz"),
)
SENS = st.sampled_from([MONTER, DESCENDRE])
GESTES = st.one_of(
    st.builds(lambda p, s: lambda q: retouches.deplacer_page(q, p, s), PAGES, SENS),
    st.builds(lambda p: lambda q: retouches.retirer_page(q, p), PAGES),
    st.builds(lambda e, s: lambda q: retouches.deplacer_element(q, e, s), ELEMENTS, SENS),
    st.builds(lambda e, p: lambda q: retouches.changer_de_page(q, e, p), ELEMENTS, PAGES),
    st.builds(lambda e: lambda q: retouches.retirer_element(q, e), ELEMENTS),
    st.builds(lambda e, c: lambda q: retouches.retirer_choix(q, e, "choix", c), ELEMENTS, CHOISIS),
    st.builds(
        lambda p, v, e, c: lambda q: retouches.ajouter_saut(q, p, Saut(Condition.CHOISI, v, e, c)),
        PAGES,
        PAGES,
        ELEMENTS,
        CHOISIS,
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(GESTES, max_size=12))
def test_aucune_suite_de_gestes_ne_laisse_un_saut_pendre(gestes):
    questionnaire = avec_saut()
    for geste in gestes:
        avant = questionnaire.en_json()
        try:
            apres = geste(questionnaire)
        except (RetoucheRefusee, PartieInconnue):
            continue
        assert questionnaire.en_json() == avant, "what was there is a value: nothing changes it in place"
        questionnaire = apres
    assert not [tort.phrase for tort in defauts(questionnaire) if "plus" in tort.phrase and "saut" in tort.phrase]
    assert Questionnaire.de_json(questionnaire.en_json()) == questionnaire
