"""The API of votes: rules and options for everybody, the number of voters, no other figure; filters are closed lists."""

import hashlib

import pytest
from django.urls import reverse

from tests.votes.fabriques import scrutin, voter_pour
from tests.votes.test_pages import en, une_option_complete
from timeline.chaine import canonique
from votes.reglement import phrases

pytestmark = pytest.mark.django_db


def test_un_vote_ses_regles_et_son_nombre_de_votantes(client):
    ouvert = en("ouvert")
    for cle in ("p1", "p1", "p2"):
        voter_pour(ouvert, cle)
    lu = client.get(f"/api/v1/votes/{ouvert.slug}/").json()
    assert (lu["votantes"], lu["propositions"], lu["etat"]) == (3, 3, "ouvert")
    assert lu["regles"] == phrases(ouvert) and lu["empreinte"] == ouvert.empreinte
    assert [enveloppe["nom"] for enveloppe in lu["enveloppes"]] == ["Toute la ville"]
    listees = client.get(f"/api/v1/votes/{ouvert.slug}/propositions/").json()["results"]
    assert [option["cle"] for option in listees] == ["p1", "p2", "p3"]
    assert not {"voix", "points", "score", "bulletins"} & set(listees[0]) and "votantes" not in listees[0]


def test_le_reglement_se_verifie(client):
    fait = en("annonce")
    lu = client.get(f"/api/v1/votes/{fait.slug}/reglement/").json()
    assert hashlib.sha256(canonique(lu["reglement"])).hexdigest() == lu["empreinte"] == fait.empreinte


def test_une_proposition_et_ses_etudes(client):
    option = une_option_complete()
    lu = client.get(f"/api/v1/votes/{option.scrutin.slug}/propositions/p1/").json()
    assert (lu["cout"], lu["idee"], lu["etudes"][0]["cout"]) == (10_000_00, option.idee_id, 12_000_50)
    assert (
        lu["image"] == reverse("votes:image", args=[option.scrutin.slug, "p1"])
        and lu["etudes"][0]["conclusion"] == "sous_conditions"
    )


@pytest.mark.parametrize(
    ("demande", "statut"),
    [
        ("votes/?etat=ouvert", 200),
        ("votes/?etat=brouillon", 400),
        ("votes/?etat=emargements__personne", 400),
        ("votes/{slug}/propositions/?retirees=false", 200),
        ("votes/{slug}/propositions/?enveloppe=abc", 400),
        ("votes/{slug}/propositions/?enveloppe=1e400", 400),
    ],
)
def test_les_filtres_sont_des_listes_fermees(client, demande, statut):
    fait = scrutin("annonce", regle="approbation")
    assert client.get(f"/api/v1/{demande.format(slug=fait.slug)}").status_code == statut


def test_un_filtre_ou_un_ordre_invente_ne_change_rien(client):
    ouvert = en("ouvert")
    voter_pour(ouvert, "p3")
    url = f"/api/v1/votes/{ouvert.slug}/propositions/"
    attendu = client.get(url).json()
    for invente in (
        "ordering=-bulletins",
        "emargements__personne__email__startswith=a",
        "scrutin__bulletins__notes__p3=1",
    ):
        assert client.get(f"{url}?{invente}").json() == attendu
