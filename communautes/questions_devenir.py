"""What became of a question, in one sentence with its date. It says nothing that its page does not say."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from django.utils.translation import gettext as _

from communautes.models import Question, SoutienQuestion
from reponses.models import Echeance
from socle.devenir import Devenir
from socle.templatetags.composants import jour


def raconter(questions: list[Question]) -> dict[int, Devenir]:
    """By key. Two queries, whatever the number of questions."""
    cles = [question.pk for question in questions]
    ici = ContentType.objects.get_for_model(Question)
    horloges = {e.cible_id: e for e in Echeance.objects.filter(cible_type=ici, cible_id__in=cles)}
    soutiens = SoutienQuestion.objects.filter(question__in=cles).order_by().values_list("question")
    nombres = dict(soutiens.annotate(n=Count("pk")))
    return {q.pk: _dire(q, horloges.get(q.pk), nombres.get(q.pk, 0)) for q in questions}


def _dire(question, horloge, soutiens) -> Devenir:
    page = question.get_absolute_url()
    if question.est_masquee:
        return Devenir(_("Masquée par la modération."), question.masquee_le, page)
    if question.etat == Question.Etat.RETIREE:
        return Devenir(_("Retirée par son auteur."), None, page)
    if question.etat == Question.Etat.PUBLIEE or horloge is None:
        phrase = _("Posée le %(jour)s : %(n)s soutiens sur les %(seuil)s qui obligent à répondre.")
        mots = {"jour": jour(question.publiee_le), "n": soutiens, "seuil": question.seuil}
        return Devenir(phrase % mots, question.publiee_le, page)
    if horloge.tenue_le:
        return Devenir(_("Réponse publiée le %(jour)s.") % {"jour": jour(horloge.tenue_le)}, horloge.tenue_le, page)
    if horloge.est_en_retard:
        phrase = _("Réponse en retard : elle était promise pour le %(jour)s.")
    else:
        phrase = _("Réponse attendue le %(jour)s.")
    return Devenir(phrase % {"jour": jour(horloge.due_le)}, horloge.due_le, page, horloge.est_en_retard)
