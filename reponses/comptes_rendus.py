"""Writing down what was done of a step. Callers hold the lock of the step's row."""

import uuid
from dataclasses import dataclass, field

from django.core.files.base import ContentFile

from reponses.models import CompteRendu, PhotoRealisation
from socle.double_envoi import recentes
from socle.images import Encodage


@dataclass(frozen=True)
class Fait:
    """What an agent tells of a step. `photos`: {moment: (picture and thumbnail, what it shows)}."""

    texte: str
    depense: int | None = None
    photos: dict[str, tuple[list[Encodage], str]] = field(default_factory=dict)


def deja_ecrit(jalon, fait: Fait, *, par) -> CompteRendu | None:
    """The same account, sent twice: its words, its figures, and as many pictures with the same words."""
    photos = {moment: alternative for moment, (_encodages, alternative) in fait.photos.items()}
    memes = recentes(jalon.comptes_rendus, "publie_le", texte=fait.texte, depense=fait.depense, publie_par=par)
    return next((un for un in memes if dict(un.photos.values_list("moment", "alternative")) == photos), None)


def ecrire(jalon, fait: Fait, *, par) -> CompteRendu:
    rendu = CompteRendu.objects.create(jalon=jalon, texte=fait.texte, depense=fait.depense, publie_par=par)
    for moment, (encodages, alternative) in fait.photos.items():
        _joindre(rendu, moment, encodages, alternative)
    return rendu


def _joindre(rendu, moment, encodages, alternative) -> None:
    """Under names of our own; the files are written once, with the row that names them."""
    grande, vignette = encodages
    photo = PhotoRealisation(
        compte_rendu=rendu, moment=moment, alternative=alternative, largeur=grande.largeur, hauteur=grande.hauteur
    )
    nom = uuid.uuid4().hex
    photo.fichier.save(f"{nom}.webp", ContentFile(grande.contenu), save=False)
    photo.vignette.save(f"{nom}-v.webp", ContentFile(vignette.contenu), save=False)
    photo.save()


def pour_le_journal(rendu: CompteRendu) -> dict:
    """Its number and its fingerprint: the words stay out of the chain, and can be compared with it."""
    return {"compte_rendu": rendu.pk, "empreinte_du_texte": rendu.empreinte()}
