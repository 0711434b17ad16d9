"""Entering by FranceConnect, against a small one served for real on this machine."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import ImproperlyConfigured

from comptes.franceconnect import jetons
from comptes.models import Utilisateur
from tests.comptes.fournisseurs import CLIENT, SECRET_CLIENT, FauxFranceConnect, cle
from tests.comptes.gestes import entrer, est_connecte, lien
from tests.fabriques import MOT_DE_PASSE, PersonneFabrique

pytestmark = pytest.mark.django_db
DEPART, RETOUR = "/comptes/franceconnect/login/", "/comptes/franceconnect/login/callback/"


@pytest.fixture
def fc(settings):
    with FauxFranceConnect().servi() as faux:
        application = {
            "client_id": CLIENT,
            "secret": SECRET_CLIENT,
            "settings": {"server_url": faux.adresse, "acr": "eidas1"},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"franceconnect": {"APPS": [application]}}
        faux.application = application
        yield faux


def partir(client, suite="", **parametres):
    """Address where the browser is sent, and its parameters."""
    reponse = client.post(DEPART + (f"?next={suite}" if suite else ""), query_params=parametres or None)
    return reponse["Location"], {
        nom: valeurs[0] for nom, valeurs in parse_qs(urlsplit(reponse["Location"]).query).items()
    }


def revenir(client, adresse):
    """The browser goes to FranceConnect and comes back."""
    return client.get(
        requests.get(adresse, allow_redirects=False, timeout=5).headers["Location"].removeprefix("http://testserver")
    )


def passer(client, **options):
    return revenir(client, partir(client, **options)[0])


def finir(client, **champs):
    return client.post(
        "/comptes/3rdparty/signup/", {"email": "angela@exemple.fr", "pseudonyme": "Alose 3", "charte": "on", **champs}
    )


def test_premiere_visite(client, fc):
    reponse = passer(client, suite="/chronologie/")
    assert reponse["Location"] == "/comptes/3rdparty/signup/"
    page = client.get(reponse["Location"])
    propose = page.context["form"].initial["pseudonyme"]
    assert propose
    assert "Angela" not in page.content.decode()
    assert "Dubois" not in page.content.decode()
    assert 'value="angela@exemple.fr"' in page.content.decode()

    reponse = finir(client, pseudonyme=propose)

    # FranceConnect has not checked the address: we do.
    assert reponse["Location"] == "/comptes/confirm-email/"
    assert not est_connecte(client)
    assert not EmailAddress.objects.get().verified
    reponse = client.post(lien().partition("?")[0])
    assert reponse["Location"] == "/chronologie/"
    personne = Utilisateur.objects.get()
    assert (personne.pseudonyme, personne.has_usable_password()) == (propose, False)
    compte = SocialAccount.objects.get()
    assert (compte.provider, compte.uid, compte.extra_data) == ("franceconnect", "sub-fc-1", {})


def test_ce_qui_est_demande(client, fc):
    adresse, parametres = partir(client)
    assert adresse.startswith(f"{fc.adresse}/authorize?")
    assert parametres["acr_values"] == "eidas1"
    assert set(parametres["scope"].split()) == {"openid", "email"}
    assert parametres["redirect_uri"] == f"http://testserver{RETOUR}"
    assert min(len(parametres["state"]), len(parametres["nonce"])) >= 32
    assert parametres["nonce"] != partir(client)[1]["nonce"]


def test_la_barre_d_adresse_ne_change_pas_la_demande(client, fc):
    _, parametres = partir(client, auth_params="acr_values=eidas0&nonce=devine&prompt=none", scope="birthdate,gender")
    assert parametres["acr_values"] == "eidas1"
    assert parametres["nonce"] != "devine"
    assert "prompt" not in parametres
    assert "birthdate" not in parametres["scope"]


def test_un_simple_lien_ne_connecte_personne(client, fc):
    page = client.get(DEPART)
    assert page.status_code == 200
    assert "Vous allez sur le site FranceConnect" in page.content.decode()
    assert fc.demandes == {}


def test_le_bouton_est_sur_la_page_de_connexion(client, fc):
    assert "S’identifier avec FranceConnect" in client.get("/comptes/login/?next=/idees/").content.decode()


def test_sans_reglage_ni_bouton_ni_adresse(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "FranceConnect" not in client.get("/comptes/login/").content.decode()


@pytest.mark.parametrize("adresse", [DEPART, RETOUR])
@pytest.mark.parametrize("methode", ["get", "head", "post"])
def test_sans_reglage_rien_a_ces_adresses(client, settings, adresse, methode):
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert getattr(client, methode)(adresse).status_code == 404


@pytest.fixture
def habituee(fc):
    personne = PersonneFabrique(email="habituee@exemple.fr")
    personne.socialaccount_set.create(provider="franceconnect", uid="sub-fc-1")
    return personne


def test_la_fois_suivante_c_est_le_sub_qui_compte(client, fc, habituee):
    """Another address at FranceConnect changes nothing here."""
    fc.email = "nouvelle@exemple.fr"
    assert passer(client, suite="/idees/")["Location"] == "/idees/"
    assert client.session["_auth_user_id"] == str(habituee.pk)
    assert SocialAccount.objects.get().extra_data == {}
    habituee.refresh_from_db()
    assert habituee.email == "habituee@exemple.fr"


REFUS = [
    ("id_token signé par une autre clé", {"cle_qui_signe": cle()}),
    ("userinfo signé par une autre clé", {"cle_des_infos": cle()}),
    ("userinfo sans signature", {"infos_signees": False}),
    ("aucune signature", {"algorithme": "none"}),
    ("signature avec la clé publique", {"algorithme": "HS256"}),
    ("nonce d’une autre demande", {"nonce": "n" * 48}),
    ("niveau absent", {"acr": ""}),
    ("niveau inconnu", {"acr": "eidas9"}),
    ("niveau qui se lit plus grand", {"acr": "zzz"}),
    ("autre émetteur", {"emetteur": "https://ailleurs.exemple"}),
    ("pour un autre site", {"destinataire": "un-autre-site"}),
    ("jeton d’hier", {"age": 24 * 3600}),
    ("deux personnes dans une réponse", {"sub_des_infos": "quelqu-un-d-autre"}),
]


@pytest.mark.parametrize(("mensonge"), [m for _, m in REFUS], ids=[nom for nom, _ in REFUS])
def test_une_reponse_douteuse_n_ouvre_rien(client, fc, habituee, mensonge):
    for nom, valeur in mensonge.items():
        setattr(fc, nom, valeur)
    reponse = passer(client)
    assert reponse.status_code == 401
    assert "La connexion n’a pas abouti" in reponse.content.decode()
    assert not est_connecte(client)


@pytest.mark.parametrize(
    ("demande", "obtenu", "ouvre"),
    [(d, o, jetons.NIVEAUX.index(o) >= jetons.NIVEAUX.index(d)) for d in jetons.NIVEAUX for o in jetons.NIVEAUX],
)
def test_le_niveau_obtenu_atteint_le_niveau_demande(client, fc, habituee, demande, obtenu, ouvre):
    fc.application["settings"]["acr"] = demande
    fc.acr = obtenu
    passer(client)
    assert est_connecte(client) is ouvre


def test_un_niveau_mal_regle_arrete_avec_une_phrase(client, fc):
    fc.application["settings"]["acr"] = "eidas4"
    with pytest.raises(ImproperlyConfigured, match="eidas1, eidas2, eidas3"):
        client.post(DEPART)


def test_la_meme_reponse_ne_sert_pas_deux_fois(client, fc, habituee):
    adresse, _ = partir(client)
    retour = (
        requests.get(adresse, allow_redirects=False, timeout=5).headers["Location"].removeprefix("http://testserver")
    )
    client.get(retour)
    assert est_connecte(client)
    client.post("/comptes/logout/")
    assert client.get(retour).status_code == 401
    assert not est_connecte(client)


def test_la_reponse_d_un_autre_navigateur_n_ouvre_rien(client, autre_navigateur, fc, habituee):
    """Login CSRF: the state belongs to the browser that left."""
    adresse, _ = partir(autre_navigateur)
    assert revenir(client, adresse).status_code == 401
    assert not est_connecte(client)


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=invente", "?error=access_denied&state=invente"])
def test_un_retour_sans_depart(client, fc, query):
    assert client.get(RETOUR + query).status_code == 401


def test_annuler_chez_franceconnect(client, fc):
    _, parametres = partir(client)
    reponse = client.get(f"{RETOUR}?error=access_denied&state={parametres['state']}")
    assert reponse["Location"] == "/comptes/3rdparty/login/cancelled/"
    assert "Vous avez annulé" in client.get(reponse["Location"]).content.decode()


def test_une_panne_au_depart_ou_au_retour_se_dit(client, fc):
    adresse, _ = partir(client)
    retour = (
        requests.get(adresse, allow_redirects=False, timeout=5).headers["Location"].removeprefix("http://testserver")
    )
    fc.en_panne = True
    for reponse in (client.post(DEPART), client.get(retour)):
        assert reponse.status_code in {401, 502}
        assert "La connexion n’a pas abouti" in reponse.content.decode()


@pytest.mark.parametrize("verifiee", [True, False])
def test_une_adresse_jamais_prouvee_n_ouvre_pas_le_compte_de_quelqu_un(client, fc, verifiee):
    """AUTH-11: same page as for a new address, a mail to the real owner, and no link between the two."""
    PersonneFabrique(email="angela@exemple.fr", pseudonyme="La vraie Angela")
    EmailAddress.objects.update(verified=verifiee)
    passer(client)
    reponse = finir(client)
    assert reponse["Location"] == "/comptes/confirm-email/"
    assert not est_connecte(client)
    assert not SocialAccount.objects.exists()
    assert Utilisateur.objects.count() == 1
    assert mail.outbox[0].subject == "Vous avez déjà un compte"


def test_la_derniere_page_dit_ses_fautes_et_se_renvoie(client, fc, voisin):
    passer(client)
    reponse = finir(client, pseudonyme="Sacha Voisin", charte="")
    assert set(reponse.context["form"].errors) == {"pseudonyme", "charte"}
    assert finir(client)["Location"] == "/comptes/confirm-email/"


def test_le_meme_pseudonyme_dans_la_meme_seconde(client, fc, voisin, monkeypatch):
    import comptes.forms

    vraie = comptes.forms.pseudonyme_disponible

    def aveugle(pseudonyme, *, sauf=None):
        monkeypatch.setattr(comptes.forms, "pseudonyme_disponible", vraie)
        return pseudonyme

    passer(client)
    monkeypatch.setattr(comptes.forms, "pseudonyme_disponible", aveugle)
    reponse = finir(client, pseudonyme="sacha VOISIN")
    assert "déjà pris" in str(reponse.context["form"].errors["pseudonyme"])
    assert finir(client)["Location"] == "/comptes/confirm-email/"
    assert Utilisateur.objects.filter(pseudonyme="Alose 3").count() == 1


def test_relier_franceconnect_a_son_compte_puis_ne_plus_relier(client, fc, citoyenne):
    entrer(client, citoyenne)
    client.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})
    passer(client, process="connect")
    compte = SocialAccount.objects.get()
    assert compte.user == citoyenne
    assert "Un compte FranceConnect est maintenant relié au vôtre" in mail.outbox[-1].body
    page = client.get("/comptes/3rdparty/").content.decode()
    assert "Ne plus relier" in page
    client.post("/comptes/3rdparty/", {"account": compte.pk})
    assert not SocialAccount.objects.exists()


def test_un_compte_deja_relie_a_quelqu_un_d_autre(client, fc, habituee, citoyenne):
    entrer(client, citoyenne)
    client.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})
    passer(client, process="connect")
    assert SocialAccount.objects.get().user == habituee
    assert "déjà relié à une autre personne" in client.get("/comptes/3rdparty/").content.decode()


def test_sans_mot_de_passe_on_ne_se_coupe_pas_la_seule_porte(client, fc, habituee):
    habituee.set_unusable_password()
    habituee.save()
    passer(client)
    reponse = client.post("/comptes/3rdparty/", {"account": SocialAccount.objects.get().pk})
    assert "Choisissez d’abord un mot de passe" in reponse.content.decode()
    assert SocialAccount.objects.exists()


def test_se_deconnecter_ferme_aussi_franceconnect(client, fc, habituee):
    passer(client)
    reponse = client.post("/comptes/logout/")
    adresse = urlsplit(reponse["Location"])
    parametres = {nom: valeurs[0] for nom, valeurs in parse_qs(adresse.query).items()}
    assert f"{adresse.scheme}://{adresse.netloc}{adresse.path}" == f"{fc.adresse}/session/end"
    assert parametres["post_logout_redirect_uri"] == "http://testserver/"
    assert len(parametres["state"]) >= 32
    assert parametres["id_token_hint"].count(".") == 2
    assert not est_connecte(client)


def test_qui_est_entre_par_mot_de_passe_ne_va_pas_chez_franceconnect(client, fc, habituee):
    entrer(client, habituee)
    assert client.post("/comptes/logout/")["Location"] == "/"


def test_effacer_un_compte_sans_mot_de_passe_demande_de_repasser_par_franceconnect(client, fc, habituee, time_machine):
    habituee.set_unusable_password()
    habituee.save()
    time_machine.move_to("2026-11-21 10:00:00+01:00")
    passer(client)
    time_machine.shift(600)
    reponse = client.post("/mon-profil/effacer/", {"compris": "on"})
    assert reponse.status_code == 403
    assert "Connectez-vous encore une fois" in reponse.content.decode()
    assert "next=%2Fmon-profil%2Feffacer%2F" in reponse.content.decode()
    assert passer(client, suite="/mon-profil/effacer/")["Location"] == "/mon-profil/effacer/"
    assert client.post("/comptes/logout/")["Location"].startswith(fc.adresse)
    passer(client)
    assert client.post("/mon-profil/effacer/", {"compris": "on"})["Location"] == "/"
    assert not SocialAccount.objects.exists()
