"""`.pb` files: everything kept, and every fault said with its line."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.votes.budgets import elections
from votes.fichiers import pabulib
from votes.fichiers.fautes import FichierInvalide
from votes.regles.election import Bulletin, Election, Genre, Option

pytestmark = pytest.mark.sans_base

APPROBATION = """META
key;value
description;Un budget inventé
budget;100000.0
vote_type;approval
num_projects;3
num_votes;4
min_length;1
max_length;3
note de la ville;gardée
PROJECTS
project_id;cost;votes;name;category;district;couleur
1;30000.50;2;"Un banc; une table";sport,jeux;Nord;bleu
b2;4000;1;Le "grand" parc;;Sud;
3;0;0;;nature;;vert
VOTES
voter_id;vote;age;district
v1;1,b2;34;Nord
v2;1;;Sud
v3;;17;
v4; 3 ;20;Nord
"""
POINTS = """META
key;value
budget;500
vote_type;cumulative
PROJECTS
project_id;cost;score
1;300;5
2;300;1
VOTES
voter_id;vote;points
a;1,2;3,1.0
b;1,2;2,0
"""


def lire(texte, **options):
    return pabulib.lire_octets(texte.encode() if isinstance(texte, str) else texte, **options)


def faute(texte, **options):
    with pytest.raises(FichierInvalide) as levee:
        lire(texte, **options)
    return levee.value


# --- Reading ------------------------------------------------------------------------------------------------------------


def test_une_election_d_approbations():
    election = pabulib.election_de(lire(APPROBATION))

    assert election == Election(
        Genre.APPROBATION,
        (
            Option("1", "Un banc; une table", 3_000_050, "Nord", ("sport", "jeux")),
            Option("b2", 'Le "grand" parc', 400_000, "Sud"),
            Option("3", "3", 0, "", ("nature",)),
        ),
        (
            Bulletin(((0, 1), (1, 1)), territoire="Nord"),
            Bulletin(((0, 1),), territoire="Sud"),
            Bulletin(()),
            Bulletin(((2, 1),), territoire="Nord"),
        ),
        budget=10_000_000,
    )


def test_une_election_par_points():
    """Zero points are no support; 1.0 is one point."""
    election = pabulib.election_de(lire(POINTS))

    assert election.genre == Genre.POINTS
    assert [bulletin.notes for bulletin in election.bulletins] == [((0, 3), (1, 1)), ((0, 2),)]


@pytest.mark.parametrize(
    ("genre", "vote", "attendu", "en_points"),
    [
        ("choose-1", "2", ((1, 1),), ((1, 1),)),
        ("ordinal", "2,1", ((0, 2), (1, 1)), ((0, 2), (1, 3))),
        ("scoring", "2,1", ((0, 3), (1, 2)), ((0, 3), (1, 2))),
    ],
)
def test_les_autres_genres(genre, vote, attendu, en_points):
    texte = (
        POINTS.replace("cumulative", f"{genre}\nmax_length;3")
        .replace("1,2;3,1.0", f"{vote};2,3")
        .replace("1,2;2,0", ";")
    )
    fichier = lire(texte)

    assert pabulib.election_de(fichier).bulletins[0].notes == attendu
    assert pabulib.election_de(fichier, rangs_en_points=True).bulletins[0].notes == en_points
    assert pabulib.election_de(fichier).bulletins[1].notes == ()


def test_le_score_d_un_classement_est_celui_de_ses_rangs():
    ecrit = POINTS.replace("cumulative", "ordinal\nmax_length;3").replace("1,2;3,1.0", "2,1").replace("1,2;2,0", "1")

    assert pabulib.ecarts(lire(ecrit.replace("2;300;1", "2;300;3"))) == {"score": {}}
    assert pabulib.ecarts(lire(ecrit)) == {"score": {"2": (1, 3)}}


def test_ce_que_la_ville_publie():
    fichier = lire(APPROBATION)

    assert fichier.meta["note de la ville"] == "gardée"
    assert fichier.colonne("couleur") == {"1": "bleu", "b2": "", "3": "vert"}
    assert fichier.colonne("selected") == {}
    assert fichier.publiees is None
    assert lire(APPROBATION.replace("couleur", "selected").replace("bleu", "1").replace("vert", "0")).publiees == ("1",)
    # 2 and 3 are for what the rule did not choose; the comment of the file says what they mean.
    assert lire(APPROBATION.replace("couleur", "selected").replace("bleu", "1").replace("vert", "2")).publiees == ("1",)
    assert fichier.seuil == 0
    assert lire(APPROBATION.replace("min_length;1", "min_project_score_threshold;2")).seuil == 2
    with pytest.raises(FichierInvalide, match="min_project_score_threshold"):
        _ = lire(APPROBATION.replace("min_length;1", "min_project_score_threshold;deux")).seuil


@pytest.mark.parametrize(
    ("ecrite", "centimes"),
    [("1 234 567", 123_456_700), ("1\u00a0234,5", 123_450), ("12\u202f000.00", 1_200_000), ("49275,00", 4_927_500)],
)
def test_des_sommes_comme_on_les_ecrit(ecrite, centimes):
    assert lire(APPROBATION.replace("100000.0", ecrite)).budget == centimes


@pytest.mark.parametrize("ecrite", ["100,000", "1,000,000", "1 00", "12 34 567", "1000 000"])
def test_une_somme_qui_se_lit_de_deux_facons_est_refusee(ecrite):
    levee = faute(APPROBATION.replace("100000.0", ecrite))

    assert levee.ligne == 4
    assert f"« {ecrite} »" in str(levee)


def test_une_cle_suivie_de_deux_points():
    """The example of the format's own description has « rule: greedy »."""
    assert lire(APPROBATION.replace("min_length;1", "rule: greedy")).meta["rule"] == "greedy"


