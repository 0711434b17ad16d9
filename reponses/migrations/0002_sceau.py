from django.db import migrations

from socle.verrous import PoserVerrou


class Migration(migrations.Migration):
    dependencies = [("reponses", "0001_initial")]

    operations = [
        PoserVerrou(
            table="reponses_reponse",
            colonnes=[
                "id", "cible_type_id", "cible_id", "corrige_id", "sens", "motif", "texte", "conditions", "cout_estime",
                "premiere_etape", "premiere_etape_le", "alternative", "acte_conseil", "signataire_id", "signataire_nom",
                "signataire_mandat", "signee_le",
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
        PoserVerrou(
            table="reponses_echeance",
            colonnes=["id", "cible_type_id", "cible_id", "depuis_le", "due_le"],
            message="La date d une reponse due ne se deplace pas.",
        ),
        PoserVerrou(
            table="reponses_echeance",
            suffixe="tenue",
            colonnes=["tenue_le", "service_id"],
            quand="OLD.tenue_le IS NOT NULL",
            sans_suppression=False,
            message="Une reponse donnee reste datee.",
        ),
    ]  # fmt: skip
