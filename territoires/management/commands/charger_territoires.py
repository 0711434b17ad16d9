from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from territoires.description import Contours, Description, DescriptionIllisible, Fiche, lire_contours, lire_description
from territoires.models import Territoire


class Command(BaseCommand):
    help = "Charge la métropole, les communes et les quartiers d'un fichier ; relancer ne change que ce qui a changé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fichier", type=Path, default=Path(settings.ESTUAIRE["territoires"]),
                            help="description du territoire (JSON), voir territoires/donnees/LISEZMOI.md")  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            description = lire_description(options["fichier"])
            contours = lire_contours(description.contours) if description.contours else Contours({}, "")
        except DescriptionIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        with transaction.atomic():
            bilan = self.charger(description, contours)
        if options["verbosity"]:
            self.dire(bilan, description, contours)

    def charger(self, description: Description, contours: Contours) -> Counter[str]:
        connus = Territoire.objects.in_bulk(field_name="code")
        slugs = {territoire.slug: territoire.code for territoire in connus.values()}
        bilan: Counter[str] = Counter()
        for fiche in description.fiches:
            territoire = connus.get(fiche.code) or Territoire(code=fiche.code, slug=slug_libre(fiche, slugs))
            avant = etat(territoire)
            remplir(territoire, fiche, contours)
            territoire.parent = connus[fiche.parent] if fiche.parent else None
            if territoire.pk and etat(territoire) == avant:
                bilan["inchangés"] += 1
                continue
            bilan["modifiés" if territoire.pk else "créés"] += 1
            try:
                territoire.full_clean()
            except ValidationError as erreur:
                raise CommandError(f"{fiche.nom} ({fiche.code}) : {' '.join(erreur.messages)}") from erreur
            territoire.save()
            connus[fiche.code] = territoire
        return bilan

    def dire(self, bilan: Counter[str], description: Description, contours: Contours) -> None:
        detail = ", ".join(f"{bilan[mot]} {mot}" for mot in ("créés", "modifiés", "inchangés"))
        self.stdout.write(f"{bilan.total()} territoires : {detail}.")
        sans = sorted(fiche.nom for fiche in description.communes.values() if fiche.code not in contours.par_code)
        if sans:
            self.stderr.write(f"Sans contour : {', '.join(sans)}.")
        autres = Territoire.objects.exclude(code__in=[fiche.code for fiche in description.fiches])
        if autres:
            noms = ", ".join(territoire.nom for territoire in autres)
            self.stderr.write(f"Dans la base mais pas dans le fichier, laissés en place : {noms}.")


def slug_libre(fiche: Fiche, slugs: dict[str, str]) -> str:
    """Address of a new territory; it never changes afterwards, links to it live longer than a name."""
    slug = slugify(fiche.nom)
    if not slug or slug in slugs:
        slug = slugify(f"{fiche.nom[:110]} {fiche.code}")
    slugs[slug] = fiche.code
    return slug


def etat(territoire: Territoire) -> dict[str, Any]:
    return {champ.attname: getattr(territoire, champ.attname) for champ in Territoire._meta.concrete_fields}


def remplir(territoire: Territoire, fiche: Fiche, contours: Contours) -> None:
    territoire.genre = fiche.genre
    territoire.nom = fiche.nom
    territoire.population = fiche.population
    contour = contours.par_code.get(fiche.code)
    if contour:
        territoire.contour = contour.geometrie
        territoire.source_contour = contours.source
    centre = fiche.centre or (contour.centre if contour else None)
    territoire.centre_lat, territoire.centre_lon = centre or (None, None)
