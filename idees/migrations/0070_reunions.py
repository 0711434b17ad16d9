import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Greatest, Least
from django.utils import timezone

VIVANTES = ["proposee", "effective"]


def eteindre_les_contraires(apps, schema_editor):
    """Of two open merges of the same two ideas in opposite directions, the one in effect stays, else the first proposed."""
    fusions = apps.get_model("idees", "Fusion")._base_manager
    paires = set()
    # "effective" before "proposee", then the oldest.
    for fusion in fusions.filter(etat__in=VIVANTES).order_by("etat", "proposee_le", "pk"):
        paire = frozenset((fusion.source_id, fusion.cible_id))
        if paire in paires:
            models.QuerySet.update(
                fusions.filter(pk=fusion.pk),
                etat="abandonnee",
                close_le=timezone.now(),
                motif_fin="Une réunion de ces deux idées est déjà proposée dans l’autre sens.",
            )
        paires.add(paire)


class Migration(migrations.Migration):
    dependencies = [("idees", "0060_recherche")]

    operations = [
        migrations.RunPython(eteindre_les_contraires, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="fusion",
            constraint=models.UniqueConstraint(
                Least("source", "cible"),
                Greatest("source", "cible"),
                condition=models.Q(("etat__in", VIVANTES)),
                name="fusion_une_par_paire",
            ),
        ),
        # Letters that tell a merge.
        migrations.AddField(
            model_name="lettre",
            name="fusion",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="idees.fusion",
            ),
        ),
        migrations.AlterField(
            model_name="lettre",
            name="genre",
            field=models.CharField(
                choices=[
                    ("accuse", "Accusé de réception"),
                    ("refus", "Décision de modération"),
                    ("reponse", "Réponse officielle"),
                    ("reunion", "Réunion avec une autre idée"),
                ],
                max_length=8,
                verbose_name="Lettre",
            ),
        ),
        migrations.RemoveConstraint(model_name="lettre", name="lettre_genre"),
        migrations.RemoveConstraint(model_name="lettre", name="lettre_unique"),
        migrations.AddConstraint(
            model_name="lettre",
            constraint=models.CheckConstraint(
                condition=models.Q(("genre__in", ["accuse", "refus", "reponse", "reunion"])), name="lettre_genre"
            ),
        ),
        migrations.AddConstraint(
            model_name="lettre",
            constraint=models.CheckConstraint(
                condition=models.Q(("genre", "reunion"), ("fusion__isnull", True), _connector="XOR"),
                name="lettre_de_reunion",
            ),
        ),
        migrations.AddConstraint(
            model_name="lettre",
            constraint=models.UniqueConstraint(
                condition=models.Q(("fusion__isnull", True), ("reponse__isnull", True)),
                fields=("depot", "genre"),
                name="lettre_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="lettre",
            constraint=models.UniqueConstraint(
                condition=models.Q(("fusion__isnull", False)),
                fields=("depot", "fusion"),
                name="lettre_de_reunion_unique",
            ),
        ),
    ]
