from django.core.management.base import BaseCommand, CommandError

from idees.indexation import ecarts, indexer
from idees.models import Idee

MONTRES = 20


class Command(BaseCommand):
    help = "Refait les fiches de recherche de toutes les idées. Avec --verifier : ne change rien, sort avec 1 au premier écart."

    def add_arguments(self, lecteur):
        lecteur.add_argument("--verifier", action="store_true", help="dire les fiches qui ne sont plus vraies")

    def handle(self, *args, verifier, **options):
        if verifier:
            return self._verifier()
        self.stdout.write(self.style.SUCCESS(f"{indexer(Idee.objects.all())} fiches écrites."))
        return None

    def _verifier(self):
        trouves = list(ecarts())
        for pk, raison in trouves[:MONTRES]:
            self.stderr.write(f"Idée n° {pk} : {raison}.")
        if trouves:
            raise CommandError(f"{len(trouves)} fiches à refaire : manage.py reindexer.", returncode=1)
        self.stdout.write(self.style.SUCCESS("Toutes les fiches sont vraies."))
