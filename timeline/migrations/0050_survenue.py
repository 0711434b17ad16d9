from django.conf import settings
from django.db import migrations, models

from socle.verrous import PoserVerrou

COLONNES = [
    "id", "chaine_id", "numero", "type", "le", "survenu_le", "cible_type_id", "cible_id", "projet_id", "par_reference",
    "est_publique", "donnees", "precedente", "empreinte",
]  # fmt: skip


class Migration(migrations.Migration):
    """The date at which the chronology shows an entry. Entries already written happened when they were consigned.

    SQLite rebuilds the table, and forgets its lock: it is installed again, over the new column too.
    """

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("projets", "0003_cadre_roles_fichiers"),
        ("timeline", "0002_verrou"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "entree", "survenu_le", models.DateTimeField(null=True, verbose_name="Survenue le"), preserve_default=False
        ),
        migrations.RunSQL("UPDATE timeline_entree SET survenu_le = le", migrations.RunSQL.noop),
        migrations.AlterField("entree", "survenu_le", models.DateTimeField(verbose_name="Survenue le")),
        migrations.RemoveIndex("entree", "entree_cible"),
        migrations.AddIndex("entree", models.Index(fields=["-survenu_le", "-id"], name="entree_survenues")),
        migrations.AddIndex(
            "entree", models.Index(fields=["projet", "-survenu_le", "-id"], name="entree_projet_survenues")
        ),
        migrations.AddIndex(
            "entree", models.Index(fields=["cible_type", "cible_id", "-survenu_le", "-id"], name="entree_cible")
        ),
        migrations.AddIndex(
            "entree",
            models.Index(
                condition=models.Q(("survenu_le", models.F("le"))), fields=["-le", "-id"], name="entree_nouvelles"
            ),
        ),
        PoserVerrou(table="timeline_entree", colonnes=COLONNES, message="Le journal ne se reecrit pas."),
    ]
