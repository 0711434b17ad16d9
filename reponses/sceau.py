"""Fingerprints of an answer: the seal of a signed one, and the version of one that is still being written."""

import hashlib

from django.contrib.contenttypes.models import ContentType

from timeline.chaine import canonique, horodatage


def redige(reponse) -> dict:
    """What the agent wrote, as JSON values."""
    # Only where there is one: the seals of answers signed before costs had a reason stay what they were.
    origine_du_cout = {
        "cout_justification": reponse.cout_justification,
        "cout_le": reponse.cout_le.isoformat() if reponse.cout_le else None,
    }
    return {
        "sens": reponse.sens,
        "motif": reponse.motif,
        "texte": reponse.texte,
        "conditions": reponse.conditions,
        "cout_estime": reponse.cout_estime,
        **(origine_du_cout if any(origine_du_cout.values()) else {}),
        "premiere_etape": reponse.premiere_etape,
        "premiere_etape_le": reponse.premiere_etape_le.isoformat() if reponse.premiere_etape_le else None,
        "alternative": reponse.alternative,
        "acte_conseil": reponse.acte_conseil,
    }


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
