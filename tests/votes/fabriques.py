"""Votes of the tests, brought by the real steps to the state they are wanted in."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from socle.permissions import SYSTEME
from tests.fabriques import EtapeFabrique, PersonneFabrique, ProjetFabrique
from timeline.etapes import franchir
from votes import comptage, voter
from votes.heure import a_l_heure_du_site
from votes.models import Comptage, Enveloppe, Option, Scrutin

#: Title, cost in euros.
PROPOSITIONS = (("Bancs de la place", 10_000), ("Fontaine du marché", 30_000), ("Arbres de la rue", 25_000))


def scrutin(etat="ouvert", *, agent=None, propositions=PROPOSITIONS, budget=50_000, **champs) -> Scrutin:
    """A vote of a stage that is open now, in this state. `budget` and the costs in euros."""
    agent = agent or PersonneFabrique(roles=["agent"])
    maintenant = timezone.now()
    etape = champs.pop("etape", None) or EtapeFabrique(
        projet=ProjetFabrique(ouvert=True),
        ouvre=["voter"],
        ouvre_le=maintenant - timedelta(days=30),
        ferme_le=maintenant + timedelta(days=60),
    )
    nombre = Scrutin.objects.count() + 1
    cree = Scrutin.objects.create(
        **{
            "titre": f"Vote {nombre}",
            "slug": f"vote-{nombre}",
            "question": "Que réaliser en premier ?",
            "etape": etape,
            "ouvre_le": maintenant + timedelta(hours=1),
            "ferme_le": maintenant + timedelta(days=10),
            **champs,
        }
    )
    depense = cree.depense
    enveloppe = Enveloppe.objects.create(scrutin=cree, nom="Toute la ville", budget=budget * 100 if depense else None)
    for rang, (titre, cout) in enumerate(propositions, start=1):
        Option.objects.create(
            scrutin=cree,
            enveloppe=enveloppe,
            cle=f"p{rang}",
            rang=rang,
            titre=titre,
            cout=cout * 100 if depense else None,
        )
    return amener(cree, etat, agent=agent)


def amener(cree: Scrutin, etat: str, *, agent) -> Scrutin:
    """By its own steps, the clock moved where they ask for it; the clock of the test is left as it was."""
    chemin = ["brouillon", "annonce", "ouvert", "clos", "depouille", "proclame"]
    for arrivee in chemin[chemin.index(cree.etat) + 1 : chemin.index(etat) + 1]:
        if arrivee == "annonce":
            franchir(cree.annoncer, par=agent)
        elif arrivee == "ouvert":
            with time_machine.travel(cree.ouvre_le + timedelta(seconds=1), tick=False):
                franchir(cree.ouvrir, par=SYSTEME)
        elif arrivee == "clos":
            with time_machine.travel(cree.ferme_le + timedelta(seconds=1), tick=False):
                franchir(cree.clore, par=SYSTEME)
        elif arrivee == "depouille":
            compte = Comptage.objects.create(scrutin=cree, genre=Comptage.Genre.OFFICIEL, par=agent)
            comptage.executer(compte.pk)
            cree.refresh_from_db()
        else:
            franchir(cree.proclamer, par=agent)
    return cree


def votante(**champs):
    return PersonneFabrique(verifiee=True, **champs)


def voter_pour(ouvert: Scrutin, *cles: str, personne=None, notes=None, enveloppe=None):
    """One ballot, cast on the second day of the vote."""
    with a_l_heure_du_site(), time_machine.travel(ouvert.ouvre_le + timedelta(days=1), tick=False):
        return voter.voter(
            ouvert,
            par=personne or votante(),
            enveloppe=enveloppe or ouvert.enveloppes.get(territoire=None),
            notes=notes if notes is not None else dict.fromkeys(cles, 1),
            empreinte=ouvert.empreinte,
        )
