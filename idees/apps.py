from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdeesConfig(AppConfig):
    name = "idees"
    verbose_name = _("Idées")

    def ready(self):
        from comptes.effacement import oublier_avec
        from idees import instruction, notifications_equipe, notifications_fusion  # noqa: F401 (they register what they tell)
        from idees.appels import boutons_de
        from idees.depositaires import personne_de
        from idees.effacement import oublier
        from idees.models import Idee, Relecture
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
        inscrire(
            File(
                titre=_("Modifications à relire"),
                requete=Relecture.objects.a_faire,
                modele="idees.relecture",
                gabarit="idees/_a_relire.html",
                depuis="depuis_le",
                etapes=("relire",),
            )
        )
        oublier_avec(oublier)
        reconnaitre_avec(personne_de)
