"""Sharing a document, and adding its next version. Nothing that was shared is ever replaced."""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communautes.forum import attendre_son_tour, exiger_de_participer
from communautes.models import DocumentPartage, VersionDocument
from socle.double_envoi import deja_envoye
from socle.fichiers import DocumentLu
from timeline.etapes import EtapeImpossible, EtapeInvalide, TropVite
from timeline.journal import consigner

VERSIONS_MAX = 20  # of one person
VERSIONS_PERIODE = timedelta(hours=1)


class TexteDevance(EtapeImpossible):
    """Somebody else's version came first: hers is not lost, she reads both and decides."""


@transaction.atomic
def partager(communaute, *, par, titre, fichier: DocumentLu | None = None, texte="") -> VersionDocument:
    """Share a document with its first version: a file or a text, one of the two. Raises EtapeInterdite or TropVite."""
    exiger_de_participer(communaute, par)
    _freiner(par)
    if deja := _deja_envoye(communaute, par, titre, _empreinte(fichier, texte)):
        return deja
    genre = DocumentPartage.Genre.FICHIER if fichier else DocumentPartage.Genre.TEXTE
    document = DocumentPartage.objects.create(communaute=communaute, auteur=par, titre=titre, genre=genre)
    return _garder(document, par, "partager", numero=1, fichier=fichier, texte=texte)


@transaction.atomic
def verser(document, *, par, vu, note, fichier: DocumentLu | None = None, texte="") -> VersionDocument:
    """Add the next version; the former ones stay readable. `vu`: the last version that the person saw.

    A text that somebody else has changed since is refused (TexteDevance): she would undo their words without knowing. A
    file is not: both are kept, one after the other. Raises EtapeInterdite, EtapeImpossible (withdrawn), EtapeInvalide
    (`fichier`, `texte`: the same again) or TropVite.
    """
    verrouilles = DocumentPartage.objects.select_for_update(of=("self",), no_key=True)
    present = verrouilles.select_related("communaute").get(pk=document.pk)
    exiger_de_participer(present.communaute, par)
    if present.est_retire or present.est_masquee:
        raise EtapeImpossible(_("Ce document n’est plus partagé : on n’y ajoute plus de version."))
    champ = "texte" if present.est_un_texte else "fichier"
    if present.est_un_texte == bool(fichier):
        raise EtapeInvalide(_("Ce document reste ce qu’il était : un texte, ou un fichier."), champ=champ)
    derniere = present.versions.order_by("-numero").first()
    if derniere is not None and present.est_un_texte and vu != derniere.numero:
        raise TexteDevance(
            _("%(qui)s a enregistré une autre version pendant que vous écriviez. Rien de votre texte n’est perdu.")
            % {"qui": derniere.nom_de_l_auteur}
        )
    if derniere is not None and derniere.empreinte == _empreinte(fichier, texte):
        raise EtapeInvalide(_("C’est la même chose que la version actuelle."), champ=champ)
    _freiner(par)
    numero = derniere.numero + 1 if derniere else 1
    return _garder(present, par, "verser", numero=numero, fichier=fichier, texte=texte, note=note)


def _deja_envoye(communaute, par, titre, empreinte) -> VersionDocument | None:
    """The same document sent twice within a minute is one."""
    ici = VersionDocument.objects.filter(document__communaute=communaute, document__titre=titre, numero=1)
    return deja_envoye(ici.select_related("document"), "versee_le", auteur=par, empreinte=empreinte)


def _empreinte(fichier, texte) -> str:
    return fichier.empreinte if fichier else hashlib.sha256(texte.encode()).hexdigest()


def _freiner(personne) -> None:
    attendre_son_tour(personne)
    depuis = timezone.now() - VERSIONS_PERIODE
    if VersionDocument.objects.filter(auteur=personne, versee_le__gte=depuis).count() >= VERSIONS_MAX:
        raise TropVite(_("Vous avez partagé beaucoup de versions en une heure. Attendez un peu."))


def _garder(document, par, geste, *, numero, fichier, texte, note="") -> VersionDocument:
    version = VersionDocument(
        document=document,
        numero=numero,
        nom=fichier.nom if fichier else "",
        taille=fichier.taille if fichier else 0,
        empreinte=_empreinte(fichier, texte),
        texte="" if fichier else texte,
        note=note,
        auteur=par,
    )
    if fichier:
        version.fichier.save(f"document.{fichier.format.extension}", ContentFile(fichier.contenu), save=False)
    try:
        version.save()
        consigner(
            f"communautes.document.{geste}",
            cible=document,
            par=par,
            donnees={"version": numero, "empreinte": version.empreinte},
        )
    except BaseException:  # the row will not exist: neither does its file
        if fichier:
            version.fichier.delete(save=False)
        raise
    return version
