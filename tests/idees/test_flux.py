"""Feeds of ideas: same rights as the page, valid XML whatever people write, nothing sent twice."""

from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.urls import reverse

from idees.models import Idee
from moderation.actions import masquer
from socle.champs import sans_controle
from territoires.models import Territoire
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ThematiqueFabrique,
    beaucoup_d_idees,
)

pytestmark = pytest.mark.django_db
FLUX = "/idees/atom.xml"
ATOM = "{http://www.w3.org/2005/Atom}"


def lire(client, **parametres):
    reponse = client.get(FLUX, parametres)
    assert reponse.status_code == 200
    return ET.fromstring(reponse.content)  # noqa: S314 (our own document)


def titres(client, **parametres) -> list[str]:
    return [entree.findtext(f"{ATOM}title") for entree in lire(client, **parametres).iter(f"{ATOM}entry")]


def test_un_flux_par_theme_lieu_boite_et_etat(client):
    commune = Territoire.objects.create(genre="commune", nom="Confluence", slug="confluence", code="1")
    quartier = Territoire.objects.create(genre="quartier", nom="Quais", slug="quais", code="1Q", parent=commune)
    theme, boite = ThematiqueFabrique(nom="Nature", slug="nature"), BoiteFabrique(slug="berges")
    IdeeFabrique(etat="publiee", titre="En pleine nature", thematique=theme)
    IdeeFabrique(etat="publiee", titre="Aux Quais", territoire=quartier)
    IdeeFabrique(etat="publiee", titre="Sur les berges", boite=boite)
    IdeeFabrique(etat="en_etude", titre="À l’étude", boite=boite)
    assert titres(client) == ["À l’étude", "Sur les berges", "Aux Quais", "En pleine nature"]
    assert titres(client, theme="nature") == ["En pleine nature"]
    assert titres(client, lieu="confluence") == ["Aux Quais"]
    assert titres(client, boite="berges") == ["À l’étude", "Sur les berges"]
    assert titres(client, boite="berges", etat="etude") == ["À l’étude"]
    flux = lire(client, theme="nature")
    assert flux.findtext(f"{ATOM}title") == "Les idées : Nature"
    liens = {lien.get("rel"): lien.get("href") for lien in flux.findall(f"{ATOM}link")}
    assert liens == {
        "alternate": f"{settings.ADRESSE}/idees/?theme=nature",
        "self": f"{settings.ADRESSE}/idees/atom.xml?theme=nature",
    }


def test_la_liste_annonce_le_flux_de_ses_filtres(client):
    ThematiqueFabrique(slug="nature")
    boite = BoiteFabrique(slug="berges")
    assert 'rel="alternate" type="application/atom+xml"' in (
        page := client.get("/idees/", {"theme": "nature"}).content.decode()
    )
    assert 'href="/idees/atom.xml?theme=nature"' in page
    assert 'href="/idees/atom.xml?boite=berges"' in client.get(boite.get_absolute_url()).content.decode()


@pytest.mark.parametrize("parametre", ["theme", "lieu", "boite", "etat"])
@pytest.mark.parametrize("valeur", ["inconnu", "\x00", "' OR 1=1 --", "é" * 5000])
def test_un_nom_inconnu_n_est_pas_tout(client, parametre, valeur):
    IdeeFabrique(etat="publiee")
    assert client.get(FLUX, {parametre: valeur}).status_code == 404


@pytest.mark.parametrize("etat", ["brouillon", "a_moderer", "retiree", "refusee", "fusionnee", "masquee"])
def test_ce_qui_n_est_pas_public_n_est_dans_aucun_flux(client, etat):
    idee = IdeeFabrique(etat="publiee" if etat == "masquee" else etat, titre="Un titre reconnaissable")
    if etat == "masquee":
        masquer(idee, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Propos injurieux.")
    client.force_login(PersonneFabrique(roles=["agent"]))  # a feed reader has no account
    assert "Un titre reconnaissable" not in titres(client)


def test_la_boite_d_un_projet_en_preparation_n_a_pas_de_flux(client):
    boite = BoiteFabrique(etape=EtapeFabrique(projet=ProjetFabrique(annonce=False)))
    assert client.get(FLUX, {"boite": boite.slug}).status_code == 404
    client.force_login(PersonneFabrique(roles=["agent"]))
    assert client.get(FLUX, {"boite": boite.slug}).status_code == 404
    assert "application/atom+xml" not in client.get(boite.get_absolute_url()).content.decode()


TITRES = ["Un \x0b trou \x1f noir", "<b>&amp;</b> ]]>", "\ufffe\uffff tout à la fin", "« œuvre » 🌳", "a" * 120]


@pytest.mark.parametrize("titre", TITRES)
@pytest.mark.parametrize("chemin", [FLUX, "/chronologie/atom.xml"])
def test_un_titre_etrange_laisse_le_document_lisible(client, titre, chemin):
    idee = IdeeFabrique(etat="publiee", titre=titre, texte=f"{titre} {titre}")
    document = ET.fromstring(client.get(chemin).content)  # noqa: S314 (our own document)
    dits = " ".join(document.itertext()).replace("»", " » ").replace("«", " « ").split()
    assert set(sans_controle(titre).split()) <= set(dits)
    assert idee.titre == titre


def test_un_flux_est_borne_et_ne_se_renvoie_pas_deux_fois(client):
    beaucoup_d_idees(60)
    reponse = client.get(FLUX)
    assert len(titres(client)) == 50
    etiquette = reponse.headers["ETag"]
    assert client.get(FLUX, headers={"if-none-match": etiquette}).status_code == 304
    # The date of the latest idea would not tell that another one left.
    assert "Last-Modified" not in reponse.headers
    derniere = Idee.objects.order_by("-publiee_le")[10]
    masquer(derniere, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Propos injurieux.")
    assert client.get(FLUX, headers={"if-none-match": etiquette}).status_code == 200


def test_on_ne_peut_que_lire(client):
    assert client.post(FLUX).status_code == 405
    assert client.head(FLUX).status_code == 200
    assert reverse("idees:atom") == FLUX


def test_le_flux_d_une_recherche_ne_dit_qu_elle(client):
    voulue = IdeeFabrique(titre="Planter des arbres", etat="publiee")
    IdeeFabrique(titre="Une fontaine", etat="publiee")
    page = client.get(reverse("idees:liste"), {"q": "arbres"})
    adresse = page.context["url_atom"]
    assert adresse == f"{reverse('idees:atom')}?q=arbres"
    flux = client.get(adresse).content.decode()
    assert flux.count("<entry>") == 1 and voulue.titre in flux and "« arbres »" in flux
