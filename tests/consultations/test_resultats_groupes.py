"""Small groups: what is withheld cannot be found again from what is shown, in one table or in several."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from consultations.croisements import croiser
from consultations.manquants import comparer
from consultations.models import Tranche
from consultations.ouvertes import Dicibles
from consultations.petits_groupes import NON_DIT, SEUIL, a_taire
from consultations.profils import AGE, LIEU, Profils, Zones
from consultations.questionnaire import Choix
from consultations.resultats import questions_posees
from consultations.valeurs import Valeur
from tests.consultations.fabriques import (
    commune,
    consultation,
    fermer,
    quartier,
    question,
    repondre_en_masse,
    une_page,
)

TROIS = (Choix("a", "Le banc"), Choix("b", "L’arbre"), Choix("c", "La fontaine"))
VITE = settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
GROUPES = st.dictionaries(st.sampled_from([NON_DIT, *"abcdefgh"]), st.integers(0, 40), max_size=9)


def croise(finie, cle, par):
    return croiser(finie, questions_posees(finie), cle, par)


# --- One table -------------------------------------------------------------------------------------------------------


@pytest.mark.sans_base
@VITE
@given(GROUPES)
@example({NON_DIT: 20, "a": 3})  # the total less those who said nothing
@example({"a": 9, "b": 12, "c": 12, "d": 40})  # the next smallest is no greater than the smallest that is shown
@example(dict.fromkeys("abcdefgh", 1))  # eight people in eight groups
def test_un_petit_groupe_ne_se_retrouve_pas_par_difference(effectifs):
    tus = a_taire(effectifs)
    peuples = {cle: n for cle, n in effectifs.items() if n}
    petits = {cle for cle, n in peuples.items() if n < SEUIL}
    assert petits <= tus <= set(peuples)
    if not petits:
        assert not tus
        return
    if tus == set(peuples):
        return  # nothing is shown
    # What a reader knows: the total, hence what the withheld come to; how many they are; the smallest that is shown.
    dits = [peuples[cle] for cle in tus - {NON_DIT}]
    montres = [n for cle, n in peuples.items() if cle not in tus and cle != NON_DIT]
    plafond = min(montres, default=sum(dits))
    for n in (1, SEUIL):
        reste, autres = sum(dits) - n, len(dits) - 1
        assert autres and autres <= reste, "a withheld group could not hold so many"
        if n == 1:
            assert reste <= autres * plafond, "the others cannot hold all the rest: it is not one"


@pytest.mark.sans_base
@VITE
@given(GROUPES, st.sets(st.sampled_from("abcdefgh")))
def test_ce_qui_est_tu_ailleurs_est_tu_ici(effectifs, deja):
    tus = a_taire(effectifs, deja=deja)
    peuples = {cle for cle, n in effectifs.items() if n}
    assert deja & peuples <= tus
    assert not tus or tus == peuples or len(tus - {NON_DIT}) > 1


# --- Lines of open data, beside the tables ---------------------------------------------------------------------------

AGES = [NON_DIT, *[code for code, _nom in Tranche.choices][:3]]
LIEUX = {n: str(n) for n in range(1, 5)}
COUPLES = st.dictionaries(
    st.tuples(st.sampled_from(AGES), st.sampled_from([NON_DIT, *LIEUX.values()])), st.integers(1, 30), max_size=20
)


@pytest.mark.sans_base
@VITE
@given(COUPLES)
def test_les_lignes_et_les_tableaux_ne_se_defont_pas(couples):
    profils = Profils.des(Zones(LIEUX, {cle: f"Lieu {cle}" for cle in LIEUX.values()}, {}), Counter(couples))
    dicibles = Dicibles(profils)
    lignes, par_age, par_lieu = Counter(), Counter(), Counter()
    for (age, lieu), n in couples.items():
        dit = dicibles.de(age, int(lieu) if lieu else None)
        lignes[dit] += n
        par_age[age, dit[0]] += n
        par_lieu[lieu, dit[1]] += n
    if sum(couples.values()) >= SEUIL:
        assert all(n >= SEUIL for n in lignes.values())
    for par, dimension in ((par_age, AGE), (par_lieu, LIEU)):
        for (cle, dit), n in par.items():
            assert not (dit and cle in profils.tus[dimension])
            # A group is told in all of its lines or in none: a table less the lines leaves nobody.
            assert n == profils.effectifs[dimension][cle]


@pytest.mark.sans_base
def test_une_ville_ou_chaque_age_est_nombreux_se_dit_dans_les_lignes():
    couples = Counter({(age, lieu): 20 for age in AGES[1:] for lieu in LIEUX.values()})
    couples[AGES[1], "4"] = 3
    profils = Profils.des(Zones(LIEUX, {cle: cle for cle in LIEUX.values()}, {}), couples)
    dicibles = Dicibles(profils)
    # Three people of one age in the fourth: it goes, and as it alone would be the rest, one more goes with it.
    assert sorted(dicibles.lieux) == ["2", "3"] and sorted(dicibles.ages) == sorted(c for c, _n in Tranche.choices)


# --- From answers ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_le_croisement_tait_les_petits_groupes(agent):
    ouverte = consultation(agent=agent)
    ages = [Tranche.DE_18_A_29] * 12 + [Tranche.DE_30_A_44] * 15 + [Tranche.DE_75_ET_PLUS] * 3
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 30, tranche=lambda n: ages[n])
    croisement = croise(fermer(ouverte), "q1", AGE)
    # Three are withheld; alone, they would be the total less the others: the next smallest group goes with them.
    assert [(g.libelle, g.effectif) for g in croisement.groupes] == [("30 à 44 ans", 15)] and croisement.tus == 2
    assert croisement.tableau[0][1][0].part == 100.0


@pytest.mark.django_db
def test_deux_tableaux_taisent_les_memes_groupes(client):
    """Fewer answered the second question: chosen apart, the group that goes with the small one would not be the same."""
    ouverte = consultation(une_page(question("q1"), question("q2")))
    lieux = [commune("Aa").pk] * 14 + [commune("Bb").pk] * 13 + [commune("Cc").pk] * 2 + [commune("Dd").pk] * 40
    reponses = [{"q1": Valeur(choix=("a",))} | ({} if n < 3 else {"q2": Valeur(choix=("b",))}) for n in range(69)]
    repondre_en_masse(ouverte, reponses, territoire_id=lambda n: lieux[n])
    finie = fermer(ouverte)
    montres = [{g.libelle for g in croise(finie, cle, LIEU).groupes} for cle in ("q1", "q2")]
    assert montres[1] <= montres[0] and "Cc" not in montres[0] and "Bb" not in montres[0] | montres[1]
    presence = {p.lieu: p.nombre for p in comparer(finie).presences}
    assert {lieu for lieu, n in presence.items() if n is not None} == montres[0]
    page = client.get(f"/consultations/{finie.slug}/resultats/").content.decode()
    assert "trop peu pour être dit" in page


@pytest.mark.django_db
def test_un_quartier_compte_dans_sa_commune():
    ouverte = consultation()
    ville = commune("Ville")
    lieux = [ville.pk] * 6 + [quartier("Port", ville).pk] * 6
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("b",))}] * 12, territoire_id=lambda n: lieux[n])
    croisement = croise(fermer(ouverte), "q1", LIEU)
    assert [(g.libelle, g.effectif) for g in croisement.groupes] == [("Ville", 12)]


@pytest.mark.django_db
def test_dans_une_commune_on_compte_par_quartier():
    ville, voisine = commune("Ville"), commune("Voisine")
    port, bourg = quartier("Port", ville, population=3000), quartier("Bourg", ville, population=1000)
    ouverte = consultation(territoire=ville)
    lieux = [port.pk] * 20 + [bourg.pk] * 20 + [ville.pk] * 11 + [voisine.pk] * 10
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("b",))}] * 61, territoire_id=lambda n: lieux[n])
    finie = fermer(ouverte)
    croisement = croise(finie, "q1", LIEU)
    assert {g.libelle: g.effectif for g in croisement.groupes} == {
        "Port": 20, "Bourg": 20, "Ville, sans quartier": 11, "Ailleurs": 10,
    }  # fmt: skip
    assert [(p.lieu, p.part_population, p.part_reponses) for p in comparer(finie).presences] == [
        ("Bourg", 25.0, 50.0),
        ("Port", 75.0, 50.0),
    ]


@pytest.mark.django_db
def test_dans_une_commune_sans_quartier_personne_ne_manque_ailleurs():
    bourg = commune("Bourg")
    commune("Autre")
    ouverte = consultation(territoire=bourg)
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("b",))}] * 40, territoire_id=bourg.pk)
    assert comparer(fermer(ouverte)) is None


@pytest.mark.django_db
def test_sans_population_connue_la_page_le_dit(client):
    """Asked in one commune, whose quartiers nobody has counted: silence would read as « nobody is missing »."""
    ville = commune("Ville")
    lieu = quartier("Nord", ville)
    ouverte = consultation(territoire=ville)
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 30, territoire_id=lieu.pk)
    finie = fermer(ouverte)
    presence = comparer(finie)
    assert presence.sans_population and presence.dites == 30 and presence.presences == []
    page = client.get(f"{finie.get_absolute_url()}resultats/").content.decode()
    assert "la population de ces lieux n’est pas renseignée" in page


@pytest.mark.django_db
def test_qui_manque(django_assert_num_queries):
    ouverte = consultation()
    grande, petite = commune("Grande", 300_000), commune("Petite", 100_000)
    lieux = [grande.pk] * 20 + [petite.pk] * 20
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 40, territoire_id=lambda n: lieux[n])
    finie = fermer(ouverte)
    with django_assert_num_queries(2):
        presence = comparer(finie)
    assert [(p.lieu, p.part_population, p.part_reponses) for p in presence.presences] == [
        ("Grande", 75.0, 50.0),
        ("Petite", 25.0, 50.0),
    ]
    assert [p.lieu for p in presence.manquantes] == ["Grande"]
    assert [p.lieu for p in presence.abondantes] == ["Petite"]


@pytest.mark.django_db
def test_sous_trente_reponses_situees_rien_n_est_compare():
    ouverte = consultation()
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 29, territoire_id=commune("Seule").pk)
    assert comparer(fermer(ouverte)) is None
