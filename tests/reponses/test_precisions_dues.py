"""What the mediator asked for, and the clock: told before its date to those who owe it, after it to those who wait."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from moderation.actions import masquer
from notifications.models import Courriel
from reponses import mediation
from reponses.actions import corriger
from reponses.models import SecondeLecture
from reponses.rappels import rappeler_les_precisions
from tests.fabriques import SoutienFabrique
from tests.notifications.conftest import dire
from tests.reponses.conftest import amener_reponse
from timeline.etapes import franchir
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db

RAPPEL, RETARD = "reponses.mediation.rappeler", "reponses.mediation.depasser"


@pytest.fixture
def lecture(publiee, citoyenne, mediatrice):
    """Due in thirty days."""
    lecture = mediation.demander(publiee, par=citoyenne, raison="La date manque.")
    franchir(lecture.prendre, par=mediatrice)
    franchir(lecture.faire_preciser, par=mediatrice, conclusion="Dites quand, et qui paie.")
    return SecondeLecture.objects.get()


def le_jour(lecture, jours_avant):
    midi = datetime.combine(
        lecture.due_le - timedelta(days=jours_avant), time(12), tzinfo=timezone.get_current_timezone()
    )
    return time_machine.travel(midi, tick=False)


def dites():
    entrees = Entree.objects.filter(type__in=[RAPPEL, RETARD]).order_by("pk")
    return list(entrees.values_list("type", "donnees__jours", "est_publique"))


def test_chaque_jour_jusqu_au_retard(lecture):
    """7, 1, then late; each once, the last one in front of everybody."""
    for jours_avant in range(30, -31, -1):
        with le_jour(lecture, jours_avant):
            rappeler_les_precisions()
            assert rappeler_les_precisions() == 0
    assert dites() == [(RAPPEL, 7, False), (RAPPEL, 1, False), (RETARD, None, True)]


@pytest.mark.parametrize(("jours_avant", "dit"), [(8, []), (5, [(RAPPEL, 5, False)]), (-90, [(RETARD, None, True)])])
def test_apres_un_long_arret_seul_le_dernier_se_dit(lecture, jours_avant, dit):
    with le_jour(lecture, jours_avant):
        rappeler_les_precisions()
    assert dites() == dit


def test_un_delai_court_ne_se_rappelle_pas_le_jour_meme(settings, publiee, citoyenne, mediatrice):
    settings.MEDIATION_JOURS = 5
    lecture = mediation.demander(publiee, par=citoyenne, raison="La date manque.")
    franchir(lecture.prendre, par=mediatrice)
    franchir(lecture.faire_preciser, par=mediatrice, conclusion="Dites quand.")
    assert rappeler_les_precisions() == 0
    with le_jour(lecture, 1):
        assert rappeler_les_precisions() == 1


def test_ce_qui_est_precise_ne_se_rappelle_plus(lecture, publiee, agent, elue):
    correction = corriger(
        publiee, par=agent, motif=publiee.motif, texte="En clair : au printemps.",
        premiere_etape=publiee.premiere_etape, premiere_etape_le=publiee.premiere_etape_le,
    )  # fmt: skip
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    with le_jour(lecture, -3):
        assert rappeler_les_precisions() == 0
    assert dites() == []


def recus(jours_avant, lecture):
    dire()
    Courriel.objects.all().delete()
    with le_jour(lecture, jours_avant):
        rappeler_les_precisions()
        dire()
    return {courriel.personne.pseudonyme: courriel.objet for courriel in Courriel.objects.select_related("personne")}


def test_le_rappel_va_a_qui_la_doit(lecture, agent, referente):
    assert recus(7, lecture) == {
        agent.pseudonyme: "Précision due dans 7 jours : Des bancs à l’ombre",
        referente.pseudonyme: "Précision due dans 7 jours : Des bancs à l’ombre",
    }
    assert "Dites quand, et qui paie." in Courriel.objects.first().texte


def test_le_jour_meme_se_dit_aujourd_hui(lecture, agent):
    """After a long stop: nobody is told of something due in no days."""
    assert recus(0, lecture)[agent.pseudonyme] == "Précision due aujourd’hui : Des bancs à l’ombre"


def test_le_retard_se_dit_a_qui_la_doit_et_a_qui_l_attend(
    idee, lecture, publiee, agent, referente, citoyenne, mediatrice
):
    ravie, muette = (SoutienFabrique(idee=idee).personne for _ in range(2))
    mediation.apprecier(publiee, par=ravie, avis="utile")
    en_retard, annonce = "Précision en retard : Des bancs à l’ombre", "La précision a du retard : Des bancs à l’ombre"
    assert recus(-1, lecture) == {
        agent.pseudonyme: en_retard,
        referente.pseudonyme: en_retard,
        mediatrice.pseudonyme: en_retard,
        citoyenne.pseudonyme: annonce,
        ravie.pseudonyme: annonce,
    }
    assert muette.pseudonyme not in {c.personne.pseudonyme for c in Courriel.objects.all()}


def test_la_chronologie_le_dit_et_tait_ce_qui_est_masque(client, idee, lecture, moderatrice):
    with le_jour(lecture, -1):
        rappeler_les_precisions()
    entree = Entree.objects.get(type=RETARD)
    assert "la réponse à « Des bancs à l’ombre » n’est pas arrivée à sa date" in phrase_en_texte(entree)
    assert client.get(entree.get_absolute_url()).status_code == 200
    masquer(idee, par=moderatrice, motif="injure", explication="Une injure.")
    dite = phrase_en_texte(Entree.objects.get(type=RETARD))
    assert dite == "Une précision demandée par la médiatrice n’est pas arrivée à sa date."
