"""Requests per second of the heavy pages beside a bare view of 20 kB, on the same server, in the same run.

`make bench`. PostgreSQL with 5,000 ideas, 50,000 comments, 100,000 supports. Each page is asked by a visitor, and by somebody
who is signed in and has supported and commented the idea that is read. Rounds are interleaved, so that a busy machine slows
all sides; what counts is the ratio, and the number of queries of each page. Fails when a page asks too many.
"""

import argparse
import http.client
import os
import random
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.charge.settings_charge"
os.environ.setdefault("ESTUAIRE_DONNEES", tempfile.mkdtemp(prefix="estuaire-mesures-"))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from commentaires.models import Commentaire  # noqa: E402
from comptes.models import Utilisateur  # noqa: E402
from idees import exposition  # noqa: E402
from idees.models import Boite, Idee, Photo, Soutien  # noqa: E402
from projets.models import Thematique  # noqa: E402
from reponses.models import Service  # noqa: E402
from territoires.models import Territoire  # noqa: E402
from tests.site_reel import SiteReel  # noqa: E402

REQUETES_VISEES = 12  # queries a page; the nearest Django peer needs 144 for the list and 56 for the detail


@dataclass(frozen=True)
class Page:
    chemin: str
    entetes: dict[str, str] = field(default_factory=lambda: {"User-Agent": "Mozilla/5.0"})  # a person, not a robot

    def lue_par(self, personne) -> "Page":
        """The same page, asked with a session of hers."""
        client = Client()
        client.force_login(personne)
        nom = settings.SESSION_COOKIE_NAME
        return Page(self.chemin, self.entetes | {"Cookie": f"{nom}={client.cookies[nom].value}"})


