"""An agent writes down the idea of somebody who is there: same rules, same number, and it is not the agent's."""

import pytest
from django.urls import reverse

from idees import depots, secret
from idees.models import Boite, Depot, Idee
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ThematiqueFabrique
from tests.idees.sans_compte import ADRESSE, COURRIEL, ECRIT, SECRET, brouillon, depot, ouverte
from tests.tableau import issue
from timeline.etapes import EtapeInterdite
from timeline.models import Entree
from timeline.phrases import phrase_en_texte

pytestmark = pytest.mark.django_db

SAISIR = "/bureau/deposer/"


@pytest.fixture
def mots(db):
    return {
        "titre": "Un banc devant la poste",
        "texte": "Mes jambes fatiguent, et il n’y a nulle part où s’asseoir.",
        "thematique": ThematiqueFabrique().pk,
    }


def champs_de(reponse) -> dict:
    """Both forms of the page, as a browser would send them back."""
    return {
        champ.html_name: champ.value() or ""
        for form in (reponse.context["personne"], reponse.context["form"])
        for champ in form
        if champ.html_name != "photo"
    }


def saisir(client, mots, **saisi):
    return client.post(SAISIR, champs_de(client.get(SAISIR)) | mots | saisi)


@pytest.mark.parametrize("canal", ["guichet", "telephone", "courrier"])
@pytest.mark.parametrize("qui", ["toutes", "inscrites"])
def test_du_guichet_au_recu(client, agent, mots, canal, qui):
    boite = BoiteFabrique(qui=qui)
    client.force_login(agent)
    reponse = saisir(client, mots, canal=canal, nom="Roseau 12", courriel=COURRIEL, adresse_postale=ADRESSE)
    assert (reponse.status_code, reponse["Cache-Control"]) == (200, "no-store, private")
    fait = Depot.objects.select_related("idee").get()
    idee = fait.idee
    assert (idee.etat, idee.auteur, idee.boite, idee.nom_de_l_auteur) == ("a_moderer", None, boite, "Roseau 12")
    assert (fait.canal, fait.saisi_par, fait.courriel, fait.adresse_postale) == (canal, agent, COURRIEL, ADRESSE)
    page = reponse.content.decode()
    assert reponse.context["mot"] in page
    assert "Saisir la suivante" in page
    assert secret.est_le_bon(fait.secret_empreinte, idee.pk, reponse.context["mot"])


def test_le_journal_dit_qui_a_saisi(client, agent, mots):
    ouverte()
    client.force_login(agent)
    saisir(client, mots, nom="Roseau 12", courriel=COURRIEL)
    soumise, deposee = (Entree.objects.get(type=t) for t in ("idees.soumettre", "idees.deposer"))
    assert (soumise.par, soumise.nom_de_l_auteur) == (None, "une personne sans compte")
    assert (deposee.par, deposee.est_publique, deposee.donnees) == (agent, False, {"canal": "guichet"})
    assert phrase_en_texte(deposee) == "Une idée est déposée au guichet, saisie par Alix Agent."


@pytest.mark.deux_bases("chaque base trouve les mots à sa façon")
def test_ce_qui_existe_deja_se_montre_une_fois_avant_d_enregistrer(client, agent, mots):
    boite = ouverte()
    proche = IdeeFabrique(boite=boite, titre="Des bancs devant la poste", texte=mots["texte"], etat="publiee")
    client.force_login(agent)
    page = client.get(SAISIR)
    assert 'id="semblables"' in page.content.decode()
    saisi = champs_de(page) | mots | {"nom": "Roseau 12", "courriel": COURRIEL}
    montree = client.post(SAISIR, saisi)
    assert (montree.status_code, Depot.objects.count()) == (200, 0)
    lue = montree.content.decode()
    assert proche.titre in lue and "Rien n’est encore enregistré" in lue and COURRIEL in lue and mots["titre"] in lue
    assert "je la soutiens" not in lue
    fait = client.post(SAISIR, champs_de(montree) | {"vue": [str(proche.pk)]})
    assert (Depot.objects.get().courriel, fait.status_code) == (COURRIEL, 200)
    assert "mot" in fait.context


@pytest.mark.parametrize("nom", ["Mairie de Nantes", "mairiedenantes", "Johanna Fictive"])
def test_personne_ne_signe_du_nom_de_la_collectivite(client, agent, elue, mots, nom):
    """At the desk and on line, the name that is shown obeys the rule of pseudonyms."""
    elue.mandats.update(nom_officiel="Johanna Fictive")
    idee = brouillon(client)
    envoi = reverse("idees:deposer", args=[idee.pk])
    assert "nom" in client.post(envoi, {"nom": nom}).context["form"].errors
    client.force_login(agent)
    assert "nom" in saisir(client, mots, nom=nom).context["personne"].errors
    assert not Depot.objects.exists()


def test_deux_clics_font_une_idee_et_le_meme_recu(client, agent, mots):
    ouverte()
    client.force_login(agent)
    saisi = champs_de(client.get(SAISIR)) | mots
    premier, second = client.post(SAISIR, saisi), client.post(SAISIR, saisi)
    assert premier.context["mot"] == second.context["mot"]
    assert (Idee.objects.count(), Depot.objects.count()) == (1, 1)
    assert saisir(client, mots).context["mot"] != premier.context["mot"], "the next one is another idea"
    assert Idee.objects.count() == 2


