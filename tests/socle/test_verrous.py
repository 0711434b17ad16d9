"""Every lock of the migrations is in the database: a table that a migration rebuilt may have lost its own."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from socle.verrous import PoserGarde, PoserVerrou
from tests.fabriques import IdeeFabrique, publier_reponse
from timeline.models import Entree

pytestmark = pytest.mark.django_db


def verrous_attendus():
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    # In order: a later migration that renews a lock has the last word.
    return {
        o.verrou.nom: o.verrou
        for _cle, m in sorted(migrations.items())
        for o in m.operations
        if isinstance(o, PoserVerrou)
    }


def gardes_attendues():
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {
        o.garde.nom: o.garde
        for _cle, m in sorted(migrations.items())
        for o in m.operations
        if isinstance(o, PoserGarde)
    }


def declencheurs() -> set[str]:
    sql = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as curseur:
        curseur.execute(sql)
        return {nom for (nom,) in curseur.fetchall()}


def test_tous_les_verrous_sont_poses():
    attendus = {
        f"{nom}_{geste}"
        for nom, verrou in verrous_attendus().items()
        for geste in (("maj", "fin") if verrou.sans_suppression else ("maj",))
    }
    gardes = {
        f"{nom}_{geste}"
        for nom, garde in gardes_attendues().items()
        for geste in ("ins", "maj", *(["fin"] if garde.sans_suppression else []))
    }
    assert attendus and gardes and attendus | gardes <= declencheurs()


def test_les_verrous_couvrent_ce_qui_est_promis():
    """The journal, signed answers, due dates and published documents."""
    tables = {verrou.table for verrou in verrous_attendus().values()}
    assert tables >= {"timeline_entree", "reponses_reponse", "reponses_echeance", "projets_versiondocument"}


def test_aucune_colonne_du_journal_n_est_oubliee():
    colonnes = {champ.column for champ in apps.get_model("timeline.Entree")._meta.concrete_fields}
    assert colonnes - set(verrous_attendus()["verrou_timeline_entree"].colonnes) == {"par_id"}


def actifs() -> set[str]:
    """On PostgreSQL a trigger may be there and asleep."""
    if connection.vendor != "postgresql":
        return declencheurs()
    with connection.cursor() as curseur:
        curseur.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        return {nom for (nom,) in curseur.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_vider_la_base_entre_deux_tests_vide_tout_et_rend_les_verrous():
    """The suite lifts the locks to empty the tables (tests/conftest.py): it must leave neither a row nor an open door."""
    avant = actifs()
    publier_reponse(IdeeFabrique(etat="en_etude"))
    assert Entree.objects.exists()
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False, inhibit_post_migrate=True)
    restes = {m._meta.label for m in apps.get_models() if m._meta.managed and m._base_manager.exists()}
    assert restes <= {"auth.Permission", "contenttypes.ContentType"}
    assert actifs() == avant != set()
    publier_reponse(IdeeFabrique(etat="en_etude"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("DELETE FROM timeline_entree")
