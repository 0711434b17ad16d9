"""`manage.py compter`: count a file of ballots, without any database."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import Field
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from votes.fichiers.lire import lire
from votes.fichiers.mentions import Bareme
from votes.regles.catalogue import REGLES, Regle
from votes.regles.depouillement import Depouillement, Interrompu, RegleInvalide
from votes.regles.election import Election
from votes.regles.jugement_majoritaire import MENTIONS_MAX
from votes.regles.parametre import CENTIMES, decrire, lire_texte, nom_public
from votes.restitution import en_objet, nombre

#: How many times the share of a ballot may be raised: a quarter of an hour of computing. A budget with many zeros too many,
#: and few ballots, would ask for years; a longer step gives nearly the same outcome at once.
AUGMENTATIONS_MAX = 5_000_000

AIDE = """\
Dépouille un ou plusieurs fichiers de bulletins, sans base de données.

Fichiers : .pb (Pabulib) ; .soc, .soi, .toc, .toi (PrefLib, classements) ; un ou plusieurs tableaux .csv de mentions (un
bulletin par ligne, une colonne par option, leurs noms sur la première ligne ; une première colonne sans nom numérote
les bulletins ; une case vide est un blanc ; un nombre plus grand est meilleur).

Les paramètres d'une règle s'affichent par « compter --regle NOM --help ».

