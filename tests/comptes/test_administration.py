import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.management import call_command
from django.test import Client

from comptes.models import Role, Utilisateur
from tests.comptes.gestes import entrer, est_connecte
from tests.fabriques import PersonneFabrique

pytestmark = pytest.mark.django_db
LISTE = "/administration/comptes/utilisateur/"


def test_creer_la_premiere_administratrice(client, monkeypatch):
    """From a shell, with no mail server: she enters at once, in every office."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "une phrase pour commencer")
    call_command("createsuperuser", "--noinput", email="Ada@Exemple.fr", pseudonyme="Ada")
    ada = Utilisateur.objects.get()
    assert (ada.email, ada.is_staff, ada.is_superuser, ada.est_administratrice) == ("ada@exemple.fr", True, True, True)
    entrer(client, ada, "une phrase pour commencer")
    assert est_connecte(client)
    assert client.get("/administration/").status_code == 200


def test_deux_superutilisatrices_ne_partagent_pas_un_pseudonyme(citoyenne):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Utilisateur.objects.create_superuser("autre@exemple.fr", "camille exemple", "x")
    assert not Utilisateur.objects.filter(email="autre@exemple.fr").exists()


def remplir(client, personne, **choisis):
    """The form of the account as a browser without JavaScript would send it: its fields, and the lines left untouched."""
    page = client.get(f"{LISTE}{personne.pk}/change/")
    formulaires = [page.context["adminform"].form]
    for groupe in page.context["inline_admin_formsets"]:
        formulaires += [groupe.formset.management_form, *groupe.formset.forms]
    champs = {f.add_prefix(nom): f[nom].value() for f in formulaires for nom in f.fields}
    champs = {nom: valeur for nom, valeur in champs.items() if valeur is not None and valeur is not False}
    return client.post(f"{LISTE}{personne.pk}/change/", champs | choisis)


def test_donner_un_role_sans_javascript(client, administratrice, citoyenne):
    client.force_login(administratrice)
    assert remplir(client, citoyenne, **{"roles_globaux-0-role": Role.Nom.AGENT}).status_code == 302
    assert Utilisateur.objects.get(pk=citoyenne.pk).est_agent


def test_une_ligne_laissee_vide_ne_donne_ni_role_ni_mandat(client, administratrice, citoyenne):
    client.force_login(administratrice)
    assert remplir(client, citoyenne, pseudonyme="Un autre nom").status_code == 302
    citoyenne.refresh_from_db()
    assert citoyenne.pseudonyme == "Un autre nom"
    assert (citoyenne.roles_globaux.count(), citoyenne.mandats.count()) == (0, 0)


def test_un_compte_ne_s_ajoute_ni_ne_se_supprime(client, administratrice, citoyenne):
    client.force_login(administratrice)
    assert client.get(f"{LISTE}add/").status_code == 403
    assert client.post(f"{LISTE}{citoyenne.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LISTE, {"action": "delete_selected", "_selected_action": citoyenne.pk, "post": "yes"})
    assert Utilisateur.objects.filter(pk=citoyenne.pk).exists()


def test_effacer_a_la_demande_de_la_personne(client, administratrice, citoyenne, agent):
    """Somebody wrote by post: the administration erases, after a confirmation; a role protects itself."""
    client.force_login(administratrice)
    choix = {"action": "effacer_les_comptes", "_selected_action": [citoyenne.pk, agent.pk]}
    page = client.post(LISTE, choix)
    assert "Rien ne les ramène" in page.content.decode()
    citoyenne.refresh_from_db()
    assert citoyenne.is_active
    page = client.post(LISTE, {**choix, "confirmer": "1"}, follow=True).content.decode()
    assert "1 compte est effacé." in page
    assert "Alix Agent : Votre compte agit" in page
    citoyenne.refresh_from_db()
    assert citoyenne.pseudonyme == f"Participant effacé {citoyenne.pk}"
    # What is erased cannot be written again.
    assert client.post(f"{LISTE}{citoyenne.pk}/change/", {"pseudonyme": "Revenante"}).status_code == 403


@pytest.mark.parametrize("qui", ["citoyenne", "agent", "moderatrice", "elue"])
def test_personne_d_autre_n_entre(client, request, qui):
    client.force_login(request.getfixturevalue(qui))
    assert client.get(LISTE, follow=True).status_code == 403


def test_la_liste_demande_autant_de_requetes_pour_cinquante(client, administratrice, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(administratrice)
    client.get(LISTE)
    with CaptureQueriesContext(connection) as peu:
        client.get(LISTE)
    PersonneFabrique.create_batch(50)
    with django_assert_num_queries(len(peu)):
        client.get(LISTE)


# --- What opens an account -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    ["account/emailaddress", "mfa/authenticator", "socialaccount/socialaccount", "usersessions/usersession"],
)
def test_rien_de_ce_qui_ouvre_un_compte_ne_s_ecrit_par_l_administration(client, administratrice, page):
    client.force_login(administratrice)
    assert client.get(f"/administration/{page}/").status_code == 404
    assert page.partition("/")[0] not in {
        app["app_label"] for app in client.get("/administration/").context["app_list"]
    }


def changer(client, personne, adresse, **champs):
    choix = {"action": "changer_l_adresse", "_selected_action": [personne.pk], "adresse": adresse, **champs}
    return client.post(LISTE, choix, follow=True)


def test_changer_l_adresse_ecrit_a_l_ancienne_et_demande_la_preuve_de_la_nouvelle(client, administratrice, elue):
    client.force_login(administratrice)
    ancienne, ailleurs = elue.email, Client()
    entrer(ailleurs, elue)
    assert "Changer l’adresse, et le dire" in changer(client, elue, "").content.decode()
    assert not mail.outbox

    page = changer(client, elue, "Neuve@exemple.fr", raison="Elle a changé de nom.", confirmer="1").content.decode()

    assert "L’adresse est changée." in page
    elue.refresh_from_db()
    assert elue.email == "neuve@exemple.fr"
    assert list(elue.emailaddress_set.values_list("email", "primary", "verified")) == [(elue.email, True, False)]
    avis, preuve = mail.outbox
    assert (avis.to, preuve.to) == ([ancienne], [elue.email])
    assert "neuve@exemple.fr" in avis.body and "Elle a changé de nom." in avis.body
    trace = LogEntry.objects.get(object_id=str(elue.pk))
    assert (trace.user, "Elle a changé de nom." in trace.change_message) == (administratrice, True)
    assert ancienne not in trace.change_message
    assert ailleurs.get("/mon-espace/").status_code == 302  # her sessions are over
    entrer(client_neuf := Client(), elue)
    assert not est_connecte(client_neuf)  # nobody enters with an address that nobody proved


@pytest.mark.parametrize("champs", [{}, {"raison": ""}])
def test_sans_raison_rien_ne_change(client, administratrice, elue, champs):
    client.force_login(administratrice)
    ancienne = elue.email
    changer(client, elue, "neuve@exemple.fr", confirmer="1", **champs)
    elue.refresh_from_db()
    assert elue.email == ancienne and not mail.outbox


def test_ni_l_adresse_de_quelqu_un_ni_la_meme(client, administratrice, elue, citoyenne):
    client.force_login(administratrice)
    prise = changer(client, elue, citoyenne.email.upper(), raison="x", confirmer="1").content.decode()
    assert "celle d’un autre compte" in prise
    assert "déjà l’adresse" in changer(client, elue, elue.email, raison="x", confirmer="1").content.decode()
    assert not mail.outbox and not LogEntry.objects.exists()


def test_un_acces_technique_sans_le_role_ne_change_aucune_adresse(client, elue):
    from django.contrib.auth.models import Permission

    technique = PersonneFabrique(is_staff=True)
    technique.user_permissions.set(Permission.objects.filter(content_type__app_label="comptes"))
    client.force_login(technique)
    assert changer(client, elue, "neuve@exemple.fr", raison="x", confirmer="1").status_code == 403
