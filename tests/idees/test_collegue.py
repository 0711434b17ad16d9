"""Whoever works for the collectivité is a citizen like any other on what she has proposed herself."""

import re

import pytest

from idees.actions import ouvrir_un_projet
from idees.fusion import proposer
from idees.models import Idee
from moderation.actions import masquer
from reponses.actions import planifier_jalon, rediger
from reponses.models import Reponse
from socle.permissions import A_UN_COLLEGUE
from tests.fabriques import CADRE, IdeeFabrique, PersonneFabrique, ProjetFabrique, publier_reponse, rediger_reponse
from tests.idees.test_machine import ETATS, TABLE, arguments
from tests.reponses.conftest import amener_reponse, dans
from tests.reponses.test_machine import TABLE as TABLE_DES_REPONSES
from tests.reponses.test_machine import arguments as arguments_de_reponse
from tests.tableau import REFUS, a_l_essai, attendus, cases_fautives, issue, noms
from timeline.etapes import EtapeInterdite, franchir

pytestmark = pytest.mark.django_db


@pytest.fixture
def autrice(db):
    """Everything at once: agent, moderator, élue, administrator; and the référent·e below."""
    return PersonneFabrique(pseudonyme="Alix Partout", roles=["agent", "moderatrice", "elue", "administratrice"])


@pytest.fixture
def sienne(autrice):
    def faire(etat):
        idee = IdeeFabrique(auteur=autrice, etat=etat)
        if etat != "brouillon":
            Idee.objects.filter(pk=idee.pk).update(projet=ProjetFabrique(referente=autrice))
        return Idee.objects.get(pk=idee.pk)

    return faire


@pytest.mark.parametrize("etat", ETATS)
def test_elle_ne_peut_que_ce_que_peut_une_autrice(etat, autrice, sienne):
    idee, elle, fautives = sienne(etat), {"autrice": autrice}, []
    for transition in sorted(noms(Idee)):
        vise, permis = TABLE.get((etat, transition), (None, set()))
        with a_l_essai():
            dits = arguments(transition, idee)
            fautives += cases_fautives(idee, transition, attendus(elle, vise, permis), elle, **dits)
    assert fautives == []


@REFUS
@pytest.mark.parametrize(("etat", "transition"), sorted(TABLE_DES_REPONSES))
def test_elle_ne_touche_pas_a_sa_reponse(etat, transition, autrice, agent, elue, sienne):
    reponse = rediger_reponse(sienne("en_etude"), agent=agent)
    amener_reponse(reponse, etat, agent=agent, elue=elue)
    reponse.avis.filter(rendu_le__isnull=True).update(attendu_le=dans(-1))
    if etat == "a_signer":  # as an old dossier may be: her name was put before the rule
        Reponse.objects.filter(pk=reponse.pk).update(signataire=autrice)
    reponse = Reponse.objects.get(pk=reponse.pk)
    assert issue(reponse, transition, autrice, **arguments_de_reponse(transition, elue)) == "403"


def test_la_phrase_dit_qu_un_collegue_doit_s_en_charger(client, autrice, sienne, agent, elue):
    publiee, a_moderer = sienne("publiee"), sienne("a_moderer")
    for geste in (
        lambda: franchir(publiee.prendre, par=autrice, service=publiee.boite.service),
        lambda: franchir(a_moderer.publier, par=autrice),
        lambda: rediger(sienne("en_etude"), par=autrice),
        lambda: ouvrir_un_projet(
            sienne("retenue"), par=autrice, cadre={"titre": "x", "resume": "x", "referente": agent, **CADRE}
        ),
        lambda: planifier_jalon(sienne("retenue").reponse_publiee(), par=autrice, titre="x", prevu_le=dans(3)),
    ):
        with pytest.raises(EtapeInterdite, match="collègue"):
            geste()
    client.force_login(autrice)
    page = client.get(publiee.get_absolute_url()).content.decode()
    assert str(A_UN_COLLEGUE) in page and "Prendre à l’étude" not in page
    client.force_login(agent)
    page = client.get(publiee.get_absolute_url()).content.decode()
    assert str(A_UN_COLLEGUE) not in page and "Prendre à l’étude" in page


def test_on_ne_reunit_pas_les_idees_des_autres_a_la_sienne(autrice, sienne):
    idee = IdeeFabrique(etat="publiee")
    with pytest.raises(EtapeInterdite):
        proposer(idee, sienne("publiee"), par=autrice, motif="C’est la même chose.", urgence="Sans attendre.")
    assert Idee.objects.get(pk=idee.pk).etat == "publiee"


def test_on_ne_lui_propose_pas_de_signer_ni_de_repondre(client, autrice, agent, sienne):
    idee = sienne("en_etude")
    reponse = rediger_reponse(idee, agent=agent)
    assert autrice not in reponse.signataires_possibles()
    franchir(reponse.consulter, par=agent, services=[idee.boite.service], attendu_le=dans(0))
    reponse.avis.update(attendu_le=dans(-1))
    assert issue(reponse, "presenter", agent, signataire=autrice) == "400"
    autre = sienne("en_etude")
    client.force_login(autrice)
    assert autre.titre not in client.get("/bureau/").content.decode()
    client.force_login(agent)
    assert autre.titre in client.get("/bureau/").content.decode()


def test_elle_lit_le_dossier_sans_y_toucher(client, autrice, agent, elue, sienne):
    """An agent reads every dossier, hers included: nothing is decided behind her back, nor by her."""
    reponse = amener_reponse(rediger_reponse(sienne("en_etude"), agent=agent), "a_signer", agent=agent, elue=elue)
    client.force_login(autrice)
    page = client.get(reponse.get_absolute_url())
    assert page.status_code == 200
    assert "Reprendre la rédaction" not in page.content.decode()
    assert client.get(f"/reponses/{reponse.pk}/modifier/").status_code == 403


def test_elle_ne_masque_pas_sa_propre_idee(autrice, sienne):
    with pytest.raises(EtapeInterdite):
        masquer(sienne("publiee"), par=autrice, motif="injure", explication="Pour voir.")


def test_une_idee_sans_auteur_n_est_a_personne(agent):
    """Her author has left: the answer is still everybody's work."""
    idee = IdeeFabrique(etat="en_etude")
    Idee.objects.filter(pk=idee.pk).update(auteur=None)
    assert publier_reponse(Idee.objects.get(pk=idee.pk), agent=agent).etat == "publiee"


def test_les_liens_du_bureau_ne_touchent_pas_les_comptes(client, agent):
    """An agent's first line carried the margin; a référent·e, who does not have that line, had none."""
    referente = PersonneFabrique()
    ProjetFabrique(referente=referente)
    for personne in (agent, referente):
        client.force_login(personne)
        page = client.get("/bureau/").content.decode()
        assert re.search(r'</dl>\s*<div class="section pile">', page), personne
