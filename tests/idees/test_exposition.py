"""« Les moins vues » and « Découvrir »: every idea gets its turn, without a cookie (ADR 0009)."""

import random
from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from idees import exposition
from idees.liste import PAR_PAGE
from idees.models import Exposition, Idee, Rang
from moderation.actions import masquer
from territoires.models import Territoire
from tests.fabriques import IdeeFabrique, PersonneFabrique, ThematiqueFabrique, beaucoup_d_idees

pytestmark = pytest.mark.django_db
QUELQU_UN = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
#: The second database counts in the same way: a fifth of them shows it.
VISITES = 10_000 if connection.vendor == "sqlite" else 2_000


def toutes():
    return Idee.objects.publiees().only("pk")


def une_visite(idees, cle="", pages=1, avance=True) -> list[int]:
    """What somebody sees who opens the list and reads so many pages."""
    visite = exposition.commencer(idees, cle=cle, combien=PAR_PAGE, avance=avance)
    return [idee.pk for idee in exposition.en_cercle(idees, visite)[: PAR_PAGE * pages]]


# --- The promise ---------------------------------------------------------------------------------------------------


def test_dix_mille_visites_montrent_cinq_cents_idees_autant():
    """One visit in ten goes to a theme that has one idea in ten: less than a factor two apart all the same."""
    hasard = random.Random(44)
    petit, grand = ThematiqueFabrique(slug="petit"), ThematiqueFabrique(slug="grand")
    beaucoup_d_idees(500, thematique=lambda n: petit if n % 10 == 0 else grand)
    tout = {"": toutes(), "theme=petit": toutes().filter(thematique__slug="petit")}
    montrees: Counter[int] = Counter()
    with time_machine.travel(timezone.now(), tick=False) as horloge:
        exposition.tourner()
        for numero in range(VISITES):
            cle = "theme=petit" if hasard.random() < 0.1 else ""
            _visite, lues = exposition._suivantes(tout[cle], cle, PAR_PAGE)
            exposition._ecrire_curseur(cle, exposition.Visite(lues[-1].tour, lues[-1].rang))
            pks = [idee.pk for idee in lues]
            montrees.update(pks)
            exposition.compter(pks)
            if numero % 30 == 29:  # a busy minute
                horloge.shift(timedelta(minutes=1))
                exposition.regler_les_vues()
                exposition.tourner()
        exposition.regler_les_vues()
    assert len(montrees) == 500
    ecart = max(montrees.values()) / min(montrees.values())
    assert ecart < 2, f"la plus montrée l’a été {ecart:.2f} fois plus que la moins montrée"
    assert dict(Exposition.objects.values_list("pk", "vues")) == dict(montrees), "what was shown is what was counted"


def test_sans_filtre_chacune_passe_a_une_pres():
    beaucoup_d_idees(50)
    exposition.tourner()
    montrees = Counter(pk for _ in range(100) for pk in une_visite(toutes()))
    assert len(montrees) == 50 and max(montrees.values()) - min(montrees.values()) <= 1


def test_un_nouveau_tour_commence_par_les_moins_vues():
    beaucoup_d_idees(30)
    pks = list(toutes().order_by("pk").values_list("pk", flat=True))
    exposition.tourner()
    for rang, pk in enumerate(pks):
        for _ in range(rang):
            exposition.compter([pk])
    exposition.regler_les_vues()
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        exposition.tourner()
        assert une_visite(toutes()) == pks[:12]
        assert une_visite(toutes()) == pks[12:24]


def test_une_nouvelle_idee_passe_tout_de_suite():
    beaucoup_d_idees(100)
    with time_machine.travel(timezone.now(), tick=False) as horloge:
        exposition.tourner()
        deja = une_visite(toutes())
        horloge.shift(timedelta(minutes=3))
        nouvelles = [IdeeFabrique(etat="publiee").pk, IdeeFabrique(etat="publiee").pk]
        assert exposition.tourner() == 2 and exposition.tourner() == 0
        suite = une_visite(toutes())
        assert suite[:2] == nouvelles and not set(suite) & set(deja)


# --- A visit holds together ----------------------------------------------------------------------------------------


def lire_les_pages(client, adresse) -> list[int]:
    vues, page = [], client.get(adresse, headers=QUELQU_UN).context["page"]
    for numero in range(1, page.paginator.num_pages + 1):
        trouvee = client.get(f"{adresse}&page={numero}", headers=QUELQU_UN).context["page"]
        vues += [carte.pk for carte in trouvee.object_list]
    return vues


