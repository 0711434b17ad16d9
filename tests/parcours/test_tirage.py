"""A panel of eighty people is drawn from ten thousand: announced, drawn by a public value, redone by somebody who trusts nobody.
One of the drawn people answers with her letter and enters the panel."""

import csv
import hashlib
import io
import json
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.parcours.conftest import violations

RACINE = Path(__file__).resolve().parents[2]
PERSONNES, PLACES = 10_000, 80
SOURCE = "Les cinq numéros du Loto fictif de ce soir, séparés par une espace"
VALEUR = "3 14 15 92 65"
CRITERES = {
    "genre": {"femme": 52, "homme": 48},
    "âge": {"16-24": 14, "25-39": 26, "40-64": 40, "65 et plus": 20},
    "diplôme": {"aucun": 20, "bac": 30, "supérieur": 50},
    "quartier": {f"quartier {n}": n + 3 for n in range(1, 12)},
    "logement": {"propriétaire": 45, "locataire": 35, "social": 20},
    "vélo": {"oui": 30, "non": 70},
}
FICHIERS = ("vivier.csv", "parametres.json", "lots.csv")
#: Between the announcement and its value. Announced things are locked: the clock of the site moves, they do not.
ATTENDRE = timedelta(hours=30)


def vivier() -> bytes:
    hasard = random.Random(2027)
    sortie = io.StringIO()
    ecrire = csv.writer(sortie, delimiter=";").writerow
    ecrire(["numéro", *CRITERES, "nom", "adresse", "date de naissance"])
    for rang in range(PERSONNES):
        valeurs = [hasard.choices(list(classes), list(classes.values()))[0] for classes in CRITERES.values()]
        ecrire([f"A{rang:06}", *valeurs, f"Personne Inventée {rang}", f"{rang} rue Imaginaire", "1990-01-01"])
    return sortie.getvalue().encode()


def bien(page) -> None:
    """Nothing for axe to say, and nothing wider than the screen."""
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.url


@pytest.fixture(scope="module")
def histoire() -> dict:
    return {}


def test_un_agent_prepare_et_annonce(site, quelqu_un, histoire):
    agent = quelqu_un(site, "alix.agent@essai.example")
    page = agent.va("/bureau/panels/")
    bien(page)
    agent.appuie("Nouveau panel")
    bien(page)
    for nom, texte in {
        "nom": "Panel de la rivière", "resume": "Quatre-vingts personnes parlent de la rivière.",
        "description": "Un panel inventé.", "charte": "On s’écoute.", "question": "Que faire des berges ?",
        "calendrier": "Trois samedis.", "devenir": "Une réponse à chaque recommandation.", "commanditaire": "La ville fictive",
        "places": str(PLACES), "effacer_le": (timezone.localdate() + timedelta(days=90)).isoformat(),
    }.items():  # fmt: skip
        page.locator(f"main [name={nom}]").fill(texte)
    agent.appuie("Créer le panel")
    agent.lit("Personne ne le voit encore")
    bien(page)
    agent.appuie("Publier le mandat")
    bien(page)
    agent.appuie("Publier le mandat")
    agent.lit("Version 1, publiée le")

    agent.appuie("Préparer un tirage")
    bien(page)
    page.locator("[name=fichier]").set_input_files(
        {"name": "mauvais.csv", "mimeType": "text/csv", "buffer": b"a;b\n1\n"}
    )
    agent.appuie("Lire le fichier")
    agent.lit("Ligne 2 : 1 colonne au lieu de 2")
    bien(page)
    page.locator("[name=fichier]").set_input_files({"name": "vivier.csv", "mimeType": "text/csv", "buffer": vivier()})
    agent.appuie("Lire le fichier")
    agent.lit("10 000 lignes")
    bien(page)
    page.get_by_label("Quelle colonne désigne chaque personne ?").select_option(label="numéro")
    for critere in CRITERES:
        page.locator("[name=criteres]").and_(page.get_by_label(critere, exact=True)).check()
    for colonne in ("nom", "adresse"):
        page.locator("[name=personnelles]").and_(page.get_by_label(colonne, exact=True)).check()
    agent.appuie("Importer le vivier")
    expect(page.locator("main")).to_contain_text("Enregistrer les quotas", timeout=60_000)
    bien(page)
    # Wider by one seat on each side: quotas in proportion leave little choice.
    minimum = page.get_by_label("genre, femme : minimum")
    assert minimum.input_value().isdecimal()
    minimum.fill("79")
    agent.appuie("Enregistrer les quotas")
    agent.lit("le minimum (79) dépasse le maximum")
    bien(page)
    agent.appuie("Proposer des quotas en proportion")
    agent.lit("Rien n’est encore enregistré")
    agent.appuie("Enregistrer les quotas")
    agent.lit("10 000 personnes dans le vivier")
    bien(page)

    debut = time.monotonic()
    agent.appuie("Calculer les lots")
    expect(page.locator("#suivi-calcul")).to_contain_text("En cours", timeout=30_000)
    bien(page)
    expect(page.locator("#suivi-calcul")).to_contain_text("Les mille lots sont prêts", timeout=600_000)
    histoire["secondes"] = time.monotonic() - debut
    assert histoire["secondes"] < 600
    agent.appuie("Revenir au tirage")
    bien(page)
    agent.appuie("Annoncer le tirage")
    bien(page)
    page.locator("[name=source]").fill(SOURCE)
    page.locator("[name=connue_le]").fill("2020-01-01T10:00")
    page.locator("[name=verifie]").check()
    agent.appuie("Annoncer le tirage")
    agent.lit("choisissez-en une qui sera publiée plus tard")
    bien(page)
    plus_tard = timezone.localtime(timezone.now() + ATTENDRE)
    page.locator("[name=connue_le]").fill(plus_tard.strftime("%Y-%m-%dT%H:%M"))
    agent.appuie("Annoncer le tirage")
    agent.lit("Valeur connue le")
    # Before its time nobody draws.
    agent.appuie("Tirer au sort")
    page.locator("[name=valeur]").fill(VALEUR)
    agent.appuie("Tirer au sort")
    agent.lit("n’est pas encore connue")


