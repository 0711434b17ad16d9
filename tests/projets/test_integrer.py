"""« Une concertation concerne cette page »: what is open, by theme and place; nothing to show takes no room; who may frame it."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from projets.models import Thematique
from territoires.models import Territoire
from tests.fabriques import EtapeFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db
ICI = "/integrer/concertations/"


@pytest.fixture
def lieux():
    ville = Territoire.objects.create(genre="commune", nom="Ville fictive", slug="ville", code="99001")
    autre = Territoire.objects.create(genre="commune", nom="Autre ville", slug="autre", code="99002")
    quartier = Territoire.objects.create(genre="quartier", nom="Le port", slug="port", code="Q1", parent=ville)
    return ville, autre, quartier


def projet(titre, *, territoire=None, theme=None, ouvert=True, **etape):
    fait = ProjetFabrique(titre=titre, ouvert=True, territoire=territoire)
    if theme:
        fait.thematiques.add(theme)
    if ouvert:
        EtapeFabrique(projet=fait, titre=f"Étape de {titre}", **etape)
    return fait


def titres(reponse) -> list[str]:
    return [p.titre for p in reponse.context["projets"]]


def test_ce_qui_est_ouvert_par_theme_et_par_lieu(client, lieux):
    ville, autre, quartier = lieux
    eau = Thematique.objects.create(nom="Eau", slug="eau")
    demain = timezone.now() + timedelta(days=1)
    projet("Dans la ville", territoire=ville)
    projet("Au port", territoire=quartier, theme=eau, ferme_le=demain)
    projet("Ailleurs", territoire=autre, theme=eau)
    projet("Sans étape ouverte", territoire=ville, theme=eau, ouvert=False)
    assert titres(client.get(ICI))[0] == "Au port" and len(titres(client.get(ICI))) == 3
    assert set(titres(client.get(ICI, {"lieu": "ville"}))) == {"Dans la ville", "Au port"}
    assert titres(client.get(ICI, {"lieu": "port"})) == ["Au port"]
    assert set(titres(client.get(ICI, {"theme": "eau"}))) == {"Au port", "Ailleurs"}
    assert titres(client.get(ICI, {"theme": "eau", "lieu": "autre"})) == ["Ailleurs"]


def test_il_dit_les_dates_et_mene_a_la_page_dans_un_nouvel_onglet(client):
    ouvert = projet("Des bancs & de l’ombre")
    texte = client.get(ICI).content.decode()
    assert (
        f'<a href="{ouvert.get_absolute_url()}" target="_blank" rel="noopener"><span>Des bancs &amp; de l’ombre</span>'
        in texte
    )
    assert re.search(r"Étape de Des bancs &amp; de l’ombre : du \d+.* au \d+", texte)
    assert "<form" not in texte and "<script" not in texte


def test_en_anglais_il_dit_ce_qui_est_francais(client):
    projet("Des bancs")
    texte = client.get(ICI, headers={"accept-language": "en"}).content.decode()
    assert '<span lang="fr">Des bancs</span>' in texte and '<span lang="fr">Étape de Des bancs</span>' in texte


@pytest.mark.parametrize(
    "demande", [{"theme": "inconnu"}, {"lieu": "inconnu"}, {"theme": "x\0y"}, {"lieu": "z" * 5000}]
)
def test_quand_il_n_y_a_rien_la_page_est_vide_et_le_dit_au_navigateur(client, demande):
    projet("Ouvert")
    page = client.get(ICI, demande)
    corps = re.sub(r"<[^>]+>|\s", "", page.content.decode().partition("<body")[2].partition(">")[2])
    assert page.status_code == 404 and corps == ""


def test_un_brouillon_une_etape_annulee_ou_finie_ne_s_y_voient_pas(client, agent):
    hier = timezone.now() - timedelta(days=1)
    ProjetFabrique(annonce=False, titre="Brouillon")
    projet("Finie", ouvre_le=hier - timedelta(days=9), ferme_le=hier)
    projet("À venir", ouvre_le=timezone.now() + timedelta(days=2), ferme_le=timezone.now() + timedelta(days=9))
    client.force_login(agent)
    assert client.get(ICI).status_code == 404


def test_qui_peut_l_afficher(client, settings):
    projet("Ouvert")
    for admis, attendu in (
        (["*"], "frame-ancestors *;"),
        (["https://ville.example"], "frame-ancestors https://ville.example;"),
    ):
        settings.CADRES_ADMIS = admis
        for page in (client.get(ICI), client.get(ICI, {"theme": "inconnu"})):
            assert attendu in page.headers["Content-Security-Policy"] + ";" and "X-Frame-Options" not in page.headers
            assert not page.cookies and "public" in page.headers["Cache-Control"]


@pytest.mark.parametrize("nb", [1, 50])
def test_il_coute_toujours_autant(client, django_assert_num_queries, nb):
    for n in range(nb):
        projet(f"Projet {n}")
    with django_assert_num_queries(2):
        page = client.get(ICI)
    assert len(titres(page)) == min(nb, 4) and ("Voir toutes les concertations" in page.content.decode()) == (nb > 4)


def test_un_agent_prepare_le_code(client, agent, citoyenne, lieux):
    ici = reverse("projets:composer_cadre")
    Thematique.objects.create(nom="Eau", slug="eau")
    projet("Au port", territoire=lieux[2])
    client.force_login(citoyenne)
    assert client.get(ici).status_code == 403
    client.force_login(agent)
    assert client.get(ici).context["code"].startswith(f'<iframe src="{settings.ADRESSE}{ICI}" title="Concertations')
    page = client.get(ici, {"theme": "eau", "lieu": "port"})
    code = page.context["code"]
    assert f'src="{settings.ADRESSE}{ICI}?theme=eau&amp;lieu=port"' in code and "allow-scripts" not in code
    assert page.context["code_sans_place"].startswith("<object ") and page.context["nb"] == 0
    assert client.get(ici, {"theme": "inconnu"}).status_code == 422
