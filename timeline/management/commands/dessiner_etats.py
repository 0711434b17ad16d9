from django.conf import settings
from django.core.management.base import BaseCommand

from timeline.diagrammes import page


class Command(BaseCommand):
    help = "Dessine toutes les machines à états dans docs/etats.md."

    def handle(self, *args, **options):
        chemin = settings.RACINE / "docs" / "etats.md"
        chemin.write_text(page())
        self.stdout.write(f"{chemin.relative_to(settings.RACINE)} est à jour.")
