"""Who is told what of a vote: followers, voters, those who follow and have not voted; once, and in their language."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.abonnements import abonner, facon_de
from notifications.models import Courriel, Notification
from socle.permissions import SYSTEME
from tests.fabriques import EtapeFabrique, ProjetFabrique
from tests.notifications.conftest import dire, taire
from tests.votes.fabriques import scrutin, votante, voter_pour
from timeline.etapes import franchir
from timeline.models import Entree
from votes.horloge import battre
from votes.rappels import rappeler

pytestmark = pytest.mark.django_db


@pytest.fixture
def gens():
    return {nom: votante(pseudonyme=nom) for nom in ("suit", "suit et vote", "vote", "rien")}


def d_un_projet(gens, etat="ouvert", **champs):
    projet = ProjetFabrique(ouvert=True)
    abonner(gens["suit"], projet)
    abonner(gens["suit et vote"], projet)
    maintenant = timezone.now()
    etape = EtapeFabrique(projet=projet, ouvre=["voter"], ouvre_le=maintenant - timedelta(days=30),
                          ferme_le=maintenant + timedelta(days=60))  # fmt: skip
    fait = scrutin(etat, etape=etape, regle="approbation", forme="approbation", titre="Vos rues", **champs)
    if etat == "ouvert":
        for nom in ("vote", "suit et vote"):
            voter_pour(fait, "p1", personne=gens[nom])
    taire()
    return fait


def recus() -> dict[str, list[str]]:
    """{name: subjects}"""
    lus: dict[str, list[str]] = {}
    for courriel in Courriel.objects.select_related("personne").order_by("pk"):
        lus.setdefault(courriel.personne.pseudonyme, []).append(courriel.objet)
    return lus


def cloches() -> list[str]:
    return sorted(Notification.objects.values_list("personne__pseudonyme", flat=True))


def test_l_annonce_puis_l_ouverture_a_celles_qui_suivent(gens, agent):
    fait = d_un_projet(gens, "brouillon")
    franchir(fait.annoncer, par=agent)
    dire()
    assert recus() == {nom: ["Un vote est annoncé : Vos rues"] for nom in ("suit", "suit et vote")}
    taire()
    with time_machine.travel(fait.ouvre_le + timedelta(minutes=1), tick=False):
        assert battre()["ouverts"] == 1
        dire()
    assert recus() == {nom: ["Vous pouvez voter : Vos rues"] for nom in ("suit", "suit et vote")}


def test_qui_s_informe_entend_l_ouverture_et_pas_le_rappel(gens):
    fait = d_un_projet(gens, "annonce")
    abonner(gens["suit"], fait.projet, "informe")
    with time_machine.travel(fait.ouvre_le + timedelta(minutes=1), tick=False):
        battre()
        dire()
    assert cloches() == ["suit", "suit et vote"]
    taire()
    with time_machine.travel(fait.ferme_le - timedelta(hours=47), tick=False):
        rappeler()
        dire()
    assert list(recus()) == cloches() == ["suit et vote"]


def test_le_courriel_d_un_vote_permet_d_alleger_son_projet(client, gens, agent):
    fait = d_un_projet(gens, "brouillon")
    franchir(fait.annoncer, par=agent)
    dire()
    lettre = Courriel.objects.get(personne=gens["suit"])
    assert "Ne garder que les grandes étapes" in lettre.texte
    lien = lettre.entetes["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert str(fait.projet) in client.get(lien).content.decode()
    client.post(lien, {"quoi": "alleger"})
    assert facon_de(gens["suit"], fait.projet) == "informe"


def test_une_ouverture_dite_trop_tard_ne_l_est_pas(gens):
    fait = d_un_projet(gens, "annonce")
    with time_machine.travel(fait.ferme_le + timedelta(days=1), tick=False):
        battre()
        dire()
    assert recus() == {} and cloches() == []


def test_deux_jours_avant_la_fin_seules_celles_qui_n_ont_pas_vote(gens):
    fait = d_un_projet(gens)
    with time_machine.travel(fait.ferme_le - timedelta(hours=47), tick=False):
        assert [rappeler(), rappeler()] == [1, 0]
        dire()
    assert recus() == {"suit": ["Le vote se termine bientôt : Vos rues"]} and cloches() == ["suit"]
    entree = Entree.objects.get(type="votes.rappeler")
    assert not entree.est_publique and entree.par_id is None and set(entree.donnees) == {"ferme_le"}
    assert fait.titre in entree.phrase


@pytest.mark.parametrize(
    ("reste", "jours", "attendu"),
    [(timedelta(days=3), 10, 0), (timedelta(days=1), 3, 0), (timedelta(days=1), 10, 1), (timedelta(minutes=-1), 10, 0)],
    ids=["encore loin", "trop court", "la veille", "fini"],
)
def test_quand_un_rappel_est_du(gens, reste, jours, attendu):
    debut = timezone.now() + timedelta(hours=1)
    fait = d_un_projet(gens, ouvre_le=debut, ferme_le=debut + timedelta(days=jours))
    with time_machine.travel(fait.ferme_le - reste, tick=False):
        assert rappeler() == attendu


def test_la_proclamation_a_chacune_une_fois(gens, agent):
    fait = d_un_projet(gens)
    with time_machine.travel(fait.ferme_le + timedelta(minutes=1), tick=False):
        franchir(fait.clore, par=SYSTEME)
        franchir(fait.depouiller, par=SYSTEME, empreinte="f" * 64)
        dire()
        assert recus() == {}, "nothing to tell before the proclamation"
        franchir(fait.proclamer, par=agent)
        dire()
    assert recus() == {nom: ["Les résultats du vote : Vos rues"] for nom in ("vote", "suit", "suit et vote")}
    assert cloches() == ["suit", "suit et vote", "vote"]
    par_nom = {c.personne.pseudonyme: c.texte for c in Courriel.objects.select_related("personne")}
    assert "vous avez voté" in par_nom["suit et vote"] and "vous suivez le projet" in par_nom["suit"]


def test_l_annulation_dit_sa_raison(gens, agent):
    fait = d_un_projet(gens)
    franchir(fait.annuler, par=agent, motif="La liste avait une erreur.")
    dire()
    assert recus() == {nom: ["Le vote est annulé : Vos rues"] for nom in ("vote", "suit", "suit et vote")}
    assert all("La liste avait une erreur." in c.texte for c in Courriel.objects.all())
