from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from timeline.etapes import EtapeRefusee
from votes.exportation import fichier_de
from votes.fichiers.pabulib import ecrire
from votes.models import Enveloppe, Scrutin


class Command(BaseCommand):
    """Write the ballots of a vote as a Pabulib file, one for each envelope."""

    help = "Écrit un vote au format .pb (Pabulib), sans nom ni compte ni date."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="adresse (slug) du vote")
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--enveloppe", default="", help="nom de l’enveloppe, s’il y en a plusieurs")

    def handle(self, *args, **options):
        scrutin = Scrutin.objects.filter(slug=options["slug"]).first()
        if scrutin is None:
            raise CommandError(f"Aucun vote n’a l’adresse « {options['slug']} ».")
        try:
            octets = ecrire(fichier_de(scrutin, self._enveloppe(scrutin, options["enveloppe"])))
        except (EtapeRefusee, ValueError) as refus:
            raise CommandError(str(refus)) from None
        try:
            options["fichier"].write_bytes(octets)
        except OSError as erreur:
            raise CommandError(f"Ce fichier ne s’écrit pas : {erreur}.") from None
        self.stdout.write(f"{options['fichier']} : {len(octets)} octets")

    def _enveloppe(self, scrutin: Scrutin, nom: str) -> Enveloppe:
        enveloppes = {enveloppe.nom: enveloppe for enveloppe in scrutin.enveloppes.all()}
        if nom not in enveloppes and (nom or len(enveloppes) != 1):
            raise CommandError("Dites quelle enveloppe, avec --enveloppe : " + ", ".join(enveloppes) + ".")
        return enveloppes[nom] if nom else next(iter(enveloppes.values()))
