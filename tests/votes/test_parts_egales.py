"""Equal shares: exact to the cent, the same as the article's own definition, whatever the ties."""

import json
import random
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.votes import reference
from tests.votes.budgets import approbations, elections, par_points
from votes.regles import achats, parts_egales
from votes.regles.budget import ouvrir
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import Interrompu, RegleInvalide
from votes.regles.election import Bulletin, Election, Genre, Option
from votes.regles.parts_egales import Parametres, compter

pytestmark = pytest.mark.sans_base
SOUVENT = settings(deadline=None, max_examples=100)


def compte(election, **valeurs):
    return compter(election, Parametres(**valeurs))


# --- Worked examples --------------------------------------------------------------------------------------------------


def test_exemple_de_proportionnalite():
    """Peters, Pierczyński, Skowron 2021, the opening idea: a majority cannot take everything.

    Six of ten people want three projects, four want two others, every project costs a fifth of the budget: the first
    group has what buys three, the second what buys two, and each gets them.
    """
    election = approbations(dict.fromkeys("abcde", 2000), ["abc"] * 6 + ["de"] * 4, 10000)

    assert compte(election).retenues == ("a", "b", "c", "d", "e")


def test_la_majorite_ne_prend_pas_tout():
    election = approbations(dict.fromkeys("abcdef", 2000), ["abcd"] * 6 + ["ef"] * 4, 10000)

    depouillement = compte(election, pas=0)

    assert depouillement.retenues == ("a", "b", "c", "e", "f")
    assert depouillement.dotation == 1000


def test_qui_a_moins_donne_tout_et_les_autres_completent():
    """By hand: 600 each. Five people pay 200 for a; b costs 900 and its supporters have 400 and 600: one gives all, the other 500."""
    election = approbations({"a": 1000, "b": 900}, ["a"] * 4 + ["ab", "b"], 3600)

    premier, second = compte(election, pas=0).tours

    assert (premier["option"], premier["prix"], premier["au_complet"]) == ("a", 200.0, 5)
    assert (second["option"], second["prix"], second["rho_exact"]) == ("b", 500.0, "5/9")
    assert (second["au_complet"], second["au_plus"], second["somme_au_plus"], second["moindre"]) == (1, 1, 400.0, 400.0)


def test_un_tour_dit_qui_a_paye():
    """a is bought by all four for 100 each; then b, 500, by the two that have 200 left and the one that never paid."""
    election = approbations({"a": 400, "b": 500}, ["ab", "ab", "a", "a", "b"], 1500)

    premier, second = compte(election, pas=0).tours

    assert (premier["option"], premier["rho_exact"], premier["au_complet"], premier["restait"]) == (
        "a",
        "1/4",
        4,
        1100.0,
    )
    # 200 + 200 + 300 is more than 500: 166.67 each, nobody gives all.
    assert (second["option"], second["rho_exact"], second["prix"]) == ("b", "1/3", pytest.approx(500 / 3))
    assert (second["au_complet"], second["au_plus"], second["restait"]) == (3, 0, 600.0)


def test_les_points_donnent_a_chacun_son_prix():
    """A supporter with two points pays twice what a supporter with one point pays, in both utilities."""
    election = par_points({"a": 900}, [{"a": 2}, {"a": 1}], 2000)

    for utilite, rho in (("cout", "1/3"), ("points", "300")):
        (tour,) = compte(election, utilite=utilite).tours
        assert (tour["prix"], tour["rho_exact"], tour["au_complet"], tour["moindre"]) == (300.0, rho, 2, 300.0)


def test_les_deux_utilites_ne_choisissent_pas_le_meme_projet():
    """The dear project has more votes; the cheap one costs each of its supporters less."""
    election = approbations({"c": 900, "p": 200}, ["cp", "cp", "c"], 960)

    assert compte(election, pas=0).retenues == ("c",)
    assert compte(election, pas=0, utilite="points").retenues == ("p",)


