"""Finding ideas: filters, orders, map and pages, as people and as hurried hands ask for them."""

from datetime import timedelta
from itertools import product
from types import SimpleNamespace

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commentaires.models import Commentaire
from idees import exposition, horloge, liste
from idees.liste import ORDRES, chercher, filtres, valeurs
from idees.models import Idee
from idees.proximite import lire_point
from idees.views import liste as vue_de_la_liste
from moderation.actions import masquer
from territoires.models import Territoire
from tests.fabriques import (
    BoiteFabrique,
    EtapeFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    SoutienFabrique,
    ThematiqueFabrique,
    amener_depuis_publiee,
    beaucoup_d_idees,
    publier_reponse,
)

pytestmark = pytest.mark.django_db
LISTE = "/idees/"


@pytest.fixture
def lieux():
    """A metropolis, two communes, a quartier of the first."""
    metropole = Territoire.objects.create(genre="metropole", nom="Métropole", slug="metropole", code="0")
    pres = Territoire.objects.create(
        genre="commune",
        nom="Confluence",
        slug="confluence",
        code="1",
        parent=metropole,
        centre_lat=47.2,
        centre_lon=-1.5,
    )
    quartier = Territoire.objects.create(genre="quartier", nom="Les Quais", slug="les-quais", code="1Q", parent=pres)
    loin = Territoire.objects.create(
        genre="commune",
        nom="Les Marais",
        slug="les-marais",
        code="2",
        parent=metropole,
        centre_lat=47.3,
        centre_lon=-1.9,
    )
    return SimpleNamespace(pres=pres, quartier=quartier, loin=loin)


def titres(client, **parametres) -> list[str]:
    return [carte.titre for carte in client.get(LISTE, parametres).context["page"].object_list]


# --- Filters -------------------------------------------------------------------------------------------------------


def test_une_commune_comprend_ses_quartiers(client, lieux):
    IdeeFabrique(etat="publiee", titre="Aux Quais", territoire=lieux.quartier)
    IdeeFabrique(etat="publiee", titre="À Confluence", territoire=lieux.pres)
    IdeeFabrique(etat="publiee", titre="Aux Marais", territoire=lieux.loin)
    assert titres(client, lieu="confluence") == ["À Confluence", "Aux Quais"]
    assert titres(client, lieu="les-quais") == ["Aux Quais"]
    assert titres(client, lieu="nulle-part") == ["Aux Marais", "À Confluence", "Aux Quais"]


#: Days after the study began (answer due after 60 days) -> what each delay shows.
DELAIS = {
    0: {"7": [], "30": [], "retard": []},
    31: {"7": [], "30": ["Une attente"], "retard": []},
    55: {"7": ["Une attente"], "30": ["Une attente"], "retard": []},
    60: {"7": ["Une attente"], "30": ["Une attente"], "retard": []},
    61: {"7": [], "30": [], "retard": ["Une attente"]},
}


@pytest.mark.parametrize("jours", DELAIS)
def test_le_delai_suit_l_horloge(client, jours):
    IdeeFabrique(etat="en_etude", titre="Une attente")
    IdeeFabrique(etat="publiee", titre="Sans horloge")
    with time_machine.travel(timezone.now() + timedelta(days=jours), tick=False):
        assert {delai: titres(client, delai=delai) for delai in DELAIS[jours]} == DELAIS[jours]


def test_une_reponse_est_donnee_a_temps_ou_en_retard(client):
    IdeeFabrique(etat="retenue", titre="Une réponse à temps")
    tardive = IdeeFabrique(etat="publiee", titre="En retard")
    with time_machine.travel(timezone.now() - timedelta(days=70), tick=False):
        amener_depuis_publiee(tardive, "en_etude")
    publier_reponse(tardive)
    assert titres(client, delai="a_temps") == ["Une réponse à temps"]
    assert titres(client, delai="apres") == ["En retard"]
    assert titres(client, delai="retard") == []


