"""Seats: attributed by the draw, told by letter, taken or refused with the key of the letter, left, drawn again."""

import secrets
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from communautes.models import Adhesion, Candidate, Panel, Siege, Tirage
from communautes.panels import consentement
from communautes.panels.adhesions import suivre
from communautes.panels.designation import trois_fichiers
from communautes.panels.mandat import creer_le_tirage, exiger_de_conduire
from communautes.panels.quotas import ecrire
from communautes.panels.vivier import COURRIEL, coordonnees_de
from communautes.permissions_panel import peut_refaire_les_lettres, peut_voir_la_preparation
from communautes.tirage import fichiers
from communautes.tirage.remplacements import Annonce, remplacer
from notifications.courriels import ecrire as ecrire_un_courriel
from notifications.models import Courriel
from socle.cadence import CacheIndisponible, Limite
from socle.permissions import REFERENCE_SANS_COMPTE, SYSTEME
from socle.secret import Coffre, en_groupes, tirer
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.journal import consigner

coffre = Coffre("communautes.siege")
#: By code and network: the codes are public, and who tries keys elsewhere shuts no door for the person who was drawn. Five
#: tries or a million, a key of a hundred bits is not guessed.
PAR_CODE = Limite("place_code", maximum=5, periode=900)
PAR_RESEAU = Limite("place_reseau", maximum=60, periode=900)
PAQUET = 2000


class MauvaiseCle(Exception):
    """Code and key do not go together, whichever is wrong."""


class PersonneTiree(AnonymousUser):
    """Somebody without an account who answers with the key of her letter."""

    reference = REFERENCE_SANS_COMPTE


# --- Attributed --------------------------------------------------------------------------------------------------


def attribuer(tirage: Tirage, *, par, **_arguments) -> None:
    """Follow-up of `tirer`: a seat for each code of the lot.

    A replacement takes as many empty seats as it draws people, those that have been empty the longest: one that became empty
    since it was prepared waits for the next. Where a seat was given back meanwhile, the last codes of the lot have none.
    """
    lots = fichiers.lire_lots(trois_fichiers(tirage)[2])
    codes = lots[int(tirage.lot or 0)]
    if tirage.remplace_id:
        vides = Siege.objects.du_panel(tirage.panel).vacants().select_related("tirage__panel__communaute")
        remplacees = list(vides.order_by("repondue_le", "pk")[: len(codes)])
        codes = codes[: len(remplacees)]
        for vacant in remplacees:
            suivre(vacant, vacant.remplacer, par)
    tirees = Candidate.objects.filter(tirage=tirage, code__in=codes)
    Siege.objects.bulk_create(Siege(tirage=tirage, code=c.code, valeurs=c.valeurs) for c in tirees)


@transaction.atomic
def preparer_le_remplacement(panel: Panel, *, par) -> Tirage:
    """A new draw for the seats that are empty, in what is left of the pool and of the quotas of the first one.

    Raises EtapeInterdite, EtapeImpossible, or TirageInvalide when those who stay leave no room for the quotas.
    """
    exiger_de_conduire(panel, par)
    premier = panel.premier_tirage
    if premier is None or premier.etat != Tirage.Etat.TIRE:
        raise EtapeImpossible(_("Le panel n’est pas encore tiré."))
    if panel.efface_le:
        raise EtapeImpossible(_("Les noms et les adresses de ce panel sont effacés : on ne tire plus personne."))
    sieges = Siege.objects.du_panel(panel)
    vivier, parametres, _lots = trois_fichiers(premier)
    publies = fichiers.lire_parametres(parametres)
    restent = [*sieges.tenus().values_list("code", flat=True), *sieges.reserves().values_list("code", flat=True)]
    reste, nouveaux = remplacer(
        fichiers.lire_vivier(vivier),
        publies,
        restent=restent,
        ecartees=list(sieges.exclude(code__in=restent).values_list("code", flat=True)),
        annonce=Annonce(titre="–", valeur_publique="–", connue_le=publies.connue_le, graine=secrets.randbits(63)),
    )
    tirage = creer_le_tirage(panel, places=nouveaux.places, par=par, remplace=premier, criteres=premier.criteres)
    Candidate.objects.bulk_create(
        (Candidate(tirage=tirage, code=p.code, valeurs=list(p.valeurs)) for p in reste.personnes), PAQUET
    )
    ecrire(tirage, nouveaux.quotas)
    return tirage