def test_les_ecarts_avec_les_totaux_du_fichier():
    """The file says no vote for 3, which has one; and one point for 2, which is right."""
    assert pabulib.ecarts(lire(APPROBATION)) == {"votes": {"3": (0, 1)}}
    assert pabulib.ecarts(lire(POINTS)) == {"score": {}}
    assert pabulib.ecarts(lire(POINTS.replace("2;300;1", "2;300;").replace("1;300;5", "1;300;4"))) == {
        "score": {"1": (4, 5)}
    }


@pytest.mark.parametrize(
    ("texte", "somme"),
    [("100000.0", 10_000_000), ("0.1", 10), ("12,34", 1234), ("7", 700), ("7.", 700), ("1.500", 150), ("-0", 0)],
)
def test_une_somme_est_exacte(texte, somme):
    assert pabulib.centimes(texte) == somme


# --- Writing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fin", ["\n", "\r\n"])
@pytest.mark.parametrize("marque", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("texte", [POINTS, POINTS.removesuffix("\n"), APPROBATION.replace('"grand"', "grand")])
def test_les_memes_octets(texte, fin, marque):
    octets = marque + texte.replace("\n", fin).encode()

    assert pabulib.ecrire(lire(octets)) == octets


def test_relire_ce_qu_on_ecrit():
    fichier = lire(APPROBATION)

    assert lire(pabulib.ecrire(fichier)) == fichier


# Text as people type it: spaces at its ends, semicolons and quotes in it.
BIZARRES = [
    ("comment;#1: a; #2: b", "#1: a; #2: b"),
    ('comment;voir; "le parc" ; et la suite', 'voir; "le parc" ; et la suite'),
    ("comment; une phrase ", " une phrase "),
    ("comment;a ; b;;", "a ; b"),
    ("comment;a ;  ; ;", "a "),
    ('comment;"a; ";', "a; "),
    ('comment;"fin;"', "fin;"),
    ('"comment";"a; b"', "a; b"),
    (" comment ;;", ""),
]


@pytest.mark.parametrize("fin", ["\n", "\r\n"])
@pytest.mark.parametrize(("ligne", "valeur"), BIZARRES)
def test_un_texte_de_la_ville_est_garde_comme_elle_l_a_ecrit(ligne, valeur, fin):
    fichier = lire(POINTS.replace("budget", f"{ligne}\nbudget").replace("\n", fin))

    assert (fichier.meta["comment"], fichier.dit("comment")) == (valeur, valeur.strip())
    assert lire(pabulib.ecrire(fichier)) == fichier


def test_les_espaces_des_cellules_reviennent():
    texte = (
        APPROBATION.replace('b2;4000;1;Le "grand" parc;', " b2 ; 4000;1;Nom avec espace ;")
        .replace("100000.0", " 100000.0 ")
        .replace("v2;1;;Sud", " v2;1, b2 ;;Sud ")
    )
    fichier = lire(texte)
    election = pabulib.election_de(fichier)

    assert pabulib.ecrire(fichier).decode() == texte
    assert (election.options[1].cle, election.options[1].titre, election.options[1].cout) == (
        "b2",
        "Nom avec espace",
        400_000,
    )
    assert (election.budget, election.bulletins[1]) == (10_000_000, Bulletin(((0, 1), (1, 1)), territoire="Sud"))


# A line of its own that is a heading is where a quote that nobody closed is found out: no text holds one.
CELLULE = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)
    | st.lists(st.sampled_from([" ", ";", '"', ",", "a", "\t", "\n"]), max_size=8).map("".join)
).filter(lambda texte: not any(ligne.strip(" ;") in pabulib.SECTIONS for ligne in texte.split("\n")))


