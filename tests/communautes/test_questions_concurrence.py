"""Several people press at once, in real processes on the real database: the clock starts once, nothing is counted twice."""

from uuid import uuid4

import pytest

from communautes.actions_questions import ne_plus_soutenir, poser, soutenir
from communautes.models import Communaute, Question
from comptes.models import Utilisateur
from reponses.models import Echeance
from tests.communautes.fabriques import ouvrir
from tests.communautes.fabriques_questions import demander
from tests.fabriques import PersonneFabrique
from tests.timeline.test_concurrence import _ensemble, base_partagee  # noqa: F401 (a fixture)
from timeline.etapes import EtapeRefusee, TropVite
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db(transaction=True)
PRESSENT = 4  # processes at once


def _geste(nom, question_pk, personne_pk):
    """« fait », or the sentence of the refusal."""
    question, personne = Question.objects.get(pk=question_pk), Utilisateur.objects.get(pk=personne_pk)
    try:
        {"soutenir": soutenir, "reprendre": ne_plus_soutenir}[nom](question, par=personne)
    except EtapeRefusee as refus:
        return str(refus)
    return "fait"


def test_les_derniers_soutiens_lancent_l_horloge_une_fois(settings):
    settings.QUESTIONS_SEUIL = PRESSENT
    question = demander()
    gens = PersonneFabrique.create_batch(PRESSENT)
    issues = _ensemble(_geste, [("soutenir", question.pk, p.pk) for p in gens])
    assert issues == ["fait"] * PRESSENT
    question.refresh_from_db()
    assert (question.etat, question.soutiens.count(), Echeance.objects.count()) == ("posee", PRESSENT, 1)
    assert Entree.objects.filter(type="communautes.question.atteindre_seuil").count() == 1
    assert verifier()[1] is None


def test_la_meme_personne_soutient_et_reprend_a_la_fois():
    question, voisin = demander(), PersonneFabrique()
    gestes = ["soutenir", "reprendre"] * (PRESSENT // 2)
    assert _ensemble(_geste, [(nom, question.pk, voisin.pk) for nom in gestes]) == ["fait"] * PRESSENT
    assert question.soutiens.count() in {0, 1}


def _poser(communaute_pk, personne_pk, cle):
    communaute, personne = Communaute.objects.get(pk=communaute_pk), Utilisateur.objects.get(pk=personne_pk)
    try:
        return poser(communaute, par=personne, cle_saisie=cle, titre="Quand rouvre la piscine ?").pk
    except TropVite:
        return 0


def test_le_meme_formulaire_et_des_formulaires_de_trop():
    """Sent four times at once it is one question; four forms at once, three questions at most."""
    communaute, autrice, pressee = ouvrir(), PersonneFabrique(), PersonneFabrique()
    cle = uuid4()
    assert len(set(_ensemble(_poser, [(communaute.pk, autrice.pk, cle)] * PRESSENT))) == 1
    posees = _ensemble(_poser, [(communaute.pk, pressee.pk, uuid4()) for _ in range(PRESSENT)])
    assert sorted(map(bool, posees)) == [False, True, True, True]
    assert Question.objects.count() == 4
    assert verifier()[1] is None
