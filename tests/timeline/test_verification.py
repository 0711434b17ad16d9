"""What an intruder with the database could do around the locks, and what `verifier_journal` says of it."""

import sqlite3
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from idees.corrections import corriger
from idees.models import Version
from idees.models.versions import CONTENU
from projets import recits
from projets.models import VersionCadre
from reponses.models import Reponse
from tests.fabriques import IdeeFabrique, ProjetFabrique, SoutienFabrique
from tests.votes.fabriques import scrutin
from timeline.etapes import franchir
from timeline.models import Chaine, Entree, Relais

pytestmark = pytest.mark.django_db


@contextmanager
def sans_verrous(*tables):
    """Triggers lifted, and put back: foreign keys still hold."""
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                curseur.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield curseur
            for table in tables:
                curseur.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        verrous = []
        for table in tables:
            curseur.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [table])
            verrous += curseur.fetchall()
        for nom, _texte in verrous:
            curseur.execute(f"DROP TRIGGER {nom}")
        yield curseur
        for _nom, texte in verrous:
            curseur.execute(texte)


def refus() -> str:
    with pytest.raises(CommandError) as erreur:
        call_command("verifier_journal")
    assert erreur.value.returncode == 1
    return str(erreur.value)


@pytest.fixture
def publie():
    """An answered idea on the general chain, and a projet with its own."""
    idee = IdeeFabrique(etat="realisee")
    projet = ProjetFabrique(ouvert=True)
    Relais.objects.all().delete()
    return idee, projet


def test_ce_qui_est_publie_dit_comme_le_journal(publie, capsys):
    call_command("verifier_journal")
    assert f"{Entree.objects.count()} entrées vérifiées" in capsys.readouterr().out


# --- Chains --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changement",
    ["projet_id = NULL", "cle = 'autre'", "longueur = longueur - 1", "tete = 'f'", "longueur = 0, tete = 'f'"],
)
def test_une_chaine_ne_se_change_pas_par_la_base(publie, changement):
    with connection.cursor() as curseur:
        for ordre in (f"UPDATE timeline_chaine SET {changement}", "DELETE FROM timeline_chaine"):
            with pytest.raises(DatabaseError), transaction.atomic():
                curseur.execute(f"{ordre} WHERE projet_id IS NOT NULL")


def test_une_chaine_donnee_a_un_autre_projet_se_voit(publie):
    _idee, projet = publie
    autre = ProjetFabrique(annonce=False)
    with sans_verrous("timeline_chaine") as curseur:
        curseur.execute("UPDATE timeline_chaine SET projet_id = %s WHERE projet_id = %s", [autre.pk, projet.pk])

    assert f"chaîne projet-{projet.pk}" in refus()


@pytest.mark.parametrize("laquelle", ["projet", "generale"])
def test_une_chaine_enlevee_avec_sa_ligne_se_voit(publie, laquelle):
    idee, projet = publie
    cle = f"projet-{projet.pk}" if laquelle == "projet" else "generale"
    rang = Chaine.objects.get(cle=cle)
    with sans_verrous("timeline_chaine", "timeline_entree") as curseur:
        curseur.execute("DELETE FROM timeline_entree WHERE chaine_id = %s", [rang.pk])
        curseur.execute("DELETE FROM timeline_chaine WHERE id = %s", [rang.pk])

    phrase = refus()
    assert (f"projets.projet:{projet.pk}" if laquelle == "projet" else f"idees.idee:{idee.pk}") in phrase


# --- Published things ----------------------------------------------------------------------------------------------


def test_une_reponse_recrite_derriere_son_sceau_est_nommee(publie):
    reponse = Reponse.objects.get()
    with sans_verrous("reponses_reponse") as curseur:
        curseur.execute("UPDATE reponses_reponse SET texte = 'Un autre texte.' WHERE id = %s", [reponse.pk])

    assert f"reponses.reponse:{reponse.pk}" in refus()


def test_un_cadre_recrit_est_nomme(publie):
    version = VersionCadre.objects.get()
    with sans_verrous("projets_versioncadre") as curseur:
        curseur.execute("UPDATE projets_versioncadre SET perimetre = 'Plus large.' WHERE id = %s", [version.pk])

    assert f"projets.versioncadre:{version.pk}" in refus()


def test_une_version_d_idee_recrite_est_nommee(capsys):
    idee = IdeeFabrique(etat="publiee")
    SoutienFabrique(idee=idee)
    valeurs = {champ: getattr(idee, champ) for champ in CONTENU} | {"texte": "Une autre description.", "latitude": 47}
    corriger(idee, par=idee.auteur, valeurs=valeurs | {"longitude": -1.5}, redaction=idee.redaction)
    call_command("verifier_journal")
    premiere = Version.objects.get(numero=1)
    with sans_verrous("idees_version") as curseur:
        curseur.execute("UPDATE idees_version SET texte = 'Ce que je voulais.' WHERE id = %s", [premiere.pk])

    assert f"idees.version:{premiere.pk}" in refus()


def test_un_recit_publie_recrit_est_nomme(agent):
    recit = recits.ouvrir(ProjetFabrique(ouvert=True), par=agent)
    recits.ecrire(recit, par=agent, vu=recit.tour, texte="Au début, il n’y avait pas de banc.")
    recit.refresh_from_db()
    franchir(recit.publier, par=agent)
    call_command("verifier_journal")
    with sans_verrous("projets_bloc") as curseur:
        curseur.execute("UPDATE projets_bloc SET texte = 'Il y en avait.' WHERE recit_id = %s", [recit.pk])

    assert f"projets.recit:{recit.pk}" in refus()


@pytest.mark.parametrize(
    ("table", "change", "ligne"),
    [
        ("votes_scrutin", "empreinte = 'x'", "votes.scrutin"),
        ("votes_scrutin", "question = 'Une autre ?'", "votes.scrutin"),
        ("votes_option", "cout = 1", "votes.scrutin"),
        ("votes_comptage", "empreinte = 'x'", "votes.comptage"),
        ("votes_comptage", "resultat = '{}'", "votes.comptage"),
    ],
)
def test_un_reglement_ou_un_resultat_reecrit_se_voit(table, change, ligne):
    scrutin("proclame")
    call_command("verifier_journal")
    with sans_verrous(table) as curseur:
        curseur.execute(f"UPDATE {table} SET {change}")

    assert f"{ligne}:" in refus()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_une_connexion_d_ailleurs_remplace_une_reponse_et_se_voit():
    """Outside Django, SQLite does not tell triggers of the deletion hidden in a REPLACE: only the seal shows it."""
    IdeeFabrique(etat="realisee")
    reponse = Reponse.objects.get()
    champs = [champ.column for champ in Reponse._meta.concrete_fields]
    valeurs = ", ".join("'Un autre texte.'" if champ == "texte" else champ for champ in champs)
    ailleurs = sqlite3.connect(connection.settings_dict["NAME"])
    with ailleurs:
        ailleurs.execute(
            f"INSERT OR REPLACE INTO reponses_reponse ({', '.join(champs)}) "
            f"SELECT {valeurs} FROM reponses_reponse WHERE id = ?",
            [reponse.pk],
        )
    ailleurs.close()
    reponse.refresh_from_db()
    assert reponse.texte == "Un autre texte."  # the lock saw nothing

    assert f"reponses.reponse:{reponse.pk}" in refus()
