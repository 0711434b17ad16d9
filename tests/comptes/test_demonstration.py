"""Accounts with public passwords: they open nothing on a site that is no demonstration."""

import os
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from comptes.demonstration import DOMAINE, Connexion
from comptes.models import Role, Utilisateur
from portail import controles
from portail.demonstration import personnes
from tests.comptes.gestes import entrer, est_connecte, lien
from tests.fabriques import PersonneFabrique

PHRASE = re.compile(r"comptes de la démonstration \(1\).*manage\.py fermer_demonstration", re.DOTALL)


def ada(**champs):
    return PersonneFabrique(
        pseudonyme="Ada Supposée",
        email=f"administratrice@{DOMAINE}",
        password=personnes.MOT_DE_PASSE,
        roles=["administratrice"],
        is_staff=True,
        is_superuser=True,
        **champs,
    )


@pytest.mark.django_db
def test_ses_comptes_entrent_chez_elle(client):
    entrer(client, ada(), personnes.MOT_DE_PASSE)

    assert client.get("/administration/").status_code == 200
    assert controles.base_sans_demonstration() == []


@pytest.mark.django_db
class TestAilleurs:
    @pytest.fixture(autouse=True)
    def _un_vrai_site(self, settings):
        settings.DEMONSTRATION = False

    def test_le_mot_de_passe_public_n_ouvre_rien(self, client):
        reponse = entrer(client, ada(), personnes.MOT_DE_PASSE)

        assert not est_connecte(client)
        assert client.get(reponse.url).content.decode().count("Ce compte est fermé") == 1
        assert client.get("/administration/").status_code == 302

    def test_ni_une_session_ouverte_avant(self, client, settings):
        settings.DEMONSTRATION = True
        entrer(client, ada(), personnes.MOT_DE_PASSE)
        assert client.get("/administration/").status_code == 200
        settings.DEMONSTRATION = False

        assert client.get("/administration/").status_code == 302
        assert client.get("/mon-espace/").status_code == 302

    def test_ni_un_lien_de_courriel(self, client):
        """Whoever would read the mails of that domain still has no door."""
        client.post("/comptes/password/reset/", {"email": ada().email})
        page = client.get(lien(), follow=True)
        client.post(
            page.request["PATH_INFO"], {"password1": "une autre phrase longue", "password2": "une autre phrase longue"}
        )
        entrer(client, Utilisateur.objects.get(), "une autre phrase longue")

        assert not est_connecte(client)

    def test_les_autres_entrent(self, client, citoyenne):
        entrer(client, citoyenne)

        assert est_connecte(client)

    def test_un_domaine_qui_lui_ressemble_n_est_pas_le_sien(self, citoyenne):
        citoyenne.email = "camille@autre-demonstration.example"

        assert Connexion().user_can_authenticate(citoyenne)

    def test_le_controle_le_dit_puis_se_tait(self):
        personne = ada()

        (erreur,) = controles.base_sans_demonstration()
        assert PHRASE.search(erreur.msg)

        call_command("fermer_demonstration", verbosity=0)
        personne.refresh_from_db()
        assert (personne.is_active, personne.is_staff, personne.is_superuser) == (False, False, False)
        assert not personne.has_usable_password()
        assert not Role.objects.filter(personne=personne).exists()
        assert controles.base_sans_demonstration() == []

    def test_fermer_termine_les_sessions_et_laisse_les_autres(self, client, settings, citoyenne):
        settings.DEMONSTRATION = True
        entrer(client, ada(), personnes.MOT_DE_PASSE)
        call_command("fermer_demonstration", verbosity=0)

        assert client.get("/administration/").status_code == 302
        citoyenne.refresh_from_db()
        assert citoyenne.is_active and citoyenne.has_usable_password()


@pytest.mark.django_db(transaction=True)
def test_le_processus_des_pages_refuse_d_ouvrir(settings):
    settings.DEMONSTRATION = False
    controles.exiger_une_base_saine()
    ada()

    with pytest.raises(ImproperlyConfigured, match=PHRASE):
        controles.exiger_une_base_saine()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_la_production_refuse_cette_base_et_dit_comment_la_guerir():
    """The real profile, in processes of its own."""
    commandes = {
        "check": ["manage.py", "check"],
        "asgi": ["-c", "import config.asgi"],
        "wsgi": ["-c", "import config.wsgi"],
        "daphne": ["-m", "daphne", "-p", "0", "config.asgi:application"],
    }
    ada()

    refus = {nom: _en_production(*arguments) for nom, arguments in commandes.items()}
    assert [nom for nom, refuse in refus.items() if refuse.returncode == 0 or not PHRASE.search(refuse.stderr)] == []

    assert "fermés : 1" in _en_production("manage.py", "fermer_demonstration").stdout
    del commandes["daphne"]  # which would now serve
    assert [nom for nom, arguments in commandes.items() if _en_production(*arguments).returncode] == []


def _en_production(*arguments: str) -> subprocess.CompletedProcess:
    base = connection.settings_dict
    hote = base["HOST"] or "/var/run/postgresql"
    adresse = f"postgres://{base['USER']}:{base['PASSWORD']}@/{base['NAME']}?host={hote}&port={base['PORT'] or 5432}"
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ESTUAIRE_PROFIL": "production",
            "SECRET_KEY": "une-cle-qui-ne-sert-qu-aux-essais-" * 2,
            "ALLOWED_HOSTS": "dialogue.exemple.fr",
            "ESTUAIRE_ADRESSE": "https://dialogue.exemple.fr",
            "DATABASE_URL": adresse,
            "REDIS_URL": os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0",
            "EMAIL_URL": "smtp+tls://site:secret@courriel.exemple.fr:587",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
