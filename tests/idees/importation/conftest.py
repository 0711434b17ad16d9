"""Small invented files, of the shape of the real ones; and the real ones where they are."""

import csv
import io
from pathlib import Path

import pytest

from idees.importation import depart
from idees.importation.correspondance import Regles, modeles
from idees.importation.lecture import Tableau
from idees.importation.moteur import executer
from tests.fabriques import BoiteFabrique
from tests.idees.corpus_reel import DONNEES

SIMPLE = {
    "version": 1,
    "genre": "idees",
    "source": {"code": "ville-fictive", "nom": "Ville fictive"},
    "champs": {
        "cle": {"colonne": "id"},
        "titre": {"colonne": "titre"},
        "texte": {"colonne": "texte"},
        "etat": {"colonne": "etat", "table": {"ouverte": "publiee", "faite": "realisee", "gagnante": "retenue", "non": "non_retenue"}},
        "publiee_le": {"colonne": "date"},
        "soutiens": {"colonne": "votes"},
    },
}  # fmt: skip
COLONNES = ["id", "titre", "texte", "etat", "date", "votes"]

FILS = {
    "version": 1,
    "genre": "commentaires",
    "source": {"code": "ville-fictive", "nom": "Ville fictive"},
    "champs": {
        "cle": {"colonne": "id"},
        "texte": {"colonne": "texte"},
        "sur": {"colonne": "sur"},
        "sur_genre": {"colonne": "genre", "table": {"idee": "idee", "commentaire": "commentaire"}},
        "publie_le": {"colonne": "date"},
        "position": {"colonne": "avis", "table": {"1": "pour", "-1": "contre", "0": "neutre"}},
        "accords": {"colonne": "votes"},
    },
}
COLONNES_FILS = ["id", "texte", "sur", "genre", "date", "avis", "votes"]


def rangee(n, **autres) -> list[str]:
    ligne = {
        "id": f"A{n}",
        "titre": f"Idée fictive {n}",
        "texte": "Une description inventée.",
        "etat": "ouverte",
        "date": "2019-03-12",
        "votes": str(n),
    }
    return list((ligne | autres).values())


def fil(n, **autres) -> list[str]:
    ligne = {
        "id": f"C{n}", "texte": f"Un avis fictif {n}.", "sur": "A1", "genre": "idee", "date": f"2019-03-{n + 10}", "avis": "0",
        "votes": "0",
    }  # fmt: skip
    return list((ligne | autres).values())


def en_csv(lignes, colonnes=COLONNES, **options) -> str:
    sortie = io.StringIO(newline="")
    ecrire = csv.writer(sortie, **options)
    ecrire.writerow(colonnes)
    ecrire.writerows(lignes)
    return sortie.getvalue()


@pytest.fixture
def boite(db):
    return BoiteFabrique(titre="Boîte des reprises", slug="reprises")


@pytest.fixture
def fichier(tmp_path):
    """Writes a file: text in UTF-8, or bytes as they are."""

    def ecrire(contenu, nom="donnees.csv") -> Path:
        chemin = tmp_path / nom
        if isinstance(contenu, bytes):
            chemin.write_bytes(contenu)
        else:
            chemin.write_text(contenu, encoding="utf-8", newline="")
        return chemin

    return ecrire


@pytest.fixture
def reprendre(fichier, boite, agent):
    """Takes over rows, or a file, for good; returns the job."""

    def faire(lignes, regles=SIMPLE, colonnes=COLONNES, lot=500, dans=None):
        chemin = lignes if isinstance(lignes, Path) else fichier(en_csv(lignes, colonnes))
        lues = Regles.lire(regles)
        tableau = Tableau.ouvrir(chemin)
        importation = depart.preparer(tableau, lues, boite=dans or boite, par=agent, nom=chemin.name, lot=lot)
        depart.lancer(importation)
        assert executer(importation, tableau)
        return importation

    return faire


@pytest.fixture
def reel(request):
    """A real file; the test is skipped, and says so, where it is missing."""

    def trouver(nom) -> Path:
        chemin = DONNEES / nom
        if not chemin.is_file():
            pytest.skip(f"données réelles absentes : {chemin}")
        return chemin

    return trouver


def modele(livre, **source) -> dict:
    """A shipped mapping, for a given source."""
    brut = modeles()[livre]
    return {**brut, "source": {**brut["source"], **source}}
