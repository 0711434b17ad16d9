"""Open data of a consultation: nothing leads to anybody, nothing runs in a spreadsheet, nothing waits in memory."""

import csv
import io
import json
from collections import Counter

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultations import composition
from consultations.models import Participation, Tranche
from consultations.ouvertes import LOT, dictionnaire, fichier_csv, lignes
from consultations.questionnaire import Genre
from consultations.valeurs import Valeur
from consultations.views.resultats import FICHIERS
from tests.consultations.fabriques import (
    commune,
    consultation,
    de_chaque_genre,
    fermer,
    participation,
    question,
    repondre_en_masse,
    une_page,
)

pytestmark = pytest.mark.django_db


def test_les_donnees_ouvertes_ne_menent_a_personne(citoyenne):
    ouverte = consultation(une_page(question("q1"), question("q2", Genre.TEXTE_LONG)))
    participation(ouverte, {"q1": ["a"], "q2": ["=CANARI-PRIVE"]}, personne=citoyenne)
    participation(ouverte, {"q1": ["b"], "q2": ["=HYPERLINK(1)"]}, accord_textes=True)
    texte = "".join(fichier_csv(fermer(ouverte)))
    numeros = Participation.objects.values_list("numero", flat=True)
    assert "CANARI-PRIVE" not in texte and citoyenne.pseudonyme not in texte
    assert not any(str(numero) in texte for numero in numeros)
    rangees = list(csv.DictReader(io.StringIO(texte.removeprefix("\ufeff")), delimiter=";"))
    assert sorted(r["q1"] for r in rangees) == ["Non", "Oui"]
    assert {r["q2"] for r in rangees} == {"", "'=HYPERLINK(1)"}


def test_l_age_et_la_commune_ne_se_disent_qu_a_dix():
    ouverte = consultation()
    ville, bourg = commune("Ville"), commune("Bourg")
    ages = [Tranche.DE_18_A_29] * 25 + [Tranche.DE_30_A_44] * 32
    lieux = [ville.pk] * 15 + [bourg.pk] * 10 + [ville.pk] * 20 + [bourg.pk] * 2 + [None] * 10
    repondre_en_masse(
        ouverte, [{"q1": Valeur(choix=("a",))}] * 57, tranche=lambda n: ages[n], territoire_id=lambda n: lieux[n]
    )
    vus = Counter((ligne["age"], ligne["commune"]) for ligne in lignes(fermer(ouverte)))
    # Of Bourg, two are of the second age: it is told in no line.
    assert vus == {
        ("18 à 29 ans", "Ville"): 15,
        ("18 à 29 ans", None): 10,
        ("30 à 44 ans", "Ville"): 20,
        ("30 à 44 ans", None): 12,
    }


def test_les_lignes_sont_dans_un_ordre_tire_a_chaque_fois():
    ouverte = consultation(une_page(question("q1", Genre.NOMBRE)))
    repondre_en_masse(ouverte, [{"q1": Valeur(nombre=n)} for n in range(40)])
    finie = fermer(ouverte)
    ordres = [[ligne["q1"] for ligne in lignes(finie)] for _fois in range(2)]
    assert ordres[0] != ordres[1] and [sorted(ordre) for ordre in ordres] == [list(range(40))] * 2


def test_une_question_devenue_autre_a_ses_deux_colonnes(agent):
    ouverte = consultation(une_page(question("q1"), question("q2", avec_autre=True)), agent=agent)
    participation(ouverte, {"q1": ["a"], "q2": ["autre"], "q2.autre": ["Un puits"]}, accord_textes=True)
    version = composition.preparer(ouverte, par=agent)
    suivante = une_page(question("q1"), question("q2", Genre.NOMBRE))
    composition.retoucher(version, lambda _avant: suivante, par=agent)
    composition.publier(version, par=agent, ce_qui_change="Un nombre.")
    participation(ouverte, {"q1": ["b"], "q2": ["12"]})
    finie = fermer(ouverte)
    assert [nom for nom, _quoi in dictionnaire(finie)] == ["age", "commune", "q1", "q2", "q3", "q3_autre_mots"]
    assert sorted(
        ((ligne["q1"], ligne["q2"], ligne["q3"], ligne["q3_autre_mots"]) for ligne in lignes(finie)), key=str
    ) == [
        ("Non", 12.0, None, None),
        ("Oui", None, "Autre", "Un puits"),
    ]
    quoi = dict(dictionnaire(finie))
    assert "versions du questionnaire : 1" in quoi["q3"] and "version" not in quoi["q1"]