@settings(deadline=None, max_examples=150)
@given(
    titres=st.lists(CELLULE, min_size=2, max_size=2),
    valeur=CELLULE,
    marque=st.booleans(),
)
def test_n_importe_quel_texte_fait_l_aller_retour(titres, valeur, marque):
    fichier = lire(POINTS)
    fichier = replace(
        fichier,
        meta={**fichier.meta, "commentaire": valeur},
        colonnes_projets=("project_id", "name", "cost"),
        projets=tuple((str(n), titre, "3") for n, titre in enumerate(titres, 1)),
        marque=marque,
    )

    assert lire(pabulib.ecrire(fichier)) == fichier


@settings(deadline=None, max_examples=80)
@given(election=elections())
def test_une_election_fait_l_aller_retour(election):
    fichier = pabulib.fichier_de(election, meta={"description": "Essai"}, retenues=["p0"])
    relu = lire(pabulib.ecrire(fichier))

    assert relu == fichier
    assert relu.publiees == ("p0",)
    relue = pabulib.election_de(relu)
    assert (relue.genre, relue.bulletins, relue.budget) == (election.genre, election.bulletins, election.budget)
    assert [(o.cle, o.cout) for o in relue.options] == [(o.cle, o.cout) for o in election.options]
    assert not any(pabulib.ecarts(relu).values())


def test_les_voix_d_un_classement_sont_ses_bulletins():
    """`votes` is how many ballots name a project; a sum of ranks would tell the last one as the most voted."""
    bulletins = (Bulletin(((0, 1), (1, 2)), poids=3), Bulletin(((0, 2), (1, 1))), Bulletin(((1, 1),)), Bulletin())
    fichier = pabulib.fichier_de(Election(Genre.CLASSEMENT, (Option("a"), Option("b")), bulletins))

    assert fichier.colonne("votes") == {"a": "4", "b": "5"} and fichier.colonne("score") == {}
    assert not any(pabulib.ecarts(lire(pabulib.ecrire(fichier))).values())


def test_des_mentions_ne_s_ecrivent_pas():
    with pytest.raises(ValueError, match="mentions"):
        pabulib.fichier_de(Election(Genre.MENTIONS, (Option("a"),), (), mentions=3))


# --- Tolerance ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda texte: "\ufeff" + texte,
        lambda texte: texte.replace("\n", "\r\n"),
        lambda texte: texte.replace("\n", "  \n"),
        lambda texte: texte.replace("\n", ";\n"),
        lambda texte: texte.replace("\n", "\n\n"),
        lambda texte: texte.replace("1,2;3", "1, 2 ; 3"),
        lambda texte: texte.replace("META\n", "META;;\n"),
        lambda texte: texte.replace("key;value\n", ""),
    ],
)
def test_ce_qui_ne_change_pas_le_sens(change):
    assert pabulib.election_de(lire(change(POINTS))) == pabulib.election_de(lire(POINTS))


