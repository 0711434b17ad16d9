"""Write the site's pages, as each kind of person sees them, for html-validate to read. Runs inside .venv.

`python -m outils.pages_rendues DOSSIER` : a demonstration in a new database, then every link from the home page on.
A dead link, a link that this person may not open, or a page that breaks is a fault (exit code 1).
"""

import os
import re
import shutil
import sys
import tempfile
import warnings
from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

from outils.dire import conclure, dire

#: pages seen of one route: by the visitor, objects in all their states; by the others, what their rights add
PAR_ROUTE_VISITEUR = 12
PAR_ROUTE = 3
PAR_PERSONNE = 400
# Written by others, checked by them: Django's administration and the reader of the API description.
ROUTES_ETRANGERES = re.compile(r"^(admin:|api:description)")


@dataclass
class Formulaire:
    adresse: str
    a_champ_exige: bool = False


@dataclass
class Lecture(HTMLParser):
    """Links and posted forms of one page."""

    liens: list[str] = field(default_factory=list)
    formulaires: list[Formulaire] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self._courant: Formulaire | None = None

    def handle_starttag(self, tag, attrs):
        attributs = dict(attrs)
        if tag == "a" and attributs.get("href") and "download" not in attributs:
            self.liens.append(attributs["href"])
        elif tag == "form" and (attributs.get("method") or "get").lower() == "post":
            self._courant = Formulaire(attributs.get("action") or "")
            self.formulaires.append(self._courant)
        elif self._courant and "required" in attributs:
            self._courant.a_champ_exige = True

    def handle_endtag(self, tag):
        if tag == "form":
            self._courant = None


class Promenade:
    """One person going through the site."""

    def __init__(self, client, nom: str, dossier: Path, par_route: int = PAR_ROUTE):
        self.client, self.nom, self.dossier, self.par_route = client, nom, dossier / nom, par_route
        self.fautes: list[str] = []
        self.routes: Counter[str] = Counter()
        self._connues: set[str] = set()
        self._a_voir: deque[tuple[str, str]] = deque()

    def parcourir(self, depart: str = "/") -> None:
        self._noter(depart, origine="")
        while self._a_voir and len(self._connues) < PAR_PERSONNE:
            self._voir(*self._a_voir.popleft())

    def _noter(self, adresse: str, origine: str) -> None:
        morceaux = urlsplit(urljoin(origine or "/", adresse))
        if morceaux.scheme or morceaux.netloc or not morceaux.path.startswith("/"):
            return
        route = nom_de_route(morceaux.path)
        if route is None:
            if not morceaux.path.startswith(("/static/", "/medias/")):
                self.fautes.append(f"{self.nom} : {origine} mène à {morceaux.path}, qui n'existe pas")
            return
        # Pages that differ by the value of a filter only are the same page.
        filtres = ",".join(sorted({nom for nom, _ in parse_qsl(morceaux.query)}))
        cle = f"{route}?{filtres}"
        entiere = morceaux.path + (f"?{morceaux.query}" if morceaux.query else "")
        assez = 1 if filtres else self.par_route
        if ROUTES_ETRANGERES.match(route) or entiere in self._connues or self.routes[cle] >= assez:
            return
        self.routes[cle] += 1
        self._connues.add(entiere)
        self._a_voir.append((entiere, origine))

    def _voir(self, adresse: str, origine: str) -> None:
        reponse = self._demander("get", adresse, origine)
        if reponse is None:
            return
        if reponse.status_code in {301, 302, 303}:
            self._noter(reponse["Location"], origine=adresse)
        elif reponse.status_code != 200:
            self.fautes.append(f"{self.nom} : {origine} mène à {adresse}, qui répond {reponse.status_code}")
        elif reponse.get("Content-Type", "").startswith("text/html"):
            self._lire(adresse, reponse)

    def _lire(self, adresse: str, reponse) -> None:
        texte = reponse.content.decode()
        self._ecrire(adresse, texte)
        lecture = Lecture()
        lecture.feed(texte)
        for lien in lecture.liens:
            self._noter(lien, origine=adresse)
        for formulaire in lecture.formulaires:
            if formulaire.a_champ_exige:
                self._envoyer_vide(urljoin(adresse, formulaire.adresse), adresse)

    def _envoyer_vide(self, adresse: str, origine: str) -> None:
        """The page in error is a page too; a form with a required field changes nothing when sent empty."""
        if f"POST {adresse}" in self._connues:
            return
        self._connues.add(f"POST {adresse}")
        reponse = self._demander("post", adresse, origine)
        if reponse is not None and reponse.get("Content-Type", "").startswith("text/html") and reponse.content:
            self._ecrire(adresse, reponse.content.decode(), "--vide")

    def _demander(self, methode: str, adresse: str, origine: str):
        try:
            return getattr(self.client, methode)(adresse)
        except Exception as erreur:  # whatever broke, the walk goes on and tells it
            self.fautes.append(f"{self.nom} : {methode} {adresse} (depuis {origine}) casse : {erreur!r}")
            return None

    def _ecrire(self, adresse: str, texte: str, suite: str = "") -> None:
        nom = re.sub(r"[^\w.-]+", "_", adresse).strip("_")[:150] or "accueil"
        self.dossier.mkdir(parents=True, exist_ok=True)
        (self.dossier / f"{nom}{suite}.html").write_text(texte, encoding="utf-8")


