"""Entering, leaving, forgetting: and what an attacker learns from it, which is nothing."""

import threading
from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from config import settings as reglages
from tests.comptes.gestes import ADRESSE, entrer, erreurs, est_connecte, inscrire, lien
from tests.fabriques import MOT_DE_PASSE, PersonneFabrique

pytestmark = pytest.mark.django_db
NOUVEAU = "trois barques sous la pluie"


def test_entrer_puis_sortir(client, citoyenne):
    assert entrer(client, citoyenne)["Location"] == "/mon-espace/"
    assert est_connecte(client)
    assert "Voulez-vous vous déconnecter" in client.get("/comptes/logout/").content.decode()
    assert est_connecte(client)
    assert client.post("/comptes/logout/")["Location"] == "/"
    assert not est_connecte(client)


@pytest.mark.parametrize(
    ("suite", "arrivee"),
    [
        ("/idees/3/", "/idees/3/"),
        ("https://ailleurs.exemple/", "/mon-espace/"),
        ("//ailleurs.exemple/", "/mon-espace/"),
        ("javascript:alert(1)", "/mon-espace/"),
    ],
)
def test_on_revient_ou_l_on_allait_mais_jamais_ailleurs(client, citoyenne, suite, arrivee):
    assert entrer(client, citoyenne, next=suite)["Location"] == arrivee


def test_la_casse_de_l_adresse_ne_compte_pas(client, citoyenne):
    citoyenne.email = citoyenne.email.upper()
    entrer(client, citoyenne)
    assert est_connecte(client)


def test_adresse_inconnue_ou_mot_de_passe_faux_la_meme_phrase(client, citoyenne):
    faux = erreurs(entrer(client, citoyenne, "pas le bon mot de passe"))
    inconnue = erreurs(entrer(client, SimpleNamespace(email="personne@exemple.fr")))
    assert (
        faux
        == inconnue
        == {"__all__": ["L’adresse e-mail ou le mot de passe ne va pas. Vérifiez les deux, puis réessayez."]}
    )


def test_le_numero_de_session_change_a_l_entree(client, citoyenne):
    client.get("/comptes/login/?next=/mon-espace/")
    client.post("/comptes/signup/", {})
    session = client.session
    session["avant"] = "1"
    session.save()
    avant = session.session_key
    client.cookies["sessionid"] = avant
    entrer(client, citoyenne)
    assert client.session.session_key != avant


def test_compte_ferme(client, autre_navigateur, citoyenne):
    """An open session dies with the account, and the door says so to who knows the password."""
    entrer(client, citoyenne)
    assert client.get("/mon-profil/").status_code == 200
    type(citoyenne).objects.update(is_active=False)
    assert client.get("/mon-profil/")["Location"] == "/comptes/login/?next=/mon-profil/"
    reponse = entrer(autre_navigateur, citoyenne)
    assert reponse["Location"] == "/comptes/inactive/"
    assert "Ce compte est fermé" in autre_navigateur.get(reponse["Location"]).content.decode()
    assert not est_connecte(autre_navigateur)


# --- Limits ------------------------------------------------------------------------------------------------------


def test_cinq_echecs_puis_il_faut_attendre(client, citoyenne, limites):
    for _essai in range(5):
        entrer(client, citoyenne, "pas le bon mot de passe")
    bloque = erreurs(entrer(client, citoyenne))
    assert bloque == {"__all__": ["Vous avez fait beaucoup d’essais. Attendez cinq minutes, puis réessayez."]}
    assert not est_connecte(client)


def test_un_attaquant_ne_ferme_pas_la_porte_de_sa_victime(client, autre_navigateur, citoyenne, limites):
    for _essai in range(12):
        entrer(client, citoyenne, "pas le bon mot de passe")
    autre_navigateur.defaults["REMOTE_ADDR"] = "192.0.2.7"
    entrer(autre_navigateur, citoyenne)
    assert est_connecte(autre_navigateur)


def test_les_variantes_de_casse_comptent_ensemble(client, citoyenne, limites):
    for ecriture in (
        citoyenne.email,
        citoyenne.email.upper(),
        citoyenne.email.title(),
        citoyenne.email,
        citoyenne.email,
    ):
        client.post("/comptes/login/", {"login": ecriture, "password": "pas le bon mot de passe"})
    assert "Attendez" in erreurs(entrer(client, citoyenne))["__all__"][0]


