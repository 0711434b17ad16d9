from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def garder_les_regles(apps, schema_editor):
    """Ideas already published keep the rules that their box shows today: nothing older was written down."""
    boites = apps.get_model("idees", "Boite").objects.filter(pk=OuterRef("boite"))
    apps.get_model("idees", "Idee").objects.filter(publiee_le__isnull=False).update(
        seuil_soutiens=Subquery(boites.values("seuil_soutiens")),
        delai_reponse=Subquery(boites.values("delai_reponse")),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("idees", "0004_sans_compte"),
        ("projets", "0003_cadre_roles_fichiers"),
        ("territoires", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="idee",
            name="delai_reponse",
            field=models.PositiveSmallIntegerField(
                editable=False, null=True, verbose_name="Délai de réponse, en jours"
            ),
        ),
        migrations.AddField(
            model_name="idee",
            name="seuil_soutiens",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="Soutiens qui lancent l’étude"),
        ),
        migrations.RunPython(garder_les_regles, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="idee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delai_reponse__isnull", True), ("publiee_le__isnull", True), ("seuil_soutiens__isnull", True)
                    ),
                    models.Q(
                        ("delai_reponse__isnull", False),
                        ("publiee_le__isnull", False),
                        ("seuil_soutiens__isnull", False),
                        ("delai_reponse__gte", 1),
                        ("seuil_soutiens__gte", 1),
                    ),
                    _connector="OR",
                ),
                name="idee_regles",
            ),
        ),
    ]