def test_un_lieu_n_est_sur_la_ligne_de_personne(client):
    """A hundred metres are a door, where few live: what she answered elsewhere is not beside it."""
    ouverte = consultation(une_page(question("q1"), question("q2", Genre.LIEU)))
    for lat in ("47.21876", "47.20123"):
        participation(ouverte, {"q1": ["a"], "q2.latitude": [lat], "q2.longitude": ["-1.55412"]})
    finie = fermer(ouverte)
    corps = {nom: client.get(f"{finie.get_absolute_url()}donnees/{nom}").getvalue().decode() for nom in FICHIERS}
    assert "47.2" not in corps["reponses.csv"] and "47.2" not in json.dumps(
        json.loads(corps["reponses.json"])["reponses"]
    )
    points = [["q2", "47.201", "-1.554"], ["q2", "47.219", "-1.554"]]
    assert list(csv.reader(io.StringIO(corps["lieux.csv"].lstrip("\ufeff")), delimiter=";"))[1:] == points
    lus = json.loads(corps["reponses.json"])["lieux"]
    assert [[lu["question"], str(lu["latitude"]), str(lu["longitude"])] for lu in lus] == points


def test_le_dictionnaire_dit_chaque_colonne_de_chaque_genre():
    ouverte = consultation(de_chaque_genre())
    participation(ouverte, {"q0": ["a"], "q3": ["4"]})
    finie = fermer(ouverte)
    colonnes = dict(dictionnaire(finie))
    assert set(next(lignes(finie))) == set(colonnes) and all(colonnes.values())
    assert "5 : Très content" in next(quoi for quoi in colonnes.values() if "Question q3 ?" in quoi)


def test_le_fichier_s_ecrit_au_fur_et_a_mesure(client):
    ouverte = consultation()
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * 1100)
    finie = fermer(ouverte)
    adresse = reverse("consultations:donnees", args=[finie.slug, "reponses.json"])
    reponse = client.get(adresse)
    assert reponse.streaming and len(json.loads(b"".join(reponse.streaming_content))["reponses"]) == 1100
    morceaux = fichier_csv(finie)
    with CaptureQueriesContext(connection) as debut:
        for _n in range(10):
            next(morceaux)
    with CaptureQueriesContext(connection) as fin:
        assert sum(1 for _ligne in morceaux) == 1100 + 2 - 10
    assert len(debut) < 9 and len(fin) >= 4  # two more lots, each read when its turn comes


def test_le_fichier_s_ecrit_au_fur_et_a_mesure_sous_asgi_aussi():
    ouverte = consultation()
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a",))}] * (2 * LOT))
    finie = fermer(ouverte)
    adresse = reverse("consultations:donnees", args=[finie.slug, "reponses.csv"])

    @async_to_sync
    async def demander():
        reponse = await AsyncClient().get(adresse)
        morceaux = [morceau async for morceau in reponse.streaming_content]
        return reponse.is_async, morceaux

    au_fil, morceaux = demander()
    assert au_fil and len(morceaux) > 4
    assert len(b"".join(morceaux).decode().splitlines()) == 2 * LOT + 1


def test_elles_ne_se_prennent_qu_a_la_fin_avec_leur_licence(client):
    ouverte = consultation(resultats="direct")
    participation(ouverte)
    adresses = [
        reverse("consultations:donnees", args=[ouverte.slug, nom])
        for nom in ("reponses.csv", "reponses.json", "dictionnaire.csv")
    ]
    assert [client.get(adresse).status_code for adresse in adresses] == [404] * 3
    fermer(ouverte)
    for adresse in adresses:
        assert 'rel="license"' in client.get(adresse)["Link"]
    assert client.get(adresses[1]).getvalue() and "Licence Ouverte" in client.get(adresses[1]).getvalue().decode()
