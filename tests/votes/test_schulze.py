"""Schulze's method: examples of its author, what it promises, and what pref_voting finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.votes.elections import avec_bulletins, classements, melangee, ordres_stricts, rang_de, tirees
from tests.votes.oracles import importer
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Bulletin, Election, Genre

pytestmark = pytest.mark.sans_base

PROFILS, MARGES = importer("pref_voting.profiles_with_ties", "pref_voting.margin_based_methods")

depouiller = REGLES["schulze"].depouiller
RANGS = st.integers(1, 5)
QUELCONQUES = tirees(Genre.CLASSEMENT, RANGS)
NON_CLASSES = st.sampled_from(["dernier", "ignores"])


def test_exemple_de_45_votantes():
    """The example by which Schulze's method is explained everywhere (Wikipedia, « Schulze method »): E, A, C, B, D."""
    election = classements(
        "ABCDE",
        {
            "A>C>B>E>D": 5,
            "A>D>E>C>B": 5,
            "B>E>D>A>C": 8,
            "C>A>B>E>D": 3,
            "C>A>E>B>D": 7,
            "C>B>A>D>E": 2,
            "D>C>E>B>A": 7,
            "E>B>A>D>C": 8,
        },
    )

    compte = depouiller(election)

    assert compte.retenues == ("E", "A", "C", "B", "D")
    assert compte.mesures["duels"]["A"] == {"B": 20, "C": 26, "D": 30, "E": 22}
    assert compte.mesures["chemins"] == {
        "A": {"B": 28, "C": 28, "D": 30, "E": 24},
        "B": {"A": 25, "C": 28, "D": 33, "E": 24},
        "C": {"A": 25, "B": 29, "D": 29, "E": 24},
        "D": {"A": 25, "B": 28, "C": 28, "E": 24},
        "E": {"A": 25, "B": 28, "C": 28, "D": 31},
    }
    assert compte.egalites == ()


def test_capitale_du_tennessee():
    """Wikipedia, « Condorcet method »: Nashville beats each of the three others."""
    election = classements("MNCK", {"M>N>C>K": 42, "N>C>K>M": 26, "C>K>N>M": 15, "K>C>N>M": 17})

    compte = depouiller(election)

    assert compte.retenues == ("N", "C", "K", "M")
    assert compte.mesures["gagnante_de_condorcet"] == "N"


def test_ignorer_les_options_non_classees_elit_quelqu_un_d_autre():
    """Five people name A alone, three rank B before A: a blank means « below », or takes the five out of the duel."""
    election = classements("ABZ", {"A": 5, "B>A": 3, "Z": 1})

    assert depouiller(election, non_classes="dernier").retenues[0] == "A"
    assert depouiller(election, non_classes="ignores").retenues[0] == "B"


def test_victoires_et_marges_peuvent_elire_deux_personnes():
    """A cycle: the duel won by fewest ballots (B over C) is not the one won by least (A over B)."""
    election = classements("ABC", {"A>B": 40, "B>A": 35, "B>C": 30, "C>B": 10, "C>A": 35, "A>C": 20})

    victoires = depouiller(election, non_classes="ignores", force="victoires")
    marges = depouiller(election, non_classes="ignores", force="marges")

    assert victoires.retenues == ("C", "A", "B")
    assert victoires.mesures["chemins"]["C"] == {"A": 35, "B": 35}
    assert marges.retenues == ("B", "C", "A")
    assert marges.mesures["chemins"]["B"] == {"A": 15, "C": 20}
    assert victoires.mesures["gagnante_de_condorcet"] is None


def test_surnombre_et_rang_saute_sont_des_parametres():
    election = classements("ABC", {"A=B>C": 3, "C>B>A": 2, "C>>>A": 2})

    assert depouiller(election).mesures["duels"]["A"] == {"B": 2, "C": 3}
    assert depouiller(election, surnombre="nul").mesures["nuls"] == 3
    assert depouiller(election, surnombre="nul").mesures["duels"]["A"]["C"] == 0
    assert depouiller(election, surnombre="arret").mesures["duels"]["A"]["C"] == 0
    assert depouiller(election, rang_saute="arret").mesures["duels"]["A"]["B"] == 0
    assert depouiller(election, rang_saute="arret-apres-deux").mesures["duels"]["A"]["B"] == 0
    un_seul = classements("ABC", {"C>>A": 1})
    assert depouiller(un_seul, rang_saute="arret-apres-deux").mesures["duels"]["A"]["B"] == 1
    assert depouiller(un_seul, rang_saute="arret").mesures["duels"]["A"]["B"] == 0


