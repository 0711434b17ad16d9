"""Opening an account: from the form to the mailed link."""

import html
import re
import threading

import pytest
from allauth.account.internal.flows import manage_email
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection
from django.test import Client

import comptes.forms
from comptes.models import Utilisateur
from territoires.models import Territoire
from tests.comptes.gestes import ADRESSE, entrer, erreurs, est_connecte, inscription, inscrire, lien
from tests.fabriques import MOT_DE_PASSE, PersonneFabrique

pytestmark = pytest.mark.django_db


def test_une_citoyenne_ouvre_son_compte_et_revient_a_l_idee_qu_elle_voulait_soutenir(client):
    commune = Territoire.objects.create(genre="commune", code="44109", nom="Nantes", slug="nantes")
    page = client.get("/comptes/signup/?next=/chronologie/")
    assert 'name="next" value="/chronologie/"' in page.content.decode()

    reponse = inscrire(client, commune=commune.pk, next="/chronologie/")

    assert reponse["Location"] == "/comptes/confirm-email/"
    personne = Utilisateur.objects.get()
    assert (personne.email, personne.pseudonyme, personne.commune, personne.langue) == (
        ADRESSE,
        "Camille Exemple",
        commune,
        "fr",
    )
    assert not est_connecte(client)
    (courriel,) = mail.outbox
    assert courriel.to == [ADRESSE]
    assert courriel.subject == "Confirmez votre adresse pour ouvrir votre compte"
    assert "Camille Exemple" in courriel.body
    assert courriel.alternatives[0].mimetype == "text/html"

    # Opening the link shows a page; only the button confirms, for mail filters open links too.
    assert "Oui, confirmer" in client.get(lien()).content.decode()
    assert not EmailAddress.objects.get().verified
    reponse = client.post(lien().partition("?")[0])
    assert reponse["Location"] == "/chronologie/"
    assert EmailAddress.objects.get().verified
    assert est_connecte(client)


def test_le_lien_ouvert_sur_un_autre_appareil_mene_au_meme_endroit(client, autre_navigateur):
    inscrire(client, next="/chronologie/")
    adresse = lien()
    page = autre_navigateur.get(adresse)
    suite = html.unescape(re.findall(r'name="next" value="([^"]+)"', page.content.decode())[-1])
    reponse = autre_navigateur.post(adresse.partition("?")[0], {"next": suite})
    assert reponse["Location"] == "/comptes/login/?next=%2Fchronologie%2F"
    assert not est_connecte(autre_navigateur)
    reponse = entrer(autre_navigateur, Utilisateur.objects.get(), next="/chronologie/")
    assert reponse["Location"] == "/chronologie/"


def test_sans_confirmation_on_n_entre_pas_et_un_nouveau_lien_part(client, autre_navigateur):
    inscrire(client)
    reponse = entrer(autre_navigateur, Utilisateur.objects.get())
    assert reponse["Location"] == "/comptes/confirm-email/"
    assert not est_connecte(autre_navigateur)
    assert len(mail.outbox) == 2
    assert "Ouvrez votre boîte mail" in autre_navigateur.get(reponse["Location"]).content.decode()


@pytest.mark.parametrize("cle", ["inconnue", "MTIz:1abc:xyz"])
def test_un_lien_abime_le_dit(client, cle):
    page = client.get(f"/comptes/confirm-email/{cle}/").content.decode()
    assert "Ce lien ne marche plus" in page


