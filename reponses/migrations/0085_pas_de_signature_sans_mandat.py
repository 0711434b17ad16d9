"""The database too refuses a signature without a mandate, or with somebody else's."""

from django.db import migrations, models
from django.db.models.functions import Cast, Concat, StrIndex
from django.db.models.lookups import Exact

from reponses.gardes import GarderLesCorrections, GarderLesDates
from socle.verrous import PoserVerrou

SIGNEES = ["signee", "publiee"]


class Migration(migrations.Migration):
    dependencies = [("reponses", "0084_mandats_des_reponses_signees")]

    operations = [
        migrations.RemoveConstraint(model_name="reponse", name="reponse_signature"),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(
                condition=(
                    models.Q(etat__in=SIGNEES, signee_le__isnull=False, mandat__isnull=False)
                    & ~models.Q(signataire_nom="")
                    & ~models.Q(signataire_mandat="")
                )
                | (
                    ~models.Q(etat__in=SIGNEES)
                    & models.Q(signee_le__isnull=True, mandat__isnull=True, signataire_nom="", signataire_mandat="")
                ),
                name="reponse_signature",
            ),
        ),
        migrations.AddConstraint(
            model_name="reponse",
            constraint=models.CheckConstraint(
                condition=models.Q(mandat__isnull=True)
                | models.Q(Exact(
                    StrIndex(
                        Cast("mandat", models.CharField()),
                        Concat(Cast("signataire", models.CharField()), models.Value(":")),
                    ),
                    1,
                )),
                name="reponse_mandat",
            ),
        ),
        # The table was rebuilt; the mandate is sealed with the rest.
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