# --- Told --------------------------------------------------------------------------------------------------------


def adresse_des_places(panel: Panel) -> str:
    return reverse("communautes:place", args=[panel.communaute.slug])


@transaction.atomic
def ecrire_les_lettres(panel: Panel, *, par, de_nouveau=False) -> list[dict]:
    """One letter for each drawn person who has none, or for each who has not answered: {code, cle, identifiant, autres}.

    The keys are in what is returned, and are not kept; those of earlier letters open nothing any more. Whoever left an address
    of mail in the pool is also written to: that mail holds her key in the outbox until it has left, then the clock erases it
    (`horloge.oublier_les_cles_parties`). Raises EtapeInterdite or EtapeImpossible.
    """
    exiger_de_conduire(panel, par)
    if de_nouveau and not peut_refaire_les_lettres(panel, par):
        raise EtapeInterdite(_("Seuls la personne référente du panel, ou l’agent qui l’a créé, refont les lettres."))
    if panel.efface_le:
        raise EtapeImpossible(_("Les noms et les adresses de ce panel sont effacés : on n’écrit plus à personne."))
    etats = [Siege.Etat.TIREE, *([Siege.Etat.CONTACTEE] if de_nouveau else [])]
    sieges = list(
        Siege.objects.du_panel(panel)
        .filter(etat__in=etats)
        .select_related("tirage__panel__communaute")
        .order_by("code")
    )
    coordonnees = coordonnees_de(panel, [siege.code for siege in sieges])
    lettres = []
    for siege in sieges:
        cle, connues = tirer(), coordonnees.get(siege.code, {})
        franchir(siege.contacter, par=par, cle=coffre.empreinte(siege.pk, cle))
        lettre = {"code": siege.code, "cle": en_groupes(cle), **connues}
        _ecrire_aussi_par_courriel(panel, siege, lettre)
        lettres.append(lettre)
    if lettres:
        _consigner_les_lettres(sieges, par, de_nouveau)
    return lettres


def _consigner_les_lettres(sieges: list[Siege], par, de_nouveau: bool) -> None:
    """In the chain of the community itself, that those who lead it read: a file of keys was made, and by whom."""
    consigner(
        "communautes.siege.refaire_les_lettres" if de_nouveau else "communautes.siege.faire_les_lettres",
        cible=sieges[0],
        par=par,
        publique=False,
        donnees={"lettres": len(sieges)},
    )


def _ecrire_aussi_par_courriel(panel: Panel, siege: Siege, lettre: dict) -> None:
    adresse = lettre.get(COURRIEL, "")
    if not adresse:
        return
    contexte = {
        "lien": adresse_des_places(panel),
        "panel": panel.communaute.nom,
        "question": panel.mandat.question,
        "code": lettre["code"],
        "cle": lettre["cle"],
        "preferences": "",  # she may have no account to choose them with
    }
    try:
        courriel = ecrire_un_courriel(adresse, "communautes/place_tiree", contexte)
    except ValidationError:
        return  # the letter on paper reaches her
    # Known by its seat, so that it goes away with the names and the addresses of the pool.
    Courriel.objects.filter(pk=courriel.pk).update(cle=f"{prefixe_des_courriels(panel)}{siege.pk}-{courriel.pk}")


def prefixe_des_courriels(panel: Panel) -> str:
    return f"panel-{panel.pk}-place-"


# --- Answered ----------------------------------------------------------------------------------------------------


