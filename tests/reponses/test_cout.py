"""A cost says where it comes from and of which day it is: in the dossier, then in public, sealed with the answer."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from reponses.forms import ReponseForm
from reponses.models import Reponse
from reponses.regles import defauts
from tests.fabriques import publier_reponse, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans
from tests.tableau import issue

pytestmark = pytest.mark.django_db

OUI = {
    "sens": "go", "motif": "interet_general", "texte": "Oui.", "premiere_etape": "Choisir",
    "premiere_etape_le": str(dans(40)),
}  # fmt: skip
DEVIS = {"cout_estime": 1200, "cout_justification": "Devis du fontainier.", "cout_le": dans(-2)}

#: what is typed -> the field that says it, a piece of its sentence; None: nothing to say
SAISIES = [
    ({"cout_estime": "1200"}, "cout_justification", "d’où vient ce coût"),
    ({"cout_estime": "1200", "cout_justification": "   "}, "cout_justification", "d’où vient ce coût"),
    ({"cout_estime": "0"}, "cout_justification", "d’où vient ce coût"),
    ({"cout_justification": "Un devis."}, "cout_estime", "le coût que vous expliquez"),
    ({"cout_estime": "1200", "cout_justification": "Un devis.", "cout_le": str(dans(1))}, "cout_le", "déjà estimé"),
    ({"cout_estime": "1200", "cout_justification": "Un devis.", "cout_le": "31/02/2026"}, "cout_le", "date complète"),
    ({"cout_estime": "-3", "cout_justification": "Un devis."}, "cout_estime", "nombre positif"),
    ({"cout_estime": "beaucoup", "cout_justification": "Un devis."}, "cout_estime", "nombre entier"),
    ({"cout_le": str(dans(-9))}, None, None),
    ({"cout_estime": "0", "cout_justification": "Rien à acheter."}, None, None),
    ({"cout_estime": "1200", "cout_justification": "Un devis.", "cout_le": str(dans(0))}, None, None),
]


@pytest.mark.parametrize(("saisie", "champ", "phrase"), SAISIES)
def test_a_la_page(client, idee, agent, saisie, champ, phrase):
    """One sentence beside its field, nothing written; what is right passes."""
    client.force_login(agent)
    recue = client.post(reverse("reponses:rediger", args=["idees.idee", idee.pk]), OUI | saisie)
    if champ is None:
        assert recue.status_code == 302
        assert (Reponse.objects.get().cout_estime is None) is (Reponse.objects.get().cout_le is None)
        return
    erreurs = recue.context["form"].errors
    assert (recue.status_code, list(erreurs), len(erreurs[champ])) == (422, [champ], 1)
    assert phrase in erreurs[champ][0]
    assert not Reponse.objects.exists()


def test_le_jour_est_aujourd_hui_quand_rien_n_est_dit():
    form = ReponseForm(OUI | {"cout_estime": "5", "cout_justification": "Un devis."})
    assert form.is_valid(), form.errors
    assert form.contenu()["cout_le"] == timezone.localdate()


@pytest.mark.parametrize(
    ("manque", "champ"),
    [
        ({"cout_justification": "", "cout_le": None}, "cout_justification"),
        ({"cout_justification": "  "}, "cout_justification"),
        ({"cout_le": dans(1)}, "cout_le"),
    ],
)
def test_a_l_etape(idee, agent, manque, champ):
    """Written past the form: it does not leave its draft."""
    reponse = rediger_reponse(idee, agent=agent, **DEVIS | manque)
    assert list(defauts(reponse)) == [champ]
    assert issue(reponse, "consulter", agent, services=[]) == "400"


@pytest.mark.parametrize(
    "champs",
    [{"cout_estime": None}, {"cout_justification": ""}, {"cout_le": None}, {"cout_estime": None, "cout_le": None}],
)
def test_a_la_base(idee, champs):
    """A reason and a day go together, and with a figure."""
    reponse = rediger_reponse(idee, **DEVIS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reponse.objects.filter(pk=reponse.pk).update(**champs)


def test_du_dossier_au_public_puis_immuable(client, idee, agent, elue, voisin):
    """Read by the chain alone, then by everybody: page, API, sealed file. No door changes it any more."""
    reponse = amener_reponse(rediger_reponse(idee, agent=agent, **DEVIS), "a_signer", agent=agent, elue=elue)
    client.force_login(voisin)
    assert client.get(reponse.get_absolute_url()).status_code == 404
    for personne in (agent, elue):
        client.force_login(personne)
        assert DEVIS["cout_justification"] in client.get(reponse.get_absolute_url()).content.decode()
    assert issue(reponse, "signer", elue) == "signee"
    assert issue(reponse, "publier", agent) == "publiee"
    client.logout()
    corps = client.get(reponse.get_absolute_url()).content.decode()
    assert "estimés le" in corps
    assert f'datetime="{DEVIS["cout_le"].isoformat()}"' in corps
    assert DEVIS["cout_justification"] in corps
    attendu = {"cout_estime": 1200, "cout_justification": "Devis du fontainier.", "cout_le": str(DEVIS["cout_le"])}
    for adresse in (f"/api/v1/reponses/{reponse.pk}/", reverse("reponses:sceau", args=[reponse.pk])):
        recu = json.loads(client.get(adresse).content)
        assert {nom: recu[nom] for nom in attendu} == attendu
    for champs in ({"cout_justification": "Autre."}, {"cout_le": dans(0)}, {"cout_estime": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reponse._base_manager.filter(pk=reponse.pk).update(**champs)


def test_une_correction_montre_le_cout_qu_elle_change(client, idee, agent, elue):
    """The first stays as it was signed; the correction says both."""
    premiere = publier_reponse(idee, agent=agent, elue=elue, **DEVIS)
    autre = DEVIS | {"cout_estime": 1500, "cout_justification": "Devis revu.", "cout_le": dans(0)}
    correction = rediger_reponse(idee, agent=agent, corrige=premiere, **autre)
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    corps = client.get(correction.get_absolute_url()).content.decode()
    assert "Devis du fontainier." in corps
    assert "Devis revu." in corps
    assert "Devis revu." not in client.get(premiere.get_absolute_url()).content.decode()
