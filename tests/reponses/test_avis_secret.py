"""The opinion of a service, before publication: each door × each person. Outside the chain, nobody reads it."""

from copy import deepcopy
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern, RoutePattern

from comptes.models import Utilisateur
from notifications.models import Courriel
from portail.mes_donnees import archiver
from reponses.actions import rendre_avis
from reponses.models import Avis, Reponse
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    rediger_reponse,
)
from tests.notifications.conftest import dire
from tests.reponses.conftest import dans
from timeline.etapes import franchir, transitions_de
from timeline.models import Entree

pytestmark = pytest.mark.django_db

SECRET = "Unavissecret"
CHAINE = {"agent", "administratrice", "referente", "experte", "elue"}
DEHORS = (
    "visiteur",
    "citoyenne",
    "voisin",
    "moderatrice",
    "autre_referente",
    "autre_elue",
    "ancienne_elue",
    "elue_du_projet",
    "autre_experte",
)


#: state of the dossier -> who reads the opinion there. « brouillon »: taken back, with its opinion in the file.
ETATS = {
    "brouillon": CHAINE - {"elue"},
    "en_consultation": CHAINE - {"elue"},
    "a_signer": CHAINE,
    "signee": CHAINE,
}


def ecrire_le_monde() -> SimpleNamespace:
    """An idea that waits for her name, with one opinion given; those of the chain, those outside; and all of it told."""
    agent = PersonneFabrique(pseudonyme="Alix Agent", roles=["agent"])
    gens = {
        "citoyenne": PersonneFabrique(pseudonyme="Camille Exemple"),
        "voisin": PersonneFabrique(pseudonyme="Sacha Voisin"),
        "moderatrice": PersonneFabrique(pseudonyme="Nadia Fictive", roles=["moderatrice"]),
        "autre_referente": PersonneFabrique(pseudonyme="Autre Référente"),
        "autre_elue": PersonneFabrique(pseudonyme="Autre Élue", roles=["elue"]),
        "ancienne_elue": PersonneFabrique(pseudonyme="Ancienne Élue", roles=["elue"]),
        "elue_du_projet": PersonneFabrique(pseudonyme="Élue du projet", roles=["elue"]),
        "autre_experte": PersonneFabrique(pseudonyme="Autre Experte"),
        "agent": agent,
        "administratrice": PersonneFabrique(
            pseudonyme="Ada Admin", roles=["administratrice"], is_staff=True, is_superuser=True
        ),
        "referente": PersonneFabrique(pseudonyme="Rita Référente"),
        "experte": PersonneFabrique(pseudonyme="Ema Experte"),
        "elue": PersonneFabrique(pseudonyme="Élue Fictive", roles=["elue"]),
    }
    gens["ancienne_elue"].mandats.update(debut=dans(-900), fin=dans(-1))
    gens["elue_du_projet"].roles_globaux.all().delete()
    projet = ProjetFabrique(titre="Projet de la place", referente=gens["referente"], ouvert=True)
    projet.roles.create(personne=gens["elue_du_projet"], role="elue")
    projet.roles.create(personne=gens["experte"], role="experte")
    ProjetFabrique(referente=gens["autre_referente"], ouvert=True)
    ProjetFabrique(ouvert=True).roles.create(personne=gens["autre_experte"], role="experte")
    boite = BoiteFabrique(titre="Appel de la place", etape=EtapeFabrique(projet=projet))
    idee = IdeeFabrique(titre="Des bancs à l’ombre", boite=boite, auteur=gens["citoyenne"], etat="en_etude")
    dossier = donner_un_avis(idee, agent, ServiceFabrique(nom="Service de l’ombre", courriel="ombre@exemple.fr"))
    franchir(dossier.presenter, par=agent, signataire=gens["elue"])
    dire()
    # What they have and may do is read again by each test.
    gens = {nom: Utilisateur.objects.get(pk=personne.pk) for nom, personne in gens.items()}
    return SimpleNamespace(gens=gens, idee=idee, dossier=dossier)


def donner_un_avis(idee, agent, service) -> Reponse:
    """In consultation, with one opinion given."""
    reponse = rediger_reponse(idee, agent=agent)
    franchir(reponse.consulter, par=agent, services=[service], attendu_le=reponse.premiere_etape_le)
    rendre_avis(reponse.avis.get(), par=agent, texte=f"{SECRET} : favorable.")
    return reponse


@pytest.fixture(scope="module")
def _monde_du_module(pour_le_module):
    return pour_le_module(ecrire_le_monde)


@pytest.fixture
def monde(_monde_du_module, db):
    return deepcopy(_monde_du_module)


@pytest.fixture
def gens(monde):
    return monde.gens


