from datetime import timedelta

from django.utils import timezone

from socle.permissions import est_connectee, est_la_sienne

CORRECTION_PERIODE = timedelta(minutes=15)  # after which what was said stands


def peut_y_ecrire(cible, personne) -> bool:
    """Whoever is signed in; where some people only talk, the target says who (`peut_y_ecrire`)."""
    demander = getattr(cible, "peut_y_ecrire", None)
    return est_connectee(personne) and (demander is None or demander(personne))


def pourquoi_ne_pas_y_ecrire(cible, personne) -> str:
    """Why somebody who is signed in may not write there though others may: a sentence, safe HTML. Empty when she may."""
    return "" if peut_y_ecrire(cible, personne) else cible.pourquoi_ne_pas_y_ecrire()


def peut_commenter(cible, personne) -> bool:
    """Whoever may write there, where the target says that discussion is open."""
    return est_connectee(personne) and cible.discussion_ouverte() and peut_y_ecrire(cible, personne)


def peut_parler_officiellement(personne, cible=None) -> bool:
    """« Au nom de la collectivité » : agents, and elected officials during their mandate; those of one projet, about it."""
    if not est_connectee(personne):
        return False
    return personne.est_agent or (est_elue_pour(cible, personne) and personne.mandats.en_cours().exists())


def est_elue_pour(cible, personne) -> bool:
    """By her role, or named in the projet that `cible` belongs to."""
    projet = cible.projet_du_journal() if cible else None
    return personne.est_elue or (projet is not None and projet.a_pour_elue(personne))


def peut_retirer(commentaire, personne) -> bool:
    return est_connectee(personne) and commentaire.auteur_id == personne.pk


def peut_corriger(commentaire, personne) -> bool:
    """Its author, for a quarter of an hour, while it is read and discussed."""
    return (
        peut_retirer(commentaire, personne)
        and commentaire.est_lisible
        and timezone.now() < commentaire.publie_le + CORRECTION_PERIODE
        and commentaire.cible is not None
        and peut_commenter(commentaire.cible, personne)
    )


def titre_pour_distinguer(cible, personne) -> str:
    """In which capacity she may say that an argument changed something: « autrice », « collectivite », or none."""
    if not est_connectee(personne) or cible is None or not cible.est_lisible:
        return ""
    if est_la_sienne(cible, personne):
        return "autrice"
    return "collectivite" if cible.peut_etre_instruite_par(personne) else ""


def peut_distinguer(commentaire, personne) -> bool:
    """Whoever proposed the thing, or answers for it; never one's own words."""
    return distingue_au_titre(commentaire, personne, titre_pour_distinguer(commentaire.cible, personne))


def distingue_au_titre(commentaire, personne, titre) -> bool:
    """The same, her capacity known: a page asks for it once, not of each comment."""
    return bool(titre) and est_approuvable(commentaire, personne)


def peut_retirer_la_distinction(distinction, personne) -> bool:
    """Those who may say it may take it back, each in the capacity in which it was said; and moderators, for its words."""
    return retire_au_titre(distinction, personne, titre_pour_distinguer(distinction.commentaire.cible, personne))


def retire_au_titre(distinction, personne, titre) -> bool:
    """The same, her capacity known."""
    if est_connectee(personne) and personne.est_moderatrice and distinction.par_id != personne.pk:
        return True
    return titre == distinction.titre


def est_approuvable(commentaire, personne) -> bool:
    """Somebody else's words, that can be read."""
    return est_connectee(personne) and commentaire.auteur_id != personne.pk and commentaire.est_lisible


def peut_approuver(commentaire, personne) -> bool:
    """« D'accord », while the discussion is open."""
    return est_approuvable(commentaire, personne) and peut_commenter(commentaire.cible, personne)
