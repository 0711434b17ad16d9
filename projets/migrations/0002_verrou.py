from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("projets", "0001_initial")]

    operations = [
        PoserVerrou(
            table="projets_versiondocument",
            colonnes=["id", "document_id", "numero", "fichier", "nom", "taille", "empreinte", "note", "publiee_le"],
            message="Une version publiee ne se remplace pas.",
        ),
    ]
