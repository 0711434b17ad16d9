from django.db import migrations

from socle.verrous import PoserGarde, PoserVerrou

#: A ballot is written while people vote, or when a past vote is read from its file.
OUVERT = "p.etat = 'ouvert' OR (p.etat = 'brouillon' AND p.origine = 'fichier')"


class Migration(migrations.Migration):
    """Rules that were announced are not rewritten, and nobody votes once the vote is closed: the database says so."""

    dependencies = [("votes", "0001_initial")]

    operations = [
        PoserVerrou(
            table="votes_scrutin",
            colonnes=[
                "id",
                "titre",
                "question",
                "etape_id",
                "territoire_id",
                "regle",
                "parametres",
                "forme",
                "choix_min",
                "choix_max",
                "points_total",
                "points_max",
                "mentions",
                "qui",
                "age_min",
                "ouvre_le",
                "ferme_le",
                "origine",
                "reglement",
                "empreinte",
                "annonce_le",
            ],
            message="Un reglement annonce ne se reecrit pas.",
            quand="OLD.annonce_le IS NOT NULL",
        ),
        PoserVerrou(
            table="votes_scrutin",
            suffixe="fini",
            colonnes=["etat", "depouille_le", "proclame_le", "motif_annulation"],
            message="Un vote proclame ou annule ne se reecrit pas.",
            quand="OLD.etat IN ('proclame', 'annule')",
        ),
        PoserVerrou(
            table="votes_option",
            colonnes=[
                "id",
                "scrutin_id",
                "enveloppe_id",
                "cle",
                "rang",
                "titre",
                "texte",
                "proposee_par",
                "categorie",
                "cout",
                "territoire_id",
                "adresse",
                "latitude",
                "longitude",
                "image",
                "image_alternative",
                "idee_id",
                "figee_le",
            ],
            message="Une proposition soumise au vote ne se reecrit pas.",
            quand="OLD.figee_le IS NOT NULL",
        ),
        PoserVerrou(
            table="votes_option",
            suffixe="retiree",
            colonnes=["retiree_le", "motif_retrait"],
            message="Une proposition retiree ne revient pas.",
            quand="OLD.retiree_le IS NOT NULL",
            sans_suppression=False,
        ),
        PoserGarde(
            table="votes_option",
            cle="scrutin_id",
            parent="votes_scrutin",
            quand="p.etat = 'brouillon'",
            message="La liste d un vote annonce ne change plus.",
            colonnes=["cle"],
        ),
        PoserGarde(
            table="votes_enveloppe",
            cle="scrutin_id",
            parent="votes_scrutin",
            quand="p.etat = 'brouillon'",
            message="Les enveloppes d un vote annonce ne changent plus.",
            colonnes=["scrutin_id", "rang", "nom", "territoire_id", "budget"],
        ),
        PoserGarde(
            table="votes_emargement",
            cle="scrutin_id",
            parent="votes_scrutin",
            quand="p.etat = 'ouvert'",
            message="Le vote n est pas ouvert.",
            colonnes=["scrutin_id", "enveloppe_id", "est_local"],
        ),
        PoserGarde(
            table="votes_bulletin",
            cle="scrutin_id",
            parent="votes_scrutin",
            quand=OUVERT,
            message="Le vote n est pas ouvert.",
            colonnes=["scrutin_id", "enveloppe_id", "emargement_id", "notes", "origine", "entete"],
        ),
        PoserVerrou(
            table="votes_comptage",
            colonnes=["id", "scrutin_id", "genre", "demande", "termine_le", "resultat", "empreinte"],
            message="Un resultat compte ne se reecrit pas.",
            quand="OLD.termine_le IS NOT NULL AND OLD.genre = 'officiel'",
        ),
    ]
