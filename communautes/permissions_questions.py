"""Who may do what with a question to an élue. What one may see is asked of the queryset (`visibles_par`)."""

from communautes.permissions import OUVERTE, peut_participer
from socle.permissions import est_connectee, est_systeme


def accueille_les_questions(communaute) -> bool:
    """A question is public: one is asked only where everybody may know that the community exists."""
    return communaute.est_lisible and communaute.etat == OUVERTE


def peut_poser(communaute, personne) -> bool:
    """Where the door is open, whoever has shown that an address is hers; elsewhere the members."""
    if not est_connectee(personne) or not personne.adresses_prouvees or not accueille_les_questions(communaute):
        return False
    return communaute.est_publique or peut_participer(communaute, personne)


def est_autrice(question, personne) -> bool:
    return est_connectee(personne) and question.auteur_id == personne.pk


def est_chargee(question, personne) -> bool:
    """Agents, and the référent·e of the projet to which its community is attached."""
    if not est_connectee(personne):
        return False
    projet = question.communaute.projet
    return personne.est_agent or (projet is not None and projet.referente_id == personne.pk)


def est_destinataire(question, personne) -> bool:
    """The élue to whom it is asked, as long as her mandate runs."""
    return est_connectee(personne) and question.destinataire_id == personne.pk and personne.mandats.en_cours().exists()


def peut_prendre(question, personne) -> bool:
    """Those who answer, and the élue herself: never whoever asked."""
    if est_autrice(question, personne):
        return False
    return est_chargee(question, personne) or est_destinataire(question, personne)


def peut_constater_le_seuil(question, personne) -> bool:
    return est_systeme(personne)


def peut_repondre(question, personne) -> bool:
    """A question is answered by the publication of its official answer, and by nothing else."""
    return est_connectee(personne) and question.reponse_publiee() is not None


def peut_soutenir(question, personne) -> bool:
    """Anybody who has shown that an address is hers, member or not; not whoever asked."""
    if not est_connectee(personne) or est_autrice(question, personne) or not question.soutien_ouvert():
        return False
    return bool(personne.adresses_prouvees)
