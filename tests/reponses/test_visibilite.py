"""A draft is nobody's business: every door by which a stranger could learn of it. Then what a published answer shows."""

import re

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from config.asgi import application
from moderation.actions import masquer
from reponses.actions import planifier_jalon
from reponses.models import Avis, Jalon, Reponse
from tests.fabriques import IdeeFabrique, PersonneFabrique, publier_reponse, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db

SECRET = "Un-secret-de-brouillon"

#: state -> who may read the dossier; everybody reads what is published.
LECTURE = {
    "brouillon": {"agent", "administratrice", "referente", "experte"},
    "en_consultation": {"agent", "administratrice", "referente", "experte"},
    "a_signer": {"agent", "administratrice", "referente", "experte", "elue"},
    "signee": {"agent", "administratrice", "referente", "experte", "elue"},
}
TOUS = (
    "visiteur",
    "citoyenne",
    "voisin",
    "agent",
    "administratrice",
    "referente",
    "autre_referente",
    "moderatrice",
    "elue",
    "autre_elue",
    "ancienne_elue",
    "elue_du_projet",
    "experte",
    "autre_experte",
)


@pytest.fixture
def secrete(idee, agent):
    return rediger_reponse(idee, agent=agent, texte=SECRET, premiere_etape=SECRET)


@pytest.fixture
def gens(request):
    return {nom: AnonymousUser() if nom == "visiteur" else request.getfixturevalue(nom) for nom in TOUS}


@pytest.mark.parametrize("etat", LECTURE)
def test_la_page_et_la_requete_disent_la_meme_chose(client, secrete, gens, agent, elue, etat):
    amener_reponse(secrete, etat, agent=agent, elue=elue)
    for nom, personne in gens.items():
        client.logout()
        if nom != "visiteur":
            client.force_login(personne)
        permis = nom in LECTURE[etat]
        recue = client.get(secrete.get_absolute_url())
        assert (nom, recue.status_code) == (nom, 200 if permis else 404)
        assert Reponse.objects.visibles_par(personne).filter(pk=secrete.pk).exists() is permis
        assert SECRET not in recue.content.decode() or permis


def test_une_reponse_qui_n_existe_pas_a_la_meme_page(client, secrete, citoyenne):
    """AC-02: same body as for a number that nobody uses."""
    client.force_login(citoyenne)
    caches, absentes = (client.get(f"/reponses/{pk}/") for pk in (secrete.pk, 999_999))
    assert (caches.status_code, absentes.status_code) == (404, 404)
    assert _sans_jeton(caches, secrete.pk) == _sans_jeton(absentes, 999_999)


def _sans_jeton(reponse, pk):
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*', "", reponse.content.decode()).replace(
        f"/reponses/{pk}/", ""
    )


@pytest.mark.parametrize("etat", LECTURE)
def test_rien_n_en_filtre_dans_les_pages_publiques(client, secrete, idee, agent, elue, citoyenne, etat):
    """Chronology, feeds, registers, home, the idea itself, the list: neither its words nor its number."""
    amener_reponse(secrete, etat, agent=agent, elue=elue)
    adresses = [
        reverse("reponses:liste"), reverse("reponses:sceau", args=[secrete.pk]), reverse("timeline:chronologie"), reverse("timeline:atom"),
        reverse("timeline:registre", args=["generale"]), reverse("timeline:registre", args=[f"projet-{idee.projet_id}"]),
        "/", idee.get_absolute_url(), idee.projet.get_absolute_url(), reverse("reponses:jalons", args=[secrete.pk]),
        reverse("reponses:modifier", args=[secrete.pk]), reverse("reponses:corriger", args=[secrete.pk]),
        *(reverse("timeline:etape", args=["reponses.reponse", secrete.pk, nom]) for nom in ("consulter", "signer", "publier")),
    ]  # fmt: skip
    for personne in (None, citoyenne):
        if personne:
            client.force_login(personne)
        for adresse in adresses:
            recue = client.get(adresse, follow=True)
            corps = b"".join(recue.streaming_content).decode() if recue.streaming else recue.content.decode()
            assert SECRET not in corps, adresse
            assert f"/reponses/{secrete.pk}/" not in corps.replace(adresse, ""), adresse
            assert "Services consultés" not in corps, adresse


def test_les_entrees_du_dossier_ne_sont_pas_publiques(secrete, agent, elue, citoyenne, autre_referente):
    amener_reponse(secrete, "signee", agent=agent, elue=elue)
    entrees = Entree.objects.sur(secrete)
    assert set(entrees.values_list("type", flat=True)) == {
        "reponses.consulter",
        "reponses.avis.rendre",
        "reponses.presenter",
        "reponses.signer",
    }
    for personne in (AnonymousUser(), citoyenne, autre_referente):
        assert not entrees.visibles_par(personne).exists()
    for entree in entrees:
        assert SECRET not in str(entree.donnees)
        assert "Avis favorable" not in str(entree.donnees)


