"""Locks in the database itself: what is published cannot be rewritten, not even by raw SQL.

Each lock is a pair of triggers, installed by a migration operation. A lock is lifted only by another migration, which
everybody can read. SQLite forgets triggers when a later migration rebuilds the table: `tests/socle/test_verrous.py`
walks all locks and fails when one is missing, so that the migration installs it again.
"""

from dataclasses import asdict, dataclass

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


@dataclass(frozen=True)
class Garde:
    """Rows of `table` are written and deleted only while the row they belong to is as `quand` says.

    `cle` is the column that names that row of `parent`; `quand` is SQL over `parent`, called p. An UPDATE is refused only
    when it changes one of `colonnes`. On PostgreSQL the row of `parent` is held (FOR SHARE) until the transaction ends, so
    that whoever changes its state waits for the writings under way, and no writing comes after.
    """

    table: str
    cle: str
    parent: str
    quand: str
    message: str
    colonnes: tuple[str, ...]
    sans_suppression: bool = True

    @property
    def nom(self) -> str:
        return f"garde_{self.table}"

    def poser(self, vendeur: str) -> list[str]:
        gestes = [("ins", "INSERT", "NEW"), ("maj", f"UPDATE OF {', '.join(self.colonnes)}", "OLD")]
        if self.sans_suppression:
            gestes.append(("fin", "DELETE", "OLD"))
        if vendeur == "postgresql":
            return [self._fonction(), *(self._declencheur_pg(*geste) for geste in gestes)]
        return [self._declencheur_sqlite(*geste) for geste in gestes]

    def _declencheur_sqlite(self, suffixe: str, geste: str, ligne: str) -> str:
        return (
            f"CREATE TRIGGER {self.nom}_{suffixe} BEFORE {geste} ON {self.table} "  # noqa: S608 (names of a migration)
            f"WHEN NOT EXISTS (SELECT 1 FROM {self.parent} p WHERE p.id = {ligne}.{self.cle} AND ({self.quand})) "
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        )

    def _fonction(self) -> str:
        return (
            f"CREATE FUNCTION {self.nom}() RETURNS trigger AS $$ DECLARE du bigint; BEGIN "
            f"IF TG_OP = 'INSERT' THEN du := NEW.{self.cle}; ELSE du := OLD.{self.cle}; END IF; "
            f"PERFORM 1 FROM {self.parent} p WHERE p.id = du AND ({self.quand}) FOR SHARE; "
            f"IF NOT FOUND THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        )

    def _declencheur_pg(self, suffixe: str, geste: str, _ligne: str) -> str:
        return (
            f"CREATE TRIGGER {self.nom}_{suffixe} BEFORE {geste} ON {self.table} FOR EACH ROW "
            f"EXECUTE FUNCTION {self.nom}()"
        )

    def lever(self, vendeur: str) -> list[str]:
        noms = [f"{self.nom}_{suffixe}" for suffixe in ("ins", "maj", "fin")]
        if vendeur == "postgresql":
            return [
                *(f"DROP TRIGGER IF EXISTS {nom} ON {self.table}" for nom in noms),
                f"DROP FUNCTION IF EXISTS {self.nom}()",
            ]
        return [f"DROP TRIGGER IF EXISTS {nom}" for nom in noms]


class PoserGarde(Operation):
    """Migration operation: installs (or renews) a guard."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table, cle, parent, quand, message, colonnes, sans_suppression=True):
        self.garde = Garde(table, cle, parent, quand, message, tuple(colonnes), sans_suppression)

    def deconstruct(self):
        return type(self).__name__, [], asdict(self.garde) | {"colonnes": list(self.garde.colonnes)}

    def state_forwards(self, app_label, state):
        """A trigger is no part of the models' state."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        vendeur = schema_editor.connection.vendor
        for ordre in self.garde.lever(vendeur) + self.garde.poser(vendeur):
            schema_editor.execute(ordre, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for ordre in self.garde.lever(schema_editor.connection.vendor):
            schema_editor.execute(ordre, params=None)

    def describe(self):
        return f"Guard rows of {self.garde.table}"


class LeverGarde(PoserGarde):
    """Migration operation: takes a guard off while its parent is rebuilt (SQLite refuses otherwise); `PoserGarde` follows."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Lift the guard of {self.garde.table}"