def test_deux_onglets_a_la_fois(agent, mots, monkeypatch):
    """Both saw that the key was new: the constraint keeps one, the other reads it."""
    boite = ouverte()
    valeurs = mots | {"thematique": ThematiqueFabrique()}
    arguments = {"par": agent, "cle_saisie": "b6a7f1de-0b0e-4b8e-9a51-1b0d5a0c9f11", "mot": SECRET, "canal": "guichet"}
    premier = depots.saisir(boite, valeurs=valeurs, **arguments)
    chercher = Depot.objects.filter

    class Aveugle:
        """The first look of the second tab: nothing there yet."""

        def __init__(self):
            self.vu = False

        def __call__(self, **criteres):
            trouves = chercher(**criteres)
            if self.vu:
                return trouves
            self.vu = True
            return trouves.none()

    monkeypatch.setattr(Depot.objects, "filter", Aveugle())
    assert depots.saisir(boite, valeurs=valeurs, **arguments) == premier
    assert Idee.objects.count() == 1


@pytest.mark.parametrize(
    ("saisi", "champ"),
    [
        ({"titre": ""}, "titre"),
        ({"texte": "court"}, "texte"),
        ({"canal": "en_ligne"}, "canal"),
        ({"boite": "9999"}, "boite"),
        ({"courriel": "faux"}, "courriel"),
        ({"adresse_postale": "une ligne"}, "adresse_postale"),
        ({"nom": "Estuaire"}, "nom"),
    ],
)
def test_une_faute_ne_laisse_rien_a_moitie(client, agent, mots, saisi, champ):
    ouverte()
    client.force_login(agent)
    reponse = saisir(client, mots, **({"courriel": COURRIEL} | saisi))
    fautes = dict(reponse.context["form"].errors) | dict(reponse.context["personne"].errors)
    assert (reponse.status_code, list(fautes)) == (422, [champ])
    assert (Idee.objects.count(), Depot.objects.count()) == (0, 0)
    if champ != "titre":
        assert reponse.context["form"]["titre"].value() == mots["titre"]


def test_une_boite_fermee_ne_recoit_pas(client, agent, mots):
    ouverte(), ouverte()
    client.force_login(agent)
    saisi = champs_de(client.get(SAISIR)) | mots | {"boite": Boite.objects.first().pk}
    Boite.objects.filter(pk=saisi["boite"]).update(est_active=False)
    assert client.post(SAISIR, saisi).status_code == 422
    Boite.objects.update(est_active=False)
    assert "Aucune boîte" in client.get(SAISIR).content.decode()
    assert Idee.objects.count() == 0


@pytest.mark.parametrize("roles", [[], ["moderatrice"], ["elue"]])
def test_saisir_est_le_travail_de_l_equipe(roles, mots):
    with pytest.raises(EtapeInterdite):
        depots.saisir(
            ouverte(), par=PersonneFabrique(roles=roles), cle_saisie=None, mot=SECRET, canal="guichet", valeurs=mots
        )
    assert Idee.objects.count() == 0


def test_on_ne_relit_pas_ce_qu_on_a_saisi(client):
    """An agent who moderates too: somebody else reads it, before publication and after, attached or not."""
    saisit = PersonneFabrique(roles=["agent", "moderatrice"])
    fait = depot(canal="guichet", saisi_par=saisit)
    refus = {"motif": "publicite", "explication": "C’est une publicité."}
    assert issue(fait.idee, "publier", saisit) == "403"
    assert issue(fait.idee, "refuser", saisit, **refus) == "403"
    client.force_login(saisit)
    assert "Publier" not in client.get(fait.idee.get_absolute_url()).content.decode()
    depots.rattacher(fait, par=PersonneFabrique())
    fait.idee.refresh_from_db()
    assert issue(fait.idee, "publier", saisit) == "403"
    assert issue(fait.idee, "publier", PersonneFabrique(roles=["moderatrice"])) == "publiee"
    masquer = reverse("moderation:masquer", args=["idees.idee", fait.numero])
    assert client.post(masquer, refus).status_code == 403


def test_l_agent_n_en_est_pas_l_auteur(client, agent, mots):
    ouverte()
    client.force_login(agent)
    saisir(client, mots)
    idee = Idee.objects.get()
    assert issue(idee, "abandonner", agent) == "403"
    assert "Un banc devant la poste" not in client.get("/mon-espace/").content.decode()


# --- A new secret ------------------------------------------------------------------------------------------------


def test_l_ancien_secret_meurt(client, agent):
    fait = depot()
    client.force_login(agent)
    adresse = reverse("idees:depot", args=[fait.numero])
    jeton = client.get(adresse).context["form"]["jeton"].value()
    refaire = reverse("idees:refaire_le_secret", args=[fait.numero])
    premier, second = client.post(refaire, {"jeton": jeton}), client.post(refaire, {"jeton": jeton})
    assert premier.context["mot"] == second.context["mot"]
    entrees = Entree.objects.filter(type="idees.refaire_le_secret")
    assert [(e.par, e.est_publique) for e in entrees] == [(agent, False)]
    assert client.post(refaire, {"jeton": secret.promettre(fait.numero + 1)}).status_code == 302
    client.logout()
    for mot, statut in ((ECRIT, 422), (premier.context["mot"], 302)):
        assert client.post("/idees/suivre/", {"numero": fait.numero, "mot": mot}).status_code == statut


def test_pas_de_secret_pour_une_idee_qui_a_un_compte(client, agent, citoyenne):
    fait = depot()
    depots.rattacher(fait, par=citoyenne)
    client.force_login(agent)
    page = client.get(reverse("idees:depot", args=[fait.numero]))
    assert page.context["form"] is None
    with pytest.raises(EtapeInterdite):
        depots.refaire_le_secret(fait, par=agent, mot=SECRET)
