"""Rules compared before a vote, on generated ballots or on those of a vote that is over. Never on a vote under way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from timeline.etapes import EtapeInterdite, EtapeInvalide
from votes.models import Comptage, Scrutin
from votes.permissions import peut_conduire
from votes.reglement import GENRE_DE, doit_tout_donner, moments_de, options_comptees, parametres_de, pour_ces_options
from votes.regles.catalogue import REGLES
from votes.regles.depouillement import RegleInvalide
from votes.regles.election import Election
from votes.regles.generation import generer
from votes.regles.sans_projet import sans_projet
from votes.resultats import Suivi, compter, en_document
from votes.urne import election_de

VOTANTES_MAX = 20_000
REGLES_MAX = 4


@dataclass(frozen=True)
class Demande:
    """What is compared: rules by name, over the ballots of `passe` (slug of a vote that is over), or over `votantes` drawn
    from `graine`, each choosing `choix` options at most."""

    regles: tuple[str, ...]
    passe: str = ""
    votantes: int = 1000
    choix: int = 5
    graine: int = 1


def passes(personne):
    """Votes whose ballots may be counted again: those whose result everybody knows."""
    return Scrutin.objects.visibles_par(personne).filter(etat=Scrutin.Etat.PROCLAME)


def preparer(scrutin: Scrutin, demande: Demande, *, par) -> Comptage:
    """A simulation that waits for its turn. Raises EtapeInterdite, or EtapeInvalide with the field to mend."""
    if not peut_conduire(scrutin, par):
        raise EtapeInterdite(_("Seule l’équipe, ou la personne référente du projet, fait des simulations."))
    if not 1 <= len(set(demande.regles)) <= REGLES_MAX or not set(demande.regles) <= set(REGLES):
        raise EtapeInvalide(_("Choisissez d’une à quatre façons de compter."), champ="regles")
    if demande.passe and not passes(par).filter(slug=demande.passe).exists():
        raise EtapeInvalide(_("Choisissez un vote dont les résultats sont proclamés."), champ="passe")
    if not demande.passe and not 1 <= demande.votantes <= VOTANTES_MAX:
        raise EtapeInvalide(_("De 1 à %(max)s personnes imaginées.") % {"max": VOTANTES_MAX}, champ="votantes")
    return Comptage.objects.create(
        scrutin=scrutin,
        genre=Comptage.Genre.SIMULATION,
        par=par,
        demande={
            "regles": list(dict.fromkeys(demande.regles)),
            "passe": demande.passe,
            "votantes": demande.votantes,
            "choix": demande.choix,
            "graine": demande.graine,
        },
    )


def simuler(comptage: Comptage, *, avancement: Callable[[int, int], None]) -> dict[str, Any]:
    """What each rule would give, envelope by envelope. A rule that cannot count these ballots says why."""
    demande = comptage.demande
    source = Scrutin.objects.get(slug=demande["passe"]) if demande["passe"] else comptage.scrutin
    if demande["passe"] and not source.est_proclame:
        raise RegleInvalide(_("Ce vote n’est pas proclamé : ses bulletins ne se comptent pas ici."))
    enveloppes = list(source.enveloppes.all())
    suivi = Suivi(avancement, len(enveloppes) * len(demande["regles"]))
    return {
        "enveloppes": [
            {
                "enveloppe": enveloppe.nom,
                "budget": enveloppe.budget,
                "bulletins": election.votantes,
                "options": {option.cle: option.titre for option in election.options},
                "regles": [_essayer(source, nom, election, suivi) for nom in demande["regles"]],
            }
            for enveloppe in enveloppes
            for election in [_election(source, enveloppe, demande)]
        ]
    }


def _election(source: Scrutin, enveloppe, demande: dict[str, Any]) -> Election:
    if demande["passe"]:
        return election_de(source, enveloppe)
    return generer(
        options_comptees(enveloppe.options.en_lice().select_related("territoire")),
        votantes=demande["votantes"],
        graine=f"{demande['graine']}|{enveloppe.nom}",
        budget=enveloppe.budget,
        **_bornes(source, demande["choix"]),
    )


def _bornes(source: Scrutin, choix: int) -> dict[str, Any]:
    """Ballots that keep to the bounds of the vote: imagined ones that it would refuse would be counted as spoilt."""
    au_plus = max(min(choix, source.choix_max or choix), source.choix_min, 1)
    au_moins = max(source.choix_min, 1)
    if moments := moments_de(source):
        return {"minimum": au_moins, "maximum": au_plus, "moments": len(moments)}
    forme = Scrutin.Forme(source.forme)
    if forme == Scrutin.Forme.POINTS:
        total, par_option = source.points_total or au_plus, source.points_max or 0
        if doit_tout_donner(source) and par_option:
            au_moins = max(au_moins, -(-total // par_option))
        au_plus = min(max(au_plus, au_moins), total)
        return {"minimum": min(au_moins, au_plus), "maximum": au_plus, "points": total, "par_option": par_option}
    if forme == Scrutin.Forme.MENTIONS:
        return {"maximum": au_plus, "genre": GENRE_DE[forme], "mentions": max(len(source.mentions), 2)}
    if forme in {Scrutin.Forme.CHOIX, Scrutin.Forme.CLASSEMENT}:
        return {"minimum": au_moins, "maximum": au_plus, "genre": GENRE_DE[forme]}
    return {"minimum": au_moins, "maximum": au_plus, "dans_le_budget": forme == Scrutin.Forme.SAC}


def _essayer(source: Scrutin, nom: str, election: Election, suivi: Suivi) -> dict[str, Any]:
    try:
        parametres = (
            pour_ces_options(parametres_de(source), election.options)
            if nom == source.regle
            else REGLES[nom].parametres()
        )
        fait = compter(nom, election, parametres, suivi)
    except RegleInvalide as tort:
        suivi.suivante()
        return {"regle": nom, "tort": str(tort)}
    suivi.suivante()
    return {
        "regle": nom,
        **{
            champ: valeur
            for champ, valeur in en_document(fait).items()
            if champ in {"retenues", "totaux", "cout", "dotation"}
        },
        # Where nothing is spent, nobody is left without a projet.
        "laissees": sans_projet(election, fait.retenues) if fait.cout is not None else None,
    }