def test_un_texte_cite_sur_plusieurs_lignes():
    texte = APPROBATION.replace('"Un banc; une table"', '"Un ""banc"" ;\nune table"')

    assert pabulib.election_de(lire(texte)).options[0].titre == 'Un "banc" ;\nune table'
    assert lire(pabulib.ecrire(lire(texte))) == lire(texte)
    # Lines are still those of the file.
    assert faute(texte.replace("v2;1", "v2;9")).ligne == 20


# --- Faults -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("avant", "apres", "ligne", "raison"),
    [
        ("v2;1", "v2;9", 19, "le projet « 9 », qui n'existe pas"),
        ("v1;1,b2", "v1;1,1", 18, "deux fois le projet « 1 »"),
        ("v2;1", "v1;1", 19, "le bulletin « v1 » vient deux fois"),
        ("v2;1", ";1", 19, "l'identifiant du bulletin manque"),
        ("b2;4000", "1;4000", 14, "le projet « 1 » vient deux fois"),
        ("b2;4000", "b2;-4000", 14, "« -4000 » est négatif"),
        ("b2;4000", "b2;quatre", 14, "« quatre » n'est pas une somme"),
        ("b2;4000", "b2;nan", 14, "« nan » n'est pas une somme"),
        ("b2;4000", "b2;1e9", 14, "« 1e9 » n'est pas une somme"),
        ("b2;4000", "b2;4000.001", 14, "plus précis que le centime"),
        ("b2;4000", "b2;", 14, "n'est pas une somme"),
        ("b2;4000", "b,2;4000", 14, "contient une virgule"),
        ("b2;4000;1;", "b2;4000;1;;;;;;", 14, "il faut 7 cellules, il y en a 12"),
        ('b2;4000;1;Le "grand" parc;;Sud;', "b2", 14, "il faut 7 cellules, il y en a 1"),
        ("budget;100000.0\n", "", 1, "« budget » manque"),
        ("vote_type;approval\n", "", 1, "« vote_type » manque"),
        ("vote_type;approval", "vote_type;magie", 5, "« magie » n'est pas connu"),
        ("budget;100000.0", "budget;beaucoup", 4, "le budget ne se lit pas"),
        ("budget;100000.0", "budget;-1", 4, "négatif"),
        ("num_votes;4", "num_votes;5", 7, "annonce 5 bulletins, le fichier en contient 4"),
        ("num_projects;3", "num_projects;2", 6, "annonce 2 projets, le fichier en contient 3"),
        ("num_votes;4", "num_votes;quatre", 7, "« quatre » n'est pas un nombre entier"),
        ("min_length;1", "budget;1", 8, "« budget » est dit deux fois"),
        ("min_length;1", "min_length", 8, "une clé, un point-virgule et une valeur"),
        ("project_id;cost", "project;cost", 12, "la colonne « project_id » manque dans la section PROJECTS"),
        ("project_id;cost;votes", "project_id;cost;cost", 12, "une colonne vient deux fois"),
        ("voter_id;vote", "voter_id;choix", 17, "la colonne « vote » manque dans la section VOTES"),
        ("VOTES\n", "", None, "la section VOTES manque"),
        ("VOTES\n", "VOTE\n", 16, "« VOTE » n'est pas une section ; celle qui manque est VOTES"),
        ("META\n", "", 1, "commencer par la ligne META"),
        ("PROJECTS\n", "VOTES\n", 11, "la section PROJECTS doit venir avant VOTES"),
        ("VOTES\n", "PROJECTS\n", 16, "la section PROJECTS vient deux fois"),
        ('"Un banc; une table"', '"Un banc; une table', 13, "n'est pas fermé"),
        ("approval", "cumulative", 17, "la colonne « points » manque"),
        ("approval", "choose-1", 18, "2 projets, il n'en faut qu'un"),
    ],
)
def test_une_faute_dit_sa_ligne(avant, apres, ligne, raison):
    assert APPROBATION.count(avant) == 1
    levee = faute(APPROBATION.replace(avant, apres), nom="ville.pb")

    assert levee.ligne == ligne
    assert raison in str(levee)
    assert str(levee).startswith("ville.pb, ligne" if ligne else "ville.pb :")


