"""Majority judgment: median, gauge, removal, blanks, scales, and what pref_voting finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.votes.elections import avec_bulletins, election, melangee, rang_de, tirees
from tests.votes.oracles import importer
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Bulletin, Election, Genre, Option
from votes.regles.jugement_majoritaire import ECHELLES, classer_par_retrait, jauge

pytestmark = pytest.mark.sans_base

PROFILS, METHODES = importer("pref_voting.grade_profiles", "pref_voting.grade_methods")

depouiller = REGLES["jugement-majoritaire"].depouiller
GENEREES = tirees(Genre.MENTIONS, st.integers(0, 3), mentions=4)
COMPLETES = tirees(Genre.MENTIONS, st.integers(0, 3), mentions=4, complets=True)
DEPARTAGES = st.sampled_from(["jauge", "retrait", "jauge-puis-retrait"])
MEDIANES = st.sampled_from(["basse", "haute"])


def profils(mentions: int = 6, **nombres) -> Election:
    """An election where each option gets these numbers of grades, the worst first; complete ballots."""
    colonnes = {cle: [note for note, fois in enumerate(profil) for _ in range(fois)] for cle, profil in nombres.items()}
    lignes = zip(*colonnes.values(), strict=True)
    return election(
        Genre.MENTIONS,
        list(nombres),
        [(dict(zip(nombres, ligne, strict=True)), 1) for ligne in lignes],
        mentions=mentions,
    )


def retirer(profil, *, mediane: str):
    """The definition of Balinski and Laraki, letter by letter: majority grades, taken out one by one."""
    notes = sorted(note for note, fois in enumerate(profil) for _ in range(fois))
    valeur = []
    while notes:
        valeur.append(notes.pop((len(notes) - 1) // 2 if mediane == "basse" else len(notes) // 2))
    return valeur


def test_la_mediane_basse_ou_haute():
    election = profils(2, a=[2, 2])

    assert depouiller(election).totaux == {"a": 0}
    assert depouiller(election, mediane="haute").totaux == {"a": 1}


def test_la_jauge_departage():
    """Same grade: α+ is ahead of α−; between two +, more better grades; between two −, fewer worse grades."""
    election = profils(3, plus_grand=[1, 5, 4], plus_petit=[0, 7, 3], moins_petit=[3, 6, 1], moins_grand=[4, 5, 1])

    compte = depouiller(election, departage="jauge")

    assert compte.totaux == dict.fromkeys(("plus_grand", "plus_petit", "moins_petit", "moins_grand"), 1)
    assert compte.retenues == ("plus_grand", "plus_petit", "moins_petit", "moins_grand")
    assert compte.mesures["jauges"]["plus_grand"] == {"mention": 1, "mieux": 4, "moins": 1, "signe": "+", "total": 10}
    assert compte.mesures["profils"]["moins_grand"] == [4, 5, 1]
    assert compte.egalites == ()


def test_a_jauge_egale_le_retrait_puis_le_sort():
    """Same grade, as many better ones; removal reads further. The third has the second's very grades."""
    election = profils(4, a=[0, 3, 1, 1], b=[0, 3, 2, 0], c=[0, 3, 2, 0])
    sort = ("c", "b", "a")

    par_jauge = depouiller(election, departage="jauge", ordre_du_sort=sort)
    puis_retrait = depouiller(election, ordre_du_sort=sort)

    assert par_jauge.classement == (("c", "b", "a"),)
    assert puis_retrait.classement == (("a",), ("c", "b"))
    assert puis_retrait.egalites == (
        {"options": ["a", "b", "c"], "decidee_par": "retrait"},
        {"options": ["c", "b"], "decidee_par": "sort"},
    )


def test_un_blanc_vaut_la_pire_mention_ou_ne_juge_pas():
    blancs = election(Genre.MENTIONS, "ab", [({"a": 2, "b": 1}, 2), ({"b": 1}, 3), ({}, 4)], mentions=3)

    pire = depouiller(blancs)
    ignore = depouiller(blancs, blanc="ignore")
    sans_les_vides = depouiller(blancs, bulletins_blancs="exclus")

    assert pire.mesures["profils"] == {"a": [7, 0, 2], "b": [4, 5, 0]}
    assert pire.retenues == ("b", "a")
    assert ignore.mesures["profils"] == {"a": [0, 0, 2], "b": [0, 5, 0]}
    assert ignore.retenues == ("a", "b")
    assert sans_les_vides.mesures["profils"] == {"a": [3, 0, 2], "b": [0, 5, 0]}
    assert pire.mesures["blancs"] == 4


def test_une_option_que_personne_ne_juge_est_derniere():
    compte = depouiller(election(Genre.MENTIONS, "ab", [({"b": 1}, 3)], mentions=3), blanc="ignore")

    assert compte.retenues == ("b", "a")
    assert compte.mesures["profils"]["a"] == [0, 0, 0]


def test_les_quatre_mentions_de_paris():
    paris = profils(4, fontaine=[1, 1, 1, 2], banc=[2, 2, 1, 0])

    compte = depouiller(paris, mentions=("paris",))

    assert compte.mesures["mentions"] == ["Je ne suis pas convaincu·e", "Pourquoi pas", "J'aime bien", "Coup de cœur"]
    assert compte.totaux == {"fontaine": 2, "banc": 1}


