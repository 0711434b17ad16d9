"""One row for one gesture, while the opposite gesture may take it away at the same instant."""

from django.db import IntegrityError

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
