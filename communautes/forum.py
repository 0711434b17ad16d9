"""Opening a thread, correcting it, pinning it. What people answer is written by `commentaires.actions`."""

import uuid
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commentaires.actions import qualite_officielle, reveiller
from commentaires.mentions import reconnaitre
from communautes.models import Adhesion, Sujet, VersionDeSujet
from communautes.permissions import (
    est_membre,
    peut_animer,
    peut_corriger_le_sujet,
    peut_parler_pour_la_ville,
    peut_participer,
)
from comptes.models import Utilisateur
from notifications.abonnements import abonner
from socle.double_envoi import deja_envoye
from socle.permissions import est_connectee
from timeline.etapes import EtapeImpossible, EtapeInterdite, TropVite
from timeline.journal import consigner

SUJETS_MAX = 5  # of one person
SUJETS_PERIODE = timedelta(hours=1)


def exiger_de_participer(communaute, personne) -> None:
    """Raises EtapeInterdite, and says what is missing."""
    if peut_participer(communaute, personne):
        return
    if est_membre(communaute, personne):
        raise EtapeInterdite(_("On n’écrit plus dans cette communauté pour le moment."))
    raise EtapeInterdite(_("Rejoignez la communauté pour y écrire."))


def attendre_son_tour(personne) -> None:
    """Her own row is the lock: two sendings of one person follow each other, those of others wait for nothing."""
    Utilisateur.objects.select_for_update(no_key=True).get(pk=personne.pk)


@transaction.atomic
def ouvrir(communaute, *, par, titre, texte, photo=None, alternative="", officielle=False) -> Sujet:
    """Open a thread. `photo`: the encodings of `socle.images.reencoder` (picture, thumbnail), with their words.

    The same words sent twice within a minute are one thread. Raises EtapeInterdite or TropVite; nothing is then written.
    """
    exiger_de_participer(communaute, par)
    qualite = _qualite(communaute, par) if officielle else ""
    attendre_son_tour(par)
    siens = Sujet.objects.filter(auteur=par)
    maintenant = timezone.now()
    dit = {"communaute": communaute, "titre": titre, "texte": texte, "officielle": bool(qualite)}
    deja = deja_envoye(siens, "ouvert_le", **dit)
    if deja and bool(deja.photo) == bool(photo):
        return deja
    if siens.filter(ouvert_le__gte=maintenant - SUJETS_PERIODE).count() >= SUJETS_MAX:
        raise TropVite(_("Vous avez ouvert plusieurs sujets en une heure. Attendez un peu : votre texte reste ici."))
    sujet = Sujet(
        communaute=communaute, auteur=par, titre=titre, texte=texte, officielle=bool(qualite), qualite=qualite
    )
    if photo:
        _joindre(sujet, photo, alternative)
    try:
        sujet.save()
        abonner(par, sujet)
        consigner("communautes.sujet.ouvrir", cible=sujet, par=par, donnees={"officielle": bool(qualite)})
    except BaseException:  # the row will not exist: neither do its pictures
        for fichier in (sujet.photo, sujet.vignette):
            if fichier:
                fichier.delete(save=False)
        raise
    return sujet


def _qualite(communaute, personne) -> str:
    """In whose name she speaks: the référent·e of this place, her mandate, or her role."""
    if not peut_parler_pour_la_ville(communaute, personne):
        raise EtapeInterdite(_("Seules la personne référente et la collectivité parlent ainsi, parmi les membres."))
    if communaute.adhesion_de(personne).role == Adhesion.Role.REFERENTE:
        return str(Adhesion.Role.REFERENTE.label)
    return qualite_officielle(personne)


def _joindre(sujet, encodages, alternative) -> None:
    """Under names of our own."""
    grande, vignette = encodages
    sujet.photo_alternative = alternative
    sujet.photo_largeur, sujet.photo_hauteur = grande.largeur, grande.hauteur
    nom = uuid.uuid4().hex
    sujet.photo.save(f"{nom}.webp", ContentFile(grande.contenu), save=False)
    sujet.vignette.save(f"{nom}-v.webp", ContentFile(vignette.contenu), save=False)


@transaction.atomic
def corriger(sujet, *, par, titre, texte, vu) -> bool:
    """Correct one's thread within its quarter of an hour; what it said is kept and shown. False when nothing changes.

    `vu` is the number of corrections that the person saw. Raises EtapeInterdite or EtapeImpossible.
    """
    present = Sujet.objects.select_for_update(of=("self",), no_key=True).select_related("communaute").get(pk=sujet.pk)
    if not peut_corriger_le_sujet(present, par):
        if est_connectee(par) and present.auteur_id == par.pk:
            raise EtapeImpossible(_("Ce sujet ne peut plus être corrigé. Vous pouvez y répondre."))
        raise EtapeInterdite(_("On ne corrige que ses propres mots."))
    if (titre, texte) == (present.titre, present.texte):
        return False
    numero = present.versions.count()
    if vu != numero:
        raise EtapeImpossible(_("Vous avez corrigé ce sujet ailleurs entre-temps. Relisez-le avant de le corriger."))
    maintenant = timezone.now()
    VersionDeSujet.objects.create(
        sujet=present, numero=numero + 1, titre=present.titre, texte=present.texte, remplacee_le=maintenant
    )
    present.titre, present.texte, present.modifie_le = titre, texte, maintenant
    present.save(update_fields=["titre", "texte", "mots", "modifie_le"])
    consigner("communautes.sujet.corriger", cible=present, par=par, publique=False, donnees={"version": numero + 1})
    return True


def nommees(sujet, version=None) -> dict[Utilisateur, str]:
    """Who the opening message calls by name, each with the words that do, among those who may be named there today.

    `version`: those whom this correction added (0: the opening itself). Each sending tells only the people it adds.
    Read again from the words, of which every version is kept: a name says no more than they do.
    """
    if version is None:
        return reconnaitre(sujet.texte, sujet, sauf=sujet.auteur)
    textes = [*sujet.versions.order_by("numero").values_list("texte", flat=True), sujet.texte][: version + 1]
    *avant, dites = [reconnaitre(texte, sujet, sauf=sujet.auteur) for texte in textes]
    return {personne: mot for personne, mot in dites.items() if not any(personne in noms for noms in avant)}


@transaction.atomic
def epingler(sujet, *, par, oui=True) -> bool:
    """Keep a thread on top of the list, or let it go. Twice changes nothing (False). Raises EtapeInterdite."""
    present = Sujet.objects.select_for_update(of=("self",), no_key=True).select_related("communaute").get(pk=sujet.pk)
    if not peut_animer(present.communaute, par):
        raise EtapeInterdite(_("Seules les personnes qui animent la communauté épinglent un sujet."))
    if present.est_epingle == oui:
        return False
    present.epingle_le = timezone.now() if oui else None
    present.save(update_fields=["epingle_le"])
    consigner(f"communautes.sujet.{'epingler' if oui else 'desepingler'}", cible=present, par=par)
    return True


def rafraichir(sujet, *, par) -> None:
    """Follow-up of a closing: the open pages of the discussion say so."""
    reveiller(sujet)
