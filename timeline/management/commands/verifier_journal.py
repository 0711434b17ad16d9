from django.core.management.base import BaseCommand, CommandError

from timeline.verification import verifier


class Command(BaseCommand):
    help = "Relit tout le journal et vérifie chaque empreinte. Sort avec 1 à la première rupture."

    def handle(self, *args, **options):
        lues, rupture = verifier()
        if rupture:
            raise CommandError(f"Journal rompu, {rupture}.", returncode=1)
        self.stdout.write(self.style.SUCCESS(f"Journal intact : {lues} entrées vérifiées."))
