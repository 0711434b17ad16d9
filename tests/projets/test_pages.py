"""What everybody reads: who sees what, at every door; lists, pages, and how many queries they take."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from idees.actions import ouvrir_un_projet
from projets import actions_ouvertes
from projets.actions import modifier, publier_actualite, publier_document, publier_version
from projets.models import Actualite, Document, Etape, Projet, VersionDocument
from socle.permissions import SYSTEME
from territoires.models import Territoire
from tests.fabriques import (
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ThematiqueFabrique,
    publier_reponse,
)
from tests.projets.fichiers import pdf
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db


def garnir(projet, n, par):
    """n of everything that a page of projet shows."""
    for i in range(n):
        etape = EtapeFabrique(projet=projet, titre=f"Étape {i}")
        franchir(etape.ouvrir, par=SYSTEME)
        version = publier_document(projet, par=par, titre=f"Document {i}", fichier=pdf(f"{i}-1"))
        publier_version(version.document, par=par, fichier=pdf(f"{i}-2"), note="Une coquille corrigée.")
        publier_actualite(projet, par=par, titre=f"Nouvelle {i}", texte="Du **neuf**.")
        projet.thematiques.add(ThematiqueFabrique())
        projet.roles.create(personne=PersonneFabrique(), role="experte")
    # The last entry is about the projet itself: whatever n, the first page of the frise holds every kind of target.
    modifier(projet, par=par, resume=f"{n} de chaque.")


# --- Visibility: a draft at every door ---------------------------------------------------------------------------


def statut(client, adresse) -> int:
    reponse = client.get(adresse)
    b"".join(reponse)  # a file is closed once it is read
    return reponse.status_code


def portes(projet, version, actualite_pk=0):
    return {
        "page": reverse("projets:detail", args=[projet.slug]),
        "atom": reverse("projets:atom", args=[projet.slug]),
        "ics": reverse("projets:calendrier", args=[projet.slug]),
        "cadre": reverse("projets:cadre", args=[projet.slug]),
        "actualites": reverse("projets:actualites", args=[projet.slug]),
        "document": reverse("projets:document", args=[version.pk]),
        "conduire": reverse("projets:conduire", args=[projet.slug]),
        "modifier": reverse("projets:modifier", args=[projet.slug]),
        "transition": reverse("timeline:etape", args=["projets.projet", projet.pk, "annoncer"]),
    }


#: Draft: what each person gets at each door. Feeds have no account: nobody reads a draft there.
BROUILLON = {
    "visiteur": {"conduire": 302, "modifier": 302},
    "citoyenne": {},
    "moderatrice": {},
    "elue": {},
    "autre_referente": {},
    "referente": {"page": 200, "actualites": 200, "document": 200, "conduire": 200, "modifier": 200, "transition": 200},
    "agent": {"page": 200, "actualites": 200, "document": 200, "conduire": 200, "modifier": 200, "transition": 200},
    "administratrice": {
        "page": 200,
        "actualites": 200,
        "document": 200,
        "conduire": 200,
        "modifier": 200,
        "transition": 200,
    },
}
LISIBLES = ("page", "atom", "ics", "cadre", "actualites", "document")


@pytest.mark.parametrize("role", sorted(BROUILLON))
def test_un_brouillon_a_toutes_les_portes(role, roles, client, agent):
    projet = ProjetFabrique(annonce=False, referente=roles["referente"])
    EtapeFabrique(projet=projet)
    version = publier_document(projet, par=agent, titre="Note interne", fichier=pdf())
    if role != "visiteur":
        client.force_login(roles[role])
    for porte, adresse in portes(projet, version).items():
        assert (porte, statut(client, adresse)) == (porte, BROUILLON[role].get(porte, 404))
    general = client.get(reverse("projets:calendrier_general")).content.decode()
    assert projet.titre not in general
    assert projet.titre not in client.get(reverse("timeline:atom")).content.decode()
    assert projet.titre not in client.get(reverse("projets:liste")).content.decode()
    en_preparation = client.get(reverse("projets:liste"), {"etat": "preparation"}).content.decode()
    assert (projet.titre in en_preparation) == bool(BROUILLON[role].get("page"))


@pytest.mark.parametrize("role", sorted(BROUILLON))
def test_un_projet_annonce_se_lit_partout(role, roles, client, agent):
    projet = ProjetFabrique(referente=roles["referente"])
    version = publier_document(projet, par=agent, titre="Plan", fichier=pdf())
    if role != "visiteur":
        client.force_login(roles[role])
    adresses = portes(projet, version)
    for porte in LISIBLES:
        assert (porte, statut(client, adresses[porte])) == (porte, 200)
    conduit = role in {"agent", "referente", "administratrice"}
    attendu = 200 if conduit else 302 if role == "visiteur" else 403
    for porte in ("conduire", "modifier"):
        assert (porte, statut(client, adresses[porte])) == (porte, attendu)


@pytest.mark.parametrize("annonce", [False, True])
def test_ce_qui_pend_a_un_projet_se_voit_avec_lui(annonce, roles, agent):
    """The same question serves the API and the websockets: whoever sees the projet sees its rows, and nobody else."""
    projet = ProjetFabrique(annonce=annonce, referente=roles["referente"])
    EtapeFabrique(projet=projet)
    version = publier_document(projet, par=agent, titre="Plan", fichier=pdf())
    Actualite.objects.create(projet=projet, titre="Nouvelle", texte="Texte")
    for role in BROUILLON:
        vu = annonce or role in {"agent", "referente", "administratrice"}
        for modele in (Etape, Document, VersionDocument, Actualite):
            visibles = modele.objects.visibles_par(roles[role])
            assert (role, modele.__name__, visibles.exists()) == (role, modele.__name__, vu)
    assert version.document.projet == projet


def sans_jeton(page: bytes, adresse: str) -> str:
    """Without what differs from one page to the next by design."""
    return re.sub(r"\b[0-9A-Za-z]{64}\b", "", page.decode().replace(adresse, ""))


def test_ce_qui_n_existe_pas_ne_se_distingue_pas_d_un_brouillon(client, citoyenne):
    projet = ProjetFabrique(annonce=False)
    for _ in range(2):
        cache = client.get(reverse("projets:detail", args=[projet.slug]))
        absent = client.get(reverse("projets:detail", args=["nulle-part"]))
        assert (cache.status_code, absent.status_code) == (404, 404)
        assert sans_jeton(cache.content, projet.slug) == sans_jeton(absent.content, "nulle-part")
        client.force_login(citoyenne)


# --- The list ----------------------------------------------------------------------------------------------------


def titres(reponse):
    return [projet.titre for projet in reponse.context["page"].object_list]


@pytest.fixture
def nantes(db):
    metropole = Territoire.objects.create(genre="metropole", nom="Métropole Fictive", slug="m", code="1")
    commune = Territoire.objects.create(genre="commune", nom="Commune Fictive", slug="c", code="2", parent=metropole)
    quartier = Territoire.objects.create(genre="quartier", nom="Quartier Fictif", slug="q", code="3", parent=commune)
    ailleurs = Territoire.objects.create(genre="commune", nom="Autre Commune", slug="a", code="4", parent=metropole)
    return {"metropole": metropole, "commune": commune, "quartier": quartier, "ailleurs": ailleurs}


def test_filtres_de_la_liste(client, nantes):
    sante = ThematiqueFabrique(nom="Santé", slug="sante")
    ProjetFabrique(titre="Annoncé", territoire=nantes["quartier"])
    ouvert = ProjetFabrique(titre="Ouvert", ouvert=True, territoire=nantes["ailleurs"])
    ouvert.thematiques.add(sante, ThematiqueFabrique())
    fini = ProjetFabrique(titre="Fini", ouvert=True)
    publier_reponse(fini)
    fini.refresh_from_db()
    franchir(fini.clore, par=fini.referente)
    adresse = reverse("projets:liste")
    attendus = {
        "": ["Fini", "Ouvert", "Annoncé"],
        "etat=en_ce_moment": ["Ouvert"],
        "etat=a_venir": ["Annoncé"],
        "etat=termines": ["Fini"],
        "theme=sante": ["Ouvert"],
        "lieu=q": ["Annoncé"],
        "lieu=c": ["Annoncé"],
        "lieu=m": ["Ouvert", "Annoncé"],
        "lieu=a&etat=a_venir": [],
        "etat=preparation": ["Fini", "Ouvert", "Annoncé"],  # not for a visitor: as if nothing was asked
        "etat=brouillon&theme=<script>&lieu=%00&page=zzz": ["Fini", "Ouvert", "Annoncé"],
        "etat__startswith=b&referente__email=a&ordering=referente__password": ["Fini", "Ouvert", "Annoncé"],
    }
    for demande, attendu in attendus.items():
        reponse = client.get(f"{adresse}?{demande}")
        assert (demande, titres(reponse)) == (demande, attendu)
        assert b"<script>&" not in reponse.content
    lieux = {valeur for valeur, _nom in client.get(adresse).context["champs"][2].options}
    assert lieux == {"m", "c", "q", "a"}


def test_la_liste_se_pagine_et_se_rafraichit_par_morceau(client):
    ProjetFabrique.create_batch(13)
    deuxieme = client.get(reverse("projets:liste"), {"page": "2"})
    assert len(titres(deuxieme)) == 1
    morceau = client.get(reverse("projets:liste"), headers={"hx-request": "true"})
    assert b"<html" not in morceau.content
    assert b'id="resultats"' in morceau.content
    retour = client.get(reverse("projets:liste"), headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert b"<html" in retour.content


def test_requetes_de_la_liste(citoyenne, agent, nantes):
    """As many queries for one projet as for fifty, on the first page and on the second."""
    navigatrices = {"visiteur": Client(), "citoyenne": Client(), "agent": Client()}
    navigatrices["citoyenne"].force_login(citoyenne)
    navigatrices["agent"].force_login(agent)

    def compter(client, page) -> int:
        with CaptureQueriesContext(connection) as requetes:
            lue = client.get(reverse("projets:liste"), {"page": page})
        assert lue.status_code == 200 and lue.context["page"].number == page
        return len(requetes)

    premier = ProjetFabrique(ouvert=True, territoire=nantes["quartier"])
    garnir(premier, 1, premier.referente)
    for client in navigatrices.values():
        client.get(reverse("projets:liste"))  # content types and session: known from now on
    un = {qui: compter(client, 1) for qui, client in navigatrices.items()}
    champs = {nom: getattr(premier, nom) for nom in (*Projet.CADRE, "etat", "annonce_le", "referente", "territoire")}
    projets = Projet.objects.bulk_create(
        Projet(titre=f"Projet {n}", slug=f"en-nombre-{n}", **champs) for n in range(49)
    )
    theme = ThematiqueFabrique()
    for projet in projets:
        EtapeFabrique(projet=projet)
        projet.thematiques.add(theme)
    for page in (1, 2):
        assert {qui: compter(client, page) for qui, client in navigatrices.items()} == un
    assert max(un.values()) <= 10, un


# --- The page of a projet ----------------------------------------------------------------------------------------


def test_requetes_de_la_page(client, citoyenne, agent):
    """As many queries with 50 stages, documents, news and team members as with one of each, for every reader."""
    petit, grand = ProjetFabrique(ouvert=True), ProjetFabrique(ouvert=True)
    garnir(petit, 1, agent)
    garnir(grand, 50, agent)
    # Consultations and votes bring two each: those of its stages, and the section that shows them. Communities bring one, and
    # so do their questions.
    plafonds = {"detail": 31, "conduire": 26, "atom": 9, "calendrier": 7, "cadre": 6, "actualites": 7}

    def requetes(nom, projet, **demande):
        with CaptureQueriesContext(connection) as prises:
            assert client.get(reverse(f"projets:{nom}", args=[projet.slug]), demande).status_code == 200
        return [requete["sql"] for requete in prises]

    for personne in (None, citoyenne, agent):
        if personne:
            client.force_login(personne)
        for nom, plafond in plafonds.items():
            if nom == "conduire" and personne != agent:
                continue
            requetes(nom, petit)  # content types and session: known from now on
            une, cinquante = requetes(nom, petit), requetes(nom, grand)
            if nom == "actualites":
                assert len(requetes(nom, grand, page=2)) == len(une)
            assert len(une) == len(cinquante), (personne, nom, [sql[:200] for sql in cinquante])
            assert len(une) <= plafond, (personne, nom, len(une))


def test_le_cadre_vient_d_abord_et_tout_est_dit(client, agent):
    projet = ProjetFabrique(titre="La place du Marché Fictif", ouvert=True)
    garnir(projet, 1, agent)
    page = client.get(projet.get_absolute_url()).content.decode()
    for nom in Projet.CADRE:
        valeur = projet.get_niveau_display() if nom == "niveau" else getattr(projet, nom)
        assert str(valeur) in page
    assert projet.referente.pseudonyme in page
    ordre = ["titre-cadre", "titre-maintenant", "titre-etapes", "titre-documents", "titre-frise", 'id="discussion"']
    places = [page.index(mot) for mot in ordre]
    assert places == sorted(places)
    assert page.count("<h1") == 1
    for nom in ("atom", "calendrier"):
        assert reverse(f"projets:{nom}", args=[projet.slug]) in page
    assert f"/ws/flux/projets.projet/{projet.pk}/" in page
    assert "<strong>neuf</strong>" in page
    assert "Conduire ce projet" not in page


def test_la_frise_se_redemande_seule(client):
    projet = ProjetFabrique(ouvert=True)
    morceau = client.get(projet.get_absolute_url(), headers={"hx-request": "true"}).content.decode()
    assert "<html" not in morceau
    assert 'id="frise-vivante"' in morceau
    assert "Le dialogue s’ouvre" in morceau


def test_les_etapes_a_venir_sont_sur_la_frise_et_dans_la_chronologie(client):
    demain = timezone.now() + timedelta(days=1)
    projet = ProjetFabrique(titre="Projet des Halles")
    EtapeFabrique(projet=projet, titre="Les ateliers", ouvre_le=demain, ferme_le=demain + timedelta(days=2))
    EtapeFabrique(projet=projet, titre="La collecte")
    EtapeFabrique(
        projet=ProjetFabrique(annonce=False),
        titre="Encore secrète",
        ouvre_le=demain,
        ferme_le=demain + timedelta(days=2),
    )
    page = client.get(projet.get_absolute_url()).content.decode()
    assert "Début : Les ateliers" in page
    assert "Fin : La collecte" in page
    generale = client.get(reverse("timeline:chronologie")).content.decode()
    assert "Les ateliers" in generale
    assert "Projet des Halles" in generale
    assert "Encore secrète" not in generale


def test_chaque_bouton_vient_de_l_application_qui_sait_faire(client, monkeypatch):
    monkeypatch.setattr(actions_ouvertes, "_propositions", [])
    monkeypatch.setattr(actions_ouvertes, "_relations", [])
    vues = []

    def proposer(etape, personne):
        vues.append((etape.titre, personne.is_authenticated))
        return [("Proposer une idée pour la place", "/idees/proposer/la-place/")]

    actions_ouvertes.proposer_avec(proposer)
    projet = ProjetFabrique(ouvert=True)
    EtapeFabrique(projet=projet, titre="Ouverte")
    loin = timezone.now() + timedelta(days=9)
    EtapeFabrique(projet=projet, titre="Plus tard", ouvre_le=loin, ferme_le=loin + timedelta(days=1))
    page = client.get(projet.get_absolute_url()).content.decode()
    assert vues == [("Ouverte", False)]
    assert 'href="/idees/proposer/la-place/"' in page
    assert "Proposer une idée pour la place" in page


def test_la_reponse_officielle_est_sur_la_page(client, agent):
    projet = ProjetFabrique(ouvert=True)
    publier_reponse(projet, agent=agent, sens="go_conditions", texte="Oui, la place sera plantée.")
    page = client.get(projet.get_absolute_url()).content.decode()
    assert "Oui, la place sera plantée." in page
    assert 'id="reponse"' in page
    assert "La décision a été rendue" in page


def test_l_idee_d_origine_se_montre_si_elle_se_voit(client, agent):
    idee = IdeeFabrique(titre="Des bancs à l’ombre", etat="retenue")
    modele = ProjetFabrique()
    cadre = {nom: getattr(modele, nom) for nom in ("titre", "resume", *Projet.CADRE)}
    projet = ouvrir_un_projet(idee, par=agent, cadre=cadre | {"referente": agent})
    assert projet.est_annonce
    assert "Des bancs à l’ombre" in client.get(projet.get_absolute_url()).content.decode()
    type(idee).objects.filter(pk=idee.pk).update(masquee_le=timezone.now(), masquee_motif="injure")
    assert "Des bancs à l’ombre" not in client.get(projet.get_absolute_url()).content.decode()


def test_la_discussion_reste_lisible_apres_l_etape(client):
    hier = timezone.now() - timedelta(days=1)
    sans, avec = ProjetFabrique(ouvert=True), ProjetFabrique(ouvert=True)
    EtapeFabrique(projet=sans, ouvre=["voter"])
    EtapeFabrique(projet=avec, ouvre_le=hier - timedelta(days=3), ferme_le=hier)
    assert 'id="discussion"' not in client.get(sans.get_absolute_url()).content.decode()
    page = client.get(avec.get_absolute_url()).content.decode()
    assert 'id="discussion"' in page
    assert "La discussion est fermée" in page


VECTEURS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "{{ 7*7 }}${7*7}",
    "javascript:alert(1)//",
]


@pytest.mark.parametrize("vecteur", VECTEURS)
def test_rien_de_ce_qui_est_tape_ne_s_execute(vecteur, client, agent):
    projet = ProjetFabrique(
        titre=vecteur,
        resume=vecteur,
        perimetre=vecteur,
        decideur=vecteur,
        description=f"{vecteur}\n\n[lien]({vecteur})",
        ouvert=True,
    )
    EtapeFabrique(projet=projet, titre=vecteur, lieu=vecteur, description=vecteur)
    publier_document(projet, par=agent, titre=vecteur, fichier=pdf(nom=f"{vecteur}.pdf"))
    publier_actualite(projet, par=agent, titre=vecteur, texte=vecteur)
    client.force_login(agent)
    adresses = [
        projet.get_absolute_url(),
        *(
            reverse(f"projets:{nom}", args=[projet.slug])
            for nom in ("conduire", "cadre", "actualites", "modifier", "atom")
        ),
        reverse("projets:liste"),
        reverse("timeline:chronologie"),
    ]
    for adresse in adresses:
        page = client.get(adresse).content.decode()
        for interdit in ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript:', "49$"):
            assert interdit not in page, adresse
