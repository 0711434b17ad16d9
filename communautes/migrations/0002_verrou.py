from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("communautes", "0001_initial")]

    operations = [
        PoserVerrou(
            table="communautes_communaute",
            colonnes=["acces"],
            quand=(
                "OLD.etat IN ('ouverte', 'en_sommeil', 'close') AND NOT (OLD.acces = 'publique' AND NEW.acces IN "
                "('sur_demande', 'sur_invitation') OR OLD.acces = 'sur_demande' AND NEW.acces = 'sur_invitation')"
            ),
            sans_suppression=False,
            message="Une porte ne s ouvre pas plus largement sur ce qui est deja ecrit.",
        ),
    ]
