"""The opinion of a service, before publication: each door × each person. Outside the chain, nobody reads it."""

from zipfile import ZipFile

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern, RoutePattern

from config.asgi import application
from notifications.models import Courriel
from portail.mes_donnees import archiver
from reponses.actions import rendre_avis
from reponses.models import Avis, Reponse
from tests.fabriques import IdeeFabrique, PersonneFabrique, ServiceFabrique, rediger_reponse
from tests.notifications.conftest import dire
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


def amener(idee, etat, *, agent, elue):
    reponse = rediger_reponse(idee, agent=agent)
    franchir(
        reponse.consulter,
        par=agent,
        services=[ServiceFabrique(nom="Service de l’ombre", courriel="ombre@exemple.fr")],
        attendu_le=reponse.premiere_etape_le,
    )
    rendre_avis(reponse.avis.get(), par=agent, texte=f"{SECRET} : favorable.")
    if etat == "brouillon":
        franchir(reponse.reprendre, par=agent)
    if etat in {"a_signer", "signee"}:
        franchir(reponse.presenter, par=agent, signataire=elue)
    if etat == "signee":
        franchir(reponse.signer, par=elue)
    return reponse


@pytest.fixture
def avec_avis(idee, agent, elue):
    """Waiting for her name, with one opinion given."""
    return amener(idee, "a_signer", agent=agent, elue=elue)


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
def test_dehors_aucune_page_du_site_ne_le_dit(request, client, avec_avis, qui):
    """After everything was told: whatever is listed, searched, fed, exported or kept for her."""
    dire()
    if qui != "visiteur":
        client.force_login(request.getfixturevalue(qui))
    for adresse in pages_du_site():
        corps = lire(client, f"{adresse}?q={SECRET}")
        assert f"{SECRET} : favorable" not in corps, adresse
        assert "Service de l’ombre" not in corps, adresse


@pytest.mark.parametrize("etat", ETATS)
def test_a_chaque_etat_la_chaine_et_elle_seule(request, client, idee, agent, elue, etat):
    """State × person: the page, its fragment, and the query."""
    reponse = amener(idee, etat, agent=agent, elue=elue)
    for qui in (*DEHORS, *sorted(CHAINE)):
        client.logout()
        if qui != "visiteur":
            client.force_login(request.getfixturevalue(qui))
        for entetes in ({}, {"HX-Request": "true"}):
            corps = client.get(reponse.get_absolute_url(), headers=entetes).content.decode()
            assert (qui, f"{SECRET} : favorable" in corps) == (qui, qui in ETATS[etat])


@pytest.mark.parametrize("qui", [*(q for q in DEHORS if q != "visiteur"), "citoyenne", "agent", "elue"])
def test_ni_dans_la_cloche_ni_dans_ses_donnees(request, client, avec_avis, qui):
    """What the site has told her, on line and by the API, and the archive of all that it knows of her."""
    personne = request.getfixturevalue(qui)
    dire()
    client.force_login(personne)
    for adresse in (reverse("notifications:liste"), "/api/v1/notifications/"):
        assert SECRET not in lire(client, adresse), adresse
    with archiver(personne) as fichier, ZipFile(fichier) as archive:
        for nom in archive.namelist():
            assert SECRET.encode() not in archive.read(nom), nom


@pytest.mark.django_db(transaction=True)
async def test_aucune_prise_ne_le_porte():
    """Through the real routing: the flux of the dossier is shut outside, and the open ones say nothing when it is given."""
    gens, cible, avis = await sync_to_async(_scene)()
    prises = {
        "idée": (f"/ws/flux/idees.idee/{cible.pk}/", "citoyenne"),
        "chronologie": ("/ws/flux/", "visiteur"),
        "dossier": (f"/ws/flux/reponses.reponse/{avis.reponse_id}/", "agent"),
    }
    ouvertes = {}
    for nom, (adresse, qui) in prises.items():
        ouvertes[nom] = await _ouvrir(adresse, gens[qui])
        assert (await ouvertes[nom].connect())[0], nom
    for qui in ("visiteur", "citoyenne", "elue", "moderatrice"):
        for chose in (f"reponses.reponse/{avis.reponse_id}", f"reponses.avis/{avis.pk}"):
            prise = await _ouvrir(f"/ws/flux/{chose}/", gens[qui])
            assert await prise.connect() == (False, 4404), (qui, chose)
    await sync_to_async(rendre_avis)(avis, par=gens["agent_"], texte=f"{SECRET} : favorable.")
    assert await ouvertes["dossier"].receive_json_from() == {"type": "entree"}
    for nom in ("idée", "chronologie"):
        assert await ouvertes[nom].receive_nothing(), nom
    for prise in ouvertes.values():
        await prise.disconnect()


def _scene():
    personnes = {
        "citoyenne": PersonneFabrique(),
        "agent": PersonneFabrique(roles=["agent"]),
        "elue": PersonneFabrique(roles=["elue"]),
        "moderatrice": PersonneFabrique(roles=["moderatrice"]),
    }
    idee = IdeeFabrique(etat="en_etude")
    reponse = rediger_reponse(idee, agent=personnes["agent"])
    franchir(
        reponse.consulter, par=personnes["agent"], services=[ServiceFabrique()], attendu_le=reponse.premiere_etape_le
    )
    cookies = {"visiteur": ""}
    for nom, personne in personnes.items():
        client = Client()
        client.force_login(personne)
        cookies[nom] = f"sessionid={client.cookies['sessionid'].value}"
    return {**cookies, "agent_": personnes["agent"]}, idee, reponse.avis.get()


async def _ouvrir(adresse, cookie):
    entetes = [(b"cookie", cookie.encode()), (b"origin", b"http://localhost"), (b"host", b"localhost")]
    return WebsocketCommunicator(application, adresse, headers=entetes)


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