# --- The raise --------------------------------------------------------------------------------------------------------


def test_on_augmente_jusqu_au_dernier_pas_qui_tient():
    """Nobody affords its own project with 100; at 250 all three do, which exceeds; at 240 only two are bought."""
    election = approbations({"a": 210, "b": 240, "c": 250}, ["a", "b", "c"] + [""] * 3, 600)

    depouillement = compte(election, pas=10)

    assert depouillement.retenues == ("a", "b")
    assert (depouillement.dotation, depouillement.cout) == (240, 450)
    assert depouillement.mesures["arret"] == parts_egales.BUDGET
    assert (depouillement.mesures["depart"], depouillement.mesures["augmentations"]) == (100, 14)
    assert depouillement.mesures["cout_suivant"] == 700


def test_le_depart_au_pas_inferieur():
    election = approbations({"a": 500}, ["a", "", ""], 1000)

    assert compte(election, pas=0).dotation == 333
    assert compte(election, depart="pas").mesures["depart"] == 300
    assert compte(election, depart="pas").dotation == 500
    assert compte(election).dotation == 533


def test_arret_exhaustif():
    """At 200, a is bought and nothing else fits in what is left: the raise need not go on to the last step."""
    election = approbations({"a": 400, "b": 900}, ["ab", "a", "b"], 1000)

    assert compte(election, pas=10, arret_exhaustif=True).mesures["arret"] == parts_egales.EXHAUSTIF
    assert compte(election, pas=10, arret_exhaustif=True).dotation < compte(election, pas=10).dotation
    assert compte(election, pas=10, arret_exhaustif=True).retenues == compte(election, pas=10).retenues


def test_on_s_arrete_quand_tout_est_achete():
    election = approbations({"a": 100, "b": 100}, ["a", "b"], 100000)

    assert compte(election).mesures["arret"] == parts_egales.TOUT
    assert compte(election).retenues == ("a", "b")


def test_la_completion_depense_le_reste_par_les_voix():
    election = approbations({"a": 300, "b": 500, "c": 200}, ["a", "a", "a", "b", "b", "c"], 900)

    seule = compte(election, pas=0)
    completee = compte(election, pas=0, completion="plus-votes")

    assert seule.retenues == ("a",)
    assert completee.retenues == ("a", "b")
    assert [tour["option"] for tour in completee.tours if tour.get("completion")] == ["b", "c"]
    assert completee.tours[-1]["raison"] == "budget"
    assert completee.mesures["par_la_methode"] == 1


def test_le_seuil_ecarte_avant_de_compter():
    election = approbations({"a": 100, "b": 100}, ["a", "a", "b"], 1000)

    assert compte(election, seuil=2).retenues == ("a",)
    assert compte(election, seuil=2).mesures["ecartees_par_le_seuil"] == ["b"]


def test_un_projet_plus_cher_que_le_budget_ne_bloque_pas_la_montee():
    """It could only be bought by exceeding: without it, the raise goes on until the others are bought."""
    election = approbations({"a": 100000, "b": 400}, ["a", "a", "a", "b"], 800)

    assert compte(election).retenues == ("b",)


def test_une_categorie_a_son_maximum():
    options = (*(Option(cle, cout=100, categories=("sport",)) for cle in "abc"), Option("d", cout=100))
    bulletins = (Bulletin(((0, 1), (1, 1), (2, 1), (3, 1))),) * 3
    election = Election(Genre.APPROBATION, options, bulletins, budget=1000)

    assert compte(election).retenues == ("a", "b", "c", "d")
    assert compte(election, maximums=("sport=1",)).retenues == ("a", "d")
    assert compte(election, maximums=("sport=0",)).retenues == ("d",)
    with pytest.raises(RegleInvalide, match="« culture »"):
        compte(election, maximums=("culture=1",))


# --- Ties ---------------------------------------------------------------------------------------------------------------