def test_le_sort_publie_decide_entre_egales():
    election = classements("ABC", {"A>B>C": 1, "B>A>C": 1})

    assert depouiller(election).retenues == ("A", "B", "C")
    compte = depouiller(election, ordre_du_sort=("C", "B", "A"))
    assert compte.retenues == ("B", "A", "C")
    assert compte.classement == (("B", "A"), ("C",))
    assert compte.egalites == ({"options": ["B", "A"], "decidee_par": "sort"},)


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"ordre_du_sort": ("A",)}, "oublie une option : « B »"),
        ({"ordre_du_sort": ("A", "B", "Z")}, "n'existe pas : « Z »"),
        ({"ordre_du_sort": ("A", "A")}, "donne deux fois le même nom"),
        (
            {"non_classes": "premiers"},
            "« premiers » n'est pas une valeur possible de « non-classes » : dernier, ignores",
        ),
        ({"places": 3}, "La règle retient 3 options, et il n'y en a que 2"),
        ({"places": -1}, "« places » ne peut pas être négatif"),
    ],
)
def test_parametres_refuses(valeurs, phrase):
    with pytest.raises(RegleInvalide, match=phrase):
        depouiller(classements("AB", {"A>B": 1}), **valeurs)


def test_un_rang_zero_est_refuse():
    with pytest.raises(RegleInvalide, match="le premier rang est 1"):
        depouiller(Election(Genre.CLASSEMENT, classements("AB", {}).options, (Bulletin(((0, 0), (1, 1))),)))


def test_sans_bulletin_tout_est_egal():
    assert depouiller(classements("AB", {})).classement == (("A", "B"),)
    assert depouiller(classements("AB", {"": 3})).mesures["blancs"] == 3


@given(QUELCONQUES, NON_CLASSES)
def test_les_duels_sont_ceux_que_l_on_compte_un_par_un(election, non_classes):
    duels = depouiller(election, non_classes=non_classes).mesures["duels"]

    for a, premiere in enumerate(election.options):
        for b, seconde in enumerate(election.options):
            if a == b:
                continue
            attendu = 0
            for bulletin in election.bulletins:
                rangs = dict(bulletin.notes)
                if non_classes == "dernier":
                    prefere = rangs.get(a, 99) < rangs.get(b, 99)
                else:
                    prefere = a in rangs and b in rangs and rangs[a] < rangs[b]
                attendu += bulletin.poids * prefere
            assert duels[premiere.cle][seconde.cle] == attendu


def test_plus_de_125_options():
    """Ranks no longer fit in one byte."""
    cles = [f"o{numero}" for numero in range(200)]
    election = classements(cles, {">".join(cles): 3, ">".join(reversed(cles)): 2})

    compte = depouiller(election)

    assert compte.retenues == tuple(cles)
    assert compte.mesures["duels"]["o0"]["o199"] == 3
    assert compte.mesures["duels"]["o199"]["o0"] == 2


@given(QUELCONQUES, st.integers())
def test_l_ordre_des_bulletins_ne_change_rien(election, graine):
    assert depouiller(melangee(election, graine)) == depouiller(election)


@given(QUELCONQUES, NON_CLASSES, st.sampled_from(["victoires", "marges"]))
def test_la_gagnante_de_condorcet_est_elue_seule(election, non_classes, force):
    compte = depouiller(election, non_classes=non_classes, force=force)

    if gagnante := compte.mesures["gagnante_de_condorcet"]:
        assert compte.classement[0] == (gagnante,)


@given(ordres_stricts(complets=True), st.data())
def test_monter_la_gagnante_ne_lui_nuit_pas(election, data):
    """Monotonicity (Schulze 2011, 4.5)."""
    gagnante = depouiller(election).classement[0][0]
    place = next(rang for rang, option in enumerate(election.options) if option.cle == gagnante)
    if not election.bulletins:
        return
    choisi = data.draw(st.integers(0, len(election.bulletins) - 1))
    bulletins = list(election.bulletins)
    autres = [note for note in sorted(bulletins[choisi].notes, key=lambda note: note[1]) if note[0] != place]
    bulletins[choisi] = Bulletin(
        tuple(sorted([(place, 1), *((autre, rang) for rang, (autre, _) in enumerate(autres, 2))])),
        bulletins[choisi].poids,
    )

    assert rang_de(depouiller(avec_bulletins(election, bulletins)).classement, gagnante) == 0


@given(ordres_stricts(complets=True))
def test_l_envers_n_elit_pas_la_meme(election):
    """Reversal symmetry (Schulze 2011, 4.4)."""
    premieres = depouiller(election).classement[0]
    nombre = len(election.options)
    if len(premieres) > 1 or nombre == 1:
        return
    envers = [
        Bulletin(tuple((place, nombre + 1 - rang) for place, rang in bulletin.notes), bulletin.poids)
        for bulletin in election.bulletins
    ]

    assert depouiller(avec_bulletins(election, envers)).classement[0] != premieres


@given(QUELCONQUES, NON_CLASSES)
def test_les_gagnantes_sont_celles_de_pref_voting(election, non_classes):
    if not election.bulletins:
        return
    profil = PROFILS.ProfileWithTies(
        [dict(bulletin.notes) for bulletin in election.bulletins],
        rcounts=[bulletin.poids for bulletin in election.bulletins],
        candidates=list(range(len(election.options))),
    )
    if non_classes == "dernier":
        profil.use_extended_strict_preference()
    cles = [option.cle for option in election.options]

    for force, mesure in (("marges", profil.margin), ("victoires", profil.support)):
        attendues = MARGES.beat_path(profil, strength_function=mesure)
        assert sorted(depouiller(election, non_classes=non_classes, force=force).classement[0]) == [
            cles[place] for place in sorted(attendues)
        ]
