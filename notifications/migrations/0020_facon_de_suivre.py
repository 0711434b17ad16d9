from django.db import migrations, models


class Migration(migrations.Migration):
    """Whoever follows something today is told of everything: she takes part."""

    dependencies = [("notifications", "0014_ordres_de_mon_espace")]

    operations = [
        migrations.AddField(
            model_name="abonnement",
            name="facon",
            field=models.CharField(
                choices=[("participe", "Je participe"), ("informe", "Je m’informe")], default="participe", max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="abonnement",
            constraint=models.CheckConstraint(
                condition=models.Q(("facon__in", ["participe", "informe"])), name="abonnement_facon"
            ),
        ),
    ]