def test_les_puces_enlevent_un_filtre_et_gardent_les_autres(client, lieux):
    theme = ThematiqueFabrique(nom="Nature", slug="nature")
    IdeeFabrique(etat="publiee", thematique=theme, territoire=lieux.pres)
    reponse = client.get(LISTE, {"theme": "nature", "lieu": "confluence", "page": "3", "vue": "carte", "etat": "faux"})
    actifs = {puce["libelle"]: puce["url_retirer"] for puce in reponse.context["actifs"]}
    assert actifs == {
        "Nature": "?lieu=confluence&vue=carte&etat=faux",
        "Confluence": "?theme=nature&vue=carte&etat=faux",
    }
    assert reponse.context["url_effacer"] == "/idees/?vue=carte"
    page = reponse.content.decode()
    assert "<strong>1</strong> idée" in page and "Tout effacer" in page


# --- Hurried hands (AC-05, INJ-01, DOS-03, DOS-05, XSS-03) ---------------------------------------------------------

MALICES = [
    "-1", "0", "1e400", "9" * 30, "9" * 5000, "NaN", "inf", "a", "é" * 9000, "\x00", "\x0b\x1f", "\ud800".encode("utf-8", "surrogatepass"),
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' OR 1=1 --", "');select pg_sleep(5)--", "auteur__email",
    "?ordre=recentes", "a* b* c*", "%", "_", "\\", "{{ 7*7 }}", "../../etc/passwd",
]  # fmt: skip
PARAMETRES = [
    "page", "theme", "lieu", "etat", "delai", "boite", "pres", "lat", "lon", "ordre", "vue", "tour", "depuis", "mois", "sauf",
    "auteur__email__startswith", "auteur__password__gt", "ordering", "per_page",
]  # fmt: skip


def seules():
    """Each parameter with each malice, alone."""
    return ({parametre: malice} for parametre, malice in product(PARAMETRES, MALICES))


def ensemble():
    """The same pairs, as many parameters at once as there are: those who share an address share its reading of it."""
    for decalage in range(len(MALICES)):
        for debut in range(0, len(PARAMETRES), 5):
            yield {
                parametre: MALICES[(rang + decalage) % len(MALICES)]
                for rang, parametre in enumerate(PARAMETRES[debut : debut + 5], start=debut)
            }


def test_ensemble_chaque_parametre_recoit_chaque_malice():
    assert {paire for adresse in ensemble() for paire in adresse.items()} == set(product(PARAMETRES, MALICES))


@pytest.mark.parametrize(
    ("porte", "adresses"),
    [
        ("idees:liste", seules),
        ("idees:points", ensemble),
        ("idees:decouvrir", ensemble),
        ("idees:calendrier", ensemble),
    ],
)
def test_l_adresse_ne_fait_rien_d_autre(client, porte, adresses, lieux):
    IdeeFabrique(etat="publiee")
    horloge.battre()
    for parametres in adresses():
        reponse = client.get(reverse(porte), {"ordre": "moins_vues", **parametres})
        assert reponse.status_code in {200, 302}, parametres
        texte = reponse.content.decode()
        assert "<script>alert" not in texte and "<img src=x" not in texte, parametres


@pytest.mark.parametrize("parametre", ["auteur__email__startswith", "auteur__password__gt", "ordering", "inconnu"])
def test_un_parametre_inconnu_ne_change_rien(client, parametre):
    IdeeFabrique(etat="publiee", titre="Une idée là")
    IdeeFabrique(etat="publiee", titre="Une autre idée")
    assert {tuple(titres(client, **{parametre: valeur})) for valeur in ["", "a", "z", "auteur__email"]} == {
        ("Une autre idée", "Une idée là")
    }


def test_une_page_trop_loin_est_la_derniere(client):
    for _ in range(14):
        IdeeFabrique(etat="publiee")
    page = client.get(LISTE, {"page": str(10**9)}).context["page"]
    assert (page.number, len(page.object_list)) == (2, 2)


def test_une_liste_tres_longue_dit_qu_elle_s_arrete(client, monkeypatch):
    beaucoup_d_idees(30)
    exposition.tourner()
    assert "Filtrez pour voir les autres" not in client.get(LISTE).content.decode()
    monkeypatch.setattr(liste, "LUES_MAX", 20)
    for parametres in ({}, {"ordre": "moins_vues"}):
        reponse = client.get(LISTE, parametres, follow=True)
        assert "Il y a plus de 20 idées" in reponse.content.decode()
        assert "<strong>plus de 20</strong>" in reponse.content.decode()
        assert (reponse.context["page"].paginator.count, reponse.context["page"].paginator.num_pages) == (20, 2)