@pytest.fixture
def avec_avis(monde):
    """Waiting for her name, with one opinion given."""
    return Reponse.objects.get(pk=monde.dossier.pk)


def client_de(gens, qui) -> Client:
    client = Client()
    if qui != "visiteur":
        client.force_login(gens[qui])
    return client


def portes(reponse) -> dict[str, str]:
    idee = reponse.cible
    return {
        "dossier": reponse.get_absolute_url(),
        "signature": reverse("timeline:etape", args=["reponses.reponse", reponse.pk, "signer"]) + "?etat=a_signer",
        "modifier": reverse("reponses:modifier", args=[reponse.pk]),
        "avis": reverse("reponses:avis", args=[reponse.avis.get().pk]),
        "sceau": reverse("reponses:sceau", args=[reponse.pk]),
        "qui écrit": reverse("reponses:ecrivent", args=[reponse.pk]),
        "correction": reverse("reponses:corriger", args=[reponse.pk]),
        "étapes promises": reverse("reponses:jalons", args=[reponse.pk]),
        "appréciation": reverse("reponses:apprecier", args=[reponse.pk]),
        "seconde lecture": reverse("reponses:demander_lecture", args=[reponse.pk]),
        "rédaction": reverse("reponses:rediger", args=["idees.idee", idee.pk]),
        **{
            f"étape {nom}": reverse("timeline:etape", args=["reponses.reponse", reponse.pk, nom])
            for nom in transitions_de(Reponse)
        },
        **{f"entrée {e.type}": e.get_absolute_url() for e in Entree.objects.sur(reponse)},
        **{f"entrée {e.type} de l'API": f"/api/v1/journal/{e.empreinte}/" for e in Entree.objects.sur(reponse)},
        "idée": idee.get_absolute_url(),
        "suite de l'idée": reverse("idees:suite", args=[idee.pk]),
        "versions de l'idée": reverse("idees:versions", args=[idee.pk]),
        "affiche": reverse("idees:affiche", args=[idee.pk]),
        "projet": idee.projet.get_absolute_url(),
        "fil du projet": reverse("projets:atom", args=[idee.projet.slug]),
        "conduite du projet": reverse("projets:conduire", args=[idee.projet.slug]),
        "récit du projet": reverse("projets:recit", args=[idee.projet.slug]),
        "composition du récit": reverse("projets:composer_recit", args=[idee.projet.slug]),
        "réponses": reverse("reponses:liste"),
        "recherche des réponses": reverse("reponses:liste") + f"?q={SECRET}",
        "recherche des idées": reverse("idees:liste") + f"?q={SECRET}",
        "chronologie": reverse("timeline:chronologie"),
        "fil Atom": reverse("timeline:atom"),
        "registre": reverse("timeline:registre", args=[f"projet-{idee.projet_id}"]),
        "bureau de l'équipe": reverse("portail:bureau_agent"),
        "bureau de l'élue": reverse("portail:bureau_elue"),
        "API, la liste": "/api/v1/reponses/",
        "API, l'une": f"/api/v1/reponses/{reponse.pk}/",
        "API, l'idée": f"/api/v1/idees/{idee.pk}/",
        "admin, la réponse": reverse("admin:reponses_reponse_change", args=[reponse.pk]),
        "admin, l'avis": reverse("admin:reponses_avis_change", args=[reponse.avis.get().pk]),
        "accueil": "/",
    }


def lire(client, adresse) -> str:
    recue = client.get(adresse, follow=True)
    return b"".join(recue.streaming_content).decode() if recue.streaming else recue.content.decode()


def pages_du_site() -> dict[str, str]:
    """Every page and API address that asks for no number: lists, feeds, searches, desks, one's own pages, exports."""
    return {
        motif: motif for motif in _sans_numero(get_resolver().url_patterns, "/") if not motif.startswith(HORS_SUJET)
    }


def _sans_numero(motifs, debut):
    for motif in motifs:
        if not isinstance(motif.pattern, RoutePattern | LocalePrefixPattern) or motif.pattern.converters:
            continue
        adresse = debut + str(motif.pattern)
        if hasattr(motif, "url_patterns"):
            yield from _sans_numero(motif.url_patterns, adresse)
        else:
            yield adresse


#: The accounts, the technical console (its pages of answers are among the doors above), files that hold no row.
HORS_SUJET = ("/comptes/", "/administration/", "/static/", "/api/v1/schema", "/sante", "/metrics")


