from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotesConfig(AppConfig):
    name = "votes"
    verbose_name = _("Votes")

    def ready(self):
        from projets.actions_ouvertes import preparer_avec
        from votes.preparations import preparations_de

        preparer_avec(preparations_de, precharger=("scrutins",))
