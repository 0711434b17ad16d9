"""The ideas of the demonstration, told once: what follows their answers, and what is written together."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from communautes.ebauches import signataires
from communautes.models import Ebauche
from idees.models import GroupeDeTravail, Idee, IdeeDeCommunaute
from portail.demonstration import ecrits, mediation
from portail.demonstration.recit import Recit, en_silence
from reponses.models import Appreciation, SecondeLecture
from reponses.mois import mois_par_mois

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def racontee(pour_le_module):
    """Both stories in one, as `charger_demonstration` tells them."""

    def raconter():
        with en_silence():
            call_command("charger_territoires", verbosity=0)
            recit = Recit()
            recit.installer()
            recit.raconter_les_projets()
            recit.raconter_les_idees()
            mediation.raconter(recit)
            ecrits.raconter(recit)
            recit.jouer()

    pour_le_module(raconter)


# --- What follows the answers --------------------------------------------------------------------------------------


def test_une_reponse_relue_une_qui_attend_une_pas_claire():
    lectures = {lecture.reponse.cible.titre: lecture for lecture in SecondeLecture.objects.all()}
    assert {titre: lecture.etat for titre, lecture in lectures.items()} == {
        mediation.RELUE: "precisee",
        mediation.EN_ATTENTE: "demandee",
    }
    relue = lectures[mediation.RELUE]
    assert (relue.utiles_lus, relue.avis_lus, relue.mediatrice.email.split("@")[0]) == (1, 7, "mediatrice")
    pas_claire = Appreciation.objects.filter(reponse__cible_id=Idee.objects.get(titre=mediation.PAS_CLAIRE).pk)
    assert sorted(pas_claire.values_list("avis", flat=True)) == ["pas_claire", "utile", "utile", "utile"]
    # Its correction gave another reason: the month says what was published, and what is counted now.
    (differe,) = [mois for mois in mois_par_mois() if mois.ecarts]
    assert [e.recompte - e.publie for e in differe.ecarts] == [-1, 1]
    assert [cause.genre for cause in differe.causes] == ["corrigee"]
    fini = timezone.localdate().replace(day=1)
    assert all(mois.scelle_le for mois in mois_par_mois() if mois.premier_jour < fini)


# --- What is written together ----------------------------------------------------------------------------------------


def test_un_texte_en_trois_versions_un_autre_devenu_idee_un_groupe_de_travail():
    ebauche = Ebauche.objects.get(etat="en_ecriture")
    assert (ebauche.titre, ebauche.numero, ebauche.versions.count()) == (ecrits.EN_ECRITURE["titre"], 3, 3)
    assert len(signataires(ebauche)) == 2
    lien = IdeeDeCommunaute.objects.get()
    assert (lien.ebauche.titre, lien.idee.est_lisible) == (ecrits.DEPOSEE["titre"], True)
    assert len(lien.idee.autrices()) == 3
    groupe = GroupeDeTravail.objects.get()
    assert groupe.communaute.etat == "ouverte" and groupe.idee.etat in {"retenue", "en_realisation"}
