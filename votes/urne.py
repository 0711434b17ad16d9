"""From the rows of a vote to what a rule counts."""

from collections import Counter

from votes.models import Bulletin as BulletinDepose
from votes.models import Enveloppe, Scrutin
from votes.reglement import GENRE_DE, options_comptees
from votes.regles.election import Bulletin, Election

PAR_LECTURE = 5_000
#: Below, a group is some people rather than a figure.
GROUPE_MIN = 10


def election_de(scrutin: Scrutin, enveloppe: Enveloppe) -> Election:
    """The ballots of one envelope, those alike together. An option that was taken out is out of every ballot."""
    options = list(enveloppe.options.en_lice().select_related("territoire"))
    places = {option.cle: place for place, option in enumerate(options)}
    resserrer = scrutin.forme == Scrutin.Forme.CLASSEMENT and enveloppe.options.exclude(retiree_le=None).exists()
    comptes: Counter[tuple[tuple[tuple[int, int], ...], str]] = Counter()
    deposes = (
        BulletinDepose.objects.filter(scrutin=scrutin, enveloppe=enveloppe)
        .order_by()
        .values_list("notes", "emargement__personne__commune__nom")
    )
    for notes, lieu in deposes.iterator(chunk_size=PAR_LECTURE):
        connues = {cle: valeur for cle, valeur in notes.items() if cle in places}
        if resserrer:  # the rank of an option that has gone is not one that the person skipped
            connues = {cle: rang for rang, cle in enumerate(sorted(connues, key=connues.__getitem__), start=1)}
        lues = tuple(sorted((places[cle], valeur) for cle, valeur in connues.items()))
        comptes[lues, lieu or ""] += 1
    dits = _lieux_dits(comptes)
    regroupes: Counter[tuple[tuple[tuple[int, int], ...], str]] = Counter()
    for (notes, lieu), poids in comptes.items():
        regroupes[notes, lieu if lieu in dits else ""] += poids
    bulletins = tuple(Bulletin(notes, poids, lieu) for (notes, lieu), poids in sorted(regroupes.items()))
    return Election(
        genre=GENRE_DE[scrutin.forme],
        options=options_comptees(options),
        bulletins=bulletins,
        budget=enveloppe.budget,
        mentions=len(scrutin.mentions),
    )


def _lieux_dits(comptes: Counter) -> set[str]:
    """Places of which results may speak: ten ballots or more, and as many among those of which they say nothing."""
    par_lieu: Counter[str] = Counter()
    for (_notes, lieu), poids in comptes.items():
        par_lieu[lieu] += poids
    dits = {lieu for lieu, poids in par_lieu.items() if lieu and poids >= GROUPE_MIN}
    while dits and 0 < sum(poids for lieu, poids in par_lieu.items() if lieu not in dits) < GROUPE_MIN:
        dits.remove(min(dits, key=lambda lieu: (par_lieu[lieu], lieu)))
    return dits
