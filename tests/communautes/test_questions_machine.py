"""State × transition × role of a question, from a written table. Everything that is not in the table is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser

from communautes.models import Communaute, Question
from socle.permissions import SYSTEME
from tests.communautes.fabriques import adherer, animatrice_de, ouvrir
from tests.communautes.fabriques_questions import amener_question, demander
from tests.fabriques import PersonneFabrique, ProjetFabrique, ServiceFabrique
from tests.tableau import cellules, issue, noms
from timeline.diagrammes import graphe

pytestmark = pytest.mark.django_db

ROLES = (
    "visiteur", "autrice", "voisin", "membre", "animatrice", "agent", "moderatrice", "elue", "autre_elue", "ancienne_elue",
    "mediatrice", "administratrice", "referente", "systeme", "agente_autrice",
)  # fmt: skip
INSTRUCTION = {"agent", "administratrice", "referente"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody. « elue » is the one to whom it is asked.
TABLE = {
    ("publiee", "atteindre_seuil"): ("posee", {"systeme"}),
    ("publiee", "prendre"): ("posee", INSTRUCTION | {"elue"}),
    ("publiee", "retirer"): ("retiree", {"autrice"}),
    # Brought by the published answer alone: without one, nobody may (403).
    ("posee", "repondre"): ("repondue", set()),
}


@pytest.fixture
def personnes(settings):
    settings.QUESTIONS_SEUIL, settings.QUESTIONS_MAX_EN_ATTENTE = 1, 50
    gens = {
        nom: PersonneFabrique(roles=[nom]) for nom in ("agent", "moderatrice", "elue", "mediatrice", "administratrice")
    }
    return gens | {
        "visiteur": AnonymousUser(),
        "autrice": PersonneFabrique(),
        "voisin": PersonneFabrique(),
        "autre_elue": PersonneFabrique(roles=["elue"]),
        "ancienne_elue": PersonneFabrique(roles=["elue"]),
        "referente": PersonneFabrique(),
        "systeme": SYSTEME,
        "agente_autrice": PersonneFabrique(roles=["agent"]),
    }


def nouvelle(personnes, etat):
    """Asked to « elue » by « autrice », with enough supports, in a community attached to the projet of « referente »."""
    if "communaute" not in personnes:
        projet = ProjetFabrique(referente=personnes["referente"])
        personnes["communaute"] = ouvrir(projet=projet)
        personnes["membre"] = adherer(personnes["communaute"])
        personnes["animatrice"] = animatrice_de(personnes["communaute"])
        personnes["ancienne_elue"].mandats.update(fin="2001-01-01", debut="2000-01-01")
    question = demander(personnes["communaute"], par=personnes["autrice"], a=personnes["elue"])
    amener_question(question, etat)
    if etat != "retiree":
        question.soutiens.create(personne=personnes["voisin"])
    return Question.objects.get(pk=question.pk)


def arguments(nom):
    return {
        "prendre": lambda: {"service": ServiceFabrique()},
        "retirer": lambda: {"motif": "Je sais maintenant."},
    }.get(nom, dict)()


@pytest.mark.parametrize(("etat", "transition"), cellules(Question.Etat.values, sorted(noms(Question)), TABLE))
def test_table(etat, transition, personnes):
    """All refused roles on one question, then each allowed one on a fresh one."""
    vise, permis = TABLE.get((etat, transition), (None, set()))
    question = nouvelle(personnes, etat)
    for role in ROLES:
        if role in permis:
            continue
        visee = question
        if role == "agente_autrice":
            visee = demander(personnes["communaute"], par=personnes[role], a=personnes["elue"], etat=etat)
            if (etat, transition) == ("publiee", "retirer"):
                continue  # hers: she withdraws it like anybody
        attendu = "409" if vise is None else "403"
        assert (role, issue(visee, transition, personnes[role], **arguments(transition))) == (role, attendu)
    for role in sorted(permis):
        question = nouvelle(personnes, etat)
        assert (role, issue(question, transition, personnes[role], **arguments(transition))) == (role, vise)


def test_le_graphe_est_celui_de_la_table():
    assert {(depart, nom, vers) for depart, nom, vers in graphe(Question)} == {
        (d, nom, vers) for (d, nom), (vers, _) in TABLE.items()
    }


def test_une_elue_dont_le_mandat_est_fini_ne_prend_plus_la_question(personnes):
    question = nouvelle(personnes, "publiee")
    personnes["elue"].mandats.update(fin="2001-01-01", debut="2000-01-01")
    assert issue(question, "prendre", personnes["elue"]) == "403"


def test_le_seuil_ne_se_constate_pas_avant(personnes):
    question = demander(ouvrir(Communaute.Acces.PUBLIQUE))
    assert issue(question, "atteindre_seuil", SYSTEME) == "400"
