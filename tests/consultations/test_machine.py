"""State × transition × role of a consultation, from a written table. Everything that is not in the table is refused."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from consultations import composition
from consultations.models import Consultation
from consultations.questionnaire import Questionnaire
from socle.permissions import SYSTEME
from tests.consultations import fabriques
from tests.consultations.fabriques import avec_saut, question, une_page
from tests.fabriques import EtapeFabrique, PersonneFabrique, ProjetFabrique
from tests.tableau import issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import transitions_ouvertes

pytestmark = pytest.mark.django_db

CONDUISENT = {"agent", "administratrice", "referente"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("brouillon", "programmer"): ("programmee", CONDUISENT),
    ("programmee", "reprendre"): ("brouillon", CONDUISENT),
    ("programmee", "ouvrir"): ("ouverte", {"systeme"}),
    ("ouverte", "clore"): ("close", {"systeme"}),
    ("close", "restituer"): ("restituee", CONDUISENT),
}
ROLES = (
    "visiteur",
    "citoyenne",
    "agent",
    "referente",
    "autre_referente",
    "moderatrice",
    "elue",
    "administratrice",
    "systeme",
)


@pytest.fixture
def roles(citoyenne, agent, moderatrice, elue, administratrice):
    autre = PersonneFabrique()
    ProjetFabrique(referente=autre)
    return {
        "visiteur": AnonymousUser(),
        "citoyenne": citoyenne,
        "agent": agent,
        "referente": PersonneFabrique(),
        "autre_referente": autre,
        "moderatrice": moderatrice,
        "elue": elue,
        "administratrice": administratrice,
        "systeme": SYSTEME,
    }


def en(etat, referente, *, heure_venue=False) -> Consultation:
    """Of a stage of her projet, in this state; `heure_venue`: the date that its next step waits for has passed."""
    projet = ProjetFabrique(referente=referente, ouvert=True)
    loin = timedelta(days=60)
    etape = EtapeFabrique(
        projet=projet, ouvre=["repondre"], ouvre_le=timezone.now() - loin, ferme_le=timezone.now() + loin
    )
    consultation = fabriques.consultation(etat=etat, etape=etape)
    if heure_venue:
        hier = timezone.now() - timedelta(days=1)
        dates = {"ouvre_le": hier} if etat == "programmee" else {"ouvre_le": hier - timedelta(days=1), "ferme_le": hier}
        Consultation.objects.filter(pk=consultation.pk).update(**dates)
    return Consultation.objects.get(pk=consultation.pk)


@pytest.mark.parametrize("nom", sorted(noms(Consultation)))
@pytest.mark.parametrize("etat", Consultation.Etat.values)
def test_table(etat, nom, roles):
    """Every role tries the step; each attempt is undone, so that all start from the same state."""
    consultation = en(etat, roles["referente"], heure_venue=(etat, nom) in TABLE and nom in {"ouvrir", "clore"})
    vers, permis = TABLE.get((etat, nom), (None, set()))
    arguments = {"bilan": "Nous retenons le banc."} if nom == "restituer" else {}
    for role in ROLES:
        attendu = "409" if vers is None else vers if role in permis else "403"
        with transaction.atomic():
            obtenu = issue(consultation, nom, roles[role], **arguments)
            transaction.set_rollback(True)
        consultation.refresh_from_db()
        assert (role, obtenu) == (role, attendu)


def test_le_graphe_est_celui_de_la_table():
    ecrites = {(depart, nom, vers) for (depart, nom), (vers, _permis) in TABLE.items()}
    assert {(depart, nom, vers) for depart, nom, vers in graphe(Consultation)} == ecrites


def test_personne_ne_voit_de_bouton_pour_ce_que_fait_l_horloge(roles):
    for etat in ("programmee", "ouverte"):
        consultation = en(etat, roles["referente"], heure_venue=True)
        boutons = {nom for nom, _etiquette in transitions_ouvertes(consultation, roles["agent"])}
        assert not boutons & {"ouvrir", "clore"}


# --- What each step requires -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("questionnaire", "champs", "phrase"),
    [
        (Questionnaire(), {}, "aucune question"),
        (une_page(question("q1", choix=())), {}, "pas assez de choix"),
        (
            avec_saut(),
            {"genre": "sondage", "qui": "toutes", "presentation": "ensemble", "profil": False},
            "une seule page",
        ),
        (
            une_page(*(question(f"q{n}") for n in range(4))),
            {"genre": "sondage", "qui": "toutes", "presentation": "ensemble", "profil": False},
            "3 questions au plus",
        ),
    ],
)
def test_on_n_annonce_pas_des_questions_qui_ne_tiennent_pas(agent, questionnaire, champs, phrase):
    consultation = fabriques.consultation(une_page(), etat="brouillon", agent=agent, **champs)
    version = consultation.versions.get()
    composition.retoucher(version, lambda _avant: questionnaire, par=agent)
    assert issue(consultation, "programmer", agent) == "400"
    with pytest.raises(Exception, match=phrase):
        consultation.exiger_un_questionnaire(questionnaire)


def test_on_n_annonce_pas_une_fin_passee(agent):
    consultation = fabriques.consultation(etat="brouillon", agent=agent)
    hier = timezone.now() - timedelta(days=1)
    Consultation.objects.filter(pk=consultation.pk).update(ouvre_le=hier - timedelta(days=1), ferme_le=hier)
    assert issue(Consultation.objects.get(pk=consultation.pk), "programmer", agent) == "400"


@pytest.mark.parametrize("tort", ["projet pas annoncé", "étape sans questions", "dates qui débordent"])
def test_on_n_annonce_pas_dans_une_etape_qui_ne_l_accueille_pas(agent, tort):
    etape = EtapeFabrique(
        projet=ProjetFabrique(annonce=tort != "projet pas annoncé"),
        ouvre=["commenter"] if tort == "étape sans questions" else ["repondre"],
        ferme_le=timezone.now() + timedelta(days=3 if tort == "dates qui débordent" else 30),
    )
    consultation = fabriques.consultation(etat="brouillon", agent=agent, etape=etape)
    assert issue(consultation, "programmer", agent) == "400"


def test_l_horloge_attend_l_heure(agent):
    assert issue(fabriques.consultation(etat="programmee", agent=agent), "ouvrir", SYSTEME) == "400"
    assert issue(fabriques.consultation(agent=agent), "clore", SYSTEME) == "400"


def test_on_ne_reprend_pas_ce_qui_a_commence(agent):
    consultation = fabriques.consultation(etat="programmee", agent=agent)
    Consultation.objects.filter(pk=consultation.pk).update(ouvre_le=timezone.now() - timedelta(minutes=1))
    assert issue(Consultation.objects.get(pk=consultation.pk), "reprendre", agent) == "400"


@pytest.mark.parametrize("bilan", ["", "   \n "])
def test_un_bilan_dit_quelque_chose(agent, bilan):
    assert issue(fabriques.consultation(etat="close", agent=agent), "restituer", agent, bilan=bilan) == "400"


def test_annoncer_publie_les_questions(agent):
    consultation = fabriques.consultation(etat="programmee", agent=agent)
    assert consultation.version.publiee_le is not None


# --- Rules that the database holds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "champs",
    [
        {"etat": "inventé"},
        {"qui": "habitantes", "territoire": None},
        {"genre": "sondage", "qui": "toutes", "presentation": "ensemble", "profil": True},
        {"genre": "sondage", "qui": "inscrites", "presentation": "ensemble", "profil": False},
        {"restitution": "Un bilan avant la fin."},
        {"etat": "restituee", "restituee_le": None},
    ],
)
def test_la_base_refuse_ce_qui_ne_tient_pas_ensemble(agent, champs):
    consultation = fabriques.consultation(etat="brouillon", agent=agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(Consultation).filter(pk=consultation.pk).update(**champs)  # past the lock of our own query set


def test_une_fin_avant_le_debut_est_refusee(agent):
    consultation = fabriques.consultation(etat="brouillon", agent=agent)
    consultation.ferme_le = consultation.ouvre_le
    with pytest.raises(ValidationError):
        consultation.full_clean()
