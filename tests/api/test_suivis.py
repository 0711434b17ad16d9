"""Following through the API: in one way or the other, and as old requests did."""

import json

import pytest

from notifications.abonnements import abonner, facon_de
from tests.fabriques import BoiteFabrique, IdeeFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db

CHOSES = {
    "idee": (lambda: IdeeFabrique(etat="publiee"), lambda chose: f"/api/v1/idees/{chose.pk}/"),
    "projet": (lambda: ProjetFabrique(annonce=True), lambda chose: f"/api/v1/projets/{chose.slug}/"),
    "boite": (BoiteFabrique, lambda chose: f"/api/v1/boites/{chose.slug}/"),
}


def dire(client, chemin, corps=None):
    contenu = {} if corps is None else {"data": json.dumps(corps), "content_type": "application/json"}
    return client.put(f"{chemin}suivi/", **contenu)


@pytest.mark.parametrize("nom", CHOSES)
def test_suivre_d_une_facon_puis_de_l_autre_puis_plus(api, citoyenne, nom):
    fabriquer, chemin_de = CHOSES[nom]
    chose = fabriquer()
    client, chemin = api(citoyenne), chemin_de(chose)
    for corps, attendue in [
        (None, "participe"), ({"facon": "informe"}, "informe"), ({"facon": "informe"}, "informe"), ({}, "participe"),
        ({"facon": "informe"}, "informe"), (None, "participe"), ({"facon": None}, "participe"), ({"facon": ""}, "participe"),
    ]:  # fmt: skip
        reponse = dire(client, chemin, corps)
        assert (reponse.status_code, reponse.json()) == (200, {"est_suivie": True, "facon": attendue})
        assert facon_de(citoyenne, chose) == attendue
    reponse = client.delete(f"{chemin}suivi/")
    assert (reponse.status_code, reponse.json()) == (200, {"est_suivie": False, "facon": None})


@pytest.mark.parametrize("facon", ["tout", "PARTICIPE", 1, ["informe"], {"a": 1}])
def test_une_facon_inventee_est_refusee_et_ne_change_rien(api, citoyenne, facon):
    idee = IdeeFabrique(etat="publiee")
    abonner(citoyenne, idee, "informe")
    reponse = dire(api(citoyenne), CHOSES["idee"][1](idee), {"facon": facon})
    assert (reponse.status_code, list(reponse.json())) == (400, ["facon"])
    assert facon_de(citoyenne, idee) == "informe"


@pytest.mark.parametrize(("nom", "champ"), [("idee", "est_suivie"), ("projet", "est_suivi")])
def test_la_chose_dit_comment_on_la_suit(api, citoyenne, voisin, nom, champ):
    fabriquer, chemin_de = CHOSES[nom]
    chose = fabriquer()
    abonner(citoyenne, chose, "informe")
    for client, attendus in [(api(citoyenne), (True, "informe")), (api(voisin), (False, None)), (api(), (False, None))]:
        lue = client.get(chemin_de(chose)).json()
        assert (lue[champ], lue["facon"]) == attendus


def test_mes_suivis_disent_la_facon(api, citoyenne):
    for fabriquer, _chemin in CHOSES.values():
        abonner(citoyenne, fabriquer(), "informe")
    abonner(citoyenne, IdeeFabrique(etat="publiee"))
    lus = api(citoyenne).get("/api/v1/moi/suivis/").json()["results"]
    assert [(lu["type"], lu["facon"]) for lu in lus] == [
        ("idees.idee", "participe"),
        ("idees.boite", "informe"),
        ("projets.projet", "informe"),
        ("idees.idee", "informe"),
    ]
