"""What is typed, kind by kind: read, or refused with one sentence beside the question."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from consultations.questionnaire import Choix, Genre, Questionnaire, QuestionnaireIllisible
from consultations.valeurs import Valeur, ecrire, lire
from tests.consultations.fabriques import de_chaque_genre, question

pytestmark = pytest.mark.sans_base

TROIS = (Choix("a", "Le banc"), Choix("b", "L’arbre"), Choix("c", "La fontaine"))

LUES = {
    "unique": (question(), {"q1": ["a"]}, Valeur(choix=("a",))),
    "autre": (
        question(avec_autre=True),
        {"q1": ["autre"], "q1.autre": ["un kiosque"]},
        Valeur(choix=("autre",), autre="un kiosque"),
    ),
    "multiple_dans_l_ordre_de_la_liste": (
        question(genre=Genre.MULTIPLE, choix=TROIS),
        {"q1": ["c", "a", "c"]},
        Valeur(choix=("a", "c")),
    ),
    "matrice": (question(genre=Genre.MATRICE), {"q1.l1": ["a"], "q1.l2": ["b"]}, Valeur(lignes={"l1": "a", "l2": "b"})),
    "matrice_a_moitie": (question(genre=Genre.MATRICE), {"q1.l2": ["b"]}, Valeur(lignes={"l2": "b"})),
    "classement": (
        question(genre=Genre.CLASSEMENT, choix=TROIS),
        {"q1.rang.a": ["2"], "q1.rang.b": ["1"]},
        Valeur(choix=("b", "a")),
    ),
    "echelle": (question(genre=Genre.ECHELLE), {"q1": ["7"]}, Valeur(nombre=Decimal(7))),
    "nombre_a_la_francaise": (
        question(genre=Genre.NOMBRE, decimales=2),
        {"q1": [" 1\N{NARROW NO-BREAK SPACE}234,5 "]},
        Valeur(nombre=Decimal("1234.5")),
    ),
    "date": (question(genre=Genre.DATE), {"q1": ["2027-02-28"]}, Valeur(date=datetime.date(2027, 2, 28))),
    "date_ecrite": (question(genre=Genre.DATE), {"q1": ["28/2/2027"]}, Valeur(date=datetime.date(2027, 2, 28))),
    "texte": (question(genre=Genre.TEXTE_COURT), {"q1": ["  deux   mots\u200b "]}, Valeur(texte="deux mots")),
    "fichier": (question(genre=Genre.FICHIER), {}, None),
    "rien": (question(), {}, None),
    "blanc": (question(genre=Genre.TEXTE_LONG), {"q1": ["   "]}, None),
}
REFUSEES = {
    "obligatoire": (question(obligatoire=True), {}, "attend une réponse"),
    "choix_force": (question(), {"q1": ["z"]}, "pas proposé"),
    "autre_sans_mots": (question(avec_autre=True), {"q1": ["autre"]}, "dites quoi"),
    "mots_sans_autre": (question(avec_autre=True), {"q1": ["a"], "q1.autre": ["un kiosque"]}, "cochez-le aussi"),
    "autre_non_propose": (question(), {"q1": ["autre"]}, "pas proposé"),
    "trop_peu": (question(genre=Genre.MULTIPLE, minimum=Decimal(2)), {"q1": ["a"]}, "au moins 2"),
    "trop": (question(genre=Genre.MULTIPLE, choix=TROIS, maximum=Decimal(1)), {"q1": ["a", "b"]}, "1 choix au plus"),
    "ligne_oubliee": (question(genre=Genre.MATRICE, obligatoire=True), {"q1.l1": ["a"]}, "« Le soir »"),
    "colonne_forcee": (question(genre=Genre.MATRICE), {"q1.l1": ["l1"]}, "pas proposé"),
    "place_double": (question(genre=Genre.CLASSEMENT), {"q1.rang.a": ["1"], "q1.rang.b": ["1"]}, "Deux choix"),
    "place_sautee": (question(genre=Genre.CLASSEMENT), {"q1.rang.a": ["2"]}, "se suivent"),
    "place_hors_bornes": (question(genre=Genre.CLASSEMENT), {"q1.rang.a": ["9"]}, "entre 1 et 2"),
    "pas_un_nombre": (question(genre=Genre.NOMBRE), {"q1": ["douze"]}, "en chiffres"),
    "infini": (question(genre=Genre.NOMBRE), {"q1": ["Infinity"]}, "en chiffres"),
    "exposant": (question(genre=Genre.NOMBRE), {"q1": ["1e5"]}, "en chiffres"),
    "virgule_de_trop": (question(genre=Genre.NOMBRE), {"q1": ["1,5"]}, "entier"),
    "hors_de_l_echelle": (question(genre=Genre.ECHELLE), {"q1": ["11"]}, "entre 0 et 10"),
    "date_qui_n_existe_pas": (question(genre=Genre.DATE), {"q1": ["2027-02-30"]}, "qui existe"),
    "date_trop_ancienne": (question(genre=Genre.DATE), {"q1": ["0001-01-01"]}, "qui existe"),
    "texte_trop_long": (question(genre=Genre.TEXTE_COURT), {"q1": ["x" * 201]}, "200 caractères au plus"),
    "point_a_moitie": (question(genre=Genre.LIEU), {"q1.latitude": ["47.2"]}, "latitude ou la longitude"),
    "fichier_obligatoire": (question(genre=Genre.FICHIER, obligatoire=True), {}, "attend une réponse"),
}


@pytest.mark.parametrize(("posee", "brut", "attendue"), LUES.values(), ids=LUES)
def test_ce_qui_se_lit(posee, brut, attendue):
    assert lire(posee, brut) == attendue


@pytest.mark.parametrize(("posee", "brut", "mots"), REFUSEES.values(), ids=REFUSEES)
def test_ce_qui_ne_se_lit_pas_se_dit_en_une_phrase(posee, brut, mots):
    with pytest.raises(ValidationError) as tort:
        lire(posee, brut)
    assert len(tort.value.messages) == 1 and mots in tort.value.messages[0]


@pytest.mark.parametrize("nom", [nom for nom, (_q, _b, valeur) in LUES.items() if valeur is not None])
def test_une_correction_repart_de_la_meme_valeur(nom):
    posee, _brut, valeur = LUES[nom]
    assert lire(posee, ecrire(posee, valeur)) == valeur


def test_un_questionnaire_de_tous_les_genres_se_relit():
    assert Questionnaire.de_json(de_chaque_genre().en_json()) == de_chaque_genre()


@pytest.mark.parametrize(
    "document",
    [None, [], {"pages": 3}, {"pages": [{"cle": 3}]}, {"page": []}, {"pages": [{"cle": "p", "elements": [{}]}]}],
)
def test_un_document_d_ailleurs_est_refuse(document):
    with pytest.raises(QuestionnaireIllisible):
        Questionnaire.de_json(document)
