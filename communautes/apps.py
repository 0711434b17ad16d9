from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunautesConfig(AppConfig):
    name = "communautes"
    verbose_name = _("Communautés")

    def ready(self):
        from communautes import sections
        from communautes.effacement import oublier
        from communautes.huis_clos import REGLE
        from comptes.effacement import oublier_avec
        from timeline.huis_clos import lire_avec

        from communautes import notifications_questions  # noqa: F401 (it registers what it tells)
        from communautes.models import Question
        from communautes.questions_devenir import raconter
        from reponses.attentes import Attente, attendre_avec
        from reponses.fonds import Fond, instruire_avec
        from socle.devenir import raconter_avec

        attendre_avec(Attente(a_repondre=Question.objects.a_repondre_par, chargees=Question.objects.pour_repondre))
        instruire_avec(Question, lambda question, _personne: Fond("communautes/questions/_fond_du_dossier.html", question))
        raconter_avec("communautes.question", raconter)
        sections.inscrire(
            sections.Section("questions", _("Questions"), "question-circle", rang=50, peut_voir=sections.a_tous)
        )
        lire_avec(REGLE)
        oublier_avec(oublier)
        sections.inscrire(
            sections.Section("detail", _("Accueil"), "house", rang=0, peut_voir=sections.a_tous),
        )
