import django.db.models.deletion
from django.db import migrations, models

from reponses.gardes import GarderLesCorrections
from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("projets", "0001_initial"), ("reponses", "0002_sceau")]

    operations = [
        migrations.AddField(
            model_name="reponse",
            name="projet",
            field=models.ForeignKey(
                blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projets.projet"
            ),
        ),
        migrations.AddIndex(
            model_name="jalon",
            index=models.Index(condition=models.Q(("fait_le__isnull", True)), fields=["prevu_le", "id"], name="jalon_attendus"),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrige__isnull", False), models.Q(("etat", "publiee"), _negated=True)),
                fields=("corrige",),
                name="correction_unique",
                violation_error_message="Une correction de cette réponse est déjà en cours d’écriture.",
            ),
        ),
        # Renewed: it now covers everything but the author of the draft, whose account may be erased.
        PoserVerrou(
            table="reponses_reponse",
            colonnes=[
                "id", "cible_type_id", "cible_id", "projet_id", "corrige_id", "sens", "motif", "texte", "conditions", "cout_estime",
                "premiere_etape", "premiere_etape_le", "alternative", "acte_conseil", "signataire_id", "signataire_nom",
                "signataire_mandat", "signee_le", "retour", "cree_le",
            ],
            quand="OLD.etat IN ('signee', 'publiee')",
            message="Une reponse signee ne change plus.",
        ),
        GarderLesCorrections(),
        PoserVerrou(
            table="reponses_avis",
            colonnes=["id", "reponse_id", "service_id", "demande_le", "attendu_le", "texte", "rendu_le"],
            quand="OLD.rendu_le IS NOT NULL",
            message="Un avis rendu ne change plus.",
        ),
        PoserVerrou(
            table="reponses_jalon",
            colonnes=["id", "reponse_id", "titre", "prevu_le"],
            message="Une etape promise ne se deplace pas.",
        ),
        PoserVerrou(
            table="reponses_jalon",
            suffixe="fait",
            colonnes=["fait_le"],
            quand="OLD.fait_le IS NOT NULL",
            sans_suppression=False,
            message="Une etape faite reste datee.",
        ),
    ]  # fmt: skip
