from datetime import timedelta

from django.utils import timezone

from socle.permissions import est_connectee, est_la_sienne

CORRECTION_PERIODE = timedelta(minutes=15)  # after which what was said stands


def peut_commenter(cible, personne) -> bool:
    """Whoever is signed in, where the target says that discussion is open; it may keep it for some (`discussion_reservee_a`)."""
    return est_connectee(personne) and cible.discussion_ouverte() and est_admise(cible, personne)


def est_admise(cible, personne) -> bool:
    """Is she among those to whom this discussion is kept? Most are for everybody."""
    reserver = getattr(cible, "discussion_reservee_a", None)
    return reserver is None or reserver(personne)


def peut_parler_officiellement(personne) -> bool:
    """« Au nom de la collectivité » : agents, and elected officials during their mandate."""
    return est_connectee(personne) and (
        personne.est_agent or (personne.est_elue and personne.mandats.en_cours().exists())
    )


def peut_retirer(commentaire, personne) -> bool:
    return est_connectee(personne) and commentaire.auteur_id == personne.pk


def peut_corriger(commentaire, personne) -> bool:
    """Its author, for a quarter of an hour, while it is read and discussed."""
    return (
        peut_retirer(commentaire, personne)
        and commentaire.est_lisible
        and timezone.now() < commentaire.publie_le + CORRECTION_PERIODE
        and commentaire.cible is not None
        and commentaire.cible.discussion_ouverte()
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
    return est_approuvable(commentaire, personne) and commentaire.cible.discussion_ouverte()
