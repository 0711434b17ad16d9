"""A form sent after the session has ended: its words wait while somebody signs in, are read again, and leave by her hand."""

import html
import re
import time
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communautes.models import Question
from comptes import porte
from idees.models import Boite, Idee
from projets.models import Actualite, Document
from tests.communautes.fabriques import ouvrir
from tests.comptes.gestes import entrer
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
REPRENDRE = "/mon-profil/reprendre/"
TEXTE = "Le marché aussi ?\r\n\r\n  « Oui », dit-on & <b>demain</b>."


def se_presente(client, geste, donnees, page="") -> str:
    """Send it without a session; the address behind the door."""
    reponse = client.post(geste, donnees, headers={"Referer": f"{SITE}{page or geste}"})
    assert reponse.status_code == 302
    porte_, _sep, suite = reponse["Location"].partition("?next=")
    assert porte_ == "/comptes/login/"
    return suite


def formulaire(page: str) -> tuple[str, dict]:
    """(address, values) of what the page sends, as a browser reads it: the first line end of a text area is not its text."""
    trouve = re.search(r'<form class="panneau pile" method="post" action="([^"]*)"(.*?)</form>', page, re.DOTALL)
    champs = re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', trouve[2], re.DOTALL)
    valeurs: dict = {}
    for nom, valeur in champs:
        valeurs.setdefault(html.unescape(nom), []).append(html.unescape(valeur))
    return html.unescape(trouve[1]), valeurs


def envoyer(client, **en_plus):
    geste, valeurs = formulaire(client.get(REPRENDRE).content.decode())
    return client.post(geste, valeurs | en_plus)


@pytest.fixture
def projet():
    return ProjetFabrique(titre="La place")


def test_une_question_a_une_elue_attend_derriere_la_porte(client, citoyenne):
    communaute = ouvrir()
    geste = reverse("communautes:poser_une_question", args=[communaute.slug])
    donnees = {"titre": "Quand rouvre la piscine ?", "texte": TEXTE, "cle_saisie": str(uuid4())}
    assert se_presente(client, geste, donnees) == REPRENDRE
    a_la_porte = client.get(f"/comptes/login/?next={REPRENDRE}").content.decode()
    assert "Ce que vous avez écrit est gardé" in a_la_porte
    assert "piscine" not in a_la_porte
    assert entrer(client, citoyenne, next=REPRENDRE)["Location"] == REPRENDRE
    page = client.get(REPRENDRE).content.decode()
    assert "<p>Quand rouvre la piscine ?</p>" in page
    assert "&lt;b&gt;demain&lt;/b&gt;" in page
    assert not Question.objects.exists()
    reponse = envoyer(client)
    question = Question.objects.get()
    assert reponse.url == question.get_absolute_url()
    assert (question.titre, question.texte, question.auteur) == (
        donnees["titre"],
        TEXTE.replace("\r\n", "\n"),
        citoyenne,
    )
    assert client.get(REPRENDRE).status_code == 302  # done: nothing waits


def test_une_boite_se_regle_apres_le_retour(client):
    boite, agent = BoiteFabrique(titre="Avant"), PersonneFabrique(roles=["agent"])
    client.force_login(agent)
    geste = reverse("idees:regler_boite", args=[boite.slug])
    form = client.get(geste).context["form"]
    donnees = {champ.html_name: champ.value() for champ in form if champ.value() not in (None, False)}
    client.logout()
    assert se_presente(client, geste, donnees | {"titre": "Une place pour tous"}) == REPRENDRE
    client.force_login(agent)
    assert envoyer(client).status_code == 302
    assert Boite.objects.get().titre == "Une place pour tous"


def test_ce_qui_est_a_corriger_se_corrige_sur_sa_page(client, projet):
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    assert se_presente(client, geste, {"titre": "", "texte": TEXTE}) == REPRENDRE
    client.force_login(PersonneFabrique(roles=["agent"]))
    reponse = envoyer(client)
    assert reponse.status_code == 422
    assert html.escape(TEXTE.split("\r\n")[0]) in reponse.content.decode()
    assert client.get(REPRENDRE).status_code == 302
    assert not Actualite.objects.exists()


def test_un_refus_ne_perd_rien(client, projet, citoyenne):
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    se_presente(client, geste, {"titre": "Premiers coups de pioche", "texte": TEXTE})
    client.force_login(citoyenne)
    assert envoyer(client).status_code == 403
    assert "Premiers coups de pioche" in client.get(REPRENDRE).content.decode()


def test_un_fichier_est_redemande_sous_son_nom(client, projet):
    geste = reverse("projets:ajouter_document", args=[projet.slug])
    fichier = {"fichier": SimpleUploadedFile("plan & coupe.pdf", b"%PDF-1.4\n%%EOF")}
    assert se_presente(client, geste, {"titre": "Le plan", **fichier}) == REPRENDRE
    client.force_login(PersonneFabrique(roles=["agent"]))
    page = client.get(REPRENDRE).content.decode()
    assert "À joindre de nouveau : plan &amp; coupe.pdf" in page
    assert 'enctype="multipart/form-data"' in page
    assert '<input class="form-control" type="file" name="fichier"' in page
    assert envoyer(client).status_code == 422  # without it
    assert not Document.objects.exists()


