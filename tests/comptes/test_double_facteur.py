"""The second factor: installing it, using it, and who cannot do without."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from comptes import chiffrement, middleware
from tests.comptes.gestes import entrer, erreurs, est_connecte
from tests.fabriques import MOT_DE_PASSE, PersonneFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret=SECRET, decalage=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + decalage))


def installer(personne):
    totp.TOTP.activate(personne, SECRET)
    return personne


@pytest.fixture
def confirmee(client, citoyenne):
    entrer(client, citoyenne)
    client.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})
    return citoyenne


@pytest.mark.django_db(transaction=True)  # the mail leaves once the change is written
def test_installer_l_application(client, confirmee):
    page = client.get("/comptes/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    reponse = client.post("/comptes/2fa/totp/activate/", {"code": code(secret)})
    assert reponse["Location"] == "/comptes/2fa/recovery-codes/"
    codes = client.get(reponse["Location"]).context["unused_codes"]
    assert len(codes) == 10
    telecharges = client.get("/comptes/2fa/recovery-codes/download/")
    assert telecharges.content.decode().split() == codes
    assert "Une application de codes protège maintenant votre compte." in mail.outbox[0].body
    # At rest, neither the secret nor the seed of the codes can be read.
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_un_code_faux_ne_l_installe_pas(client, confirmee):
    client.get("/comptes/2fa/totp/activate/")
    assert "code" in erreurs(client.post("/comptes/2fa/totp/activate/", {"code": "000000"}))
    assert not Authenticator.objects.exists()


def test_installer_demande_de_confirmer_qui_l_on_est(client, citoyenne):
    entrer(client, citoyenne)
    assert client.get("/comptes/2fa/totp/activate/")["Location"].startswith("/comptes/reauthenticate/")


def test_entrer_demande_le_code_et_garde_le_chemin(client, citoyenne):
    installer(citoyenne)
    assert entrer(client, citoyenne, next="/chronologie/")["Location"] == "/comptes/2fa/authenticate/"
    assert not est_connecte(client)
    assert client.get("/mon-profil/").status_code == 302
    assert "code" in erreurs(client.post("/comptes/2fa/authenticate/", {"code": "000000"}))
    assert client.post("/comptes/2fa/authenticate/", {"code": code()})["Location"] == "/chronologie/"
    assert est_connecte(client)


def test_un_code_sert_une_fois(client, autre_navigateur, citoyenne):
    installer(citoyenne)
    du_moment = code()
    for navigateur in (client, autre_navigateur):
        entrer(navigateur, citoyenne)
        navigateur.post("/comptes/2fa/authenticate/", {"code": du_moment})
    assert est_connecte(client)
    assert not est_connecte(autre_navigateur)
    autre_navigateur.post("/comptes/2fa/authenticate/", {"code": f" {du_moment[:3]} {du_moment[3:]} "})
    assert not est_connecte(autre_navigateur)


def test_un_code_de_secours_aussi_et_une_fois(client, autre_navigateur, confirmee):
    client.get("/comptes/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/comptes/2fa/totp/activate/", {"code": code(secret)})
    secours = client.get("/comptes/2fa/recovery-codes/").context["unused_codes"][0]
    client.post("/comptes/logout/")
    for navigateur in (client, autre_navigateur):
        entrer(navigateur, confirmee)
        navigateur.post("/comptes/2fa/authenticate/", {"code": secours})
    assert est_connecte(client)
    assert not est_connecte(autre_navigateur)


def test_cinq_codes_faux_puis_il_faut_attendre(client, citoyenne, limites):
    installer(citoyenne)
    entrer(client, citoyenne)
    for _essai in range(5):
        client.post("/comptes/2fa/authenticate/", {"code": "000000"})
    assert "Attendez" in erreurs(client.post("/comptes/2fa/authenticate/", {"code": code()}))["code"][0]
    assert not est_connecte(client)


def test_le_telephone_peut_avoir_une_demi_minute_de_retard(client, citoyenne):
    installer(citoyenne)
    entrer(client, citoyenne)
    client.post("/comptes/2fa/authenticate/", {"code": code(decalage=-1)})
    assert est_connecte(client)


def test_une_connexion_a_moitie_faite_ne_laisse_rien_a_la_personne_suivante(client, citoyenne, voisin):
    installer(citoyenne)
    entrer(client, citoyenne)
    client.post("/comptes/logout/", {"next": "/comptes/login/"})
    entrer(client, voisin)
    assert client.session["_auth_user_id"] == str(voisin.pk)
    assert citoyenne.email not in str(dict(client.session))
    client.post("/comptes/2fa/authenticate/", {"code": code()})
    assert client.session["_auth_user_id"] == str(voisin.pk)


def test_retirer_l_application(client, confirmee):
    installer(confirmee)
    assert "n’ouvriront plus" in client.get("/comptes/2fa/totp/deactivate/").content.decode()
    client.post("/comptes/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()


def test_changer_d_adresse_reste_possible_avec_un_second_facteur(client, confirmee):
    installer(confirmee)
    client.post("/comptes/email/", {"email": "neuve@exemple.fr", "action_add": "1"})
    assert confirmee.emailaddress_set.filter(email="neuve@exemple.fr").exists()


def test_le_secret_survit_au_changement_de_cle_du_site(settings):
    chiffre = chiffrement.chiffrer(SECRET)
    with override_settings(SECRET_KEY="une autre clé", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert chiffrement.dechiffrer(chiffre) == SECRET


# --- Who cannot do without ---------------------------------------------------------------------------------------

FAMILLES = [
    "/", "/mon-espace/", "/idees/", "/projets/", "/chronologie/", "/mon-profil/", "/mon-profil/effacer/",
    "/administration/", "/administration/comptes/utilisateur/", "/medias/x", "/introuvable/", "/comptesx/", "/territoires/x",
]  # fmt: skip
ROLES = ["agent", "moderatrice", "elue", "administratrice"]


@pytest.fixture
def exige(settings):
    settings.DOUBLE_FACTEUR_EXIGE = True


@pytest.mark.une_fois("le même intergiciel renvoie de chaque page, avant toute requête de la page")
@pytest.mark.parametrize("chemin", FAMILLES)
@pytest.mark.parametrize("role", ROLES)
def test_sans_second_facteur_la_maison_n_ouvre_aucune_page(client, exige, role, chemin):
    client.force_login(PersonneFabrique(roles=[role]))
    for reponse in (client.get(chemin), client.post(chemin)):
        assert (reponse.status_code, reponse.headers.get("Location")) == (302, "/comptes/2fa/"), chemin
    assert "double authentification" in client.get("/comptes/2fa/").content.decode()


@pytest.fixture
def menee_par():
    """What somebody without any global role does in one projet only."""

    def nommer(part):
        personne = PersonneFabrique()
        if part == "referente":
            ProjetFabrique(referente=personne)
        else:
            ProjetFabrique().roles.create(personne=personne, role=part)
        return personne

    return nommer


@pytest.mark.parametrize("part", ["referente", "elue"])
def test_qui_conduit_ou_signe_dans_un_seul_projet_n_y_echappe_pas(client, exige, menee_par, part):
    client.force_login(menee_par(part))
    for chemin in ("/", "/bureau/signatures/", "/mon-profil/"):
        assert client.get(chemin).headers.get("Location") == "/comptes/2fa/"
    assert client.get("/api/v1/moi/").status_code == 403


def test_une_experte_donne_son_avis_sans(client, exige, menee_par):
    client.force_login(menee_par("experte"))
    assert client.get("/mon-profil/").status_code == 200


@pytest.mark.parametrize("part", ["referente", "elue"])
def test_sa_session_finit_aussi_avec_la_journee(client, menee_par, part):
    entrer(client, menee_par(part))
    assert middleware.CLE_JOURNEE in client.session


def test_en_attendant_on_choisit_sa_langue_et_son_apparence(client, exige, agent):
    client.force_login(agent)
    for nom in ("apparence", "set_language"):
        assert (
            client.post(reverse(nom), {"theme": "sombre", "language": "en"}).headers.get("Location") != "/comptes/2fa/"
        )


def test_le_statut_technique_seul_suffit_a_l_exiger(client, exige):
    client.force_login(PersonneFabrique(is_staff=True))
    assert client.get("/administration/")["Location"] == "/comptes/2fa/"


@pytest.mark.parametrize("chemin", ["/api/", "/api/idees/", "/api/n-existe-pas/"])
@pytest.mark.parametrize("methode", ["get", "post", "delete"])
def test_l_api_repond_403_en_json(client, exige, agent, chemin, methode):
    client.force_login(agent)
    reponse = getattr(client, methode)(chemin)
    assert reponse.status_code == 403
    assert "double authentification" in reponse.json()["detail"]


def test_un_fragment_htmx_emmene_toute_la_page(client, exige, agent):
    client.force_login(agent)
    reponse = client.get("/idees/", headers={"HX-Request": "true"})
    assert reponse.headers["HX-Redirect"] == "/comptes/2fa/"


def test_les_codes_de_secours_seuls_ne_sont_pas_un_second_facteur(client, exige, agent):
    Authenticator.objects.create(user=agent, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(agent)
    assert client.get("/mon-profil/")["Location"] == "/comptes/2fa/"


def test_avec_un_second_facteur_tout_s_ouvre(client, exige, administratrice):
    client.force_login(installer(administratrice))
    assert client.get("/mon-profil/").status_code == 200
    assert client.get("/administration/").status_code == 200


def test_une_citoyenne_n_en_a_pas_besoin_et_la_demonstration_non_plus(client, settings, citoyenne, agent):
    settings.DOUBLE_FACTEUR_EXIGE = True
    client.force_login(citoyenne)
    assert client.get("/mon-profil/").status_code == 200
    settings.DOUBLE_FACTEUR_EXIGE = False
    client.force_login(agent)
    assert client.get("/mon-profil/").status_code == 200


def test_un_role_donne_en_cours_de_session_compte_a_la_page_suivante(client, exige, citoyenne):
    client.force_login(citoyenne)
    citoyenne.roles_globaux.create(role="agent")
    assert client.get("/mon-profil/")["Location"] == "/comptes/2fa/"


def test_l_administration_passe_par_la_porte_du_site(client):
    reponse = client.get("/administration/login/?next=/administration/")
    assert reponse["Location"] == "/comptes/login/?next=%2Fadministration%2F"


# --- A working day -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("absences", "ouverte"),
    [
        ([middleware.SILENCE - 60], True),
        ([middleware.SILENCE + 60], False),
        ([3600] * 11, True),
        ([3600] * 13, False),
    ],
    ids=["pause", "longue absence", "onze heures de travail", "treize heures de travail"],
)
def test_la_session_de_la_maison_finit_avec_la_journee(client, agent, time_machine, absences, ouverte):
    time_machine.move_to("2026-11-23 07:00:00+01:00", tick=False)
    entrer(client, agent)
    for absence in absences:
        time_machine.shift(absence)
        reponse = client.get("/mon-profil/")
    assert (reponse.status_code == 200) is ouverte
    if not ouverte:
        assert reponse["Location"] == "/comptes/login/?next=%2Fmon-profil%2F"
        assert "Votre session est terminée" in client.get(reponse["Location"]).content.decode()


def test_celle_d_une_citoyenne_dure_deux_semaines(client, citoyenne, time_machine):
    time_machine.move_to("2026-11-23 07:00:00+01:00", tick=False)
    entrer(client, citoyenne, remember="on")
    assert client.get("/mon-profil/").status_code == 200
    time_machine.shift(13 * 24 * 3600)
    assert client.get("/mon-profil/").status_code == 200
    time_machine.shift(2 * 24 * 3600)
    assert client.get("/mon-profil/").status_code == 302
