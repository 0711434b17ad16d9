"""The cards of the search, their indexes on each database, and a card for every idea that is already public."""

import django.db.models.deletion
from django.db import migrations, models

VECTEUR = "tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array({colonne}, ' '))) STORED"
COLONNES = ("mots", "tetes", "tetes_reponse")
NOUVELLES = "new.mots, new.tetes, new.tetes_reponse"
ANCIENNES = "old.mots, old.tetes, old.tetes_reponse"
LISTE = ", ".join(COLONNES)

POSER = {
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        *(f"ALTER TABLE idees_fiche ADD COLUMN vecteur_{c} {VECTEUR.format(colonne=c)}" for c in COLONNES),
        *(f"CREATE INDEX fiche_{c} ON idees_fiche USING gin (vecteur_{c})" for c in COLONNES),
        "CREATE INDEX fiche_trigrammes ON idees_fiche USING gist (titre gist_trgm_ops(siglen=64))",
    ],
    "sqlite": [
        f"CREATE VIRTUAL TABLE idees_fiche_mots USING fts5({LISTE}, content='idees_fiche', content_rowid='id')",
        "CREATE VIRTUAL TABLE idees_fiche_titre USING fts5(titre, content='idees_fiche', content_rowid='id', tokenize='trigram')",
        f"CREATE TRIGGER fiche_ajout AFTER INSERT ON idees_fiche BEGIN "
        f"INSERT INTO idees_fiche_mots(rowid, {LISTE}) VALUES (new.id, {NOUVELLES}); "
        f"INSERT INTO idees_fiche_titre(rowid, titre) VALUES (new.id, new.titre); END",
        f"CREATE TRIGGER fiche_retrait AFTER DELETE ON idees_fiche BEGIN "
        f"INSERT INTO idees_fiche_mots(idees_fiche_mots, rowid, {LISTE}) VALUES ('delete', old.id, {ANCIENNES}); "
        f"INSERT INTO idees_fiche_titre(idees_fiche_titre, rowid, titre) VALUES ('delete', old.id, old.titre); END",
        f"CREATE TRIGGER fiche_changement AFTER UPDATE ON idees_fiche BEGIN "
        f"INSERT INTO idees_fiche_mots(idees_fiche_mots, rowid, {LISTE}) VALUES ('delete', old.id, {ANCIENNES}); "
        f"INSERT INTO idees_fiche_titre(idees_fiche_titre, rowid, titre) VALUES ('delete', old.id, old.titre); "
        f"INSERT INTO idees_fiche_mots(rowid, {LISTE}) VALUES (new.id, {NOUVELLES}); "
        f"INSERT INTO idees_fiche_titre(rowid, titre) VALUES (new.id, new.titre); END",
    ],
}
LEVER = {
    "postgresql": [
        *(f"ALTER TABLE idees_fiche DROP COLUMN IF EXISTS vecteur_{c}" for c in COLONNES),
        "DROP INDEX IF EXISTS fiche_trigrammes",
    ],
    "sqlite": [
        *(f"DROP TRIGGER IF EXISTS fiche_{nom}" for nom in ("ajout", "retrait", "changement")),
        "DROP TABLE IF EXISTS idees_fiche_mots",
        "DROP TABLE IF EXISTS idees_fiche_titre",
    ],
}
LOT = 1_000


def poser(apps, schema_editor):
    for ordre in POSER[schema_editor.connection.vendor]:
        schema_editor.execute(ordre, params=None)


def lever(apps, schema_editor):
    for ordre in LEVER[schema_editor.connection.vendor]:
        schema_editor.execute(ordre, params=None)


def ficher(apps, schema_editor):
    """What `reindexer` does, with the tables as they are at this point of their history."""
    from idees.models.fiche import Fiche as Aujourdhui

    Idee, Fiche, Reponse, ContentType = (
        apps.get_model(*nom)
        for nom in (("idees", "Idee"), ("idees", "Fiche"), ("reponses", "Reponse"), ("contenttypes", "ContentType"))
    )
    ici = ContentType.objects.filter(app_label="idees", model="idee").first()
    publiees = Reponse.objects.filter(cible_type=ici, etat="publiee", corrige__isnull=True)
    champs = ("texte", "conditions", "premiere_etape", "alternative")
    reponses = {pk: " ".join(textes) for pk, *textes in publiees.values_list("cible_id", *champs)}
    publiques = Idee.objects.filter(etat__in=Aujourdhui.ETATS).order_by("pk").values_list("pk", "titre", "texte")
    fiches = []
    for pk, titre, texte in publiques.iterator(LOT):
        fiches.append(Fiche(idee_id=pk, **Aujourdhui.mots_de(titre, texte, reponses.get(pk, ""))))
        if len(fiches) == LOT:
            Fiche.objects.bulk_create(fiches)
            fiches = []
    Fiche.objects.bulk_create(fiches)


class Migration(migrations.Migration):
    dependencies = [
        ("idees", "0050_importation"),
        ("reponses", "0003_registre"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fiche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("titre", models.TextField(help_text="Titre sans accent, pour les trigrammes.")),
                ("mots_titre", models.TextField(help_text="Racines du titre.")),
                ("mots", models.TextField(help_text="Racines du titre et du texte, dans l’ordre.")),
                ("tetes", models.TextField(help_text="Débuts de ces racines.")),
                (
                    "tetes_reponse",
                    models.TextField(help_text="De même pour l’idée et sa réponse officielle ; vide sans réponse."),
                ),
                (
                    "idee",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fiche", to="idees.idee"
                    ),
                ),
            ],
            options={
                "verbose_name": "Fiche de recherche",
                "verbose_name_plural": "Fiches de recherche",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("titre", ""), _negated=True), name="fiche_titre"),
                ],
            },
        ),
        migrations.RunPython(poser, lever),
        migrations.RunPython(ficher, migrations.RunPython.noop),
    ]
