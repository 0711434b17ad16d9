"""Rules that the database keeps and that no constraint of Django can say: they read another row, or a day.

Each is a pair of triggers, like the locks of `socle.verrous`. They read `reponses_reponse` alone: SQLite could not rebuild
a table that a trigger of another one names.
"""

from dataclasses import dataclass

from django.db.migrations.operations.base import Operation


@dataclass(frozen=True)
class Garde:
    """`fausse`: {vendor: SQL over NEW, true for a row that is refused}."""

    nom: str
    message: str
    fausse: dict[str, str]

    def poser(self, vendeur: str) -> list[str]:
        if vendeur == "postgresql":
            return [
                f"CREATE FUNCTION {self.nom}() RETURNS trigger AS $$ BEGIN IF {self.fausse[vendeur]} "
                f"THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN NEW; END $$ LANGUAGE plpgsql",
                f"CREATE TRIGGER {self.nom} BEFORE INSERT OR UPDATE ON reponses_reponse "
                f"FOR EACH ROW EXECUTE FUNCTION {self.nom}()",
            ]
        return [
            f"CREATE TRIGGER {self.nom}_{suffixe} BEFORE {verbe} ON reponses_reponse WHEN {self.fausse[vendeur]} "
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            for suffixe, verbe in (("ajout", "INSERT"), ("maj", "UPDATE"))
        ]

    def lever(self, vendeur: str) -> list[str]:
        if vendeur == "postgresql":
            return [
                f"DROP TRIGGER IF EXISTS {self.nom} ON reponses_reponse",
                f"DROP FUNCTION IF EXISTS {self.nom}()",
            ]
        return [f"DROP TRIGGER IF EXISTS {self.nom}_{suffixe}" for suffixe in ("ajout", "maj")]


_ORIGINE = (
    "SELECT 1 FROM reponses_reponse o WHERE o.id = NEW.corrige_id AND o.corrige_id IS NULL AND o.etat = 'publiee' "
    "AND o.sens = NEW.sens AND o.cible_type_id = NEW.cible_type_id AND o.cible_id = NEW.cible_id"
)
_SANS_ORIGINE = f"NEW.corrige_id IS NOT NULL AND NOT EXISTS ({_ORIGINE})"
CORRECTION = Garde(
    "garde_reponses_correction",
    "Une correction garde la decision et la cible de la reponse publiee qu elle corrige.",
    {"postgresql": _SANS_ORIGINE, "sqlite": _SANS_ORIGINE},
)

# The clock of the row, not that of the database: a signature carries its instant, in universal time. One day of grace,
# because the day of the site may be the one before.
_PASSEE = (
    "NEW.signee_le IS NOT NULL AND NEW.premiere_etape_le IS NOT NULL AND NEW.premiere_etape_le < {veille} AND NOT EXISTS "
    "(SELECT 1 FROM reponses_reponse o WHERE o.id = NEW.corrige_id AND o.premiere_etape_le = NEW.premiere_etape_le)"
)
DATE = Garde(
    "garde_reponses_date",
    "On ne signe pas une premiere etape qui est deja passee.",
    {
        "postgresql": _PASSEE.format(veille="(NEW.signee_le AT TIME ZONE 'UTC')::date - 1"),
        "sqlite": _PASSEE.format(veille="date(NEW.signee_le, '-1 day')"),
    },
)


class Garder(Operation):
    """Migration operation: installs (or renews) the rule. SQLite forgets it when a later migration rebuilds the table."""

    garde: Garde
    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label, state):
        """A trigger is no part of the models' state."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        vendeur = schema_editor.connection.vendor
        for ordre in [*self.garde.lever(vendeur), *self.garde.poser(vendeur)]:
            schema_editor.execute(ordre, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for ordre in self.garde.lever(schema_editor.connection.vendor):
            schema_editor.execute(ordre, params=None)

    def describe(self):
        return f"Keep the rule {self.garde.nom}"


class GarderLesCorrections(Garder):
    garde = CORRECTION


class GarderLesDates(Garder):
    garde = DATE
