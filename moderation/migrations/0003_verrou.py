from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_motifs_et_registre")]

    operations = [
        # Who decided may be emptied when an account is erased; everything else of a decision stays as it was told.
        PoserVerrou(
            table="moderation_decision",
            colonnes=["cible_type_id", "cible_id", "sens", "motif", "explication", "signalement_id", "le"],
            message="Une décision de modération ne se réécrit pas.",
        )
    ]
