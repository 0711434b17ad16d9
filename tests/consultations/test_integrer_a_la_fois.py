"""One form of a frame sent by many hands at once is one answer; many forms are as many answers."""

import pytest

from consultations import depuis_ailleurs
from consultations.depuis_ailleurs import lire_la_cle, promettre
from consultations.models import Consultation, Donnee, Participation
from tests.commentaires.test_concurrence import ensemble
from tests.consultations.test_integrer import sondage

pytestmark = pytest.mark.django_db(transaction=True)
MAINS = 8


def geste(ouverte, cle):
    return lambda: depuis_ailleurs.repondre(Consultation.objects.get(pk=ouverte.pk), cle=cle, brut={"q1": ["a"]}).numero


def test_huit_envois_du_meme_formulaire_font_une_reponse():
    ouverte = sondage()
    cle = lire_la_cle(promettre(ouverte), ouverte)
    numeros = ensemble(*[geste(ouverte, cle)] * MAINS)
    faite = Participation.objects.get()
    assert numeros == [faite.numero] * MAINS
    assert (faite.est_comptee, faite.corrigee_le, Donnee.objects.count()) == (True, None, 1)


def test_huit_formulaires_a_la_fois_font_huit_reponses():
    ouverte = sondage()
    cles = [lire_la_cle(promettre(ouverte), ouverte) for _ in range(MAINS)]
    numeros = ensemble(*[geste(ouverte, cle) for cle in cles])
    assert set(numeros) == set(Participation.objects.comptees().values_list("numero", flat=True))
    assert len(set(numeros)) == MAINS == Donnee.objects.count()
    assert Consultation.objects.get().version.est_figee
