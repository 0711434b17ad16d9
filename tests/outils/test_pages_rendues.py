"""The walk of html-validate, through a site of five pages."""

import pytest
from django.http import HttpResponse, HttpResponseForbidden
from django.test import Client, override_settings
from django.urls import path

from outils.pages_rendues import PAR_ROUTE, Lecture, Promenade, nom_de_route, toutes_les_routes

pytestmark = pytest.mark.sans_base


def page(*liens: str, reste: str = ""):
    corps = "".join(f'<a href="{lien}">lien</a>' for lien in liens) + reste
    return lambda requete, **options: HttpResponse(f"<h1>page</h1>{corps}{requete.method}")


def casser(requete):
    raise RuntimeError("cassé")


FORMULAIRES = """
<form method="post" action="/ecrire/"><label>Titre <input name="titre" required></label></form>
<form method="post" action="/soutenir/"><button>Soutenir</button></form>
"""
urlpatterns = [
    path("", page("/objets/1/", "/ecrire/", "https://ailleurs.exemple/", "mailto:a@b.fr", "#contenu"), name="accueil"),
    path("objets/<int:pk>/", page("/", "/?page=2", "/?page=3"), name="objet"),
    path("ecrire/", page(reste=FORMULAIRES), name="ecrire"),
    path("soutenir/", page(), name="soutenir"),
    path("mort/", page("/nulle-part/", "/interdit/", "/casse/"), name="mort"),
    path("interdit/", lambda requete: HttpResponseForbidden("non"), name="interdit"),
    path("casse/", casser, name="casse"),
    path("liste/", page(*(f"/objets/{n}/" for n in range(50))), name="liste"),
]


@pytest.fixture
def promenade(tmp_path):
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield Promenade(Client(), "visiteur", tmp_path)


def ecrites(promenade) -> list[str]:
    return sorted(chemin.name for chemin in promenade.dossier.iterdir())


def test_les_pages_liees_sont_ecrites_et_les_formulaires_envoyes_vides(promenade):
    promenade.parcourir()

    assert promenade.fautes == []
    assert ecrites(promenade) == [
        "accueil.html",
        "ecrire--vide.html",
        "ecrire.html",
        "objets_1.html",
        "page_2.html",
    ]


def test_un_bouton_sans_champ_n_est_pas_presse(promenade):
    promenade.parcourir()

    assert not [nom for nom in ecrites(promenade) if "soutenir" in nom]


def test_un_lien_mort_interdit_ou_casse_est_une_faute(promenade):
    promenade.parcourir("/mort/")

    assert promenade.fautes == [
        "visiteur : /mort/ mène à /nulle-part/, qui n'existe pas",
        "visiteur : /mort/ mène à /interdit/, qui répond 403",
        "visiteur : get /casse/ (depuis /mort/) casse : RuntimeError('cassé')",
    ]


def test_une_liste_longue_ne_se_lit_pas_en_entier(promenade):
    promenade.parcourir("/liste/")

    assert promenade.routes["objet?"] == PAR_ROUTE


def test_les_formulaires_de_recherche_ne_sont_pas_envoyes():
    lecture = Lecture()
    lecture.feed('<form action="/chercher/"><input name="q" required></form><form method="POST"><input></form>')

    assert [(f.adresse, f.a_champ_exige) for f in lecture.formulaires] == [("", False)]


def test_les_routes_se_nomment(promenade):
    assert nom_de_route("/objets/3/") == "objet"
    assert nom_de_route("/nulle-part/") is None
    assert "accueil" in set(toutes_les_routes())
