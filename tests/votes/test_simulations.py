"""Rules tried before a vote, whatever the way of voting: imagined ballots are those that the vote would take."""

import pytest
from django.urls import reverse

from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import scrutin
from tests.votes.parcours_http import FORMES, de_forme
from votes import comptage, demandes
from votes.bulletins import verifier
from votes.forms.simulation import SimulationForm
from votes.simulation import Demande, _election

pytestmark = pytest.mark.django_db
PRIORITES = {"regle": "priorites", "forme": "points", "points_max": 3}
CAS = {
    **{forme: {"forme": forme, **champs} for forme, (champs, _envoi, _notes) in FORMES.items()},
    "priorites": PRIORITES,
    "au_moins_deux": {"regle": "approbation", "forme": "approbation", "choix_min": 2, "choix_max": 2},
    "tous_les_points": {
        "regle": "points",
        "forme": "points",
        "points_total": 10,
        "points_max": 4,
        "parametres": {"tout_donner": True},
    },
    "peu_de_points": {"regle": "points", "forme": "points", "points_total": 2},
}


@pytest.fixture
def agent():
    return PersonneFabrique(roles=["agent"])


@pytest.mark.parametrize("cas", CAS)
def test_les_bulletins_imagines_sont_ceux_que_le_vote_prend(cas):
    brouillon = scrutin("brouillon", **CAS[cas])
    enveloppe = brouillon.enveloppes.get()
    demande = {"passe": "", "votantes": 60, "choix": 5, "graine": 3}
    election = _election(brouillon, enveloppe, demande)
    assert election.votantes == 60
    cles = [option.cle for option in election.options]
    bulletins = [{cles[place]: valeur for place, valeur in bulletin.notes} for bulletin in election.bulletins]
    assert [verifier(brouillon, enveloppe, notes) for notes in bulletins] == [[]] * 60
    assert len({tuple(sorted(notes.items())) for notes in bulletins}) > 1


@pytest.mark.parametrize("cas", CAS)
def test_chaque_facon_de_voter_se_simule(agent, cas):
    brouillon = scrutin("brouillon", agent=agent, **CAS[cas])
    compte = demandes.simuler(brouillon, Demande(regles=(brouillon.regle,), votantes=40), par=agent)
    comptage.executer(compte.pk)
    compte.refresh_from_db()
    [essai] = compte.resultat["enveloppes"][0]["regles"]
    assert "tort" not in essai
    assert essai["retenues"]
    assert (essai["laissees"] is not None) == brouillon.depense


def test_des_moments_ne_se_comparent_pas_a_des_points(agent):
    par_regle = {
        regle: {code for code, _nom in SimulationForm(scrutin=essai, par=agent).fields["regles"].choices}
        for regle, essai in (
            ("priorites", scrutin("brouillon", **PRIORITES)),
            ("points", de_forme("points", "brouillon")),
        )
    }
    assert par_regle == {"priorites": {"priorites"}, "points": {"points"}}


@pytest.mark.parametrize(
    ("envoi", "champ", "phrase"),
    [
        ({"votantes": "0"}, "votantes", "Ce nombre est trop petit : 1 au moins."),
        ({"votantes": "9" * 12}, "votantes", "Ce nombre est trop grand"),
        ({"votantes": ""}, "votantes", "Dites combien de personnes imaginer."),
        ({"choix": "deux"}, "choix", "Écrivez un nombre entier, en chiffres."),
        ({"choix": ""}, "choix", "Dites combien de choix chacune peut faire."),
        ({"graine": ""}, "graine", "Écrivez un numéro de tirage"),
        ({"regles": ["zzz"]}, "regles", "Choisissez dans la liste."),
        ({"regles": []}, "regles", "Cochez au moins une façon de compter."),
        ({"passe": "zzz"}, "passe", "Choisissez dans la liste."),
    ],
)
def test_une_simulation_mal_demandee_le_dit_en_une_phrase_simple(agent, envoi, champ, phrase):
    juste = {"regles": ["schulze"], "passe": "", "votantes": "30", "choix": "3", "graine": "1"}
    form = SimulationForm(juste | envoi, scrutin=de_forme("classement", "brouillon", agent=agent), par=agent)
    assert list(form.errors) == [champ]
    assert phrase in form.errors[champ][0]


def test_la_page_lance_une_simulation_de_classements(client, agent):
    brouillon = de_forme("classement", "brouillon", agent=agent)
    client.force_login(agent)
    recu = client.post(
        reverse("votes:simuler", args=[brouillon.slug]),
        {"regles": ["schulze", "vote-alternatif"], "passe": "", "votantes": 30, "choix": 3, "graine": 1},
    )
    assert recu.status_code == 302
    assert brouillon.comptages.simulations().get().get_absolute_url() == recu["Location"]
