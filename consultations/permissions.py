from socle.permissions import est_connectee, est_systeme


def peut_creer(personne) -> bool:
    """A consultation that stands alone: agents. One of a stage: whoever conducts its projet (`peut_conduire`)."""
    return est_connectee(personne) and personne.est_agent


def peut_conduire(consultation, personne) -> bool:
    """Agents, and the référent·e of the projet whose stage opens it."""
    if not est_connectee(personne):
        return False
    projet = consultation.projet
    return personne.est_agent or (projet is not None and projet.referente_id == personne.pk)


def peut_composer(consultation, personne) -> bool:
    """Write its questionnaire, until it is closed."""
    return peut_conduire(consultation, personne) and consultation.etat not in {"close", "restituee"}


def peut_battre_le_temps(consultation, personne) -> bool:
    """It opens and closes by the clock."""
    return est_systeme(personne)


def peut_repondre(consultation, personne) -> bool:
    """While it is open, whoever its public rule admits."""
    return consultation.est_ouverte and est_admise(consultation, personne)


def est_admise(consultation, personne) -> bool:
    """Whom its public rule admits, whatever the moment."""
    if est_systeme(personne):
        return False
    if consultation.qui == "toutes" or getattr(personne, "accueillie", False):
        return True
    if not est_connectee(personne):
        return False
    return consultation.qui == "inscrites" or (
        personne.commune_id is not None and consultation.concerne(personne.commune)
    )


def peut_commencer(consultation, personne) -> bool:
    """Whoever may answer, and somebody who has yet to say who she is: the door comes after the words, not before."""
    if est_connectee(personne):
        return peut_repondre(consultation, personne)
    return consultation.est_ouverte and not est_systeme(personne)


def est_la_repondante(participation, personne) -> bool:
    """Whose answers these are: by her account, or because her browser holds them (`consultations.repondantes`)."""
    if est_connectee(personne):
        return participation.personne_id == personne.pk
    return participation.personne_id is None and participation.pk in getattr(personne, "tenues", ())


def peut_ecrire(participation, personne) -> bool:
    """Go on with an answer that is not sent, or correct one that is, when the rule allows it."""
    if not est_la_repondante(participation, personne) or not participation.consultation.est_ouverte:
        return False
    return not participation.est_envoyee or (participation.consultation.est_modifiable and participation.est_comptee)


def peut_envoyer(participation, personne) -> bool:
    """Whom the rule admits; and whoever was admitted once, at the desk or before she moved, for her correction."""
    return peut_ecrire(participation, personne) and (
        participation.est_envoyee or est_admise(participation.consultation, personne)
    )


def peut_retirer(participation, personne) -> bool:
    """Take it back while the consultation is open: afterwards it is counted, under no name."""
    return (
        est_la_repondante(participation, personne)
        and participation.est_comptee
        and participation.consultation.est_ouverte
    )


def peut_saisir(consultation, personne) -> bool:
    """Write down the answers of somebody who came, called or wrote: an agent."""
    return est_connectee(personne) and personne.est_agent and consultation.est_ouverte


def peut_lire_les_resultats(consultation, personne) -> bool:
    """Everybody at the same time, the team included; but nobody can give an account of answers that she may not read."""
    return consultation.resultats_visibles or peut_preparer_le_bilan(consultation, personne)


def peut_preparer_le_bilan(consultation, personne) -> bool:
    """Those who conduct it, between its end and the account that they give of it."""
    return consultation.etat == "close" and peut_conduire(consultation, personne)


def peut_tout_lire(consultation, personne) -> bool:
    """Words that are not to be published, and files: those who conduct it, once it is over."""
    return consultation.est_finie and peut_conduire(consultation, personne)
