from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("timeline", "0050_survenue")]

    operations = [
        PoserVerrou(
            table="timeline_chaine",
            colonnes=["id", "cle", "projet_id"],
            message="Une chaine du journal reste celle de son projet.",
        ),
        PoserVerrou(
            table="timeline_chaine",
            suffixe="croit",
            colonnes=["longueur", "tete"],
            quand="NEW.longueur <= OLD.longueur",
            sans_suppression=False,
            message="Une chaine du journal ne fait que grandir.",
        ),
    ]
