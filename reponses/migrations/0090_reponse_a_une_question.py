"""A question has an answer too, which is neither a yes nor a no: counted apart, without reason, cost or step."""

from django.db import migrations, models

from reponses.gardes import GarderLesCorrections, GarderLesDates
from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("reponses", "0085_pas_de_signature_sans_mandat")]

    operations = [
        migrations.RemoveConstraint(
            model_name="moisscelle",
            name="mois_scelle_compte",
        ),
        migrations.RemoveConstraint(
            model_name="reponse",
            name="reponse_sens",
        ),
        migrations.RemoveConstraint(
            model_name="reponse",
            name="reponse_motivee",
        ),
        migrations.RemoveConstraint(
            model_name="reponse",
            name="reponse_premiere_etape",
        ),
        migrations.RemoveConstraint(
            model_name="reponse",
            name="reponse_motif",
        ),
        migrations.AddField(
            model_name="moisscelle",
            name="reponse",
            field=models.PositiveIntegerField(default=0, verbose_name="Réponses à une question"),
        ),
        migrations.AlterField(
            model_name="reponse",
            name="motif",
            field=models.CharField(blank=True, choices=[("interet_general", "Utile à tout le monde"), ("deja_prevu", "Rejoint un projet déjà prévu"), ("experimentation", "À essayer d’abord"), ("cout", "Trop cher par rapport au service rendu"), ("technique", "Impossible techniquement"), ("competence", "Relève d’une autre collectivité"), ("regle", "La loi ou un règlement l’empêche"), ("deja_fait", "Existe déjà"), ("priorite", "D’autres actions passent avant")], max_length=20, verbose_name="Raison principale"),
        ),
        migrations.AlterField(
            model_name="reponse",
            name="sens",
            field=models.CharField(choices=[("go", "Oui"), ("go_conditions", "Oui, sous conditions"), ("no_go", "Non"), ("reponse", "Réponse")], max_length=14, verbose_name="Décision"),
        ),
        migrations.AddConstraint(
            model_name="moisscelle",
            constraint=models.CheckConstraint(condition=models.Q(a_temps__lte=models.F("go") + models.F("go_conditions") + models.F("no_go") + models.F("reponse") - models.F("apres")), name="mois_scelle_compte"),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(condition=models.Q(("sens__in", ["go", "go_conditions", "no_go", "reponse"])), name="reponse_sens"),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("sens", "reponse"), models.Q(("motif", ""), _negated=True), _connector="XOR"), models.Q(("texte", ""), _negated=True)), name="reponse_motivee"),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(condition=models.Q(("etat", "brouillon"), ("sens", "reponse"), models.Q(("motif__in", ("cout", "technique", "competence", "regle", "deja_fait", "deja_prevu", "priorite")), ("sens", "no_go")), models.Q(models.Q(("sens", "no_go"), _negated=True), ("motif__in", ("interet_general", "deja_prevu", "experimentation"))), _connector="OR"), name="reponse_motif"),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(condition=models.Q(("etat", "brouillon"), ("sens__in", ["no_go", "reponse"]), models.Q(models.Q(("premiere_etape", ""), _negated=True), ("premiere_etape_le__isnull", False)), _connector="OR"), name="reponse_premiere_etape"),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("sens", "reponse"), _negated=True), models.Q(("alternative", ""), ("conditions", ""), ("cout_estime__isnull", True), ("premiere_etape", ""), ("premiere_etape_le__isnull", True)), _connector="OR"), name="reponse_a_une_question"),
        ),
        # The two tables were rebuilt; the new column of a month is sealed with the others.
        PoserVerrou(
            table="reponses_moisscelle",
            colonnes=[
                "id", "annee", "mois", "scelle_le", "go", "go_conditions", "no_go", "reponse", "a_temps", "apres", "raisons", "lignes",
            ],
            message="Les chiffres publies d un mois ne se reecrivent pas.",
        ),
        PoserVerrou(
            table="reponses_reponse",
            colonnes=[
                "id", "cible_type_id", "cible_id", "projet_id", "corrige_id", "sens", "motif", "texte", "conditions", "cout_estime",
                "cout_justification", "cout_le", "premiere_etape", "premiere_etape_le", "alternative", "acte_conseil",
                "signataire_id", "mandat_id", "signataire_nom", "signataire_mandat", "signee_le", "retour", "cree_le",
                "modifiee_le",
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