def test_les_pages_d_une_visite_ne_repetent_ni_ne_sautent(client):
    """Whatever others read meanwhile, and though a new round begins."""
    beaucoup_d_idees(40)
    with time_machine.travel(timezone.now(), tick=False) as horloge:
        exposition.tourner()
        une_visite(toutes())  # somebody was there before: this visit begins in the middle of the round
        adresse = client.get("/idees/?ordre=moins_vues&page=2&theme=faux", headers=QUELQU_UN).url
        assert set(parse_qs(urlsplit(adresse).query)) == {"ordre", "tour", "depuis"}
        premieres = [c.pk for c in client.get(adresse, headers=QUELQU_UN).context["page"].object_list]
        for _ in range(5):
            une_visite(toutes())
        horloge.shift(timedelta(minutes=61))
        exposition.regler_les_vues()
        assert exposition.tourner() == 40, "another round, in another order"
        vues = lire_les_pages(client, adresse)
        assert vues[:12] == premieres
        assert sorted(vues) == sorted(toutes().values_list("pk", flat=True)), "each once"
        page = client.get(adresse, headers=QUELQU_UN).content.decode()
        assert "tour=" in page.split('class="pagination-es"')[1]
        horloge.shift(timedelta(hours=5))
        exposition.tourner()
        assert client.get(adresse, headers=QUELQU_UN).status_code == 302, "that round is forgotten: a new visit"


def test_une_idee_masquee_sort_du_cercle(client):
    beaucoup_d_idees(5)
    exposition.tourner()
    cachee = Idee.objects.first()
    masquer(cachee, par=PersonneFabrique(roles=["moderatrice"]), motif="injure", explication="Propos injurieux.")
    page = client.get("/idees/?ordre=moins_vues", headers=QUELQU_UN, follow=True)
    assert cachee.pk not in [carte.pk for carte in page.context["page"].object_list]
    for _ in range(10):
        assert client.get(reverse("idees:decouvrir"), headers=QUELQU_UN).url != cachee.get_absolute_url()


def test_avant_le_premier_tour_la_liste_se_lit(client):
    idee = IdeeFabrique(etat="publiee")
    assert [c.pk for c in client.get("/idees/?ordre=moins_vues").context["page"].object_list] == [idee.pk]
    assert client.get(reverse("idees:decouvrir")).url == idee.get_absolute_url()


# --- What counts, and what it costs --------------------------------------------------------------------------------

ROBOTS = {
    "": False, "Mozilla/5.0 (compatible; Exemplebot/2.1)": False, "curl/8.5": False, "python-requests/2.32": False,
    "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140": False, "Mozilla/5.0 (Android 15; Mobile) Firefox/140.0": True,
}  # fmt: skip


@pytest.mark.parametrize("agent", ROBOTS)
def test_les_robots_qui_le_disent_ne_comptent_pas(client, agent):
    beaucoup_d_idees(30)
    exposition.tourner()
    adresse = client.get("/idees/?ordre=moins_vues", headers={"user-agent": agent}).url
    client.get(adresse, headers={"user-agent": agent})
    suivante = client.get("/idees/?ordre=moins_vues", headers=QUELQU_UN).url
    assert bool(exposition.regler_les_vues()) is ROBOTS[agent]
    assert (suivante != adresse) is ROBOTS[agent], "a robot takes nobody's place"


def test_une_page_demandee_d_avance_ne_compte_pas(client):
    IdeeFabrique(etat="publiee")
    client.get("/idees/", headers={**QUELQU_UN, "sec-purpose": "prefetch"})
    assert exposition.regler_les_vues() == 0
    client.get("/idees/", headers=QUELQU_UN)
    assert exposition.regler_les_vues() == 2, "its card, and « une idée venue d’ailleurs »"


def test_compter_n_ecrit_dans_aucune_ligne_et_ne_garde_personne(client):
    beaucoup_d_idees(20)
    exposition.tourner()
    client.get("/idees/", headers=QUELQU_UN)
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get("/idees/", headers=QUELQU_UN)
    assert not [r["sql"] for r in requetes if not r["sql"].startswith("SELECT")]
    assert set(reponse.cookies) <= {"csrftoken"}
    assert {champ.name for champ in Exposition._meta.fields} == {"idee", "vues"}