def test_une_visiteuse_telecharge_ce_qui_est_annonce(site, quelqu_un, histoire, tmp_path_factory):
    visiteuse = quelqu_un(site, largeur=360)
    page = visiteuse.va("/communautes/panel-de-la-riviere/panel/")
    visiteuse.lit("Que faire des berges ?")
    bien(page)
    page.get_by_role("link", name="Tirage au sort", exact=True).click()
    visiteuse.lit("Jusque-là, personne ne peut savoir qui sera tiré")
    bien(page)
    dossier = tmp_path_factory.mktemp("publies")
    for nom in FICHIERS:
        with page.expect_download() as descente:
            page.get_by_role("link", name=nom, exact=True).click()
        descente.value.save_as(dossier / nom)
        annoncee = page.get_by_role("row", name=nom).locator("code").inner_text()
        assert hashlib.sha256((dossier / nom).read_bytes()).hexdigest() == annoncee
    publie = (dossier / "vivier.csv").read_text()
    assert publie.count("\n") == PERSONNES + 1 and "Inventée" not in publie and "A000001" not in publie
    code = publie.splitlines()[1].split(",")[0]
    page.get_by_label("Votre code").fill(code)
    visiteuse.appuie("Voir ma chance")
    visiteuse.lit(f"Le code {code} est dans")
    bien(page)
    histoire["dossier"] = dossier


