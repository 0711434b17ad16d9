"""Fingerprints of an answer: the seal of a signed one, and the version of one that is still being written."""

import hashlib
from datetime import date

from django.contrib.contenttypes.models import ContentType

from timeline.chaine import canonique, horodatage

#: Sealed only where they are written: answers signed before a cost had its reason keep the seal that they had.
SELON_LE_CAS = ("cout_justification", "cout_le")


def ecrit(reponse) -> dict:
    """What the agent wrote, every field of it, as JSON values."""
    valeurs = {nom: getattr(reponse, nom) for nom in reponse.CONTENU}
    return {nom: v.isoformat() if isinstance(v, date) else v for nom, v in valeurs.items()}


def redige(reponse) -> dict:
    """The same, as it is signed."""
    return {nom: valeur for nom, valeur in ecrit(reponse).items() if valeur or nom not in SELON_LE_CAS}


def contenu(reponse) -> dict:
    """What the signature covers: the words, what they answer, and in whose name (no personal row, official names only)."""
    cible = ContentType.objects.get_for_id(reponse.cible_type_id)
    return {
        **redige(reponse),
        "reponse": reponse.pk,
        "cible": f"{cible.app_label}.{cible.model}:{reponse.cible_id}",
        "signataire_nom": reponse.signataire_nom,
        "signataire_mandat": reponse.signataire_mandat,
        "signee_le": horodatage(reponse.signee_le),
        "corrige": reponse.corrige_id,
    }


def fichier(reponse) -> bytes:
    """The sealed content as a file: its SHA-256 is the seal, with any tool."""
    return canonique(contenu(reponse))


def sceau(reponse) -> str:
    """SHA-256, hexadecimal, of `fichier`."""
    return hashlib.sha256(fichier(reponse)).hexdigest()


def version(reponse) -> str:
    """SHA-256, hexadecimal, of what is written now."""
    return hashlib.sha256(canonique(redige(reponse))).hexdigest()


def versions(reponse) -> dict[str, str]:
    """{field: fingerprint} of what is written now: says which field somebody has changed, without its words."""
    return {nom: hashlib.sha256(canonique({nom: v})).hexdigest()[:16] for nom, v in ecrit(reponse).items()}
