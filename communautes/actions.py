"""Changes of a community that touch several rows. Each tells the journal in the same transaction."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes import portes
from communautes.autour import poursuivre_l_ouverture
from communautes.models import Adhesion, Appel, Communaute
from communautes.models.adhesion import exiger_une_place
from communautes.panels.adhesions import suivre_l_adhesion
from communautes.permissions import (
    a_ete_remplacee,
    est_membre,
    peut_confier_un_role,
    peut_etre_membre,
    peut_faire_appel,
    peut_fonder,
    peut_inviter,
    peut_modifier,
    peut_nommer_une_referente,
    tient_une_place,
)
from comptes.models import Utilisateur
from comptes.pseudonymes import cle_de
from notifications.abonnements import abonner, desabonner, desabonner_de_toutes
from socle.double_envoi import deja_envoye
from socle.lignes import poser_une_fois
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.journal import consigner
from timeline.models import Entree

PROPOSITIONS_MAX = 3  # communities of one person that wait to be opened
INVITATIONS_MAX = 30  # sent by one person
INVITATIONS_PERIODE = timedelta(days=1)


# --- The community itself ----------------------------------------------------------------------------------------


@transaction.atomic
def fonder(*, par, **contenu) -> Communaute:
    """Propose a community: an agent opens it, with a référent·e of the city. Raises EtapeInterdite or TropVite.

    The same form sent again within a minute, its picture apart, founds nothing: the first comes back.
    """
    if not peut_fonder(par):
        raise EtapeInterdite(_("Pour proposer une communauté, vérifiez d’abord votre adresse e-mail."))
    # Her own row is the lock: two forms sent at once are counted one after the other.
    Utilisateur.objects.select_for_update(no_key=True).get(pk=par.pk)
    en_attente = Communaute.objects.filter(proposee_par=par, etat=Communaute.Etat.PROPOSEE)
    memes = {champ: valeur for champ, valeur in contenu.items() if champ != "image"}
    if jumelle := deja_envoye(en_attente, "proposee_le", **memes):
        return jumelle
    if en_attente.count() >= PROPOSITIONS_MAX:
        raise TropVite(_("Plusieurs de vos communautés attendent déjà d’être ouvertes. Attendez leur réponse."))
    communaute = Communaute.objects.create(proposee_par=par, **contenu)
    consigner("communautes.proposer", cible=communaute, projet=communaute.projet, par=par, publique=False)
    abonner(par, communaute)
    return communaute


@transaction.atomic
def modifier(communaute, *, par, **contenu) -> Communaute:
    """Change its words, its picture, or who may enter. Raises EtapeInterdite, or EtapeInvalide (field `acces`).

    A door is never made wider once the community is open: what was written behind it was written for those who were in.
    """
    actuelle = Communaute.objects.select_for_update(of=("self",)).get(pk=communaute.pk)
    if not peut_modifier(actuelle, par):
        raise EtapeInterdite(_("Seules les personnes qui animent cette communauté peuvent changer sa page."))
    acces = contenu.get("acces", actuelle.acces)
    if actuelle.est_annoncee and acces != actuelle.acces:
        ordre = Communaute.ORDRE_DES_ACCES
        if acces not in ordre or actuelle.acces not in ordre or ordre.index(acces) < ordre.index(actuelle.acces):
            raise EtapeInvalide(
                _("On ne peut pas ouvrir plus largement : ce qui est écrit ici l’a été pour les membres."),
                champ="acces",
            )
    if acces == Communaute.Acces.SUR_INVITATION and (raison := portes.raison_de_rester_connue(actuelle)):
        raise EtapeInvalide(raison, champ="acces")
    changes = [nom for nom, valeur in contenu.items() if getattr(actuelle, nom) != valeur]
    if not changes:
        return actuelle
    ancienne = actuelle.image.name
    for nom in changes:
        setattr(actuelle, nom, contenu[nom])
    actuelle.save(update_fields=changes)
    if ancienne and "image" in changes:
        transaction.on_commit(partial(actuelle.image.storage.delete, ancienne))
    consigner(
        "communautes.modifier",
        cible=actuelle,
        projet=actuelle.projet,
        par=par,
        publique=False,
        donnees={"champs": sorted(changes), "acces": actuelle.acces},
    )
    return actuelle


def installer(communaute, *, par, referente) -> None:
    """Follow-up of the opening: the référent·e of the city, and whoever proposed it leads."""
    _placer(communaute, referente, Adhesion.Role.REFERENTE, par=par)
    fondatrice = communaute.proposee_par
    if fondatrice is not None and fondatrice.is_active and fondatrice != referente:
        _placer(communaute, fondatrice, Adhesion.Role.ANIMATRICE, par=par)
    communaute.oublier_les_adhesions_lues()
    poursuivre_l_ouverture(communaute, par=par)


def _placer(communaute, personne, role, *, par) -> Adhesion:
    """A first place, given and not asked for: its entry says so."""
    adhesion = Adhesion.objects.create(
        communaute=communaute, personne=personne, role=role, etat=Adhesion.Etat.ACCEPTEE, decidee_par=par
    )
    consigner("communautes.adhesion.placer", cible=adhesion, par=par, publique=False, donnees={"role": role})
    abonner(personne, communaute)
    return adhesion


# --- Coming and going --------------------------------------------------------------------------------------------


@transaction.atomic
def rejoindre(communaute, *, par, message="") -> Adhesion:
    """Enter by the open door, or ask to enter where one asks. Asked again, only the message changes.

    Raises EtapeInterdite or EtapeImpossible.
    """
    if not est_connectee(par):
        raise EtapeInterdite(_("Connectez-vous pour rejoindre une communauté."))
    communaute = Communaute.objects.select_for_update(of=("self",), no_key=True).get(pk=communaute.pk)
    if not communaute.est_ouverte:
        raise EtapeImpossible(_("Cette communauté n’accueille personne en ce moment."))
    if communaute.acces not in {Communaute.Acces.PUBLIQUE, Communaute.Acces.SUR_DEMANDE}:
        raise EtapeInterdite(_("On n’entre ici que sur invitation."))
    adhesion, nouvelle = poser_une_fois(Adhesion.objects, communaute=communaute, personne=par)
    if adhesion.etat == Adhesion.Etat.EXCLUE:
        raise EtapeInterdite(_("Vous avez été exclue ou exclu de cette communauté : vous pouvez faire appel."))
    if adhesion.est_en_cours:
        return adhesion
    if communaute.est_publique:
        franchir(adhesion.entrer, par=par)
    elif nouvelle:
        adhesion.message = message
        adhesion.save(update_fields=["message"])
        consigner("communautes.adhesion.demander", cible=adhesion, par=par, publique=False)
    elif adhesion.etat == Adhesion.Etat.INVITEE:
        franchir(adhesion.accepter, par=par)
    elif adhesion.etat == Adhesion.Etat.DEMANDEE:
        adhesion.message = message or adhesion.message
        adhesion.save(update_fields=["message"])
    else:
        franchir(adhesion.redemander, par=par, message=message)
    return adhesion


@transaction.atomic
def inviter(communaute, *, par, pseudonyme, role=Adhesion.Role.MEMBRE) -> Adhesion:
    """Invite somebody by her public name; it is hers to accept. Raises EtapeInterdite, EtapeInvalide (`pseudonyme`) or
    TropVite."""
    communaute = Communaute.objects.select_for_update(of=("self",), no_key=True).get(pk=communaute.pk)
    if not peut_inviter(communaute, par):
        raise EtapeInterdite(_("Seules les personnes qui animent cette communauté peuvent inviter."))
    personne = Utilisateur.objects.filter(pseudonyme_cle=cle_de(pseudonyme), is_active=True).first()
    if personne is None:
        raise EtapeInvalide(_("Nous ne trouvons personne qui s’appelle ainsi."), champ="pseudonyme")
    if personne == par:
        raise EtapeInvalide(_("C’est votre pseudonyme : vous êtes déjà là."), champ="pseudonyme")
    exiger_une_place(communaute, personne, role)
    if role not in {Adhesion.Role.MEMBRE, Adhesion.Role.EXPERTE}:
        raise EtapeInterdite(_("On confie l’animation à une personne déjà membre."))
    # As the journal has them: an invitation that was answered was sent all the same.
    depuis = timezone.now() - INVITATIONS_PERIODE
    if Entree.objects.filter(type="communautes.adhesion.inviter", par=par, le__gte=depuis).count() >= INVITATIONS_MAX:
        raise TropVite(_("Beaucoup d’invitations sont déjà parties. Attendez demain."))
    adhesion = communaute.adhesions.filter(personne=personne).first()
    if adhesion is None:
        adhesion = Adhesion.objects.create(
            communaute=communaute, personne=personne, etat=Adhesion.Etat.INVITEE, role=role, decidee_par=par
        )
        consigner("communautes.adhesion.inviter", cible=adhesion, par=par, publique=False, donnees={"role": role})
    elif adhesion.etat == Adhesion.Etat.DEMANDEE:
        franchir(adhesion.accueillir, par=par)
    elif adhesion.etat in {Adhesion.Etat.REFUSEE, Adhesion.Etat.DECLINEE, Adhesion.Etat.QUITTEE}:
        franchir(adhesion.inviter, par=par, role=role)
    elif adhesion.etat == Adhesion.Etat.EXCLUE:
        raise EtapeInvalide(_("Cette personne a été exclue : seul un appel peut la faire revenir."), champ="pseudonyme")
    else:
        raise EtapeInvalide(_("Cette personne est déjà membre ou déjà invitée."), champ="pseudonyme")
    return adhesion


def recevoir(adhesion, *, par) -> None:
    """Follow-up of an entry: she follows what happens there."""
    adhesion.communaute.oublier_les_adhesions_lues()
    abonner(adhesion.personne, adhesion.communaute)
    suivre_l_adhesion(adhesion, par=par)


def laisser_partir(adhesion, *, par, motif="") -> None:
    """Follow-up of a departure: nothing of what happens there reaches her any more, threads and drafts that she followed
    included. A question, which everybody reads, is still hers to follow."""
    communaute = adhesion.communaute
    communaute.oublier_les_adhesions_lues()
    desabonner(adhesion.personne, communaute)
    for choses in (communaute.sujets.all(), communaute.ebauches.all()):
        desabonner_de_toutes(adhesion.personne, choses)
    suivre_l_adhesion(adhesion, par=par)


@transaction.atomic
def confier(adhesion, *, par, role) -> None:
    """Give a member a role, or take it back (`membre`). A new référent·e takes the place of the one before, who leads on.

    Raises EtapeInterdite, EtapeImpossible (no longer in) or EtapeInvalide (`role`).
    """
    communaute = Communaute.objects.select_for_update(of=("self",)).get(pk=adhesion.communaute_id)
    if not peut_confier_un_role(communaute, par):
        raise EtapeInterdite(_("Seule la personne référente, ou un agent, peut confier un rôle."))
    presente = communaute.adhesions.select_for_update(of=("self",)).select_related("personne").get(pk=adhesion.pk)
    if not presente.est_en_cours:
        raise EtapeImpossible(_("Cette personne n’est plus membre."))
    if role not in Adhesion.Role.values:
        raise EtapeInvalide(_("Choisissez un rôle parmi ceux qui sont proposés."), champ="role")
    if role == presente.role:
        return
    if role == Adhesion.Role.MEMBRE and not peut_etre_membre(communaute, presente.personne):
        raise EtapeInvalide(
            _("Les membres de ce panel sont tirés au sort : cette personne n’y tient pas de place."), champ="role"
        )
    if role == Adhesion.Role.EXPERTE and communaute.est_tiree and tient_une_place(communaute, presente.personne):
        raise EtapeInvalide(
            _("Cette personne tient une place tirée au sort : elle ne peut pas être aussi experte."), champ="role"
        )
    if role == Adhesion.Role.REFERENTE and not presente.personne.est_agent:
        raise EtapeInvalide(_("La personne référente est un agent de la collectivité."), champ="role")
    if presente.role == Adhesion.Role.REFERENTE:
        raise EtapeInvalide(_("Choisissez d’abord une autre personne référente : elle prendra sa place."), champ="role")
    if role == Adhesion.Role.REFERENTE:
        _ceder_la_place(communaute)
    presente.role = role
    presente.save(update_fields=["role"])
    consigner("communautes.adhesion.confier", cible=presente, par=par, publique=False, donnees={"role": role})


def _ceder_la_place(communaute) -> None:
    """The référent·e before leads on."""
    for ancienne in communaute.adhesions.en_cours().filter(role=Adhesion.Role.REFERENTE):
        ancienne.role = Adhesion.Role.ANIMATRICE
        ancienne.save(update_fields=["role"])


@transaction.atomic
def nommer_une_referente(communaute, *, par, referente) -> Adhesion:
    """An agent answers for a place whose référent·e has gone. Raises EtapeInterdite or EtapeInvalide (`referente`)."""
    communaute = Communaute.objects.select_for_update(of=("self",)).get(pk=communaute.pk)
    if not peut_nommer_une_referente(communaute, par):
        raise EtapeInterdite(_("Cette communauté a déjà une personne référente."))
    if not referente.est_agent:
        raise EtapeInvalide(_("La personne référente est un agent de la collectivité."), champ="referente")
    presente = communaute.adhesions.filter(personne=referente).first()
    if presente is None:
        presente = Adhesion(communaute=communaute, personne=referente, etat=Adhesion.Etat.ACCEPTEE, decidee_par=par)
    elif not presente.est_en_cours:
        raise EtapeInvalide(_("Cette personne n’est pas membre : choisissez-en une autre."), champ="referente")
    _ceder_la_place(communaute)
    presente.role = Adhesion.Role.REFERENTE
    presente.save()
    abonner(referente, communaute)
    donnees = {"role": presente.role}
    consigner("communautes.adhesion.confier", cible=presente, par=par, publique=False, donnees=donnees)
    communaute.oublier_les_adhesions_lues()
    return presente


# --- Appeal ------------------------------------------------------------------------------------------------------


@transaction.atomic
def faire_appel(adhesion, *, par, texte) -> Appel:
    """Ask for an exclusion to be looked at by somebody else, once for each exclusion. Raises EtapeInterdite or EtapeImpossible."""
    presente = (
        Adhesion.objects.select_for_update(of=("self",)).select_related("communaute", "personne").get(pk=adhesion.pk)
    )
    if not peut_faire_appel(presente, par):
        raise EtapeInterdite(_("L’appel appartient à la personne qui a été exclue."))
    if presente.appels.filter(depose_le__gte=presente.depuis_le).exists():
        raise EtapeImpossible(_("Vous avez déjà fait appel de cette exclusion."))
    if a_ete_remplacee(presente):
        raise EtapeImpossible(_("Votre place a été tirée de nouveau : on ne peut plus faire appel de cette exclusion."))
    appel = Appel.objects.create(adhesion=presente, texte=texte, motif_conteste=presente.motif)
    consigner("communautes.appel.deposer", cible=appel, par=par, publique=False)
    return appel


def reintegrer(appel, *, par, reponse) -> None:
    """Follow-up of an appeal found right."""
    franchir(appel.adhesion.reintegrer, par=par)


# --- What one asks of it -----------------------------------------------------------------------------------------


def exiger_d_etre_membre(communaute, personne) -> None:
    if not est_membre(communaute, personne):
        raise EtapeInterdite(_("Seuls les membres de cette communauté peuvent le faire."))