def test_l_agent_tire_et_la_visiteuse_refait(site, quelqu_un, histoire):
    site.avancer(jours=2)
    suiveuse = quelqu_un(site, "voisin.deux@essai.example", largeur=360)
    page = suiveuse.va("/communautes/panel-de-la-riviere/panel/")
    page.locator("main").get_by_role("button", name="Je participe").click()
    suiveuse.lit("Vous suivez tout ce qui se passe ici.")
    agent = quelqu_un(site, "alix.agent@essai.example")
    page = agent.va("/bureau/panels/panel-de-la-riviere/tirages/1/")
    agent.appuie("Tirer au sort")
    bien(page)
    page.locator("[name=valeur]").fill(VALEUR)
    agent.appuie("Tirer au sort")

    # Her bell tells her the seed, and its 64 characters in a row do not widen the page.
    page = suiveuse.va("/notifications/")
    suiveuse.lit("Graine :")
    assert len(page.locator("main code").first.inner_text()) == 64
    bien(page)

    visiteuse = quelqu_un(site, largeur=360)
    page = visiteuse.va("/communautes/panel-de-la-riviere/panel/tirages/1/")
    visiteuse.lit("Qui est tiré")
    bien(page)
    tires = set(page.locator(".codes code").all_inner_texts())
    assert len(tires) == PLACES
    page.set_viewport_size({"width": 1280, "height": 900})
    bien(page)

    dossier = histoire["dossier"]
    commande = [
        sys.executable,
        "manage.py",
        "refaire_tirage",
        *(str(dossier / nom) for nom in FICHIERS),
        "--valeur",
        VALEUR,
        "--json",
    ]
    refait = json.loads(subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=True).stdout)
    assert set(refait["tires"]) == tires

    # The recipe as the page gives it, in a shell that has none of our code.
    recette = page.locator(".recette").first.inner_text()
    numero = subprocess.run(
        ["bash", "-c", recette], cwd=dossier, capture_output=True, text=True, check=True
    ).stdout.strip()
    lots = csv.reader(io.StringIO((dossier / "lots.csv").read_text()))
    ligne = next(li for li in lots if li[0] == numero)
    assert set(ligne[1].split()) == tires
    histoire["tires"] = tires


def test_une_personne_tiree_accepte_avec_sa_lettre(site, quelqu_un, histoire):
    agent = quelqu_un(site, "alix.agent@essai.example")
    page = agent.va("/bureau/panels/panel-de-la-riviere/places/")
    bien(page)
    with page.expect_download() as descente:
        agent.appuie("Faire les lettres")
    lettres = list(csv.DictReader(io.StringIO(Path(descente.value.path()).read_text("utf-8-sig")), delimiter=";"))
    assert {lettre["code"] for lettre in lettres} == histoire["tires"]
    assert "date de naissance" not in lettres[0], "what was not ticked was not kept"

    # One refuses, without an account.
    autre = quelqu_un(site, largeur=360)
    page = autre.va("/communautes/panel-de-la-riviere/panel/place/")
    bien(page)
    page.get_by_label("Votre code").fill(lettres[1]["code"])
    page.get_by_label("Votre clé").fill("0000-0000-0000-0000-0000")
    autre.appuie("Ouvrir ma place")
    autre.lit("ne vont pas ensemble")
    bien(page)
    page.get_by_label("Votre clé").fill(lettres[1]["clé"].lower())
    autre.appuie("Ouvrir ma place")
    autre.lit("Vous êtes libre d’accepter ou de refuser")
    bien(page)
    autre.appuie("Refuser ma place")
    bien(page)
    autre.appuie("Oui, je refuse")
    autre.lit("Le mandat")

    # Another one accepts, with her account, and enters.
    voisine = quelqu_un(site, largeur=360)
    page = voisine.va("/communautes/panel-de-la-riviere/panel/place/")
    page.get_by_label("Votre code").fill(lettres[0]["code"])
    page.get_by_label("Votre clé").fill(lettres[0]["clé"])
    voisine.appuie("Ouvrir ma place")
    voisine.appuie("J’ai déjà un compte")
    page.locator("main [name=login]").fill("voisin.un@essai.example")
    page.locator("main [name=password]").fill("une phrase assez longue")
    page.locator("main form button[type=submit]").first.click()
    voisine.lit("les autres vous connaîtront sous le pseudonyme « Voisin Un »")
    bien(page)
    page.get_by_label("J’ai lu ce texte, et je suis d’accord.").check()
    voisine.appuie("Prendre ma place")
    expect(page.locator("h1")).to_have_text("Panel de la rivière")
    dedans = site.executer(
        "from communautes.models import Communaute\n"
        "from comptes.models import Utilisateur\n"
        "u = Utilisateur.objects.get(pseudonyme='Voisin Un')\n"
        "print(Communaute.objects.lues_de_l_interieur_par(u).filter(genre='panel').count())"
    )
    assert dedans.strip() == "1"
    page = agent.va("/bureau/panels/panel-de-la-riviere/places/")
    agent.lit("1 place est vide")
    bien(page)