def test_egalites_le_cout_puis_les_voix_puis_le_sort():
    # All at one unit of utility for 1/2: b is cheaper; then a and c only differ by the lot.
    election = approbations({"a": 400, "b": 300, "c": 400}, ["abc", "abc"], 700)

    assert compte(election, pas=0).retenues == ("b", "a")
    depouillement = compte(election, pas=0, ordre_du_sort=("c", "b", "a"))
    assert depouillement.retenues == ("b", "c")
    assert [egalite["decidee_par"] for egalite in depouillement.egalites] == ["cout", "sort"]


def test_les_voix_departagent_avant_le_sort():
    """z takes all from one supporter of x: two are left to pay for x, as for y. Same cost, same price, x has one vote more."""
    election = approbations({"z": 400, "y": 150, "x": 150}, ["zx", "z", "z", "z", "x", "x", "y", "y"], 800)

    depouillement = compte(election, pas=0, ordre_du_sort=("z", "y", "x"))

    assert depouillement.retenues == ("z", "x", "y")
    assert depouillement.egalites == [{"options": ["x", "y"], "decidee_par": "voix", "tour": 2}]


def test_une_graine_publiee_decide_toujours_pareil():
    election = approbations({"a": 100, "b": 100, "c": 100}, ["abc"], 100)
    choisis = {
        graine: compte(election, graine=graine).retenues for graine in ("mardi", "jeudi", "lundi", "midi", "soir")
    }

    assert choisis == {graine: compte(election, graine=graine).retenues for graine in choisis}
    assert len(set(choisis.values())) > 1
    with pytest.raises(RegleInvalide, match="pas par les deux"):
        Parametres(graine="mardi", ordre_du_sort=("a",))


def test_plus_cher_que_tout_le_budget_n_arrete_pas_la_montee():
    """Two ballots of 500. At 750 each they could buy a, which costs more than there is; at 900 one of them buys b."""
    depouillement = compte(approbations({"a": 1500, "b": 900}, ["ab", "a"], 1000), pas=50)

    assert (depouillement.retenues, depouillement.dotation) == (("b",), 900)


# --- Refusals, progress -------------------------------------------------------------------------------------------------


def test_ce_qui_ne_se_compte_pas():
    sans_budget = approbations({"a": 100}, ["a"], None)
    classement = Election(Genre.CLASSEMENT, (Option("a"),), (), budget=1)
    negatif = approbations({"a": -1}, ["a"], 100)
    for election, raison in (
        (sans_budget, "pas de budget"),
        (classement, "soutiens ou par des points"),
        (negatif, "négatif"),
    ):
        with pytest.raises(RegleInvalide, match=raison):
            compte(election)
    with pytest.raises(RegleInvalide, match="moins de zéro"):
        compte(par_points({"a": 100}, [{"a": -1}, {"a": 2}], 100))


def test_sans_personne_rien_n_est_retenu():
    for election in (
        approbations({"a": 100}, [], 100),
        approbations({}, ["", ""], 100),
        approbations({"a": 1}, [""], 9),
    ):
        depouillement = compte(election)
        assert (depouillement.retenues, depouillement.cout) == ((), 0)


def test_on_suit_la_montee_et_on_l_arrete():
    election = approbations({"a": 210, "b": 240, "c": 250}, ["a", "b", "c"] + [""] * 3, 600)
    dits = []
    compter(election, Parametres(pas=10), avancement=lambda fait, total: dits.append((fait, total)))

    assert dits[0] == (0, 600)
    assert dits[-1] == (450, 600)

    demandes = []

    def interrompre():
        demandes.append(1)
        return len(demandes) == 5

    with pytest.raises(Interrompu):
        compter(election, Parametres(pas=10), interrompre=interrompre)
    assert len(demandes) == 5


