"""A rule that the database keeps about answers, and that only the owner of questions can say."""

from reponses.gardes import Garde, Garder

_EST_UNE_QUESTION = (
    "EXISTS (SELECT 1 FROM django_content_type t WHERE t.id = NEW.cible_type_id "
    "AND t.app_label = 'communautes' AND t.model = 'question')"
)
_AUTREMENT = f"(NEW.sens = 'reponse') <> {_EST_UNE_QUESTION}"


class GarderLesQuestions(Garder):
    """To a question an answer, to anything else a decision."""

    garde = Garde(
        "garde_reponses_question",
        "Une question recoit une reponse, et le reste une decision.",
        {"postgresql": _AUTREMENT, "sqlite": _AUTREMENT},
    )
