"""Browsers and people of the stories. A story runs against a real server; no fixture here touches the suite's own base."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.site_reel import PARTAGE, SESSIONS, SiteReel

REGLAGES = "tests.parcours.reglages"
MOT_DE_PASSE = "une phrase assez longue"
ATTENTE = 20_000  # ms: two shared cores, several browsers
expect.set_options(timeout=ATTENTE)
LA_PLUS_LONGUE = "test_tirage"  # ten thousand people, a thousand lots
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

PERSONNEL = """
from datetime import date
from allauth.account.models import EmailAddress
from comptes.models import Mandat, Role, Utilisateur
from django.core.management import call_command
from idees.models import Boite
from projets.models import Thematique
from reponses.models import Service
call_command("charger_territoires", verbosity=0)
for nom, role in [("Alix Agent", "agent"), ("Nadia Fictive", "moderatrice"), ("Élue Fictive", "elue"),
                  ("Voisin Un", ""), ("Voisin Deux", ""), ("Voisin Trois", ""), ("Ada Admin", "administratrice")]:
    adresse = nom.lower().replace(" ", ".").replace("é", "e") + "@essai.example"
    p = Utilisateur.objects.create_user(adresse, nom, "une phrase assez longue")
    EmailAddress.objects.create(user=p, email=adresse, verified=True, primary=True)
    if role: Role.objects.create(personne=p, role=role)
    if role == "elue":
        Mandat.objects.create(personne=p, nom_officiel=nom, intitule="Vice-présidente fictive", debut=date(2020, 1, 1))
    if role == "administratrice": Utilisateur.objects.filter(pk=p.pk).update(is_staff=True, is_superuser=True)
s = Service.objects.create(nom="Espaces publics")
Thematique.objects.create(nom="Vie de quartier", slug="vie-de-quartier")
Boite.objects.create(
    titre="Boîte permanente", slug="permanente", description="Toutes vos idées.", service=s, seuil_soutiens=3, delai_reponse=60
)
"""

OUVRIR = """
from comptes.models import Utilisateur
print(*sessions(Utilisateur.objects.filter(email="{adresse}")))
"""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The chapters of a story stay together, in their order (`--dist loadgroup`), unless they say how they part.

    The longest one begins: nobody waits for it alone at the end.
    """
    items.sort(key=lambda item: item.path.stem != LA_PLUS_LONGUE)
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """A story that fails shows where everybody was: what may happen once in a hundred times must tell enough at once."""
    rapport = yield
    if rapport.when == "call" and rapport.failed:
        gens: list[Personne] = getattr(item, "gens", [])
        rapport.sections += [(f"page de la personne {n}", personne.ou_en_est()) for n, personne in enumerate(gens, 1)]
        rapport.sections += [("serveur", site.journal.read_text()[-3000:]) for site in {p.site for p in gens}]
    return rapport


@pytest.fixture(scope="session")
def navigateur():
    with sync_playwright() as moteur:
        chromium = moteur.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                # A page lives a second: to optimise its JavaScript costs more than that saves.
                "--js-flags=--no-opt --no-maglev",
            ],
        )
        yield chromium
        chromium.close()


