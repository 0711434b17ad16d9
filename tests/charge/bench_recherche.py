"""Near ideas among 50,000, and full-text search of 500,000 texts: p95 beside a read by primary key, in the same run.

`make bench ARGS="--mesure recherche"`. The texts are shuffled pieces of real arguments, read beside the repository; the real ideas
are among them, so that the rank of the right one is measured too. On SQLite: `python -m tests.charge.bench_recherche`, no DATABASE_URL.
"""

import argparse
import os
import random
import statistics
import tempfile
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.charge.settings_charge"
os.environ.setdefault("ESTUAIRE_DONNEES", tempfile.mkdtemp(prefix="estuaire-mesures-"))

import django

django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from idees.models import Boite, Fiche, Idee  # noqa: E402
from idees.recherche import chercher_en_texte  # noqa: E402
from idees.semblables import semblables  # noqa: E402
from idees.views.semblables import voisinage  # noqa: E402
from reponses.models import Service  # noqa: E402
from tests.charge.urls_charge import nue  # noqa: E402
from tests.idees import corpus_reel  # noqa: E402
from tests.idees.test_semblables_corpus import REDITES  # noqa: E402

LOT = 2_000
REGLES = {"seuil_soutiens": 50, "delai_reponse": 60}
PAR_PAGE = 12
CHERCHES = {
    "un mot rare": "compteur linky",
    "deux mots": "logiciel libre administration",
    "un mot courant": "public",
    "deux mots courants": "données publiques",
    "une faute de frappe": "administrasion numerike",
    "rien": "xylophone kazoo",
}


class Fabrique:
    """Plausible French: pieces of real arguments, of three to nine words, in another order."""

    def __init__(self):
        self.hasard = random.Random(60)
        self.mots = [mot for texte in corpus_reel.lire_les_arguments() for mot in texte.split()]

    def _morceau(self, court, long):
        longueur = self.hasard.randint(court, long)
        depart = self.hasard.randrange(len(self.mots) - longueur)
        return self.mots[depart : depart + longueur]

    def idee(self) -> tuple[str, str]:
        titre = self._morceau(3, 5) + self._morceau(3, 5)
        texte = [mot for _n in range(self.hasard.randint(4, 14)) for mot in self._morceau(4, 9)]
        return " ".join(titre)[:120], " ".join(texte)[:5000]


def completer(boite, textes) -> list[int]:
    """Published ideas with their cards, written in bulk; their numbers."""
    numeros = []
    for debut in range(0, len(textes), LOT):
        idees = []
        for titre, texte in textes[debut : debut + LOT]:
            maintenant = timezone.now()
            idee = Idee(
                boite=boite,
                titre=titre,
                texte=texte,
                soumise_le=maintenant,
                publiee_le=maintenant,
                seuil_soutiens=50,
                delai_reponse=60,
            )
            idee.__dict__["etat"] = "publiee"
            idees.append(idee)
        faites = Idee.objects.bulk_create(idees)
        Fiche.objects.bulk_create([Fiche(idee=i, **Fiche.mots_de(i.titre, i.texte)) for i in faites])
        numeros += [idee.pk for idee in faites]
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return numeros


def chrono(gestes, tours: int) -> tuple[float, float]:
    """(median, p95) of these gestures, in milliseconds, the first round apart."""
    durees = []
    for tour in range(tours + 1):
        for geste in gestes:
            debut = time.perf_counter()
            geste()
            if tour:
                durees.append((time.perf_counter() - debut) * 1000)
    return statistics.median(durees), statistics.quantiles(durees, n=20)[-1]


def dire(nom: str, mesure: tuple[float, float], limite: float) -> None:
    mediane, p95 = mesure
    print(f"{nom:<44}{mediane:>9.1f}{p95:>9.1f}{p95 / limite:>12.0f} ×", flush=True)


def entete(titre: str, numeros: list[int], tours: int) -> tuple[float, float]:
    """The limits of this run: a read by primary key, p95, and a search without any index, median. A bare view beside them."""
    print(f"\n{titre}\n{'':<44}{'médiane':>9}{'p95, ms':>9}{'p95 / clé':>14}")
    choisis = random.Random(7).sample(numeros, 40)
    cle = chrono([lambda pk=pk: Idee.objects.get(pk=pk) for pk in choisis], tours)
    dire("lecture par la clé", cle, cle[1])
    requete = RequestFactory().get("/nue/")
    dire("vue nue, 20 ko", chrono([lambda: nue(requete)] * 40, tours), cle[1])
    sans_index = chrono([lambda: Fiche.objects.filter(mots__contains="xylophon").count()], max(tours, 5))
    dire("toutes les fiches lues, sans index", sans_index, cle[1])
    return cle[1], sans_index[0]


