from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    """What has been answered is no longer rewritten, and neither is the account that was given of it."""

    dependencies = [("consultations", "0001_initial")]

    operations = [
        PoserVerrou(
            table="consultations_version",
            colonnes=["id", "consultation_id", "numero", "contenu", "ce_qui_change", "publiee_le", "figee_le"],
            message="Un questionnaire qui a des reponses ne se reecrit pas.",
            quand="OLD.figee_le IS NOT NULL",
        ),
        PoserVerrou(
            table="consultations_consultation",
            colonnes=["id", "etat", "restitution", "restituee_le", "titre", "ouvre_le", "ferme_le", "resultats", "qui"],
            message="Une consultation dont le bilan est publie ne se reecrit pas.",
            quand="OLD.restituee_le IS NOT NULL",
        ),
    ]
