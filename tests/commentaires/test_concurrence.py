"""Several hands at once, each with its own connection: one row, whoever is faster."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from commentaires.actions import approuver, commenter, ne_plus_approuver
from commentaires.models import Accord, Commentaire
from tests.fabriques import IdeeFabrique, PersonneFabrique
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db(transaction=True)
MAINS = 8


def ensemble(*gestes):
    """Run every gesture in its own thread, all released together; their answers, errors included, in order."""
    depart = threading.Barrier(len(gestes))

    def faire(geste):
        try:
            depart.wait(20)
            return geste()
        except Exception as erreur:
            return erreur
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(faire, gestes))


@pytest.fixture
def commentaire():
    return commenter(IdeeFabrique(etat="publiee"), par=PersonneFabrique(), texte="Des bancs à l’ombre.")


def test_huit_fois_d_accord_d_un_coup_font_un_accord(commentaire):
    voisin = PersonneFabrique()
    reponses = ensemble(*[lambda: approuver(Commentaire.objects.get(pk=commentaire.pk), par=voisin)] * MAINS)
    assert sorted(map(str, reponses)) == ["False"] * (MAINS - 1) + ["True"]
    assert Accord.objects.count() == 1


def test_huit_personnes_d_accord_d_un_coup_comptent_toutes(commentaire):
    voisins = [PersonneFabrique() for _ in range(MAINS)]
    gestes = [lambda v=v: approuver(Commentaire.objects.get(pk=commentaire.pk), par=v) for v in voisins]
    assert ensemble(*gestes) == [True] * MAINS
    assert Accord.objects.count() == MAINS


def test_donner_et_reprendre_en_meme_temps_ne_casse_rien(commentaire):
    voisin = PersonneFabrique()
    alternes = (approuver, ne_plus_approuver) * 4
    gestes = [lambda g=g: g(Commentaire.objects.get(pk=commentaire.pk), par=voisin) for g in alternes]
    assert all(isinstance(reponse, bool) for reponse in ensemble(*gestes))
    assert Accord.objects.count() in {0, 1}


def test_le_meme_commentaire_envoye_huit_fois_d_un_coup_est_ecrit_une_fois(commentaire):
    voisin, idee = PersonneFabrique(), commentaire.cible
    reponses = ensemble(*[lambda: commenter(idee, par=voisin, texte="Je suis pour.").pk] * MAINS)
    assert len(set(reponses)) == 1
    assert Commentaire.objects.filter(auteur=voisin).count() == 1
    assert Entree.objects.filter(type="commentaires.publier").count() == 2
    assert verifier()[1] is None


def test_la_limite_tient_quand_tout_part_d_un_coup(commentaire):
    voisin, idee = PersonneFabrique(), commentaire.cible
    for n in range(6):
        commenter(idee, par=voisin, texte=f"Commentaire {n}.")
    reponses = ensemble(*[lambda n=n: commenter(idee, par=voisin, texte=f"D’un coup {n}.").pk for n in range(MAINS)])
    assert sum(isinstance(reponse, int) for reponse in reponses) == 4
    assert {type(reponse).__name__ for reponse in reponses} == {"int", "TropVite"}
    assert Commentaire.objects.filter(auteur=voisin).count() == 10