# --- Words ---------------------------------------------------------------------------------------------------------


@pytest.mark.deux_bases("chaque base trouve les mots à sa façon")
def test_des_mots_se_cherchent_et_se_montrent(client):
    for titre, texte in [
        ("Un banc au soleil", "Près du lavoir, sous le grand mur."),
        ("Un arbre", "Avec un banc dessous, pour se reposer."),
        ("Une fontaine", "De l’eau fraîche pour tout le monde."),
    ]:
        IdeeFabrique(etat="publiee", titre=titre, texte=texte)
    assert titres(client, q="bancs") == ["Un banc au soleil", "Un arbre"], "the best first"
    assert titres(client, q="bancs", ordre="recentes") == ["Un arbre", "Un banc au soleil"]
    assert titres(client, q="eau fraiche") == ["Une fontaine"]
    assert "un <mark>banc</mark> dessous" in client.get(LISTE, {"q": "bancs"}).content.decode()


@pytest.mark.deux_bases("chaque base trouve les mots à sa façon")
@pytest.mark.parametrize(
    "mots", ["  <b>x</b> " + "y" * 999, "banc\x00", "\x00 \t", "' OR 1=1 --", "(((", "* *", "é" * 5000]
)
def test_des_mots_bricoles_restent_des_mots(client, mots):
    IdeeFabrique(etat="publiee", titre="Un banc au soleil")
    reponse = client.get(LISTE, {"q": mots})
    assert reponse.status_code == 200 and "<b>x" not in reponse.content.decode()


# --- Orders --------------------------------------------------------------------------------------------------------


