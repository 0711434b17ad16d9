from idees.permissions import est_autrice
from socle.permissions import est_connectee, est_systeme


def peut_creer(personne) -> bool:
    """A ballot of any projet, or one taken over from a file: agents."""
    return est_connectee(personne) and personne.est_agent


def peut_conduire(scrutin, personne) -> bool:
    """Agents, and the référent·e of the projet whose stage opens it."""
    if not est_connectee(personne):
        return False
    projet = scrutin.projet
    return personne.est_agent or (projet is not None and projet.referente_id == personne.pk)


def peut_dupliquer(scrutin, personne) -> bool:
    """Whoever may hold the copy: an agent; a référent·e only in a stage of hers that is not over, since a copy has none then."""
    if not peut_conduire(scrutin, personne):
        return False
    return personne.est_agent or (scrutin.etape is not None and scrutin.etape.etat not in scrutin.etape.FINIES)


def peut_composer(scrutin, personne) -> bool:
    """Write its rules and its options: until it is announced, and never again."""
    return peut_conduire(scrutin, personne) and scrutin.etat == "brouillon"


def peut_battre_le_temps(scrutin, personne) -> bool:
    """It opens and closes by the clock."""
    return est_systeme(personne)


def peut_depouiller(scrutin, personne) -> bool:
    """The count ends in the background, for whoever asked for it."""
    return est_systeme(personne) or peut_conduire(scrutin, personne)


def peut_reprendre(scrutin, personne) -> bool:
    """A vote of elsewhere, read from its file: agents, and the command."""
    return scrutin.est_repris and (est_systeme(personne) or peut_creer(personne))


def est_admise(scrutin, personne) -> bool:
    """Whom the public rule admits, whatever the moment: an account whose e-mail is verified, of the place and the age."""
    return est_connectee(personne) and not scrutin.raison_du_refus(personne)


def peut_retirer(option, personne) -> bool:
    """Take an option out of a ballot that people have read, with a reason; not once it is over."""
    return peut_conduire(option.scrutin, personne) and option.scrutin.est_annonce and not option.scrutin.est_fini


def peut_etudier(etude, personne) -> bool:
    """Write the opinion of a service, as long as the ballot is in preparation."""
    return peut_composer(etude.option.scrutin, personne)


def peut_lire_les_resultats(scrutin, personne) -> bool:
    """Everybody at the same time, the team included: nothing is known before the proclamation."""
    return scrutin.est_proclame


def peut_ouvrir_un_projet(option, personne) -> bool:
    """An elected option goes on as a projet: agents."""
    return est_connectee(personne) and personne.est_agent and option.est_elue and option.projet_id is None


# --- Two options that become one ---------------------------------------------------------------------------------


def peut_accepter_la_jonction(jonction, personne) -> bool:
    """An author who has not agreed yet."""
    return any(est_autrice(idee, personne) for idee in jonction.attendues())


def peut_refuser_la_jonction(jonction, personne) -> bool:
    """An author, even one who had agreed, until the other has."""
    return est_autrice(jonction.idee_gardee, personne) or est_autrice(jonction.idee_jointe, personne)


def peut_abandonner_la_jonction(jonction, personne) -> bool:
    """Whoever prepares the vote; the house, when it is announced without an answer."""
    return est_systeme(personne) or peut_conduire(jonction.scrutin, personne)


def peut_effectuer_la_jonction(jonction, personne) -> bool:
    """Brought by the second agreement, and by nothing else."""
    return jonction.accords_reunis()