def test_trop_de_demandes_montre_notre_page(client, citoyenne, limites):
    reponses = [entrer(client, SimpleNamespace(email="personne@exemple.fr"), "x") for _essai in range(31)]
    assert [r.status_code for r in reponses[:30]] == [422] * 30
    assert reponses[30].status_code == 429
    assert "Trop de demandes à la fois" in reponses[30].content.decode()


def test_deux_cents_essais_a_la_fois_ne_passent_pas_la_limite():
    passes, demande = [], RequestFactory().post("/comptes/login/")

    def essayer():
        if ratelimit.consume(demande, app="allauth.account", action="essai", config={"essai": "5/m/key"}, key="une"):
            passes.append(1)

    fils = [threading.Thread(target=essayer) for _ in range(200)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(passes) <= 6


def test_une_adresse_recoit_un_lien_toutes_les_trois_minutes(client, limites, time_machine):
    time_machine.move_to("2026-11-21 10:00:00+01:00", tick=False)
    inscrire(client)
    for _essai in range(4):
        inscrire(client, pseudonyme="Une autre Camille")
        entrer(client, SimpleNamespace(email=ADRESSE))
    assert len(mail.outbox) == 1
    time_machine.shift(181)
    entrer(client, SimpleNamespace(email=ADRESSE))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("adresse", ["camille@exemple.fr", "inconnue@exemple.fr"])
def test_un_oubli_toutes_les_trois_minutes_connu_ou_non(client, limites, adresse):
    PersonneFabrique(email="camille@exemple.fr")
    statuts = [
        client.post("/comptes/password/reset/", {"email": ecriture}).status_code
        for ecriture in (adresse, adresse.upper())
    ]
    assert statuts == [302, 429]
    assert len(mail.outbox) == 1


def test_cent_adresses_depuis_un_reseau_sont_bornees(client, limites):
    statuts = [client.post("/comptes/password/reset/", {"email": f"p{n}@exemple.fr"}).status_code for n in range(25)]
    assert statuts == [302] * 20 + [429] * 5
    assert len(mail.outbox) == 20


def test_chaque_limite_du_paquet_est_ecrite_dans_les_reglages(settings):
    """What allauth adds later must be decided here, not inherited unseen."""
    from allauth.account import app_settings

    settings.ACCOUNT_RATE_LIMITS = {}
    par_defaut = set(app_settings.RATE_LIMITS) - {"change_phone", "verify_phone", "request_login_code"}
    assert par_defaut <= set(reglages.ACCOUNT_RATE_LIMITS)


# --- Passwords ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "refuse",
    [
        "onze lettre", "motdepasse123", "MotDePasse2026!", "password1234", "azertyuiop123", "Azertyuiop1!", "qwertyuiop12",
        "aaaaaaaaaaaaaa", "121212121212", "123456789012", "Bienvenue2026!", "Nantes-2026!!", "Estuaire2026!!", "abcdefghijkl12",
    ],
)  # fmt: skip
def test_un_mot_de_passe_devinable_est_refuse(refuse):
    with pytest.raises(ValidationError):
        validate_password(refuse)


@pytest.mark.parametrize(
    "accepte",
    [
        MOT_DE_PASSE, NOUVEAU, "bateau jaune midi", "x7#Kp2!vQz9m", "a" * 3 + " très longue phrase " * 6,
        "пароль для реки", "川の流れは絶えずして元の水", "bienvenue au bord de la Loire",
    ],
)  # fmt: skip
def test_une_phrase_est_acceptee_longue_ou_dans_une_autre_ecriture(accepte):
    validate_password(accepte)


def test_changer_de_mot_de_passe_ferme_les_autres_appareils_et_previent(client, autre_navigateur, citoyenne):
    entrer(client, citoyenne)
    entrer(autre_navigateur, citoyenne)
    champs = {"oldpassword": MOT_DE_PASSE, "password1": NOUVEAU, "password2": NOUVEAU}
    assert client.post("/comptes/password/change/", champs).status_code == 302
    assert client.get("/mon-profil/").status_code == 200
    assert autre_navigateur.get("/mon-profil/").status_code == 302
    (courriel,) = mail.outbox
    assert courriel.subject == "Un changement sur votre compte"
    assert "Votre mot de passe a été changé." in courriel.body
    entrer(autre_navigateur, citoyenne, NOUVEAU)
    assert est_connecte(autre_navigateur)


def test_l_ancien_mot_de_passe_est_demande(client, citoyenne):
    entrer(client, citoyenne)
    champs = {"oldpassword": "pas le bon", "password1": NOUVEAU, "password2": NOUVEAU}
    assert erreurs(client.post("/comptes/password/change/", champs)) == {
        "oldpassword": ["Ce n’est pas votre mot de passe actuel."]
    }