def test_une_journee_finie_garde_pour_la_meme_personne(client, projet):
    """The one end of a session that knows whose it was: a colleague at the same desk finds nothing."""
    agent, collegue = PersonneFabrique(roles=["agent"]), PersonneFabrique(roles=["agent"])
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    for qui, attendu in ((collegue, 302), (agent, 200)):
        client.force_login(agent)
        session = client.session
        session["journee_de_travail"] = [0, 0]
        session.save()
        assert se_presente(client, geste, {"titre": "Premiers coups de pioche", "texte": TEXTE}) == REPRENDRE
        client.force_login(qui)
        assert client.get(REPRENDRE).status_code == attendu
        client.logout()


def test_une_idee_d_agent_attend_aussi(client):
    """Ideas keep their words themselves, except from whom the end of a day stops before the form is read."""
    boite, agent = BoiteFabrique(), PersonneFabrique(roles=["agent"])
    geste = reverse("idees:proposer_dans", args=[boite.slug])
    client.force_login(agent)
    session = client.session
    session["journee_de_travail"] = [0, 0]
    session.save()
    assert se_presente(client, geste, {"titre": "Des bancs", "texte": TEXTE, "garder": "1"}) == REPRENDRE
    client.force_login(agent)
    assert envoyer(client).status_code == 302
    assert Idee.objects.get().titre == "Des bancs"


def test_qui_garde_lui_meme_n_est_pas_double(client, citoyenne):
    geste = f"/idees/{IdeeFabrique(etat='publiee').pk}/rejoindre/"
    assert se_presente(client, geste, {"titre": "Des bancs", "texte": TEXTE}) == geste
    client.force_login(citoyenne)
    assert client.get(REPRENDRE).status_code == 302


def test_un_geste_d_htmx_garde_aussi(client):
    geste = reverse("communautes:poser_une_question", args=[ouvrir().slug])
    reponse = client.post(
        geste, {"titre": "Une question"}, headers={"HX-Request": "true", "HX-Current-URL": f"{SITE}{geste}"}
    )
    assert reponse["HX-Redirect"] == f"/comptes/login/?next={REPRENDRE}"


def test_revenir_ou_jeter(client, projet, citoyenne):
    page = projet.get_absolute_url()
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    se_presente(client, geste, {"titre": "Premiers coups de pioche"}, page=page)
    client.force_login(citoyenne)
    assert f'href="{geste}"' in client.get(REPRENDRE).content.decode()  # it shows a page: the form itself
    assert client.post(REPRENDRE)["Location"] == geste
    assert client.get(REPRENDRE)["Location"] == "/mon-espace/"


def test_sortir_ou_attendre_une_heure_oublie(client, projet, citoyenne):
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    for attente, attendu in ((0, 200), (porte.GARDE + 60, 302)):
        se_presente(client, geste, {"titre": "Premiers coups de pioche"})
        client.force_login(citoyenne)
        with time_machine.travel(time.time() + attente):
            assert client.get(REPRENDRE).status_code == attendu
        client.logout()
        client.force_login(citoyenne)
        assert client.get(REPRENDRE).status_code == 302
        client.logout()


@pytest.mark.parametrize(
    ("donnees", "gardees"),
    [
        ({}, False),
        (
            {
                "transition": "publier",
                "objet": "12",
                "cle": str(uuid4()),
                "le": "2026-12-01T18:00",
                "vu": "on",
                "a": "",
            },
            False,
        ),
        ({"titre": "   "}, False),
        ({"titre": "Bancs"}, True),
        ({"titre": "des bancs"}, True),
        ({"titre": "école"}, True),
        ({"texte": "a " * (porte.LONGUEUR_MAX // 2)}, False),
        ({"texte": "a\x00 b"}, True),
    ],
)
def test_ce_qui_se_garde(client, citoyenne, projet, donnees, gardees):
    """A button leads back to its page, a text waits."""
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    assert se_presente(client, geste, donnees) == (REPRENDRE if gardees else geste)
    client.force_login(citoyenne)
    assert client.get(REPRENDRE).status_code == (200 if gardees else 302)


def test_un_reseau_n_emplit_pas_les_sessions(client, monkeypatch, citoyenne):
    monkeypatch.setattr(porte, "GARDEES_MAX", 2)
    geste = reverse("communautes:poser_une_question", args=[ouvrir().slug])
    suites = [se_presente(client, geste, {"titre": "Une question"}) for _fois in range(3)]
    assert suites == [REPRENDRE, REPRENDRE, geste]


def test_un_mot_de_passe_ne_se_garde_jamais(client):
    donnees = {"oldpassword": "Un secret", "password1": "Un autre secret"}
    suite = se_presente(client, "/comptes/password/change/", donnees)
    assert suite == "/comptes/password/change/"
    assert porte.CLE_SAISIE not in client.session


def test_la_porte_de_la_page_elle_meme(client):
    assert client.get(REPRENDRE)["Location"] == f"/comptes/login/?next={REPRENDRE}"
