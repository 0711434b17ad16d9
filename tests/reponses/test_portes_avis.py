"""The opinion of a service, before publication: every door of the site × everybody. Read by the chain, by nobody else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from notifications import annonces
from notifications.models import Courriel
from notifications.tasks import rattraper
from reponses.actions import rendre_avis
from reponses.models import Avis, Reponse
from reponses.rappels import rappeler
from tests.fabriques import ServiceFabrique, SoutienFabrique, rediger_reponse
from tests.reponses.conftest import dans
from timeline.etapes import franchir, transitions_de
from timeline.models import Entree, Relais

pytestmark = pytest.mark.django_db

AVIS, COUT = "Avis-secret-du-service", "Justification-secrete"
TOUS = (
    "visiteur", "citoyenne", "voisin", "agent", "administratrice", "referente", "autre_referente", "moderatrice", "elue",
    "autre_elue", "ancienne_elue", "elue_du_projet", "experte", "autre_experte",
)  # fmt: skip
CHAINE = {"agent", "administratrice", "referente", "experte"}
ETATS = {
    "en_consultation": CHAINE,
    "brouillon": CHAINE,  # taken back with its opinion in the file
    "a_signer": CHAINE | {"elue"},
    "signee": CHAINE | {"elue"},
}


@pytest.fixture(params=ETATS)
def dossier(request, idee, agent, elue):
    """A dossier with its secret opinion and its secret reason of the cost, at one station."""
    SoutienFabrique(idee=idee)
    reponse = rediger_reponse(idee, agent=agent, cout_estime=5, cout_justification=COUT, cout_le=dans(0))
    franchir(reponse.consulter, par=agent, services=[ServiceFabrique(courriel="parcs@exemple.fr")], attendu_le=dans(5))
    rendre_avis(reponse.avis.get(), par=agent, texte=AVIS)
    if request.param == "brouillon":
        franchir(reponse.reprendre, par=agent)
    if request.param in {"a_signer", "signee"}:
        franchir(reponse.presenter, par=agent, signataire=elue)
    if request.param == "signee":
        franchir(reponse.signer, par=elue)
    return reponse


@pytest.fixture
def gens(request):
    return {nom: AnonymousUser() if nom == "visiteur" else request.getfixturevalue(nom) for nom in TOUS}


def portes(reponse) -> dict[str, str]:
    """{name of the door: address}"""
    idee, avis = reponse.cible, reponse.avis.get()
    du_dossier = {
        "dossier": reponse.get_absolute_url(),
        "fragment": f"{reponse.get_absolute_url()}#htmx",
        "modifier": reverse("reponses:modifier", args=[reponse.pk]),
        "corriger": reverse("reponses:corriger", args=[reponse.pk]),
        "jalons": reverse("reponses:jalons", args=[reponse.pk]),
        "avis": reverse("reponses:avis", args=[avis.pk]),
        "sceau": reverse("reponses:sceau", args=[reponse.pk]),
        "rediger": reverse("reponses:rediger", args=["idees.idee", idee.pk]),
        **{
            f"etape {nom}": reverse("timeline:etape", args=["reponses.reponse", reponse.pk, nom])
            for nom in transitions_de(Reponse)
        },
    }
    publiques = {
        "accueil": "/",
        "mon espace": reverse("portail:mon_espace"),
        "bureau de l’équipe": reverse("portail:bureau_agent"),
        "bureau de l’élue": reverse("portail:bureau_elue"),
        "cloche": reverse("notifications:liste"),
        "idée": idee.get_absolute_url(),
        "versions": f"{idee.get_absolute_url()}versions/",
        "projet": idee.projet.get_absolute_url(),
        "réponses": reverse("reponses:liste"),
        "chronologie": reverse("timeline:chronologie"),
        "flux": reverse("timeline:atom"),
        "flux du projet": f"{idee.projet.get_absolute_url()}atom.xml",
        "flux des idées": reverse("idees:atom"),
        "registre": reverse("timeline:registre", args=["generale"]),
        "registre du projet": reverse("timeline:registre", args=[f"projet-{idee.projet_id}"]),
        "recherche": f"{reverse('idees:liste')}?q=Avis-secret",
        "semblables": f"{reverse('idees:semblables')}?titre=Des+bancs&texte=ombre",
        "points": reverse("idees:points"),
        "suite": f"{idee.get_absolute_url()}suite/",
        "api réponses": "/api/v1/reponses/",
        "api réponse": f"/api/v1/reponses/{reponse.pk}/",
        "api idées": "/api/v1/idees/",
        "api idée": f"/api/v1/idees/{idee.pk}/",
        "api journal": "/api/v1/journal/",
        "api registres": "/api/v1/journal/registres/",
        "api cloche": "/api/v1/notifications/",
        "api moi": "/api/v1/moi/",
        "admin": reverse("admin:reponses_avis_changelist"),
        "admin avis": reverse("admin:reponses_avis_change", args=[avis.pk]),
        "admin réponse": reverse("admin:reponses_reponse_change", args=[reponse.pk]),
        "admin escalades": reverse("admin:reponses_escalade_changelist"),
    }
    entrees = {f"entrée {e.type}": e.get_absolute_url() for e in Entree.objects.sur(reponse)}
    return du_dossier | publiques | entrees


def corps_de(client, adresse) -> str:
    adresse, _, mode = adresse.partition("#")
    entetes = {"HX-Request": "true"} if mode == "htmx" else {}
    recue = client.get(adresse, headers=entetes, follow=True)
    brut = b"".join(recue.streaming_content) if recue.streaming else recue.content
    return brut.decode()


def test_chaque_porte_pour_chaque_personne(request, client, dossier, gens):
    """Nobody outside the chain reads it anywhere; and each of the chain reads it in the dossier, so the test can fail."""
    permises = ETATS[dossier.etat]
    adresses = portes(dossier)
    for nom, personne in gens.items():
        client.logout()
        if nom != "visiteur":
            client.force_login(personne)
        if nom in permises:
            corps = corps_de(client, dossier.get_absolute_url())
            assert (nom, AVIS in corps, COUT in corps) == (nom, True, True)
            continue
        fuites = [porte for porte, adresse in adresses.items() if _fuit(corps_de(client, adresse))]
        assert (nom, fuites) == (nom, [])


def _fuit(corps) -> bool:
    return AVIS in corps or COUT in corps


def test_les_portes_publiques_sont_ouvertes(client, dossier):
    """A door that answers « not found » would prove nothing."""
    adresses = portes(dossier)
    for porte in (
        "accueil", "idée", "versions", "projet", "réponses", "chronologie", "flux", "flux du projet", "flux des idées",
        "registre du projet", "recherche", "semblables", "points", "api réponses", "api idées", "api idée", "api journal",
        "api registres",
    ):  # fmt: skip
        assert (porte, client.get(adresses[porte]).status_code) == (porte, 200)


def test_la_requete_dit_la_meme_chose(dossier, gens):
    """`visibles_par` of the opinions: who instructs and the experts; the élue reads them inside her dossier alone."""
    lisent = {nom for nom, personne in gens.items() if Avis.objects.visibles_par(personne).exists()}
    assert lisent == CHAINE


def test_aucun_courriel_ne_le_porte(dossier, idee, gens, agent, elue):
    """Whatever was told on the way, and the reminders of the clock: not to anybody, not even to the chain."""
    rappeler()
    for pk in list(Relais.objects.order_by("pk").values_list("entree", flat=True)):
        annonces.annoncer(pk)
    assert not Relais.objects.exists()
    assert Courriel.objects.exists()
    assert not any(_fuit(c.objet + c.texte + c.html) for c in Courriel.objects.all())
    assert rattraper() is not None


def test_le_journal_n_en_garde_pas_un_mot(dossier):
    for entree in Entree.objects.all():
        assert not _fuit(f"{entree.donnees}{entree.phrase}"), entree.type


@pytest.mark.parametrize("dossier", ["signee"], indirect=True)
def test_apres_la_publication_l_avis_reste_interne(client, dossier, gens, agent):
    """What is published is the answer: the opinions are named by their service, not read."""
    reponse = Reponse.objects.get(pk=dossier.pk)
    franchir(reponse.publier, par=agent)
    adresses = portes(reponse)
    for nom, personne in gens.items():
        if nom in CHAINE:
            continue
        client.logout()
        if nom != "visiteur":
            client.force_login(personne)
        assert (nom, [p for p, a in adresses.items() if _fuit(corps_de(client, a))]) == (nom, [])
