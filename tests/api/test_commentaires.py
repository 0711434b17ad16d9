import json

import pytest

from commentaires.models import Commentaire
from tests.fabriques import IdeeFabrique, PersonneFabrique

pytestmark = pytest.mark.django_db


def poster(client, chemin, corps=None, methode="post"):
    return getattr(client, methode)(f"/api/v1/{chemin}", json.dumps(corps or {}), content_type="application/json")


@pytest.fixture
def idee(db):
    return IdeeFabrique(etat="publiee")


def test_une_discussion(api, idee, citoyenne, voisin):
    fil = f"idees/{idee.pk}/commentaires/"
    premier = poster(api(citoyenne), fil, {"texte": "Où seraient ces bancs ?", "position": "pour"})
    assert (premier.status_code, premier.json()["position"], premier.json()["auteur"]) == (
        201,
        "pour",
        "Camille Exemple",
    )
    pk = premier.json()["id"]
    reponse = poster(api(voisin), fil, {"texte": "Près de l’école.", "parent": pk})
    assert (reponse.status_code, reponse.json()["parent"]) == (201, pk)
    assert poster(api(voisin), f"commentaires/{pk}/accord/", methode="put").json() == {
        "suis_d_accord": True,
        "nb_accords": 1,
    }
    assert poster(api(voisin), f"commentaires/{pk}/accord/", methode="put").json()["nb_accords"] == 1
    lus = api().get(f"/api/v1/{fil}?ordre=approuves").json()["results"]
    assert [(c["id"], c["nb_accords"], c["suis_d_accord"]) for c in lus] == [
        (pk, 1, False),
        (reponse.json()["id"], 0, False),
    ]
    retrait = poster(api(citoyenne), f"commentaires/{pk}/etapes/retirer/")
    assert (retrait.status_code, retrait.json()["etat"]) == (200, "retire")
    assert api().get(f"/api/v1/commentaires/{pk}/").status_code == 404


def test_une_liste_ne_montre_que_ce_qui_est_sous_son_parent(api, idee, citoyenne):
    autre = IdeeFabrique(etat="publiee")
    for cible, texte in ((idee, "Sous la première."), (autre, "Sous la seconde.")):
        poster(api(citoyenne), f"idees/{cible.pk}/commentaires/", {"texte": texte})
    lus = api().get(f"/api/v1/idees/{idee.pk}/commentaires/").json()
    assert [c["texte"] for c in lus["results"]] == ["Sous la première."]


def test_repondre_sous_une_autre_idee_est_refuse(api, idee, citoyenne):
    ailleurs = poster(
        api(citoyenne), f"idees/{IdeeFabrique(etat='publiee').pk}/commentaires/", {"texte": "Ailleurs."}
    ).json()
    refus = poster(api(citoyenne), f"idees/{idee.pk}/commentaires/", {"texte": "Ici.", "parent": ailleurs["id"]})
    assert (refus.status_code, list(refus.json())) == (400, ["parent"])


def test_trop_vite(api, idee, citoyenne):
    client, fil = api(citoyenne), f"idees/{idee.pk}/commentaires/"
    statuts = [poster(client, fil, {"texte": f"Commentaire {n}"}).status_code for n in range(12)]
    assert statuts == [201] * 10 + [429] * 2
    assert Commentaire.objects.count() == 10


def test_on_n_ecrit_que_ce_qui_se_demande(api, idee, citoyenne):
    volees = {
        "auteur": PersonneFabrique().pk,
        "voix_officielle": True,
        "qualite": "Maire",
        "etat": "retire",
        "nb_accords": 9,
    }
    lu = poster(api(citoyenne), f"idees/{idee.pk}/commentaires/", {**volees, "texte": "Le mien."}).json()
    assert (lu["auteur"], lu["voix_officielle"], lu["qualite"], lu["etat"], lu["nb_accords"]) == (
        "Camille Exemple",
        False,
        "",
        "publie",
        0,
    )
