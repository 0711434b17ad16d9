"""Beginning a job: the mapping asked for, the file that is read, the row that will carry the progress."""

import json
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from idees.importation.correspondance import CorrespondanceInvalide, Regles, modeles
from idees.importation.lecture import FichierIllisible, Tableau
from idees.importation.moteur import LOT
from idees.models import Correspondance, Importation
from idees.permissions import peut_importer
from socle.fichiers import nom_propre
from timeline.etapes import EtapeImpossible, EtapeInterdite


def choisir(nom: str, *, source: str = "", source_nom: str = "") -> Regles:
    """A mapping by the name of a saved one, then of a shipped one; for a given source if one is named.

    Raises CorrespondanceInvalide.
    """
    gardee = Correspondance.objects.filter(nom=nom).first()
    brut = gardee.regles if gardee else modeles().get(nom)
    if brut is None:
        raise CorrespondanceInvalide([_("Aucune correspondance ne s’appelle « %(nom)s ».") % {"nom": nom}])
    return pour_la_source(brut, source, source_nom)


def lire_fichier(chemin: Path, *, source: str = "", source_nom: str = "") -> Regles:
    """A mapping from a JSON file. Raises CorrespondanceInvalide."""
    try:
        brut = json.loads(chemin.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as erreur:
        raise CorrespondanceInvalide(
            [_("Ce fichier de correspondance est illisible : %(e)s.") % {"e": erreur}]
        ) from None
    return pour_la_source(brut, source, source_nom)


def pour_la_source(brut, code: str, nom: str) -> Regles:
    """The same mapping, for another site of the same kind: identifiers of two sites must not be taken for each other."""
    if isinstance(brut, dict) and isinstance(brut.get("source"), dict):
        propre = {cle: valeur for cle, valeur in (("code", code), ("nom", nom)) if valeur}
        brut = {**brut, "source": {**brut["source"], **propre}}
    return Regles.lire(brut)


def preparer(tableau: Tableau, regles: Regles, *, boite, par, nom: str, lot: int = LOT, fichier: File | None = None):
    """The row of a job that is not launched yet. Raises EtapeInterdite for who may not import."""
    if not peut_importer(par):
        raise EtapeInterdite(_("Seuls les agents reprennent les données d’une autre plateforme."))
    importation = Importation(
        genre=regles.genre,
        boite=boite,
        par=None if par.pk is None else par,
        regles=regles.brut,
        source=regles.source,
        source_nom=regles.source_nom,
        nom_fichier=nom_propre(nom)[:120],
        empreinte=tableau.empreinte,
        lot=lot,
    )
    if fichier:
        importation.fichier.save("", fichier, save=False)
    importation.save()
    return importation


def corriger(importation: Importation, regles: Regles) -> None:
    """Another mapping, while nothing is written. Raises EtapeImpossible once the job is launched."""
    with transaction.atomic():
        presente = Importation.objects.select_for_update(of=("self",)).get(pk=importation.pk)
        if presente.lancee_le:
            raise EtapeImpossible(_("Cette reprise est déjà lancée : sa correspondance ne change plus."))
        presente.regles, presente.genre = regles.brut, regles.genre
        presente.source, presente.source_nom = regles.source, regles.source_nom
        presente.save(update_fields=["regles", "genre", "source", "source_nom"])


def lancer(importation: Importation) -> None:
    """From now on the job goes to its end, whatever stops in between; a job stopped by an error starts again."""
    with transaction.atomic():
        presente = Importation.objects.select_for_update(of=("self",)).get(pk=importation.pk)
        if presente.terminee_le:
            raise EtapeImpossible(_("Cette reprise est déjà terminée."))
        presente.avance_le = timezone.now()
        presente.lancee_le = presente.lancee_le or presente.avance_le
        presente.echec = ""
        presente.save(update_fields=["lancee_le", "avance_le", "echec"])
    importation.refresh_from_db()


def a_reprendre(tableau: Tableau, regles: Regles, boite) -> Importation | None:
    """The unfinished job of this very file, with this very mapping, in this box."""
    memes = Importation.objects.filter(
        empreinte=tableau.empreinte, boite=boite, source=regles.source, genre=regles.genre, terminee_le__isnull=True
    )
    return next((importation for importation in memes if importation.regles == regles.brut), None)


def tableau_de(importation: Importation) -> Tableau:
    """The file of an importation. Raises FichierIllisible."""
    chemin = Path(importation.fichier.path) if importation.fichier else None
    if chemin is None or not chemin.is_file():
        raise FichierIllisible(_("Le fichier n’est plus sur le site : envoyez-le de nouveau."))
    return Tableau.ouvrir(chemin, importation.regles.get("separateur", ""))
