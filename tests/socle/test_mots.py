"""French words: stems, trigrams, excerpts."""

import time

import pytest

from socle.mots import extrait, ordre_naturel, racines, racines_cherchees, se_retrouve, texte_nu, trigrammes

pytestmark = pytest.mark.sans_base

MEMES_RACINES = [
    ("vélo", "Vélos"),
    ("velo", "vélos"),
    ("école", "ECOLES"),
    ("œuvre", "oeuvres"),
    ("cyclable", "cyclables"),
    ("piétonne", "piétonnes"),
    ("été chaud", "été chauds"),
    ("l’ombre", "l'ombre"),
    ("le banc", "les bancs"),
    ("ve\u0301lo", "v\u00e9lo"),
]


@pytest.mark.parametrize(("l_un", "l_autre"), MEMES_RACINES)
def test_accents_majuscules_et_terminaisons_ne_comptent_pas(l_un, l_autre):
    assert racines(l_un) == racines(l_autre) != []


def test_ce_qui_ne_dit_rien_ne_compte_pas():
    assert racines("Je propose de la, et l’idée que nous en avons : * ( ) ' \" -- ; % _ \x00") == []


def test_une_recherche_garde_chaque_racine_une_fois_et_quarante_au_plus():
    assert racines_cherchees("banc bancs BANC ombre") == ["banc", "ombre"]
    assert len(racines_cherchees(" ".join(f"mot{n}" for n in range(100)))) == 40


def test_un_debut_de_mot_suffit_s_il_est_assez_long():
    assert se_retrouve("bibl", "bibliothequ") and not se_retrouve("bus", "business")


def test_les_trigrammes_sont_ceux_de_postgresql():
    # select show_trgm('un chat') : pg_trgm 1.6
    assert trigrammes("un chat") == {"  c", "  u", " ch", " un", "at ", "cha", "hat", "un "}


def test_le_texte_nu_n_a_que_des_mots():
    assert texte_nu("L’Été, « à vélo » !\n2 roues_libres") == "l ete a velo 2 roues libres"


def test_un_extrait_montre_les_mots_du_texte_d_origine_echappes():
    texte = "Les VÉLOS <b>électriques</b> & les autres."
    assert extrait(texte, "velo electrique") == (
        "Les <mark>VÉLOS</mark> &lt;b&gt;<mark>électriques</mark>&lt;/b&gt; &amp; les autres."
    )


def test_un_extrait_va_la_ou_sont_les_mots():
    texte = "Bla. " * 100 + "Une fontaine sur la place du marché, pour boire. " + "Bla. " * 100
    passage = extrait(texte, "fontaines marché")
    assert "<mark>fontaine</mark> sur la place du <mark>marché</mark>" in passage
    assert passage.startswith("… ") and passage.endswith(" …") and len(passage) < 220


def test_un_extrait_sans_mot_trouve_est_le_debut():
    assert extrait("Un texte court.", "fontaine") == "Un texte court."
    assert extrait("", "fontaine") == ""


ABSURDES = {
    "balises": "<a<a" * 12_500,
    "accents": "é" * 50_000,
    "parenthèses": "((((" * 12_500,
    "un mot": "mot " * 12_500,
    "des mots": " ".join(f"mot{n}" for n in range(8_000)),
    "à composer": "œ\u0301" * 25_000,
}


@pytest.mark.parametrize("cas", ABSURDES)
def test_un_texte_absurde_ne_coute_rien(cas):
    texte = ABSURDES[cas]
    debut = time.perf_counter()
    racines(texte), texte_nu(texte), extrait(texte, texte[:200])
    assert time.perf_counter() - debut < 0.5


def test_les_nombres_se_rangent_par_leur_valeur():
    noms = ["quartier 10", "quartier 2", "", "10 - sud", "2 - nord", "quartier", "quartier 1 bis"]
    assert sorted(noms, key=ordre_naturel) == [
        "", "2 - nord", "10 - sud", "quartier", "quartier 1 bis", "quartier 2", "quartier 10"
    ]  # fmt: skip
