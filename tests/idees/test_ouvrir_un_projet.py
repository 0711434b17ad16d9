"""From an accepted idea to its projet, by the page: the idea's words are proposed, the frame is asked."""

import pytest
from django.urls import reverse

from projets.models import Projet
from tests.fabriques import IdeeFabrique, PersonneFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def idee():
    return IdeeFabrique(titre="Des bancs à l’ombre", etat="retenue")


def adresse(idee) -> str:
    return reverse("idees:ouvrir_projet", args=[idee.pk])


def saisi(agent, **champs) -> dict:
    modele = ProjetFabrique()
    cadre = {nom: getattr(modele, nom) for nom in Projet.CADRE}
    mots = {"titre": "Des bancs sur la place", "resume": "Trois bancs.", "description": "Trois bancs à l’ombre."}
    return mots | cadre | {"referente": agent.pk} | champs


def test_les_mots_de_l_idee_sont_proposes_et_elle_mene_le_projet(client, idee, agent):
    voisine = PersonneFabrique(pseudonyme="Sacha Ailleurs")
    client.force_login(agent)
    form = client.get(adresse(idee)).context["form"]
    assert form["titre"].value() == "Des bancs à l’ombre"
    assert form["referente"].value() == agent.pk
    proposees = list(form.fields["referente"].queryset)
    assert proposees.count(agent) == 1 and voisine not in proposees


def test_il_s_ouvre_une_fois(client, idee, agent):
    client.force_login(agent)
    reponse = client.post(adresse(idee), saisi(agent))
    projet = Projet.objects.get(titre="Des bancs sur la place")
    assert reponse.url == projet.get_absolute_url()
    idee.refresh_from_db()
    assert idee.projet_ouvert == projet
    assert client.get(adresse(idee)).status_code == 409
    assert client.post(adresse(idee), saisi(agent)).url == projet.get_absolute_url(), "the same form, sent twice"
    refus = client.post(adresse(idee), saisi(agent, titre="Encore"))
    assert refus.status_code == 409 and f'href="{projet.get_absolute_url()}"' in refus.content.decode()
    assert not Projet.objects.filter(titre="Encore").exists()


def test_chaque_champ_vide_dit_ce_qu_il_attend(client, idee, agent):
    client.force_login(agent)
    erreurs = client.post(adresse(idee), {"titre": " "}).context["form"].errors
    phrases = [phrase for dites in erreurs.values() for phrase in dites]
    assert {*Projet.CADRE, "titre", "resume", "referente"} <= set(erreurs)
    assert "Ce champ est obligatoire." not in phrases and len(set(phrases)) == len(phrases)


@pytest.mark.parametrize("manque", [*Projet.CADRE, "titre", "referente"])
def test_sans_cadre_il_ne_s_ouvre_pas_et_rien_n_est_perdu(client, idee, agent, manque):
    client.force_login(agent)
    reponse = client.post(adresse(idee), saisi(agent, resume="Ce que j’ai tapé.", **{manque: ""}))
    assert reponse.status_code == 422
    assert manque in reponse.context["form"].errors
    assert "Ce que j’ai tapé." in reponse.content.decode()
    assert not Projet.objects.filter(resume="Ce que j’ai tapé.").exists()


@pytest.mark.parametrize("qui", ["citoyenne", "moderatrice", "elue"])
def test_seule_l_equipe_l_ouvre(client, idee, agent, qui, request):
    client.force_login(request.getfixturevalue(qui))
    assert client.get(adresse(idee)).status_code == 403
    assert client.post(adresse(idee), saisi(agent)).status_code == 403
    assert not Projet.objects.filter(titre="Des bancs sur la place").exists()
