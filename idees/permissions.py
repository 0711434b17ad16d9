from socle.permissions import est_connectee, est_systeme


def peut_proposer(boite, personne) -> bool:
    """In an open box, whoever its public rule admits."""
    if not boite.est_ouverte or est_systeme(personne):
        return False
    if boite.qui == "toutes" or getattr(personne, "accueillie", False):
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


def est_de_l_equipe(idee, personne) -> bool:
    """Its author, and those who accepted to write it with her."""
    return est_autrice(idee, personne) or (est_connectee(personne) and idee.est_coecrite_par(personne))


def peut_modifier(idee, personne) -> bool:
    """The team, a draft: nobody else has read it."""
    return idee.etat == "brouillon" and est_de_l_equipe(idee, personne)


def peut_renoncer(idee, personne) -> bool:
    """Before it is published. A draft without an account is erased instead: nobody could come back to it."""
    return est_autrice(idee, personne) and (idee.etat != "brouillon" or est_connectee(personne))


def peut_effacer(idee, personne) -> bool:
    """A draft, for good, by whoever wrote it first."""
    return idee.etat == "brouillon" and est_autrice(idee, personne)


def peut_corriger(idee, personne) -> bool:
    """The team, an idea that waits or is published, while the call is open to it. Once it is supported, each is a version."""
    return idee.correction_ouverte() and est_de_l_equipe(idee, personne)


def peut_relire(relecture, personne) -> bool:
    return peut_moderer(relecture.idee, personne)


def est_la_maison(_objet, personne) -> bool:
    return est_systeme(personne)


def peut_inviter(idee, personne) -> bool:
    """The author, by her account: an invitation is a letter to somebody, and answers for itself."""
    return est_connectee(personne) and est_autrice(idee, personne) and idee.accueille_des_coautrices()


def est_invitee(coautrice, personne) -> bool:
    """The invited account; or, for an invited address, an account that has proved it."""
    if not est_connectee(personne):
        return False
    if coautrice.personne_id is not None:
        return coautrice.personne_id == personne.pk
    return coautrice.courriel != "" and coautrice.courriel in personne.adresses_prouvees


def peut_decliner(coautrice, personne) -> bool:
    """Whoever was invited, and whoever holds the letter (`idees.equipe.Porteuse`): saying no asks for no account."""
    return est_invitee(coautrice, personne) or getattr(personne, "invitation", None) == coautrice.pk


def peut_annuler_l_invitation(coautrice, personne) -> bool:
    if est_systeme(personne):
        return coautrice.est_perimee
    return est_connectee(personne) and est_autrice(coautrice.idee, personne)


def est_la_coautrice(coautrice, personne) -> bool:
    return est_connectee(personne) and coautrice.personne_id == personne.pk


def peut_ecarter_de_l_equipe(coautrice, personne) -> bool:
    """The author alone: co-authors do not send each other away."""
    return est_connectee(personne) and est_autrice(coautrice.idee, personne)


def peut_transmettre(coautrice, personne) -> bool:
    """The house, when the author closes her account."""
    return est_systeme(personne)


def peut_saisir(boite, personne) -> bool:
    """Write down somebody else's idea: an agent, who receives her and knows the rule of the box."""
    return est_connectee(personne) and personne.est_agent and boite.est_ouverte


def peut_soumettre(idee, personne) -> bool:
    """Without an account, with a receipt only: nobody is left without a way to follow her idea."""
    recu = est_connectee(personne) or getattr(idee, "depot", None) is not None
    return est_autrice(idee, personne) and recu and peut_proposer(idee.boite, personne)


def peut_mettre_en_file(idee, personne) -> bool:
    return est_systeme(personne)


def peut_publier(idee, personne) -> bool:
    """The house, for a box that moderates afterwards and an author with an account; else a moderator, never on her own idea."""
    if est_systeme(personne):
        return idee.etat == "soumise" and idee.auteur_id is not None
    return idee.etat == "a_moderer" and peut_moderer(idee, personne)


def peut_moderer(idee, personne) -> bool:
    """Neither those who wrote it, nor the agent who wrote it down for somebody."""
    if not est_connectee(personne) or not personne.est_moderatrice:
        return False
    return not est_de_l_equipe(idee, personne) and idee.saisie_par_id != personne.pk


def peut_soutenir(idee, personne) -> bool:
    """Anybody signed in but those who wrote it, while the idea is open to support."""
    return est_connectee(personne) and idee.soutien_ouvert() and not est_de_l_equipe(idee, personne)


def est_chargee(idee, personne) -> bool:
    """Agents, and the référent·e of the projet that the idea belongs to."""
    if not est_connectee(personne):
        return False
    return personne.est_agent or (idee.projet_id is not None and idee.projet.referente_id == personne.pk)


def peut_etudier(idee, personne) -> bool:
    """Whoever is in charge of it, never those who wrote it: nobody decides on what she has proposed."""
    return est_chargee(idee, personne) and not est_de_l_equipe(idee, personne)


def peut_constater_le_seuil(idee, personne) -> bool:
    return est_systeme(personne)


def peut_conclure(idee, personne) -> bool:
    """An idea is decided by the publication of its official answer, and by nothing else."""
    return est_connectee(personne) and idee.reponse_publiee() is not None


def peut_refaire_le_secret(depot, personne) -> bool:
    """At the desk, for whoever lost hers."""
    return est_connectee(personne) and personne.est_agent and depot.est_vivant


def peut_ouvrir_un_projet(idee, personne) -> bool:
    return peut_etudier(idee, personne) and idee.etat in {"retenue", "en_realisation"} and idee.projet_ouvert_id is None


def peut_regler(boite, personne) -> bool:
    """The rules of a box, existing or to come: agents, and the référent·e of the projet that opens it."""
    if not est_connectee(personne):
        return False
    projet = boite.projet if boite else None
    return personne.est_agent or (projet is not None and projet.referente_id == personne.pk)


def peut_importer(personne) -> bool:
    """Take over the data of another platform: agents, and whoever runs a command of the site."""
    return est_systeme(personne) or (est_connectee(personne) and personne.est_agent)
