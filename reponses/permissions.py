from django.apps import apps

from notifications import cercles
from socle.permissions import est_connectee, est_la_sienne, est_systeme


def peut_rediger(cible, personne) -> bool:
    """Agents, and whoever the target names as its own (the référent·e of its projet)."""
    return est_connectee(personne) and cible.peut_etre_instruite_par(personne)


def peut_instruire(reponse, personne) -> bool:
    return est_connectee(personne) and reponse.cible is not None and reponse.cible.peut_etre_instruite_par(personne)


def est_chargee(reponse, personne) -> bool:
    """Whose work such answers are, as `ReponseQuerySet.a_instruire_par` says; she may still be refused this one."""
    if not est_connectee(personne):
        return False
    return personne.est_agent or (reponse.projet_id is not None and reponse.projet.referente_id == personne.pk)


def est_signataire(reponse, personne) -> bool:
    """The elected official whose name was put under the answer."""
    return est_connectee(personne) and reponse.signataire_id == personne.pk and est_elue_pour(reponse, personne)


def peut_signer(reponse, personne) -> bool:
    """Herself and nobody in her place; not even she, under an answer to what she has proposed."""
    return est_signataire(reponse, personne) and not est_la_sienne(reponse.cible, personne)


def est_elue_pour(reponse, personne) -> bool:
    """By her role, or named in the projet."""
    return personne.est_elue or _est_nommee(reponse, personne, "elue")


def est_experte_pour(reponse, personne) -> bool:
    """Named in the projet: she reads what is being prepared there, and gives her opinion when one is asked."""
    return est_connectee(personne) and _est_nommee(reponse, personne, "experte")


def _est_nommee(reponse, personne, role) -> bool:
    return reponse.projet_id is not None and personne.roles_projets.filter(projet=reponse.projet_id, role=role).exists()


def peut_rendre_avis(reponse, personne) -> bool:
    """Write the opinion of a service that was asked: who instructs, and the experts of the projet."""
    if peut_instruire(reponse, personne):
        return True
    return est_experte_pour(reponse, personne) and not est_la_sienne(reponse.cible, personne)


def peut_publier(reponse, personne) -> bool:
    return peut_instruire(reponse, personne) or peut_signer(reponse, personne)


def peut_lire_le_dossier(reponse, personne) -> bool:
    """Opinions of the services and reasons of a return: who is in charge, who signs, and the experts."""
    return any(droit(reponse, personne) for droit in (est_chargee, est_signataire, est_experte_pour))


def peut_corriger(reponse, personne) -> bool:
    return reponse.etat == "publiee" and reponse.corrige_id is None and peut_instruire(reponse, personne)


def peut_suivre(reponse, personne) -> bool:
    """Say how what a published yes promised goes on."""
    return peut_corriger(reponse, personne) and reponse.est_favorable


def peut_preparer_des_lots(personne) -> bool:
    """Agents, and whoever is the référent·e of some projet: those who gather answers, and keep their models."""
    if not est_connectee(personne) or personne.pk is None:
        return False
    return personne.est_agent or apps.get_model("projets.Projet").objects.filter(referente=personne).exists()


def peut_conduire_le_lot(lot, personne) -> bool:
    """Whoever may prepare each answer of it; an empty one is its maker's, or any agent's."""
    if not peut_preparer_des_lots(personne):
        return False
    places = lot.places_actives()
    if not places:
        return personne.est_agent or lot.cree_par_id == personne.pk
    return all(place.cible is not None and place.cible.peut_etre_instruite_par(personne) for place in places)


def peut_tenir_les_modeles(personne) -> bool:
    """Everybody's models: an agent writes them, a référent·e starts from them."""
    return est_connectee(personne) and personne.est_agent


def peut_apprecier(reponse, personne) -> bool:
    """Those who waited for a published answer: who proposed, and who supports. Not whoever wrote or signed it."""
    if not est_connectee(personne) or reponse.etat != "publiee" or reponse.cible is None:
        return False
    if personne.pk in {reponse.redigee_par_id, reponse.signataire_id}:
        return False
    cercle = cercles.auteur(reponse.cible) | cercles.soutiens(reponse.cible)
    return cercle.filter(pk=personne.pk).exists()


def peut_demander_une_seconde_lecture(reponse, personne) -> bool:
    """Those who proposed what is answered; of the answer itself, a correction is already a second look."""
    return reponse.corrige_id is None and peut_apprecier(reponse, personne) and est_la_sienne(reponse.cible, personne)


def peut_mediter(reponse, personne) -> bool:
    """The mediator, when she has no part in this answer: not its writer, its signatory, who proposed, nor who prepares it."""
    if not est_connectee(personne) or not personne.est_mediatrice or est_la_sienne(reponse.cible, personne):
        return False
    if personne.pk in {reponse.redigee_par_id, reponse.signataire_id}:
        return False
    return not est_chargee(reponse, personne) and not est_experte_pour(reponse, personne)


def peut_prendre_en_mediation(lecture, personne) -> bool:
    return peut_mediter(lecture.reponse, personne)


def peut_relire(lecture, personne) -> bool:
    """She who has taken it, and nobody in her place."""
    return lecture.mediatrice_id == getattr(personne, "pk", None) and peut_mediter(lecture.reponse, personne)


def peut_rendre(lecture, personne) -> bool:
    """She who has it; any mediator, when she who had it is gone or has a part in it now."""
    if not peut_mediter(lecture.reponse, personne):
        return False
    return lecture.mediatrice_id == personne.pk or not peut_mediter(lecture.reponse, lecture.mediatrice)


def peut_clore(lecture, personne) -> bool:
    """Nobody says by herself that what was asked for has come: the publication of a correction does."""
    return est_systeme(personne)
