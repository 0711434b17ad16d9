"""Action × state × role of the chain, for what is not a transition (those are in `test_machine`). What is not written is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.urls import reverse

from reponses.actions import accomplir_jalon, annuler_jalon, corriger, modifier, planifier_jalon, rediger, rendre_avis
from reponses.models import Avis, Echeance, Escalade, Jalon, Reponse
from socle.permissions import SYSTEME
from tests.fabriques import IdeeFabrique, ServiceFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans, ecrire_avec
from timeline.etapes import EtapeImpossible, EtapeInterdite

pytestmark = pytest.mark.django_db

ROLES = (
    "visiteur", "citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice", "elue",
    "autre_elue", "ancienne_elue", "elue_du_projet", "experte", "autre_experte", "agente_coautrice", "elue_coautrice",
    "mediatrice", "systeme",
)  # fmt: skip
SANS_COMPTE = {"visiteur": AnonymousUser(), "systeme": SYSTEME}
INSTRUCTION = {"agent", "administratrice", "referente"}
SANS = "sans réponse"
ETATS = (SANS, *Reponse.Etat.values)

#: action -> (states where it may be done, who may). In other states they are told why, the others are not allowed anyway.
TABLE = {
    "rediger": ({SANS}, INSTRUCTION),
    "modifier": ({"brouillon"}, INSTRUCTION),
    "rendre_avis": ({"brouillon", "en_consultation", "a_signer"}, INSTRUCTION | {"experte"}),
    "corriger": ({"publiee"}, INSTRUCTION),
    "planifier": ({"publiee"}, INSTRUCTION),
    "accomplir": ({"publiee"}, INSTRUCTION),
    "annuler": ({"publiee"}, INSTRUCTION),
}


@pytest.fixture
def gens(request):
    return {nom: SANS_COMPTE.get(nom) or request.getfixturevalue(nom) for nom in ROLES}


def preparer(etat, gens, boite):
    idee = IdeeFabrique(boite=boite, auteur=gens["citoyenne"], etat="en_etude")
    ecrire_avec(idee, gens["agente_coautrice"], gens["elue_coautrice"])
    if etat == SANS:
        return idee, None
    reponse = amener_reponse(rediger_reponse(idee, agent=gens["agent"]), etat, agent=gens["agent"], elue=gens["elue"])
    Avis.objects.create(reponse=reponse, service=ServiceFabrique(), attendu_le=dans(9))
    if etat != "publiee":
        # What the step promises is only a row once it is published: the action must refuse by itself before.
        Jalon.objects.create(reponse=reponse, titre="Choisir les lieux", prevu_le=dans(30))
    return idee, Reponse.objects.get(pk=reponse.pk)


def agir(action, idee, reponse, par):
    contenu = (
        {nom: getattr(reponse, nom) for nom in Reponse.CONTENU}
        if reponse
        else {"sens": "no_go", "motif": "cout", "texte": "Non."}
    )
    match action:
        case "rediger":
            rediger(idee, par=par, **contenu)
        case "modifier":
            modifier(reponse, par=par, version=reponse.version(), **contenu)
        case "rendre_avis":
            rendre_avis(reponse.avis.filter(rendu_le__isnull=True).last(), par=par, texte="Favorable.")
        case "corriger":
            corriger(reponse, par=par, **contenu)
        case "planifier":
            planifier_jalon(reponse, par=par, titre="Poser les bancs", prevu_le=dans(40))
        case "accomplir":
            accomplir_jalon(reponse.jalons.get(), par=par)
        case "annuler":
            annuler_jalon(reponse.jalons.get(), par=par, motif="Le terrain est vendu.")


def issue(action, idee, reponse, par) -> str:
    """ "fait", "403" or "409"; each try is undone, so that the next meets the same dossier."""
    point = transaction.savepoint()
    try:
        agir(action, idee, reponse, par)
    except EtapeInterdite:
        return "403"
    except EtapeImpossible:
        return "409"
    finally:
        transaction.savepoint_rollback(point)
    return "fait"


@pytest.mark.parametrize("etat", ETATS)
def test_table(etat, gens, boite):
    idee, reponse = preparer(etat, gens, boite)
    for action, (etats, permis) in TABLE.items():
        if reponse is None and action != "rediger":
            continue
        for nom, personne in gens.items():
            attendu = "403" if nom not in permis else "fait" if etat in etats else "409"
            assert (action, nom, issue(action, idee, reponse, personne)) == (action, nom, attendu)


@pytest.mark.parametrize("etat", [etat for etat in Reponse.Etat.values if etat != "publiee"])
def test_qui_lit_les_relances(client, gens, boite, etat):
    """They are read in the dossier, by those of the chain; nowhere else."""
    idee, reponse = preparer(etat, gens, boite)
    Escalade.objects.create(echeance=Echeance.objects.get(cible_id=idee.pk), palier="equipe")
    # An agent who wrote the idea with others reads the dossier, as every agent; she does nothing in it (above).
    lisent = INSTRUCTION | {"experte", "agente_coautrice"} | ({"elue"} if etat in {"a_signer", "signee"} else set())
    for nom, personne in gens.items():
        if nom == "systeme":
            continue  # it opens no page
        client.logout()
        if nom != "visiteur":
            client.force_login(personne)
        recue = client.get(reponse.get_absolute_url())
        assert (nom, recue.status_code == 200 and "L’équipe est prévenue" in recue.content.decode()) == (
            nom,
            nom in lisent,
        )
        for adresse in (idee.get_absolute_url(), reverse("timeline:chronologie")):
            assert "L’équipe est prévenue" not in client.get(adresse).content.decode()
