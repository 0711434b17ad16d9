from socle.permissions import est_connectee


def peut_moderer(objet, personne) -> bool:
    """Moderators decide, but never on their own words, nor on those that they wrote down for somebody."""
    mains = {getattr(objet, "auteur_id", None), getattr(objet, "saisie_par_id", None)}
    return est_connectee(personne) and personne.est_moderatrice and personne.pk not in mains


def peut_traiter(signalement, personne) -> bool:
    """Nor on what they reported themselves, even when somebody else reported it too."""
    return peut_moderer(signalement.cible, personne) and all(s.par_id != personne.pk for s in signalement.voisins)


def peut_signaler(objet, personne) -> bool:
    """Anybody may report what she sees, with or without an account; nobody reports her own words."""
    return not est_connectee(personne) or getattr(objet, "auteur_id", None) != personne.pk