def test_le_resultat_tient_en_json():
    election = par_points({"a": 210, "b": 240}, [{"a": 2}, {"a": 1, "b": 3}, {"b": 1}], 600)
    depouillement = REGLES["parts-egales"].depouiller(election, completion="plus-votes")

    assert json.loads(json.dumps([depouillement.tours, depouillement.mesures, depouillement.egalites]))[0]


# --- Properties ---------------------------------------------------------------------------------------------------------

VALEURS = {
    "utilite": st.sampled_from(["cout", "points"]),
    "pas": st.sampled_from([0, 1, 2, 5]),
    "arret_exhaustif": st.booleans(),
}


@SOUVENT
@given(election=elections(), melange=st.randoms(use_true_random=False), **VALEURS)
def test_comme_la_definition(election, melange, utilite, pas, arret_exhaustif):
    cles = [option.cle for option in election.options]
    melange.shuffle(cles)
    sort = [cles.index(option.cle) for option in election.options]

    depouillement = compte(
        election, utilite=utilite, pas=pas, arret_exhaustif=arret_exhaustif, ordre_du_sort=tuple(cles)
    )
    achetees, dotation = reference.parts_egales(
        election, utilite=utilite, pas=pas, arret_exhaustif=arret_exhaustif, sort=sort
    )

    assert depouillement.retenues == tuple(election.options[place].cle for place in achetees)
    assert depouillement.dotation == dotation
    assert depouillement.mesures["certifie"] == "accord"


@SOUVENT
@given(election=elections(), completion=st.sampled_from(["aucune", "plus-votes"]), **VALEURS)
def test_jamais_plus_que_le_budget_et_chacun_jamais_plus_que_sa_part(election, completion, **valeurs):
    depouillement = compte(election, completion=completion, **valeurs)

    assert depouillement.cout <= election.budget
    couts = {option.cle: option.cout for option in election.options}
    assert depouillement.cout == sum(couts[cle] for cle in depouillement.retenues)
    assert len(set(depouillement.retenues)) == len(depouillement.retenues)
    payes = [tour for tour in depouillement.tours if "rho" in tour]
    for tour in payes:
        assert Fraction(tour["rho_exact"]) >= 0
        assert tour["moindre"] <= depouillement.dotation
    if payes:
        total = sum(tour["cout"] for tour in payes)
        assert payes[-1]["restait"] == pytest.approx(float(depouillement.dotation * election.votantes - total))


@settings(deadline=None, max_examples=50)
@given(election=elections(), melange=st.randoms(use_true_random=False), **VALEURS)
def test_l_ordre_et_le_groupement_des_bulletins_ne_changent_rien(election, melange, **valeurs):
    bulletins = list(election.bulletins)
    melange.shuffle(bulletins)
    groupes = {}
    for bulletin in bulletins:
        groupes[bulletin.notes] = groupes.get(bulletin.notes, 0) + 1
    melangee = Election(election.genre, election.options, tuple(bulletins), budget=election.budget)
    groupee = Election(
        election.genre, election.options, tuple(Bulletin(*groupe) for groupe in groupes.items()), budget=election.budget
    )

    attendu = compte(election, **valeurs)
    for autre in (melangee, groupee):
        obtenu = compte(autre, **valeurs)
        assert (obtenu.retenues, obtenu.dotation) == (attendu.retenues, attendu.dotation)
        assert [tour["rho_exact"] for tour in obtenu.tours] == [tour["rho_exact"] for tour in attendu.tours]


@settings(deadline=None, max_examples=50)
@given(election=elections(), numero=st.integers(0, 5), utilite=VALEURS["utilite"])
def test_un_bulletin_de_plus_pour_un_projet_achete_ne_lui_nuit_pas(election, numero, utilite):
    """At an equal endowment, which is what the method promises: the raise, that depends on all the others, promises nothing."""
    concours = ouvrir(election, Parametres())
    marche = achats.preparer(concours, par_euro=utilite == "cout")
    dotation = election.budget // election.votantes
    achetees = achats.courir(marche, dotation, exacte=True).retenues
    if not achetees:
        return
    place = achetees[numero % len(achetees)]

    assert place in achats.courir(achats.avec_soutiens(marche, place, 2), dotation, exacte=True).retenues