def test_les_pages_sans_numero_sont_bien_toutes_la():
    adresses = set(pages_du_site())
    assert {
        "/",
        "/reponses/",
        "/chronologie/atom.xml",
        "/mon-espace/",
        "/bureau/",
        "/notifications/",
        "/api/v1/moi/",
    } <= adresses
    assert {"/bureau/lots/", "/bureau/mediation/", "/idees/points.json", "/plan-idees-<int:numero>.xml"} - adresses == {
        "/plan-idees-<int:numero>.xml"
    }


@pytest.mark.parametrize("qui", ["visiteur", "citoyenne", "moderatrice", "autre_referente", "autre_elue"])
def test_dehors_aucune_page_du_site_ne_le_dit(gens, avec_avis, qui):
    """After everything was told: whatever is listed, searched, fed, exported or kept for her."""
    client = client_de(gens, qui)
    for adresse in pages_du_site():
        corps = lire(client, f"{adresse}?q={SECRET}")
        assert f"{SECRET} : favorable" not in corps, adresse
        assert "Service de l’ombre" not in corps, adresse


def test_a_chaque_etat_la_chaine_et_elle_seule(gens, monde):
    """State × person: the page, its fragment, and the query. The same dossier goes from one state to the next."""
    agent, elue = gens["agent"], gens["elue"]
    idee = IdeeFabrique(boite=monde.idee.boite, auteur=gens["citoyenne"], etat="en_etude")
    reponse = donner_un_avis(idee, agent, ServiceFabrique())
    pas = {
        "en_consultation": lambda: None,
        "brouillon": lambda: franchir(reponse.reprendre, par=agent),
        "a_signer": lambda: presenter_de_nouveau(reponse, agent, elue),
        "signee": lambda: franchir(reponse.signer, par=elue),
    }
    assert set(pas) == set(ETATS)
    clients, fautes = {qui: client_de(gens, qui) for qui in (*DEHORS, *sorted(CHAINE))}, []
    for etat, avancer in pas.items():
        avancer()
        assert reponse.etat == etat
        for qui, client in clients.items():
            for entetes in ({}, {"HX-Request": "true"}):
                corps = client.get(reponse.get_absolute_url(), headers=entetes).content.decode()
                if (f"{SECRET} : favorable" in corps) != (qui in ETATS[etat]):
                    fautes.append((etat, qui, entetes))
    assert fautes == [], fautes


def presenter_de_nouveau(reponse, agent, elue):
    """From a draft that was taken back, with its opinion in the file."""
    franchir(reponse.consulter, par=agent, services=[])
    franchir(reponse.presenter, par=agent, signataire=elue)


@pytest.mark.parametrize("qui", [*(q for q in DEHORS if q != "visiteur"), "agent", "elue"])
def test_ni_dans_la_cloche_ni_dans_ses_donnees(gens, avec_avis, qui):
    """What the site has told her, on line and by the API, and the archive of all that it knows of her."""
    personne, client = gens[qui], client_de(gens, qui)
    for adresse in (reverse("notifications:liste"), "/api/v1/notifications/"):
        assert SECRET not in lire(client, adresse), adresse
    with archiver(personne) as fichier, ZipFile(fichier) as archive:
        for nom in archive.namelist():
            assert SECRET.encode() not in archive.read(nom), nom


@pytest.mark.parametrize("qui", DEHORS)
def test_dehors_personne_ne_le_lit(gens, avec_avis, qui):
    client = client_de(gens, qui)
    for porte, adresse in portes(avec_avis).items():
        corps = lire(client, adresse)
        # A page may repeat the words of the search itself.
        assert f"{SECRET} : favorable" not in corps, porte
        assert "Service de l’ombre" not in corps, porte


@pytest.mark.parametrize("qui", sorted(CHAINE))
def test_dans_la_chaine_on_le_lit_au_dossier(gens, avec_avis, qui):
    assert f"{SECRET} : favorable" in lire(client_de(gens, qui), avec_avis.get_absolute_url())


def test_ni_au_journal_ni_par_courriel(avec_avis, gens):
    entrees = Entree.objects.sur(avec_avis)
    assert not any(SECRET in str(entree.donnees) for entree in entrees)
    for personne in (AnonymousUser(), gens["citoyenne"], gens["autre_referente"]):
        assert not entrees.visibles_par(personne).exists()
        assert not Avis.objects.visibles_par(personne).exists()
    assert Courriel.objects.exists()
    assert not any(SECRET in c.objet + c.texte + c.html for c in Courriel.objects.all())


def test_la_publication_nomme_les_services_sans_leurs_mots(client, avec_avis, gens):
    franchir(avec_avis.signer, par=gens["elue"])
    franchir(avec_avis.publier, par=gens["agent"])
    corps = lire(client, avec_avis.get_absolute_url())
    assert "Service de l’ombre" in corps
    assert SECRET not in corps
