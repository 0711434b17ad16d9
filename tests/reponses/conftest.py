"""The people around one answer, and its dossier at each station of its road."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from communautes.models import Question
from reponses.actions import rendre_avis
from reponses.models import Echeance
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    rediger_reponse,
)
from tests.idees.gestes import coautrice_de
from timeline.etapes import franchir


def dans(jours):
    return timezone.localdate() + timedelta(days=jours)


def amener_reponse(reponse, etat, *, agent, elue, depuis="brouillon"):
    """Bring a draft answer, or one that is already further (`depuis`), to a state by the real steps."""
    chemin = ["brouillon", "en_consultation", "a_signer", "signee", "publiee"]
    for pas in chemin[chemin.index(depuis) + 1 : chemin.index(etat) + 1]:
        if pas == "en_consultation":
            franchir(reponse.consulter, par=agent, services=[ServiceFabrique()], attendu_le=dans(10))
        elif pas == "a_signer":
            for avis in reponse.avis.all():
                rendre_avis(avis, par=agent, texte="Avis favorable.")
            franchir(reponse.presenter, par=agent, signataire=elue)
        elif pas == "signee":
            franchir(reponse.signer, par=elue)
        elif pas == "publiee":
            franchir(reponse.publier, par=agent)
    return reponse


def du_monde(nom):
    """A fixture: this part of the `monde` of the module."""

    @pytest.fixture
    def partie(monde):
        return getattr(monde, nom)

    return partie


def a_une_question() -> dict:
    """Columns of an answer that decides nothing, put down at once: what it answers asks a question."""
    return {
        "cible_type": ContentType.objects.get_for_model(Question), "sens": "reponse", "motif": "", "conditions": "",
        "premiere_etape": "", "premiere_etape_le": None, "alternative": "",
    }  # fmt: skip


def ecrire_avec(idee, *personnes):
    """These people wrote it with its author: whatever their role, they answer it no more than she does."""
    for place, personne in enumerate(personnes, 1):
        idee.coautrices.create(
            personne=personne, place=place, expire_le=idee.cree_le, etat="acceptee", repondue_le=idee.cree_le
        )
    return idee


@pytest.fixture
def agente_coautrice(db):
    return PersonneFabrique(pseudonyme="Agathe Agente et autrice", roles=["agent"])


@pytest.fixture
def elue_coautrice(db):
    return PersonneFabrique(pseudonyme="Élisa Élue et autrice", roles=["elue"])


@pytest.fixture
def mediatrice(db):
    return PersonneFabrique(pseudonyme="Méline Médiatrice", roles=["mediatrice"])


@pytest.fixture
def referente(db):
    """In charge of the projet that opened the call; nothing else."""
    return PersonneFabrique(pseudonyme="Rita Référente")


@pytest.fixture
def projet(referente):
    return ProjetFabrique(titre="Projet de la place", referente=referente, ouvert=True)


@pytest.fixture
def boite(projet):
    return BoiteFabrique(titre="Appel de la place", etape=EtapeFabrique(projet=projet))


@pytest.fixture
def idee(boite, citoyenne):
    """In study: an answer is due in sixty days."""
    return IdeeFabrique(titre="Des bancs à l’ombre", boite=boite, auteur=citoyenne, etat="en_etude")


@pytest.fixture
def autre_elue(db):
    return PersonneFabrique(pseudonyme="Autre Élue", roles=["elue"])


@pytest.fixture
def coautrice(idee):
    """An élue with her mandate, who wrote the idea with its author: she answers it no more than the author does."""
    return coautrice_de(idee, pseudonyme="Coraline Coautrice", roles=["elue"])


@pytest.fixture
def ancienne_elue(db):
    """She still has the role; her mandate is over."""
    personne = PersonneFabrique(pseudonyme="Ancienne Élue", roles=["elue"])
    personne.mandats.update(debut=dans(-900), fin=dans(-1))
    return personne


@pytest.fixture
def autre_referente(db):
    """In charge of another projet."""
    personne = PersonneFabrique(pseudonyme="Autre Référente")
    ProjetFabrique(referente=personne, ouvert=True)
    return personne


@pytest.fixture
def experte(projet):
    """Named as an expert in the projet that opened the call; no other role."""
    personne = PersonneFabrique(pseudonyme="Ema Experte")
    projet.roles.create(personne=personne, role="experte")
    return personne


@pytest.fixture
def autre_experte(db):
    """Expert of another projet."""
    personne = PersonneFabrique(pseudonyme="Autre Experte")
    ProjetFabrique(ouvert=True).roles.create(personne=personne, role="experte")
    return personne


@pytest.fixture
def elue_du_projet(projet):
    """Named as an élue in the projet, with her mandate and without the global role."""
    personne = PersonneFabrique(pseudonyme="Élue du projet", roles=["elue"])
    personne.roles_globaux.all().delete()
    projet.roles.create(personne=personne, role="elue")
    return type(personne).objects.get(pk=personne.pk)


@pytest.fixture
def brouillon(idee, agent):
    return rediger_reponse(idee, agent=agent)


@pytest.fixture
def en_consultation(brouillon, agent, elue):
    return amener_reponse(brouillon, "en_consultation", agent=agent, elue=elue)


@pytest.fixture
def a_signer(brouillon, agent, elue):
    return amener_reponse(brouillon, "a_signer", agent=agent, elue=elue)


@pytest.fixture
def signee(brouillon, agent, elue):
    return amener_reponse(brouillon, "signee", agent=agent, elue=elue)


@pytest.fixture
def publiee(brouillon, agent, elue):
    return amener_reponse(brouillon, "publiee", agent=agent, elue=elue)


@pytest.fixture
def echeance(idee):
    return Echeance.objects.get(cible_id=idee.pk)