# --- Floats and fractions -----------------------------------------------------------------------------------------------


def election_moyenne(graine, bulletins=400, projets=25, genre=Genre.APPROBATION):
    hasard = random.Random(graine)
    notes = []
    for _ in range(bulletins):
        prises = hasard.sample(range(projets), hasard.randint(1, 6))
        notes.append(
            Bulletin(tuple(sorted((p, 1 if genre == Genre.APPROBATION else hasard.randint(1, 4)) for p in prises)))
        )
    options = tuple(Option(f"p{n}", cout=hasard.randint(1, 40) * 100_00) for n in range(projets))
    return Election(genre, options, tuple(notes), budget=2_000_000)


@pytest.mark.parametrize("genre", [Genre.APPROBATION, Genre.POINTS])
@pytest.mark.parametrize("graine", range(6))
def test_flottants_et_fractions_achetent_pareil(graine, genre):
    election = election_moyenne(graine, genre=genre)
    marche = achats.preparer(ouvrir(election, Parametres()), par_euro=True)
    for dotation in range(3000, 20000, 1700):
        flottante, exacte = achats.courir(marche, dotation), achats.courir(marche, dotation, exacte=True)
        assert flottante.douteuse or flottante.retenues == exacte.retenues
        assert not exacte.douteuse


def test_des_soutiens_qui_ont_juste_ce_qu_il_faut():
    """Floats cannot know that three thirds of a cent are a cent: the run says so, and the exact one buys."""
    election = approbations({"a": 100, "b": 200}, ["ab", "ab", "ab"], 300)
    marche = achats.preparer(ouvrir(election, Parametres()), par_euro=False)

    assert achats.courir(marche, 100).douteuse
    assert achats.courir(marche, 100, exacte=True).retenues == [0, 1]
    assert compte(election, utilite="points", pas=0).retenues == ("a", "b")
    assert compte(election, utilite="points", pas=0).tours[-1]["restait"] == 0


def test_une_montee_que_les_flottants_ont_manquee_est_refaite(monkeypatch):
    """Were floats to be wrong without knowing it, the two exact runs of the border would find out."""
    election = approbations({"a": 210, "b": 240, "c": 250}, ["a", "b", "c"] + [""] * 3, 600)
    juste = compte(election, pas=10)
    vraie = achats.courir

    def menteuse(marche, dotation, *, exacte=False):
        course = vraie(marche, dotation, exacte=exacte)
        if dotation == 230 and not exacte:
            course.retenues = [0, 1, 2]
        return course

    monkeypatch.setattr(parts_egales, "courir", menteuse)
    reprise = compte(election, pas=10)

    assert reprise.mesures["certifie"] == "repris"
    assert (reprise.retenues, reprise.dotation) == (juste.retenues, juste.dotation)


@example(couts=[3, 3], budget=6)
@given(couts=st.lists(st.integers(1, 9), min_size=1, max_size=4), budget=st.integers(1, 40))
@settings(deadline=None, max_examples=60)
def test_si_tout_le_monde_veut_tout_on_achete_du_moins_cher_au_plus_cher(couts, budget):
    """Unanimity: each pays the same share, and ties of utility go to the cheaper."""
    election = par_points(
        {f"p{n}": cout for n, cout in enumerate(couts)},
        [dict.fromkeys((f"p{n}" for n in range(len(couts))), 1)] * 2,
        budget * 2,
    )

    retenues = compte(election, pas=0).retenues

    attendues, reste = [], budget * 2
    for place in sorted(range(len(couts)), key=lambda n: (couts[n], n)):
        if couts[place] <= reste:
            attendues.append(f"p{place}")
            reste -= couts[place]
    assert list(retenues) == attendues