def test_regler_deux_fois_ne_compte_qu_une_fois():
    idee = IdeeFabrique(etat="publiee")
    for _ in range(3):
        exposition.compter([idee.pk])
    exposition.compter([987654321])  # erased meanwhile
    assert exposition.regler_les_vues() == 4
    assert exposition.regler_les_vues() == 0
    assert list(Exposition.objects.values_list("pk", "vues")) == [(idee.pk, 3)]


def test_sans_cache_la_liste_se_lit_quand_meme(client, monkeypatch):
    beaucoup_d_idees(20)
    exposition.tourner()

    def en_panne(*arguments, **options):
        raise ConnectionError("le cache est parti")

    for geste in ("get", "set", "add", "incr"):
        monkeypatch.setattr(cache, geste, en_panne)
    page = client.get("/idees/?ordre=moins_vues", headers=QUELQU_UN, follow=True)
    assert len(page.context["page"].object_list) == 12
    assert client.get(reverse("idees:decouvrir"), headers=QUELQU_UN).status_code == 302


def test_un_tour_ne_se_fait_qu_une_fois_et_les_anciens_partent():
    beaucoup_d_idees(10)
    with time_machine.travel(timezone.now(), tick=False) as horloge:
        assert (exposition.tourner(), exposition.tourner()) == (10, 0)
        exposition._ouvrir_un_tour(exposition.tour_courant())  # another process, in the same minute
        assert Rang.objects.count() == 10
        for _ in range(6):
            horloge.shift(timedelta(minutes=exposition.DUREE))
            exposition.tourner()
        assert Rang.objects.values("tour").distinct().count() == exposition.GARDES // exposition.DUREE + 1


# --- « Découvrir » -------------------------------------------------------------------------------------------------


@pytest.fixture
def deux_mondes():
    """Two themes in two communes: one open idea in each of the four corners."""
    lieux = [Territoire.objects.create(genre="commune", nom=nom, slug=nom.lower(), code=nom) for nom in ("Ici", "Loin")]
    themes = [ThematiqueFabrique(nom=nom, slug=nom.lower()) for nom in ("Eau", "Feu")]
    coins = {
        (theme.slug, lieu.slug): IdeeFabrique(etat="publiee", thematique=theme, territoire=lieu)
        for theme in themes
        for lieu in lieux
    }
    exposition.tourner()
    return coins


def decouverte(client, **ou) -> str:
    return client.get(reverse("idees:decouvrir"), ou, headers=QUELQU_UN).url


def test_on_decouvre_ce_qui_est_loin_de_la_page(client, deux_mondes):
    ici, loin = deux_mondes["eau", "ici"], deux_mondes["feu", "loin"]
    for _ in range(4):
        assert decouverte(client, depuis=ici.pk) == loin.get_absolute_url()
        assert decouverte(client, theme="eau", lieu="ici") == loin.get_absolute_url()
    feux = {deux_mondes["feu", lieu].get_absolute_url() for lieu in ("ici", "loin")}
    assert {decouverte(client, theme="eau") for _ in range(4)} == feux
    page = client.get(ici.get_absolute_url()).content.decode()
    assert loin.titre in page and "un autre thème et d’un autre lieu que cette page" in page
    liste = client.get("/idees/?theme=eau").content.decode()
    assert "un autre thème que cette page" in liste


def test_jamais_deux_fois_la_meme_de_suite(client, deux_mondes):
    adresse, vues = decouverte(client), []
    for _ in range(12):
        suivante = decouverte(client, depuis=adresse.strip("/").split("/")[-1])
        assert suivante != adresse
        vues.append(suivante)
        adresse = suivante
    assert len(set(vues)) > 1


def test_decouvrir_est_equitable(client):
    beaucoup_d_idees(20)
    exposition.tourner()
    montrees = Counter(decouverte(client) for _ in range(100))
    assert set(montrees.values()) == {5}


def test_seules_les_idees_ouvertes_et_visibles_se_decouvrent(client):
    for etat in ("brouillon", "a_moderer", "retenue", "retiree", "refusee"):
        IdeeFabrique(etat=etat)
    exposition.tourner()
    reponse = client.get(reverse("idees:decouvrir"), headers=QUELQU_UN, follow=True)
    assert reponse.redirect_chain == [("/idees/", 302)]
    assert "pas d’autre idée ouverte" in reponse.content.decode()
    brouillon = Idee.objects.get(etat="brouillon")
    assert client.get(reverse("idees:decouvrir"), {"depuis": brouillon.pk}).url == "/idees/"
