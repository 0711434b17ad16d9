import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from idees.importation import depart
from idees.importation.correspondance import CorrespondanceInvalide, modeles
from idees.importation.lecture import FichierIllisible, Tableau
from idees.importation.moteur import LOT, Parcours, essayer, executer
from idees.models import Boite
from socle.permissions import SYSTEME

LOT_MAX = 5000


class Command(BaseCommand):
    """Take over ideas or comments of another platform from a CSV file; the same engine as the pages of the agents."""

    help = "Reprend les idées ou les commentaires d’une autre plateforme, depuis un fichier CSV."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument(
            "--correspondance",
            required=True,
            help=f"un fichier .json, une correspondance enregistrée, ou un modèle : {', '.join(modeles())}",
        )
        parser.add_argument("--boite", help="adresse (slug) de la boîte ; facultatif s’il n’y en a qu’une")
        parser.add_argument("--source", default="", help="code de la source, à la place de celui de la correspondance")
        parser.add_argument("--source-nom", default="", help="nom de la source, tel que tout le monde le lira")
        parser.add_argument("--essai", action="store_true", help="n’écrit rien ; dit chaque ligne refusée et pourquoi")
        parser.add_argument("--reprendre", action="store_true", help="continue une reprise interrompue du même fichier")
        parser.add_argument("--lot", type=int, default=LOT, help="lignes écrites ensemble, toutes ou aucune")

    def handle(self, *args, **options):
        if not 1 <= options["lot"] <= LOT_MAX:
            raise CommandError(f"--lot va de 1 à {LOT_MAX}.")
        boite = self._boite(options["boite"])
        try:
            regles = self._regles(options)
            tableau = Tableau.ouvrir(options["fichier"], regles.separateur)
            self.stdout.write(f"{tableau.chemin.name} : {tableau.encodage_en_clair}, {len(tableau.colonnes)} colonnes")
            if options["essai"]:
                self._essayer(tableau, regles)
            else:
                self._reprendre(tableau, regles, boite, options)
        except OSError as erreur:
            raise CommandError(f"Ce fichier ne s’ouvre pas : {erreur}.") from None
        except (CorrespondanceInvalide, FichierIllisible) as erreur:
            raise CommandError("\n".join(getattr(erreur, "defauts", [str(erreur)]))) from None

    def _boite(self, slug) -> Boite:
        boites = Boite.objects.filter(slug=slug) if slug else Boite.objects.all()
        trouvees = list(boites.select_related("etape__projet")[:2])
        if len(trouvees) != 1:
            raise CommandError("Dites dans quelle boîte : --boite avec l’une de " + ", ".join(self._slugs()) + ".")
        return trouvees[0]

    def _slugs(self):
        return Boite.objects.order_by("slug").values_list("slug", flat=True)

    def _regles(self, options):
        nom = options["correspondance"]
        source = {"source": options["source"], "source_nom": options["source_nom"]}
        if nom.endswith(".json"):
            return depart.lire_fichier(Path(nom), **source)
        return depart.choisir(nom, **source)

    def _essayer(self, tableau, regles) -> None:
        bilan = essayer(tableau, regles)
        self._dire_les_refus(bilan.defauts)
        for etat, nombre in sorted(bilan.par_etat.items()):
            if etat:
                self.stdout.write(f"  {etat} : {nombre}")
        if bilan.titres_tronques:
            self.stdout.write(f"  titres coupés, entiers au début du texte : {bilan.titres_tronques}")
        if bilan.themes_a_creer:
            self.stdout.write(f"  thèmes à créer : {', '.join(sorted(bilan.themes_a_creer))}")
        self._conclure("Essai, rien n’est écrit", bilan.lues, bilan.acceptees, bilan.deja, bilan.refusees)

    def _reprendre(self, tableau, regles, boite, options) -> None:
        importation = depart.a_reprendre(tableau, regles, boite) if options["reprendre"] else None
        if options["reprendre"] and importation is None:
            self.stdout.write("Rien d’interrompu pour ce fichier : la reprise commence.")
        if importation is None:
            Parcours(tableau, regles)  # a mapping that does not fit the file leaves no trace
            importation = depart.preparer(
                tableau, regles, boite=boite, par=SYSTEME, nom=tableau.chemin.name, lot=options["lot"]
            )
        depart.lancer(importation)
        debut, depuis = time.monotonic(), importation.lues
        while not executer(importation, tableau, par=SYSTEME, pendant=5):
            self.stdout.write(f"  {importation.lues} lignes sur {importation.total}")
        duree = max(time.monotonic() - debut, 0.001)
        self._dire_les_refus(importation.lignes_refusees.all())
        self._conclure(
            f"Reprise n° {importation.pk}",
            importation.lues,
            importation.reprises,
            importation.deja,
            importation.refusees,
        )
        self.stdout.write(f"  {(importation.lues - depuis) * 60 / duree:.0f} lignes par minute")

    def _dire_les_refus(self, defauts) -> None:
        for defaut in defauts:
            valeur = " ".join(defaut.valeur.split())[:80]
            self.stdout.write(f"ligne {defaut.numero} | {defaut.colonne} | {valeur} | {defaut.raison}")

    def _conclure(self, titre, lues, acceptees, deja, refusees) -> None:
        self.stdout.write(f"{titre} : {lues} lignes lues, {acceptees} reprises, {deja} déjà là, {refusees} refusées.")
