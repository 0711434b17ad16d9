"""Giving and taking back at the same instant: the loser of the race starts again, a real refusal is passed on."""

import pytest
from django.db import IntegrityError, transaction

from idees.models import Soutien
from socle.lignes import ESSAIS, poser_une_fois
from tests.fabriques import IdeeFabrique, PersonneFabrique

pytestmark = pytest.mark.django_db


class Disputee:
    """A manager whose row was there for the writing, and gone for the reading, `fois` times."""

    def __init__(self, fois):
        self.fois, self.appels = fois, 0

    def get_or_create(self, **cles):
        self.appels += 1
        if self.appels <= self.fois:
            raise IntegrityError("doublon")
        return cles, True


@pytest.mark.parametrize("fois", [0, 1, 7])
def test_on_recommence_tant_que_la_ligne_s_efface(fois):
    disputee = Disputee(fois)
    assert poser_une_fois(disputee, cle=1) == ({"cle": 1}, True)
    assert disputee.appels == fois + 1


def test_on_ne_recommence_pas_sans_fin():
    disputee = Disputee(10_000)
    with pytest.raises(IntegrityError):
        poser_une_fois(disputee, cle=1)
    assert disputee.appels == ESSAIS


def test_une_ligne_puis_la_meme():
    cles = {"idee": IdeeFabrique(etat="publiee"), "personne": PersonneFabrique()}
    soutien, nouveau = poser_une_fois(Soutien.objects, **cles)
    assert nouveau
    assert poser_une_fois(Soutien.objects, **cles) == (soutien, False)


def test_un_vrai_refus_est_transmis():
    with pytest.raises(IntegrityError), transaction.atomic():
        poser_une_fois(Soutien.objects, idee=IdeeFabrique(etat="publiee"), personne=None)