def test_mot_de_passe_oublie(client, autre_navigateur, citoyenne):
    entrer(autre_navigateur, citoyenne)
    client.post("/comptes/password/reset/", {"email": citoyenne.email})
    adresse = lien()
    page = client.get(adresse, follow=True)
    formulaire = page.redirect_chain[-1][0]
    assert adresse not in page.content.decode()
    reponse = client.post(formulaire, {"password1": NOUVEAU, "password2": NOUVEAU})
    assert reponse["Location"] == "/comptes/password/reset/key/done/"
    assert "Votre mot de passe est changé" in client.get(reponse["Location"]).content.decode()
    assert autre_navigateur.get("/mon-profil/").status_code == 302
    assert "Votre mot de passe a été remplacé" in mail.outbox[-1].body
    # The link served once.
    assert "Ce lien ne marche plus" in client.get(adresse, follow=True).content.decode()
    entrer(client, citoyenne, NOUVEAU)
    assert est_connecte(client)


def test_oubli_d_une_adresse_inconnue_le_dit_par_courriel(client):
    client.post("/comptes/password/reset/", {"email": "inconnue@exemple.fr"})
    assert mail.outbox[0].subject == "Aucun compte à cette adresse"
    assert lien() == "/comptes/signup/"


# --- Address -----------------------------------------------------------------------------------------------------


@pytest.fixture
def connectee(client, citoyenne):
    entrer(client, citoyenne)
    client.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})
    return citoyenne


def test_changer_d_adresse_demande_de_confirmer_qui_l_on_est(client, citoyenne):
    entrer(client, citoyenne)
    reponse = client.post("/comptes/email/", {"email": "neuve@exemple.fr", "action_add": "1"})
    assert reponse["Location"] == "/comptes/reauthenticate/?next=%2Fcomptes%2Femail%2F"
    assert mail.outbox == []


def test_l_adresse_change_quand_le_lien_est_ouvert(client, connectee):
    ancienne = connectee.email
    client.post("/comptes/email/", {"email": "neuve@exemple.fr", "action_add": "1"})
    connectee.refresh_from_db()
    assert connectee.email == ancienne
    assert "Un changement attend" in client.get("/comptes/email/").content.decode()
    assert mail.outbox[0].to == ["neuve@exemple.fr"]
    client.post(lien(mail.outbox[0]))
    connectee.refresh_from_db()
    assert connectee.email == "neuve@exemple.fr"
    assert [a.email for a in connectee.emailaddress_set.all()] == ["neuve@exemple.fr"]
    # The former address is told.
    assert mail.outbox[1].to == [ancienne]
    assert f"n’est plus {ancienne}, mais neuve@exemple.fr" in mail.outbox[1].body


def test_renoncer_au_changement(client, connectee):
    client.post("/comptes/email/", {"email": "neuve@exemple.fr", "action_add": "1"})
    client.post("/comptes/email/", {"email": "neuve@exemple.fr", "action_remove": "1"})
    assert [a.email for a in connectee.emailaddress_set.all()] == [connectee.email]


def test_l_adresse_d_une_autre_personne_ne_se_prend_pas(client, connectee, voisin):
    client.post("/comptes/email/", {"email": voisin.email, "action_add": "1"})
    reponse = client.get(lien())
    assert "Cette adresse est déjà celle d’un autre compte" in reponse.content.decode()
    client.post(lien())
    connectee.refresh_from_db()
    assert connectee.email != voisin.email


def test_qui_prouve_une_adresse_la_reprend_a_un_compte_jamais_confirme(client, autre_navigateur, connectee):
    inscrire(autre_navigateur, email="neuve@exemple.fr", pseudonyme="Premier arrivé")
    client.post("/comptes/email/", {"email": "neuve@exemple.fr", "action_add": "1"})
    client.post(lien())
    connectee.refresh_from_db()
    assert connectee.email == "neuve@exemple.fr"


def test_liste_des_appareils_et_fermeture_des_autres(client, autre_navigateur, citoyenne):
    entrer(client, citoyenne, HTTP_USER_AGENT="Tel")
    autre_navigateur.defaults["HTTP_USER_AGENT"] = "Ordinateur du salon"
    entrer(autre_navigateur, citoyenne)
    page = client.get("/comptes/sessions/").content.decode()
    assert "Ordinateur du salon" in page
    assert "Celui-ci" in page
    client.post("/comptes/sessions/")
    assert autre_navigateur.get("/mon-profil/").status_code == 302
    assert client.get("/mon-profil/").status_code == 200
