from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunautesConfig(AppConfig):
    name = "communautes"
    verbose_name = _("Communautés")

    def ready(self):
        from communautes import (  # noqa: F401 (the first ones register what they tell)
            devenir,
            notifications_ecrits,
            notifications_forum,
            notifications_panel,
            notifications_questions,
            questions_devenir,
            sections,
        )
        from communautes.effacement import oublier
        from communautes.huis_clos import REGLE
        from communautes.models import Question
        from communautes.questions_liste import de_ce_projet as questions_de_ce_projet
        from communautes.rubrique import de_ce_projet
        from communautes.verification import versions_des_ebauches
        from comptes.effacement import oublier_avec
        from projets.autour import Rubrique, montrer_avec
        from reponses.attentes import Attente, attendre_avec
        from reponses.fonds import Fond, instruire_avec
        from socle.devenir import raconter_avec
        from timeline.huis_clos import lire_avec
        from timeline.verification import comparer_avec

        lire_avec(REGLE)
        oublier_avec(oublier)
        comparer_avec(versions_des_ebauches)
        raconter_avec("communautes.communaute", devenir.raconter)
        raconter_avec("communautes.question", questions_devenir.raconter)
        attendre_avec(Attente(a_repondre=Question.objects.a_repondre_par, chargees=Question.objects.avec_communaute))
        instruire_avec(
            Question, lambda question, _personne: Fond("communautes/questions/_fond_du_dossier.html", question)
        )
        montrer_avec(Rubrique("communautes", _("Les communautés"), "communautes/_dans_le_projet.html", de_ce_projet))
        montrer_avec(
            Rubrique(
                "questions",
                _("Les questions aux élues et aux élus"),
                "communautes/questions/_dans_le_projet.html",
                questions_de_ce_projet,
            )
        )
        sections.inscrire(
            sections.Section("detail", _("Accueil"), "house", rang=0, peut_voir=sections.a_tous),
            sections.Section("forum", _("Forum"), "chat-dots", rang=10),
            sections.Section("sondages", _("Sondages"), "bar-chart", rang=20),
            sections.Section("documents", _("Documents"), "folder2-open", rang=30),
            sections.Section("ecrits", _("Écrire ensemble"), "pencil-square", rang=40),
            sections.Section("questions", _("Questions"), "question-circle", rang=50, peut_voir=sections.a_tous),
            sections.Section("panel", _("Mandat et tirage"), "dice-5", rang=60, peut_voir=sections.d_un_panel),
            sections.Section("membres", _("Membres"), "people", rang=80, peut_voir=sections.aux_membres),
            sections.Section("journal", _("Journal"), "clock-history", rang=90),
        )
