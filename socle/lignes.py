"""Rows: one for one gesture, while others write about the same thing at the same instant; how many there are around each."""

from django.db import IntegrityError, connections, router
from django.db.models import Func, IntegerField, Subquery

#: Somebody who gives and takes back in the same instant may win this often in a row; more is not a race, it is a fault.
ESSAIS = 20


def poser_une_fois(objets, **cles):
    """Like get_or_create(): (row, True when it is new), over a unique constraint on `cles`.

    Between the refusal of a double and the reading of the row that was there, another hand may take that row away;
    get_or_create() then passes the refusal on, as an error page. Here one starts again. Raises IntegrityError when
    another constraint refuses the row.
    """
    for _essai in range(ESSAIS - 1):
        try:
            return objets.get_or_create(**cles)
        except IntegrityError:
            continue
    return objets.get_or_create(**cles)


def garder(objet) -> None:
    """Hold the row that is about to be named by another, now: whoever locked it first is waited for here.

    PostgreSQL checks foreign keys at the end of the transaction. There it would wait for a lock, while the one who holds that
    lock may be waiting for the rows just written: a deadlock, and one of the two is thrown out. Locks of this kind do not
    keep each other waiting, so a popular row does not become a queue. SQLite has one writer at a time: nothing to do.
    """
    lien = connections[router.db_for_write(type(objet))]
    if not lien.features.has_select_for_no_key_update:
        return
    table, cle = map(lien.ops.quote_name, (objet._meta.db_table, objet._meta.pk.column))
    with lien.cursor() as curseur:
        curseur.execute(f"SELECT 1 FROM {table} WHERE {cle} = %s FOR KEY SHARE", [objet.pk])  # noqa: S608 (names of the model)


def nombre_de(requete) -> Subquery:
    """Correlated count, to annotate with: the rows of `requete`, which names the outer row (`OuterRef`).

    One index scan a row that is read, no join to multiply. It counts without GROUP BY: there is always a number, if only zero.
    """
    return Subquery(requete.order_by().values(n=Func(template="COUNT(*)", output_field=IntegerField())))
