"""What the production profile wants of its environment: one sentence for each value that cannot be right."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.sans_base

JUSTE = {
    "ESTUAIRE_PROFIL": "production",
    "SECRET_KEY": "une-cle-qui-ne-sert-qu-aux-essais-" * 2,
    "ALLOWED_HOSTS": "dialogue.exemple.fr",
    "ESTUAIRE_ADRESSE": "https://dialogue.exemple.fr",
    "DATABASE_URL": "postgres://site:secret@base.exemple.fr:5432/estuaire",
    "REDIS_URL": "redis://redis.exemple.fr:6379/0",
    "EMAIL_URL": "smtp+tls://site:secret@courriel.exemple.fr:587",
}


def lire(*lignes: dict[str, str]) -> list[str]:
    """What the settings answer to each environment: « bon », or their sentence. One process, for Django loads once."""
    code = (
        "import importlib, json, os, sys\n"
        "for env in json.loads(sys.argv[1]):\n"
        "    os.environ.update(env)\n"
        "    sys.modules.pop('config.settings', None)\n"
        "    try:\n"
        "        importlib.import_module('config.settings'); print('bon')\n"
        "    except Exception as e:\n"
        "        print(type(e).__name__ + ' ' + str(e))\n"
    )
    fait = subprocess.run(
        [sys.executable, "-c", code, json.dumps([JUSTE | ligne for ligne in lignes])],
        env={cle: valeur for cle, valeur in os.environ.items() if cle not in JUSTE},
        capture_output=True,
        text=True,
        check=True,
    )
    return fait.stdout.splitlines()


FAUSSES = [
    ("REDIS_URL", "hello", "redis://"),
    ("REDIS_URL", "redis://", "redis://serveur"),
    ("REDIS_URL", "redis://serveur:port/0", "redis://serveur"),
    ("REDIS_URL", "http://serveur:6379", "redis://serveur"),
    ("ESTUAIRE_ADRESSE", "http://dialogue.exemple.fr", "https://"),
    ("ESTUAIRE_ADRESSE", "dialogue.exemple.fr", "https://"),
    ("ESTUAIRE_ADRESSE", "https://exemple.fr/dialogue/", "sans chemin"),
    ("EMAIL_URL", "consolemail://", "smtp+tls://"),
    ("EMAIL_URL", "hello", "smtp+tls://"),
    ("EMAIL_URL", "smtp://site:motdepasse@courriel.exemple.fr:25", "sans les chiffrer"),
    ("EMAIL_URL", "smtp+tls://site:motdepasse@courriel.exemple.fr", "le port"),
    ("DATABASE_URL", "mysql://site:motdepasse@serveur/estuaire", "PostgreSQL"),
    ("DATABASE_URL", "sqlite:////tmp/x.sqlite3", "PostgreSQL"),
    ("DATABASE_URL", "hello", "PostgreSQL"),
]


def test_une_phrase_pour_chaque_valeur_impossible():
    reponses = lire(*({nom: valeur} for nom, valeur, _attendu in FAUSSES))
    assert len(reponses) == len(FAUSSES)  # one line each
    for (nom, valeur, attendu), reponse in zip(FAUSSES, reponses, strict=True):
        assert reponse.startswith(f"ImproperlyConfigured {nom} "), (valeur, reponse)
        assert attendu in reponse and "motdepasse" not in reponse


def test_les_valeurs_justes_passent():
    assert (
        lire(
            {},
            {"REDIS_URL": "rediss://:secret@redis.exemple.fr:6380/1"},
            {"EMAIL_URL": "smtp://127.0.0.1:25"},
            {"EMAIL_URL": "smtp+ssl://site:secret@courriel.exemple.fr:465"},
            {"ESTUAIRE_ADRESSE": "https://dialogue.exemple.fr/"},
            {"DATABASE_URL": "postgres://site@/estuaire?host=/var/run/postgresql"},
        )
        == ["bon"] * 6
    )