def _remplir_une_fois(nom: str, remplir: Callable[[SiteReel], object]) -> Path:
    """The data of a site that one worker fills and the others wait for; every story works on a copy."""
    dossier = PARTAGE / f"modele_{nom}"
    with (PARTAGE / f"modele_{nom}.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not (dossier / "rempli").exists():
            shutil.rmtree(dossier, ignore_errors=True)  # half filled, by a worker that failed
            site = SiteReel(dossier, DJANGO_SETTINGS_MODULE=REGLAGES)
            site.migrer()
            remplir(site)
            site.arreter()
            (dossier / "rempli").touch()
    return dossier / "donnees"


@pytest.fixture(scope="session")
def donnees_vides() -> Path:
    """The data of an empty site with its staff, three neighbours and one permanent box that asks for three supports."""
    return _remplir_une_fois("vide", lambda site: site.executer(PERSONNEL))


@pytest.fixture(scope="session")
def donnees_demonstration() -> Path:
    """The data of the demonstration, as `make run` loads it."""
    return _remplir_une_fois("demonstration", lambda site: site.gerer("charger_demonstration"))


@pytest.fixture(scope="module")
def site(tmp_path_factory, donnees_vides):
    yield from _servir(tmp_path_factory.mktemp("site"), donnees_vides)


@pytest.fixture(scope="module")
def site_demonstration(tmp_path_factory, donnees_demonstration):
    yield from _servir(tmp_path_factory.mktemp("demonstration"), donnees_demonstration)


def _servir(dossier: Path, donnees: Path):
    """A site of its own for a story, on a copy of these data."""
    site = SiteReel(dossier, DJANGO_SETTINGS_MODULE=REGLAGES)
    shutil.copytree(donnees, site.donnees)
    site.demarrer()
    yield site
    site.arreter()


#: Rejected when it lasts: Playwright itself would wait for ever.
LIRE = """([options, attente]) => Promise.race([
    axe.run(document, options),
    new Promise((_, refuser) => setTimeout(refuser, attente, new Error("axe-core ne finit pas de lire cette page"))),
])"""


@cache
def _axe() -> str:
    return AXE.read_text()


class Personne:
    """Somebody with a browser of her own. Whatever her pages complain of, or ask of another site, fails the story."""

    def __init__(self, navigateur: Browser, site: SiteReel, *, largeur=1280, javascript=True, langue="fr-FR"):
        self.site = site
        self.contexte = navigateur.new_context(
            viewport={"width": largeur, "height": 800},
            locale=langue,
            java_script_enabled=javascript,
            reduced_motion="reduce",  # a colour on its way to another one is neither
            base_url=site.adresse,
        )
        self.contexte.set_default_timeout(ATTENTE)
        self.page: Page = self.contexte.new_page()
        self.plaintes: list[str] = []
        self.page.on("console", self._noter)
        self.page.on("pageerror", lambda erreur: self.plaintes.append(str(erreur)))
        self.page.on("request", self._surveiller)
        self.attendues: set[Request] = set()
        self.page.on("request", lambda requete: self.attendues.add(requete))
        self.page.on("requestfinished", lambda requete: self.attendues.discard(requete))
        self.page.on("requestfailed", lambda requete: self.attendues.discard(requete))

    def _noter(self, message):
        # A refused step is shown by a page of its own status, which Chromium also calls an error.
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.plaintes.append(message.text)

    def _surveiller(self, requete):
        ici = (self.site.adresse, self.site.adresse.replace("http", "ws"), "data:", "blob:")
        if not requete.url.startswith(ici):
            self.plaintes.append(f"requête vers un autre site : {requete.url}")

    def va(self, chemin: str) -> Page:
        self.page.goto(chemin)
        return self.page

    def se_connecte(self, adresse: str, mot_de_passe=MOT_DE_PASSE) -> "Personne":
        page = self.va("/comptes/login/")
        page.locator("main [name=login]").fill(adresse)
        page.locator("main [name=password]").fill(mot_de_passe)
        page.locator("main form button[type=submit]").first.click()
        expect(page).not_to_have_url(f"{self.site.adresse}/comptes/login/")
        return self

    def entre(self, adresse: str) -> "Personne":
        """Signed in already, without a form that the stories of the doors tell: a third of what a short story costs."""
        cle = self.site.executer(f"{SESSIONS}{OUVRIR.format(adresse=adresse)}").strip()
        self.contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cle, "url": self.site.adresse}])
        return self

    def appuie(self, nom: str) -> None:
        """The button or link of that name, in the page itself."""
        role = "button" if self.page.locator("main").get_by_role("button", name=nom, exact=True).count() else "link"
        self.page.locator("main").get_by_role(role, name=nom, exact=True).first.click()

    def lit(self, texte: str) -> None:
        expect(self.page.locator("main")).to_contain_text(texte)

    def ou_en_est(self) -> str:
        """Her page, for whoever reads a failure: address, state, requests without an answer, words."""
        dit = [self.page.url, *(f"sans réponse : {r.method} {r.url}" for r in self.attendues), *self.plaintes]
        with suppress(PlaywrightError):  # a page that was closed says nothing more
            dit += self.page.evaluate("[document.readyState, navigator.onLine, document.activeElement.outerHTML]")
            dit.append(self.page.locator("body").inner_text(timeout=1000))
        return "\n".join(map(str, dit))


@pytest.fixture
def quelqu_un(navigateur, request):
    """Opens browsers; at the end nobody's page has complained."""
    gens: list[Personne] = []
    request.node.gens = gens

    def ouvrir(site, adresse="", **options) -> Personne:
        personne = Personne(navigateur, site, **options)
        gens.append(personne)
        return personne.entre(adresse) if adresse else personne

    yield ouvrir
    plaintes = [plainte for personne in gens for plainte in personne.plaintes]
    for personne in gens:
        personne.contexte.close()
    assert plaintes == []


def violations(page: Page, *regles: str) -> list[str]:
    """What axe-core finds wrong in the page as it stands, best practices included; `regles`: these rules only."""
    if not page.evaluate("typeof window.axe?.run === 'function'"):
        page.evaluate(_axe())
    # Without `preload` axe does not wait for the sounds and films of the page, of which no rule here says anything.
    options = {"resultTypes": ["violations"], "preload": False, **({"runOnly": list(regles)} if regles else {})}
    resultat = page.evaluate(LIRE, [options, ATTENTE])
    return [
        f"{v['id']} : {noeud['html'][:160]} — {noeud['failureSummary'][:200]}"
        for v in resultat["violations"]
        for noeud in v["nodes"]
    ]


def attendre_que(page: Page, question: str, dit: object = None) -> None:
    """Ask the page until it says yes.

    Playwright's `wait_for_function` asks a second time by `eval`, which the site's policy refuses: it holds only where the
    first answer is yes, or comes later by a promise.
    """
    limite = time.monotonic() + ATTENTE / 1000
    while True:
        with suppress(PlaywrightError):  # between two pages nobody answers
            if page.evaluate(question, dit):
                return
        assert time.monotonic() < limite, f"la page ne dit toujours pas oui à : {question}"
        page.wait_for_timeout(100)
