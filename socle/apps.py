from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "socle"
    verbose_name = "Socle"

    def ready(self):
        from socle.etats import alleger_les_migrations

        alleger_les_migrations()
