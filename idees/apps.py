from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeesConfig(AppConfig):
    name = "idees"
    verbose_name = _("Idées")

    def ready(self):
        from comptes.effacement import oublier_avec
        from idees.appels import boutons_de
        from idees.depositaires import personne_de
        from idees.effacement import oublier
        from idees.models import Idee
        from moderation.files import File, inscrire
        from projets.actions_ouvertes import proposer_avec
        from timeline.acteurs import reconnaitre_avec

        proposer_avec(boutons_de, precharger=("boites",))
        inscrire(
            File(
                titre=_("Idées à relire"),
                requete=Idee.objects.a_relire,
                modele="idees.idee",
                etapes=("publier", "refuser"),
            )
        )
        oublier_avec(oublier)
        reconnaitre_avec(personne_de)
