"""Ballots drawn for a simulation."""

import pytest

from votes.regles.election import Genre, Option
from votes.regles.generation import generer

pytestmark = pytest.mark.sans_base
OPTIONS = tuple(Option(f"p{n}", cout=100, territoire="nord" if n % 2 else "sud") for n in range(20))
PREMIER_BULLETIN = ((3, 1), (5, 1), (10, 1))


def test_la_graine_donne_toujours_les_memes_bulletins():
    premiere = generer(OPTIONS, votantes=200, graine="mars", budget=1000)

    assert premiere == generer(OPTIONS, votantes=200, graine="mars", budget=1000)
    assert premiere.bulletins != generer(OPTIONS, votantes=200, graine="avril", budget=1000).bulletins
    # Written by hand from a first run: the same on every machine and version, or past simulations cannot be shown again.
    assert premiere.bulletins[0].notes == PREMIER_BULLETIN


def test_longueurs_points_blancs_et_territoires():
    election = generer(
        OPTIONS, votantes=500, graine="x", minimum=2, maximum=4, points=7, blancs=0.1, territoires={"nord": 3, "sud": 1}
    )
    pleins = [bulletin for bulletin in election.bulletins if bulletin.notes]

    assert election.genre == Genre.POINTS
    assert {len(bulletin.notes) for bulletin in pleins} == {2, 3, 4}
    assert {sum(points for _, points in bulletin.notes) for bulletin in pleins} == {7}
    assert 20 < len(election.bulletins) - len(pleins) < 90
    assert 300 < sum(bulletin.territoire == "nord" for bulletin in election.bulletins) < 450


def test_on_prefere_ce_qui_est_pres_de_chez_soi():
    election = generer(OPTIONS, votantes=1000, graine="x", attachement=10)

    def part_du_nord(territoire):
        prises = [place for b in election.bulletins if b.territoire == territoire for place, _ in b.notes]
        return sum(OPTIONS[place].territoire == "nord" for place in prises) / len(prises)

    assert part_du_nord("nord") > 0.7 > 0.3 > part_du_nord("sud")


def test_peu_d_options_ou_des_bornes_impossibles():
    assert {len(b.notes) for b in generer(OPTIONS[:2], votantes=50, graine="x", minimum=3, maximum=5).bulletins} == {2}
    assert generer((), votantes=3, graine="x").votantes in {0, 3}
    for bornes in ({"minimum": 4, "maximum": 3}, {"minimum": 0}, {"maximum": 5, "points": 4}):
        with pytest.raises(ValueError, match="contredisent"):
            generer(OPTIONS, votantes=1, graine="x", **bornes)
