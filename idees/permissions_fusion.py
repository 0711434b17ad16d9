"""Who may do what when two ideas become one. Asked by `Fusion`, by the two steps of an idea that a merge brings, by pages."""

from idees.permissions import est_autrice, peut_etudier
from socle.permissions import est_connectee, est_systeme

OUVERTES = ("publiee", "en_etude")


def instruit_les_deux(source, cible, personne) -> bool:
    """An agent, or somebody who answers for the projets of both: never of one alone."""
    return peut_etudier(source, personne) and peut_etudier(cible, personne)


def peut_reunir(idee, personne) -> bool:
    """May she look for an idea to unite with this one?"""
    ouverte = idee.etat in OUVERTES and not idee.est_masquee
    return ouverte and (est_autrice(idee, personne) or peut_etudier(idee, personne))


def peut_proposer_de_reunir(source, cible, personne) -> bool:
    return est_autrice(source, personne) or est_autrice(cible, personne) or instruit_les_deux(source, cible, personne)


# --- While it is proposed ----------------------------------------------------------------------------------------


def est_partie(fusion, personne) -> bool:
    """Did she write one of the two ideas?"""
    return est_autrice(fusion.source, personne) or est_autrice(fusion.cible, personne)


def a_propose(fusion, personne) -> bool:
    """Somebody without an account is known by the idea that she holds, whose agreement her proposal gave."""
    if est_connectee(personne):
        return fusion.proposee_par_id == personne.pk
    donnes = ((fusion.source, fusion.accord_source_le), (fusion.cible, fusion.accord_cible_le))
    return fusion.proposee_par_id is None and any(le and est_autrice(idee, personne) for idee, le in donnes)


def peut_accepter(fusion, personne) -> bool:
    """An author who has not agreed yet."""
    attendus = ((fusion.source, fusion.accord_source_le), (fusion.cible, fusion.accord_cible_le))
    return any(le is None and est_autrice(idee, personne) for idee, le in attendus)


def peut_refuser(fusion, personne) -> bool:
    """An author, even one who had agreed; whoever proposed gives up instead."""
    return est_partie(fusion, personne) and not a_propose(fusion, personne)


def peut_abandonner(fusion, personne) -> bool:
    """Whoever proposed, the agents of both ideas, and the clock."""
    if est_systeme(personne) or a_propose(fusion, personne):
        return True
    return instruit_les_deux(fusion.source, fusion.cible, personne)


def peut_effectuer(fusion, personne) -> bool:
    """Both authors agreed; or the clock, when the delay of a proposal of the collectivité passed without a no."""
    return fusion.accords_reunis() or (est_systeme(personne) and fusion.est_echue())


def peut_imposer(fusion, personne) -> bool:
    """An agent who says why, never one who wrote one of the two ideas; not what authors proposed to each other."""
    if fusion.voie != "agent" or est_partie(fusion, personne):
        return False
    return instruit_les_deux(fusion.source, fusion.cible, personne)


# --- Once it has taken effect ------------------------------------------------------------------------------------


def peut_demander_la_separation(fusion, personne) -> bool:
    """An author who has not asked yet."""
    demandes = ((fusion.source, fusion.separation_source_le), (fusion.cible, fusion.separation_cible_le))
    return any(le is None and est_autrice(idee, personne) for idee, le in demandes)


def peut_defaire(fusion, personne) -> bool:
    """The agents of both ideas; or both authors, once each has asked."""
    return fusion.separations_reunies() or instruit_les_deux(fusion.source, fusion.cible, personne)


# --- The two steps of an idea that a merge brings, and nothing else ----------------------------------------------


def peut_fusionner(idee, personne) -> bool:
    return idee.fusions_sortantes.filter(etat="effective").exists()


def peut_separer(idee, personne) -> bool:
    """Its merge has just been undone; one that left no row of its own (before merges could be undone) stays."""
    sortantes = idee.fusions_sortantes
    return (
        not sortantes.filter(etat="effective").exists()
        and sortantes.filter(etat="defaite", cible=idee.fusionnee_dans_id).exists()
    )
