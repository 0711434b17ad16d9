"""What a person answered, for the archive of her data: in words, question by question, and the files that she gave."""

from collections.abc import Iterator
from pathlib import Path

from consultations.affichage import en_mots
from consultations.models import Participation, Piece
from consultations.participer import relire_ce_qui_compte, relire_la_participation

COLONNES = ("numero", "consultation", "question", "reponse", "envoyee")


def reponses_en_mots(personne) -> Iterator[tuple]:
    """Rows of COLONNES: of what she sent, and of what she began, also to correct it. What cannot be read yet is given as it
    was typed."""
    siennes = Participation.objects.filter(personne=personne).select_related("consultation", "version").order_by("pk")
    for participation in siennes:
        if participation.est_comptee:
            yield from _en_mots(participation, relire_ce_qui_compte(participation), {}, envoyee=True)
        if participation.brut is not None:
            yield from _en_mots(
                participation, relire_la_participation(participation), participation.brut, envoyee=False
            )


def _en_mots(participation, relecture, brut, *, envoyee: bool) -> Iterator[tuple]:
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
                    envoyee,
                )


def pieces_de(personne) -> Iterator[tuple[str, bytes]]:
    """(name in the archive, bytes)"""
    for piece in Piece.objects.filter(participation__personne=personne).order_by("pk"):
        try:
            with piece.fichier.open("rb") as ouvert:
                yield f"fichiers/{piece.pk}-{piece.question}{Path(str(piece.fichier.name)).suffix}", ouvert.read()
        except OSError:  # lost by the disk: the rest is hers all the same
            continue
