import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from socle.permissions import SYSTEME
from votes.fichiers.fautes import FichierInvalide
from votes.fichiers.pabulib import lire
from votes.reprise import preparer, reprendre


class Command(BaseCommand):
    """Make a vote from a Pabulib file; the same road as the page of the agents."""

    help = "Reprend un vote passé depuis un fichier .pb (Pabulib) : projets, budget, bulletins."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--titre", default="", help="titre du vote, à la place de celui du fichier")
        parser.add_argument("--essai", action="store_true", help="lit tout le fichier et n’écrit rien")

    def handle(self, *args, **options):
        try:
            fichier = lire(options["fichier"])
            reprise = preparer(fichier, titre=options["titre"])
            self.stdout.write(
                f"{options['fichier'].name} : {len(reprise.options)} projets, {reprise.nb_bulletins} bulletins, "
                f"{reprise.scrutin.get_regle_display()}"
            )
            for phrase in reprise.dit:
                self.stderr.write(phrase, self.style.NOTICE)
            if options["essai"]:
                self.stdout.write("Essai : rien n’est écrit.")
                return
            debut = time.monotonic()
            scrutin = reprendre(fichier, par=SYSTEME, titre=options["titre"], avancement=self._avancer)
        except FichierInvalide as faute:
            raise CommandError(f"{faute} Rien n’est écrit.") from None
        self.stdout.write(f"Vote « {scrutin.titre} » repris en {time.monotonic() - debut:.1f} s : {scrutin.slug}")

    def _avancer(self, fait: int, total: int) -> None:
        self.stdout.write(f"  {fait} / {total} bulletins")
