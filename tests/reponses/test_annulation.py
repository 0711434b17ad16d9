"""A promised step may be cancelled: with a public reason, dated, and never erased."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from reponses.actions import accomplir_jalon, annuler_jalon, planifier_jalon
from reponses.models import Jalon
from tests.reponses.conftest import dans
from tests.tableau import issue
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
RAISON = "Le fournisseur a fermé."


@pytest.fixture
def jalon(publiee):
    return publiee.jalons.get()


@pytest.fixture
def annule(jalon, agent):
    return annuler_jalon(jalon, par=agent, motif=RAISON)


#: Who may cancel a promised step; everybody else is refused.
ANNULENT = {"agent", "administratrice", "referente"}


@pytest.mark.parametrize(
    "role", ["citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice", "elue"]
)
def test_qui_peut_annuler(request, jalon, role):
    personne = request.getfixturevalue(role)
    if role in ANNULENT:
        assert annuler_jalon(jalon, par=personne, motif=RAISON).annule_le == dans(0)
    else:
        with pytest.raises(EtapeInterdite):
            annuler_jalon(jalon, par=personne, motif=RAISON)
        jalon.refresh_from_db()
        assert jalon.est_attendu and not Entree.objects.filter(type="reponses.jalon.annuler").exists()


def test_il_reste_barre_avec_sa_raison(client, annule, publiee, idee):
    for adresse in (publiee.get_absolute_url(), idee.get_absolute_url()):
        corps = client.get(adresse).content.decode()
        assert f"<s>{annule.titre}</s>" in corps and f"Raison : {RAISON}" in corps, adresse
    assert RAISON in client.get(reverse("timeline:chronologie")).content.decode()
    entree = Entree.objects.get(type="reponses.jalon.annuler")
    assert entree.est_publique and entree.donnees["motif"] == RAISON


def test_le_parcours_d_un_agent(client, agent, jalon, publiee):
    client.force_login(agent)
    adresse = reverse("reponses:annuler_jalon", args=[jalon.pk])
    assert adresse in client.get(publiee.get_absolute_url()).content.decode()
    vide = client.post(adresse, {"motif": " "})
    assert vide.status_code == 422
    assert vide.context["form"].errors["motif"] == ["Écrivez la raison : tout le monde la lira."]
    assert client.post(adresse, {"motif": RAISON}).url == publiee.get_absolute_url()
    assert adresse not in client.get(publiee.get_absolute_url()).content.decode()
    assert client.get(adresse).url == publiee.get_absolute_url()
    assert client.post(adresse, {"motif": "Encore."}).status_code == 409


def test_ce_qui_est_annule_ne_se_fait_plus_et_inversement(annule, agent, publiee):
    with pytest.raises(EtapeImpossible):
        accomplir_jalon(annule, par=agent)
    fait = accomplir_jalon(planifier_jalon(publiee, par=agent, titre="Poser les bancs", prevu_le=dans(3)), par=agent)
    with pytest.raises(EtapeImpossible):
        annuler_jalon(fait, par=agent, motif=RAISON)


def test_une_annulation_dit_sa_raison(jalon, agent):
    with pytest.raises(EtapeInvalide):
        annuler_jalon(jalon, par=agent, motif="  ")


def test_une_etape_annulee_n_est_plus_en_retard_et_n_empeche_plus_d_achever(jalon, agent, idee):
    idee.refresh_from_db()
    franchir(idee.realiser, par=agent)
    assert issue(idee, "achever", agent) == "400"
    annuler_jalon(jalon, par=agent, motif=RAISON)
    assert not Jalon.objects.en_retard().exists()
    assert issue(idee, "achever", agent) == "realisee"


@pytest.mark.parametrize(
    "ordre",
    [
        "UPDATE reponses_jalon SET annule_le = NULL, motif_annulation = ''",
        "UPDATE reponses_jalon SET motif_annulation = 'Autre chose'",
        "UPDATE reponses_jalon SET titre = 'Autre chose'",
        "DELETE FROM reponses_jalon",
    ],
)
def test_la_base_garde_ce_qui_est_annule(annule, ordre):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(ordre)


def test_la_base_veut_la_date_et_la_raison_ensemble(jalon):
    for champs in ({"annule_le": dans(0)}, {"motif_annulation": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Jalon.objects.filter(pk=jalon.pk).update(**champs)
