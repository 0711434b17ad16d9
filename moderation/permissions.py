from socle.permissions import est_connectee, est_la_sienne


def peut_moderer(objet, personne) -> bool:
    """Moderators decide, but never on their own words, written alone or with others, nor on those they wrote down."""
    if not est_connectee(personne) or not personne.est_moderatrice:
        return False
    return not est_la_sienne(objet, personne) and getattr(objet, "saisie_par_id", None) != personne.pk


def peut_traiter(signalement, personne) -> bool:
    """Nor on what they reported themselves, even when somebody else reported it too."""
    return peut_moderer(signalement.cible, personne) and all(s.par_id != personne.pk for s in signalement.voisins)


def peut_signaler(objet, personne) -> bool:
    """Anybody may report what she sees, with or without an account; nobody reports her own words."""
    return not est_la_sienne(objet, personne)
