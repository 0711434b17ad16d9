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


def lire(*lignes: dict[str, str | None], dire: str = "'bon'") -> list[str]:
    """What the settings answer to each environment: « bon », or their sentence. One process, for Django loads once.

    None takes the variable away. `dire` is what is printed of settings that load, an expression of `r`.
    """
    code = (
        "import importlib, json, os, sys\n"
        "depart = dict(os.environ)\n"
        "for env in json.loads(sys.argv[1]):\n"
        "    os.environ.clear(); os.environ.update(depart, **{k: v for k, v in env.items() if v is not None})\n"
        "    sys.modules.pop('config.settings', None)\n"
        "    try:\n"
        f"        r = importlib.import_module('config.settings'); print({dire})\n"
        "    except Exception as e:\n"
        "        print(type(e).__name__ + ' ' + str(e))\n"
    )
    siennes = {*JUSTE, "DEBUG"}
    fait = subprocess.run(
        [sys.executable, "-c", code, json.dumps([JUSTE | ligne for ligne in lignes])],
        env={cle: valeur for cle, valeur in os.environ.items() if cle not in siennes},
        capture_output=True,
        text=True,
        check=True,
    )
    return fait.stdout.splitlines()


#: What cannot be guessed. Missing, or left empty: the same sentence.
INDISPENSABLES = ["SECRET_KEY", "ALLOWED_HOSTS", "ESTUAIRE_ADRESSE", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]


def test_chaque_secret_qui_manque_est_nomme():
    reponses = lire(*({nom: None} for nom in INDISPENSABLES), *({nom: ""} for nom in INDISPENSABLES))
    assert len(reponses) == 2 * len(INDISPENSABLES)
    for nom, reponse in zip(INDISPENSABLES * 2, reponses, strict=True):
        assert reponse.startswith(f"ImproperlyConfigured La variable {nom} manque : "), reponse


def test_tout_ce_que_la_production_exige_est_indispensable():
    assert set(INDISPENSABLES) == set(JUSTE) - {"ESTUAIRE_PROFIL"}


FAUSSES = [
    ("SECRET_KEY", "x" * 49, "trop courte"),
    ("DEBUG", "1", "interdit en production"),
    ("DEBUG", "true", "interdit en production"),
    ("ALLOWED_HOSTS", "*", "les noms du site"),
    ("ALLOWED_HOSTS", "dialogue.exemple.fr, *", "les noms du site"),
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


#: (setting, its value in production, its value on one's own machine).
GARDES = [
    ("DEBUG", False, False),
    ("DEMONSTRATION", False, True),
    ("COURRIELS_LISIBLES", False, True),
    ("DOUBLE_FACTEUR_EXIGE", True, False),
    ("SECURE_SSL_REDIRECT", True, None),
    ("SECURE_HSTS_SECONDS", 365 * 24 * 3600, None),
    ("SECURE_HSTS_INCLUDE_SUBDOMAINS", True, None),
    ("SESSION_COOKIE_SECURE", True, None),
    ("CSRF_COOKIE_SECURE", True, None),
    ("LANGUAGE_COOKIE_SECURE", True, None),
    ("SESSION_COOKIE_NAME", "__Host-session", None),
    ("CSRF_COOKIE_NAME", "__Host-csrf", None),
    ("CSRF_COOKIE_HTTPONLY", True, True),
    ("ALLOWED_HOSTS", ["dialogue.exemple.fr"], ["127.0.0.1", "localhost", "[::1]"]),
    ("CSRF_TRUSTED_ORIGINS", ["https://dialogue.exemple.fr"], None),
    ("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", False, True),
]


@pytest.mark.parametrize("demonstration", ["", "1"])
def test_la_production_garde_ses_portes(tmp_path, demonstration):
    """Whatever the environment asks of the demonstration."""
    commune = {"ESTUAIRE_DEMONSTRATION": demonstration or None, "ESTUAIRE_DONNEES": str(tmp_path)}
    seule = dict.fromkeys(JUSTE) | {"ESTUAIRE_PROFIL": "embarque"}
    noms = [nom for nom, *_valeurs in GARDES]
    lus = lire(commune, seule | commune, dire=f"json.dumps([getattr(r, nom, None) for nom in {noms!r}])")
    production, embarque = (dict(zip(noms, json.loads(ligne), strict=True)) for ligne in lus)
    assert production == {nom: valeur for nom, valeur, _seule in GARDES}
    assert embarque == {nom: valeur for nom, _production, valeur in GARDES}
