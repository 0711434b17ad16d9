from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand

from idees.semblables import semblables


class Command(BaseCommand):
    help = "Affiche les cinq idées publiées les plus proches d'un texte : distance, état, numéro, titre."

    def add_arguments(self, lecteur):
        lecteur.add_argument("texte", help="ce que quelqu'un écrirait, entre guillemets")
        lecteur.add_argument("--titre", default="", help="le titre, s'il est à part ; sinon le texte en tient lieu")

    def handle(self, *args, texte, titre, **options):
        proches = semblables(titre or texte, texte if titre else "", AnonymousUser())
        if not proches:
            self.stdout.write("Aucune idée publiée ne ressemble à ce texte.")
        for proche in proches:
            idee = proche.idee
            self.stdout.write(f"{proche.distance:.3f}  {idee.get_etat_display():<22} n° {idee.pk:<7} {idee.titre}")
