"""The seal: anybody recomputes it from what is public, with nothing of our code."""

import hashlib
import json

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reponses.models import Reponse
from reponses.regles import DECISIONS
from tests.fabriques import publier_reponse
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def registre(client, idee):
    """The public entries of the chain, as a stranger downloads them."""

    def lire():
        client.logout()
        recue = client.get(reverse("timeline:registre", args=[f"projet-{idee.projet_id}"]))
        lignes = b"".join(recue.streaming_content).decode().splitlines()
        return [json.loads(ligne)["contenu"] for ligne in lignes]

    return lire


@pytest.mark.parametrize("sens", DECISIONS)
def test_le_sceau_se_recalcule_sans_nous(client, idee, registre, sens):
    reponse = publier_reponse(idee, sens=sens, cout_estime=1200, acte_conseil="Délibération fictive n° 4")
    fichier = client.get(reverse("reponses:sceau", args=[reponse.pk]))
    empreinte = hashlib.sha256(fichier.content).hexdigest()
    ecrite = next(c["donnees"] for c in registre() if c.get("type") == "reponses.publier")
    assert empreinte == ecrite["sceau"]
    assert (ecrite["sens"], ecrite["motif"], ecrite["corrige"]) == (sens, reponse.motif, None)
    page = client.get(reponse.get_absolute_url()).content.decode()
    assert empreinte in page
    assert reponse.publication().get_absolute_url() in page
    scelle = json.loads(fichier.content)
    for valeur in (reponse.texte, reponse.signataire_nom, reponse.signataire_mandat, f"idees.idee:{idee.pk}"):
        assert valeur in scelle.values(), "what is signed says what it answers, and in whose name"
    assert reponse.signataire.email not in fichier.content.decode()


def test_le_fichier_scelle_est_celui_que_la_page_montre(client, publiee):
    """Field by field: what one reads is what is sealed."""
    scelle = json.loads(client.get(reverse("reponses:sceau", args=[publiee.pk])).content)
    page = client.get(publiee.get_absolute_url()).content.decode()
    for nom in ("texte", "premiere_etape", "signataire_nom", "signataire_mandat"):
        assert scelle[nom] in page


def test_un_seul_mot_change_le_sceau(publiee):
    sceau = publiee.sceau()
    for nom, valeur in {
        "texte": "Autre",
        "cout_estime": 1,
        "cout_justification": "Autre",
        "cout_le": timezone.localdate(),
        "cible_id": publiee.cible_id + 1,
        "signataire_mandat": "Autre",
        "sens": "no_go",
    }.items():
        copie = Reponse.objects.get(pk=publiee.pk)
        setattr(copie, nom, valeur)
        assert copie.sceau() != sceau


def test_un_sceau_d_avant_les_raisons_du_cout_reste_le_meme(idee):
    """What was signed when a cost was a figure alone is sealed by the same bytes today."""
    reponse = publier_reponse(idee)
    reponse.cout_estime = 1200
    assert sorted(json.loads(reponse.contenu_scelle())) == [
        "acte_conseil", "alternative", "cible", "conditions", "corrige", "cout_estime", "motif", "premiere_etape",
        "premiere_etape_le", "reponse", "sens", "signataire_mandat", "signataire_nom", "signee_le", "texte",
    ]  # fmt: skip


def test_une_base_forcee_se_voit_sur_la_page(client, publiee):
    """The lock lifted and a word changed, as only the owner of the database can: the page says so."""
    table = "reponses_reponse"
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute("SET LOCAL session_replication_role = replica")
        else:
            curseur.execute("DROP TRIGGER verrou_reponses_reponse_maj")
        curseur.execute(f"UPDATE {table} SET texte = 'Réécrit.' WHERE id = %s", [publiee.pk])
    page = client.get(publiee.get_absolute_url()).content.decode()
    assert "n’est pas celle qui a été publiée" in page


def test_rien_n_est_scelle_avant_la_publication(client, signee, agent):
    assert client.get(reverse("reponses:sceau", args=[signee.pk])).status_code == 404
    client.force_login(agent)
    assert client.get(reverse("reponses:sceau", args=[signee.pk])).status_code == 404
    assert not Entree.objects.filter(type="reponses.publier").exists()
