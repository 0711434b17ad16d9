"""What a count found, as the document that is kept, sealed by its fingerprint, and proclaimed.

Integers, words and lists; a fraction is written « 2/3 », money is in cents. Figures that only show (who paid how much in each
place) may be floats: nothing is decided by them.
"""

import secrets
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from votes.models import Enveloppe, Scrutin
from votes.reglement import parametres_publies
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import Depouillement
from votes.regles.election import Election
from votes.regles.explications import pourquoi_pas, qui_a_paye
from votes.regles.sans_projet import sans_projet
from votes.urne import election_de

FORMAT = 1

#: Counted beside the published one, for everybody to compare what another rule would have given.
A_COMPARER = ("plus-votes", "plus-votes-sans-saut", "parts-egales")


#: Their totals are votes, or points: none is nobody's wish.
SANS_VOIX_SANS_ELUE = ("choix-unique", "approbation", "points")
#: Ballots up to which « how many more supports » is found by counting again, and not bounded.
RECOMPTES_JUSQU_A = 20_000


class Suivi:
    """How far a count of several parts is: each has its share of the whole, in percent. Raises Interrompu."""

    def __init__(self, dire: Callable[[int, int], None], parts: int):
        self.dire, self.parts, self.faites = dire, parts, 0

    def __call__(self, fait: int, total: int) -> None:
        ici = min(100, 100 * fait // total) if total else 100
        self.dire(100 * self.faites + ici, 100 * self.parts)

    def suivante(self) -> None:
        self.faites += 1
        self(0, 1)


def resultat_de(scrutin: Scrutin, *, avancement: Callable[[int, int], None]) -> dict[str, Any]:
    """Count every envelope by the published rules. Raises RegleInvalide, or Interrompu by `avancement`."""
    enveloppes = list(scrutin.enveloppes.all())
    autres = [nom for nom in A_COMPARER if nom != scrutin.regle] if scrutin.depense else []
    suivi = Suivi(avancement, len(enveloppes) * (1 + len(autres)))
    return {
        "format": FORMAT,
        # The fingerprint is public before the proclamation: without this nobody can find the figures by trying them all.
        "sel": secrets.token_hex(16),
        "vote": scrutin.slug,
        "reglement": scrutin.empreinte,
        "regle": scrutin.regle,
        "votantes": scrutin.nombre_de_votantes(),
        "enveloppes": [_partie(scrutin, enveloppe, autres, suivi) for enveloppe in enveloppes],
    }


def _partie(scrutin: Scrutin, enveloppe: Enveloppe, autres: list[str], suivi: Suivi) -> dict[str, Any]:
    election = election_de(scrutin, enveloppe)
    retirees = list(enveloppe.options.exclude(retiree_le=None).values_list("cle", flat=True))
    parametres = parametres_publies(scrutin, election.options, entiere=not retirees)
    fait = compter(scrutin.regle, election, parametres, suivi)
    suivi.suivante()
    partie = {
        "enveloppe": enveloppe.nom,
        "budget": enveloppe.budget,
        "bulletins": election.votantes,
        "blancs": election.blancs,
        "retirees": retirees,
        **en_document(fait),
        "elues": list(elues(scrutin, fait)),
    }
    if scrutin.depense:
        partie |= {
            "pourquoi": _json(
                pourquoi_pas(election, fait, parametres, recompter=election.votantes <= RECOMPTES_JUSQU_A)
            ),
            "qui_a_paye": _json(qui_a_paye(fait)),
            "laissees": sans_projet(election, fait.retenues),
            "autres_regles": [_autrement(nom, election, parametres, suivi) for nom in autres],
        }
    return partie


def compter(regle: str, election: Election, parametres: Any, suivi: Callable[[int, int], None]) -> Depouillement:
    """Count by this rule; the one whose count is long says how far it is."""
    if regle == Scrutin.Regle.PARTS_EGALES:
        return REGLES[regle].compter(election, parametres, avancement=suivi)
    return REGLES[regle].compter(election, parametres)


def _autrement(nom: str, election: Election, parametres: Any, suivi: Suivi) -> dict[str, Any]:
    """What another rule would have given, with the same threshold, limits and lot."""
    communs = {champ: getattr(parametres, champ) for champ in ("seuil", "maximums", "ordre_du_sort")}
    fait = compter(nom, election, REGLES[nom].parametres(**communs), suivi)
    suivi.suivante()
    return {
        "regle": nom,
        "retenues": list(fait.retenues),
        "cout": fait.cout,
        "laissees": sans_projet(election, fait.retenues),
    }


def elues(scrutin: Scrutin, fait: Depouillement) -> tuple[str, ...]:
    """Keys of what is elected: what a budget funds, what a calendar takes, the places that the rule gives, or else
    the first alone. A lot decides between equals, and never elects what nobody asked for."""
    if scrutin.depense or scrutin.regle == Scrutin.Regle.PRIORITES:
        return fait.retenues
    premieres = fait.retenues if scrutin.parametres.get("places") else fait.retenues[:1]
    if scrutin.regle in SANS_VOIX_SANS_ELUE:
        return tuple(cle for cle in premieres if fait.totaux[cle])
    return premieres


def en_document(fait: Depouillement) -> dict[str, Any]:
    return {
        "retenues": list(fait.retenues),
        "totaux": _json(fait.totaux),
        "classement": _json(fait.classement),
        "cout": fait.cout,
        "dotation": None if fait.dotation is None else str(fait.dotation),
        "tours": _json(fait.tours),
        "egalites": _json(fait.egalites),
        "mesures": _json(fait.mesures),
    }


def _json(valeur: Any) -> Any:
    if isinstance(valeur, Fraction):
        return str(valeur) if valeur.denominator != 1 else int(valeur)
    if is_dataclass(valeur) and not isinstance(valeur, type):
        return _json(asdict(valeur))
    if isinstance(valeur, dict):
        return {str(nom): _json(v) for nom, v in valeur.items()}
    if isinstance(valeur, list | tuple | set | frozenset):
        return [_json(v) for v in valeur]
    return valeur


def officiel(scrutin: Scrutin) -> dict[str, Any] | None:
    """The proclaimed result; None before, for everybody."""
    if not scrutin.est_proclame:
        return None
    return scrutin.comptages.officiels().filter(termine_le__isnull=False).values_list("resultat", flat=True).first()


def empreinte_officielle(scrutin: Scrutin) -> str:
    """What the chronology tells of the result since it was counted; empty before."""
    faits = scrutin.comptages.officiels().filter(termine_le__isnull=False)
    return faits.values_list("empreinte", flat=True).first() or ""


def marquer_les_elues(scrutin: Scrutin, *, par) -> None:
    """Follow-up of the proclamation: what is elected may go on as a projet."""
    resultat = officiel(scrutin)
    cles = [cle for partie in (resultat or {"enveloppes": []})["enveloppes"] for cle in partie["elues"]]
    scrutin.options.filter(cle__in=cles).update(est_elue=True)


def nom_de_la_regle(regle: str) -> str:
    return str(dict(Scrutin.Regle.choices).get(regle, _("règle inconnue")))
