import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communautes", "0020_ecrits"),
        ("idees", "0072_lettres_et_themes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdeeDeCommunaute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ebauche",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="idee_deposee",
                        to="communautes.ebauche",
                    ),
                ),
                (
                    "idee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="origine", to="idees.idee"
                    ),
                ),
            ],
            options={
                "verbose_name": "Idée écrite dans une communauté",
                "verbose_name_plural": "Idées écrites dans une communauté",
            },
        ),
        migrations.CreateModel(
            name="GroupeDeTravail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fonde_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="Fondé le"),
                ),
                (
                    "animatrice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "communaute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groupe_de_travail",
                        to="communautes.communaute",
                    ),
                ),
                (
                    "experte",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "idee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groupe_de_travail", to="idees.idee"
                    ),
                ),
            ],
            options={
                "verbose_name": "Groupe de travail",
                "verbose_name_plural": "Groupes de travail",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("animatrice__isnull", True),
                            ("experte__isnull", True),
                            models.Q(("animatrice", models.F("experte")), _negated=True),
                            _connector="OR",
                        ),
                        name="groupe_roles_distincts",
                    )
                ],
            },
        ),
    ]
