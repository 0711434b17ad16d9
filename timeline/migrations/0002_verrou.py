from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_initial")]

    operations = [
        PoserVerrou(
            table="timeline_entree",
            colonnes=[
                "id", "chaine_id", "numero", "type", "le", "cible_type_id", "cible_id", "projet_id", "par_reference",
                "est_publique", "donnees", "precedente", "empreinte",
            ],
            message="Le journal ne se reecrit pas.",
        ),
    ]  # fmt: skip
