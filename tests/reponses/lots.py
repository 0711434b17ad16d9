"""Lots of the tests: an open one, its answers where they are wanted, and the world of a module around it."""

from types import SimpleNamespace

from reponses import lots
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    rediger_reponse,
)
from tests.reponses.conftest import amener_reponse

SECRET = "Lot-secret-avant-sa-parution"
TOUS = (
    "visiteur", "citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice",
    "elue", "autre_elue", "ancienne_elue", "elue_du_projet", "experte", "autre_experte",
)  # fmt: skip
INSTRUCTION = {"agent", "administratrice", "referente"}


def idees_a_l_etude(boite, n, **champs):
    return [IdeeFabrique(titre=f"Idée du lot {i}", boite=boite, etat="en_etude", **champs) for i in range(n)]


def un_lot(boite, agent, elue, *, etats=("signee", "signee")):
    """An open lot whose answers are where `etats` says; "" : not begun."""
    idees = idees_a_l_etude(boite, len(etats))
    for idee, etat in zip(idees, etats, strict=True):
        if etat:
            amener_reponse(rediger_reponse(idee, agent=agent), etat, agent=agent, elue=elue)
    return lots.ouvrir(par=agent, titre=SECRET, cibles=idees)


def page(reponse) -> str:
    return reponse.content.decode()


def reponses_du_lot(lot):
    return [place.reponse_en_cours for place in lot.contenu()]


def ecrire_le_monde(etats) -> SimpleNamespace:
    """A lot whose answers are where `etats` says, and those who made it: the same people as in the fixtures of these names."""
    agent = PersonneFabrique(pseudonyme="Alix Agent", roles=["agent"])
    elue = PersonneFabrique(pseudonyme="Élue Fictive", roles=["elue"])
    referente = PersonneFabrique(pseudonyme="Rita Référente")
    projet = ProjetFabrique(titre="Projet de la place", referente=referente, ouvert=True)
    boite = BoiteFabrique(titre="Appel de la place", etape=EtapeFabrique(projet=projet))
    lot = un_lot(boite, agent, elue, etats=etats)
    return SimpleNamespace(agent=agent, elue=elue, referente=referente, projet=projet, boite=boite, lot=lot)
