"""A form sent after the session has ended: its words wait while somebody signs in, are read again, and leave by her hand."""

import html
import re
import time
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from communautes.models import Question
from comptes import porte
from idees.models import Boite, Idee
from projets.models import Actualite, Document
from tests.communautes.fabriques import ouvrir
from tests.comptes.gestes import entrer, finir_la_journee
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique, rediger_reponse

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
        finir_la_journee(client, agent)
        assert se_presente(client, geste, {"titre": "Premiers coups de pioche", "texte": TEXTE}) == REPRENDRE
        client.force_login(qui)
        assert client.get(REPRENDRE).status_code == attendu
        client.logout()


def test_une_journee_finie_sur_une_autre_page_garde_pour_la_meme_personne(client, projet):
    """Another tab of hers asked first, and ended the session: what she sends then is hers all the same."""
    agent, collegue = PersonneFabrique(roles=["agent"]), PersonneFabrique(roles=["agent"])
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    for qui, attendu in ((collegue, 302), (agent, 200)):
        finir_la_journee(client, agent)
        assert client.get("/reponses/attendues/").status_code == 302
        assert se_presente(client, geste, {"titre": "Premiers coups de pioche", "texte": TEXTE}) == REPRENDRE
        client.force_login(qui)
        assert client.get(REPRENDRE).status_code == attendu
        client.logout()


def test_la_voisine_qui_vient_ensuite_retrouve_ses_propres_mots(client, citoyenne, projet):
    """Once somebody has signed in, or an hour later, the session that ended there says nothing of who writes next."""
    agent = PersonneFabrique(roles=["agent"])
    communaute = ouvrir()
    geste = reverse("communautes:poser_une_question", args=[communaute.slug])
    donnees = {"titre": "Quand rouvre la piscine ?", "texte": TEXTE}
    finir_la_journee(client, agent)
    assert client.get("/reponses/attendues/").status_code == 302
    with time_machine.travel(time.time() + porte.GARDE + 1):
        assert se_presente(client, geste, donnees) == REPRENDRE
        client.force_login(citoyenne)
        assert client.get(REPRENDRE).status_code == 200


def test_ce_qu_une_page_demande_seule_ne_l_emmene_pas_a_la_porte(client):
    """Who writes in the file of an answer is asked every minute: at the end of the day her words stay under her eyes."""
    agent = PersonneFabrique(roles=["agent"])
    adresse = reverse("reponses:ecrivent", args=[rediger_reponse(IdeeFabrique(etat="en_etude"), agent=agent).pk])
    demande = {"HX-Request": "true", "X-Estuaire-Veille": "1"}
    client.force_login(agent)
    assert "X-Estuaire-Veille" in client.get(adresse, headers=demande).content.decode()
    finir_la_journee(client, agent)
    for _minute in range(2):
        reponse = client.get(adresse, headers=demande)
        assert (reponse.status_code, reponse.content, "HX-Redirect" in reponse.headers) == (204, b"", False)
    assert "HX-Redirect" in client.get(adresse, headers={"HX-Request": "true"}).headers, "what a person presses does"


