"""From the rows of a vote to what a rule counts."""

from collections import Counter

from votes.models import Bulletin as BulletinDepose
from votes.models import Enveloppe, Option, Scrutin
from votes.reglement import GENRE_DE
from votes.regles.election import Bulletin, Election
from votes.regles.election import Option as OptionComptee

PAR_LECTURE = 5_000


def options_comptees(options: list[Option]) -> tuple[OptionComptee, ...]:
    """What a rule knows of them, in the order of the published list."""
    return tuple(
        OptionComptee(
            cle=option.cle,
            titre=option.titre,
            cout=option.cout or 0,
            territoire=option.territoire.nom if option.territoire else "",
            categories=(option.categorie,) if option.categorie else (),
        )
        for option in options
    )


def election_de(scrutin: Scrutin, enveloppe: Enveloppe) -> Election:
    """The ballots of one envelope, those alike together. An option that was taken out is out of every ballot."""
    options = list(enveloppe.options.en_lice().select_related("territoire"))
    places = {option.cle: place for place, option in enumerate(options)}
    comptes: Counter[tuple[tuple[tuple[int, int], ...], str]] = Counter()
    deposes = (
        BulletinDepose.objects.filter(scrutin=scrutin, enveloppe=enveloppe)
        .order_by()
        .values_list("notes", "emargement__personne__commune__nom")
    )
    for notes, lieu in deposes.iterator(chunk_size=PAR_LECTURE):
        lues = tuple(sorted((places[cle], valeur) for cle, valeur in notes.items() if cle in places))
        comptes[lues, lieu or ""] += 1
    bulletins = tuple(Bulletin(notes, poids, lieu) for (notes, lieu), poids in sorted(comptes.items()))
    return Election(
        genre=GENRE_DE[scrutin.forme],
        options=options_comptees(options),
        bulletins=bulletins,
        budget=enveloppe.budget,
        mentions=len(scrutin.mentions),
    )
