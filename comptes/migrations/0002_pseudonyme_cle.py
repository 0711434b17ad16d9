from django.db import migrations, models

import comptes.models
import comptes.pseudonymes


def remplir(apps, schema_editor):
    """Give existing people their key; who reads like an earlier one gets a number."""
    prises = set()
    for personne in apps.get_model("comptes", "Utilisateur").objects.order_by("pk").iterator():
        if comptes.pseudonymes.cle_de(personne.pseudonyme) in prises:
            personne.pseudonyme = f"{personne.pseudonyme[:30]} {personne.pk}"
        prises.add(comptes.pseudonymes.cle_de(personne.pseudonyme))
        personne.save(update_fields=["pseudonyme", "pseudonyme_cle"])


class Migration(migrations.Migration):
    dependencies = [("comptes", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("utilisateur", "pseudonyme_unique"),
        migrations.AddField(
            "utilisateur",
            "pseudonyme_cle",
            comptes.models.CleDePseudonyme(default="", editable=False, max_length=160),
            preserve_default=False,
        ),
        migrations.AlterField(
            "utilisateur",
            "pseudonyme",
            models.CharField(
                help_text="C’est le seul nom que les autres verront. Il peut être inventé.",
                max_length=40,
                validators=comptes.pseudonymes.VALIDATEURS,
                verbose_name="Pseudonyme public",
            ),
        ),
        migrations.RunPython(remplir, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "utilisateur",
            models.UniqueConstraint(
                fields=["pseudonyme_cle"],
                name="pseudonyme_unique",
                violation_error_message="Ce pseudonyme est déjà pris.",
            ),
        ),
    ]