REFUS = [
    ({"charte": ""}, "charte", "Cochez cette case pour créer votre compte"),
    ({"pseudonyme": ""}, "pseudonyme", "obligatoire"),
    ({"pseudonyme": "SACHA  VOISIN"}, "pseudonyme", "déjà pris"),
    ({"pseudonyme": "Sácha-Voisin"}, "pseudonyme", "déjà pris"),
    ({"pseudonyme": "Estuaire"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "La Modération".removeprefix("La ")}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Mairie de Nantes"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "La mairie"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Nantes-Métropole"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Nantes Métropole officiel"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Ville de Rezé"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Élue aux mobilités"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "mairiedenantes"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "MaireDeRezé"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Maire2"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Élue2024"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Estuaire 2"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "L’équipe du dialogue"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Équipe municipale"}, "pseudonyme", "la collectivité"),
    ({"pseudonyme": "Participant efface 12"}, "pseudonyme", "déjà pris"),
    ({"pseudonyme": "Саmille"}, "pseudonyme", "un seul alphabet"),
    ({"pseudonyme": "<b>Camille</b>"}, "pseudonyme", "Commencez par une lettre"),
    ({"pseudonyme": "x" * 41}, "pseudonyme", "40"),
    ({"email": "pas une adresse"}, "email", "adresse"),
    ({"password1": "court", "password2": "court"}, "password1", "12 caractères"),
    ({"password2": "une autre phrase assez longue"}, "password2", "mot de passe"),
    ({"commune": "99999"}, "commune", "Sélectionnez un choix valide"),
]


@pytest.mark.parametrize(("champs", "champ", "phrase"), REFUS)
def test_chaque_faute_a_sa_phrase_et_rien_n_est_ecrit(client, voisin, champs, champ, phrase):
    reponse = inscrire(client, **champs)
    assert phrase in " ".join(erreurs(reponse)[champ])
    assert Utilisateur.objects.count() == 1
    assert mail.outbox == []


def test_ce_qui_etait_tape_reste(client):
    page = inscrire(client, charte="", pseudonyme="Camille du Pont").content.decode()
    assert 'value="Camille du Pont"' in page
    assert f'value="{ADRESSE}"' in page
    assert MOT_DE_PASSE not in page


def test_le_mot_de_passe_ne_ressemble_pas_au_pseudonyme(client):
    semblable = {"password1": "camille-exemple-9", "password2": "camille-exemple-9"}
    assert "password1" in erreurs(inscrire(client, email="c@exemple.fr", **semblable))


@pytest.mark.parametrize("ecriture", ["CAMILLE@exemple.fr", "Camille@Exemple.FR", " camille@exemple.fr "])
def test_une_adresse_un_compte_quelle_que_soit_la_casse(client, ecriture):
    PersonneFabrique(email=ADRESSE, pseudonyme="La première")
    reponse = inscrire(client, email=ecriture)
    assert reponse["Location"] == "/comptes/confirm-email/"
    assert Utilisateur.objects.count() == 1
    assert mail.outbox[0].subject == "Vous avez déjà un compte"


def _sans_jeton(page: str) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", page)


@pytest.mark.parametrize(
    ("chemin", "champs"),
    [("/comptes/signup/", inscription()), ("/comptes/password/reset/", {"email": ADRESSE})],
    ids=["inscription", "oubli"],
)
def test_rien_ne_dit_si_l_adresse_est_connue(client, autre_navigateur, chemin, champs):
    """Same status, same address, same words, in two fresh browsers."""
    inconnue = client.post(chemin, champs, follow=True)
    Utilisateur.objects.all().delete()
    PersonneFabrique(email=ADRESSE, pseudonyme="La première")
    connue = autre_navigateur.post(chemin, champs, follow=True)
    assert inconnue.redirect_chain == connue.redirect_chain
    assert (inconnue.status_code, _sans_jeton(inconnue.content.decode())) == (
        connue.status_code,
        _sans_jeton(connue.content.decode()),
    )
    assert set(inconnue.cookies) == set(connue.cookies)
    assert len(mail.outbox) == 2


def test_ouvrir_un_compte_connu_prend_le_temps_d_un_mot_de_passe(client, monkeypatch):
    """What takes time is hashing: both roads do it once."""
    haches = []
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, mot, sel: haches.append(1) or f"md5${sel}$inutile"
    )
    inscrire(client)
    inconnue, haches[:] = len(haches), []
    inscrire(client, pseudonyme="Camille deux")
    assert inconnue == len(haches) == 1


def _aveugle_une_fois(monkeypatch, module, nom, reponse):
    """A check that has not seen, the first time, the row that another connection is writing."""
    vraie = getattr(module, nom)

    def verifier(*args, **kwargs):
        monkeypatch.setattr(module, nom, vraie)
        return reponse(*args)

    monkeypatch.setattr(module, nom, verifier)