def nom_de_route(chemin: str) -> str | None:
    from django.urls import Resolver404, resolve

    try:
        trouve = resolve(chemin)
    except Resolver404:
        return None
    return trouve.view_name or trouve.route


def personnes():
    """(name of the folder, client) for a visitor and for each account that the demonstration announces."""
    from django.test import Client

    from comptes.demonstration import DOMAINE
    from comptes.models import Utilisateur
    from portail.demonstration.personnes import COMPTES

    yield "visiteur", Client()
    for role, (_pseudonyme, adresse, _roles) in COMPTES.items():
        client = Client()
        client.force_login(Utilisateur.objects.get(email=f"{adresse}@{DOMAINE}"))
        yield role, client


def principal() -> int:
    dossier = Path(sys.argv[1])
    shutil.rmtree(dossier, ignore_errors=True)
    dossier.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="estuaire-pages-") as donnees:
        # Refusals are part of the walk (empty forms): only its own sentences are of use.
        os.environ |= {"ESTUAIRE_DONNEES": donnees, "ESTUAIRE_JOURNAL": "CRITICAL"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
        warnings.filterwarnings("ignore", "No directory at", UserWarning)
        from outils.amorcer import amorcer

        amorcer()
        promenades = [
            Promenade(client, nom, dossier, PAR_ROUTE_VISITEUR if nom == "visiteur" else PAR_ROUTE)
            for nom, client in personnes()
        ]
        for promenade in promenades:
            promenade.parcourir()
        vues = {cle.partition("?")[0] for promenade in promenades for cle in promenade.routes}
        fautes = [faute for promenade in promenades for faute in promenade.fautes]
        (dossier / "routes-jamais-vues.txt").write_text("\n".join(sorted(set(toutes_les_routes()) - vues)) + "\n")
    nombre = sum(1 for _ in dossier.rglob("*.html"))
    for faute in fautes:
        print(faute, file=sys.stderr)
    dire(f"Pages écrites : {nombre}. Routes vues : {len(vues)}. Fautes : {len(fautes)}.")
    return 1 if fautes or not nombre else 0


def toutes_les_routes(motifs=None, espace: str = ""):
    """Names of the site's own routes, for the list of those that no link reaches."""
    from django.urls import URLResolver, get_resolver

    for motif in motifs if motifs is not None else get_resolver().url_patterns:
        if isinstance(motif, URLResolver):
            dedans = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from toutes_les_routes(motif.url_patterns, dedans)
        elif motif.name and not ROUTES_ETRANGERES.match(f"{espace}{motif.name}"):
            yield f"{espace}{motif.name}"


if __name__ == "__main__":
    conclure(principal)
