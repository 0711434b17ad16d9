"""Results in the API: the figures of the page, the files once it is over, and nothing before."""

import pytest

from consultations.valeurs import Valeur
from tests.consultations.fabriques import (
    consultation,
    de_chaque_genre,
    fermer,
    participation,
    question,
    repondre_en_masse,
    une_page,
)
from tests.requetes import copier, requetes

pytestmark = pytest.mark.django_db
DE_TOUT = {
    "q0": ["a"], "q1": ["a", "b"], "q2": ["7"], "q3": ["5"], "q4.l1": ["a"], "q5.rang.b": ["1"], "q6": ["3"],
    "q7": ["2027-03-31"], "q9": ["des mots"], "q10.latitude": ["47.21876"], "q10.longitude": ["-1.55412"],
}  # fmt: skip


def test_les_chiffres_de_chaque_genre(client):
    ouverte = consultation(de_chaque_genre(), resultats="direct")
    participation(ouverte, DE_TOUT)
    adresse = f"/api/v1/consultations/{ouverte.slug}/resultats/"
    avant = client.get(adresse).json()
    assert avant["donnees"] == [] and avant["participations"] == 1
    finie = fermer(ouverte)
    lus = client.get(adresse).json()
    par_cle = {lue["question"]: lue for lue in lus["questions"]}
    assert {lue["genre"] for lue in lus["questions"]} == {q.genre for q in de_chaque_genre().pages[0].questions}
    assert [part["nombre"] for part in par_cle["q1"]["parts"]] == [1, 1]
    assert par_cle["q4"]["lignes"][0]["parts"][0] == {"cle": "a", "libelle": "Oui", "nombre": 1, "part": 100.0}
    assert [(rang["cle"], rang["points"]) for rang in par_cle["q5"]["rangs"]] == [("b", 2), ("a", 0)]
    assert par_cle["q6"]["resume"]["mediane"] == 3.0
    # A hundred metres, and no nearer.
    assert par_cle["q10"]["points"] == [[47.219, -1.554]] and par_cle["q10"]["lieux"] == 1
    # She did not let her words be published: they are counted, and nowhere.
    assert (par_cle["q9"]["textes_publiables"], par_cle["q9"]["textes_tus"]) == (0, 1)
    assert "des mots" not in client.get(adresse).content.decode()
    assert [adresse.rpartition("/")[2] for adresse in lus["donnees"]] == [
        "reponses.csv",
        "reponses.json",
        "lieux.csv",
        "dictionnaire.csv",
    ]
    for fichier in lus["donnees"]:
        assert finie.slug in fichier and client.get(fichier).status_code == 200


def test_un_brouillon_n_est_nulle_part(client, agent):
    brouillon = consultation(etat="brouillon")
    client.force_login(agent)
    assert client.get("/api/v1/consultations/").json()["results"] == []
    for suite in ("", "resultats/"):
        assert client.get(f"/api/v1/consultations/{brouillon.slug}/{suite}").status_code == 404


def test_le_detail_donne_la_version_publiee_et_les_regles(client):
    ouverte = consultation(une_page(question("q1")))
    lue = client.get(f"/api/v1/consultations/{ouverte.slug}/").json()
    assert lue["version"] == 1 and lue["regles"].startswith("Peut répondre")
    assert [element["cle"] for element in lue["questionnaire"]["pages"][0]["elements"]] == ["q1"]


@pytest.mark.parametrize("suite", ["", "resultats/"])
def test_autant_de_requetes_pour_une_reponse_que_pour_cinquante(client, suite):
    ouverte = consultation(resultats="direct")
    comptes = []
    for nombre in (1, 49):
        repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * nombre)
        comptes.append(requetes(client, f"/api/v1/consultations/{ouverte.slug}/{suite}"))
    assert comptes[0] == comptes[1]


def test_la_liste_coute_autant_avec_cinquante_consultations(client, agent):
    premiere, adresse = consultation(agent=agent), "/api/v1/consultations/"
    une = requetes(client, adresse)
    copier(premiere, 49, slug=lambda n: f"copie-{n}")
    assert len(client.get(f"{adresse}?limit=50").json()["results"]) == 50
    assert [requetes(client, adresse + suite) for suite in ("", "?limit=50", "?limit=20&offset=20")] == [une] * 3
