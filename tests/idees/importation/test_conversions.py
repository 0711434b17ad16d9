"""Cells as people write them, and what is made of each."""

from decimal import Decimal

import pytest

from idees.importation.conversions import CONVERSIONS, References, Refus

pytestmark = pytest.mark.sans_base

LUES = [
    ("montant", "100000", Decimal("100000.00")),
    ("montant", "1 200,50 €", Decimal("1200.50")),
    ("montant", "1\u202f200\u00a0000 euros", Decimal("1200000")),
    ("montant", "1.200.000", Decimal("1200000")),
    ("montant", "1,200.5", Decimal("1200.50")),
    ("entier", "1 200", 1200),
    ("entier", "12.0", 12),
    ("nombre", "47,21", 47.21),
    ("nombre", "-1.55", -1.55),
    ("booleen", "Oui", True),
    ("booleen", "FALSE", False),
    ("texte", "  deux \n mots ", "deux mots"),
    ("paragraphes", " un\r\n\r\ndeux ", "un\n\ndeux"),
    ("html", "<p>Un &amp; deux</p><script>alert(1)</script><ul><li>a</li><li>b</li></ul>", "Un & deux\n\n- a\n- b"),
    ("html", "Lille <> Orchies, 3 < 4", "Lille <> Orchies, 3 < 4"),
    ("adresse", "https://exemple.fr/a?b=c", "https://exemple.fr/a?b=c"),
]


@pytest.mark.parametrize(("nom", "brut", "attendu"), LUES)
def test_ce_qui_est_lu(nom, brut, attendu):
    assert CONVERSIONS[nom][0](brut, {}, References()) == attendu


#: Text -> date as kept, its precision, how it is read.
DATES = [
    ("2015", "2015", "annee", "2015"),
    ("2015-03", "2015-03", "mois", "mars 2015"),
    ("03/2015", "2015-03", "mois", "mars 2015"),
    ("2015-03-12", "2015-03-12", "jour", "12 mars 2015"),
    ("12/03/2015", "2015-03-12", "jour", "12 mars 2015"),
    ("2019-01-21 20:46:55 +0100", "2019-01-21T19:46:55.000000+00:00", "instant", "21 janvier 2019"),
    ("2015-10-17T18:15:29+0200", "2015-10-17T16:15:29.000000+00:00", "instant", "17 octobre 2015"),
    ("2015-12-31T23:30:00Z", "2015-12-31T23:30:00.000000+00:00", "instant", "1 janvier 2016"),
]


@pytest.mark.parametrize(("brut", "texte", "precision", "libelle"), DATES)
def test_une_date_garde_sa_precision(brut, texte, precision, libelle):
    lue = CONVERSIONS["date"][0](brut, {}, References())
    assert (lue.texte, lue.precision, lue.libelle) == (texte, precision, libelle)


REFUSES = [
    *(
        ("date", brut)
        for brut in ("2015-13", "31/02/2015", "2099-12", "0001", "demain", "2015-3", "2019-01-21 25:00", "")
    ),
    *(("montant", brut) for brut in ("-5", "=1+1", "12.3456", "1,2,3", "beaucoup", "9" * 20)),
    *(("entier", brut) for brut in ("-1", "1.5", "١٢", "9" * 11, "1e9")),
    *(("nombre", brut) for brut in ("nan", "inf", "1e5", "1234.5")),
    *(("booleen", brut) for brut in ("peut-être", "2")),
    *(
        ("adresse", brut)
        for brut in ("javascript:alert(1)", "http://", "ftp://a.fr", 'http://a.fr/"><b>', "http://[", "a.fr")
    ),
]


@pytest.mark.parametrize(("nom", "brut"), REFUSES)
def test_ce_qui_est_refuse_l_est_en_une_phrase(nom, brut):
    with pytest.raises(Refus, match=r"\w"):
        CONVERSIONS[nom][0](brut, {}, References())


def test_une_valeur_hors_de_la_liste_n_est_pas_devinee():
    with pytest.raises(Refus):
        CONVERSIONS["liste"][0]("PERDU", {"table": {"FIN": "realisee"}}, References())


def test_un_format_choisi_exclut_les_autres():
    with pytest.raises(Refus):
        CONVERSIONS["date"][0]("2015", {"formats": ["mois"]}, References())