Avec --json, un seul objet : « winners » (identifiants dans l'ordre), « tallies » (ce que vaut chaque option pour la règle),
« cost » et « endowment » (en unités de la monnaie, null si la règle ne dépense rien), « rounds » (les tours),
« ranking », « ties », « measures », « parameters ». Pour une règle qui classe, « winners » est le classement entier, la
première option d'abord (ou les --places premières), et « ranking » le même avec les égalités ensemble, avant le sort.
Pour une règle de budget, « winners » est ce qui est financé. Pour oui-non, c'est la réponse qui l'emporte.
"""


class Command(BaseCommand):
    help = AIDE
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's parser, that learns the parameters of the rule it is asked for, and speaks French."""
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        lecteur = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        analyser, refuser = lecteur.parse_args, lecteur.error

        def parse_args(args: Sequence[str] | None = None, namespace: Any = None) -> Any:
            mots = sys.argv[1:] if args is None else [str(mot) for mot in args]
            demandee = _regle_demandee(mots)
            if demandee and demandee not in REGLES:
                lecteur.error(f"La règle « {demandee} » n'existe pas : il y a {', '.join(REGLES)}.")
            if demandee:
                self._ajouter_parametres(lecteur, REGLES[demandee])
            return analyser(mots, namespace)

        def error(message: str) -> NoReturn:
            if lecteur.called_from_command_line:
                _sortir(_en_francais(message))
            refuser(_en_francais(message))
            raise AssertionError("argparse never comes back from a fault")

        lecteur.parse_args, lecteur.error = parse_args, error  # type: ignore[method-assign, assignment]
        return lecteur

    def add_arguments(self, lecteur: CommandParser) -> None:
        lecteur.add_argument("fichiers", nargs="+", metavar="FICHIER", type=Path, help="fichier de bulletins")
        lecteur.add_argument("--regle", required=True, metavar="NOM", help=f"règle : {', '.join(REGLES)}")
        lecteur.add_argument("--json", action="store_true", help="un objet JSON au lieu d'un tableau")
        tableaux = lecteur.add_argument_group("tableaux de mentions (.csv)")
        tableaux.add_argument(
            "--nombre-mentions", type=_nombre_de_mentions, metavar="N", help="combien il y a de mentions"
        )
        tableaux.add_argument("--pire", type=int, metavar="N", help="le nombre qui veut dire la pire mention (0 sinon)")
        tableaux.add_argument("--valeur-blanche", type=int, metavar="N", help="un nombre qui veut dire un blanc")

    def _ajouter_parametres(self, lecteur: CommandParser, regle: Regle) -> None:
        groupe = lecteur.add_argument_group(f"paramètres de la règle « {regle.nom} »")
        for declare, annotation in decrire(regle.parametres):
            option, aide = f"--{nom_public(declare.name)}", _aide(declare)
            if annotation is bool:
                groupe.add_argument(option, dest=_destination(declare), action="store_const", const=True, help=aide)
                sans = f"--sans-{nom_public(declare.name)}"
                groupe.add_argument(
                    sans, dest=_destination(declare), action="store_const", const=False, help="le contraire"
                )
            else:
                groupe.add_argument(
                    option,
                    dest=_destination(declare),
                    type=_lire(declare, annotation),
                    metavar=_forme(declare),
                    help=aide,
                )

    def handle(self, *args: Any, fichiers: list[Path], regle: str, **options: Any) -> None:
        choisie = REGLES[regle]
        demandees = _valeurs(choisie, options)
        try:
            parametres = choisie.parametres(**demandees)
        except ValueError as erreur:
            raise CommandError(str(erreur), returncode=2) from None
        try:
            lecture = lire(fichiers, _bareme(fichiers, parametres, options), choisie)
            election = lecture.election
            choisie.verifier_genre(election.genre)
            publies = {nom: dit for nom, dit in lecture.parametres.items() if nom not in demandees}
            parametres = choisie.parametres(**publies, **demandees)
            depouillement = choisie.compter(election, parametres, **_patience(choisie))
        except Interrompu:
            raise CommandError(
                f"La part de chaque bulletin a augmenté {AUGMENTATIONS_MAX} fois sans atteindre le budget : il faut un "
                "--pas plus grand (0 : aucune augmentation).",
                returncode=1,
            ) from None
        except ValueError as erreur:
            raise CommandError(str(erreur), returncode=1) from None
        for phrase in (*lecture.dit, *(_du_fichier(nom, dit) for nom, dit in publies.items())):
            self.stderr.write(phrase, self.style.NOTICE)
        if options["json"]:
            self.stdout.write(json.dumps(en_objet(depouillement, election, parametres), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_tableau(depouillement, election, choisie)))


def _patience(regle: Regle) -> dict[str, Any]:
    """What stops a count that would never end: only the raise of equal shares may be that long."""
    if "pas" not in {declare.name for declare, _ in decrire(regle.parametres)}:
        return {}
    fois = count()
    return {"interrompre": lambda: next(fois) > AUGMENTATIONS_MAX}


def _nombre_de_mentions(texte: str) -> int:
    if not (texte.isascii() and texte.isdigit() and len(texte) < 10 and 2 <= int(texte) <= MENTIONS_MAX):
        raise argparse.ArgumentTypeError(f"il faut un nombre entier, de 2 à {MENTIONS_MAX}, pas « {texte} ».")
    return int(texte)


def _regle_demandee(mots: Sequence[str]) -> str:
    """What follows --regle; nothing when it is not there."""
    for rang, mot in enumerate(mots):
        if mot == "--regle" and rang + 1 < len(mots):
            return mots[rang + 1]
        if mot.startswith("--regle="):
            return mot.partition("=")[2]
    return ""


def _du_fichier(nom: str, dit: Any) -> str:
    """What was not asked for and was found in the file, as it would be asked for."""
    valeur = ",".join(map(str, dit)) if isinstance(dit, tuple) else str(dit)
    return (
        f"Le fichier le dit : --{nom_public(nom)} {json.dumps(valeur, ensure_ascii=False) if ' ' in valeur else valeur}"
    )


def _destination(declare: Field) -> str:
    # A parameter may bear the name of one of the command's own options: --mentions, --pire.
    return f"parametre_{declare.name}"


def _aide(declare: Field) -> str:
    aide = declare.metadata.get("aide", "")
    defaut: Any = declare.default
    if isinstance(defaut, bool):
        dit = "oui" if defaut else "non"
    elif defaut is None or defaut in ("", ()):
        dit = ""
    elif declare.metadata.get("unite") == CENTIMES:
        dit = str(nombre(Fraction(defaut) / 100))
    else:
        dit = ",".join(map(str, defaut)) if isinstance(defaut, tuple) else str(defaut)
    return (f"{aide} (sinon : {dit})" if dit else aide).replace("%", "%%")


def _forme(declare: Field) -> str:
    choix = declare.metadata.get("choix")
    return "|".join(choix) if choix else declare.name.upper()


def _lire(declare: Field, annotation: Any) -> Callable[[str], Any]:
    """How argparse reads a parameter: a fault of typing is a fault of usage."""
    choix = declare.metadata.get("choix")

    def convertir(texte: str) -> Any:
        try:
            valeur = lire_texte(declare, annotation, texte)
        except RegleInvalide as erreur:
            raise argparse.ArgumentTypeError(str(erreur)) from None
        if choix and valeur not in choix:
            raise argparse.ArgumentTypeError(f"« {texte} » n'est pas une valeur possible : {', '.join(choix)}.")
        return valeur

    return convertir


def _valeurs(regle: Regle, options: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, by field; what was not keeps its default."""
    demandees = {declare.name: options.get(_destination(declare)) for declare, _ in decrire(regle.parametres)}
    return {nom: valeur for nom, valeur in demandees.items() if valeur is not None}


def _bareme(fichiers: list[Path], parametres: Any, options: dict[str, Any]) -> Bareme:
    dites = {nom: options[nom] for nom in ("nombre_mentions", "pire", "valeur_blanche") if options[nom] is not None}
    if dites and any(fichier.suffix.lower() != ".csv" for fichier in fichiers):
        raise CommandError(f"--{nom_public(next(iter(dites)))} ne concerne que les tableaux .csv.", returncode=2)
    return Bareme(
        mentions=getattr(parametres, "mentions", ()),
        nombre=dites.get("nombre_mentions", 0),
        pire=dites.get("pire", 0),
        blanche=dites.get("valeur_blanche"),
    )


def _sortir(phrase: str) -> NoReturn:
    sys.stderr.write(f"{phrase}\n")
    sys.exit(2)


def _en_francais(message: str) -> str:
    """argparse's own sentences, for whoever reads French."""
    for motif, phrase in (
        (r"unrecognized arguments: (.+)", r"Option inconnue pour cette règle : \1. Les siennes : --regle NOM --help."),
        (r"the following arguments are required: (.+)", r"Il manque : \1."),
        (r"argument (\S+): expected one argument", r"\1 attend une valeur."),
        (r"argument (\S+): invalid int value: '(.*)'", r"\1 attend un nombre entier, pas « \2 »."),
        (r"argument (\S+): (.+)", r"\1 : \2"),
    ):
        if trouve := re.fullmatch(motif, message, re.DOTALL):
            return trouve.expand(phrase)
    return message


def _tableau(depouillement: Depouillement, election: Election, regle: Regle) -> list[str]:
    """The count for somebody who reads a terminal."""
    titres = {option.cle: option.titre for option in election.options}
    retenues = {cle: str(rang) for rang, cle in enumerate(depouillement.retenues, 1)}
    suivantes = [cle for groupe in depouillement.classement for cle in groupe if cle not in retenues]
    restes = [cle for cle in depouillement.totaux if cle not in retenues and cle not in suivantes]
    lignes = [
        ("Rang", "Option", "Total"),
        *(
            (retenues.get(cle, "–"), _nommer(cle, titres.get(cle, "")), _ecrire(depouillement.totaux.get(cle)))
            for cle in (*depouillement.retenues, *suivantes, *restes)
        ),
    ]
    largeurs = [max(len(ligne[colonne]) for ligne in lignes) for colonne in range(3)]
    sortie = [f"Règle : {regle.nom} · {election.votantes} bulletins · {len(election.options)} options", ""]
    sortie += [
        f"{rang:>{largeurs[0]}}  {nom:<{largeurs[1]}}  {total:>{largeurs[2]}}".rstrip() for rang, nom, total in lignes
    ]
    if depouillement.cout is not None:
        sortie += ["", f"Coût : {_argent(depouillement.cout)} sur {_argent(election.budget or 0)}"]
    if depouillement.dotation is not None:
        sortie.append(f"Dotation de chaque bulletin : {_argent(depouillement.dotation)}")
    if depouillement.tours:
        sortie.append(f"Tours : {len(depouillement.tours)} (le détail est dans la sortie --json)")
    sortie += [
        f"Égalité entre {', '.join(egalite['options'])} : décidée par « {egalite['decidee_par']} »"
        for egalite in depouillement.egalites
    ]
    return sortie


def _nommer(cle: str, titre: str) -> str:
    return f"{cle}  {titre}" if titre and titre != cle else cle


def _ecrire(valeur: Any) -> str:
    return "" if valeur is None else str(valeur)


def _argent(centimes: Any) -> str:
    return f"{float(centimes) / 100:,.2f}".replace(",", " ").replace(".", ",")
