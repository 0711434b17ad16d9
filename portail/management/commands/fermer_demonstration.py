from django.core.management.base import BaseCommand

from comptes.demonstration import fermer


class Command(BaseCommand):
    help = "Ferme pour toujours les comptes de la démonstration. Ce qu'ils ont publié reste, sous leurs noms inventés."
    requires_system_checks: list[str] = []  # the check that stops the site sends people here

    def handle(self, *args, **options):
        self.stdout.write(f"Comptes de la démonstration fermés : {fermer()}.")
