"""A cost with its reason and its day; who wrote last in a draft."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from reponses.gardes import GarderLesCorrections
from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [
        ("reponses", "0060_utilite"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reponse",
            name="cout_justification",
            field=models.CharField(blank=True, default="", max_length=500, verbose_name="D’où vient ce coût"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reponse",
            name="cout_le",
            field=models.DateField(blank=True, null=True, verbose_name="Coût estimé le"),
        ),
        migrations.AddField(
            model_name="reponse",
            name="modifiee_le",
            field=models.DateTimeField(editable=False, null=True, verbose_name="Modifiée le"),
        ),
        migrations.AddField(
            model_name="reponse",
            name="modifiee_par",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Modifiée par",
            ),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cout_justification", ""), ("cout_le__isnull", True)),
                    models.Q(
                        ("cout_estime__isnull", False),
                        ("cout_le__isnull", False),
                        models.Q(("cout_justification", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="reponse_cout",
            ),
        ),
        # The table was rebuilt. Renewed: the reason and the day of the cost are signed with the figure.
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
    ]  # fmt: skip
