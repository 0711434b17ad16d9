from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjetsConfig(AppConfig):
    name = "projets"
    verbose_name = _("Projets")

    def ready(self):
        from comptes.effacement import oublier_avec
        from comptes.maison import agir_avec
        from projets.calendrier import etapes_prevues
        from projets.devenir import raconter
        from projets.effacement import oublier
        from projets.roles import agit_dans_un_projet
        from projets.verification import cadres_publies, documents_publies, projets_annonces, recits_publies
        from socle.devenir import raconter_avec
        from timeline.frise import annoncer_avec
        from timeline.verification import comparer_avec

        comparer_avec(projets_annonces, cadres_publies, documents_publies, recits_publies)
        annoncer_avec(etapes_prevues)
        oublier_avec(oublier)
        agir_avec(agit_dans_un_projet)
        raconter_avec("projets.projet", raconter)
