"""The mandate under which an answer is signed, as a key that the database keeps."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comptes", "0004_mandat_cle"), ("reponses", "0082_raisons_et_dates")]

    operations = [
        migrations.AddField(
            model_name="reponse",
            name="mandat",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="comptes.mandat",
                to_field="cle",
            ),
        ),
    ]