def test_avis_et_etapes_suivent_leur_reponse(secrete, agent, elue, citoyenne, autre_referente, referente):
    amener_reponse(secrete, "signee", agent=agent, elue=elue)
    assert [
        Avis.objects.visibles_par(p).count()
        for p in (AnonymousUser(), citoyenne, autre_referente, elue, referente, agent)
    ] == [0, 0, 0, 0, 1, 1]
    franchir(secrete.publier, par=agent)
    assert [Jalon.objects.visibles_par(p).count() for p in (AnonymousUser(), citoyenne)] == [1, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("etat", ["a_signer", "publiee"])
async def test_le_flux_d_un_dossier_est_ferme_aux_autres(etat):
    """Through the real ASGI routing, four people."""
    pk, cookies = await sync_to_async(_preparer_le_flux)(etat)
    for nom, cookie in cookies.items():
        entetes = [(b"cookie", cookie.encode()), (b"origin", b"http://localhost"), (b"host", b"localhost")]
        prise = WebsocketCommunicator(application, f"/ws/flux/reponses.reponse/{pk}/", headers=entetes)
        ouverte, code = await prise.connect()
        permis = etat == "publiee" or nom in {"agent", "elue"}
        assert (nom, ouverte) == (nom, permis)
        assert permis or code == 4404
        await prise.disconnect()


def _preparer_le_flux(etat):
    agent, elue = PersonneFabrique(roles=["agent"]), PersonneFabrique(roles=["elue"])
    reponse = rediger_reponse(IdeeFabrique(etat="en_etude"), agent=agent)
    amener_reponse(reponse, etat, agent=agent, elue=elue)
    cookies = {"visiteur": ""}
    for nom, personne in {"agent": agent, "elue": elue, "citoyenne": PersonneFabrique()}.items():
        client = Client()
        client.force_login(personne)
        cookies[nom] = f"sessionid={client.cookies['sessionid'].value}"
    return reponse.pk, cookies


# --- What is published, and what it answers --------------------------------------------------------------------------


def test_la_page_publique_ne_montre_ni_avis_ni_brouillon_de_correction(client, publiee, idee):
    rediger_reponse(idee, corrige=publiee, texte=SECRET)
    corps = client.get(publiee.get_absolute_url()).content.decode()
    assert SECRET not in corps
    assert "Avis favorable." not in corps


def test_une_idee_masquee_n_est_plus_nommee_par_sa_reponse(client, publiee, idee, moderatrice, agent):
    """AC-11: the answer stays, without the words that moderation has hidden."""
    masquer(idee, par=moderatrice, motif="vie_privee", explication="Le titre nomme une personne.")
    planifier_jalon(publiee, par=agent, titre="Poser les bancs", prevu_le=dans(5))
    adresses = [
        publiee.get_absolute_url(),
        reverse("reponses:liste"),
        reverse("timeline:chronologie"),
        reverse("timeline:atom"),
        "/",
    ]
    for adresse in adresses:
        corps = client.get(adresse).content.decode()
        assert idee.titre not in corps, adresse
        assert idee.titre.replace("’", "&#x27;") not in corps, adresse
    assert publiee.texte in client.get(publiee.get_absolute_url()).content.decode()


def test_on_retire_le_droit_a_une_personne_dans_l_instant(client, secrete, referente):
    """AC-16: no longer in charge of the projet, no longer in the dossier."""
    client.force_login(referente)
    assert client.get(secrete.get_absolute_url()).status_code == 200
    projet = secrete.projet
    projet.referente = PersonneFabrique()
    projet.save(update_fields=["referente"])
    assert client.get(secrete.get_absolute_url()).status_code == 404


def test_le_projet_d_une_autre_ne_s_ouvre_pas_par_son_numero(client, autre_referente, secrete):
    """AC-06: in charge of A, acting on B by changing the number."""
    client.force_login(autre_referente)
    avis = Avis.objects.create(reponse=secrete, service=secrete.cible.boite.service, attendu_le=dans(3))
    for adresse in (
        reverse("reponses:modifier", args=[secrete.pk]), reverse("reponses:avis", args=[avis.pk]),
        reverse("reponses:jalons", args=[secrete.pk]),
        reverse("timeline:etape", args=["reponses.reponse", secrete.pk, "consulter"]),
    ):  # fmt: skip
        assert client.get(adresse).status_code == 404
        assert client.post(adresse, {"texte": "x", "titre": "x"}).status_code == 404
    publiee = publier_reponse(IdeeFabrique(etat="en_etude"))
    assert client.post(reverse("reponses:corriger", args=[publiee.pk]), {"texte": "x"}).status_code == 403
