from django.db import migrations

from socle.verrous import PoserGarde, PoserVerrou

EN_PREPARATION = "p.annonce_le IS NULL AND p.etat IN ('preparation', 'annule')"


class Migration(migrations.Migration):
    dependencies = [("communautes", "0040_panels")]

    operations = [
        PoserVerrou(
            table="communautes_mandat",
            colonnes=["panel_id", "numero", "question", "calendrier", "devenir", "commanditaire", "places", "effacer_le",
                      "motif", "publie_le", "empreinte"],
            quand="OLD.publie_le IS NOT NULL",
            message="Un mandat publie ne se reecrit pas : publiez la version suivante.",
        ),
        PoserVerrou(
            table="communautes_versiondecompterendu",
            colonnes=["compte_rendu_id", "numero", "texte", "motif", "le"],
            message="Une version d un compte rendu ne se reecrit pas.",
        ),
        PoserVerrou(
            table="communautes_avisdupanel",
            colonnes=["panel_id", "numero", "texte", "fichier", "nom_du_fichier", "taille", "empreinte_du_fichier",
                      "adopte_le", "pour", "contre", "abstentions", "reponse_attendue_le", "motif", "publie_le",
                      "empreinte"],
            message="Un avis citoyen publie ne se reecrit pas : publiez la version suivante.",
        ),
        PoserVerrou(
            table="communautes_tirage",
            colonnes=["panel_id", "numero", "remplace_id", "places", "criteres", "graine_des_lots", "version_du_solveur",
                      "empreinte_vivier", "empreinte_parametres", "empreinte_lots", "source", "connue_le", "annonce_le"],
            quand="OLD.annonce_le IS NOT NULL",
            message="Un tirage annonce ne change plus.",
        ),
        PoserVerrou(
            table="communautes_tirage",
            colonnes=["etat", "motif", "valeur", "graine", "lot", "tire_le"],
            quand="OLD.etat IN ('tire', 'annule')",
            sans_suppression=False,
            suffixe="fini",
            message="Un tirage fait ou annule ne change plus.",
        ),
        PoserVerrou(
            table="communautes_siege",
            colonnes=["tirage_id", "code", "valeurs"],
            message="Une place garde le code qui a ete tire pour elle.",
        ),
        PoserVerrou(
            table="communautes_siege",
            colonnes=["consenti_le", "consentement_version", "consentement_texte"],
            quand="OLD.consenti_le IS NOT NULL",
            sans_suppression=False,
            suffixe="consentement",
            message="Un consentement date ne se reecrit pas.",
        ),
        PoserGarde(
            table="communautes_candidate",
            cle="tirage_id",
            parent="communautes_tirage",
            quand=EN_PREPARATION,
            colonnes=["tirage_id", "code", "valeurs", "lots"],
            message="Le vivier d un tirage calcule ou annonce ne change plus.",
        ),
        PoserGarde(
            table="communautes_quota",
            cle="tirage_id",
            parent="communautes_tirage",
            quand=EN_PREPARATION,
            colonnes=["tirage_id", "rang", "critere", "valeur", "minimum", "maximum"],
            message="Les quotas d un tirage calcule ou annonce ne changent plus.",
        ),
        PoserGarde(
            table="communautes_fichierdetirage",
            cle="tirage_id",
            parent="communautes_tirage",
            quand="p.annonce_le IS NULL",
            colonnes=["tirage_id", "nom", "contenu"],
            message="Les fichiers d un tirage annonce ne changent plus.",
        ),
    ]  # fmt: skip
