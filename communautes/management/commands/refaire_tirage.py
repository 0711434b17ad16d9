"""`manage.py refaire_tirage`: a drawing of lots, verified and done again from its three published files, without any database."""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from communautes.tirage.fautes import FichierInvalide
from communautes.tirage.fichiers import OCTETS_MAX, nommer
from communautes.tirage.refaire import Tirage, refaire
from communautes.tirage.tirer import normaliser

AIDE = """\
Refait un tirage au sort à partir de ses trois fichiers publiés et de la valeur publique, sans base de données.

Tout est vérifié : chaque lot respecte chaque quota, a le bon nombre de personnes, toutes du vivier et toutes différentes.
--annoncees donne les trois empreintes annoncées (vivier, paramètres, lots) : la commande refuse un fichier qui n'a pas la sienne.

Avec --json, un seul objet : « empreintes », « valeur », « graine », « numero », « tires » (les codes), « probabilites ».
"""


class Command(BaseCommand):
    help = AIDE
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        lecteur = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        refuser = lecteur.error

        def error(message: str) -> NoReturn:
            if lecteur.called_from_command_line:
                sys.stderr.write(f"{_en_francais(message)}\n")
                sys.exit(2)
            refuser(_en_francais(message))
            raise AssertionError("argparse never comes back from a fault")

        lecteur.error = error  # type: ignore[method-assign]
        return lecteur

    def add_arguments(self, lecteur: CommandParser) -> None:
        lecteur.add_argument("vivier", metavar="VIVIER.csv", type=Path, help="le vivier publié")
        lecteur.add_argument("parametres", metavar="PARAMETRES.json", type=Path, help="les paramètres publiés")
        lecteur.add_argument("lots", metavar="LOTS.csv", type=Path, help="les lots publiés")
        lecteur.add_argument(
            "--valeur", required=True, metavar="TEXTE", help="la valeur publique, telle qu'elle a été annoncée"
        )
        lecteur.add_argument(
            "--annoncees", nargs=3, metavar="SHA256", help="les trois empreintes annoncées, dans le même ordre"
        )
        lecteur.add_argument("--json", action="store_true", help="un objet JSON")

    def handle(self, *args: Any, vivier: Path, parametres: Path, lots: Path, valeur: str, **options: Any) -> None:
        chemins = (vivier, parametres, lots)
        try:
            normaliser(valeur)
        except ValueError as erreur:
            raise CommandError(str(erreur), returncode=2) from None
        try:
            octets = [_octets(chemin) for chemin in chemins]
            # First of all: whoever knows what was announced is told which file was changed, not what the change breaks.
            _comparer(octets, options["annoncees"] or (), chemins)
            tirage = refaire(octets[0], octets[1], octets[2], valeur, [chemin.name for chemin in chemins])
        except ValueError as erreur:
            raise CommandError(str(erreur), returncode=1) from None
        if options["json"]:
            self.stdout.write(json.dumps(_objet(tirage), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_texte(tirage, chemins)))


def _octets(chemin: Path) -> bytes:
    try:
        if chemin.stat().st_size > OCTETS_MAX:
            raise FichierInvalide("ce fichier est trop lourd.", nom=chemin.name)
        return chemin.read_bytes()
    except FileNotFoundError:
        raise FichierInvalide("ce fichier n'existe pas.", nom=str(chemin)) from None
    except IsADirectoryError:
        raise FichierInvalide("c'est un dossier, pas un fichier.", nom=str(chemin)) from None
    except OSError as erreur:
        raise FichierInvalide(f"ce fichier ne peut pas être lu ({erreur.strerror}).", nom=str(chemin)) from None


def _empreintes(tirage: Tirage) -> tuple[str, str, str]:
    return tirage.empreintes.vivier, tirage.empreintes.parametres, tirage.empreintes.lots


def _comparer(octets: Sequence[bytes], annoncees: Sequence[str], chemins: Sequence[Path]) -> None:
    """Raises FichierInvalide for the first file that is not the announced one."""
    for annoncee, lus, chemin in zip(annoncees, octets, chemins, strict=False):
        trouvee = hashlib.sha256(lus).hexdigest()
        if annoncee.strip().lower() != trouvee:
            raise FichierInvalide(f"l'empreinte est {trouvee}, pas celle annoncée.", nom=chemin.name)


def _objet(tirage: Tirage) -> dict[str, Any]:
    probabilites = tirage.probabilites
    return {
        "titre": tirage.parametres.titre,
        "empreintes": dict(zip(("vivier", "parametres", "lots"), _empreintes(tirage), strict=True)),
        "valeur": tirage.valeur,
        "graine": tirage.graine,
        "numero": tirage.numero,
        "tires": list(tirage.tires),
        "probabilites": {
            "lots": probabilites.lots,
            "minimum": float(probabilites.minimum),
            "maximum": float(probabilites.maximum),
            "somme": int(probabilites.somme),
            "sans_chance": probabilites.sans_chance,
            "par_code": probabilites.par_code,
        },
    }


def _texte(tirage: Tirage, chemins: Sequence[Path]) -> list[str]:
    probabilites, parametres = tirage.probabilites, tirage.parametres
    largeur = max(len(chemin.name) for chemin in chemins)
    sortie = [parametres.titre, ""]
    sortie += [f"{chemin.name:<{largeur}}  {somme}" for chemin, somme in zip(chemins, _empreintes(tirage), strict=True)]
    sortie += [
        "",
        f"Vivier : {len(tirage.vivier.personnes)} personnes, {parametres.places} places, {len(parametres.quotas)} critères.",
        f"Lots : {len(tirage.lots)}. Chacun respecte tous les quotas.",
        f"Chance d'être tiré au sort : de {_pour_cent(probabilites.minimum)} à {_pour_cent(probabilites.maximum)}. "
        f"La somme des chances est {probabilites.somme}, le nombre de places.",
    ]
    if probabilites.sans_chance:
        sortie.append(f"Personnes qui ne sont dans aucun lot : {probabilites.sans_chance}.")
    sortie += [
        "",
        f"Valeur publique ({parametres.valeur_publique}) : {tirage.valeur}",
        f"Graine : {tirage.graine}",
        f"Lot tiré : {nommer(tirage.numero, len(tirage.lots))}",
        *tirage.tires,
    ]
    return sortie


def _pour_cent(part: Fraction) -> str:
    return f"{float(part * 100):.4f}".rstrip("0").rstrip(".").replace(".", ",") + " %"


def _en_francais(message: str) -> str:
    """argparse's own sentences, for whoever reads French."""
    for motif, phrase in (
        (r"unrecognized arguments: (.+)", r"Option inconnue : \1."),
        (r"the following arguments are required: (.+)", r"Il manque : \1."),
        (r"argument (\S+): expected (?:one argument|3 arguments)", r"\1 attend une valeur, ou trois pour --annoncees."),
    ):
        if trouve := re.fullmatch(motif, message, re.DOTALL):
            return trouve.expand(phrase)
    return message
