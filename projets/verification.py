"""What projets have published against what the journal says of it: announcements, frames, documents, stories."""

from collections.abc import Iterator

from projets.models import Document, Projet, Recit, VersionCadre, VersionDocument
from timeline.models import Chaine
from timeline.verification import Ecart, ecrits


def projets_annonces() -> Iterator[Ecart]:
    """Each has its chain: one that was taken away whole, with its row, is missed here."""
    dits = {pk for pk, _donnees in ecrits(Projet, "projets.annoncer")}
    tenus = set(Chaine.objects.filter(projet__isnull=False, longueur__gt=0).values_list("projet", flat=True))
    for projet in Projet.objects.exclude(etat=Projet.Etat.BROUILLON).order_by("pk").only("pk"):
        if projet.pk not in dits & tenus:
            yield Ecart.de(projet, "il est annoncé, et sa chaîne du journal ne le dit pas")


def cadres_publies() -> Iterator[Ecart]:
    empreintes = {
        (projet, donnees["cadre"]): donnees["empreinte"]
        for projet, donnees in ecrits(Projet)
        if "cadre" in donnees and "empreinte" in donnees
    }
    # The first frame of a projet announced before entries said so has no fingerprint: nothing to compare.
    anciens = {projet for projet, donnees in ecrits(Projet, "projets.annoncer") if "empreinte" not in donnees}
    versions = VersionCadre.objects.exclude(projet__in=anciens, numero=1).order_by("pk")
    yield from _comparer(versions, empreintes, lambda version: (version.projet_id, version.numero), "ce cadre")


def documents_publies() -> Iterator[Ecart]:
    empreintes = {
        (document, donnees["version"]): donnees["empreinte"]
        for document, donnees in ecrits(Document, "projets.document.publier")
    }
    versions = VersionDocument.objects.order_by("pk")
    yield from _comparer(versions, empreintes, lambda version: (version.document_id, version.numero), "ce document")


def recits_publies() -> Iterator[Ecart]:
    empreintes = {recit: donnees["empreinte"] for recit, donnees in ecrits(Recit, "projets.recit.publier")}
    recits = Recit.objects.exclude(etat=Recit.Etat.BROUILLON).order_by("pk")
    yield from _comparer(recits, empreintes, lambda recit: recit.pk, "ce récit")


def _comparer(objets, empreintes, cle_de, nom) -> Iterator[Ecart]:
    """Each of `objets` has its fingerprint in the journal, the same, and each fingerprint its object."""
    for objet in objets.iterator(chunk_size=500):
        ecrite = empreintes.pop(cle_de(objet), None)
        if ecrite is None:
            yield Ecart.de(objet, f"le journal ne dit pas la publication de {nom}")
        elif ecrite != (objet.empreinte() if callable(objet.empreinte) else objet.empreinte):
            yield Ecart.de(objet, f"{nom} ne correspond plus à l'empreinte écrite à sa publication")
    for cle in empreintes:
        yield Ecart(
            f"{objets.model._meta.label_lower} {cle}", f"le journal dit la publication de {nom}, qui n'est plus là"
        )
