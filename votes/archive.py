"""What a person voted, for the archive of her data: in words, option by option."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from votes.models import Bulletin, Option
from votes.saisie import en_mots

COLONNES = ("vote", "enveloppe", "proposition", "valeur", "depose_le", "modifie_le")


def bulletins_en_mots(personne) -> Iterator[tuple]:
    """Rows of COLONNES; a blank ballot is one row that says so."""
    siens = list(
        Bulletin.objects.filter(emargement__personne=personne).select_related("scrutin", "enveloppe").order_by("pk")
    )
    options: dict[int, list[Option]] = {}
    for option in Option.objects.filter(scrutin__in={bulletin.scrutin_id for bulletin in siens}):
        options.setdefault(option.scrutin_id, []).append(option)
    for bulletin in siens:
        mots = en_mots(bulletin.scrutin, options.get(bulletin.scrutin_id, []), bulletin.notes)
        dates = (bulletin.depose_le, bulletin.modifie_le)
        ou = (bulletin.scrutin.titre, bulletin.enveloppe.nom)
        if not mots:
            yield (*ou, _("vote blanc"), "", *dates)
        for mot in mots:
            yield (*ou, mot.option.titre, mot.precision, *dates)
