"""State × transition × role of a projet and of a stage, from written tables. What is not in them is refused."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from projets.models import Etape, Projet
from reponses.actions import rendre_avis
from socle.permissions import SYSTEME
from tests.fabriques import (
    EtapeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.tableau import cellules, issue, noms
from timeline.diagrammes import graphe
from timeline.etapes import EtapeInterdite, EtapeInvalide, franchir, transitions_ouvertes
from timeline.models import Entree

pytestmark = pytest.mark.django_db

CONDUISENT = {"agent", "referente", "administratrice"}

#: (state, transition) -> (state reached, who may). Absent: 409 for everybody.
PROJET = {
    ("brouillon", "annoncer"): ("annonce", CONDUISENT),
    ("annonce", "ouvrir"): ("en_cours", CONDUISENT | {"systeme"}),
    ("en_cours", "analyser"): ("en_analyse", CONDUISENT),
    ("decide", "realiser"): ("en_realisation", CONDUISENT),
    ("decide", "clore"): ("clos", CONDUISENT),
    ("en_realisation", "clore"): ("clos", CONDUISENT),
    ("clos", "archiver"): ("archive", CONDUISENT),
    # Brought by the published answer alone: without one, nobody may (403).
    ("en_cours", "decider"): ("decide", set()),
    ("en_analyse", "decider"): ("decide", set()),
}
ETAPE = {
    ("prevue", "ouvrir"): ("ouverte", {"systeme"}),
    ("ouverte", "fermer"): ("close", {"systeme"}),
    ("prevue", "annuler"): ("annulee", CONDUISENT),
    ("ouverte", "annuler"): ("annulee", CONDUISENT),
}
ARGUMENTS = {"annuler": {"motif": "La salle est fermée."}}


def projet_en(etat, referente):
    """A projet brought to this state by its real steps."""
    agent = PersonneFabrique(roles=["agent"])
    projet = ProjetFabrique(referente=referente, annonce=False)
    chemins = {
        "brouillon": [],
        "annonce": ["annoncer"],
        "en_cours": ["annoncer", "ouvrir"],
        "en_analyse": ["annoncer", "ouvrir", "analyser"],
        "decide": ["annoncer", "ouvrir", "analyser", "reponse"],
        "en_realisation": ["annoncer", "ouvrir", "analyser", "reponse", "realiser"],
        "clos": ["annoncer", "ouvrir", "analyser", "reponse", "clore"],
        "archive": ["annoncer", "ouvrir", "analyser", "reponse", "clore", "archiver"],
    }
    for pas in chemins[etat]:
        if pas == "reponse":
            publier_reponse(projet, agent=agent)
            projet.refresh_from_db()
        else:
            franchir(getattr(projet, pas), par=agent)
    assert projet.etat == etat
    return projet


def essayer(objet, nom, attendu, roles):
    """Every role tries the step; each attempt is undone, so that all start from the same state."""
    arrivee, permis = attendu or (None, set())
    for role, personne in roles.items():
        voulu = "409" if attendu is None else arrivee if role in permis else "403"
        with transaction.atomic():
            obtenu = issue(objet, nom, personne, **ARGUMENTS.get(nom, {}))
            transaction.set_rollback(True)
        objet.refresh_from_db()
        assert obtenu == voulu, f"{objet.etat} × {nom} × {role} : {obtenu} au lieu de {voulu}"


@pytest.mark.parametrize(("etat", "nom"), cellules(Projet.Etat.values, sorted(noms(Projet)), PROJET))
def test_table_d_un_projet(etat, nom, roles, referente):
    essayer(projet_en(etat, referente), nom, PROJET.get((etat, nom)), roles)


@pytest.mark.parametrize(("etat", "nom"), cellules(Etape.Etat.values, sorted(noms(Etape)), ETAPE))
def test_table_d_une_etape(etat, nom, roles, referente):
    etape = EtapeFabrique(projet=ProjetFabrique(referente=referente))
    hier = timezone.now() - timedelta(days=1)
    if etat in {"ouverte", "close"}:
        franchir(etape.ouvrir, par=SYSTEME)
    if etat == "annulee":
        franchir(etape.annuler, par=referente, **ARGUMENTS["annuler"])
    etape.ferme_le, etape.ouvre_le = hier, hier - timedelta(days=1)
    etape.save()
    if etat == "close":
        franchir(etape.fermer, par=SYSTEME)
    essayer(etape, nom, ETAPE.get((etat, nom)), roles)


@pytest.mark.parametrize(("modele", "table"), [(Projet, PROJET), (Etape, ETAPE)])
def test_le_graphe_est_celui_de_la_table(modele, table):
    ecrites = {(depart, nom, vers) for (depart, nom), (vers, _permis) in table.items()}
    assert {(depart, nom, vers) for depart, nom, vers in graphe(modele)} == ecrites


def test_les_groupes_d_etats_couvrent_tout_ce_qui_est_annonce():
    groupes = [*Projet.A_VENIR, *Projet.EN_CE_MOMENT, *Projet.TERMINES]
    assert sorted(groupes) == sorted(set(Projet.Etat.values) - {"brouillon"})


@pytest.mark.parametrize("depart", ["en_cours", "en_analyse"])
def test_la_reponse_publiee_decide(depart, referente, agent, elue):
    projet = projet_en(depart, referente)
    publier_reponse(projet, agent=agent, elue=elue)
    projet.refresh_from_db()
    assert projet.etat == "decide"
    assert Entree.objects.filter(type="projets.decider", cible_id=projet.pk).count() == 1


def test_l_elue_qui_publie_sa_reponse_decide_aussi(referente, agent, elue):
    """She is no agent and conducts nothing, but the answer bears her name: its publication is not undone halfway."""
    projet = projet_en("en_analyse", referente)
    reponse = rediger_reponse(projet, agent=agent)
    service = ServiceFabrique()
    franchir(reponse.consulter, par=agent, services=[service], attendu_le=timezone.localdate() + timedelta(days=3))
    for avis in reponse.avis.all():
        rendre_avis(avis, par=agent, texte="Favorable.")
    franchir(reponse.presenter, par=agent, signataire=elue)
    franchir(reponse.signer, par=elue)
    franchir(reponse.publier, par=elue)
    projet.refresh_from_db()
    assert projet.etat == "decide"
    # Another elected official has no hand in it.
    with pytest.raises(EtapeInterdite):
        franchir(projet_en("en_analyse", referente).decider, par=PersonneFabrique(roles=["elue"]))


def test_un_non_ne_se_realise_pas(referente, agent):
    projet = projet_en("en_analyse", referente)
    publier_reponse(projet, agent=agent, sens="no_go")
    projet.refresh_from_db()
    with pytest.raises(EtapeInvalide, match="non"):
        franchir(projet.realiser, par=agent)
    assert projet.etat == "decide"


@pytest.mark.parametrize(("etat", "nom"), [("en_cours", "analyser"), ("decide", "clore")])
def test_une_etape_ouverte_n_est_pas_coupee(etat, nom, referente, agent):
    projet = projet_en(etat, referente)
    etape = EtapeFabrique(projet=projet)
    franchir(etape.ouvrir, par=SYSTEME)
    with pytest.raises(EtapeInvalide, match="encore ouverte"):
        franchir(getattr(projet, nom), par=agent)
    assert (projet.etat, Projet.objects.get(pk=projet.pk).etat) == (etat, etat)


def test_une_etape_ne_s_ouvre_ni_ne_se_ferme_avant_l_heure(referente):
    demain = timezone.now() + timedelta(days=1)
    future = EtapeFabrique(projet=ProjetFabrique(), ouvre_le=demain, ferme_le=demain + timedelta(days=1))
    with pytest.raises(EtapeInvalide):
        franchir(future.ouvrir, par=SYSTEME)
    presente = EtapeFabrique(projet=ProjetFabrique())
    franchir(presente.ouvrir, par=SYSTEME)
    with pytest.raises(EtapeInvalide):
        franchir(presente.fermer, par=SYSTEME)


def test_aucun_bouton_pour_ce_que_le_temps_fait(agent):
    assert [nom for nom, _etiquette in transitions_ouvertes(EtapeFabrique(), agent)] == ["annuler"]
