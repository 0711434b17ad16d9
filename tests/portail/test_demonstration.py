"""The consultations of the demonstration: what somebody who tries the site finds of them."""

import pytest
from django.core.management import call_command

from communautes.models import Appel, Communaute, Question
from consultations.cheminement import defauts
from consultations.models import Consultation, Participation
from consultations.questionnaire import Genre
from portail.demonstration import communautes, consultations, questions
from portail.demonstration.recit import Recit, en_silence
from timeline.verification import verifier

pytestmark = pytest.mark.django_db


@pytest.fixture
def chargee():
    with en_silence():
        call_command("charger_territoires", verbosity=0)
        recit = Recit()
        recit.installer()
        recit.raconter_les_projets()
        consultations.raconter(recit)
        recit.jouer()
    return {c.titre: c for c in Consultation.objects.all()}


def test_il_y_en_a_une_de_chaque_sorte(chargee):
    etats = {titre: c.etat for titre, c in chargee.items()}
    assert etats == {
        consultations.RUES["titre"]: "ouverte",
        consultations.NAVETTE["titre"]: "restituee",
        consultations.PISCINE["titre"]: "ouverte",
        consultations.BERGES["titre"]: "brouillon",
    }
    rues, navette, piscine = (
        chargee[f["titre"]] for f in (consultations.RUES, consultations.NAVETTE, consultations.PISCINE)
    )
    questionnaire = rues.version.questionnaire
    assert {e.genre for page in questionnaire.pages for e in page.elements} == set(Genre) and questionnaire.pages[
        0
    ].sauts
    assert not any(defauts(c.version.questionnaire) for c in (rues, navette, piscine))
    assert (rues.est_ouverte, rues.resultats_visibles, piscine.resultats_visibles) == (True, False, True)
    comptes = [c.participations.comptees().count() for c in (navette, piscine, rues)]
    assert comptes == [120, 48, 30] and navette.restitution


def test_ses_reponses_sont_de_vraies_reponses(chargee):
    """Whoever signs in as the citoyenne finds one that she sent, one to finish; nothing of a skipped page is kept."""
    siennes = Participation.objects.filter(personne__email__startswith="citoyenne").order_by("envoyee_le")
    assert sorted(p.est_envoyee for p in siennes) == [False, True]
    navette = chargee[consultations.NAVETTE["titre"]].participations
    jamais = navette.filter(donnees__question="usage", donnees__choix="c3")
    assert jamais.exists() and not jamais.filter(donnees__question="avis").exists()
    ouverte, fermee = (
        chargee[consultations.NAVETTE["titre"]].ouvre_le,
        chargee[consultations.NAVETTE["titre"]].ferme_le,
    )
    assert not navette.exclude(envoyee_le__range=(ouverte, fermee)).exists()
    assert navette.values("numero").distinct().count() == 120


# --- Questions ------------------------------------------------------------------------------------------------------


def test_les_questions_de_la_demonstration():
    """One of each kind: it gathers supports, its answer is due, late, given."""
    with en_silence():
        call_command("charger_territoires", verbosity=0)
        recit = Recit()
        recit.installer()
        questions.raconter(recit)
        recit.jouer()
    posees = {q.titre: q for q in Question.objects.prefetch_related("echeances")}
    reunit, due, en_retard, repondue = (
        posees[dite[0]] for dite in (questions.REUNIT, questions.DUE, questions.EN_RETARD, questions.REPONDUE)
    )
    assert (reunit.etat, reunit.echeance) == ("publiee", None) and 0 < reunit.soutiens.count() < reunit.seuil
    assert (due.etat, due.echeance.est_en_retard) == ("posee", False)
    assert (en_retard.etat, en_retard.echeance.est_en_retard) == ("posee", True)
    assert repondue.etat == "repondue" and repondue.reponse_publiee().texte == questions.REPONSE


# --- Communities ---------------------------------------------------------------------------------------------------


def test_une_communaute_de_chaque_porte_une_qui_dort_une_qui_attend():
    with en_silence():
        call_command("charger_territoires", verbosity=0)
        recit = Recit()
        recit.installer()
        recit.raconter_les_projets()
        communautes.raconter(recit)
        recit.jouer()
    dites = {c.nom: (c.acces, c.etat) for c in Communaute.objects.all()}
    assert dites == {
        communautes.VOISINS: ("publique", "ouverte"),
        communautes.TRAJETS: ("sur_demande", "ouverte"),
        communautes.AIDANTS: ("sur_invitation", "ouverte"),
        communautes.JARDIN: ("publique", "en_sommeil"),
        communautes.VELO: ("publique", "proposee"),
    }
    trajets = Communaute.objects.get(nom=communautes.TRAJETS)
    etats = list(trajets.adhesions.order_by("etat").values_list("etat", flat=True))
    assert (etats.count("demandee"), etats.count("exclue"), etats.count("acceptee")) == (1, 1, 7)
    assert trajets.projet is not None and Appel.objects.get().etat == "depose"
    assert Communaute.objects.get(nom=communautes.VOISINS).image and verifier()[1] is None
