"""Equal shares as the article defines them: one purse of fractions for each ballot, everything priced again each round.

Slow, short and without any float: what the rule of the site must always agree with.
"""

from fractions import Fraction


def prix_d_un_point(cout, soutiens, bourses):
    """The price of a point at which the supporters, {voter: points}, pay `cout`; None when they cannot."""
    if sum(bourses[qui] for qui in soutiens) < cout:
        return None
    reste, riches = Fraction(cout), dict(soutiens)
    while True:
        prix = reste / sum(riches.values())
        pauvre = next((qui for qui, points in riches.items() if bourses[qui] < prix * points), None)
        if pauvre is None:
            return prix
        reste -= bourses[pauvre]
        del riches[pauvre]


def acheter(election, dotation, utilite, sort):
    """Places bought with this endowment, in order."""
    votants = [dict(bulletin.notes) for bulletin in election.bulletins for _ in range(bulletin.poids)]
    bourses = [Fraction(dotation)] * len(votants)
    voix = election.totaux()
    achetees = []
    while True:
        offres = []
        for place, option in enumerate(election.options):
            soutiens = {qui: notes[place] for qui, notes in enumerate(votants) if notes.get(place)}
            if place in achetees or not soutiens or option.cout > election.budget:
                continue
            prix = prix_d_un_point(option.cout, soutiens, bourses)
            if prix is not None:
                rho = prix / option.cout if utilite == "cout" and option.cout else prix
                # What is free costs nobody anything.
                offres.append(
                    (rho if option.cout else -1, option.cout, -voix[place], sort[place], place, prix, soutiens)
                )
        if not offres:
            return achetees
        *_, place, prix, soutiens = min(offres, key=lambda offre: offre[:4])
        achetees.append(place)
        for qui, points in soutiens.items():
            bourses[qui] -= min(bourses[qui], prix * points)


def parts_egales(election, *, utilite, pas, arret_exhaustif, sort):
    """(places bought in order, endowment) after the raise."""
    dotation = election.budget // election.votantes
    achetees = acheter(election, dotation, utilite, sort)

    def cout(places):
        return sum(election.options[place].cout for place in places)

    def achetable(place):
        return election.totaux()[place] and election.options[place].cout <= election.budget

    while pas and any(achetable(place) and place not in achetees for place in range(len(election.options))):
        reste = election.budget - cout(achetees)
        if arret_exhaustif and not any(
            option.cout <= reste for place, option in enumerate(election.options) if place not in achetees
        ):
            break
        suivantes = acheter(election, dotation + pas, utilite, sort)
        if cout(suivantes) > election.budget:
            break
        achetees, dotation = suivantes, dotation + pas
    return achetees, dotation