def peupler(idees: int, commentaires: int, soutiens: int) -> tuple[Idee, Utilisateur]:
    """Rows of plausible shape, written in bulk: one idea in three has a picture, one comment in ten answers another. Returns
    the idea with the longest discussion, and somebody who takes part in it.
    """
    hasard = random.Random(44)
    call_command("charger_territoires", verbosity=0)
    themes = [Thematique.objects.create(nom=f"Thème {n}", slug=f"theme-{n}") for n in range(8)]
    lieux = list(Territoire.objects.exclude(genre="metropole").values_list("pk", flat=True))
    service = Service.objects.create(nom="Service fictif")
    boite = Boite.objects.create(titre="Boîte", slug="boite", description="d", service=service, seuil_soutiens=50)
    gens = Utilisateur.objects.bulk_create(
        [
            Utilisateur(email=f"p{n}@essai.example", pseudonyme=f"Personne Fictive {n}", password="!", **_cle(n))
            for n in range(2000)
        ]
    )
    maintenant = timezone.now()
    lignes = []
    for n in range(idees):
        date = maintenant - timedelta(minutes=7 * n)
        idee = Idee(
            boite=boite, titre=f"Une idée fictive numéro {n}", texte="Une phrase inventée qui décrit le besoin. " * 12,
            thematique=themes[n % 8], territoire_id=lieux[n % len(lieux)], auteur=gens[n % 2000], soumise_le=date, publiee_le=date,
            seuil_soutiens=50, delai_reponse=60,
        )  # fmt: skip
        idee.__dict__["etat"] = "publiee"
        lignes.append(idee)
    faites = Idee.objects.bulk_create(lignes, batch_size=1000)
    vedette, voisine = faites[0], gens[1]
    Photo.objects.bulk_create(
        [
            Photo(
                idee=idee,
                fichier="idees/p.webp",
                vignette="idees/v.webp",
                alternative="Un banc",
                largeur=900,
                hauteur=600,
            )
            for idee in faites[::3]
        ]
    )
    ici = ContentType.objects.get_for_model(Idee)
    premiers = Commentaire.objects.bulk_create(
        [
            Commentaire(
                cible_type=ici,
                cible_id=(vedette if n % 50 == 0 else hasard.choice(faites)).pk,
                auteur=hasard.choice(gens) if n else voisine,
                texte="Un avis inventé, en une phrase ou deux.",
                publie_le=maintenant - timedelta(minutes=n),
            )
            for n in range(commentaires - commentaires // 10)
        ],
        batch_size=2000,
    )
    Commentaire.objects.bulk_create(
        [
            Commentaire(
                cible_type=ici, cible_id=premier.cible_id, parent=premier, auteur=hasard.choice(gens), texte="Une suite inventée.",
                publie_le=premier.publie_le + timedelta(seconds=1),
            )
            for premier in hasard.sample(premiers, commentaires // 10)
        ],
        batch_size=2000,
    )  # fmt: skip
    paires = {(vedette.pk, voisine.pk)}
    while len(paires) < soutiens:
        paires.add((hasard.choice(faites).pk, hasard.choice(gens).pk))
    Soutien.objects.bulk_create([Soutien(idee_id=i, personne_id=p) for i, p in sorted(paires)], batch_size=5000)
    exposition.tourner()
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return vedette, voisine


def _cle(n: int) -> dict:
    """The key that keeps pseudonyms apart, when the model keeps it in a column of its own."""
    noms = {champ.name for champ in Utilisateur._meta.concrete_fields}
    return {"pseudonyme_cle": f"personne fictive {n}"} if "pseudonyme_cle" in noms else {}


def compter(page: Page) -> tuple[int, int]:
    """(queries, bytes) of a page, asked of Django itself."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.get(page.chemin, headers=page.entetes)  # content types and sites are read once per process
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(page.chemin, headers=page.entetes)
    assert reponse.status_code == 200, (page, reponse.status_code)
    assert reponse.context is None or reponse.context["user"].is_authenticated == ("Cookie" in page.entetes)
    return len(requetes), len(reponse.content)


def debit(port: int, page: Page, clients: int, secondes: float) -> float:
    """Requests per second by `clients` connections that each ask again as soon as they are answered."""
    faits, fin = [0] * clients, time.perf_counter() + secondes

    def demander(rang):
        prise = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < fin:
            prise.request("GET", page.chemin, headers=page.entetes)
            reponse = prise.getresponse()
            reponse.read()
            assert reponse.status == 200
            faits[rang] += 1
        prise.close()

    depart = time.perf_counter()
    fils = [threading.Thread(target=demander, args=(rang,)) for rang in range(clients)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return sum(faits) / (time.perf_counter() - depart)


def principal() -> int:
    lecteur = argparse.ArgumentParser()
    lecteur.add_argument("--idees", type=int, default=5_000)
    lecteur.add_argument("--commentaires", type=int, default=50_000)
    lecteur.add_argument("--soutiens", type=int, default=100_000)
    lecteur.add_argument("--clients", type=int, default=4)
    lecteur.add_argument("--tours", type=int, default=5)
    lecteur.add_argument("--secondes", type=float, default=3.0)
    choix = lecteur.parse_args()
    call_command("migrate", verbosity=0)
    depart = time.perf_counter()
    vedette, voisine = peupler(choix.idees, choix.commentaires, choix.soutiens)
    print(f"{connection.vendor} : {choix.idees} idées, {choix.commentaires} commentaires, {choix.soutiens} soutiens")
    print(f"remplie en {time.perf_counter() - depart:.0f} s, charge {os.getloadavg()[0]:.1f}")
    liste, une_idee = Page("/idees/"), Page(vedette.get_absolute_url())
    nb_commentaires = Commentaire.objects.sur(vedette).count()
    pages = {
        "vue nue, 20 ko": Page("/nue/"),
        "liste des idées": liste,
        "liste, une habitante connectée": liste.lue_par(voisine),
        "liste, les plus soutenues": Page("/idees/?ordre=soutenues"),
        f"une idée ({nb_commentaires} commentaires)": une_idee,
        "une idée, une habitante connectée": une_idee.lue_par(voisine),
    }
    comptes = {nom: compter(page) for nom, page in pages.items()}
    site = SiteReel(
        Path(os.environ["ESTUAIRE_DONNEES"]),
        base=os.environ.get("DATABASE_URL", ""),
        DJANGO_SETTINGS_MODULE="tests.charge.settings_charge",
        SECRET_KEY=settings.SECRET_KEY,  # sessions opened here are read there
        **({"REDIS_URL": os.environ["REDIS_URL"]} if os.environ.get("REDIS_URL") else {}),
    )
    mesures: dict[str, list[float]] = {nom: [] for nom in pages}
    site.demarrer()
    try:
        for page in pages.values():
            debit(site.port, page, choix.clients, 1)
        for _tour in range(choix.tours):
            for nom, page in pages.items():
                mesures[nom].append(debit(site.port, page, choix.clients, choix.secondes))
    finally:
        site.arreter()
    nue = statistics.median(mesures["vue nue, 20 ko"])
    print(f"charge à la fin {os.getloadavg()[0]:.1f}")
    print(f"{'page':<36}{'req/s':>8}{'part de la vue nue':>20}{'requêtes SQL':>14}{'octets':>9}")
    for nom in pages:
        mediane = statistics.median(mesures[nom])
        print(f"{nom:<36}{mediane:>8.1f}{mediane / nue:>19.0%}{comptes[nom][0]:>14}{comptes[nom][1]:>9}")
    trop = [nom for nom, (requetes, _octets) in comptes.items() if requetes >= REQUETES_VISEES]
    if trop:
        print(f"Au-dessus de {REQUETES_VISEES - 1} requêtes SQL : {', '.join(trop)}")
    return bool(trop)


if __name__ == "__main__":
    raise SystemExit(principal())