def test_deux_personnes_choisissent_le_meme_pseudonyme_dans_la_meme_seconde(client, citoyenne, monkeypatch):
    _aveugle_une_fois(monkeypatch, comptes.forms, "pseudonyme_disponible", lambda pseudonyme: pseudonyme)
    reponse = inscrire(client, pseudonyme="CAMILLE exemple")
    assert reponse.status_code == 422
    assert "déjà pris" in erreurs(reponse)["pseudonyme"][0]
    assert Utilisateur.objects.count() == 1
    assert mail.outbox == []


def test_deux_inscriptions_de_la_meme_adresse_dans_la_meme_seconde(client, monkeypatch):
    PersonneFabrique(email=ADRESSE, pseudonyme="La première")
    _aveugle_une_fois(monkeypatch, manage_email, "email_already_exists", lambda adresse: (adresse, False))
    reponse = inscrire(client)
    assert reponse["Location"] == "/comptes/confirm-email/"
    assert Utilisateur.objects.count() == 1
    assert mail.outbox[0].subject == "Vous avez déjà un compte"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_vraiment_en_meme_temps(monkeypatch):
    """Two connections past the check before either writes: one account, one sentence, no broken page."""
    barriere, vraie, reponses = threading.Barrier(2), comptes.forms.pseudonyme_disponible, []
    dans_le_premier_passage = threading.local()

    def verifier(pseudonyme, *, sauf=None):
        libre = vraie(pseudonyme, sauf=sauf)
        if not getattr(dans_le_premier_passage, "fini", False):
            dans_le_premier_passage.fini = True
            barriere.wait(10)
        return libre

    def ouvrir(adresse):
        reponses.append(inscrire(Client(), email=adresse))
        connection.close()

    monkeypatch.setattr(comptes.forms, "pseudonyme_disponible", verifier)
    fils = [threading.Thread(target=ouvrir, args=[f"{nom}@exemple.fr"]) for nom in ("une", "deux")]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(reponse.status_code for reponse in reponses) == [302, 422]
    assert Utilisateur.objects.count() == 1


def test_le_nom_d_une_commune_est_reserve_et_ceux_qui_lui_ressemblent_non(client):
    Territoire.objects.create(nom="Bouaye", slug="bouaye", genre=Territoire.Genre.COMMUNE)
    for pris in ("BOUAYE", "villedebouaye", "Servicesbouaye44"):
        assert "la collectivité" in erreurs(inscrire(client, pseudonyme=pris))["pseudonyme"][0]
    for libre in ("Camille de Bouaye", "Villeneuve", "Elian Martin", "Maryse Lemaire", "McBouaye", "1998", "Bouaye44"):
        assert "pseudonyme" not in (inscrire(client, pseudonyme=libre, charte="").context["form"].errors)


def test_le_nom_qui_signe_les_reponses_n_est_qu_a_elle(client):
    elue = PersonneFabrique(roles=["elue"], pseudonyme="Une voisine")
    elue.mandats.update(nom_officiel="Johanna Fictive")
    for pris in ("Johanna Fictive", "JOHANNA-FICTIVE", "Johanna Fictive maire"):
        assert "une personne élue" in erreurs(inscrire(client, pseudonyme=pris))["pseudonyme"][0]
    assert "pseudonyme" not in inscrire(client, pseudonyme="Johanna", charte="").context["form"].errors
    client.force_login(elue)
    client.post("/mon-profil/", {"pseudonyme": "Johanna Fictive", "langue": "fr"})
    elue.refresh_from_db()
    assert elue.pseudonyme == "Johanna Fictive"


def test_un_nom_que_l_on_a_deja_reste_a_soi(client):
    """Taken before it was reserved: the profile is still hers to correct."""
    ancienne = PersonneFabrique(pseudonyme="Ville en fleurs")
    client.force_login(ancienne)
    client.post("/mon-profil/", {"pseudonyme": "Ville en fleurs", "langue": "en"})
    ancienne.refresh_from_db()
    assert ancienne.langue == "en"
