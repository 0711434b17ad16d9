"""A rule between two rows, kept by the database: a correction says what it corrects, and does not change the decision.

No constraint of Django can look at another row, so this is a pair of triggers, like the locks of `socle.verrous`.
"""

from django.db.migrations.operations.base import Operation

NOM = "garde_reponses_correction"
MESSAGE = "Une correction garde la decision et la cible de la reponse publiee qu elle corrige."
ORIGINE = (
    "SELECT 1 FROM reponses_reponse o WHERE o.id = NEW.corrige_id AND o.corrige_id IS NULL AND o.etat = 'publiee' "
    "AND o.sens = NEW.sens AND o.cible_type_id = NEW.cible_type_id AND o.cible_id = NEW.cible_id"
)
FAUSSE = f"NEW.corrige_id IS NOT NULL AND NOT EXISTS ({ORIGINE})"


class GarderLesCorrections(Operation):
    """Migration operation: installs (or renews) the rule. SQLite forgets it when a later migration rebuilds the table."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label, state):
        """A trigger is no part of the models' state."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        vendeur = schema_editor.connection.vendor
        for ordre in [*lever(vendeur), *poser(vendeur)]:
            schema_editor.execute(ordre, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for ordre in lever(schema_editor.connection.vendor):
            schema_editor.execute(ordre, params=None)

    def describe(self):
        return "Keep corrections true to what they correct"


def poser(vendeur: str) -> list[str]:
    if vendeur == "postgresql":
        return [
            f"CREATE FUNCTION {NOM}() RETURNS trigger AS $$ BEGIN "
            f"IF {FAUSSE} THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN NEW; END $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {NOM} BEFORE INSERT OR UPDATE ON reponses_reponse FOR EACH ROW EXECUTE FUNCTION {NOM}()",
        ]
    return [
        f"CREATE TRIGGER {NOM}_{suffixe} BEFORE {verbe} ON reponses_reponse WHEN {FAUSSE} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for suffixe, verbe in (("ajout", "INSERT"), ("maj", "UPDATE"))
    ]


def lever(vendeur: str) -> list[str]:
    if vendeur == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {NOM} ON reponses_reponse", f"DROP FUNCTION IF EXISTS {NOM}()"]
    return [f"DROP TRIGGER IF EXISTS {NOM}_{suffixe}" for suffixe in ("ajout", "maj")]
