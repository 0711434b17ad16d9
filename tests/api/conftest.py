"""A small world with something of every kind, public and not, and one person per role to look at it."""

from copy import deepcopy
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from commentaires.actions import commenter
from moderation.actions import masquer
from notifications.abonnements import abonner
from notifications.models import Notification
from projets import recits
from projets.models import Actualite, Document, VersionDocument
from reponses import mediation
from reponses.actions import rendre_avis
from territoires.models import Territoire
from tests.communautes.fabriques import fonder, ouvrir
from tests.communautes.fabriques_questions import demander
from tests.consultations.fabriques import consultation
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    SoutienFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.votes.fabriques import scrutin
from timeline.etapes import franchir
from timeline.models import Entree

ROLES = ("anonyme", "autrice", "voisin", "agent", "moderatrice", "elue", "administratrice")
CANARI = "canari"


@pytest.fixture
def api():
    """`api(personne)`: a client that speaks JSON in her name; nobody in particular without an argument."""

    def ouvrir(personne=None, **entetes):
        client = Client(headers={"accept": "application/json", **entetes})
        if personne is not None:
            client.force_login(personne)
        return client

    return ouvrir


def _personnes():
    """One person per role. What nobody else may read of them carries the word « canari »."""
    logis = Territoire.objects.create(genre="commune", nom="Logis-canari", slug="logis-canari", code="canari-1")

    def quelqu_un(pseudonyme, *roles, **champs):
        return PersonneFabrique(
            pseudonyme=pseudonyme,
            email=f"{CANARI}.{pseudonyme.split()[0].lower()}@exemple.fr",
            commune=logis,
            roles=list(roles),
            **champs,
        )

    return SimpleNamespace(
        autrice=quelqu_un("Camille Exemple"),
        voisin=quelqu_un("Sacha Voisin"),
        agent=quelqu_un("Alix Agent", "agent"),
        moderatrice=quelqu_un("Nadia Fictive", "moderatrice"),
        elue=quelqu_un("Dominique Fictive", "elue"),
        administratrice=quelqu_un("Ada Admin", "administratrice", is_staff=True, is_superuser=True),
        logis=logis,
    )


@pytest.fixture(scope="module")
def _monde_du_module(pour_le_module):
    return pour_le_module(creer_le_monde)


@pytest.fixture
def monde(_monde_du_module, db):
    """{name in a table: what stands for it in an address}; and the objects themselves, by the same names."""
    return deepcopy(_monde_du_module)


