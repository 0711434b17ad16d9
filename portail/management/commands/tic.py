from django.core.management.base import BaseCommand, CommandError

from portail.tic import tic


class Command(BaseCommand):
    help = "Fait une fois ce qui dépend de l'horloge : étapes, rappels, annonces, courriels. Sans danger à répéter."

    def handle(self, *args, **options):
        bilan = tic()
        for nom, fait in bilan.items():
            self.stdout.write(f"{nom} : {'échec' if fait is None else fait}")
        if None in bilan.values():
            raise CommandError("Une partie a échoué : voir le journal.")
