"""The journal: chained, sealed, verifiable by the command and by anybody from the public file."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from comptes.models import Utilisateur
from idees.models import Idee
from socle.etats import EtatModifie
from tests.fabriques import IdeeFabrique, ProjetFabrique
from timeline.etapes import franchir
from timeline.journal import consigner
from timeline.models import Chaine, Entree, RegistreScelle, Relais
from timeline.verification import verifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def journal():
    """Two chains: the general one, and that of a projet."""
    IdeeFabrique(etat="realisee")
    ProjetFabrique(ouvert=True)
    return Entree.objects.order_by("pk")


def forcer(sql, *parametres):
    """What an intruder with the database would do: lift the lock, write, put it back."""
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no ALTER while foreign keys wait to be checked
            curseur.execute("ALTER TABLE timeline_entree DISABLE TRIGGER USER")
            curseur.execute(sql, parametres)
            curseur.execute("ALTER TABLE timeline_entree ENABLE TRIGGER USER")
            return
        curseur.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name='timeline_entree'")
        verrous = curseur.fetchall()
        for nom, _texte in verrous:
            curseur.execute(f"DROP TRIGGER {nom}")
        curseur.execute(sql, parametres)
        for _nom, texte in verrous:
            curseur.execute(texte)


def test_intact(journal, capsys):
    call_command("verifier_journal")
    assert f"{journal.count()} entrées vérifiées" in capsys.readouterr().out


#: Every column of the row, and a value that differs from the one it holds.
ALTERATIONS = {
    "numero": "numero + 500",
    "type": "'idees.pubLier'",
    "cible_id": "cible_id + 1",
    "par_reference": "'quelqu''un'",
    "est_publique": "NOT est_publique",
    "precedente": "'0'",
    "empreinte": "'f'",
}


@pytest.mark.parametrize("colonne", [*ALTERATIONS, "le", "donnees", "cible_type_id", "projet_id", "par_id"])
def test_un_octet_change_et_le_journal_le_dit(journal, colonne):
    visee = journal.filter(type="idees.publier").get()
    if colonne == "par_id":
        forcer(
            "UPDATE timeline_entree SET par_id = %s WHERE id = %s",
            Utilisateur.objects.exclude(pk=visee.par_id).first().pk,
            visee.pk,
        )
    elif colonne == "le":
        forcer(
            "UPDATE timeline_entree SET le = %s WHERE id = %s",
            visee.le.replace(microsecond=(visee.le.microsecond + 1) % 10**6),
            visee.pk,
        )
    elif colonne == "donnees":
        forcer(
            "UPDATE timeline_entree SET donnees = %s WHERE id = %s",
            json.dumps({**visee.donnees, "vers": "refusee"}),
            visee.pk,
        )
    elif colonne == "cible_type_id":
        autre = journal.exclude(cible_type=visee.cible_type).first().cible_type_id
        forcer("UPDATE timeline_entree SET cible_type_id = %s WHERE id = %s", autre, visee.pk)
    elif colonne == "projet_id":
        forcer(
            "UPDATE timeline_entree SET projet_id = %s WHERE id = %s",
            journal.exclude(projet=None).first().projet_id,
            visee.pk,
        )
    else:
        forcer(f"UPDATE timeline_entree SET {colonne} = {ALTERATIONS[colonne]} WHERE id = %s", visee.pk)
    with pytest.raises(CommandError, match=rf"chaîne generale, entrée {visee.numero}\b") as erreur:
        call_command("verifier_journal")
    assert erreur.value.returncode == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "octet",
    [
        "le = replace(le, '-', 'x')", "survenu_le = replace(survenu_le, ':', 'x')",
        "type = CAST(x'ff' AS TEXT)", "numero = 'x'",
    ],
)  # fmt: skip
def test_une_ligne_qui_ne_se_lit_plus_est_nommee(journal, octet):
    """PostgreSQL refuses by itself what its columns are not made for."""
    visee = journal.filter(type="idees.publier").get()
    forcer(f"UPDATE timeline_entree SET {octet} WHERE id = %s", visee.pk)
    with pytest.raises(CommandError, match=rf"chaîne generale, entrée {visee.numero}\b") as erreur:
        call_command("verifier_journal")
    assert erreur.value.returncode == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "octet",
    [
        "le = replace(le, ' ', 'T')", "survenu_le = replace(survenu_le, ' ', 'T')",
        "donnees = replace(donnees, ': ', ':')", "donnees = donnees || char(10)",
    ],
)  # fmt: skip
def test_un_octet_qui_ne_change_rien_au_sens_se_dit_aussi(journal, octet):
    """SQLite keeps dates and JSON as text; in PostgreSQL they are no text, and hold no such byte."""
    visee = journal.filter(type="idees.publier").get()
    assert visee.donnees
    forcer(f"UPDATE timeline_entree SET {octet} WHERE id = %s", visee.pk)
    assert journal.get(pk=visee.pk).donnees == visee.donnees
    with pytest.raises(CommandError, match=rf"chaîne generale, entrée {visee.numero} : .*caractère près"):
        call_command("verifier_journal")


@pytest.mark.sqlite
def test_un_numero_illisible_a_la_fin_aussi(journal):
    derniere = journal.filter(chaine__cle="generale").order_by("numero").last()
    forcer("UPDATE timeline_entree SET numero = 'x' WHERE id = %s", derniere.pk)
    _lues, rupture = verifier()
    assert rupture.numero == derniere.numero


@pytest.mark.sqlite
def test_une_rupture_d_avant_se_dit_la_premiere(journal):
    generale = journal.filter(chaine__cle="generale").order_by("numero")
    premiere, derniere = generale.first(), generale.last()
    forcer("UPDATE timeline_entree SET cible_id = cible_id + 1 WHERE id = %s", premiere.pk)
    forcer("UPDATE timeline_entree SET le = replace(le, '-', 'x') WHERE id = %s", derniere.pk)
    _lues, rupture = verifier()
    assert rupture.numero == premiere.numero


@pytest.mark.parametrize("laquelle", ["milieu", "fin"])
def test_une_entree_enlevee_manque(journal, laquelle):
    generale = journal.filter(chaine__cle="generale")
    visee = generale.last() if laquelle == "fin" else generale[1]
    Relais.objects.all().delete()
    forcer("DELETE FROM timeline_entree WHERE id = %s", visee.pk)
    _lues, rupture = verifier()
    assert (rupture.chaine, rupture.numero) == ("generale", visee.numero)


def test_tout_est_refuse_hors_du_journal(journal):
    entree = journal.first()
    Relais.objects.all().delete()
    entree.type = "autre"
    for geste in (
        entree.save,
        entree.delete,
        lambda: journal.update(type="autre"),
        lambda: journal.delete(),
        lambda: Entree.objects.bulk_update([entree], ["type"]),
        lambda: Entree.objects.bulk_create([entree]),
    ):
        with pytest.raises(RegistreScelle):
            geste()
    for sql in ("UPDATE timeline_entree SET type = 'autre' WHERE id = %s", "DELETE FROM timeline_entree WHERE id = %s"):
        with connection.cursor() as curseur, pytest.raises(DatabaseError), transaction.atomic():
            curseur.execute(sql, [entree.pk])
    assert verifier()[1] is None


def test_chacun_peut_recalculer_le_registre(journal):
    """Twenty lines, no code of ours: the public file is enough."""
    for cle in Chaine.objects.values_list("cle", flat=True):
        reponse = Client().get(f"/chronologie/registre/{cle}.jsonl")
        precedente, lignes = "0" * 64, 0
        for ligne in b"".join(reponse.streaming_content).decode().splitlines():
            recu = json.loads(ligne)
            assert recu["precedente"] == precedente
            if not recu["scellee"]:
                contenu = json.dumps(recu["contenu"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                assert recu["empreinte"] == hashlib.sha256(f"{precedente}\n{contenu}".encode()).hexdigest()
            precedente, lignes = recu["empreinte"], lignes + 1
        assert lignes == Chaine.objects.get(cle=cle).longueur


def test_le_registre_public_ne_dit_rien_de_personne(journal):
    reponse = Client().get("/chronologie/registre/generale.jsonl")
    texte = b"".join(reponse.streaming_content).decode()
    for personne in Utilisateur.objects.all():
        assert personne.email not in texte and personne.pseudonyme not in texte


def test_rien_ne_se_consigne_hors_transaction(citoyenne, transactional_db):
    idee = IdeeFabrique(auteur=citoyenne)
    with pytest.raises(RuntimeError):
        consigner("idees.essai", cible=idee, par=citoyenne)


def test_une_etape_qui_echoue_n_ecrit_rien(citoyenne, monkeypatch):
    idee = IdeeFabrique(auteur=citoyenne)
    monkeypatch.setattr("timeline.etapes.consigner", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        franchir(idee.soumettre, par=citoyenne)
    assert idee.etat == "brouillon" and idee.soumise_le is None
    idee.refresh_from_db()
    assert idee.etat == "brouillon" and not Entree.objects.sur(idee).exists()


def test_aucune_autre_porte_ne_change_un_etat(citoyenne):
    idee = IdeeFabrique(auteur=citoyenne)
    with pytest.raises(AttributeError):
        idee.etat = "publiee"
    with pytest.raises(EtatModifie):
        Idee.objects.filter(pk=idee.pk).update(etat="publiee")
    with pytest.raises(EtatModifie):
        Idee.objects.bulk_update([idee], ["etat"])
    idee.soumettre(par=citoyenne)  # the bare method, without the road
    with pytest.raises(EtatModifie):
        idee.save()
    idee.refresh_from_db()
    assert idee.etat == "brouillon"
