"""What an answer must hold to leave its draft: the same sentences for the form, the steps and the API."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

#: Reasons that go with a yes, and with a no. « Rejoint un projet déjà prévu » may be said in both.
MOTIFS_DU_OUI = ("interet_general", "deja_prevu", "experimentation")
MOTIFS_DU_NON = ("cout", "technique", "competence", "regle", "deja_fait", "deja_prevu", "priorite")

#: A question is answered, an idea or a projet is decided upon: never the one for the other.
DECISIONS = ("go", "go_conditions", "no_go")
REPONSE = "reponse"
#: What a decision is made of, and an answer to a question is not.
D_UNE_DECISION = (
    "motif", "conditions", "cout_estime", "cout_justification", "cout_le", "premiere_etape", "premiere_etape_le", "alternative",
)  # fmt: skip

#: Fields that say nothing for a decision: they are emptied when it is chosen.
SUPERFLUS: dict[str, tuple[str, ...]] = {
    REPONSE: D_UNE_DECISION,
    "go": ("conditions", "alternative"),
    "go_conditions": ("alternative",),
    "no_go": ("conditions", "premiere_etape", "premiere_etape_le"),
}


def pose_une_question(modele) -> bool:
    """Does this kind of thing ask a question? It says so itself (`pose_une_question = True`)."""
    return getattr(modele, "pose_une_question", False)


def sens_possibles(modele) -> tuple[str, ...]:
    """What may be answered to this kind of thing."""
    return (REPONSE,) if pose_une_question(modele) else DECISIONS


def motifs_de(sens) -> tuple[str, ...]:
    if sens == REPONSE:
        return ()
    return MOTIFS_DU_NON if sens == "no_go" else MOTIFS_DU_OUI


def defauts(reponse, *, lever=False) -> dict[str, str]:
    """{field: sentence} of what is missing. With `lever`, raises them as one ValidationError."""
    manques = {**_defauts_de_fond(reponse), **_defauts_de_la_decision(reponse), **_defauts_du_cout(reponse)}
    if lever and manques:
        raise ValidationError(manques)
    return manques


def _defauts_de_fond(reponse) -> dict[str, str]:
    manques = {}
    # An empty text is refused before, by the form and by the database.
    if reponse.texte and not reponse.texte.strip():
        manques["texte"] = _("Écrivez la réponse, en mots simples.")
    if reponse.sens and reponse.cible_type_id and reponse.sens not in sens_possibles(_modele_de(reponse)):
        manques["sens"] = _("À une question on répond ; sur une idée ou un projet on décide. Choisissez l’autre.")
    if reponse.sens in DECISIONS and not reponse.motif:
        manques["motif"] = _("Choisissez la raison principale.")
    if reponse.sens and reponse.motif and reponse.motif not in motifs_de(reponse.sens):
        manques["motif"] = _("Cette raison ne va pas avec cette décision : choisissez-en une autre.")
    if reponse.corrige_id and reponse.sens != reponse.corrige.sens:
        manques["sens"] = _("Une correction ne change pas la décision : un oui reste un oui, un non reste un non.")
    return manques


def _modele_de(reponse):
    return ContentType.objects.get_for_id(reponse.cible_type_id).model_class()


def _defauts_de_la_decision(reponse) -> dict[str, str]:
    if reponse.sens == REPONSE:
        ecrits = [nom for nom in D_UNE_DECISION if getattr(reponse, nom) not in (None, "")]
        return {nom: _("Une réponse à une question n’a ni raison, ni coût, ni étape.") for nom in ecrits}
    if reponse.sens == "no_go":
        return (
            {}
            if reponse.alternative.strip()
            else {"alternative": _("Un non propose autre chose : écrivez quoi, ou vers qui se tourner.")}
        )
    manques = {}
    if reponse.sens in {"go", "go_conditions"}:
        if not reponse.premiere_etape.strip():
            manques["premiere_etape"] = _("Un oui annonce une première étape : écrivez laquelle.")
        if not reponse.premiere_etape_le:
            manques["premiere_etape_le"] = _("Un oui annonce une date : écrivez celle de la première étape.")
        elif est_deja_passee(reponse):
            manques["premiere_etape_le"] = _("La première étape est dans le passé : écrivez une date à venir.")
    if reponse.sens == "go_conditions" and not reponse.conditions.strip():
        manques["conditions"] = _("Écrivez les conditions de ce oui.")
    return manques


def _defauts_du_cout(reponse) -> dict[str, str]:
    """A figure says where it comes from, and of which day it is."""
    explique = bool(reponse.cout_justification.strip())
    if reponse.cout_estime is None:
        return {"cout_estime": _("Écrivez le coût que vous expliquez, ou effacez son explication.")} if explique else {}
    if not explique:
        return {"cout_justification": _("Dites d’où vient ce coût, en une phrase.")}
    if reponse.cout_le is None:
        return {"cout_le": _("Dites de quel jour est ce coût.")}
    if reponse.cout_le > timezone.localdate() and not reponse.est_scellee:
        phrase = _("Un coût est déjà estimé quand vous l’écrivez : mettez la date d’aujourd’hui ou d’avant.")
        return {"cout_le": phrase}
    return {}


def est_deja_passee(reponse) -> bool:
    """Is the first step in the past? A correction may repeat the date of the answer that it corrects."""
    if reponse.est_scellee or reponse.premiere_etape_le >= timezone.localdate():
        return False
    return not reponse.corrige_id or reponse.premiere_etape_le != reponse.corrige.premiere_etape_le