@pytest.mark.parametrize(
    ("points", "raison"),
    [
        ("3", "que de projets (2), il y en a 1"),
        ("3,x", "« x » n'est pas"),
        ("3,-1", "« -1 » est négatif"),
        ("3,1.5", "« 1.5 »"),
        ("3,1000000001", "« 1000000001 » dépasse un milliard"),
    ],
)
def test_des_points_qui_ne_vont_pas(points, raison):
    levee = faute(POINTS.replace("3,1.0", points))

    assert (levee.ligne, raison in str(levee)) == (11, True)


@pytest.mark.parametrize(
    ("texte", "borne", "dehors"),
    [
        (APPROBATION, "min_length;1", []),  # the third ballot is blank
        (APPROBATION, "max_length;1", ["v1"]),
        (APPROBATION, "min_length;2", ["v2", "v4"]),
        (APPROBATION, "max_sum_cost;30000.50", ["v1"]),
        (APPROBATION, "min_sum_cost;1.0", ["v4"]),
        (POINTS, "max_points;2", ["a"]),
        (POINTS, "min_points;1", ["b"]),  # 2 and 0
        (POINTS, "max_sum_points; 3.0 ", ["a"]),
        (POINTS, "min_sum_points;3", ["b"]),
        (POINTS, "max_points;beaucoup", []),
        (POINTS, "min_length;2", []),
    ],
)
def test_les_bulletins_hors_des_bornes_du_fichier(texte, borne, dehors):
    ecrit = texte.replace("min_length;1\nmax_length;3\n", "").replace("vote_type", f"{borne}\nvote_type")
    fichier = lire(ecrit)

    trouves = pabulib.hors_bornes(fichier)

    assert [fichier.votes[place][0] for place in trouves] == dehors
    assert [ecrit.splitlines()[fichier.lignes[place] - 1].partition(";")[0] for place in trouves] == dehors
    assert set(trouves.values()) <= {borne.partition(";")[0]}


@pytest.mark.parametrize(("defaut", "lisible"), [("0", True), ("0.0", True), ("", True), ("1", False), ("-10", False)])
def test_des_points_donnes_sans_etre_ecrits_ne_se_perdent_pas(defaut, lisible):
    ecrit = POINTS.replace("cumulative", f"scoring\ndefault_score;{defaut}")
    if lisible:
        assert pabulib.election_de(lire(ecrit)).totaux() == [5, 1]
    else:
        assert (faute(ecrit).ligne, "default_score" in str(faute(ecrit))) == (5, True)


def test_ce_qui_n_est_pas_un_texte():
    assert "UTF-8" in str(faute(APPROBATION.encode("utf-16")))
    assert "UTF-8" in str(faute(b"META\0"))
    assert faute(APPROBATION.replace("inventé", "\udce9").encode(errors="surrogateescape")).ligne == 3
    assert "la section META manque" in str(faute(b""))


def test_un_fichier_trop_gros_est_refuse_sans_etre_lu(tmp_path):
    gros = tmp_path / "gros.pb"
    gros.write_text(POINTS)

    with pytest.raises(FichierInvalide, match=r"gros\.pb : ce fichier dépasse"):
        pabulib.lire(gros, taille_maximale=10)
    assert pabulib.lire(gros).budget == 50_000
    with pytest.raises(FichierInvalide, match="ce fichier n'existe pas"):
        pabulib.lire(tmp_path / "absent.pb")


def test_un_guillemet_oublie_ne_fait_pas_relire_tout_le_fichier():
    texte = APPROBATION.replace("num_votes;4\n", "").replace("v1;1,b2", '"v1;1,b2') + "".join(
        f"w{n};1;;\n" for n in range(20_000)
    )

    assert faute(texte).ligne == 17
