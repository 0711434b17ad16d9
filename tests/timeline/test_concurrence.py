"""Two people at once, with real processes on the real database: one wins, one entry, the other reads why."""

import multiprocessing
import os

import pytest
from django.db import connection, connections

from idees.models import Idee, Soutien
from tests.fabriques import IdeeFabrique, PersonneFabrique
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db(transaction=True)
PRESSENT = 6  # processes at once


def _ensemble(geste, arguments):
    """Run `geste(*args)` for each args in its own process, all released together; their answers."""
    connections.close_all()  # a connection does not survive a fork
    contexte = multiprocessing.get_context("fork")
    barriere, file = contexte.Barrier(len(arguments)), contexte.Queue()

    def travailler(args):
        try:
            barriere.wait(20)
            file.put(geste(*args))
        except BaseException as erreur:
            file.put(f"{type(erreur).__name__}: {erreur}")
        finally:
            connections.close_all()
            file.close()
            file.join_thread()
            os._exit(0)

    processus = [contexte.Process(target=travailler, args=(a,)) for a in arguments]
    for p in processus:
        p.start()
    reponses = [file.get(timeout=60) for _ in processus]
    for p in processus:
        p.join(20)
    return reponses


@pytest.fixture(autouse=True)
def base_partagee():
    """SQLite's test database must be a file that other processes can open."""
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("base d'essai en mémoire : les autres processus ne la voient pas")


def _publier(idee_pk, personne_pk):
    from comptes.models import Utilisateur
    from timeline.etapes import EtapeImpossible, franchir

    try:
        franchir(Idee.objects.get(pk=idee_pk).publier, par=Utilisateur.objects.get(pk=personne_pk))
    except EtapeImpossible as refus:
        return str(refus)
    return "fait"


def test_une_seule_publie_les_autres_lisent_pourquoi():
    moderatrices = [PersonneFabrique(roles=["moderatrice"]) for _ in range(PRESSENT)]
    idee = IdeeFabrique(etat="a_moderer")
    reponses = _ensemble(_publier, [(idee.pk, m.pk) for m in moderatrices])
    assert reponses.count("fait") == 1
    gagnante = Entree.objects.get(type="idees.publier").par
    assert all(gagnante.pseudonyme in phrase for phrase in reponses if phrase != "fait")
    assert verifier()[1] is None


def _soutenir(idee_pk, personne_pk):
    from comptes.models import Utilisateur
    from idees.actions import soutenir
    from timeline.etapes import EtapeImpossible

    try:
        return soutenir(Idee.objects.get(pk=idee_pk), par=Utilisateur.objects.get(pk=personne_pk))
    except EtapeImpossible as refus:
        return str(refus)


def test_une_personne_compte_une_fois():
    idee, voisin = IdeeFabrique(etat="publiee"), PersonneFabrique()
    reponses = _ensemble(_soutenir, [(idee.pk, voisin.pk)] * PRESSENT)
    assert sorted(map(str, reponses)) == ["False"] * (PRESSENT - 1) + ["True"]
    assert Soutien.objects.filter(idee=idee).count() == 1


def test_le_dernier_soutien_lance_l_etude_une_fois():
    """Several people give the last support together: none is lost, and one study begins."""
    idee = IdeeFabrique(etat="publiee", boite__seuil_soutiens=PRESSENT)
    voisins = [PersonneFabrique() for _ in range(PRESSENT)]
    reponses = _ensemble(_soutenir, [(idee.pk, v.pk) for v in voisins])
    assert reponses == [True] * PRESSENT
    idee.refresh_from_db()
    assert (idee.etat, idee.soutiens.count(), idee.echeances.count()) == ("en_etude", PRESSENT, 1)
    assert Entree.objects.filter(type="idees.atteindre_seuil").count() == 1
    assert verifier()[1] is None
