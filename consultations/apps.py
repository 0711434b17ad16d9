from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = _("Consultations")

    def ready(self):
        from comptes.effacement import oublier_avec
        from consultations.appels import boutons_de, preparations_de
        from consultations.calendrier import consultations_prevues, de_ce_projet, periodes
        from consultations.devenir import raconter
        from consultations.effacement import oublier
        from projets.actions_ouvertes import preparer_avec, proposer_avec
        from projets.autour import Rubrique, durer_avec, montrer_avec
        from socle.devenir import raconter_avec
        from timeline.frise import annoncer_avec

        proposer_avec(boutons_de, precharger=("consultations",))
        preparer_avec(preparations_de, precharger=("consultations",))
        annoncer_avec(consultations_prevues)
        durer_avec(periodes)
        montrer_avec(
            Rubrique("consultations", _("Les consultations"), "consultations/_dans_le_projet.html", de_ce_projet)
        )
        oublier_avec(oublier)
        raconter_avec("consultations.consultation", raconter)
