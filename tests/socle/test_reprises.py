"""Pieces written once: they are right in each language, for each name of the site, and know nothing of who reads them."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.utils import translation
from django.utils.safestring import mark_safe

from socle.templatetags import reprises
from socle.templatetags.reprises import rubrique
from tests.fabriques import PersonneFabrique


def gabarit(source: str) -> Template:
    return Template("{% load i18n reprises %}" + source)


def dessiner(ecrit: Template, **contexte) -> str:
    return ecrit.render(Context(contexte))


class Compteur:
    """How many times it was written."""

    def __init__(self):
        self.fois = 0

    def __str__(self):
        self.fois += 1
        return "mot"


# --- One piece for all pages -------------------------------------------------------------------------------------


def test_un_morceau_fige_s_ecrit_une_fois():
    mot = Compteur()
    page = gabarit("{% figer mot=mot %}<p>{{ mot }}</p>{% finfiger %}")
    assert [dessiner(page, mot=mot) for _fois in range(3)] == ["<p>mot</p>"] * 3
    assert mot.fois == 1


def test_il_s_ecrit_dans_chaque_langue():
    page = gabarit('{% figer %}{% translate "Accueil" %}{% finfiger %}')
    for langue, mot in [("fr", "Accueil"), ("en", "Home"), ("fr", "Accueil")]:
        with translation.override(langue):
            assert dessiner(page) == mot


def test_il_s_ecrit_pour_chaque_valeur():
    page = gabarit("{% figer nom=site.nom %}{{ nom }}{% finfiger %}")
    noms = ["Estuaire", "Rivage", "Estuaire"]
    assert [dessiner(page, site={"nom": nom}) for nom in noms] == noms


def test_ce_qui_est_sur_ne_l_est_pas_pour_un_autre():
    page = gabarit("{% figer nom=nom %}{{ nom }}{% finfiger %}")
    assert dessiner(page, nom=mark_safe("<b>")) == "<b>"
    assert dessiner(page, nom="<b>") == "&lt;b&gt;"


def test_il_ne_voit_ni_la_personne_ni_la_requete_ni_son_jeton():
    page = gabarit("{% figer nom=nom %}{{ nom }}{{ user }}{{ request }}{% csrf_token %}{% finfiger %}{{ user }}")
    contexte = {"nom": "Estuaire ", "request": "demande ", "csrf_token": "jeton "}
    assert dessiner(page, user="Camille", **contexte) == "Estuaire Camille"
    assert dessiner(page, user="Sacha", **contexte) == "Estuaire Sacha"


def test_des_reglages_changes_le_font_oublier(settings):
    mot = Compteur()
    page = gabarit("{% figer mot=mot %}{{ mot }}{% finfiger %}")
    dessiner(page, mot=mot)
    settings.STATIC_URL = "/ailleurs/"
    dessiner(page, mot=mot)
    assert mot.fois == 2


def test_la_place_est_comptee(monkeypatch):
    monkeypatch.setattr(reprises, "PLACES", 3)
    page = gabarit("{% figer n=n %}{{ n }}{% finfiger %}")
    reprises._oublier()
    assert [dessiner(page, n=n) for n in range(10)] == [str(n) for n in range(10)]
    assert len(reprises._figes) <= 3


@pytest.mark.parametrize("mots", ["site", '"a" nom=site', "nom=a site"])
def test_il_ne_prend_que_des_valeurs_nommees(mots):
    with pytest.raises(TemplateSyntaxError):
        gabarit("{% figer " + mots + " %}{% finfiger %}")


# --- One piece for two places of a page --------------------------------------------------------------------------


def test_un_morceau_garde_s_ecrit_une_fois_par_page():
    mot = Compteur()
    page = gabarit("{% garder liens %}<a>{{ mot }}</a>{% fingarder %}{{ liens }}, {{ liens }}")
    assert dessiner(page, mot=mot) == "<a>mot</a>, <a>mot</a>"
    assert mot.fois == 1
    assert dessiner(page, mot="autre") == "<a>autre</a>, <a>autre</a>"


def test_il_a_un_nom():
    with pytest.raises(TemplateSyntaxError):
        gabarit("{% garder %}{% fingarder %}")


# --- The menu ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chemin", "lue"),
    [
        ("", ""), (None, ""), ("/", "/"), ("/idees", "/idees"), ("/idees/", "/idees/"), ("/idees/3/", "/idees/…"),
        ("/idees/3/appui/", "/idees/…"), ("//", "//"), ("/été/", "/été/"),
    ],
)  # fmt: skip
def test_du_chemin_le_menu_lit_la_rubrique(chemin, lue):
    assert rubrique(chemin) == lue


MENU = gabarit('{% include "composants/_navigation.html" %}')


@pytest.mark.parametrize(
    ("chemin", "marque"),
    [
        ("/", '<a href="/" aria-current="page">'), ("/idees/", '<a href="/idees/" aria-current="page">'),
        ("/idees/3/", '<a href="/idees/" aria-current="true">'), ("/idees", None), ("/ailleurs/", None), ("", None),
    ],
)  # fmt: skip
def test_le_menu_dit_ou_l_on_est(chemin, marque):
    html = dessiner(MENU, request=SimpleNamespace(path=chemin))
    assert html.count("aria-current") == (1 if marque else 0)
    assert marque is None or marque in html


def test_le_menu_sans_requete():
    assert "aria-current" not in dessiner(MENU)


@pytest.mark.django_db
def test_deux_personnes_a_la_suite_ne_lisent_rien_l_une_de_l_autre():
    noms = ["Camille Exemple", "Sacha Voisin"]
    personnes = [PersonneFabrique(pseudonyme=nom) for nom in noms]
    for personne, autre in zip(personnes, reversed(noms), strict=True):
        client = Client()
        client.force_login(personne)
        html = client.get("/idees/").content.decode()
        assert html.count(f"<strong>{personne.pseudonyme}</strong>") == 2 and autre not in html
    visite = Client().get("/idees/").content.decode()
    assert "Se connecter" in visite and not any(nom in visite for nom in noms)


@pytest.mark.django_db
def test_les_noms_de_la_ville_et_la_langue_suivent(client, settings):
    for nom in ["Rivage & Cie", "Estuaire"]:
        settings.ESTUAIRE = {"nom_plateforme": nom, "code_source": f"https://exemple.fr/?nom={len(nom)}&b"}
        html = client.get("/idees/").content.decode()
        ecrit = nom.replace("&", "&amp;")
        assert f'<span class="marque__nom">{ecrit}</span>' in html and f"</svg>\n<span>{ecrit}</span></p>" in html
        assert f'href="https://exemple.fr/?nom={len(nom)}&amp;b"' in html
    settings.ESTUAIRE["nom_plateforme"] = "Autrement"  # in place: nobody is told
    assert '<span class="marque__nom">Autrement</span>' in client.get("/idees/").content.decode()
    client.cookies["django_language"] = "en"
    html = client.get("/idees/").content.decode()
    assert "Legal notice" in html and "Mentions légales" not in html
