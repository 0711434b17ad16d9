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
    ]
