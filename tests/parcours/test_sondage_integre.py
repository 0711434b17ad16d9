"""A page of another site shows a survey and what is open; somebody whose browser blocks the cookies of third parties answers.

The host is another site for the browser too: another name (localhost) and another port.
"""

import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import AXE, MOT_DE_PASSE

PREPARER = """
from consultations.questionnaire import Genre
from projets.models import Thematique
from tests.consultations.fabriques import consultation, question, une_page
from tests.fabriques import EtapeFabrique, ProjetFabrique
consultation(
    une_page(question("q1", Genre.UNIQUE, obligatoire=True, intitule="Venez-vous à la piscine ?"),
             question("q2", Genre.SENTIMENT, intitule="L’accueil ?"),
             question("q3", Genre.TEXTE_COURT, intitule="Un mot ?")),
    titre="La piscine et vous", genre="sondage", presentation="ensemble", profil=False)
projet = ProjetFabrique(titre="Rénover la piscine", ouvert=True)
projet.thematiques.add(Thematique.objects.get(slug="vie-de-quartier"))
EtapeFabrique(projet=projet, titre="Dire ce qui manque")
Thematique.objects.create(nom="Rien d’ouvert", slug="rien")
"""


class Hote:
    """Another site: pages that it is given, and what its visitors' browsers send it."""

    def __init__(self):
        self.pages: dict[str, str] = {}
        self.temoins: list[str | None] = []
        hote = self

        class Reponse(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/mouchard":
                    hote.temoins.append(self.headers.get("Cookie"))
                self.send_response(200 if self.path in hote.pages or self.path == "/mouchard" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Set-Cookie", "temoin=1; SameSite=None; Secure; Path=/")
                self.end_headers()
                self.wfile.write(hote.pages.get(self.path, "<!doctype html><title>x</title>x").encode())

            def log_message(self, *_rien):
                pass

        self.serveur = ThreadingHTTPServer(("127.0.0.1", 0), Reponse)
        threading.Thread(target=self.serveur.serve_forever, daemon=True).start()

    def adresse(self, nom: str = "localhost") -> str:
        return f"http://{nom}:{self.serveur.server_port}"

    def publier(self, chemin: str, corps: str) -> str:
        self.pages[chemin] = (
            f'<!doctype html><html lang="fr"><meta name="viewport" content="width=device-width"><title>Ville</title>'
            f"<body><main><h1>La piscine</h1>{corps}<p id=fin>Fin de la page</p></main></body></html>"
        )
        return self.adresse() + chemin


@pytest.fixture
def hote():
    ouvert = Hote()
    yield ouvert
    ouvert.serveur.shutdown()
    ouvert.serveur.server_close()


@pytest.fixture
def prudente(navigateur):
    """A browser that gives no cookie to a site inside another one: a setting that the windowless Chromium has not."""
    jaloux = navigateur.browser_type.launch(
        executable_path=os.environ.get("CHROMIUM_ENTIER", "/usr/bin/chromium"),
        args=["--no-sandbox", "--disable-dev-shm-usage", "--test-third-party-cookie-phaseout"],
    )
    yield jaloux
    jaloux.close()


def ouvrir(prudente, site, *, largeur=360):
    contexte = prudente.new_context(
        viewport={"width": largeur, "height": 900}, locale="fr-FR", reduced_motion="reduce", base_url=site.adresse
    )
    contexte.set_default_timeout(20_000)
    return contexte, contexte.new_page()


@pytest.fixture(scope="module")
def piscine(site):
    site.executer(PREPARER)
    return site


def code_copie(page, chemin, ident="code-a-copier") -> str:
    page.goto(chemin)
    return page.locator(f"#{ident}").inner_text()


def test_on_repond_sans_quitter_la_page_de_la_piscine(piscine, hote, prudente):
    contexte, page = ouvrir(prudente, piscine)
    connecter(page)  # her session exists: the frame must not know of it
    code = code_copie(page, "/consultations/la-piscine-et-vous/code/")
    demandes = []
    contexte.on("request", lambda d: "/integrer/" in d.url and demandes.append(d.all_headers()))

    mouchard = f'<iframe src="{hote.adresse("127.0.0.1")}/mouchard" title="mouchard"></iframe>'
    page.goto(hote.publier("/piscine", code + mouchard))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert len(hote.temoins) >= 2 and not any(hote.temoins)  # the browser does block them

    cadre = page.frame_locator("iframe[title^='Sondage']")
    expect(cadre.get_by_role("heading", name="La piscine et vous")).to_be_visible()
    expect(cadre.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")  # its style came
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cadre.get_by_role("button", name="Envoyer ma réponse").click()
    expect(cadre.get_by_role("alert")).to_contain_text("Question 1")
    cadre.get_by_label("Oui").check()
    cadre.get_by_label("Plutôt content·e").check()
    cadre.get_by_label("Un mot ?").fill("De l’eau plus chaude")
    page.wait_for_timeout(3500)  # nobody reads three questions faster
    cadre.get_by_role("button", name="Envoyer ma réponse").click()
    expect(cadre.get_by_role("heading", name="Merci, votre réponse est enregistrée")).to_be_visible()
    numero, secret = (cadre.locator(f"#recu-{nom}").inner_text() for nom in ("numero", "secret"))
    assert demandes and not any("cookie" in entetes for entetes in demandes)
    assert piscine.executer(
        "from consultations.models import Participation as P\n"
        "p = P.objects.get(); print(p.canal, p.personne, p.est_comptee, p.donnees.count())"
    ).split() == ["ailleurs", "None", "True", "3"]

    with page.expect_popup() as ouverte:
        cadre.get_by_role("link", name="Retrouver ma réponse").click()
    onglet = ouverte.value
    expect(onglet).to_have_url(re.compile(rf"{piscine.adresse}/participations/\?numero={numero}$"))
    expect(onglet.locator("main [name=numero]")).to_have_value(numero)
    assert onglet.evaluate("window.opener") is None and onglet.evaluate("self.origin") == piscine.adresse
    onglet.locator("main [name=mot]").fill(secret.lower())
    onglet.locator("main [name=rattacher]").check()
    onglet.locator("main form button[type=submit]").first.click()
    expect(onglet.locator("main")).to_contain_text("De l’eau plus chaude")
    contexte.close()


def connecter(page, adresse="voisin.un@essai.example"):
    page.goto("/comptes/login/")
    page.locator("main [name=login]").fill(adresse)
    page.locator("main [name=password]").fill(MOT_DE_PASSE)
    page.locator("main form button[type=submit]").first.click()
    expect(page).not_to_have_url(re.compile("/comptes/login/"))


def test_une_concertation_concerne_cette_page(piscine, hote, prudente):
    contexte, page = ouvrir(prudente, piscine)
    connecter(page, "alix.agent@essai.example")
    codes = {
        theme: (
            code_copie(page, f"/bureau/integrer/?theme={theme}"),
            code_copie(page, f"/bureau/integrer/?theme={theme}", "code-sans-place"),
        )
        for theme in ("vie-de-quartier", "rien")
    }
    page.goto(hote.publier("/ouverte", "".join(codes["vie-de-quartier"])))
    page.wait_for_load_state("networkidle")
    cadres = [cadre for cadre in page.frames if "/integrer/concertations/" in cadre.url]
    assert len(cadres) == 2 and page.locator("object").evaluate("o => o.getBoundingClientRect().height") == 220
    for cadre in cadres:
        expect(cadre.get_by_role("heading", name="Une concertation concerne cette page")).to_be_visible()
        expect(cadre.locator("main")).to_contain_text("Dire ce qui manque")
    with page.expect_popup() as ouverte:
        page.frame_locator("iframe").get_by_role("link", name="Rénover la piscine").click()
    expect(ouverte.value.locator("h1")).to_have_text("Rénover la piscine")
    assert ouverte.value.evaluate("window.opener") is None
    page.goto(hote.publier("/rien", codes["rien"][1]))
    page.wait_for_load_state("networkidle")
    assert page.locator("object").evaluate("o => o.getBoundingClientRect().height") == 0
    page.goto(hote.publier("/rien", codes["rien"][0]))
    assert page.frame_locator("iframe").locator("body").inner_text().strip() == ""
    contexte.close()


@pytest.mark.parametrize("largeur", [200, 260, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_le_cadre_est_lisible_des_200_pixels(piscine, prudente, largeur, theme):
    """Opened by itself, as wide as its host would give it: nothing overflows, axe finds nothing."""
    contexte = prudente.new_context(
        viewport={"width": largeur, "height": 700},
        base_url=piscine.adresse,
        bypass_csp=True,
        color_scheme=theme,
        locale="fr-FR",
    )
    page = contexte.new_page()
    for chemin in ("/integrer/sondages/la-piscine-et-vous/", "/integrer/concertations/", "/integrer/sondages/rien/"):
        page.goto(chemin)
        page.evaluate(AXE.read_text())
        fautes = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes.map(n => n.target)))")
        assert fautes == [], chemin
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), chemin
    contexte.close()


def test_les_autres_pages_ne_s_affichent_pas_dans_un_cadre(piscine, hote, prudente):
    contexte, page = ouvrir(prudente, piscine)
    for rang, chemin in enumerate(("/", "/consultations/la-piscine-et-vous/", "/comptes/login/")):
        page.goto(hote.publier(f"/pirate{rang}", f'<iframe src="{piscine.adresse}{chemin}" title="pirate"></iframe>'))
        page.wait_for_load_state("networkidle")
        assert not page.frame_locator("iframe").locator("main#contenu").count(), chemin
    contexte.close()
