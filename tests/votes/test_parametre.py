"""Parameters that speak of themselves: read, checked, published."""

import json
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from importlib.util import find_spec

import pytest

from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.parametre import CENTIMES, champ, decrire, lire_texte, publier, relire, verifier_choix

pytestmark = pytest.mark.sans_base

ECRITES = [regle for regle in REGLES.values() if find_spec(regle.module)]


@dataclass(frozen=True)
class Exemple:
    places: int = champ(0, "Combien.")
    pas: int = champ(100, "De combien.", unite=CENTIMES)
    part: Fraction = champ(Fraction(1, 2), "Part.")  # noqa: RUF009 - champ() is a dataclass field
    noms: tuple[str, ...] = champ((), "Noms.")
    capacites: tuple[int, ...] = champ((), "Capacités.")
    base: str = champ("un", "Base.", choix=("un", "deux"))
    strict: bool = champ(True, "Strict.")
    budget: int | None = champ(None, "Budget.", unite=CENTIMES)

    def __post_init__(self):
        verifier_choix(self)


@pytest.mark.parametrize(
    ("nom", "texte", "valeur"),
    [
        ("places", " 12 ", 12),
        ("pas", "1", 100),
        ("pas", "12,50", 1250),
        ("pas", "0.01", 1),
        ("part", "2/3", Fraction(2, 3)),
        ("part", "0,6", Fraction(3, 5)),
        ("noms", "a, b,c", ("a", "b", "c")),
        ("noms", "", ()),
        ("capacites", "1,2", (1, 2)),
        ("base", "deux", "deux"),
        ("strict", "non", False),
        ("budget", "1000", 100_000),
    ],
)
def test_ce_qui_est_tape_devient_une_valeur(nom, texte, valeur):
    declare, annotation = next((d, a) for d, a in decrire(Exemple) if d.name == nom)

    assert lire_texte(declare, annotation, texte) == valeur


@pytest.mark.parametrize(
    ("nom", "texte", "phrase"),
    [
        ("places", "douze", "« places » attend un nombre entier, pas « douze »."),
        ("pas", "0,001", "« pas » attend une somme, au centime"),
        ("pas", "un euro", "« pas » attend une somme"),
        ("part", "1/0", "« part » attend un nombre ou une fraction"),
        ("capacites", "1,x", "« capacites » attend un nombre entier, ou plusieurs entre des virgules"),
        ("strict", "peut-être", "« strict » attend oui ou non"),
    ],
)
def test_ce_qui_ne_se_lit_pas_le_dit(nom, texte, phrase):
    declare, annotation = next((d, a) for d, a in decrire(Exemple) if d.name == nom)

    with pytest.raises(RegleInvalide) as faute:
        lire_texte(declare, annotation, texte)
    assert phrase in str(faute.value)


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"base": "trois"}, "« trois » n'est pas une valeur possible de « base » : un, deux."),
        ({"places": -1}, "« places » ne peut pas être négatif."),
        ({"part": Fraction(-1, 2)}, "« part » ne peut pas être négatif."),
        ({"noms": ("a", "a")}, "« noms » donne deux fois le même nom."),
    ],
)
def test_ce_qui_est_refuse(valeurs, phrase):
    with pytest.raises(RegleInvalide) as faute:
        Exemple(**valeurs)
    assert str(faute.value) == phrase


def test_la_regle_publiee_dit_tout_meme_ce_qui_n_a_pas_ete_choisi():
    assert publier(Exemple(noms=("a",))) == {
        "places": 0,
        "pas": 100,
        "part": "1/2",
        "noms": ["a"],
        "capacites": [],
        "base": "un",
        "strict": True,
        "budget": None,
    }


@pytest.mark.parametrize("regle", ECRITES, ids=lambda regle: regle.nom)
def test_chaque_regle_explique_chacun_de_ses_parametres(regle):
    assert is_dataclass(regle.parametres)
    for declare in fields(regle.parametres):
        assert declare.metadata["aide"].endswith("."), declare.name
        if declare.metadata["choix"]:
            assert declare.default in declare.metadata["choix"]
    assert json.loads(json.dumps(publier(regle.parametres()))) == publier(regle.parametres())


@pytest.mark.parametrize("regle", ECRITES, ids=lambda regle: regle.nom)
def test_une_regle_publiee_ne_change_plus(regle):
    parametres = regle.parametres()

    with pytest.raises(AttributeError):
        setattr(parametres, fields(parametres)[0].name, 1)


@pytest.mark.parametrize("regle", ECRITES, ids=lambda regle: regle.nom)
def test_une_regle_publiee_se_relit(regle):
    parametres = regle.parametres()

    assert relire(regle.parametres, json.loads(json.dumps(publier(parametres)))) == parametres


def test_une_regle_publiee_avant_un_nouveau_parametre_se_relit_encore():
    assert relire(Exemple, {"part": "2/3", "noms": ["b", "a"]}) == Exemple(part=Fraction(2, 3), noms=("b", "a"))


@pytest.mark.parametrize(
    ("publies", "phrase"),
    [
        ({"couleur": "bleu"}, "La règle n'a pas de paramètre « couleur »."),
        ({"part": "beaucoup"}, "« part » attend un nombre ou une fraction, pas « beaucoup »."),
        ({"base": "trois"}, "« trois » n'est pas une valeur possible"),
    ],
)
def test_une_regle_publiee_qui_ne_se_relit_pas(publies, phrase):
    with pytest.raises(RegleInvalide, match=phrase):
        relire(Exemple, publies)