def ouvrir(panel: Panel, *, code: str, cle: str, reseau: str) -> Siege:
    """The seat of this code, for whoever holds the key of its letter. Raises MauvaiseCle or TropVite."""
    code = code.strip().lower()[:64]
    essais = f"{panel.pk}.{code}.{reseau}"
    try:
        attente = max(PAR_RESEAU.compter(reseau), PAR_CODE.compter(essais))
    except CacheIndisponible:
        raise TropVite(_("Cette page est indisponible pour le moment. Réessayez dans quelques minutes.")) from None
    if attente:
        raise TropVite(_("Trop d’essais. Réessayez dans %(n)s min.") % {"n": -(-attente // 60)})
    siege = Siege.objects.du_panel(panel).filter(code=code).select_related("tirage__panel__communaute").first()
    if not coffre.est_le_bon(siege.cle if siege else "", siege.pk if siege else 0, cle) or siege is None:
        raise MauvaiseCle
    PAR_CODE.rendre(essais)
    PAR_RESEAU.rendre(reseau)
    return siege


def accepter(siege: Siege, *, par, version: int) -> None:
    """She agrees, and enters. Raises EtapeInterdite, EtapeImpossible or EtapeInvalide."""
    if version not in consentement.VERSIONS:
        raise EtapeInvalide(_("Relisez le texte de votre accord : il a changé."))
    if not siege.tirage.panel.communaute.est_ouverte:
        raise EtapeImpossible(_("Ce panel n’accueille personne en ce moment."))
    if peut_voir_la_preparation(siege.tirage.panel, par):
        # Whoever makes the letters could hold every key; and a panel advises those who work for its collectivité.
        raise EtapeInterdite(_("Ce compte prépare ce panel : il ne peut pas y tenir une place."))
    if Siege.objects.du_panel(siege.tirage.panel).filter(personne=par).exists():
        raise EtapeImpossible(_("Ce compte tient déjà une place de ce panel. Chaque personne a la sienne."))
    _avec_la_cle(siege, siege.accepter, par, version=version, texte=str(consentement.VERSIONS[version]))


def decliner(siege: Siege, *, par=None) -> None:
    """She refuses, without having to say why, with or without an account. Raises EtapeImpossible."""
    _avec_la_cle(siege, siege.decliner, par if par is not None and par.is_authenticated else PersonneTiree())


def _avec_la_cle(siege: Siege, etape, par, **arguments) -> None:
    siege.cle_montree = True
    try:
        franchir(etape, par=par, **arguments)
    finally:
        siege.cle_montree = False


def faire_entrer(siege: Siege, *, par, **_arguments) -> None:
    """Follow-up of `accepter`: her place in the community, by its own steps."""
    communaute = siege.tirage.panel.communaute
    adhesion = Adhesion.objects.filter(communaute=communaute, personne=par).first()
    if adhesion is None:
        adhesion = Adhesion.objects.create(communaute=communaute, personne=par, etat=Adhesion.Etat.INVITEE)
        consigner("communautes.adhesion.inviter", cible=adhesion, par=par, publique=False)
        franchir(adhesion.accepter, par=par)
    elif adhesion.etat == Adhesion.Etat.EXCLUE:
        raise EtapeInterdite(_("Vous avez été exclue ou exclu de ce panel : écrivez à son équipe."))
    elif not adhesion.est_en_cours:
        franchir(adhesion.entrer, par=par)
    elif adhesion.role == Adhesion.Role.EXPERTE:  # whoever sits has a voice: she is an expert no more
        Adhesion.objects.filter(pk=adhesion.pk).update(role=Adhesion.Role.MEMBRE)
        donnees = {"role": Adhesion.Role.MEMBRE}
        consigner("communautes.adhesion.confier", cible=adhesion, par=par, publique=False, donnees=donnees)


# --- Forgotten, counted ------------------------------------------------------------------------------------------


def oublier(personne) -> None:
    """Her account closes: her seat is free, and no longer says whose it was. Her consent stays, dated, under the code."""
    for siege in personne.places_tirees.select_related("tirage__panel__communaute"):
        if siege.etat == Siege.Etat.ACCEPTEE:
            suivre(siege, siege.liberer, SYSTEME)
    personne.places_tirees.update(personne=None)


def compter(sieges: Iterable[Siege]) -> dict[str, int]:
    """{state: seats}, every state."""
    comptes = dict.fromkeys(Siege.Etat.values, 0)
    for siege in sieges:
        comptes[siege.etat] += 1
    return comptes
