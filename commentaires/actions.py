"""Writing in a discussion, and agreeing with what others wrote."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commentaires import mentions
from commentaires.models import Accord, Commentaire, VersionDeCommentaire, prend_position
from commentaires.permissions import (
    est_approuvable,
    est_elue_pour,
    peut_commenter,
    peut_corriger,
    peut_parler_officiellement,
    pourquoi_ne_pas_y_ecrire,
)
from comptes.models import Role, Utilisateur
from notifications.abonnements import abonner
from socle.double_envoi import deja_envoye
from socle.lignes import poser_une_fois
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite
from timeline.journal import consigner
from timeline.temps_reel import diffuser, groupe_de

COMMENTAIRES_MAX = 10  # of one person
COMMENTAIRES_PERIODE = timedelta(minutes=5)


@transaction.atomic
def commenter(
    cible, *, par, texte, position=Commentaire.Position.NEUTRE, parent=None, officielle=False, cite=None
) -> Commentaire:
    """Write in the discussion of `cible`, or under a first-level comment of it (`parent`); `cite` is a comment quoted.

    The same words sent twice within a minute are one comment: the first comes back. Raises EtapeInterdite (not signed
    in, discussion closed, official voice without the role), EtapeInvalide (text, parent) or TropVite; nothing is then
    written.
    """
    cible = type(cible)._base_manager.get(pk=cible.pk)
    if not peut_commenter(cible, par):
        raise EtapeInterdite(_refus(cible, par))
    qualite = qualite_officielle(par, cible) if officielle else ""
    texte = _texte_propre(texte)
    if position not in Commentaire.Position.values:
        raise EtapeInvalide(_("Choisissez une position parmi celles qui sont proposées."), champ="position")
    if parent is not None or not prend_position(cible):
        position = Commentaire.Position.NEUTRE
    if parent is not None:
        parent = _parent_present(parent, cible)
    if cite is not None:
        cite = Commentaire.objects.publies().sur(cible).filter(pk=cite.pk).first()
    # Her own row is the lock: two sendings of one person follow each other, those of others wait for nothing.
    Utilisateur.objects.select_for_update(no_key=True).get(pk=par.pk)
    dit = {"parent": parent, "texte": texte, "position": position, "voix_officielle": bool(qualite), "cite": cite}
    dits = Commentaire.objects.sur(cible).filter(etat=Commentaire.Etat.PUBLIE)
    if double := deja_envoye(dits, "publie_le", auteur=par, **dit):
        return double
    _freiner(par)
    commentaire = Commentaire.objects.create(
        cible=cible,
        auteur=par,
        qualite=qualite,
        **dit,
    )
    mentions.nommer(commentaire)
    abonner(par, cible)
    donnees = {
        "sur": f"{cible._meta.label_lower}:{cible.pk}",
        "reponse": parent is not None,
        "officielle": bool(qualite),
    }
    consigner("commentaires.publier", cible=commentaire, projet=cible.projet_du_journal(), par=par, donnees=donnees)
    reveiller(cible)
    return commentaire


def _refus(cible, personne) -> str:
    """Why she may not write here now."""
    if not est_connectee(personne):
        return _("Connectez-vous pour commenter.")
    if not cible.discussion_ouverte():
        return _("La discussion est fermée.")
    return strip_tags(pourquoi_ne_pas_y_ecrire(cible, personne))


def qualite_officielle(personne, cible=None) -> str:
    """In whose name she speaks today: her mandate, or her role. Raises EtapeInterdite for anybody else."""
    if not peut_parler_officiellement(personne, cible):
        raise EtapeInterdite(_("Seuls les agents et les élu·es en cours de mandat parlent au nom de la collectivité."))
    mandat = personne.mandats.en_cours().first() if est_elue_pour(cible, personne) else None
    return str(mandat) if mandat else str(Role.Nom.AGENT.label)


def _texte_propre(texte: str) -> str:
    propre = texte.replace("\x00", "").replace("\r\n", "\n").strip()
    if not propre:
        raise EtapeInvalide(_("Écrivez votre commentaire."), champ="texte")
    if len(propre) > Commentaire.LONGUEUR_MAX:
        raise EtapeInvalide(
            _("Votre commentaire est trop long : %(max)s caractères au plus, ici %(n)s.")
            % {"max": Commentaire.LONGUEUR_MAX, "n": len(propre)},
            champ="texte",
        )
    return propre


def _parent_present(parent, cible) -> Commentaire:
    """The comment that is answered, as it is now: on the same target, first level, still readable."""
    premiers = Commentaire.objects.select_for_update(of=("self",), no_key=True).publies().sur(cible).filter(parent=None)
    present = premiers.filter(pk=parent.pk).first()
    if present is None:
        raise EtapeInvalide(_("Le commentaire auquel vous répondez n’est plus là."), champ="parent")
    return present


def _freiner(personne):
    """Counted on the rows themselves: exact, the same for all processes, and true when the cache is gone."""
    recents = Commentaire.objects.filter(auteur=personne, publie_le__gte=timezone.now() - COMMENTAIRES_PERIODE)
    if recents.count() >= COMMENTAIRES_MAX:
        minutes = COMMENTAIRES_PERIODE.seconds // 60
        raise TropVite(
            ngettext(
                "Vous avez beaucoup écrit en peu de temps. Attendez %(n)s minute : votre texte reste ici.",
                "Vous avez beaucoup écrit en peu de temps. Attendez %(n)s minutes : votre texte reste ici.",
                minutes,
            )
            % {"n": minutes}
        )


@transaction.atomic
def corriger(commentaire, *, par, texte, position, vu) -> bool:
    """Correct one's comment within its quarter of an hour; what it said is kept and shown. False when nothing changes.

    `vu` is the number of corrections that the person saw: two tabs do not overwrite each other. Raises EtapeInterdite,
    EtapeImpossible (too late, or corrected meanwhile) or EtapeInvalide.
    """
    present = Commentaire.objects.select_for_update(of=("self",), no_key=True).get(pk=commentaire.pk)
    if not peut_corriger(present, par):
        if est_connectee(par) and present.auteur_id == par.pk:
            raise EtapeImpossible(_("Ce commentaire ne peut plus être corrigé. Vous pouvez écrire une réponse."))
        raise EtapeInterdite(_("On ne corrige que ses propres mots."))
    texte = _texte_propre(texte)
    if position not in Commentaire.Position.values:
        raise EtapeInvalide(_("Choisissez une position parmi celles qui sont proposées."), champ="position")
    if present.parent_id or not prend_position(present.cible):
        position = present.position
    if (texte, position) == (present.texte, present.position):
        return False
    numero = present.versions.count()
    if vu != numero:
        raise EtapeImpossible(
            _("Vous avez corrigé ce commentaire ailleurs entre-temps. Voici ce qu’il dit maintenant.")
        )
    maintenant = timezone.now()
    VersionDeCommentaire.objects.create(
        commentaire=present,
        numero=numero + 1,
        texte=present.texte,
        position=present.position,
        remplacee_le=maintenant,
    )
    present.texte, present.position, present.modifie_le = texte, position, maintenant
    present.save(update_fields=["texte", "position", "modifie_le"])
    mentions.nommer(present, depuis=numero + 1)
    consigner(
        "commentaires.corriger",
        cible=present,
        projet=present.projet_du_journal(),
        par=par,
        publique=False,
        donnees={"version": numero + 1},
    )
    reveiller(present.cible)
    return True


def rafraichir(commentaire, *, par):
    """Follow-up of a withdrawal: the open pages of the discussion forget its words."""
    reveiller(commentaire.cible)


def reveiller(cible):
    """The open pages of a discussion ask again, once this is safe."""
    transaction.on_commit(partial(diffuser, groupe_de(cible)))


# --- « D'accord » ------------------------------------------------------------------------------------------------


@transaction.atomic
def approuver(commentaire, *, par) -> bool:
    """Agree with a comment; False when she already did. Raises EtapeInterdite or EtapeImpossible.

    Not in the journal: the journal is the public record of acts, kept for ever, and what a person thinks of somebody's
    words is hers, to give and to take back. The number is public; who agrees is not.
    """
    _exiger_approuvable(commentaire, par)
    _accord, nouveau = poser_une_fois(Accord.objects, commentaire=commentaire, personne=par)
    if nouveau:
        reveiller(commentaire.cible)
    return nouveau


@transaction.atomic
def ne_plus_approuver(commentaire, *, par) -> bool:
    """Take an agreement back; False when there was none. Not in the journal either."""
    _exiger_approuvable(commentaire, par)
    retires, _detail = Accord.objects.filter(commentaire=commentaire, personne=par).delete()
    if retires:
        reveiller(commentaire.cible)
    return bool(retires)


def _exiger_approuvable(commentaire, par):
    """Asked of the present row, not of the page's. No lock: a comment that everybody likes must not become a queue."""
    commentaire.refresh_from_db(fields=["etat", "masquee_le"])
    if not est_connectee(par) or commentaire.auteur_id == par.pk:
        raise EtapeInterdite(
            _("On n’approuve pas ses propres mots.") if est_connectee(par) else _("Connectez-vous pour cela.")
        )
    if not est_approuvable(commentaire, par):
        raise EtapeImpossible(_("Ce commentaire n’est plus là."))
    if not commentaire.cible.discussion_ouverte():
        raise EtapeImpossible(_("La discussion est fermée."))
    if refus := pourquoi_ne_pas_y_ecrire(commentaire.cible, par):
        raise EtapeInterdite(strip_tags(refus))
