"""Those whom a projet names: its experts read what is prepared and give their opinion, its élue signs; nobody more."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from notifications.annonces import annoncer
from notifications.models import Notification
from projets.models import Projet
from reponses.actions import rendre_avis
from reponses.models import Avis, Reponse
from tests.fabriques import IdeeFabrique, ProjetFabrique, ServiceFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans
from tests.tableau import issue
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
ROLES = (
    "visiteur", "citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice",
    "elue", "elue_du_projet", "experte", "autre_experte",
)  # fmt: skip
#: Who may write the opinion of a service that was asked.
DONNENT_UN_AVIS = {"agent", "administratrice", "referente", "experte"}
#: Who sees the pages of a projet that is not announced yet.
PREPARENT = {"agent", "administratrice", "referente", "experte", "elue_du_projet"}


@pytest.fixture
def gens(request):
    return {nom: AnonymousUser() if nom == "visiteur" else request.getfixturevalue(nom) for nom in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_qui_donne_un_avis_demande(client, gens, en_consultation, role):
    avis, personne = en_consultation.avis.get(), gens[role]
    permis = role in DONNENT_UN_AVIS
    assert Avis.objects.visibles_par(personne).filter(pk=avis.pk).exists() is permis
    if role != "visiteur":
        client.force_login(personne)
        assert client.get(reverse("reponses:avis", args=[avis.pk])).status_code == (200 if permis else 404)
    if permis:
        entree = rendre_avis(avis, par=personne, texte="Favorable, avec des arbres.")
        assert (entree.par, entree.est_publique) == (personne, False)
    else:
        with pytest.raises(EtapeInterdite):
            rendre_avis(avis, par=personne, texte="Favorable.")
        avis.refresh_from_db()
        assert avis.rendu_le is None and not Entree.objects.filter(type="reponses.avis.rendre").exists()


def test_une_experte_ne_donne_que_l_avis_qu_on_lui_demande(brouillon, experte, agent, elue, client):
    """Nothing asked: nothing to give. Given, or signed: too late."""
    client.force_login(experte)
    assert "Écrire l’avis" not in client.get(brouillon.get_absolute_url()).content.decode()
    amener_reponse(brouillon, "en_consultation", agent=agent, elue=elue)
    avis = brouillon.avis.get()
    assert reverse("reponses:avis", args=[avis.pk]) in client.get(brouillon.get_absolute_url()).content.decode()
    client.post(reverse("reponses:avis", args=[avis.pk]), {"texte": "Favorable."})
    avis.refresh_from_db()
    assert avis.texte == "Favorable."
    with pytest.raises(EtapeImpossible):
        rendre_avis(avis, par=experte, texte="Finalement non.")
    page = client.get(brouillon.get_absolute_url()).content.decode()
    assert "Favorable." in page and "Modifier le texte" not in page and "Envoyer à la signature" not in page


def test_une_experte_ne_juge_pas_sa_propre_idee(experte, boite, agent, elue):
    reponse = rediger_reponse(IdeeFabrique(boite=boite, auteur=experte, etat="en_etude"), agent=agent)
    amener_reponse(reponse, "en_consultation", agent=agent, elue=elue)
    with pytest.raises(EtapeInterdite, match="collègue"):
        rendre_avis(reponse.avis.get(), par=experte, texte="Très favorable.")


def test_un_avis_demande_previent_les_expertes_du_projet(brouillon, agent, experte, autre_experte):
    entree = franchir(brouillon.consulter, par=agent, services=[ServiceFabrique()], attendu_le=dans(5))
    annoncer(entree.pk)
    assert {n.personne for n in Notification.objects.filter(entree=entree)} == {experte}


@pytest.mark.parametrize("role", ROLES)
def test_qui_voit_un_projet_en_preparation(client, gens, referente, role):
    projet = ProjetFabrique(titre="Projet secret", referente=referente, annonce=False)
    for nom in ("experte", "elue_du_projet"):
        projet.roles.create(personne=gens[nom], role="experte" if nom == "experte" else "elue")
    if role != "visiteur":
        client.force_login(gens[role])
    permis = role in PREPARENT
    assert Projet.objects.visibles_par(gens[role]).filter(pk=projet.pk).count() == (1 if permis else 0)
    assert client.get(projet.get_absolute_url()).status_code == (200 if permis else 404)
    conduit = permis and role not in {"experte", "elue_du_projet"}
    adresse = reverse("projets:modifier", args=[projet.slug])
    assert client.get(adresse).status_code == (
        200 if conduit else 302 if role == "visiteur" else 403 if permis else 404
    )


def test_un_role_de_plus_ne_compte_pas_le_projet_deux_fois(projet, experte):
    projet.roles.create(personne=experte, role="elue")
    assert Projet.objects.visibles_par(experte).filter(pk=projet.pk).count() == 1


def test_la_page_du_projet_mene_l_equipe_aux_dossiers(client, brouillon, experte, citoyenne, projet):
    for personne, voit in ((experte, True), (citoyenne, False)):
        client.force_login(personne)
        assert (brouillon.get_absolute_url() in client.get(projet.get_absolute_url()).content.decode()) is voit


def test_le_droit_part_avec_le_role(client, brouillon, experte, projet):
    client.force_login(experte)
    assert client.get(brouillon.get_absolute_url()).status_code == 200
    projet.roles.filter(personne=experte).delete()
    assert client.get(brouillon.get_absolute_url()).status_code == 404
    assert not Reponse.objects.visibles_par(experte).filter(pk=brouillon.pk).exists()


@pytest.mark.parametrize("etat", ["brouillon", "en_consultation", "a_signer", "signee"])
def test_l_elue_du_projet_voit_ce_qui_attend_son_nom_et_rien_d_autre(brouillon, agent, elue_du_projet, etat):
    amener_reponse(brouillon, etat, agent=agent, elue=elue_du_projet)
    voit = etat in {"a_signer", "signee"}
    assert Reponse.objects.visibles_par(elue_du_projet).filter(pk=brouillon.pk).exists() is voit
    if etat == "a_signer":
        assert issue(brouillon, "signer", elue_du_projet) == "signee"
