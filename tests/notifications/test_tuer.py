"""`kill -9` at random moments, for real: another process, killed by the system, takes up where the dead one left."""

import os
import random
import signal
import time
import warnings
from datetime import timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections

from notifications import annonces, expedition
from notifications.models import Courriel, Notification
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ServiceFabrique
from timeline.etapes import franchir
from timeline.models import Relais

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TOURS_MAX = 60


def tuer_en_travaillant(travail, reste) -> int:
    """Start `travail` in a child, kill it, again until nothing is left; how many were killed.

    Each is left a little more time than the last: on a slow machine the first ones die before they begin.
    """
    tues = 0
    for tour in range(TOURS_MAX):
        if not reste():
            return tues
        connections.close_all()  # a connection has one owner
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # fork, in a process that once had threads
            enfant = os.fork()
        if not enfant:
            try:
                travail()
            finally:
                os._exit(0)
        time.sleep(random.uniform(0.02, 0.1 + 0.02 * tour))
        os.kill(enfant, signal.SIGKILL)
        _pid, statut = os.waitpid(enfant, 0)
        tues += os.WIFSIGNALED(statut)
    pytest.fail("the work never ends")


def test_annoncer_sous_les_coups(citoyenne, agent):
    boite = BoiteFabrique(service=ServiceFabrique(courriel="parcs@exemple.fr"))
    idees = [IdeeFabrique(boite=boite, auteur=citoyenne, etat="publiee") for _ in range(15)]
    PersonneFabrique.create_batch(3, roles=["agent"])
    Relais.objects.all().delete()
    entrees = [franchir(idee.prendre, par=agent, service=boite.service) for idee in idees]
    annonces.annoncer(entrees[0].pk)  # here, so that the children find the templates and the addresses loaded

    def travail():
        for pk in Relais.objects.order_by("pk").values_list("entree", flat=True):
            annonces.annoncer(pk)

    tues = tuer_en_travaillant(travail, Relais.objects.exists)
    assert tues > 0
    for entree in entrees:
        cloches = list(Notification.objects.filter(entree=entree).values_list("personne", flat=True))
        assert len(cloches) == len(set(cloches)) >= 4  # the author and the agents, the actor apart
        ecrits = Courriel.objects.filter(cle__startswith=f"entree:{entree.pk}:")
        courriels = list(ecrits.values_list("destinataire", flat=True))
        assert len(courriels) == len(set(courriels)) == len(cloches) + 1


class Registre(BaseEmailBackend):
    """A server in a file: what it accepted survives whoever sent it."""

    chemin = ""

    def send_messages(self, messages):
        for message in messages:
            with open(self.chemin, "a") as fichier:
                fichier.write(message.message()["Message-ID"] + "\n")
        return len(messages)


def test_envoyer_sous_les_coups(settings, tmp_path, monkeypatch):
    settings.COURRIEL_TRANSPORT = f"{__name__}.Registre"
    monkeypatch.setattr(Registre, "chemin", str(tmp_path / "recus"))
    monkeypatch.setattr(expedition, "BAIL", timedelta(seconds=-1))  # over at once: nobody waits five minutes here
    monkeypatch.setattr(Courriel, "ESSAIS_MAX", 1000)
    Courriel.objects.bulk_create(
        [Courriel(destinataire=f"n{n}@exemple.fr", objet="Bonjour", texte="Texte.") for n in range(60)]
    )

    tues = tuer_en_travaillant(expedition.envoyer, Courriel.objects.filter(etat="en_attente").exists)
    recus = (tmp_path / "recus").read_text().splitlines()
    assert not Courriel.objects.exclude(etat="envoye").exists()
    assert len(set(recus)) == 60, "each mail has left"
    assert len(recus) - 60 <= tues, "one killed may send its last mail again, under the same Message-ID"
