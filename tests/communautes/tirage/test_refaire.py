"""`manage.py refaire_tirage`: what anybody finds, what is refused in each of the three files, and that no database is asked."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command, execute_from_command_line

from communautes.tirage import fichiers
from communautes.tirage.preparation import preparer
from communautes.tirage.quotas import Quota
from communautes.tirage.vivier import Personne, Vivier
from tests.communautes.tirage.viviers import annoncer

pytestmark = pytest.mark.sans_base

RACINE = Path(__file__).resolve().parents[3]
NOMS = ("vivier.csv", "parametres.json", "lots.csv")
VALEUR = "4 8 15 16 23 42"


@pytest.fixture(scope="module")
def publies():
    gens = [("femme", "nord"), ("homme", "nord"), ("femme", "sud"), ("homme", "sud")] * 3
    vivier = Vivier(("genre", "lieu"), tuple(Personne(f"{rang:04x}", profil) for rang, profil in enumerate(gens)))
    quotas = {"genre": {"femme": Quota(2, 2), "homme": Quota(2, 2)}, "lieu": {"nord": Quota(1, 3), "sud": Quota(1, 3)}}
    parametres = annoncer(quotas, 4, lots=100)
    return (
        fichiers.ecrire_vivier(vivier),
        fichiers.ecrire_parametres(parametres),
        fichiers.ecrire_lots(preparer(vivier, parametres).lots),
    )


@pytest.fixture
def dossier(tmp_path, publies):
    for nom, octets in zip(NOMS, publies, strict=True):
        (tmp_path / nom).write_bytes(octets)
    return tmp_path


def mots(dossier, *autres):
    return [*(str(dossier / nom) for nom in NOMS), "--valeur", VALEUR, *autres]


def refuser(capsys, *demande):
    with pytest.raises(SystemExit) as sortie:
        execute_from_command_line(["manage.py", "refaire_tirage", *demande])
    dites = capsys.readouterr()
    assert dites.out == ""
    assert len(dites.err.strip().splitlines()) == 1
    return sortie.value.code, dites.err


def test_un_objet_json_que_l_on_retrouve_a_la_main(capsys, dossier, publies):
    call_command("refaire_tirage", *mots(dossier, "--json"))

    objet = json.loads(capsys.readouterr().out)
    sommes = [hashlib.sha256(octets).hexdigest() for octets in publies]
    graine = hashlib.sha256("\n".join(["estuaire-tirage-1", *sommes, VALEUR, ""]).encode()).hexdigest()
    ligne = publies[2].decode().splitlines()[1 + int(graine, 16) % 100]
    assert list(objet["empreintes"].values()) == sommes
    assert objet["graine"] == graine
    assert objet["numero"] == int(graine, 16) % 100
    assert f"{objet['numero']:02},{' '.join(objet['tires'])}" == ligne
    assert objet["probabilites"]["somme"] == 4
    assert sum(objet["probabilites"]["par_code"].values()) == 400
    assert {33, 34} == set(objet["probabilites"]["par_code"].values())


def test_un_texte_pour_qui_lit(capsys, dossier, publies):
    sommes = [hashlib.sha256(octets).hexdigest() for octets in publies]

    call_command("refaire_tirage", *mots(dossier, "--annoncees", *sommes))

    sortie = capsys.readouterr().out
    assert f"vivier.csv       {sommes[0]}" in sortie
    assert "Vivier : 12 personnes, 4 places, 2 critères." in sortie
    assert "Lots : 100. Chacun respecte tous les quotas." in sortie
    assert "Chance d'être tiré au sort : de 33 % à 34 %. La somme des chances est 4, le nombre de places." in sortie
    assert f"Valeur publique (Le tirage du Loto d'essai) : {VALEUR}" in sortie


def abimer(octets, avant, apres):
    assert avant in octets
    return octets.replace(avant, apres, 1)


@pytest.mark.parametrize(
    ("nom", "change", "phrase"),
    [
        ("vivier.csv", lambda o: abimer(o, b"0000,femme,nord", b"0000,femme,est"), "parametres.json : lieu, « est » : des personnes du vivier"),
        ("vivier.csv", lambda o: abimer(o, b"0000,femme", b"0000,homme"), "lots.csv, ligne "),
        ("vivier.csv", lambda o: abimer(o, b"0003,homme,sud\n", b""), "n'est pas dans le vivier."),
        ("vivier.csv", lambda o: abimer(o, b"genre,lieu", b"lieu,genre"), "parametres.json : "),
        ("parametres.json", lambda o: abimer(o, b'"places": 4', b'"places": 3'), "parametres.json : genre : les minimums font 4 places en tout"),
        ("parametres.json", lambda o: abimer(o, b'"lots": 100', b'"lots": 99'), "lots.csv : 100 lots au lieu de 99."),
        ("parametres.json", lambda o: abimer(o, b'"min": 1', b'"min": 3'), "lots.csv, ligne "),
        ("lots.csv", lambda o: o.rsplit(b"\n", 2)[0] + b"\n", "lots.csv : 99 lots au lieu de 100."),
        ("lots.csv", lambda o: o.replace(o.splitlines()[5][3:7], b"ffff", 1), "n'est pas dans le vivier."),
        ("lots.csv", lambda o: o.replace(o.splitlines()[5], o.splitlines()[5][:-5], 1), "lots.csv, ligne 6 : dans le lot 04, il y a 3 personnes au lieu de 4."),
        ("lots.csv", lambda o: o.replace(o.splitlines()[5], o.splitlines()[5][:-4] + o.splitlines()[5][-9:-5], 1), "lots.csv, ligne 6 : dans le lot 04, le code « "),
        ("lots.csv", lambda o: o.replace(o.splitlines()[5], b"04," + b" ".join(reversed(o.splitlines()[5][3:].split(b" "))), 1), "les codes ne sont pas dans l'ordre."),
        ("lots.csv", lambda o: o.replace(b"\n", b"\r\n"), "lots.csv, ligne 1 : le fichier contient des fins de ligne de Windows"),
    ],
)  # fmt: skip
def test_un_fichier_touche_est_refuse(capsys, dossier, nom, change, phrase):
    chemin = dossier / nom
    chemin.write_bytes(change(chemin.read_bytes()))

    code, dite = refuser(capsys, *mots(dossier))

    assert phrase in dite
    assert code == 1


@pytest.mark.parametrize("rang", range(3))
def test_une_autre_empreinte_que_l_annoncee_est_refusee(capsys, dossier, publies, rang):
    sommes = [hashlib.sha256(octets).hexdigest() for octets in publies]
    sommes[rang] = "0" * 64

    code, dite = refuser(capsys, *mots(dossier, "--annoncees", *sommes))

    assert code == 1
    assert f"{NOMS[rang]} : l'empreinte est " in dite


def test_une_demande_mal_faite(capsys, dossier):
    assert refuser(capsys, *mots(dossier)[:3]) == (2, "Il manque : --valeur.\n")
    assert refuser(capsys, *mots(dossier, "--vite")) == (2, "Option inconnue : --vite.\n")
    code, dite = refuser(capsys, *mots(dossier)[:3], "--valeur", " ")
    assert code == 2 and dite.strip().endswith("La valeur publique est vide.")


@pytest.mark.parametrize(("nom", "phrase"), [("absent", "ce fichier n'existe pas."), (".", "c'est un dossier")])
def test_un_fichier_qui_n_est_pas_la(capsys, dossier, nom, phrase):
    """As `compter` says it: the request is well written, what is wrong is the file."""
    code, dite = refuser(capsys, str(dossier / nom), *mots(dossier)[1:])
    assert code == 1 and phrase in dite


def test_sans_base_et_sans_solveur(dossier):
    """Neither the database nor the solver can be reached: nothing asks for them."""
    (dossier / "highspy.py").write_text("raise RuntimeError('le solveur')\n")
    env = {
        **os.environ,
        "DATABASE_URL": "postgres://personne@127.0.0.1:1/nulle-part",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(dossier),
    }

    fini = subprocess.run(
        [sys.executable, "manage.py", "refaire_tirage", *mots(dossier, "--json")],
        cwd=RACINE, env=env, capture_output=True, text=True,
    )  # fmt: skip

    assert fini.stderr == ""
    assert len(json.loads(fini.stdout)["tires"]) == 4
