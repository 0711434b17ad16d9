"""Writing an idea together: invite, welcome, let go."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from comptes.pseudonymes import cle_de
from idees.models import CoAutrice, Idee, Soutien
from idees.models.equipe import DUREE_D_INVITATION, EQUIPE_MAX
from idees.permissions import est_autrice, peut_inviter
from notifications.abonnements import abonner, desabonner
from socle.permissions import REFERENCE_SANS_COMPTE, SYSTEME
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.journal import consigner

SEL = "idees.invitation"
INVITATIONS_MAX = 20  # sent by one person
INVITATIONS_PERIODE = timedelta(days=1)
RECUES_MAX = 3  # at one address in the same time, whoever sends


class Porteuse(AnonymousUser):
    """Somebody who holds the letter of an invitation, whatever account she has: she may say no, and nothing else."""

    reference = REFERENCE_SANS_COMPTE

    def __init__(self, invitation):
        super().__init__()
        self.invitation = invitation


# --- Inviting ----------------------------------------------------------------------------------------------------


@transaction.atomic
def inviter(idee, *, par, qui) -> CoAutrice:
    """Invite by e-mail address, or by pseudonym. For an address nothing tells whether an account is behind it.

    Raises EtapeInterdite, EtapeImpossible (no place left), EtapeInvalide (field `qui`) or TropVite.
    """
    idee = Idee.objects.select_for_update(of=("self",), no_key=True).select_related("auteur", "projet").get(pk=idee.pk)
    if not est_autrice(idee, par):
        raise EtapeInterdite(_("Seule la personne qui propose une idée peut inviter des co-auteurs."))
    if not peut_inviter(idee, par):
        raise EtapeImpossible(_("Cette idée ne peut plus recevoir de co-auteur."))
    for perimee in idee.coautrices.perimees():
        franchir(perimee.annuler, par=SYSTEME)
    invitee = _adresse(qui, par) if "@" in qui else _compte(qui, par)
    vivantes = list(idee.coautrices.vivantes())
    if any(_meme_invitee(c, invitee) for c in vivantes):
        raise EtapeInvalide(_("Cette personne est déjà invitée."), champ="qui")
    _freiner(par, invitee)
    coautrice = CoAutrice.objects.create(
        idee=idee,
        place=_place_libre(vivantes),
        invitee_par=par,
        expire_le=timezone.now() + DUREE_D_INVITATION,
        **invitee,
    )
    consigner("idees.equipe.inviter", cible=coautrice, projet=idee.projet, par=par, publique=False)
    return coautrice


def _adresse(qui, par) -> dict:
    courriel = qui.strip().lower()
    if courriel in {par.email, *par.adresses_prouvees}:
        raise EtapeInvalide(_("Cette adresse est la vôtre."), champ="qui")
    return {"courriel": courriel}


def _compte(qui, par) -> dict:
    """Pseudonyms are public: saying that one is unknown tells nothing that signing up would not."""
    personne = Utilisateur.objects.filter(pseudonyme_cle=cle_de(qui), is_active=True).first()
    if personne is None:
        raise EtapeInvalide(
            _("Nous ne trouvons personne qui s’appelle ainsi. Vérifiez, ou écrivez son adresse e-mail."), champ="qui"
        )
    if personne == par:
        raise EtapeInvalide(_("C’est votre pseudonyme : vous êtes déjà l’auteur."), champ="qui")
    return {"personne": personne}


def _meme_invitee(coautrice, invitee) -> bool:
    if "personne" in invitee:
        return coautrice.personne_id == invitee["personne"].pk
    return coautrice.courriel == invitee["courriel"]


def _place_libre(vivantes) -> int:
    libres = set(range(1, EQUIPE_MAX + 1)) - {c.place for c in vivantes}
    if not libres:
        raise EtapeImpossible(_("Vous êtes déjà au complet : dix co-auteurs au plus, invitations comprises."))
    return min(libres)


def _freiner(par, invitee):
    """An invitation is a letter to somebody who asked for nothing."""
    recentes = CoAutrice.objects.filter(invitee_le__gte=timezone.now() - INVITATIONS_PERIODE)
    if recentes.filter(invitee_par=par).count() >= INVITATIONS_MAX or recentes.filter(**invitee).count() >= RECUES_MAX:
        raise TropVite(_("Beaucoup d’invitations sont déjà parties. Attendez demain."))


# --- The letter --------------------------------------------------------------------------------------------------


def jeton(coautrice) -> str:
    """What the letter carries. Bound to this invitation and to whom it was sent; answered once, it opens nothing."""
    return signing.dumps([coautrice.pk, _destinataire(coautrice)], salt=SEL)


def lire_jeton(recu: str) -> CoAutrice | None:
    """The invitation of a letter, whatever its state; None for anything that we did not write or that is too old."""
    try:
        pk, destinataire = signing.loads(recu, salt=SEL, max_age=DUREE_D_INVITATION)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    trouvee = CoAutrice.objects.select_related("idee__auteur", "idee__boite", "personne").filter(pk=pk).first()
    if trouvee is None or (trouvee.etat == CoAutrice.Etat.INVITEE and _destinataire(trouvee) != destinataire):
        return None
    return trouvee


def _destinataire(coautrice) -> str:
    """Whom it was sent to, as a fingerprint: a link is kept in histories and logs, an address has no place there."""
    return salted_hmac(SEL, coautrice.courriel or f"compte:{coautrice.personne_id}").hexdigest()[:20]


# --- Coming and going --------------------------------------------------------------------------------------------


def accueillir(coautrice, *, par):
    """Follow-up of an acceptance: nobody supports her own idea; she is told what happens to it.

    Under the lock of the idea's row, for which a support being given waits: either we see it here, or it is
    given after us and `soutenir`, which looks again, takes it back.
    """
    idee = Idee.objects.select_for_update(of=("self",)).select_related("projet").get(pk=coautrice.idee_id)
    Soutien.objects.filter(idee=idee, personne=par).delete()
    abonner(par, idee)
    if idee.est_lisible:
        consigner("idees.rejoindre", cible=idee, projet=idee.projet, par=par)


def raccompagner(coautrice, *, par):
    """Follow-up of a departure, wanted or not."""
    idee = coautrice.idee
    desabonner(coautrice.personne, idee)
    if idee.est_lisible:
        consigner("idees.quitter", cible=idee, projet=idee.projet, par=par)


def oublier_les_perimees() -> int:
    """Invitations that nobody answered in time, and the addresses they kept; their number."""
    perimees = list(CoAutrice.objects.perimees()[:200])
    for perimee in perimees:
        franchir(perimee.annuler, par=SYSTEME)
    return len(perimees)


def oublier(personne) -> None:
    """Somebody closes her account: her ideas stay with those who wrote them with her; her own places end."""
    for idee in Idee.objects.filter(auteur=personne, coautrices__etat=CoAutrice.Etat.ACCEPTEE).distinct():
        _transmettre(idee)
    for coautrice in CoAutrice.objects.acceptees().filter(personne=personne):
        franchir(coautrice.partir, par=personne)
    recues = CoAutrice.objects.filter(etat=CoAutrice.Etat.INVITEE)
    for coautrice in recues.filter(personne=personne) | recues.filter(courriel__in=personne.adresses_prouvees):
        franchir(coautrice.decliner, par=personne)


def _transmettre(idee):
    """To whoever has been there longest."""
    heritiere = idee.coautrices.acceptees().filter(personne__is_active=True).order_by("repondue_le", "pk").first()
    if heritiere is None:
        return
    franchir(heritiere.heriter, par=SYSTEME)
    idee.auteur = heritiere.personne
    idee.save(update_fields=["auteur"])
    if idee.est_lisible:
        consigner("idees.transmettre", cible=idee, projet=idee.projet, par=SYSTEME)
