"""What a person answered, for the archive of her data: in words, question by question, and the files that she gave."""

from collections.abc import Iterator
from pathlib import Path

from consultations.affichage import en_mots
from consultations.models import Participation, Piece
from consultations.participer import relire_la_participation, saisie_de

COLONNES = ("numero", "consultation", "question", "reponse", "envoyee")


def reponses_en_mots(personne) -> Iterator[tuple]:
    """Rows of COLONNES: of what she sent, and of what she began. What cannot be read yet is given as it was typed."""
    siennes = Participation.objects.filter(personne=personne).select_related("consultation", "version").order_by("pk")
    for participation in siennes:
        relecture, brut = relire_la_participation(participation), saisie_de(participation)
        for page in relecture.pages:
            for question in page.questions:
                mots = en_mots(question, relecture.valeurs.get(question.cle))
                if question.cle in relecture.torts:
                    mots = [t for nom, saisis in brut.items() if nom.split(".")[0] == question.cle for t in saisis]
                if mots:
                    yield (
                        participation.numero,
                        participation.consultation.titre,
                        question.intitule,
                        "\n".join(mots),
                        participation.est_envoyee and participation.brut is None,
                    )


def pieces_de(personne) -> Iterator[tuple[str, bytes]]:
    """(name in the archive, bytes)"""
    for piece in Piece.objects.filter(participation__personne=personne).order_by("pk"):
        try:
            with piece.fichier.open("rb") as ouvert:
                yield f"fichiers/{piece.pk}-{piece.question}{Path(str(piece.fichier.name)).suffix}", ouvert.read()
        except OSError:  # lost by the disk: the rest is hers all the same
            continue
