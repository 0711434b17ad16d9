"""Locks in the database itself: what is published cannot be rewritten, not even by raw SQL.

Each lock is a pair of triggers, installed by a migration operation. A lock is lifted only by another migration, which
everybody can read. SQLite forgets triggers when a later migration rebuilds the table: `tests/socle/test_verrous.py`
walks all locks and fails when one is missing, so that the migration installs it again.
"""

from dataclasses import dataclass

from django.db.migrations.operations.base import Operation


@dataclass(frozen=True)
class Verrou:
    """Columns of a table that no UPDATE may change once `quand` holds (SQL over OLD; empty = always)."""

    table: str
    colonnes: tuple[str, ...]
    message: str
    quand: str = ""
    sans_suppression: bool = True
    #: Distinguishes two locks of one table.
    suffixe: str = ""

    @property
    def nom(self) -> str:
        return f"verrou_{self.table}{self.suffixe and '_' + self.suffixe}"

    def poser(self, vendeur: str) -> list[str]:
        differe = "IS DISTINCT FROM" if vendeur == "postgresql" else "IS NOT"
        change = " OR ".join(f"OLD.{c} {differe} NEW.{c}" for c in self.colonnes)
        condition = f"({change})" + (f" AND ({self.quand})" if self.quand else "")
        if vendeur == "postgresql":
            return self._poser_postgresql(condition)
        ordres = [
            f"CREATE TRIGGER {self.nom}_maj BEFORE UPDATE ON {self.table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        ]
        if self.sans_suppression:
            quand = f"WHEN {self.quand} " if self.quand else ""
            ordres.append(
                f"CREATE TRIGGER {self.nom}_fin BEFORE DELETE ON {self.table} {quand}"
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            )
        return ordres

    def _poser_postgresql(self, condition: str) -> list[str]:
        ordres = [
            f"CREATE FUNCTION {self.nom}() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END "
            f"$$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {self.nom}_maj BEFORE UPDATE ON {self.table} FOR EACH ROW "
            f"WHEN ({condition}) EXECUTE FUNCTION {self.nom}()",
        ]
        if self.sans_suppression:
            quand = f"WHEN ({self.quand}) " if self.quand else ""
            ordres.append(
                f"CREATE TRIGGER {self.nom}_fin BEFORE DELETE ON {self.table} FOR EACH ROW {quand}"
                f"EXECUTE FUNCTION {self.nom}()"
            )
        return ordres

    def lever(self, vendeur: str) -> list[str]:
        if vendeur == "postgresql":
            return [
                f"DROP TRIGGER IF EXISTS {self.nom}_maj ON {self.table}",
                f"DROP TRIGGER IF EXISTS {self.nom}_fin ON {self.table}",
                f"DROP FUNCTION IF EXISTS {self.nom}()",
            ]
        return [f"DROP TRIGGER IF EXISTS {self.nom}_maj", f"DROP TRIGGER IF EXISTS {self.nom}_fin"]


class PoserVerrou(Operation):
    """Migration operation: installs (or renews) a lock."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table, colonnes, message, quand="", sans_suppression=True, suffixe=""):
        self.verrou = Verrou(table, tuple(colonnes), message, quand, sans_suppression, suffixe)

    def deconstruct(self):
        v = self.verrou
        return (
            type(self).__name__,
            [],
            {
                "table": v.table,
                "colonnes": list(v.colonnes),
                "message": v.message,
                "quand": v.quand,
                "sans_suppression": v.sans_suppression,
                "suffixe": v.suffixe,
            },
        )

    def state_forwards(self, app_label, state):
        """A trigger is no part of the models' state."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        vendeur = schema_editor.connection.vendor
        for ordre in self.verrou.lever(vendeur) + self.verrou.poser(vendeur):
            schema_editor.execute(ordre, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for ordre in self.verrou.lever(schema_editor.connection.vendor):
            schema_editor.execute(ordre, params=None)

    def describe(self):
        return f"Lock columns of {self.verrou.table}"
