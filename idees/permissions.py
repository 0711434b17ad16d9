from socle.permissions import est_connectee, est_systeme


def peut_proposer(boite, personne) -> bool:
    """In an open box, whoever its public rule admits."""
    if not boite.est_ouverte or est_systeme(personne):
        return False
    if boite.qui == "toutes":
        return True
    if not est_connectee(personne):
        return False
    return boite.qui == "inscrites" or (personne.commune_id is not None and boite.concerne(personne.commune))


def peut_ecrire(boite, personne) -> bool:
    """Whoever may propose, and somebody who has yet to say who she is: the door comes after the words, not before."""
    if est_connectee(personne):
        return peut_proposer(boite, personne)
    return boite.est_ouverte and not est_systeme(personne)


def est_autrice(idee, personne) -> bool:
    """Who wrote it: by her account, or because her browser holds it (`idees.depositaires`)."""
    if est_connectee(personne):
        return idee.auteur_id == personne.pk
    return idee.auteur_id is None and idee.pk in getattr(personne, "tenues", ())


def peut_modifier(idee, personne) -> bool:
    """The author, until it is published: what is public is not rewritten."""
    return est_autrice(idee, personne) and idee.etat == "brouillon"


def peut_soumettre(idee, personne) -> bool:
    return est_autrice(idee, personne) and peut_proposer(idee.boite, personne)


def peut_mettre_en_file(idee, personne) -> bool:
    return est_systeme(personne)


def peut_publier(idee, personne) -> bool:
    """The house, for a box that moderates afterwards; else a moderator, never on her own idea."""
    if est_systeme(personne):
        return idee.etat == "soumise"
    return idee.etat == "a_moderer" and peut_moderer(idee, personne)


def peut_moderer(idee, personne) -> bool:
    return est_connectee(personne) and personne.est_moderatrice and idee.auteur_id != personne.pk


def peut_soutenir(idee, personne) -> bool:
    """Anybody signed in but its author, while the idea is open to support."""
    return est_connectee(personne) and idee.auteur_id != personne.pk and idee.soutien_ouvert()


def peut_etudier(idee, personne) -> bool:
    """Agents, and the référent·e of the projet that the idea belongs to."""
    if not est_connectee(personne):
        return False
    return personne.est_agent or (idee.projet_id is not None and idee.projet.referente_id == personne.pk)


def peut_constater_le_seuil(idee, personne) -> bool:
    return est_systeme(personne)


def peut_conclure(idee, personne) -> bool:
    """An idea is decided by the publication of its official answer, and by nothing else."""
    return est_connectee(personne) and idee.reponse_publiee() is not None


def peut_ouvrir_un_projet(idee, personne) -> bool:
    return peut_etudier(idee, personne) and idee.etat in {"retenue", "en_realisation"} and idee.projet_ouvert_id is None


def peut_regler(boite, personne) -> bool:
    """The rules of a box, existing or to come: agents, and the référent·e of the projet that opens it."""
    if not est_connectee(personne):
        return False
    projet = boite.projet if boite else None
    return personne.est_agent or (projet is not None and projet.referente_id == personne.pk)