def mesurer_les_proches(noms: dict[int, str], numeros: list[int], tours: int) -> float:
    """The near ideas, and whether the right ones still come first; their median beside that of a search without index."""
    cle, sans_index = entete(f"Idées proches, {Fiche.objects.count()} idées", numeros, tours)
    qui = AnonymousUser()
    entieres = [lambda t=titre, x=texte: semblables(t, x, qui) for _nom, titre, texte in REDITES]
    mesure = chrono(entieres, tours)
    dire("les cinq plus proches, titre et texte", mesure, cle)
    dire(
        "les cinq plus proches, titre seul",
        chrono([lambda t=t: semblables(t, "", qui) for _n, t, _x in REDITES], tours),
        cle,
    )
    dire(
        "tout le panneau, réponses comprises",
        chrono([lambda t=t, x=x: voisinage(qui, t, x) for _n, t, x in REDITES], tours),
        cle,
    )
    rangs = []
    for nom, titre, texte in REDITES:
        trouves = [noms.get(proche.idee.pk) for proche in semblables(titre, texte, qui)]
        rangs.append(trouves.index(nom) + 1 if nom in trouves else None)
    print(
        f"rang de la bonne idée : {rangs} ; parmi les trois premières : {sum(r is not None and r <= 3 for r in rangs)}/20"
    )
    return mesure[0] / sans_index


def mesurer_la_recherche(numeros: list[int], tours: int) -> None:
    cle, _sans_index = entete(f"Recherche plein texte, {Fiche.objects.count()} textes", numeros, tours)
    visibles = Idee.objects.visibles_par(AnonymousUser()).publiees()
    for nom, texte in CHERCHES.items():
        trouvees = chercher_en_texte(visibles, texte)
        print(f"{nom} : « {texte} », {trouvees.count()} idées")
        gestes = {
            "  compter": lambda texte=texte: chercher_en_texte(visibles, texte).count(),
            "  les douze plus pertinentes": lambda texte=texte: list(
                chercher_en_texte(visibles, texte).order_by("-pertinence", "-pk")[:PAR_PAGE]
            ),
            "  les douze plus récentes": lambda texte=texte: list(
                chercher_en_texte(visibles, texte).order_by("-publiee_le", "-pk")[:PAR_PAGE]
            ),
        }
        for geste, faire in gestes.items():
            dire(geste, chrono([faire], max(tours, 5)), cle)


def principal() -> int:
    lecteur = argparse.ArgumentParser()
    lecteur.add_argument("--idees", type=int, default=50_000)
    lecteur.add_argument("--textes", type=int, default=500_000, help="0 : ne pas mesurer la recherche")
    lecteur.add_argument("--tours", type=int, default=5)
    lecteur.add_argument(
        "--rapport", type=float, default=3.0, help="au plus, entre les idées proches et une recherche sans index"
    )
    choix = lecteur.parse_args()
    if raison := corpus_reel.manque():
        print(f"Rien n'est mesuré : {raison}.")
        return 0
    call_command("migrate", verbosity=0)
    service = Service.objects.create(nom="Service fictif")
    boite = Boite.objects.create(titre="Boîte", slug="boite", description="d", service=service)
    fabrique, reels, debut = Fabrique(), corpus_reel.lire(), time.perf_counter()
    numeros = completer(boite, list(reels.values()))
    noms = dict(zip(numeros, reels, strict=True))
    numeros += completer(boite, [fabrique.idee() for _n in range(choix.idees - len(numeros))])
    print(f"{connection.vendor}, rempli en {time.perf_counter() - debut:.0f} s, charge {os.getloadavg()[0]:.1f}")
    rapport = mesurer_les_proches(noms, numeros, choix.tours)
    while len(numeros) < choix.textes:
        numeros += completer(boite, [fabrique.idee() for _n in range(min(50_000, choix.textes - len(numeros)))])
    if choix.textes:
        print(f"rempli en {time.perf_counter() - debut:.0f} s, charge {os.getloadavg()[0]:.1f}")
        mesurer_la_recherche(numeros, choix.tours)
    print(f"idées proches : {rapport:.1f} fois une recherche sans index (au plus {choix.rapport})")
    return rapport > choix.rapport


if __name__ == "__main__":
    raise SystemExit(principal())
