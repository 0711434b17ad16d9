"""Closing an account: nothing personal remains, and nothing public breaks."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from comptes import effacement
from comptes.effacement import EffacementImpossible, effacer, oublier_inscriptions_abandonnees
from comptes.models import Utilisateur
from idees.models import Idee, Photo, Soutien
from notifications.models import Abonnement, Courriel, Genre, Notification, Preference
from tests.comptes.gestes import entrer, inscrire, lien
from tests.fabriques import (
    MOT_DE_PASSE,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    publier_reponse,
)
from timeline.etapes import franchir, raison
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db
CANARIS = ("canari-7413@exemple.fr", "Canari Jaune")


@pytest.fixture
def partante(client, commune_de_nantes):
    """Somebody who has used everything: idea, support, follow, bell, mails, sessions, second factor, other account."""
    adresse, pseudonyme = CANARIS
    personne = PersonneFabrique(email=adresse, pseudonyme=pseudonyme, commune=commune_de_nantes, annee_naissance=1971)
    idee = IdeeFabrique(auteur=personne, etat="publiee")
    autre = IdeeFabrique(etat="publiee")
    Soutien.objects.create(idee=autre, personne=personne)
    Abonnement.objects.create(personne=personne, cible=autre)
    Notification.objects.create(personne=personne, entree=Entree.objects.first())
    Preference.objects.create(personne=personne, genre=Genre.values[0], par_courriel=False)
    Courriel.objects.create(destinataire=adresse, objet=f"Bonjour {pseudonyme}", texte=adresse)
    personne.socialaccount_set.create(provider="franceconnect", uid="canari-fc")
    TOTP.activate(personne, "A" * 32)
    from django.contrib.admin.models import CHANGE, LogEntry

    LogEntry.objects.create(
        user=PersonneFabrique(roles=["administratrice"]),
        content_type=ContentType.objects.get_for_model(Utilisateur),
        object_id=str(personne.pk),
        object_repr=pseudonyme,
        action_flag=CHANGE,
    )
    Authenticator.objects.all().delete()  # signs in with the password alone below
    entrer(client, personne)
    TOTP.activate(personne, "A" * 32)
    personne.idee = idee
    return personne


@pytest.fixture
def commune_de_nantes():
    from territoires.models import Territoire

    return Territoire.objects.create(genre="commune", code="44109", nom="Nantes", slug="nantes")


def confirmer(client):
    Authenticator.objects.all().delete()
    client.post("/comptes/reauthenticate/", {"password": MOT_DE_PASSE})


def toute_la_base() -> str:
    """Every column of every row, sessions decoded."""
    lignes = [str(ligne) for modele in apps.get_models() for ligne in modele._base_manager.values_list()]
    return "\n".join([*lignes, *(str(session.get_decoded()) for session in Session.objects.all())])


def test_la_page_dit_ce_qui_part_et_ce_qui_reste(client, partante):
    confirmer(client)
    page = client.get("/mon-profil/effacer/").content.decode()
    assert "Ce qui est effacé, tout de suite" in page
    assert "Participant effacé" in page


def test_il_faut_confirmer_qui_l_on_est_et_cocher(client, citoyenne):
    entrer(client, citoyenne)
    reponse = client.post("/mon-profil/effacer/", {"compris": "on"})
    assert reponse["Location"] == "/comptes/reauthenticate/?next=%2Fmon-profil%2Feffacer%2F"
    confirmer(client)
    assert client.post("/mon-profil/effacer/", {}).status_code == 422
    citoyenne.refresh_from_db()
    assert citoyenne.is_active


def test_plus_rien_de_personnel_et_le_journal_se_verifie(client, autre_navigateur, partante):
    entrees = Entree.objects.filter(par=partante).count()
    assert entrees > 0
    lues, rupture = verifier()
    assert rupture is None
    assert all(canari in toute_la_base() for canari in CANARIS)
    confirmer(client)

    reponse = client.post("/mon-profil/effacer/", {"compris": "on"})

    assert reponse["Location"] == "/"
    base = toute_la_base()
    for canari in (*CANARIS, "canari", MOT_DE_PASSE):
        assert canari not in base, canari
    assert not re.search(r"(?<![0-9a-f-])1971(?![0-9a-f])", base), "her year; four figures of a fingerprint are not it"
    assert verifier() == (lues, None)
    call_command("verifier_journal")
    assert not Entree.objects.filter(par=partante).exists()
    assert Entree.objects.filter(par_reference=str(partante.reference)).count() == entrees
    personne = Utilisateur.objects.get(pk=partante.pk)
    assert (personne.pseudonyme, personne.is_active, personne.commune) == (
        f"Participant effacé {partante.pk}",
        False,
        None,
    )
    assert personne.email.endswith("@efface.invalid")
    assert not personne.has_usable_password()
    # What she gave stays.
    assert Idee.objects.get(pk=partante.idee.pk).auteur == personne
    assert Soutien.objects.filter(personne=personne).count() == 1
    # Nobody enters any more, from anywhere.
    assert client.get("/mon-profil/").status_code == 302
    entrer(autre_navigateur, partante)
    assert "_auth_user_id" not in autre_navigateur.session


def test_son_idee_est_signee_participant_efface(client, partante):
    effacer(partante)
    page = client.get(partante.idee.get_absolute_url()).content.decode()
    assert f"Participant effacé {partante.pk}" in page
    assert CANARIS[1] not in page


def test_ses_brouillons_et_ses_roles_partent_ce_qu_elle_a_envoye_reste(citoyenne, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    brouillon, envoyee = IdeeFabrique(auteur=citoyenne), IdeeFabrique(auteur=citoyenne, etat="publiee")
    photo = Photo(idee=brouillon, alternative="Un banc", largeur=1, hauteur=1)
    photo.fichier.save("banc.webp", ContentFile(b"x"), save=False)
    photo.vignette.save("banc-v.webp", ContentFile(b"x"))
    ProjetFabrique().roles.create(personne=citoyenne, role="experte")
    with TestCase.captureOnCommitCallbacks(execute=True):
        effacer(citoyenne)
    assert list(Idee.objects.filter(auteur=citoyenne)) == [envoyee]
    assert not list(tmp_path.rglob("*.webp"))
    assert not citoyenne.roles_projets.exists()


def test_qui_est_parti_n_est_pas_la_plateforme(citoyenne):
    """« Somebody was faster » names a person, the house, or somebody who has left."""
    idee = IdeeFabrique(auteur=citoyenne, etat="publiee")
    franchir(idee.retirer, par=citoyenne, motif="J’ai changé d’avis.")
    assert "Camille Exemple a agi ici" in raison(idee)
    effacer(citoyenne)
    assert "un participant effacé a agi ici" in raison(idee)


def test_les_autres_appareils_sont_fermes(client, autre_navigateur, citoyenne):
    entrer(client, citoyenne)
    entrer(autre_navigateur, citoyenne)
    confirmer(client)
    client.post("/mon-profil/effacer/", {"compris": "on"})
    assert autre_navigateur.get("/mon-profil/").status_code == 302
    assert "Votre compte est effacé." in client.get("/comptes/login/").content.decode()


def test_l_adresse_et_le_pseudonyme_servent_a_nouveau(client, citoyenne):
    adresse = citoyenne.email
    effacer(citoyenne)
    inscrire(client, email=adresse, pseudonyme="Camille Exemple")
    assert Utilisateur.objects.filter(email=adresse, pseudonyme="Camille Exemple").exists()


def test_deux_comptes_effaces_vivent_cote_a_cote(citoyenne, voisin):
    effacer(citoyenne)
    effacer(voisin)
    assert Utilisateur.objects.values("pseudonyme_cle").distinct().count() == 2


def test_une_elue_qui_a_signe_ne_s_efface_pas_seule(client, elue):
    publier_reponse(IdeeFabrique(etat="en_etude"), elue=elue)
    elue.roles_globaux.all().delete()
    entrer(client, elue)
    confirmer(client)
    reponse = client.post("/mon-profil/effacer/", {"compris": "on"})
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "réponses officielles" in page
    assert "Vous ne pouvez pas effacer ce compte vous-même." in page
    elue.refresh_from_db()
    assert elue.pseudonyme == "Élue Fictive"


def test_un_referent_de_projet_non_plus():
    referente = ProjetFabrique().referente
    referente.roles_globaux.all().delete()
    with pytest.raises(EffacementImpossible, match="projets"):
        effacer(Utilisateur.objects.get(pk=referente.pk))


@pytest.mark.parametrize("qui", ["agent", "moderatrice", "elue", "administratrice"])
def test_un_role_se_retire_d_abord(request, qui):
    personne = request.getfixturevalue(qui)
    with pytest.raises(EffacementImpossible, match="au nom de la collectivité"):
        effacer(personne)
    assert Utilisateur.objects.get(pk=personne.pk).is_active


def test_une_app_qui_n_arrive_pas_a_oublier_arrete_tout(citoyenne, monkeypatch):
    def tomber(personne):
        raise RuntimeError("panne")

    monkeypatch.setattr(effacement, "_oublis", [*effacement._oublis, tomber])
    with pytest.raises(RuntimeError):
        effacer(citoyenne)
    citoyenne.refresh_from_db()
    assert citoyenne.is_active
    assert citoyenne.emailaddress_set.count() == 1


def test_une_entree_ecrite_juste_apres_se_verifie_encore(citoyenne):
    """Her other tab was taking an idea back: it still holds the person as she was, and its entry lands last."""
    idee = IdeeFabrique(auteur=citoyenne, etat="publiee")
    effacer(citoyenne)
    franchir(idee.retirer, par=citoyenne, motif="J’ai changé d’avis.")
    assert Entree.objects.filter(par=citoyenne).count() == 1
    assert verifier()[1] is None


def test_les_inscriptions_jamais_confirmees_sont_oubliees(client, autre_navigateur, voisin):
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        inscrire(client)
        inscrire(client, email="confirmee@exemple.fr", pseudonyme="Confirmée")
        client.post(lien())
    inscrire(autre_navigateur, email="hier@exemple.fr", pseudonyme="Hier")
    assert oublier_inscriptions_abandonnees() == 1
    assert set(Utilisateur.objects.values_list("pseudonyme", flat=True)) == {"Sacha Voisin", "Confirmée", "Hier"}


def test_les_sessions_finies_sont_oubliees(client, autre_navigateur, citoyenne, voisin):
    with time_machine.travel(timezone.now() - timedelta(days=15), tick=False):
        entrer(client, citoyenne)
    entrer(autre_navigateur, voisin)
    assert effacement.oublier_sessions_finies() == 1
    assert [s.user for s in UserSession.objects.all()] == [voisin]
    assert autre_navigateur.get("/mon-profil/").status_code == 200
