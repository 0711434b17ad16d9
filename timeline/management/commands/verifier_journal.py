from itertools import islice

from django.core.management.base import BaseCommand, CommandError

from timeline.verification import ecarts, verifier

MONTRES = 20  # rows named; one is enough to stop and look


class Command(BaseCommand):
    help = (
        "Relit tout le journal, vérifie chaque empreinte, et compare ce qui est publié avec ce que le journal en dit. "
        "Sort avec 1 à la première rupture."
    )

    def handle(self, *args, **options):
        lues, rupture = verifier()
        if rupture:
            raise CommandError(f"Journal rompu, {rupture}.", returncode=1)
        if trouves := list(islice(ecarts(), MONTRES)):
            raise CommandError("\n".join(["Le journal dit autre chose que la base.", *map(str, trouves)]), returncode=1)
        self.stdout.write(self.style.SUCCESS(f"Journal intact : {lues} entrées vérifiées."))
