from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from comptes.demonstration import DOMAINE
from portail.demonstration import personnes
from portail.demonstration.recit import charger, est_chargee


class Command(BaseCommand):
    help = "Charge la démonstration, une seule fois, et écrit ses comptes. Impossible en production."

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("La démonstration et ses mots de passe publics n’existent pas dans ce profil.")
        if not est_chargee():
            charger()
        self.stdout.write("Comptes de la démonstration (mot de passe : " + personnes.MOT_DE_PASSE + ")")
        for role, (_pseudonyme, adresse, _roles) in personnes.COMPTES.items():
            self.stdout.write(f"  {role:<16} {adresse}@{DOMAINE}")