def test_une_idee_d_agent_attend_aussi(client):
    """Ideas keep their words themselves, except from whom the end of a day stops before the form is read."""
    boite, agent = BoiteFabrique(), PersonneFabrique(roles=["agent"])
    geste = reverse("idees:proposer_dans", args=[boite.slug])
    finir_la_journee(client, agent)
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
        ({"suite": "/projets/", "etat": "annonce", "geste": "publier", "cle_saisie": str(uuid4())}, False),
        ({"titre": "   "}, False),
        ({"titre": "bancs"}, True),
        ({"annee": "1984", "choix": ["a", "b"]}, True),
        ({"texte": "a " * (porte.LONGUEUR_MAX // 2 + 1)}, False),
        ({"texte": "a\x00 b"}, True),
        ({"mot": "K7Q2 9XPA", "jeton": "WyIx", "code": "A B", "password1": "Un secret"}, False),
    ],
)
def test_a_l_adresse_d_un_formulaire_tout_ce_qu_on_y_met_attend(client, citoyenne, projet, donnees, gardees):
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    assert se_presente(client, geste, donnees) == (REPRENDRE if gardees else geste)
    client.force_login(citoyenne)
    assert client.get(REPRENDRE).status_code == (200 if gardees else 302)


@pytest.mark.parametrize(
    ("donnees", "gardees"),
    [
        ({"action": "suivre", "objet": "12", "le": "2026-12-01T18:00", "vu": "on", "suite": "/idees/ ?a=b c"}, False),
        ({"raison": "Ce n’est plus utile"}, True),
        ({"raison": "École"}, True),
    ],
)
def test_un_bouton_ramene_a_sa_page_et_ses_mots_attendent(client, projet, donnees, gardees):
    geste = reverse("projets:retirer_role", args=[projet.slug, 1])
    page = f"{projet.get_absolute_url()}equipe/"
    assert se_presente(client, geste, donnees, page=page) == (REPRENDRE if gardees else page)


def test_un_secret_n_est_ni_garde_ni_montre(client, citoyenne, projet):
    """The words beside it are: the form gives another one when it comes back."""
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    se_presente(client, geste, {"titre": "Des bancs", "jeton": "WyIxZWZj", "mot": "K7Q2-9XPA"})
    client.force_login(citoyenne)
    page = client.get(REPRENDRE).content.decode()
    assert "Des bancs" in page and "WyIxZWZj" not in page and "K7Q2" not in page
    assert [nom for nom, _valeur in client.session[porte.CLE_SAISIE]["valeurs"]] == ["titre"]


def test_ce_qui_se_relit():
    valeurs = [
        ("sens", "refusee"),
        ("cout", "1200000"),
        ("le", "2027-01-02"),
        ("elue", "4"),
        ("vu", "a b"),
        ("accord", "on"),
        ("t", " "),
    ]
    assert porte.a_relire(valeurs) == ["refusee", "1200000", "2027-01-02"]


def test_ce_qui_ne_tient_pas_se_dit_a_la_porte(client, projet):
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    se_presente(client, geste, {"texte": "a " * porte.LONGUEUR_MAX})
    assert "n’a pas pu être gardé" in client.get("/comptes/login/").content.decode()


def test_une_etape_refusee_sans_session_mene_a_la_porte(client, moderatrice):
    """Its page answers 404 to whoever may not see the thing, and her explanation with it."""
    idee = IdeeFabrique(etat="a_moderer")
    geste = f"/etapes/idees.idee/{idee.pk}/refuser/"
    mots = {"etat": "a_moderer", "motif": "publicite", "explication": "C’est une publicité.", "suite": "/moderation/"}
    assert se_presente(client, geste, mots) == REPRENDRE
    assert entrer(client, moderatrice)["Location"] == REPRENDRE
    assert envoyer(client).status_code == 302
    idee.refresh_from_db()
    assert idee.etat == "refusee"


def test_sans_jeton_csrf_rien_n_est_garde():
    """Another site may not put words into somebody's mouth."""
    client = Client(enforce_csrf_checks=True)
    idee = IdeeFabrique(etat="a_moderer")
    reponse = client.post(f"/etapes/idees.idee/{idee.pk}/refuser/", {"explication": "Des mots à elle."})
    assert (reponse.status_code, porte.CLE_SAISIE in client.session) == (403, False)


@pytest.mark.parametrize("nom", ["corriger", "modifier"])
def test_une_correction_sans_session_attend(client, nom):
    idee = IdeeFabrique(etat="publiee" if nom == "corriger" else "brouillon")
    geste = f"/idees/{idee.pk}/{nom}/"
    assert se_presente(client, geste, {"titre": "Des bancs", "texte": TEXTE, "motif": "Plus clair."}) == REPRENDRE
    client.force_login(idee.auteur)
    assert "Plus clair." in client.get(REPRENDRE).content.decode()


def test_un_depot_sans_compte_entend_pourquoi(client):
    """A browser that holds something has lost no session: its refusal is said, and nothing leads it to an account."""
    idee = IdeeFabrique(etat="publiee")
    session = client.session
    session["un_depot_a_elle"] = [idee.pk]
    session.save()
    reponse = client.post(f"/idees/{idee.pk}/corriger/", {"titre": "Des bancs", "texte": TEXTE, "motif": "Plus clair."})
    assert (reponse.status_code, porte.CLE_SAISIE in client.session) == (403, False)


def test_une_autre_personne_va_ou_elle_allait(client, citoyenne, projet):
    finir_la_journee(client, PersonneFabrique(roles=["agent"]))
    se_presente(client, reverse("projets:ajouter_actualite", args=[projet.slug]), {"titre": "Des bancs"})
    assert entrer(client, citoyenne, next="/idees/")["Location"] == "/idees/"


def test_qui_entre_par_une_autre_porte_retrouve_ses_mots(client, citoyenne, projet):
    se_presente(client, reverse("projets:ajouter_actualite", args=[projet.slug]), {"titre": "Des bancs"})
    assert entrer(client, citoyenne, next="/idees/")["Location"] == REPRENDRE


def test_un_autre_envoi_a_la_meme_adresse_n_efface_rien(client, projet):
    geste = reverse("projets:ajouter_actualite", args=[projet.slug])
    se_presente(client, geste, {"titre": "Un long titre gardé"})
    client.force_login(PersonneFabrique(roles=["agent"]))
    assert client.post(geste, {"titre": ""}).status_code == 422
    assert "Un long titre gardé" in client.get(REPRENDRE).content.decode()


@pytest.mark.parametrize("geste", ["/langue/setlang/", "/apparence/", "/idees/semblables/", "/votes/un-vote/voter/2/"])
def test_ce_qui_n_attend_jamais(client, geste):
    agent = PersonneFabrique(roles=["agent"])
    finir_la_journee(client, agent)
    assert client.post(geste, {"titre": "Des bancs au bord"}).status_code == 302
    assert porte.CLE_SAISIE not in client.session


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


def test_la_saisie_au_guichet_revient_avec_une_autre_promesse(client):
    """What opens the deposit is not kept: its form says so, and holds the words."""
    agent, _boite = PersonneFabrique(roles=["agent"]), BoiteFabrique()
    client.force_login(agent)
    jeton = client.get("/bureau/deposer/").context["personne"]["jeton"].value()
    client.logout()
    assert se_presente(client, "/bureau/deposer/", {"jeton": jeton, "titre": "Des bancs", "texte": TEXTE}) == REPRENDRE
    client.force_login(agent)
    reponse = envoyer(client)
    page = reponse.content.decode()
    assert (reponse.status_code, jeton in page) == (422, False)
    assert "Relisez, puis envoyez de nouveau." in page
    assert html.escape(TEXTE.split("\r\n")[0]) in page
