"""Letters: the same words as on line, sent once, by somebody, on a day."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from idees import depots, lettres
from idees.depositaires import Depositaire
from idees.fusion import proposer
from idees.models import Depot, Lettre
from notifications.models import Courriel
from notifications.tasks import rattraper
from reponses.actions import corriger, rendre_avis
from reponses.models import Reponse
from reponses.sceau import sceau
from tests.fabriques import IdeeFabrique, PersonneFabrique, amener_depuis_publiee, reunir
from tests.idees.sans_compte import ADRESSE, COURRIEL, confier, depot
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db

LISTE = "/bureau/lettres/"
PAR_COURRIER = {"canal": "courrier", "contact": {"adresse_postale": ADRESSE}}


def genres() -> list[tuple[int, str]]:
    return [(courrier.depot.numero, str(courrier.genre)) for courrier in lettres.a_envoyer()]


@pytest.mark.parametrize(
    ("etat", "canal", "attendues"),
    [
        ("a_moderer", "courrier", ["accuse"]),
        ("a_moderer", "telephone", ["accuse"]),
        ("a_moderer", "guichet", []),
        ("a_moderer", "en_ligne", []),
        ("publiee", "guichet", []),
        ("refusee", "guichet", ["refus"]),
        ("en_etude", "courrier", ["accuse"]),
        ("retenue", "en_ligne", ["reponse"]),
        ("non_retenue", "courrier", ["accuse", "reponse"]),
    ],
)
def test_ce_qui_est_du(etat, canal, attendues):
    fait = depot(etat, canal=canal, contact={"adresse_postale": ADRESSE})
    depot(etat, canal=canal, contact={"courriel": COURRIEL})
    assert genres() == [(fait.numero, genre) for genre in attendues]


def test_rattachee_ou_oubliee_il_n_y_a_plus_de_lettre(citoyenne):
    depots.rattacher(depot("retenue", **PAR_COURRIER), par=citoyenne)
    depots.changer_le_contact(depot("retenue", **PAR_COURRIER), courriel="", adresse_postale="")
    assert genres() == []


def test_la_lettre_dit_la_reponse_mot_pour_mot(client, agent):
    fait = depot("retenue", **PAR_COURRIER)
    reponse = Reponse.objects.get()
    client.force_login(agent)
    page = client.get(reverse("idees:lettre", args=[fait.numero, "reponse", reponse.pk])).content.decode()
    for mots in (
        reponse.texte,
        reponse.premiere_etape,
        reponse.signataire_nom,
        reponse.signataire_mandat,
        sceau(reponse),
        reponse.get_absolute_url(),
        "12 rue du Canari",
        "Madame, Monsieur,",
        fait.idee.titre,
    ):
        assert mots in page
    assert "Participant effacé" not in page


def test_une_correction_est_une_autre_lettre(client, agent, elue):
    fait = depot("retenue", **PAR_COURRIER)
    premiere = Reponse.objects.get()
    contenu = {nom: getattr(premiere, nom) for nom in Reponse.CONTENU}
    seconde = corriger(premiere, par=agent, **contenu | {"texte": "Nous précisons : deux bancs."})
    franchir(seconde.consulter, par=agent, services=[fait.idee.boite.service], attendu_le=premiere.premiere_etape_le)
    for avis in seconde.avis.all():
        rendre_avis(avis, par=agent, texte="Favorable.")
    franchir(seconde.presenter, par=agent, signataire=elue)
    franchir(seconde.signer, par=elue)
    franchir(seconde.publier, par=agent)
    assert genres() == [(fait.numero, "accuse"), (fait.numero, "reponse"), (fait.numero, "reponse")]
    client.force_login(agent)
    page = client.get(reverse("idees:lettre", args=[fait.numero, "reponse", seconde.pk])).content.decode()
    assert "Nous précisons : deux bancs." in page


def test_le_refus_donne_ses_raisons(client, agent):
    fait = depot("refusee", canal="guichet", contact={"adresse_postale": ADRESSE})
    client.force_login(agent)
    page = client.get(reverse("idees:lettre", args=[fait.numero, "refus"])).content.decode()
    assert "C’est une publicité." in page
    assert "Publicité ou démarchage" in page


def test_envoyee_une_seule_fois(client, agent):
    fait = depot(**PAR_COURRIER)
    adresse = reverse("idees:lettre", args=[fait.numero, "accuse"])
    client.force_login(agent)
    assert client.post(adresse)["Location"] == LISTE
    client.force_login(PersonneFabrique(roles=["agent"]))
    assert client.post(adresse)["Location"] == LISTE
    partie = Lettre.objects.get()
    assert (partie.depot, partie.genre, partie.envoyee_par) == (fait, "accuse", agent)
    assert genres() == []
    assert "par Alix Agent" in client.get(adresse).content.decode()
    assert "par Alix Agent" in client.get(reverse("idees:depot", args=[fait.numero])).content.decode()


@pytest.mark.parametrize("reste", [["refus"], ["reponse"], ["pigeon"], ["reponse", 9999], ["accuse", 1]])
def test_une_lettre_qui_n_est_pas_due_n_existe_pas(client, agent, reste):
    fait = depot(**PAR_COURRIER)
    client.force_login(agent)
    adresse = reverse("idees:lettre", args=[fait.numero, *reste])
    assert (client.get(adresse).status_code, client.post(adresse).status_code) == (404, 404)


def test_sans_adresse_rien_ne_part(client, agent):
    fait = depot(**PAR_COURRIER)
    Depot.objects.update(adresse_postale="")
    client.force_login(agent)
    assert client.post(reverse("idees:lettre", args=[fait.numero, "accuse"])).status_code == 404
    assert Lettre.objects.count() == 0


def test_autant_de_requetes_pour_une_et_pour_cinquante(client, agent, django_assert_num_queries):
    client.force_login(agent)
    boite = depot("retenue", **PAR_COURRIER).idee.boite
    depot("refusee", boite=boite, **PAR_COURRIER)
    client.get(LISTE)
    with CaptureQueriesContext(connection) as une:
        client.get(LISTE)
    for rang in range(50):
        depot("refusee" if rang % 2 else "a_moderer", boite=boite, **PAR_COURRIER)
    with django_assert_num_queries(len(une)):
        page = client.get(LISTE)
    assert page.context["page"].paginator.count == 4 + 75


# --- An idea that joined another -----------------------------------------------------------------------------------


def reunie_sans_compte(agent, **contact):
    """(deposit of the idea that joined, the merge); the other one waits for its answer."""
    fait = depot("publiee", canal="guichet", contact=contact)
    cible = IdeeFabrique(boite=fait.idee.boite, titre="Des bancs partout", etat="publiee")
    fusion = reunir(fait.idee, cible, par=agent)
    fait.idee.refresh_from_db()
    cible.refresh_from_db()
    return fait, fusion, cible


def test_une_lettre_pour_la_reunion_puis_pour_la_reponse_de_l_autre(client, agent):
    fait, fusion, cible = reunie_sans_compte(agent, adresse_postale=ADRESSE)
    assert genres() == [(fait.numero, "reunion")]
    client.force_login(agent)
    adresse = reverse("idees:lettre", args=[fait.numero, "reunion", fusion.pk])
    page = client.get(adresse).content.decode()
    for mots in (fait.idee.titre, "Des bancs partout", fusion.motif, fusion.urgence, f"n° {cible.pk}"):
        assert mots in page
    assert client.post(adresse)["Location"] == LISTE
    assert genres() == []
    amener_depuis_publiee(cible, "retenue")
    assert genres() == [(fait.numero, "reponse")]
    reponse = Reponse.objects.get()
    page = client.get(reverse("idees:lettre", args=[fait.numero, "reponse", reponse.pk])).content.decode()
    assert reponse.texte in page and "dont la réponse vaut pour les deux" in page


def test_separee_avant_l_envoi_il_n_y_a_plus_de_lettre(agent):
    _fait, fusion, _cible = reunie_sans_compte(agent, adresse_postale=ADRESSE)
    franchir(fusion.defaire, par=agent, motif="Une erreur.")
    assert genres() == []


def proposee_sans_compte(agent, *, vers_elle=False):
    """(deposit, the other idea, the proposal): the collectivité proposes that they become one."""
    fait = depot("publiee", **PAR_COURRIER)
    Lettre.objects.create(depot=fait, genre="accuse", envoyee_par=agent)
    autre = IdeeFabrique(boite=fait.idee.boite, titre="Des bancs partout", etat="publiee")
    source, cible = (autre, fait.idee) if vers_elle else (fait.idee, autre)
    return fait, autre, proposer(source, cible, par=agent, motif="Elles demandent la même chose.")


def envoyer(client, agent, fait, *reste) -> str:
    """The words of the letter, which then leaves."""
    client.force_login(agent)
    adresse = reverse("idees:lettre", args=[fait.numero, *reste])
    page = unescape(client.get(adresse).content.decode())
    assert client.post(adresse)["Location"] == LISTE
    return page


@pytest.mark.parametrize("vers_elle", [False, True])
def test_une_lettre_pour_chaque_pas_d_une_reunion(client, agent, vers_elle):
    fait, autre, fusion = proposee_sans_compte(agent, vers_elle=vers_elle)
    assert genres() == [(fait.numero, "proposee")]
    page = envoyer(client, agent, fait, "proposee", fusion.pk)
    for mots in (fait.idee.titre, "Des bancs partout", fusion.motif, fusion.regle_en_clair(), "/idees/suivre/"):
        assert mots in page
    assert ("rejoigne la vôtre" in page) == vers_elle
    franchir(fusion.imposer, par=agent, urgence="L’étude commence demain.")
    assert genres() == [(fait.numero, "reunion")]
    page = envoyer(client, agent, fait, "reunion", fusion.pk)
    assert f"n° {autre.pk}" in page and ("s’ajoutent aux vôtres" in page) == vers_elle
    assert genres() == []
    franchir(fusion.defaire, par=agent, motif="Ce sont deux places.")
    assert genres() == [(fait.numero, "fin")]
    page = envoyer(client, agent, fait, "fin", fusion.pk)
    assert "ces deux idées ont été séparées" in page and "Ce sont deux places." in page
    assert genres() == []
    assert list(Lettre.objects.filter(fusion=fusion).order_by("pk").values_list("genre", flat=True)) == [
        "proposee",
        "reunion",
        "fin",
    ]


@pytest.mark.parametrize("racontee", [False, True])
def test_une_proposition_sans_suite_se_dit_a_qui_l_a_recue(client, agent, racontee):
    fait, autre, fusion = proposee_sans_compte(agent)
    if racontee:
        envoyer(client, agent, fait, "proposee", fusion.pk)
    franchir(fusion.refuser, par=autre.auteur, motif="Ce n’est pas la même place.")
    assert genres() == ([(fait.numero, "fin")] if racontee else [])
    if racontee:
        page = envoyer(client, agent, fait, "fin", fusion.pk)
        assert "cette proposition a pris fin" in page and "Ce n’est pas la même place." in page


def test_qui_l_a_proposee_elle_meme_n_en_recoit_pas_la_lettre(client):
    fait = depot("publiee", canal="guichet", contact={"adresse_postale": ADRESSE})
    autre = IdeeFabrique(boite=fait.idee.boite, etat="publiee")
    proposer(fait.idee, autre, par=Depositaire([fait.numero]), motif="Elles demandent la même chose.")
    assert genres() == []


def test_sa_page_de_suivi_mene_a_la_proposition(client, agent):
    fait, _autre, fusion = proposee_sans_compte(agent)
    confier(client, fait.idee)
    assert fusion.get_absolute_url() in client.get(reverse("idees:suivi", args=[fait.numero])).content.decode()


def test_sans_compte_elle_recoit_la_reunion_et_la_reponse_de_l_autre(agent, monkeypatch):
    monkeypatch.setattr("notifications.tasks.RETARD", timedelta(0))
    _fait, _fusion, cible = reunie_sans_compte(agent, courriel=COURRIEL)
    amener_depuis_publiee(cible, "retenue")
    rattraper()
    recus = Courriel.objects.filter(destinataire=COURRIEL)
    dits = {Entree.objects.get(pk=int(c.cle.split(":")[1])).type for c in recus}
    assert {"idees.fusion.imposer", "reponses.publier"} <= dits
    for courriel in recus:
        assert "/idees/suivre/lien/" in courriel.texte and "preferences" not in courriel.texte


@pytest.mark.parametrize(
    ("etat", "jours", "oublie"), [("publiee", 200, False), ("non_retenue", 89, False), ("non_retenue", 91, True)]
)
def test_son_contact_sert_jusqu_a_la_fin_de_l_autre(agent, etat, jours, oublie):
    fait, _fusion, cible = reunie_sans_compte(agent, courriel=COURRIEL, adresse_postale=ADRESSE)
    if etat != "publiee":
        amener_depuis_publiee(cible, etat)
    with time_machine.travel(timezone.now() + timedelta(days=jours), tick=False):
        assert depots.oublier_les_contacts() == int(oublie)
    fait.refresh_from_db()
    assert bool(fait.adresse_postale) == (not oublie)


def test_sur_sa_page_la_reponse_de_l_autre_et_pas_de_rattachement_impossible(client, agent):
    fait, _fusion, cible = reunie_sans_compte(agent)
    amener_depuis_publiee(cible, "retenue")
    confier(client, fait.idee)
    page = client.get(reverse("idees:suivi", args=[fait.numero])).content.decode()
    assert reverse("idees:rattacher") not in page
    assert Reponse.objects.get().get_absolute_url() in page
