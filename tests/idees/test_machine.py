"""State × transition × role of an idea, from a written table. Everything that is not in the table is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser

from idees.actions import ouvrir_un_projet, soutenir
from idees.models import Idee
from moderation.models import Decision
from notifications.models import Abonnement
from socle.permissions import SYSTEME
from tests.fabriques import (
    CADRE,
    BoiteFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    SoutienFabrique,
    amener_depuis_publiee,
)
from tests.tableau import a_l_essai, attendus, cases_fautives, issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import EtapeImpossible, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db

ROLES = ("visiteur", "autrice", "voisin", "agent", "moderatrice", "elue", "administratrice", "referente", "systeme")
INSTRUCTION = {"agent", "administratrice", "referente"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
TABLE = {
    ("brouillon", "soumettre"): ("a_moderer", {"autrice"}),
    ("brouillon", "abandonner"): ("retiree", {"autrice"}),
    ("a_moderer", "abandonner"): ("retiree", {"autrice"}),
    ("a_moderer", "publier"): ("publiee", {"moderatrice", "administratrice"}),
    ("a_moderer", "refuser"): ("refusee", {"moderatrice", "administratrice"}),
    ("publiee", "atteindre_seuil"): ("en_etude", {"systeme"}),
    ("publiee", "prendre"): ("en_etude", INSTRUCTION),
    ("publiee", "retirer"): ("retiree", {"autrice"}),
    ("retenue", "realiser"): ("en_realisation", INSTRUCTION),
    ("en_realisation", "achever"): ("realisee", INSTRUCTION),
    # Brought by the published answer alone: without one, nobody may (403).
    ("en_etude", "retenir"): ("retenue", set()),
    ("en_etude", "ecarter"): ("non_retenue", set()),
    # Brought by a merge alone (`test_fusion.py`).
    ("publiee", "fusionner"): ("fusionnee", set()),
    ("fusionnee", "separer"): ("publiee", set()),
}
ETATS = [e for e in Idee.Etat.values if e != "soumise"]


@pytest.fixture
def personnes():
    referente = PersonneFabrique()
    gens = {nom: PersonneFabrique(roles=[nom]) for nom in ("agent", "moderatrice", "elue", "administratrice")}
    return gens | {
        "visiteur": AnonymousUser(),
        "autrice": PersonneFabrique(),
        "voisin": PersonneFabrique(),
        "referente": referente,
        "systeme": SYSTEME,
    }


def arguments(nom, idee):
    return {
        "prendre": lambda: {"service": ServiceFabrique()},
        "retirer": lambda: {"motif": "Je préfère y réfléchir encore."},
        "refuser": lambda: {"motif": "publicite", "explication": "C’est une publicité."},
        "fusionner": lambda: {"avec": IdeeFabrique(boite=idee.boite, etat="publiee")},
    }.get(nom, dict)()


@pytest.mark.parametrize("etat", ETATS)
def test_table(etat, personnes):
    """All roles on each cell of one state."""
    projet = ProjetFabrique(referente=personnes["referente"])
    idee = IdeeFabrique(boite=BoiteFabrique(seuil_soutiens=1), auteur=personnes["autrice"], etat=etat)
    if etat != "brouillon":
        Idee.objects.filter(pk=idee.pk).update(projet=projet)
    if etat == "en_realisation":
        for reponse in idee.reponses.all():
            reponse.jalons.update(fait_le=reponse.premiere_etape_le)
    fautives = []
    for transition in sorted(noms(Idee)):
        vise, permis = TABLE.get((etat, transition), (None, set()))
        with a_l_essai():
            if transition == "atteindre_seuil":
                SoutienFabrique(idee=idee)
            dits = arguments(transition, idee)
            fautives += cases_fautives(idee, transition, attendus(ROLES, vise, permis), personnes, **dits)
    assert fautives == []


def test_le_graphe_est_celui_de_la_table():
    ecrites = {(etat, nom) for etat, nom in TABLE} | {
        ("soumise", "mettre_en_file"), ("soumise", "publier"), ("soumise", "abandonner"),
    }  # fmt: skip
    assert {(depart, nom) for depart, nom, _vers in graphe(Idee)} == ecrites


def test_une_boite_moderee_apres_publie_tout_de_suite(citoyenne):
    idee = IdeeFabrique(boite=BoiteFabrique(moderation="apres"), auteur=citoyenne)
    franchir(idee.soumettre, par=citoyenne)
    idee.refresh_from_db()
    assert idee.etat == "publiee"
    assert list(Entree.objects.sur(idee).order_by("numero").values_list("type", flat=True)) == [
        "idees.soumettre",
        "idees.publier",
    ]


def test_on_ne_modere_pas_sa_propre_idee(moderatrice):
    idee = IdeeFabrique(auteur=moderatrice, etat="a_moderer")
    for nom in ("publier", "refuser"):
        assert issue(idee, nom, moderatrice, **arguments(nom, idee)) == "403"


def test_un_refus_laisse_ses_raisons(moderatrice):
    idee = IdeeFabrique(etat="a_moderer")
    assert issue(idee, "refuser", moderatrice, motif="injure", explication="Écrivez-le sans insulte.") == "refusee"
    decision = Decision.objects.get()
    assert (decision.cible, decision.motif, decision.explication, decision.par) == (
        idee,
        "injure",
        "Écrivez-le sans insulte.",
        moderatrice,
    )


def test_le_seuil_lance_l_horloge(citoyenne):
    idee = IdeeFabrique(etat="publiee", boite__seuil_soutiens=1, boite__delai_reponse=10)
    assert issue(idee, "atteindre_seuil", SYSTEME) == "400"
    SoutienFabrique(idee=idee)
    assert issue(idee, "atteindre_seuil", SYSTEME) == "en_etude"
    assert (idee.echeance.jours_restants, idee.echeance.service) == (10, idee.boite.service)


def test_on_n_acheve_pas_sans_avoir_fait(agent):
    idee = IdeeFabrique(etat="en_realisation")
    assert issue(idee, "achever", agent) == "400"


def test_un_go_peut_ouvrir_un_projet_qui_garde_tout(agent, citoyenne, voisin):
    idee = IdeeFabrique(auteur=citoyenne, etat="publiee")
    soutenir(idee, par=voisin)
    amener_depuis_publiee(idee, "retenue")
    projet = ouvrir_un_projet(idee, par=agent, cadre={"titre": "Des bancs", "resume": "x", "referente": agent, **CADRE})
    assert (projet.etat, projet.idee_d_origine) == ("annonce", idee)
    assert set(Abonnement.objects.sur(projet).values_list("personne", flat=True)) >= {citoyenne.pk, voisin.pk}
    with pytest.raises(EtapeImpossible):
        ouvrir_un_projet(idee, par=agent, cadre={"titre": "Encore", "resume": "x", "referente": agent, **CADRE})
