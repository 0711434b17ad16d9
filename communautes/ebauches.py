"""Writing an idea together: each saving is a version, each name says which version it is under."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes.models import Ebauche, Signature, VersionEbauche
from communautes.models.ebauche import CONTENU
from communautes.permissions import peut_ecrire_l_ebauche, peut_participer, peut_signer_l_ebauche
from comptes.models import Utilisateur
from notifications.abonnements import abonner
from socle.lignes import poser_une_fois
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite, raison
from timeline.journal import consigner

EBAUCHES_MAX = 10  # of one person, that are being written in one community
VERSIONS_MAX = 60  # of one person
VERSIONS_PERIODE = timedelta(hours=1)


class TexteModifie(EtapeImpossible):
    """Another member wrote meanwhile. `actuelle` is what is kept now."""

    def __init__(self, actuelle):
        super().__init__(
            _(
                "Quelqu’un a enregistré un autre texte pendant que vous écriviez. Rien n’est perdu : comparez les deux "
                "ci-dessous, reprenez ce que vous voulez garder, puis enregistrez."
            )
        )
        self.actuelle = actuelle


# --- Writing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def ouvrir(communaute, *, par, valeurs, cle, signer=False) -> Ebauche:
    """Begin a text. The same form sent twice gives the same draft. Raises EtapeInterdite or TropVite."""
    if not peut_participer(communaute, par):
        raise EtapeInterdite(_("Seuls les membres de cette communauté écrivent ici, tant qu’elle est ouverte."))
    # Her own row is the lock: two forms sent at once are counted one after the other.
    Utilisateur.objects.select_for_update(no_key=True).get(pk=par.pk)
    deja = Ebauche.objects.filter(cle_saisie=cle).select_related("communaute").first()
    if deja is not None and (deja.communaute_id, deja.ouverte_par_id) == (communaute.pk, par.pk):
        return deja
    if deja is not None:
        cle = uuid.uuid4()  # of somebody else's form: it opens nothing of hers
    en_cours = communaute.ebauches.filter(ouverte_par=par, etat=Ebauche.Etat.EN_ECRITURE)
    if en_cours.count() >= EBAUCHES_MAX:
        raise TropVite(
            _("Plusieurs de vos textes sont déjà en écriture ici. Finissez-en un, ou abandonnez-le, avant d’en ouvrir.")
        )
    maintenant = timezone.now()
    ebauche = Ebauche.objects.create(
        communaute=communaute, ouverte_par=par, ouverte_le=maintenant, ecrite_le=maintenant, cle_saisie=cle, **valeurs
    )
    version = _garder(ebauche, par=par, le=maintenant)
    abonner(par, ebauche)
    _consigner("ouvrir", ebauche, par, version=1, empreinte=version.empreinte())
    if signer:
        _signer(ebauche, par)
    return ebauche


@transaction.atomic
def enregistrer(ebauche, *, par, valeurs, base, resume="", reprise_de=None, signer=False) -> VersionEbauche | None:
    """A new version, written from version `base`; None when nothing changes.

    Raises TexteModifie when somebody saved meanwhile, EtapeInterdite, EtapeImpossible or TropVite; nothing is then written.
    """
    ebauche = _tenir(ebauche)
    _exiger_l_ecriture(ebauche, par)
    changes = [nom for nom in CONTENU if getattr(ebauche, nom) != valeurs[nom]]
    if base != ebauche.numero and changes:
        raise TexteModifie(ebauche)
    version = None
    if changes:
        _freiner(par)
        for nom in changes:
            setattr(ebauche, nom, valeurs[nom])
        ebauche.numero += 1
        ebauche.ecrite_le = timezone.now()
        ebauche.save(update_fields=[*changes, "numero", "ecrite_le"])
        version = _garder(ebauche, par=par, le=ebauche.ecrite_le, resume=resume, reprise_de=reprise_de)
        abonner(par, ebauche)
        dites = {"version": ebauche.numero, "champs": changes, "empreinte": version.empreinte()}
        _consigner("ecrire", ebauche, par, **dites, **({"reprise_de": reprise_de} if reprise_de else {}))
    if signer:
        _signer(ebauche, par)
    return version


def reprendre_une_version(ebauche, *, par, numero, base) -> VersionEbauche | None:
    """The words of an earlier version, as a new one; same refusals as `enregistrer`."""
    ancienne = ebauche.versions.get(numero=numero)
    valeurs = {nom: getattr(ancienne, nom) for nom in CONTENU}
    return enregistrer(ebauche, par=par, valeurs=valeurs, base=base, reprise_de=numero)


def _tenir(ebauche) -> Ebauche:
    """The row as it is now, locked: savings, signatures and the sending of one draft follow each other."""
    return Ebauche.objects.select_for_update(of=("self",)).select_related("communaute__projet").get(pk=ebauche.pk)


def _exiger_l_ecriture(ebauche, par) -> None:
    if peut_ecrire_l_ebauche(ebauche, par):
        return
    if not peut_participer(ebauche.communaute, par):
        raise EtapeInterdite(_("Seuls les membres de cette communauté écrivent ici, tant qu’elle est ouverte."))
    if ebauche.est_masquee:
        raise EtapeImpossible(_("La modération a masqué ce texte : il ne peut pas être modifié."))
    raise EtapeImpossible(raison(ebauche))


def _freiner(personne) -> None:
    recentes = VersionEbauche.objects.filter(par=personne, le__gte=timezone.now() - VERSIONS_PERIODE)
    if recentes.count() >= VERSIONS_MAX:
        raise TropVite(
            _("Vous avez enregistré beaucoup de versions depuis une heure. Attendez un peu : rien n’est perdu.")
        )


def _garder(ebauche, *, par, le, resume="", reprise_de=None) -> VersionEbauche:
    mots = {nom: getattr(ebauche, nom) for nom in CONTENU}
    return VersionEbauche.objects.create(
        ebauche=ebauche, numero=ebauche.numero, par=par, le=le, resume=resume, reprise_de=reprise_de, **mots
    )


def _consigner(verbe, ebauche, par, **donnees) -> None:
    consigner(f"communautes.ebauche.{verbe}", cible=ebauche, par=par, donnees=donnees)


# --- Signing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def signer(ebauche, *, par, numero) -> bool:
    """Put one's name under the version that one has read; False when it is there already.

    Raises EtapeImpossible when another version stands now, and EtapeInterdite.
    """
    ebauche = _tenir(ebauche)
    _exiger_l_ecriture(ebauche, par)
    if not peut_signer_l_ebauche(ebauche, par):
        raise EtapeInterdite(_("Seuls les membres de cette communauté signent ses textes."))
    if numero != ebauche.numero:
        raise EtapeImpossible(
            _("Ce texte vient de changer. Relisez-le, puis signez-le s’il vous va toujours."),
            retour=ebauche.get_absolute_url(),
        )
    return _signer(ebauche, par)


def _signer(ebauche, par) -> bool:
    signature, nouvelle = poser_une_fois(ebauche.signatures, personne=par, defaults={"numero": ebauche.numero})
    if not nouvelle and signature.numero == ebauche.numero:
        return False
    if not nouvelle:
        signature.numero, signature.le = ebauche.numero, timezone.now()
        signature.save(update_fields=["numero", "le"])
    abonner(par, ebauche)
    _consigner("signer", ebauche, par, version=ebauche.numero)
    return True


@transaction.atomic
def ne_plus_signer(ebauche, *, par) -> bool:
    """Take one's name off; False when it was not there. Hers to take back for as long as the text is not sent."""
    ebauche = _tenir(ebauche)
    if ebauche.etat == Ebauche.Etat.DEPOSEE:
        raise EtapeImpossible(_("Ce texte est déposé : pour retirer votre nom, quittez l’idée sur sa page."))
    retirees, _detail = Signature.objects.filter(ebauche=ebauche, personne=par).delete()
    if retirees:
        _consigner("ne_plus_signer", ebauche, par)
    return bool(retirees)


def signataires(ebauche) -> list[Utilisateur]:
    """Those whose names go with the present version, the first to have signed first."""
    valables = ebauche.signatures.valables().select_related("personne").order_by("le", "pk")
    return [signature.personne for signature in valables]
