"""Answers given inside a page of another site: one request, no cookie, no account.

The form carries a signed and dated key, and with it the secret that its receipt will show: whoever sends it is whoever
opened it, and it is one answer however often it is sent.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultations import participer
from consultations.models import Consultation, Participation
from consultations.questionnaire import Question
from consultations.repondantes import Repondante
from socle.fichiers import DocumentLu
from timeline.etapes import EtapeImpossible


@dataclass(frozen=True)
class Cle:
    """Of one form that one person has opened; `mot` is the secret that it promises."""

    uuid: uuid.UUID
    mot: str


def promettre(consultation: Consultation) -> str:
    """A new key for a form, as the form carries it."""
    return participer.SECRETS.promettre(f"{consultation.pk}:{uuid.uuid4()}")


def lire_la_cle(jeton: str, consultation: Consultation) -> Cle:
    """Raises signing.BadSignature: forged, too old, or of another consultation."""
    objet, mot = participer.SECRETS.tenir_parole(jeton)
    pour, _deux_points, cle = objet.partition(":")
    if pour != str(consultation.pk) or not cle:
        raise signing.BadSignature
    return Cle(uuid.UUID(cle), mot)


def deja_envoyee(consultation: Consultation, cle: Cle) -> bool:
    return consultation.participations.comptees().filter(cle=cle.uuid).exists()


@transaction.atomic
def repondre(
    consultation: Consultation,
    *,
    cle: Cle,
    brut: Mapping[str, list[str]],
    documents: Mapping[str, DocumentLu] | None = None,
    accord_textes: bool = False,
) -> Participation:
    """Count this answer, or correct the one that this form has sent before when it says something else.

    `documents` is {key of a question: a file that was read}. Raises EtapeInterdite (not open), EtapeImpossible (taken back
    meanwhile, or sent and not to be changed) or Incomplete; nothing is written then.
    """
    try:
        commencee = participer.ouvrir(consultation, par=Repondante(), cle=cle.uuid, canal=Participation.Canal.AILLEURS)
    except IntegrityError:
        raise EtapeImpossible(_("Cette réponse a été retirée. Rechargez la page pour répondre de nouveau.")) from None
    par = Repondante([commencee.pk])
    participation = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("consultation__etape__projet", "version")
        .get(pk=commencee.pk)
    )
    if participation.est_envoyee and participer.dit_la_meme_chose(participation, brut):
        if participation.accord_textes and not accord_textes:
            participation = participer.taire(participation, par=par)
        if participation.accord_textes == accord_textes:
            return participer.envoyer(participation, par=par, mot=cle.mot)
    for page in consultation.version.questionnaire.pages:
        participation = participer.garder(participation, par=par, page=page, brut=brut)
        for question in page.questions:
            _joindre(participation, par, question, documents or {})
    return participer.envoyer(participation, par=par, mot=cle.mot, accord_textes=accord_textes)


def _joindre(participation, par, question: Question, documents: Mapping[str, DocumentLu]) -> None:
    document = documents.get(question.cle)
    if document is not None:
        participer.ajouter_une_piece(participation, par=par, question=question, document=document)
