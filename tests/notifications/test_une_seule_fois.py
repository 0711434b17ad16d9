"""Told once, whatever is killed and when; and in a number of queries that does not depend on how many are told."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications import annonces, registre
from notifications.models import Courriel, Notification, Preference
from notifications.tasks import annoncer, rattraper, reveiller
from tests.fabriques import PersonneFabrique, SoutienFabrique
from tests.notifications.conftest import dire
from timeline.etapes import franchir
from timeline.models import Relais


class Mort(BaseException):
    """The process is gone: nothing catches this."""


@pytest.fixture
def entree(scene):
    return franchir(scene.idee.prendre, par=scene.agent, service=scene.service)


def effets() -> tuple[int, int, int]:
    return Notification.objects.count(), Courriel.objects.count(), Relais.objects.count()


TUER = [
    ("notifications.annonces.registre.annonces_de", "before anything"),
    ("notifications.annonces._lettre", "while the mail is written"),
    ("notifications.annonces.Notification.objects.bulk_create", "before the bells"),
    ("notifications.annonces.Courriel.objects.bulk_create", "between the bells and the mails"),
    ("notifications.annonces._dire_aux_adresses", "between people and addresses"),
    ("notifications.annonces.Relais.delete", "before the relay row goes"),
    ("notifications.annonces.reveiller_l_expedition", "after everything, before the commit"),
]


@pytest.mark.parametrize("ou", [ou for ou, _quand in TUER], ids=[quand for _ou, quand in TUER])
def test_tuer_puis_reprendre(scene, entree, ou, monkeypatch):
    def mourir(*args, **kwargs):
        raise Mort

    with monkeypatch.context() as blessure:
        blessure.setattr(ou, mourir)
        with pytest.raises(Mort), transaction.atomic():
            annonces.annoncer(entree.pk)
    assert effets() == (0, 0, 1)

    annonces.annoncer(entree.pk)
    assert effets() == (3, 4, 0)
    annonces.annoncer(entree.pk)
    assert effets() == (3, 4, 0)


def test_la_tache_perdue_est_rattrapee(scene, entree):
    """The first beats find it once it is old enough that its task should have run."""
    assert rattraper() == 0
    Relais.objects.update(cree_le=timezone.now() - timedelta(seconds=3))
    assert rattraper() == 1
    assert effets() == (3, 4, 0)
    assert rattraper() == 0


def test_ce_que_personne_n_annonce_ne_s_entasse_pas(scene):
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    dire()
    from reponses.actions import rediger

    reponse = rediger(scene.idee, par=scene.agent, sens="no_go", motif="cout", texte="Non.", alternative="Le marché.")
    franchir(reponse.consulter, par=scene.agent, services=[scene.service], attendu_le=timezone.localdate())
    entree = franchir(reponse.reprendre, par=scene.agent)
    assert not registre.est_annonce(entree.type)

    Relais.objects.update(cree_le=timezone.now() - timedelta(seconds=3))
    rattraper()
    assert not Relais.objects.exists()


def test_une_annonce_qui_echoue_n_arrete_pas_les_autres(scene, entree, monkeypatch, caplog):
    autre = franchir(_une_autre(scene).prendre, par=scene.agent, service=scene.service)
    Relais.objects.update(cree_le=timezone.now() - timedelta(seconds=3))
    vraie = annonces.annoncer

    def casser(pk):
        if pk == entree.pk:
            raise RuntimeError("gabarit cassé")
        return vraie(pk)

    monkeypatch.setattr(annonces, "annoncer", casser)
    rattraper()
    assert Relais.objects.get().entree_id == entree.pk
    assert Notification.objects.filter(entree=autre).exists()
    assert "gabarit cassé" in caplog.text


def _une_autre(scene):
    from tests.fabriques import IdeeFabrique

    return IdeeFabrique(boite=scene.idee.boite, etat="publiee")


def test_le_signal_reveille_la_tache_apres_le_commit(scene, django_capture_on_commit_callbacks, monkeypatch):
    reveils = []
    monkeypatch.setattr("notifications.tasks.reveiller", lambda tache, *arguments: reveils.append((tache, arguments)))
    with django_capture_on_commit_callbacks(execute=True):
        entree = franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
        assert reveils == []
    assert (annoncer, (entree.pk,)) in reveils


def test_une_file_en_panne_ne_gene_personne(scene, monkeypatch, caplog):
    """Redis away: the page goes on, the row waits for the beat."""

    def en_panne(self, *args):
        raise ConnectionError("Redis est parti")

    monkeypatch.setattr(type(annoncer), "enqueue", en_panne)
    reveiller(annoncer, 1)
    assert "attendra le prochain battement" in caplog.text


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_ouvriers_a_la_fois(citoyenne, agent):
    """Both take the same entry at the same moment: one tells it, the other leaves at once."""
    from tests.fabriques import IdeeFabrique

    idee = IdeeFabrique(auteur=citoyenne, etat="publiee")
    Relais.objects.all().delete()
    entree = franchir(idee.prendre, par=agent, service=idee.boite.service)
    dans_la_place, suite, ecrits = threading.Event(), threading.Event(), []
    vraie = registre.annonces_de

    def lente(entree):
        dans_la_place.set()
        assert suite.wait(10)
        return vraie(entree)

    def premier():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(annonces.registre, "annonces_de", lente)
            ecrits.append(annonces.annoncer(entree.pk))
        connection.close()

    fil = threading.Thread(target=premier)
    fil.start()
    assert dans_la_place.wait(10)
    ecrits.append(annonces.annoncer(entree.pk))
    suite.set()
    fil.join(10)

    assert ecrits[0] == 0
    assert ecrits[1] > 0
    assert Notification.objects.filter(entree=entree, personne=citoyenne).count() == 1
    assert not Relais.objects.exists()


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_gens(scene):
    def requetes(abonnees: int) -> int:
        SoutienFabrique.create_batch(abonnees, idee=scene.idee)
        Notification.objects.all().delete()
        Courriel.objects.all().delete()
        Relais.objects.get_or_create(entree=entree)
        with CaptureQueriesContext(connection) as capture:
            annonces.annoncer(entree.pk)
        return len(capture)

    entree = franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    une = requetes(1)
    assert requetes(50) == une
    assert Notification.objects.count() == 54
    assert une <= 30


def test_les_preferences(scene):
    """The bell rings all the same; the rights of a person do not depend on her preferences."""
    Preference.objects.create(personne=scene.soutien, genre="suivi", par_courriel=False)
    Preference.objects.create(personne=scene.abonnee, genre="suivi", par_courriel=True)
    Preference.objects.create(personne=scene.auteur, genre="mes_contributions", par_courriel=False)
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    dire()
    assert scene.courriels().keys() == {"abonnee", "parcs@exemple.fr"}
    assert scene.cloche() == {"auteur", "soutien", "abonnee"}

    from moderation.actions import masquer

    masquer(scene.idee, par=scene.moderatrice, motif="publicite", explication="Ceci est une publicité.")
    dire()
    assert "auteur" in scene.courriels()


def test_un_courriel_par_heure_pour_la_moderation(scene):
    from tests.notifications.test_qui_recoit_quoi import soumettre

    with time_machine.travel(timezone.now().replace(minute=30), tick=True):
        soumettre(scene)
        soumettre(scene)
        dire()
    assert len(scene.courriels()["moderatrice"]) == 1
    assert Notification.objects.filter(personne=scene.moderatrice).count() == 2


def test_la_langue_de_chacune(scene):
    scene.soutien.langue = "en"
    scene.soutien.save()
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    dire()
    html = dict(Courriel.objects.filter(personne__isnull=False).values_list("personne__pseudonyme", "html"))
    assert '<html lang="en">' in html[scene.soutien.pseudonyme]
    assert '<html lang="fr">' in html[scene.abonnee.pseudonyme]


def test_une_adresse_libre_n_est_jamais_noyee(scene, monkeypatch):
    """Anybody can type any address in the form of a report."""
    from django.contrib.auth.models import AnonymousUser

    from moderation.actions import signaler
    from tests.fabriques import IdeeFabrique

    monkeypatch.setattr(annonces, "ADRESSE_LIBRE_PAR_JOUR", 2)
    for _n in range(4):
        idee = IdeeFabrique(boite=scene.idee.boite, etat="publiee")
        signaler(idee, par=AnonymousUser(), motif="injure", courriel="victime@exemple.fr")
    dire()
    assert Courriel.objects.filter(destinataire="victime@exemple.fr").count() == 2


def test_personne_ne_recoit_deux_fois_la_meme_nouvelle(scene):
    """Author of the idea, agent in charge and follower at once: told in the words of the first circle only."""
    from notifications.abonnements import abonner

    double = PersonneFabrique(roles=["agent"])
    abonner(double, scene.idee)
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    dire()
    assert Notification.objects.filter(personne=double).count() == 1
    assert Courriel.objects.filter(personne=double).count() == 1
