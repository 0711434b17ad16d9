"""The élue before a lot of three answers that wait for her name: she reads them, and signs what she read."""

import re
from copy import deepcopy

import pytest
from django.urls import reverse

from reponses.models import Reponse
from tests.fabriques import IdeeFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans, du_monde
from tests.reponses.lots import ecrire_le_monde, page, reponses_du_lot
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _monde_du_module(pour_le_module):
    """Three answers that wait for her name."""
    return pour_le_module(lambda: ecrire_le_monde(("a_signer",) * 3))


@pytest.fixture
def monde(_monde_du_module, db):
    return deepcopy(_monde_du_module)


agent, elue, referente, projet, boite, lot_a_signer = map(
    du_monde, ("agent", "elue", "referente", "projet", "boite", "lot")
)


def saisie_de(client, lot) -> dict:
    """Hidden versions, as the page of the signature gives them."""
    corps = page(client.get(reverse("reponses:signer_lot", args=[lot.pk])))
    return dict(re.findall(r'name="(lue_\d+)" value="(\w+)"', corps))


def test_l_elue_lit_tout_et_signe_tout(client, lot_a_signer, elue):
    client.force_login(elue)
    assert reverse("reponses:signer_lot", args=[lot_a_signer.pk]) in page(client.get(reverse("portail:bureau_elue")))
    adresse = reverse("reponses:signer_lot", args=[lot_a_signer.pk])
    corps = page(client.get(adresse))
    for reponse in reponses_du_lot(lot_a_signer):
        assert str(reponse.cible) in corps and reponse.version() in corps
    assert corps.count("Nous avons lu votre idée, voici notre réponse.") == 3
    donnees = saisie_de(client, lot_a_signer) | {"toutes": "1"}
    assert client.post(adresse, donnees).status_code == 422, "she has not said that she read"
    recue = client.post(adresse, donnees | {"confirmee": "on"}, follow=True)
    assert "3 réponses sont signées." in page(recue)
    assert {r.etat for r in reponses_du_lot(lot_a_signer)} == {"signee"}
    assert Entree.objects.filter(type="reponses.signer", par=elue).count() == 3


def test_elle_signe_celles_qu_elle_coche(client, lot_a_signer, elue):
    client.force_login(elue)
    adresse = reverse("reponses:signer_lot", args=[lot_a_signer.pk])
    choisie = reponses_du_lot(lot_a_signer)[1]
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on"}
    recue = client.post(adresse, donnees)
    assert recue.status_code == 422 and "Cochez au moins une réponse à signer." in page(recue)
    client.post(adresse, donnees | {"reponses": [choisie.pk]})
    assert [r.etat for r in Reponse.objects.order_by("pk") if r.pk == choisie.pk] == ["signee"]
    assert Reponse.objects.filter(etat="a_signer").count() == 2


def test_celle_qui_a_change_n_est_pas_signee_et_c_est_dit(client, lot_a_signer, agent, elue):
    """Taken back, changed and sent again while her page was open."""
    client.force_login(elue)
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"}
    changee = reponses_du_lot(lot_a_signer)[0]
    franchir(changee.reprendre, par=agent)
    changee.texte = "Un tout autre texte."
    changee.save(update_fields=["texte"])
    franchir(changee.consulter, par=agent, services=[])
    franchir(changee.presenter, par=agent, signataire=elue)
    recue = client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees, follow=True)
    assert "2 réponses sont signées." in page(recue)
    assert "Le texte a changé depuis que vous l’avez lu" in page(recue)
    assert Reponse.objects.get(pk=changee.pk).etat == "a_signer"
    # And a new page, with the new text, lets her sign it.
    client.post(recue.request["PATH_INFO"], saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"})
    assert Reponse.objects.get(pk=changee.pk).etat == "signee"


@pytest.mark.parametrize("lue", ["", "un ancien texte", None])
def test_rien_de_non_lu_n_est_signe(client, lot_a_signer, elue, lue):
    """A forged page that does not say what was read."""
    client.force_login(elue)
    pk = reponses_du_lot(lot_a_signer)[0].pk
    donnees = {"confirmee": "on", "reponses": [pk]} | ({} if lue is None else {f"lue_{pk}": lue})
    client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees)
    assert Reponse.objects.filter(etat="signee").count() == 0


def test_elle_ne_signe_rien_d_un_autre_nom(client, lot_a_signer, boite, agent, elue, autre_elue):
    """Numbers of another élue's answers, of another lot, or of nothing: left out."""
    ailleurs = amener_reponse(
        rediger_reponse(IdeeFabrique(boite=boite, etat="en_etude"), agent=agent),
        "a_signer",
        agent=agent,
        elue=autre_elue,
    )
    dehors = amener_reponse(
        rediger_reponse(IdeeFabrique(boite=boite, etat="en_etude"), agent=agent), "a_signer", agent=agent, elue=elue
    )
    client.force_login(elue)
    donnees = {f"lue_{r.pk}": r.version() for r in (ailleurs, dehors)} | {
        "lue_x": "1", "lue_999999999999999999999999": "1", "toutes": "1", "confirmee": "on",
    }  # fmt: skip
    client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees)
    assert not Reponse.objects.filter(etat="signee").exists()
    client.force_login(autre_elue)
    assert client.get(reverse("reponses:signer_lot", args=[lot_a_signer.pk])).status_code == 404
    client.force_login(agent)
    assert client.get(reverse("reponses:signer_lot", args=[lot_a_signer.pk])).status_code == 403


def test_un_mandat_fini_ne_signe_rien(client, lot_a_signer, elue):
    client.force_login(elue)
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"}
    elue.mandats.update(fin=dans(-1))
    recue = client.post(reverse("reponses:signer_lot", args=[lot_a_signer.pk]), donnees, follow=True)
    assert "Votre mandat n’est pas en cours" in page(recue)
    assert not Reponse.objects.filter(etat="signee").exists()


def test_elle_choisit_un_de_ses_deux_mandats(client, lot_a_signer, elue):
    elue.mandats.create(nom_officiel="Élue Fictive", intitule="Maire adjointe fictive", debut=dans(-5))
    ancien = elue.mandats.order_by("debut").first()
    client.force_login(elue)
    adresse = reverse("reponses:signer_lot", args=[lot_a_signer.pk])
    donnees = saisie_de(client, lot_a_signer) | {"confirmee": "on", "toutes": "1"}
    assert client.post(adresse, donnees).status_code == 422
    client.post(adresse, donnees | {"mandat": ancien.pk})
    assert set(Reponse.objects.values_list("signataire_mandat", flat=True)) == {ancien.intitule}
