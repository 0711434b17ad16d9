"""Ideas without an account: brought on line or written down by an agent, followed, attached to an account later."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from idees import secret
from idees.actions import rediger
from idees.brouillons import DejaEnvoyee
from idees.cadence import ESSAIS_PAR_NUMERO, ESSAIS_PAR_RESEAU
from idees.depositaires import Depositaire
from idees.lignee import mene_a
from idees.models import Depot, Idee, Soutien
from idees.permissions import peut_refaire_le_secret, peut_saisir
from notifications.abonnements import abonner
from notifications.cercles import SansCompte, sans_compte_de, sans_compte_qui_suivent
from socle.cadence import CacheIndisponible
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, franchir
from timeline.journal import consigner
from timeline.models import Entree

SEL_LIEN = "idees.depots.lien"
SEL_ARRETER = "idees.depots.arreter"

#: How long a contact is kept once the idea has come to its end, and from what it comes to its end.
CONSERVATION = timedelta(days=90)
FINS = ("idees.ecarter", "idees.achever", "idees.refuser", "idees.retirer", "idees.abandonner")
#: Once it is accepted, there are steps to tell, for this long; and never longer than this after it was brought.
CONSERVATION_RETENUE = timedelta(days=2 * 365)
CONSERVATION_MAX = timedelta(days=3 * 365)


class MauvaisSecret(Exception):
    """This number and this secret do not go together, or no longer; nothing says which of them is wrong."""


# --- Bring -------------------------------------------------------------------------------------------------------


@transaction.atomic
def deposer(idee, *, par, mot, nom="", courriel="", adresse_postale="") -> Depot:
    """Send the draft that this browser holds. `mot` is the secret promised by the page.

    The same form sent twice gives the same deposit. Raises EtapeImpossible or EtapeInterdite, and writes nothing.
    """
    idee = Idee.objects.select_for_update(of=("self",)).get(pk=idee.pk)
    deja = Depot.objects.filter(idee=idee).first()
    if deja is not None:
        return _le_meme(deja, mot)
    depot = _creer(idee, Depot.Canal.EN_LIGNE, mot, nom=nom, courriel=courriel, adresse_postale=adresse_postale)
    franchir(idee.soumettre, par=par)
    return depot


def est_deja_la(cle_saisie) -> bool:
    """Has this form been sent already?"""
    return Depot.objects.filter(idee__cle_saisie=cle_saisie).exists()


def saisir(boite, *, par, cle_saisie, mot, canal, valeurs, photos=(), **contact) -> Depot:
    """An agent writes down the idea of somebody she receives, under the same rules as on line.

    The agent is not its author. The same form sent twice, or by two tabs at once, is one idea.
    """
    deja = Depot.objects.filter(idee__cle_saisie=cle_saisie).first()
    if deja is not None:
        return _le_meme(deja, mot)
    if not peut_saisir(boite, par):
        raise EtapeInterdite(
            _("Cette boîte ne reçoit pas d’idées en ce moment, ou votre rôle ne permet pas d’en saisir.")
        )
    try:
        return _saisir(Idee(boite=boite, cle_saisie=cle_saisie), par, mot, canal, valeurs, photos, contact)
    except (IntegrityError, DejaEnvoyee):
        deja = Depot.objects.filter(idee__cle_saisie=cle_saisie).first()
        if deja is None:
            raise
        return _le_meme(deja, mot)


@transaction.atomic
def _saisir(idee, par, mot, canal, valeurs, photos, contact) -> Depot:
    idee = rediger(idee, par=Depositaire(()), valeurs=valeurs, photos=photos)
    depot = _creer(idee, canal, mot, saisi_par=par, **contact)
    franchir(idee.soumettre, par=Depositaire([idee.pk], accueillie=True))
    consigner(
        "idees.deposer", cible=idee, projet=idee.projet_du_journal(), par=par, publique=False, donnees={"canal": canal}
    )
    return depot


def _creer(idee, canal, mot, **champs) -> Depot:
    return Depot.objects.create(idee=idee, canal=canal, secret_empreinte=secret.empreinte(idee.pk, mot), **champs)


def _le_meme(depot, mot) -> Depot:
    """Sent again by the page that brought it; from elsewhere, it is already sent."""
    if not secret.est_le_bon(depot.secret_empreinte, depot.numero, mot):
        raise EtapeImpossible(_("Cette idée est déjà envoyée."))
    return depot


# --- Come back ---------------------------------------------------------------------------------------------------


def ouvrir(numero: int, saisi: str, *, reseau: str) -> Depot:
    """The deposit of that number, for whoever knows its secret.

    Raises MauvaisSecret, or TropVite after five wrong tries of a number in fifteen minutes, or sixty of a network. Without a
    cache nothing can be counted: it stays shut, and says so.
    """
    _compter_l_essai(numero, reseau)
    depot = Depot.objects.select_related("idee__auteur").filter(idee=numero, rattache_le__isnull=True).first()
    if not secret.est_le_bon(depot.secret_empreinte if depot else "", numero, saisi) or depot is None:
        raise MauvaisSecret
    ESSAIS_PAR_NUMERO.rendre(numero)
    ESSAIS_PAR_RESEAU.rendre(reseau)
    return depot


def _compter_l_essai(numero, reseau) -> None:
    try:
        attente = max(ESSAIS_PAR_RESEAU.compter(reseau), ESSAIS_PAR_NUMERO.compter(numero))
    except CacheIndisponible:
        raise TropVite(_("Le suivi est indisponible pour le moment. Réessayez dans quelques minutes.")) from None
    if attente:
        minutes = -(-attente // 60)
        raise TropVite(_("Trop d’essais. Réessayez dans %(n)s min.") % {"n": minutes})


@transaction.atomic
def rattacher(depot, *, par) -> bool:
    """Make this account the author; True when it supported the idea, which one does not do for one's own.

    The secret dies, the contact is forgotten: from now on the account is what she comes back with. Raises
    EtapeImpossible (attached meanwhile, merged) or EtapeInterdite (the agent who wrote it down).
    """
    idee = Idee.objects.select_for_update(of=("self",)).get(pk=depot.idee_id)
    depot = Depot.objects.select_for_update().get(pk=depot.pk)
    if idee.auteur_id is not None or not depot.est_vivant:
        raise EtapeImpossible(_("Cette idée est déjà rattachée à un compte."))
    if idee.etat == Idee.Etat.FUSIONNEE:
        raise EtapeImpossible(_("Cette idée est réunie avec une autre : elle ne se rattache plus à un compte."))
    if depot.saisi_par_id == par.pk:
        raise EtapeInterdite(_("Vous avez saisi cette idée pour quelqu’un : elle est à cette personne, pas à vous."))
    Idee.objects.filter(pk=idee.pk).update(auteur=par)
    idee.auteur = par
    depot.rattache_le, depot.secret_empreinte, depot.nom = timezone.now(), "", ""
    _vider_le_contact(depot)
    depot.save()
    soutenait, _par_modele = Soutien.objects.filter(idee=idee, personne=par).delete()
    abonner(par, idee)
    consigner("idees.rattacher", cible=idee, projet=idee.projet_du_journal(), par=par, publique=idee.est_lisible)
    return bool(soutenait)


@transaction.atomic
def refaire_le_secret(depot, *, par, mot) -> Depot:
    """A new secret; the old one, the links already mailed and the browsers opened with them die. Sent twice: once."""
    depot = Depot.objects.select_for_update().get(pk=depot.pk)
    if not peut_refaire_le_secret(depot, par):
        raise EtapeInterdite(_("Seule l’équipe peut refaire un secret, tant que l’idée n’a pas de compte."))
    nouvelle = secret.empreinte(depot.numero, mot)
    if nouvelle != depot.secret_empreinte:
        depot.secret_empreinte, depot.secret_le = nouvelle, timezone.now()
        depot.save(update_fields=["secret_empreinte", "secret_le"])
        idee = depot.idee
        consigner("idees.refaire_le_secret", cible=idee, projet=idee.projet_du_journal(), par=par, publique=False)
    return depot


# --- The contact -------------------------------------------------------------------------------------------------


def changer_le_contact(depot, *, courriel, adresse_postale) -> None:
    """Hers to correct and to erase. Only while no account is the author."""
    Depot.objects.filter(pk=depot.pk, rattache_le__isnull=True).update(
        courriel=courriel, adresse_postale=adresse_postale, contact_oublie_le=None
    )


def arreter_les_courriels(numero: int) -> None:
    """The surest way to stop writing: the address is forgotten."""
    Depot.objects.filter(idee=numero).update(courriel="")


def oublier_les_contacts() -> int:
    """Forget the contacts that have served; their number. Idempotent.

    An idea that joined another ends with that one: until then there is an answer to send.
    """
    maintenant = timezone.now()
    entrees = Entree.objects.filter(cible_type=ContentType.objects.get_for_model(Idee)).filter(
        Q(type__in=FINS, le__lt=maintenant - CONSERVATION)
        | Q(type="idees.retenir", le__lt=maintenant - CONSERVATION_RETENUE)
    )
    joignables = Depot.objects.joignables()
    mene = mene_a(Idee.objects.filter(depot__in=joignables, etat=Idee.Etat.FUSIONNEE).only("fusionnee_dans"))
    finies = set(entrees.filter(cible_id__in=set(mene.values())).values_list("cible_id", flat=True))
    a_oublier = joignables.filter(
        Exists(entrees.filter(cible_id=OuterRef("idee")))
        | Q(idee__in=[pk for pk, bout in mene.items() if bout in finies])
        | Q(cree_le__lt=maintenant - CONSERVATION_MAX)
    )
    return a_oublier.update(courriel="", adresse_postale="", contact_oublie_le=maintenant)


def _vider_le_contact(depot) -> None:
    depot.courriel, depot.adresse_postale, depot.contact_oublie_le = "", "", timezone.now()


# --- What is mailed to her ---------------------------------------------------------------------------------------


@sans_compte_de(Idee)
def autrice_sans_compte(idee) -> list[SansCompte]:
    """The author who left an address, with links of her own: no mail carries the secret."""
    depot = getattr(idee, "depot", None)
    return [_joindre(depot)] if idee.auteur_id is None and depot is not None and depot.courriel else []


@sans_compte_qui_suivent(Idee)
def autrices_reunies_sans_compte(idee) -> list[SansCompte]:
    """Those whose idea joined this one, by one merge or by several."""
    rejointes: set[int] = set()
    devant = {idee.pk}
    while devant:
        devant = set(Idee.objects.filter(fusionnee_dans__in=devant).values_list("pk", flat=True)) - rejointes
        rejointes |= devant
    depots = Depot.objects.filter(idee__in=rejointes, idee__auteur__isnull=True).exclude(courriel="")
    return [_joindre(depot) for depot in depots.order_by("pk")]


def _joindre(depot) -> SansCompte:
    return SansCompte(
        adresse=depot.courriel,
        lien=reverse("idees:suivre_par_lien", args=[lien_de(depot)]),
        arreter=reverse("idees:arreter_les_courriels", args=[signing.dumps(depot.numero, salt=SEL_ARRETER)]),
    )


def lien_de(depot) -> str:
    """Signed, and dead with the secret of its day."""
    return signing.dumps([depot.numero, depot.secret_empreinte[:16]], salt=SEL_LIEN)


def depot_du_lien(jeton: str) -> Depot | None:
    """The deposit that a mailed link opens; None when it no longer does, or never did."""
    try:
        numero, debut = signing.loads(jeton, salt=SEL_LIEN)
    except signing.BadSignature:
        return None
    depot = Depot.objects.select_related("idee").filter(idee=numero, rattache_le__isnull=True).first()
    return depot if depot is not None and depot.secret_empreinte.startswith(debut) else None


def numero_a_arreter(jeton: str) -> int:
    """Raises django.core.signing.BadSignature."""
    return signing.loads(jeton, salt=SEL_ARRETER)
