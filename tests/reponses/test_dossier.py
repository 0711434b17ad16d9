"""The dossier on one page: everything one needs to decide, nothing for those outside, and two people who write at once."""

from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from commentaires.models import Accord, Commentaire, Distinction
from idees.indexation import indexer
from idees.models import Idee
from moderation.actions import masquer
from reponses import presence
from reponses.models import Reponse
from tests.fabriques import (
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    SoutienFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.idees.gestes import coautrice_de
from tests.reponses.conftest import amener_reponse, dans
from timeline.etapes import franchir

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sans_presence():
    cache.clear()


def dire(idee, texte, position, accords=0) -> Commentaire:
    dit = Commentaire.objects.create(cible=idee, auteur=PersonneFabrique(), texte=texte, position=position)
    Accord.objects.bulk_create(Accord(commentaire=dit, personne=PersonneFabrique()) for _n in range(accords))
    return dit


def page(client, reponse) -> str:
    return client.get(reponse.get_absolute_url()).content.decode()


def test_tout_est_sur_une_page(client, idee, agent, elue):
    """The idea, its people, its supports, its discussion, its place, its neighbours, its cost, its opinions, its road."""
    Idee.objects.filter(pk=idee.pk).update(latitude=47.2, longitude=-1.55, lieu="Devant la mairie")
    idee.refresh_from_db()
    coautrice_de(idee, pseudonyme="Coco Autrice")
    SoutienFabrique.create_batch(2, idee=idee)
    dire(idee, "L’ombre manque partout.", "pour", accords=2)
    contre = dire(idee, "Les bancs attirent le bruit.", "contre")
    dire(idee, "Combien cela coûte-t-il ?", "neutre")
    Distinction.objects.create(commentaire=contre, ce_qui_change="Des bancs loin des fenêtres.", titre="autrice")
    voisine = IdeeFabrique(titre="Des bancs à l’ombre au parc", texte=idee.texte, etat="en_etude")
    ancienne = publier_reponse(voisine, sens="no_go")
    proche = IdeeFabrique(titre="Plus de bancs à l’ombre", texte=idee.texte, etat="publiee")
    indexer(Idee.objects.all())
    reponse = rediger_reponse(idee, agent=agent, cout_estime=1200, cout_justification="Devis fictif.", cout_le=dans(-3))
    rendu, attendu, tardif = (ServiceFabrique(nom=nom) for nom in ("Parcs fictifs", "Voirie fictive", "Droit fictif"))
    franchir(reponse.consulter, par=agent, services=[rendu, attendu, tardif], attendu_le=dans(4))
    from reponses.actions import rendre_avis

    rendre_avis(reponse.avis.get(service=rendu), par=agent, texte="Avis très favorable.")
    reponse.avis.filter(service=tardif).update(attendu_le=dans(-2))
    client.force_login(agent)
    corps = page(client, reponse)
    for mots in (
        idee.texte, "Coco Autrice", idee.auteur.pseudonyme, "L’ombre manque partout.", "Les bancs attirent le bruit.",
        "Combien cela coûte-t-il", "A fait évoluer l’idée", "Des bancs loin des fenêtres.", "2 personnes d’accord",
        "Devant la mairie", "data-es-carte", "Voici ce qui a déjà été répondu", voisine.titre, proche.titre,
        "Devis fictif.", "Avis très favorable.", "Attendu", "En retard", reponse.texte, "Le chemin de ce dossier",
        "Envoyer à la signature",
    ):  # fmt: skip
        assert escape(mots) in corps or mots in corps, mots
    assert ancienne.get_absolute_url() in corps
    assert reverse("timeline:etape", args=["reponses.reponse", reponse.pk, "presenter"]) in unquote(corps)
    assert corps.count("<h1") == 1
    identifiants = [bout.split('"')[0] for bout in corps.split(' id="')[1:]]
    assert len(identifiants) == len(set(identifiants))


def test_les_arguments_les_plus_approuves_d_abord_et_trois_par_position(client, idee, brouillon, agent):
    for n in range(5):
        dire(idee, f"Argument pour {n}.", "pour", accords=n)
    client.force_login(agent)
    corps = page(client, brouillon)
    places = [corps.find(f"Argument pour {n}.") for n in (4, 3, 2)]
    assert -1 not in places
    assert places == sorted(places)
    assert "Argument pour 1." not in corps


def test_ce_que_la_moderation_cache_n_y_est_pas(client, idee, brouillon, agent, moderatrice):
    retire = dire(idee, "Une insulte.", "contre")
    masquer(retire, par=moderatrice, motif="injure", explication="Une insulte.")
    client.force_login(agent)
    assert "Une insulte." not in page(client, brouillon)
    dire(idee, "Un argument lisible.", "pour")
    masquer(idee, par=moderatrice, motif="vie_privee", explication="Une adresse.")
    assert "Un argument lisible." not in page(client, brouillon)


def test_une_reponse_a_un_projet_garde_son_resume(client, agent, referente):
    projet = ProjetFabrique(referente=referente, ouvert=True, resume="Un résumé de projet.")
    client.force_login(agent)
    assert "Un résumé de projet." in page(client, rediger_reponse(projet, agent=agent))


def test_l_elue_lit_les_memes_choses_avant_de_signer(client, idee, a_signer, elue):
    dire(idee, "L’ombre manque partout.", "pour")
    client.force_login(elue)
    adresse = reverse("timeline:etape", args=["reponses.reponse", a_signer.pk, "signer"])
    corps = client.get(adresse, {"etat": "a_signer"}).content.decode()
    for mots in ("L’ombre manque partout.", "Avis favorable.", idee.texte):
        assert mots in corps


def test_le_nombre_de_requetes_ne_depend_pas_de_la_discussion(client, idee, en_consultation, agent):
    client.force_login(agent)

    def requetes():
        with CaptureQueriesContext(connection) as capture:
            page(client, en_consultation)
        return len(capture)

    for position in ("pour", "contre", "neutre"):
        dire(idee, "Un premier argument.", position, accords=1)
    coautrice_de(idee)
    SoutienFabrique(idee=idee)
    requetes()
    une = requetes()
    for n in range(50):
        dire(idee, f"Argument {n}.", ("pour", "contre", "neutre")[n % 3])
    coautrice_de(idee)
    SoutienFabrique.create_batch(5, idee=idee)
    assert requetes() == une


# --- Two people ------------------------------------------------------------------------------------------------------


def test_on_voit_qui_ecrit_en_ce_moment(client, brouillon, agent, referente):
    adresse = reverse("reponses:modifier", args=[brouillon.pk])
    client.force_login(referente)
    assert "écrit en ce moment" not in client.get(adresse).content.decode(), "not herself"
    client.force_login(agent)
    for lue in (brouillon.get_absolute_url(), adresse):
        assert f"{referente.pseudonyme} écrit en ce moment" in client.get(lue).content.decode()
    client.force_login(referente)
    contenu = {nom: str(getattr(brouillon, nom) or "") for nom in Reponse.CONTENU} | {"version": brouillon.version()}
    assert client.post(adresse, contenu).status_code == 302
    client.force_login(agent)
    assert "écrit en ce moment" not in page(client, brouillon), "her text is kept"


def test_une_presence_s_oublie(brouillon, agent, referente):
    import time_machine
    from django.utils import timezone

    presence.signaler(brouillon, referente)
    assert presence.qui_ecrit(brouillon, agent) == [referente.pseudonyme]
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=presence.DUREE + 1)):
        assert presence.qui_ecrit(brouillon, agent) == []


