import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from reponses.gardes import GarderLesCorrections
from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [
        ("projets", "0004_annulation"),
        ("reponses", "0004_annulation"),
    ]

    operations = [
        migrations.CreateModel(
            name='Escalade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('palier', models.CharField(choices=[('service', 'Remontée à l’équipe'), ('elue', 'Remontée aux élues et aux élus'), ('retard', 'En retard, dit à tout le monde')], max_length=10, verbose_name='Niveau')),
                ('le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='Le')),
            ],
            options={
                'verbose_name': 'Escalade',
                'verbose_name_plural': 'Escalades',
                'ordering': ['le', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='reponse',
            name='cout_justification',
            field=models.CharField(blank=True, max_length=500, verbose_name='D’où vient ce coût'),
        ),
        migrations.AddField(
            model_name='reponse',
            name='cout_le',
            field=models.DateField(blank=True, null=True, verbose_name='Coût estimé le'),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.CheckConstraint(condition=models.Q(('etat', 'brouillon'), models.Q(('motif__in', ('cout', 'technique', 'competence', 'regle', 'deja_fait', 'deja_prevu', 'priorite')), ('sens', 'no_go')), models.Q(models.Q(('sens', 'no_go'), _negated=True), ('motif__in', ('interet_general', 'deja_prevu', 'experimentation'))), _connector='OR'), name='reponse_motif'),
        ),
        migrations.AddConstraint(
            model_name='reponse',
            constraint=models.CheckConstraint(condition=models.Q(('cout_estime__isnull', False), models.Q(('cout_justification', ''), ('cout_le__isnull', True)), _connector='OR'), name='reponse_cout'),
        ),
        migrations.AddField(
            model_name='escalade',
            name='echeance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalades', to='reponses.echeance'),
        ),
        migrations.AddField(
            model_name='escalade',
            name='projet',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projets.projet'),
        ),
        migrations.AddIndex(
            model_name='escalade',
            index=models.Index(fields=['palier', 'projet'], name='escalade_palier'),
        ),
        migrations.AddConstraint(
            model_name='escalade',
            constraint=models.UniqueConstraint(fields=('echeance', 'palier'), name='escalade_unique'),
        ),
        migrations.AddConstraint(
            model_name='escalade',
            constraint=models.CheckConstraint(condition=models.Q(('palier__in', ['service', 'elue', 'retard'])), name='escalade_palier_connu'),
        ),
        # Renewed, since SQLite has just rebuilt the table; what was said of the cost is signed too.
        PoserVerrou(
            table="reponses_reponse",
            colonnes=[
                "id", "cible_type_id", "cible_id", "projet_id", "corrige_id", "sens", "motif", "texte", "conditions", "cout_estime",
                "cout_justification", "cout_le", "premiere_etape", "premiere_etape_le", "alternative", "acte_conseil",
                "signataire_id", "signataire_nom", "signataire_mandat", "signee_le", "retour", "cree_le",
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
        PoserVerrou(
            table="reponses_escalade",
            colonnes=["id", "echeance_id", "projet_id", "palier", "le"],
            message="Ce qui est remonte le reste.",
        ),
    ]  # fmt: skip
