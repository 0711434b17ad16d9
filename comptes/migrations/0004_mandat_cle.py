"""A key of a mandate that begins with the person whose it is: what names it can be told by the database to be hers."""

from django.db import migrations, models
from django.db.models.functions import Cast, Concat


class Migration(migrations.Migration):
    dependencies = [("comptes", "0003_mediatrice")]

    operations = [
        migrations.AddField(
            model_name="mandat",
            name="cle",
            field=models.GeneratedField(
                expression=Concat(
                    Cast("personne", models.CharField()), models.Value(":"), Cast("id", models.CharField())
                ),
                output_field=models.CharField(max_length=41),
                db_persist=True,
                unique=True,
            ),
        ),
    ]