def test_les_echelles_ont_le_nombre_de_mentions_de_leur_nom():
    assert {nom: len(mentions) for nom, mentions in ECHELLES.items()} == {"paris": 4, "cinq": 5, "six": 6, "sept": 7}


@pytest.mark.parametrize(
    ("valeurs", "phrase"),
    [
        ({"mentions": ("Bien",)}, "« Bien » n'est pas une échelle connue"),
        ({"mentions": ("sept",)}, "La règle nomme 7 mentions, les bulletins en ont 3"),
        ({"mentions": ("Bien", "Bien")}, "donne deux fois le même nom"),
        ({"departage": "dé"}, "n'est pas une valeur possible de « departage »"),
    ],
)
def test_parametres_refuses(valeurs, phrase):
    with pytest.raises(RegleInvalide, match=phrase):
        depouiller(profils(3, a=[1, 0, 0]), **valeurs)


@pytest.mark.parametrize(("note", "phrase"), [(3, "la meilleure est 2"), (-1, "la pire est 0")])
def test_une_mention_hors_de_l_echelle(note, phrase):
    with pytest.raises(RegleInvalide, match=phrase):
        depouiller(Election(Genre.MENTIONS, (Option("a"),), (Bulletin(((0, note),)),), mentions=3))


def test_sans_bulletin_le_sort_decide_de_tout():
    assert depouiller(election(Genre.MENTIONS, "ab", [], mentions=3), ordre_du_sort=("b", "a")).retenues == ("b", "a")


MEMES_TOTAUX = st.integers(1, 9).flatmap(
    lambda total: st.lists(
        st.lists(st.integers(0, 3), min_size=total, max_size=total).map(
            lambda notes: [notes.count(n) for n in range(4)]
        ),
        min_size=1,
        max_size=5,
    )
)


@given(MEMES_TOTAUX, MEDIANES)
def test_le_retrait_est_celui_de_balinski_et_laraki(tires, mediane):
    groupes = classer_par_retrait(tires, mediane=mediane)

    valeurs = [retirer(profil, mediane=mediane) for profil in tires]
    attendus = sorted({tuple(valeur) for valeur in valeurs}, reverse=True)
    assert [sorted(groupe) for groupe in groupes] == [
        [rang for rang, valeur in enumerate(valeurs) if tuple(valeur) == attendue] for attendue in attendus
    ]


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any), MEDIANES)
def test_la_jauge_est_celle_de_la_definition(profil, mediane):
    notes = sorted(note for note, fois in enumerate(profil) for _ in range(fois))
    une = jauge(profil, mediane=mediane)

    assert une.mention == notes[(len(notes) - 1) // 2 if mediane == "basse" else len(notes) // 2]
    assert une.mieux == sum(note > une.mention for note in notes)
    assert une.moins == sum(note < une.mention for note in notes)
    assert une.signe == (1 if une.mieux > une.moins or (une.mieux == une.moins and mediane == "haute") else -1)


@given(MEMES_TOTAUX, MEDIANES)
def test_la_jauge_dit_comme_le_retrait_la_ou_elle_departage(tires, mediane):
    total = sum(tires[0])
    jauges = [jauge(profil, mediane=mediane).cle(total) for profil in tires]
    valeurs = [retirer(profil, mediane=mediane) for profil in tires]

    for une, valeur in zip(jauges, valeurs, strict=True):
        for autre, autre_valeur in zip(jauges, valeurs, strict=True):
            assert une <= autre or valeur > autre_valeur


@given(GENEREES, DEPARTAGES, MEDIANES, st.integers())
def test_l_ordre_des_bulletins_ne_change_rien(election, departage, mediane, graine):
    valeurs = {"departage": departage, "mediane": mediane}

    assert depouiller(melangee(election, graine), **valeurs) == depouiller(election, **valeurs)


@given(GENEREES, DEPARTAGES, MEDIANES, st.data())
def test_une_meilleure_mention_ne_nuit_jamais(election, departage, mediane, data):
    if not election.bulletins:
        return
    place = data.draw(st.sampled_from(range(len(election.options))))
    choisi = data.draw(st.sampled_from(range(len(election.bulletins))))
    bulletins = list(election.bulletins)
    notes = dict(bulletins[choisi].notes)
    notes[place] = data.draw(st.integers(notes.get(place, 0), 3))
    bulletins[choisi] = Bulletin(tuple(sorted(notes.items())), bulletins[choisi].poids)
    cle = election.options[place].cle

    avant, apres = (
        depouiller(une, departage=departage, mediane=mediane).classement
        for une in (election, avec_bulletins(election, bulletins))
    )

    devant_avant = {autre for groupe in avant[: rang_de(avant, cle)] for autre in groupe}
    devant_apres = {autre for groupe in apres[: rang_de(apres, cle)] for autre in groupe}
    assert devant_apres <= devant_avant


@given(COMPLETES)
def test_les_gagnantes_sont_celles_de_pref_voting(election):
    if not election.bulletins:
        return
    profil = PROFILS.GradeProfile(
        [dict(bulletin.notes) for bulletin in election.bulletins],
        list(range(4)),
        gcounts=[bulletin.poids for bulletin in election.bulletins],
        candidates=list(range(len(election.options))),
    )

    attendues = METHODES.majority_judgement(profil)

    premieres = depouiller(election, departage="jauge").classement[0]
    assert sorted(premieres) == [election.options[place].cle for place in sorted(attendues)]
