from socle.permissions import est_connectee


def peut_commenter(cible, personne) -> bool:
    """Whoever is signed in, where the target says that discussion is open."""
    return est_connectee(personne) and cible.discussion_ouverte()


def peut_parler_officiellement(personne) -> bool:
    """« Au nom de la collectivité » : agents, and elected officials during their mandate."""
    return est_connectee(personne) and (
        personne.est_agent or (personne.est_elue and personne.mandats.en_cours().exists())
    )


def peut_retirer(commentaire, personne) -> bool:
    return est_connectee(personne) and commentaire.auteur_id == personne.pk


def est_approuvable(commentaire, personne) -> bool:
    """Somebody else's words, that can be read."""
    return est_connectee(personne) and commentaire.auteur_id != personne.pk and commentaire.est_lisible


def peut_approuver(commentaire, personne) -> bool:
    """« D'accord », while the discussion is open."""
    return est_approuvable(commentaire, personne) and commentaire.cible.discussion_ouverte()
