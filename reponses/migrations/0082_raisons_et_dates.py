"""The database too refuses a reason that contradicts the decision, and the signature of a date that is past."""

from django.db import migrations, models

from reponses.gardes import GarderLesCorrections, GarderLesDates
from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("reponses", "0081_avis_lus")]

    operations = [
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("etat", "brouillon"),
                    models.Q(
                        ("motif__in", ("cout", "technique", "competence", "regle", "deja_fait", "deja_prevu", "priorite")),
                        ("sens", "no_go"),
                    ),
                    models.Q(
                        models.Q(("sens", "no_go"), _negated=True),
                        ("motif__in", ("interet_general", "deja_prevu", "experimentation")),
                    ),
                    _connector="OR",
                ),
                name="reponse_motif",
            ),
        ),
        # The table was rebuilt.
        PoserVerrou(
            table="reponses_reponse",
            colonnes=[
                "id", "cible_type_id", "cible_id", "projet_id", "corrige_id", "sens", "motif", "texte", "conditions", "cout_estime",
                "cout_justification", "cout_le", "premiere_etape", "premiere_etape_le", "alternative", "acte_conseil",
                "signataire_id", "signataire_nom", "signataire_mandat", "signee_le", "retour", "cree_le", "modifiee_le",
            ],
            quand="OLD.etat IN ('signee', 'publiee')",
            message="Une reponse signee ne change plus.",
        ),
        PoserVerrou(
            table="reponses_reponse",
            suffixe="publiee",
            colonnes=["etat", "publiee_le"],
            quand="OLD.etat = 'publiee' OR (OLD.etat = 'signee' AND NEW.etat <> 'publiee')",
            sans_suppression=False,
            message="Une reponse publiee le reste.",
        ),
        GarderLesCorrections(),
        GarderLesDates(),
    ]  # fmt: skip