def creer_le_monde() -> SimpleNamespace:
    personnes = _personnes()
    autrice, agent, moderatrice = personnes.autrice, personnes.agent, personnes.moderatrice
    monde = SimpleNamespace(**vars(personnes))
    for nom, etat in (
        ("consultation", "ouverte"),
        ("consultation_close", "close"),
        ("consultation_preparee", "brouillon"),
    ):
        setattr(monde, nom, consultation(etat=etat, agent=agent, titre=f"Une {nom}"))
    for nom, etat in (
        ("vote", "ouvert"),
        ("vote_annule", "annonce"),
        ("vote_prepare", "brouillon"),
        ("vote_proclame", "proclame"),
    ):
        setattr(monde, nom, scrutin(etat, agent=agent, titre=f"Un {nom}", regle="approbation"))
    franchir(monde.vote_annule.annuler, par=agent, motif="Une erreur dans la liste.")
    for nom, acces in (("publique", "publique"), ("sur_demande", "sur_demande"), ("cachee", "sur_invitation")):
        setattr(
            monde, f"communaute_{nom}", ouvrir(acces, par=autrice, nom=f"Communauté {nom}", charte=f"Charte {nom}.")
        )
    monde.communaute_proposee = fonder(par=autrice)
    monde.territoire = Territoire.objects.create(
        genre="commune", nom="Ville Fictive", slug="ville-fictive", code="99999"
    )
    monde.projet = ProjetFabrique(slug="projet-annonce", referente=agent, ouvert=True)
    monde.preparation = ProjetFabrique(slug="projet-prepare", referente=agent, annonce=False)
    etape = EtapeFabrique(projet=monde.projet)
    EtapeFabrique(projet=monde.preparation)
    monde.boite = BoiteFabrique(slug="boite-ouverte", service__courriel=f"{CANARI}@exemple.fr")
    monde.appel = BoiteFabrique(slug="boite-appel", etape=etape)
    monde.boite_cachee = BoiteFabrique(slug="boite-cachee", etape=monde.preparation.etapes.get())
    for etat in ("brouillon", "a_moderer", "publiee", "refusee", "retiree", "en_etude"):
        setattr(monde, etat, IdeeFabrique(boite=monde.boite, auteur=autrice, etat=etat, territoire=monde.territoire))
    monde.masquee = IdeeFabrique(boite=monde.boite, auteur=autrice, etat="publiee")
    monde.retenue = IdeeFabrique(boite=monde.boite, auteur=autrice, etat="publiee")
    franchir(monde.retenue.prendre, par=agent, service=monde.boite.service)
    monde.reponse = publier_reponse(monde.retenue, agent=agent, elue=personnes.elue)
    monde.reponse_brouillon = rediger_reponse(monde.en_etude, agent=agent)
    monde.autre = IdeeFabrique(boite=monde.boite, auteur=personnes.voisin, etat="en_etude")
    monde.reponse_a_signer = a_signer(monde.autre, agent, personnes.elue)
    communaute = ouvrir(referente=agent)
    for nom, etat in (
        ("question", "repondue"),
        ("question_posee", "posee"),
        ("question_retiree", "retiree"),
        ("question_masquee", "publiee"),
    ):
        setattr(monde, nom, demander(communaute, par=autrice, a=personnes.elue, etat=etat))
    monde.service, monde.thematique = monde.boite.service, monde.publiee.thematique
    monde.commentaire = commenter(monde.publiee, par=autrice, texte="Les bancs seraient utiles à tous.")
    monde.commentaire_masque = commenter(monde.publiee, par=autrice, texte="Ceci sera masqué.")
    monde.commentaire_sous_masque = commenter(monde.masquee, par=autrice, texte="Sous une idée masquée.")
    for cible in (monde.masquee, monde.commentaire_masque, monde.question_masquee):
        masquer(cible, par=moderatrice, motif="hors_sujet", explication="Ce n’est pas ici.")
    document = Document.objects.create(projet=monde.projet, titre="Le dossier")
    VersionDocument.objects.create(
        document=document,
        numero=1,
        nom="dossier.pdf",
        taille=3,
        empreinte="0" * 64,
        fichier=ContentFile(b"pdf", "d.pdf"),
    )
    Actualite.objects.create(projet=monde.projet, titre="Une nouvelle", texte="Elle est bonne.", publiee_par=agent)
    raconter_en_deux_editions(monde.projet, agent)
    lecture = mediation.demander(monde.reponse, par=autrice, raison=f"Il manque une date ({CANARI}).")
    mediation.apprecier(monde.reponse, par=autrice, avis="pas_claire", mot="Il manque une date.")
    monde.seconde_lecture = lecture
    SoutienFabrique(idee=monde.en_etude, personne=personnes.voisin)
    abonner(autrice, monde.projet)
    monde.entree = Entree.objects.filter(type="idees.publier").order_by("pk").first()
    monde.entree_scellee = Entree.objects.filter(type="idees.soumettre", par=autrice).order_by("pk").first()
    monde.notification = Notification.objects.create(personne=autrice, entree=monde.entree)
    return monde


def raconter_en_deux_editions(projet, par):
    """The story of a projet: a published edition, then the draft of another one."""
    recit = recits.ouvrir(projet, par=par)
    recits.ecrire(recit, par=par, vu=recit.tour, texte="Au début, la place était vide.")
    franchir(recit.publier, par=par)
    return recits.ouvrir(projet, par=par)


def a_signer(idee, agent, elue):
    """An answer that waits for her signature."""
    reponse = rediger_reponse(idee, agent=agent)
    franchir(reponse.consulter, par=agent, services=[idee.boite.service], attendu_le=timezone.localdate())
    for avis in reponse.avis.all():
        rendre_avis(avis, par=agent, texte="Avis favorable.")
    franchir(reponse.presenter, par=agent, signataire=elue)
    return reponse


@pytest.fixture
def adresse(monde):
    """`adresse("idees/{publiee}/")`: names of the world become what stands for them in an address."""

    class Noms(dict):
        def __missing__(self, nom):
            objet = getattr(monde, nom)
            return getattr(objet, "slug", None) or getattr(objet, "empreinte", None) or objet.pk

    return lambda chemin: f"/api/v1/{chemin.format_map(Noms())}"