@pytest.mark.parametrize(
    ("champ", "mien", "sien"),
    [
        ("cout_justification", "Mon calcul.", "Son devis."),
        ("texte", "Mon texte.", "Son texte."),
        ("acte_conseil", "N° 1", "N° 2"),
    ],
)
def test_tout_ce_qui_s_ecrit_est_compare(client, idee, agent, referente, champ, mien, sien):
    brouillon = rediger_reponse(idee, agent=agent, cout_estime=10, cout_justification="Avant.", cout_le=dans(0))
    noms = Reponse.CONTENU + Reponse.DU_DOSSIER
    contenu = {nom: str(getattr(brouillon, nom) or "") for nom in noms} | {"version": brouillon.version()}
    adresse = reverse("reponses:modifier", args=[brouillon.pk])
    client.force_login(agent)
    assert client.post(adresse, contenu | {champ: sien}).status_code == 302
    client.force_login(referente)
    recue = client.post(adresse, contenu | {champ: mien})
    assert recue.status_code == 422
    assert mien in recue.content.decode()
    assert sien in recue.content.decode()
    brouillon.refresh_from_db()
    assert getattr(brouillon, champ) == sien


def test_deux_avis_a_la_fois_la_seconde_lit_les_deux(client, en_consultation, agent, referente):
    avis = en_consultation.avis.get()
    adresse = reverse("reponses:avis", args=[avis.pk])
    client.force_login(agent)
    assert client.post(adresse, {"texte": "Favorable, dit l’agent."}).status_code == 302
    client.force_login(referente)
    recue = client.post(adresse, {"texte": "Réservé, dit la référente."})
    corps = recue.content.decode()
    assert recue.status_code == 409
    for mots in ("Favorable, dit l’agent.", "Réservé, dit la référente.", "Un avis rendu ne change plus"):
        assert mots in corps
    avis.refresh_from_db()
    assert avis.texte == "Favorable, dit l’agent."
    assert client.get(adresse).status_code == 409


def test_le_cout_reste_dans_le_dossier(client, idee, agent, elue, voisin):
    reponse = rediger_reponse(
        idee, agent=agent, cout_estime=77_000, cout_justification="Devis du service.", cout_le=dans(0)
    )
    amener_reponse(reponse, "signee", agent=agent, elue=elue)
    client.force_login(voisin)
    assert client.get(reponse.get_absolute_url()).status_code == 404
    franchir(Reponse.objects.get(pk=reponse.pk).publier, par=agent)
    corps = page(client, reponse)
    assert "77" in corps
    assert "Devis du service." not in corps
    client.force_login(agent)
    assert "Devis du service." in page(client, reponse)
