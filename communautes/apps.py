from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunautesConfig(AppConfig):
    name = "communautes"
    verbose_name = _("Communautés")

    def ready(self):
        from communautes import (
            notifications_questions,  # noqa: F401 (it registers what it tells)
            sections,
        )
        from communautes.effacement import oublier
        from communautes.huis_clos import REGLE
        from communautes.models import Question
        from communautes.questions_devenir import raconter
        from communautes.questions_liste import de_ce_projet
        from comptes.effacement import oublier_avec
        from projets.autour import Rubrique, montrer_avec
        from reponses.attentes import Attente, attendre_avec
        from reponses.fonds import Fond, instruire_avec
        from socle.devenir import raconter_avec
        from timeline.huis_clos import lire_avec

        attendre_avec(Attente(a_repondre=Question.objects.a_repondre_par, chargees=Question.objects.pour_repondre))
        instruire_avec(
            Question, lambda question, _personne: Fond("communautes/questions/_fond_du_dossier.html", question)
        )
        raconter_avec("communautes.question", raconter)
        montrer_avec(
            Rubrique(
                "questions",
                _("Les questions aux élues et aux élus"),
                "communautes/questions/_dans_le_projet.html",
                de_ce_projet,
            )
        )
        sections.inscrire(
            sections.Section("questions", _("Questions"), "question-circle", rang=50, peut_voir=sections.a_tous)
        )
        lire_avec(REGLE)
        oublier_avec(oublier)
        sections.inscrire(
            sections.Section("detail", _("Accueil"), "house", rang=0, peut_voir=sections.a_tous),
        )
