"""What leaves the site when somebody shares: previews, QR code, poster, the map for search engines (AC-03)."""

import io
import re
from xml.etree import ElementTree as ET

import pytest
import segno
from django.conf import settings
from django.urls import reverse

from moderation.actions import masquer
from portail import plan
from tests.fabriques import BoiteFabrique, EtapeFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique

pytestmark = pytest.mark.django_db


def apercu(client, chemin) -> dict[str, str]:
    page = client.get(chemin).content.decode()
    metas = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[a-z_:]+)" content="([^"]*)">', page))
    if canonique := re.search(r'<link rel="canonical" href="([^"]+)">', page):
        metas["canonical"] = canonique.group(1)
    return metas


@pytest.fixture
def cachees():
    """One idea of each kind that a visitor may not read."""
    idees = {
        etat: IdeeFabrique(etat=etat, titre=f"Secret {etat}")
        for etat in ("brouillon", "a_moderer", "retiree", "refusee")
    }
    masquee = IdeeFabrique(etat="publiee", titre="Secret masquée")
    masquer(masquee, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Propos injurieux.")
    return {**idees, "masquee": masquee}


# --- Previews ------------------------------------------------------------------------------------------------------


def test_l_apercu_d_une_idee(client):
    idee = IdeeFabrique(
        etat="publiee", titre='Des bancs "à l’ombre" <b>', texte="Au lavoir.\n\n" + "Il fait chaud. " * 50
    )
    metas = apercu(client, idee.get_absolute_url() + "?utm_source=x")
    assert metas["og:title"] == metas["twitter:title"] == "Des bancs &quot;à l’ombre&quot; &lt;b&gt;"
    assert metas["og:url"] == metas["canonical"] == f"{settings.ADRESSE}{idee.get_absolute_url()}"
    assert len(metas["og:description"]) <= 160 and "\n" not in metas["og:description"]
    assert metas["og:image"] == f"{settings.ADRESSE}/static/images/icone-512.png"
    photo = idee.photos.create(fichier="x.webp", vignette="v.webp", alternative="Un banc", largeur=9, hauteur=9)
    chemin = reverse("idees:photo", args=[idee.pk, photo.pk, "vignette"])
    assert apercu(client, idee.get_absolute_url())["og:image"] == f"{settings.ADRESSE}{chemin}"


def test_l_adresse_de_l_apercu_est_celle_du_site(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    idee = IdeeFabrique(etat="publiee")
    page = client.get(idee.get_absolute_url(), headers={"host": "pirate.example"}).content.decode()
    assert "pirate.example" not in page


@pytest.mark.parametrize("etat", ["brouillon", "a_moderer", "retiree", "refusee", "masquee"])
def test_ce_qui_n_est_pas_public_n_a_rien_a_partager(client, cachees, etat):
    idee = cachees[etat]
    partages = [reverse("idees:qr", args=[idee.pk]), reverse("idees:affiche", args=[idee.pk])]
    for chemin in [idee.get_absolute_url(), *partages]:
        assert client.get(chemin).status_code == 404
    client.force_login(idee.auteur)  # she may read it; nobody else could
    assert apercu(client, idee.get_absolute_url()) == {}
    assert [client.get(chemin).status_code for chemin in partages] == [404, 404]
    assert reverse("idees:affiche", args=[idee.pk]) not in client.get(idee.get_absolute_url()).content.decode()


def test_les_listes_boites_et_projets_ont_un_apercu(client):
    boite, projet = BoiteFabrique(titre="Berges"), ProjetFabrique(titre="La place")
    for chemin, titre in [
        ("/idees/", "Les idées"), ("/idees/?theme=x&page=3&ordre=soutenues", "Les idées"), (boite.get_absolute_url(), "Berges"),
        ("/projets/", "Les projets"), (projet.get_absolute_url(), "La place"),
    ]:  # fmt: skip
        metas = apercu(client, chemin)
        assert metas["og:title"] == titre
        assert metas["canonical"] == settings.ADRESSE + chemin.split("?")[0]


def test_un_projet_en_preparation_n_a_pas_d_apercu(client, agent):
    projet = ProjetFabrique(annonce=False)
    boite = BoiteFabrique(etape=EtapeFabrique(projet=projet))
    client.force_login(agent)
    assert apercu(client, projet.get_absolute_url()) == apercu(client, boite.get_absolute_url()) == {}


# --- QR code and poster --------------------------------------------------------------------------------------------


def test_le_code_mene_a_l_idee(client):
    idee = IdeeFabrique(etat="publiee")
    reponse = client.get(reverse("idees:qr", args=[idee.pk]))
    assert (
        reponse.headers["Content-Type"] == "image/svg+xml" and "sandbox" in reponse.headers["Content-Security-Policy"]
    )
    dessin = ET.fromstring(reponse.content)  # noqa: S314 (our own document)
    assert dessin.tag == "{http://www.w3.org/2000/svg}svg"
    attendu = io.BytesIO()
    segno.make_qr(f"{settings.ADRESSE}{idee.get_absolute_url()}", error="m").save(
        attendu, kind="svg", scale=8, border=4, dark="#000", light="#fff"
    )
    assert reponse.content == attendu.getvalue()


def test_l_affiche_dit_quoi_ou_et_quand(client):
    etape = EtapeFabrique()
    idee = IdeeFabrique(etat="publiee", titre="Des bancs", boite=BoiteFabrique(titre="Berges", etape=etape))
    page = client.get(reverse("idees:affiche", args=[idee.pk])).content.decode()
    for mot in (
        "Des bancs",
        "Berges",
        "Publiée le",
        "Appel à idées ouvert jusqu’au",
        f"{settings.ADRESSE}{idee.get_absolute_url()}",
    ):
        assert mot in page
    assert reverse("idees:qr", args=[idee.pk]) in page and "noindex" in page
    attendue = IdeeFabrique(etat="en_etude")
    assert "Réponse attendue avant le" in client.get(reverse("idees:affiche", args=[attendue.pk])).content.decode()
    donnee = IdeeFabrique(etat="retenue")
    assert "Réponse donnée le" in client.get(reverse("idees:affiche", args=[donnee.pk])).content.decode()


def test_la_page_d_une_idee_offre_de_partager_sans_javascript(client):
    idee = IdeeFabrique(etat="publiee")
    page = client.get(idee.get_absolute_url()).content.decode()
    assert reverse("idees:qr", args=[idee.pk]) in page and reverse("idees:affiche", args=[idee.pk]) in page
    assert re.search(r"<p hidden data-es-partager", page), "shown by JavaScript, where the device can"


# --- The map for search engines ------------------------------------------------------------------------------------


def adresses(client, chemin) -> list[str]:
    reponse = client.get(chemin)
    assert reponse.headers["Content-Type"].startswith("application/xml")
    return [loc.text for loc in ET.fromstring(reponse.content).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]  # noqa: S314


def test_le_plan_ne_dit_que_ce_qui_est_public(client, cachees, monkeypatch):
    monkeypatch.setattr(plan, "PAR_FICHIER", 2)
    publiques = [IdeeFabrique(etat=etat) for etat in ("publiee", "en_etude", "retenue")]
    projet, brouillon = ProjetFabrique(), ProjetFabrique(annonce=False)
    secrete = BoiteFabrique(etape=EtapeFabrique(projet=brouillon))
    client.force_login(PersonneFabrique(roles=["agent"]))
    fichiers = adresses(client, "/plan.xml")
    assert fichiers == [f"{settings.ADRESSE}/plan-{nom}.xml" for nom in ("pages", "idees-1", "idees-2")]
    toutes = [
        a.removeprefix(settings.ADRESSE) for f in fichiers for a in adresses(client, f.removeprefix(settings.ADRESSE))
    ]
    assert {a for a in toutes if re.fullmatch(r"/idees/\d+/", a)} == {i.get_absolute_url() for i in publiques}
    assert projet.get_absolute_url() in toutes and publiques[0].boite.get_absolute_url() in toutes
    assert brouillon.get_absolute_url() not in toutes and secrete.get_absolute_url() not in toutes
    assert len(toutes) == len(set(toutes))
    client.logout()
    assert {client.get(a).status_code for a in toutes} == {200}


@pytest.mark.parametrize("numero", ["0", "2", "9" * 30])
def test_un_fichier_du_plan_qui_n_existe_pas(client, numero):
    IdeeFabrique(etat="publiee")
    assert client.get(f"/plan-idees-{numero}.xml").status_code == 404


def test_les_robots_trouvent_le_plan(client):
    assert f"Sitemap: {settings.ADRESSE}/plan.xml" in client.get("/robots.txt").content.decode()
