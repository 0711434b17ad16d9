"""An announced vote is held at the dates that everybody has read: its stage does not take them away."""

from datetime import timedelta

import pytest
from django.urls import reverse

from projets import actions
from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import scrutin
from timeline.etapes import EtapeInvalide, franchir

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return PersonneFabrique(roles=["agent"])


@pytest.mark.parametrize("etat", ["annonce", "ouvert"])
def test_l_etape_d_un_vote_annonce_ne_se_raccourcit_pas(etat, agent):
    vote = scrutin(etat, agent=agent)
    with pytest.raises(EtapeInvalide, match="ses dates ne changent plus"):
        actions.modifier_etape(vote.etape, par=agent, ferme_le=vote.ferme_le - timedelta(hours=1))
    with pytest.raises(EtapeInvalide, match="elle doit permettre de voter"):
        actions.modifier_etape(vote.etape, par=agent, ouvre=["lire"])
    vote.etape.refresh_from_db()
    assert vote.etape.ferme_le > vote.ferme_le
    assert vote.etape.ouvre == ["voter"]


def test_elle_change_de_mots_et_dure_plus_longtemps(agent):
    vote = scrutin("ouvert", agent=agent)
    changes = actions.modifier_etape(
        vote.etape, par=agent, titre="Le grand vote", ferme_le=vote.etape.ferme_le + timedelta(days=3)
    )
    assert set(changes) == {"titre", "ferme_le"}


@pytest.mark.parametrize("etat", ["brouillon", "clos"])
def test_un_vote_en_preparation_ou_fini_ne_la_retient_pas(etat, agent):
    vote = scrutin(etat, agent=agent)
    fin = vote.ferme_le - timedelta(hours=1)
    assert actions.modifier_etape(vote.etape, par=agent, ferme_le=fin) == ["ferme_le"]


def test_elle_ne_s_annule_pas_sous_un_vote_annonce(agent):
    """People would read that one cannot vote now, and never why."""
    vote = scrutin("ouvert", agent=agent)
    with pytest.raises(EtapeInvalide, match="annulez d’abord le vote"):
        franchir(vote.etape.annuler, par=agent, motif="Le budget a été refusé.")
    franchir(vote.annuler, par=agent, motif="Le budget a été refusé.")
    franchir(vote.etape.annuler, par=agent, motif="Le budget a été refusé.")
    assert vote.etape.est_annulee


def test_un_vote_annule_la_libere(agent):
    vote = scrutin("annonce", agent=agent)
    franchir(vote.annuler, par=agent, motif="Le budget a été refusé.")
    assert actions.modifier_etape(vote.etape, par=agent, ouvre=["lire"]) == ["ouvre"]


def test_la_page_de_l_etape_dit_pourquoi(client, agent):
    vote = scrutin("annonce", agent=agent)
    etape = vote.etape
    client.force_login(agent)
    url = reverse("projets:modifier_etape", args=[etape.projet.slug, etape.pk])
    form = client.get(url).context["form"]
    saisie = {nom: form[nom].value() for nom in form.fields} | {"ouvre": []}
    recu = client.post(url, {nom: valeur for nom, valeur in saisie.items() if valeur is not None})
    assert recu.status_code == 422
    assert "elle doit permettre de voter" in recu.content.decode()
