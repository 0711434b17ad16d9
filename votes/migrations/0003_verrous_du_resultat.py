from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    """A count that ended cannot be set aside for another one, and a vote that was cast does not change hands."""

    dependencies = [("votes", "0002_verrous")]

    operations = [
        PoserVerrou(
            table="votes_comptage",
            colonnes=[
                "id", "scrutin_id", "genre", "demande", "termine_le", "abandonne_le", "echec", "resultat", "empreinte",
            ],
            message="Un resultat compte ne se reecrit pas.",
            quand="OLD.termine_le IS NOT NULL AND OLD.genre = 'officiel'",
        ),
        # The name may go, when the account does.
        PoserVerrou(
            table="votes_emargement",
            suffixe="nom",
            colonnes=["personne_id"],
            message="Un vote ne change pas de main.",
            quand="NEW.personne_id IS NOT NULL",
            sans_suppression=False,
        ),
    ]  # fmt: skip
