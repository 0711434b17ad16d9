"""The opinion of a service, before publication: each door × each person. Outside the chain, nobody reads it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from notifications.models import Courriel
from reponses.actions import rendre_avis
from reponses.models import Avis
from tests.fabriques import ServiceFabrique, rediger_reponse
from tests.notifications.conftest import dire
from timeline.etapes import franchir
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


@pytest.fixture
def avec_avis(idee, agent, elue):
    """Waiting for her name, with one opinion given."""
    reponse = rediger_reponse(idee, agent=agent)
    franchir(
        reponse.consulter,
        par=agent,
        services=[ServiceFabrique(nom="Service de l’ombre")],
        attendu_le=reponse.premiere_etape_le,
    )
    rendre_avis(reponse.avis.get(), par=agent, texte=f"{SECRET} : favorable.")
    franchir(reponse.presenter, par=agent, signataire=elue)
    return reponse


def portes(reponse) -> dict[str, str]:
    idee = reponse.cible
    return {
        "dossier": reponse.get_absolute_url(),
        "signature": reverse("timeline:etape", args=["reponses.reponse", reponse.pk, "signer"]) + "?etat=a_signer",
        "modifier": reverse("reponses:modifier", args=[reponse.pk]),
        "avis": reverse("reponses:avis", args=[reponse.avis.get().pk]),
        "sceau": reverse("reponses:sceau", args=[reponse.pk]),
        "idée": idee.get_absolute_url(),
        "projet": idee.projet.get_absolute_url(),
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


@pytest.mark.parametrize("qui", DEHORS)
def test_dehors_personne_ne_le_lit(request, client, avec_avis, qui):
    if qui != "visiteur":
        client.force_login(request.getfixturevalue(qui))
    for porte, adresse in portes(avec_avis).items():
        corps = lire(client, adresse)
        # A page may repeat the words of the search itself.
        assert f"{SECRET} : favorable" not in corps, porte
        assert "Service de l’ombre" not in corps, porte


@pytest.mark.parametrize("qui", sorted(CHAINE))
def test_dans_la_chaine_on_le_lit_au_dossier(request, client, avec_avis, qui):
    client.force_login(request.getfixturevalue(qui))
    assert f"{SECRET} : favorable" in lire(client, avec_avis.get_absolute_url())


def test_ni_au_journal_ni_par_courriel(avec_avis, citoyenne, autre_referente):
    entrees = Entree.objects.sur(avec_avis)
    assert not any(SECRET in str(entree.donnees) for entree in entrees)
    for personne in (AnonymousUser(), citoyenne, autre_referente):
        assert not entrees.visibles_par(personne).exists()
        assert not Avis.objects.visibles_par(personne).exists()
    dire()
    assert Courriel.objects.exists()
    assert not any(SECRET in c.objet + c.texte + c.html for c in Courriel.objects.all())


def test_la_publication_nomme_les_services_sans_leurs_mots(client, avec_avis, elue, agent):
    franchir(avec_avis.signer, par=elue)
    franchir(avec_avis.publier, par=agent)
    corps = lire(client, avec_avis.get_absolute_url())
    assert "Service de l’ombre" in corps
    assert SECRET not in corps
