"""Votes as a browser does them, and worlds for the tests of pages."""

import re
from datetime import timedelta
from html import unescape

import time_machine
from django.urls import reverse
from django.utils import timezone

from territoires.models import Territoire
from tests.fabriques import PersonneFabrique
from tests.votes.fabriques import amener, scrutin
from timeline.etapes import franchir_a_l_heure
from votes.heure import a_l_heure_du_site
from votes.models import Enveloppe, Option, Scrutin

#: Each way of voting: the rule that counts it, its fields, and a ballot as its form sends it.
FORMES = {
    "choix": ({"regle": "choix-unique"}, {"choix": "p1"}, {"p1": 1}),
    "approbation": ({"regle": "approbation", "choix_max": 2}, {"choix": ["p1", "p3"]}, {"p1": 1, "p3": 1}),
    "sac": ({"regle": "plus-votes"}, {"choix": ["p1", "p2"]}, {"p1": 1, "p2": 1}),
    "points": (
        {"regle": "points", "points_total": 10, "points_max": 6},
        {"points-p1": "6", "points-p3": "4", "points-p2": "0"},
        {"p1": 6, "p3": 4},
    ),
    "mentions": (
        {"regle": "jugement-majoritaire", "mentions": ["À rejeter", "Passable", "Bien", "Très bien"]},
        {"mention-p1": "3", "mention-p2": "0", "mention-p3": ""},
        {"p1": 3, "p2": 0},
    ),
    "classement": ({"regle": "schulze"}, {"rang-p2": "1", "rang-p1": "2"}, {"p2": 1, "p1": 2}),
}


def de_forme(forme, etat="ouvert", **champs) -> Scrutin:
    return scrutin(etat, forme=forme, **FORMES[forme][0], **champs)


def avec_territoires(etat="ouvert", noms=("Le Port", "Les Hauts"), **champs) -> Scrutin:
    """Something for everybody, and an envelope for each of these invented places."""
    prepare = scrutin("brouillon", **{"regle": "plus-votes", "forme": "sac", **champs})
    for rang, nom in enumerate(noms, start=2):
        lieu, _cree = Territoire.objects.get_or_create(
            code=f"9900{rang}", defaults={"genre": "commune", "nom": nom, "slug": f"lieu-{rang}"}
        )
        enveloppe = Enveloppe.objects.create(
            scrutin=prepare, rang=rang, nom=nom, territoire=lieu, budget=20_000_00 if prepare.depense else None
        )
        for n in (1, 2):
            Option.objects.create(
                scrutin=prepare,
                enveloppe=enveloppe,
                cle=f"e{rang}-{n}",
                rang=rang * 10 + n,
                titre=f"{nom}, proposition {n}",
                cout=n * 10_000_00 if prepare.depense else None,
                territoire=lieu,
            )
    return amener(prepare, etat, agent=PersonneFabrique(roles=["agent"]))


def pendant(ouvert: Scrutin):
    """The second day of the vote, for the site and for the votes."""
    return _Ensemble(ouvert.ouvre_le + timedelta(days=1))


class _Ensemble:
    def __init__(self, instant):
        self.gardes = (a_l_heure_du_site(), time_machine.travel(instant, tick=False))

    def __enter__(self):
        for garde in self.gardes:
            garde.__enter__()

    def __exit__(self, *erreur):
        for garde in reversed(self.gardes):
            garde.__exit__(*erreur)


def adresse(ouvert: Scrutin, enveloppe: Enveloppe | None = None) -> str:
    return reverse("votes:bulletin", args=[ouvert.slug, (enveloppe or ouvert.enveloppes.get(territoire=None)).pk])


def caches(page: str) -> dict[str, list[str]]:
    """Hidden fields of the last form of a page that holds a fingerprint, as a browser would send them back."""
    formulaire = page[page.rindex("<form", 0, page.index('name="empreinte"')) :].partition("</form>")[0]
    lus: dict[str, list[str]] = {}
    for champ in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", formulaire):
        nom, valeur = (unescape(re.search(rf'{mot}="([^"]*)"', champ)[1]) for mot in ("name", "value"))
        if nom != "csrfmiddlewaretoken":
            lus.setdefault(nom, []).append(valeur)
    return lus


def relire(client, ouvert, champs, enveloppe=None) -> str:
    """From the filled ballot to the page that shows it again."""
    recu = client.post(adresse(ouvert, enveloppe), {"geste": "relire", **champs})
    assert recu.status_code == 302, recu.content.decode()[:3000]
    lue = client.get(recu["Location"])
    assert lue.status_code == 200
    return lue.content.decode()


def voter_par_les_pages(client, ouvert, champs, enveloppe=None):
    """Fill in, read again, « Je vote »: the answer to the last step."""
    page = relire(client, ouvert, champs, enveloppe)
    return client.post(adresse(ouvert, enveloppe), {**caches(page), "geste": "voter"})


def ouvert_maintenant(**champs) -> Scrutin:
    """Open by the real clock of the database, which no test moves; a territorial one with `noms`."""
    faire = avec_territoires if "noms" in champs else scrutin
    maintenant = timezone.now()
    dates = {"ouvre_le": maintenant - timedelta(days=2), "ferme_le": maintenant + timedelta(days=2)}
    with time_machine.travel(maintenant - timedelta(days=3), tick=False):
        annonce = faire("annonce", **{**dates, **champs})
    franchir_a_l_heure(annonce.ouvrir)  # a real site may have opened it already, by its own clock
    return Scrutin.objects.select_related("etape__projet").get(pk=annonce.pk)