def test_les_ordres(client):
    calme = IdeeFabrique(etat="publiee", titre="Idée calme")
    discutee = IdeeFabrique(etat="publiee", titre="Discutée")
    soutenue = IdeeFabrique(etat="publiee", titre="Soutenue", boite=BoiteFabrique(seuil_soutiens=99))
    SoutienFabrique.create_batch(2, idee=soutenue)
    for _ in range(2):
        Commentaire.objects.create(cible=discutee, auteur=PersonneFabrique(), texte="Oui")
    cache_ = Commentaire.objects.create(cible=calme, auteur=PersonneFabrique(), texte="Injure")
    masquer(cache_, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Propos injurieux.")
    bilan = horloge.battre()
    assert (bilan["poids"], bilan["echanges"]) == (1, 1)
    assert titres(client) == titres(client, ordre="recentes") == ["Soutenue", "Discutée", "Idée calme"]
    assert titres(client, ordre="soutenues")[0] == "Soutenue"
    assert titres(client, ordre="discutees") == ["Discutée", "Soutenue", "Idée calme"]
    assert horloge.battre()["echanges"] == 0, "idempotent"


@pytest.fixture
def beaucoup():
    """Enough rows for a database to choose well, and its statistics up to date."""
    beaucoup_d_idees(
        3000,
        poids=lambda n: n % 97,
        echanges=lambda n: n % 89,
        latitude=lambda n: 47 + n / 7000,
        longitude=lambda n: n % 7 / 9 - 1.5,
    )
    exposition.tourner()
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")


def test_chaque_ordre_a_son_index(beaucoup):
    """The database says itself how it reads: by the index of the order, without sorting everything."""
    fautes = []
    for ordre in [*ORDRES, "proches", "moins_vues"]:
        demande = {"lat": "47.2", "lon": "-1.5"} if ordre == "proches" else {"ordre": ordre}
        idees, index = chercher(None, filtres(demande, None)).only("pk"), f"idee_{ordre}"
        if ordre == "moins_vues":
            idees = exposition.en_cercle(idees, exposition.Visite(exposition.tour_courant(), -1.0)).apres
            index = "idees_rang" if connection.vendor == "sqlite" else "rang_du_tour"
        plan = idees[:12].explain()
        trie = ordre != "proches" and ("TEMP B-TREE FOR ORDER BY" in plan or "Sort Key" in plan)
        if index not in plan or trie:
            fautes.append((ordre, plan))
    assert fautes == []


# --- Near ----------------------------------------------------------------------------------------------------------


def test_pres_d_un_point_puis_d_une_commune(client, lieux):
    for nom, lat, lon in [
        ("À trois kilomètres", 47.227, -1.5),
        ("À trois cents mètres", 47.2027, -1.5),
        ("À quatre-vingts kilomètres", 47.92, -1.5),
        ("À six cents mètres", 47.2, -1.5079),
    ]:
        IdeeFabrique(etat="publiee", titre=nom, latitude=lat, longitude=lon)
    IdeeFabrique(etat="publiee", titre="Sans lieu", territoire=lieux.pres)
    attendus = ["À trois cents mètres", "À six cents mètres", "À trois kilomètres"]
    assert titres(client, lat="47.2", lon="-1.5") == attendus
    assert titres(client, pres="confluence") == attendus
    assert titres(client, pres="confluence", ordre="recentes") == [
        "À six cents mètres",
        "À trois cents mètres",
        "À trois kilomètres",
    ]
    reponse = client.get(LISTE, {"pres": "confluence", "ordre": "proches"})
    assert "à moins de 50 kilomètres" in reponse.content.decode()
    assert [puce["libelle"] for puce in reponse.context["actifs"]] == ["Près de Confluence"]


def test_on_regarde_de_plus_pres_quand_il_y_a_assez_a_lire(client):
    modele = IdeeFabrique(etat="publiee", latitude=47.2, longitude=-1.5)
    for n in range(24):
        IdeeFabrique(
            etat="publiee", boite=modele.boite, auteur=modele.auteur, latitude=47.2 + n / 10_000, longitude=-1.5
        )
    IdeeFabrique(etat="publiee", titre="À trois kilomètres", latitude=47.227, longitude=-1.5)
    reponse = client.get(LISTE, {"lat": "47.2", "lon": "-1.5"})
    assert reponse.context["rayon"] == 1 and reponse.context["page"].paginator.count == 25


def test_rien_de_la_position_n_est_garde(client):
    IdeeFabrique(etat="publiee", latitude=47.2, longitude=-1.5)
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(LISTE, {"lat": "47.201", "lon": "-1.502"}, headers={"user-agent": "Mozilla/5.0"})
    assert not [r["sql"] for r in requetes if r["sql"].startswith(("INSERT", "UPDATE", "SAVEPOINT"))]
    assert set(reponse.cookies) <= {"csrftoken"}


@pytest.mark.parametrize(
    ("lat", "lon"), [("91", "0"), ("0", "181"), ("nan", "0"), ("1e400", "0"), ("", "1"), ("47", ""), ("x", "y")]
)
def test_un_point_hors_de_la_terre_n_en_est_pas_un(client, lat, lon):
    IdeeFabrique(etat="publiee", titre="Sans lieu")
    assert lire_point(lat, lon) is None
    assert titres(client, lat=lat, lon=lon, ordre="proches") == ["Sans lieu"]


# --- Map and pages -------------------------------------------------------------------------------------------------


def test_la_carte_et_sa_liste_suivent_les_memes_filtres(client, monkeypatch):
    theme = ThematiqueFabrique(nom="Nature", slug="nature")
    IdeeFabrique(etat="publiee", thematique=theme, titre="Un arbre", latitude=47.2, longitude=-1.5)
    IdeeFabrique(etat="publiee", titre="Ailleurs", latitude=47.3, longitude=-1.5)
    IdeeFabrique(etat="publiee", thematique=theme, titre="Un arbre sans lieu")
    reponse = client.get(LISTE, {"vue": "carte", "theme": "nature"})
    page = reponse.content.decode()
    assert "Un arbre sans lieu" in page and 'href="#resultats"' in page and 'href="#carte"' in page
    assert [p["titre"] for p in client.get(reponse.context["points"]).json()] == ["Un arbre"]
    assert not reponse.context["points_de_trop"]
    assert [o["actif"] for o in reponse.context["onglets"]] == [False, True]
    assert reponse.context["onglets"][0]["url"] == "?theme=nature"
    monkeypatch.setattr(vue_de_la_liste, "POINTS_MAX", 1)
    page = client.get(LISTE, {"vue": "carte"}).content.decode()
    assert "Filtrez pour voir les autres" in page
    assert len(client.get(reverse("idees:points")).json()) == 1


def test_les_pages_gardent_les_filtres_avec_et_sans_htmx(client):
    modele = IdeeFabrique(etat="publiee")
    for _ in range(13):
        IdeeFabrique(etat="publiee", boite=modele.boite)
    parametres = {"boite": modele.boite.slug, "ordre": "soutenues"}
    page = client.get(LISTE, parametres).content.decode()
    assert f'href="?boite={modele.boite.slug}&amp;ordre=soutenues&amp;page=2"' in page
    assert 'data-es-pages="#trouver"' in page and 'hx-boost="true"' in page
    morceau = client.get(LISTE, {**parametres, "page": "2"}, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in morceau and 'id="trouver"' in morceau and "Page 2 sur 2" in morceau
    retour = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert "<html" in client.get(LISTE, parametres, headers=retour).content.decode()
    boite = client.get(modele.boite.get_absolute_url(), {"page": "2"}, headers={"hx-request": "true"}).content.decode()
    assert boite.lstrip().startswith('<section id="resultats"')


def test_une_carte_montre_la_photo_et_l_horloge(client):
    idee = IdeeFabrique(etat="en_etude")
    photo = idee.photos.create(fichier="x.webp", vignette="x-v.webp", alternative="Un banc", largeur=9, hauteur=9)
    page = client.get(LISTE).content.decode()
    assert reverse("idees:photo", args=[idee.pk, photo.pk, "vignette"]) in page and 'alt="Un banc"' in page
    assert "Réponse avant le" in page


# --- Constant queries ----------------------------------------------------------------------------------------------

PAGES = [
    "/idees/", "/idees/?page=2", "/idees/?ordre=discutees", "/idees/?vue=carte", "/idees/?lat=47.2&lon=-1.5", "/idees/?ordre=moins_vues",
    "/idees/calendrier/",
    "/idees/atom.xml", "/idees/calendrier.ics", "/idees/points.json", "/plan.xml", "/plan-pages.xml", "/plan-idees-1.xml",
]  # fmt: skip
REQUETES_MAX = 12


def test_autant_de_requetes_pour_une_que_pour_cinquante(lieux):
    boite, theme, auteur = BoiteFabrique(), ThematiqueFabrique(), PersonneFabrique()
    projet = ProjetFabrique(ouvert=True)
    navigatrices = {"visiteur": Client(), "voisin": Client(), "agent": Client()}
    navigatrices["voisin"].force_login(PersonneFabrique())
    navigatrices["agent"].force_login(PersonneFabrique(roles=["agent"]))

    def ajouter(nombre):
        for n in range(nombre):
            IdeeFabrique(
                boite=boite, thematique=theme, auteur=auteur, territoire=lieux.pres, etat="en_etude" if n % 2 else "publiee",
                latitude=47.2, longitude=-1.5,
            )  # fmt: skip
        EtapeFabrique(projet=projet)
        horloge.battre()

    def compter(client, chemin) -> int:
        cache.clear()  # « Découvrir » starts its round: the end of one costs a query more
        adresse = client.get(chemin).url if "moins_vues" in chemin else chemin
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse, headers={"user-agent": "Mozilla/5.0"}).status_code == 200
        return len(requetes)

    def couter() -> dict[tuple[str, str], int]:
        return {(qui, chemin): compter(client, chemin) for qui, client in navigatrices.items() for chemin in PAGES}

    ajouter(2)
    deux = couter()
    ajouter(48)
    assert couter() == deux
    assert [cas for cas, cout in deux.items() if cas[1] in ("/idees/", "/idees/?page=2") and cout >= REQUETES_MAX] == []


def test_valeurs_dit_tout_ce_qui_est_demande(client, lieux):
    choix = filtres({"theme": "rien", "lat": "47.2", "lon": "-1.5", "ordre": "soutenues"}, None)
    voulus = valeurs(choix)
    assert (voulus["theme"], voulus["lat"], voulus["lon"], voulus["ordre"]) == ("", "47.2", "-1.5", "soutenues")
    assert Idee.objects.count() == 0 and list(chercher(None, choix)) == []
