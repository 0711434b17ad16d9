"""A questionnaire in words: where its pages lead, and what a new version changes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from consultations import retouches
from consultations.questionnaire import FIN, Choix, Condition, Genre, Page, Questionnaire, Saut
from consultations.tracer import changements, chemins_de, resumer, trace
from tests.consultations.fabriques import avec_saut, question, une_page

pytestmark = pytest.mark.sans_base


def test_la_trace_dit_toutes_les_arrivees():
    assert trace(avec_saut()) == [
        ("page 1", "page 2 ou page 3"),
        ("page 2", "page 3"),
        ("page 3", "la fin"),
    ]


@pytest.mark.parametrize(
    ("saut", "phrase"),
    [
        (Saut(Condition.TOUJOURS, FIN), "Dans tous les cas"),
        (Saut(Condition.CHOISI, FIN, "q1", "b"), "Si « Non » est coché à « Question q1 ? »"),
        (Saut(Condition.PAS_CHOISI, FIN, "q1", "a"), "Si « Oui » n’est pas coché à « Question q1 ? »"),
        (Saut(Condition.AU_MOINS, FIN, "q2", "2.5"), "Si « Question q2 ? » vaut 2,5 ou plus"),
        (Saut(Condition.AU_PLUS, FIN, "q2", "3"), "Si « Question q2 ? » vaut 3 ou moins"),
        (Saut(Condition.REPONDU, FIN, "q2"), "Si la personne a répondu à « Question q2 ? »"),
        (Saut(Condition.SANS_REPONSE, FIN, "q2"), "Si la personne n’a pas répondu à « Question q2 ? »"),
    ],
)
def test_chaque_condition_se_lit(saut, phrase):
    page = Page("p1", "Le square", (question("q1"), question("q2", Genre.NOMBRE)), (saut,))
    questionnaire = Questionnaire((page, Page("p2", "Et après", (question("q3"),))))
    premier, *suite = chemins_de(questionnaire, page)
    assert (premier.si, premier.arrivee, premier.rang, premier.est_sain) == (phrase, "la fin", 0, True)
    attendue = [] if saut.condition == Condition.TOUJOURS else [("Sinon", "page 2, « Et après »", None)]
    assert [(c.si, c.arrivee, c.rang) for c in suite] == attendue


def test_un_saut_qui_pend_se_voit():
    page = Page("p1", elements=(question("q1"),), sauts=(Saut(Condition.CHOISI, "p9", "q9", "a"),))
    chemin = chemins_de(Questionnaire((page,)), page)[0]
    assert (chemin.arrivee, chemin.est_sain) == ("une page qui n’existe plus", False)


def changer(**champs):
    avant = une_page(question("q1"), question("q2", Genre.EXPLICATION, intitule="Le square a cent ans."))
    return avant, retouches.remplacer_element(avant, replace(avant.element("q1"), **champs))


CHANGEMENTS = {
    "rien": (avec_saut(), avec_saut(), []),
    "mots": (*changer(intitule="Viendrez-vous ?"), ["« Question q1 ? » devient « Viendrez-vous ? »."]),
    "réglage": (*changer(obligatoire=True), ["« Question q1 ? » : ses réglages changent."]),
    "choix": (
        *changer(choix=(Choix("b", "Non"), Choix("a", "Oui, bien sûr"), Choix("c", "Peut-être"))),
        [
            "« Question q1 ? » : « Oui » devient « Oui, bien sûr ».",
            "« Question q1 ? » : « Peut-être » est ajouté.",
            "« Question q1 ? » : l’ordre des choix change.",
        ],
    ),
    "choix retiré": (*changer(choix=(Choix("a", "Oui"),)), ["« Question q1 ? » : « Non » est retiré."]),
    "ajout": (
        avec_saut(),
        retouches.ajouter_element(avec_saut(), "p3", question("q4", Genre.DATE)),
        ["Ajouté : « Question q4 ? »."],
    ),
    "retrait": (avec_saut(), retouches.retirer_element(avec_saut(), "q3"), ["Retiré : « Question q3 ? »."]),
    "autre page": (
        avec_saut(),
        retouches.changer_de_page(avec_saut(), "q3", "p2"),
        ["« Question q3 ? » est maintenant sur une autre page."],
    ),
    "pages": (
        avec_saut(),
        retouches.titrer_page(retouches.ajouter_page(avec_saut(), Page("p4")), "p1", "Vous"),
        ["Une page de plus.", "La page 1 change de titre."],
    ),
    "page de moins": (
        avec_saut(),
        retouches.retirer_page(avec_saut(), "p2"),
        ["Une page de moins.", "Retiré : « Question q2 ? »."],
    ),
    "ordre des pages": (
        avec_saut(),
        retouches.deplacer_page(avec_saut(), "p3", -1),
        ["L’ordre des pages change.", "L’ordre des questions change."],
    ),
    "sauts": (avec_saut(), retouches.retirer_saut(avec_saut(), "p1", 0), ["Les sauts de la page 1 changent."]),
}


@pytest.mark.parametrize("cas", CHANGEMENTS)
def test_ce_qui_change_est_dit(cas):
    avant, apres, phrases = CHANGEMENTS[cas]
    assert changements(avant, apres) == phrases


@pytest.mark.parametrize(
    ("element", "mots"),
    [
        (question("q1", obligatoire=True), ["Un seul choix", "obligatoire"]),
        (question("q1", Genre.MULTIPLE, maximum=Decimal(1)), ["Plusieurs choix", "de 1 à 1"]),
        (
            question("q1", Genre.NOMBRE, minimum=Decimal("0.5"), maximum=Decimal(9), unite="km"),
            ["Nombre", "de 0,5 à 9", "km"],
        ),
        (question("q1", Genre.LIEU), ["Lieu sur la carte"]),
    ],
)
def test_un_element_se_resume_en_quelques_mots(element, mots):
    assert resumer(element) == mots
