from django.db import migrations


def reprendre_les_retards(apps, schema_editor):
    """A delay that was already said to everybody is not said again."""
    Rappel, Echeance = apps.get_model("notifications", "Rappel"), apps.get_model("reponses", "Echeance")
    Escalade = apps.get_model("reponses", "Escalade")
    connues = set(Echeance.objects.values_list("pk", flat=True))
    dits = Rappel.objects.filter(cle__startswith="echeance:", cle__endswith=":0").values_list("cle", "cree_le")
    Escalade.objects.bulk_create(
        Escalade(echeance_id=pk, palier="retard", le=le)
        for cle, le in dits
        if (pk := int(cle.split(":")[1])) in connues
    )


class Migration(migrations.Migration):
    """Apart: on PostgreSQL, rows and columns do not change in one transaction."""

    dependencies = [("notifications", "0003_courriels"), ("reponses", "0010_instruction")]

    operations = [migrations.RunPython(reprendre_les_retards, migrations.RunPython.noop)]
