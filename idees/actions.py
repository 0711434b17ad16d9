"""Changes of ideas that touch several objects."""

import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from idees.models import Idee, Photo, Soutien
from idees.permissions import peut_ouvrir_un_projet, peut_soutenir
from notifications.abonnements import abonner, desabonner
from notifications.models import Abonnement
from projets.models import Projet
from reponses.models import Echeance
from socle.lignes import poser_une_fois
from socle.permissions import SYSTEME
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.journal import consigner
from timeline.temps_reel import diffuser, groupe_de


@transaction.atomic
def rediger(idee, *, par, valeurs, photo=None, alternative="", envoyer=False) -> Idee:
    """Write a draft, new or not, and send it if asked. All or nothing: a box that closed meanwhile writes nothing.

    `valeurs` comes from `IdeeForm.valeurs()`, `photo` is a pair of `socle.images.Encodage` (picture, thumbnail).
    """
    if idee.pk:
        idee = Idee.objects.select_for_update(of=("self",)).get(pk=idee.pk)
    if idee.etat != Idee.Etat.BROUILLON:
        raise EtapeImpossible(_("Cette idée est déjà envoyée : elle ne change plus."))
    if idee.auteur_id != par.pk:
        raise EtapeInterdite(_("Seule la personne qui propose une idée peut l’écrire."))
    for champ, valeur in valeurs.items():
        setattr(idee, champ, valeur)
    idee.save()
    if photo:
        joindre_photo(idee, photo, alternative)
    if envoyer:
        franchir(idee.soumettre, par=par)
    return idee


def joindre_photo(idee, encodages, alternative) -> Photo:
    """Store a picture and its thumbnail under names of our own; the former picture of the draft goes."""
    idee.photos.all().delete()
    grande, vignette = encodages
    photo = Photo(idee=idee, alternative=alternative, largeur=grande.largeur, hauteur=grande.hauteur)
    nom = uuid.uuid4().hex
    photo.fichier.save(f"{nom}.webp", ContentFile(grande.contenu), save=False)
    photo.vignette.save(f"{nom}-v.webp", ContentFile(vignette.contenu), save=False)
    photo.save()
    return photo


def orienter(idee, *, par):
    """Follow-up of `soumettre`: the rule of the box decides whether it is read first."""
    abonner(par, idee)
    avant = idee.boite.moderation == idee.boite.Moderation.AVANT
    franchir(idee.mettre_en_file if avant else idee.publier, par=SYSTEME)


def lancer_l_horloge(idee, *, par, service=None):
    """Follow-up of the start of a study: from now on an answer is due, at a public date."""
    Echeance.lancer(idee, service=service or idee.boite.service, jours=idee.boite.delai_reponse)


def soutenir(idee, *, par) -> bool:
    """Add a support; False when it was already there. Raises EtapeInterdite or EtapeImpossible."""
    with transaction.atomic():
        _exiger_soutien_ouvert(idee, par)
        _rang, nouveau = poser_une_fois(Soutien.objects, idee=idee, personne=par)
        if nouveau:
            abonner(par, idee)
    if nouveau:
        annoncer_les_soutiens(idee)
    return nouveau


def ne_plus_soutenir(idee, *, par) -> bool:
    """Take a support back; False when there was none."""
    with transaction.atomic():
        _exiger_soutien_ouvert(idee, par)
        retires, _par_modele = Soutien.objects.filter(idee=idee, personne=par).delete()
        if retires:
            desabonner(par, idee)
    if retires:
        diffuser(groupe_de(idee))
    return bool(retires)


def _exiger_soutien_ouvert(idee, par):
    """Asked of the present row, not of the page's. No lock: a popular idea must not become a queue."""
    idee.refresh_from_db(fields=["etat", "masquee_le"])
    if not peut_soutenir(idee, par):
        if not idee.soutien_ouvert():
            raise EtapeImpossible(_("Cette idée ne reçoit plus de soutiens."))
        raise EtapeInterdite(_("On ne soutient pas sa propre idée."))


def annoncer_les_soutiens(idee):
    """After a support is safe: wake the open pages, and start the study if the threshold is reached.

    Counted after commit, in a transaction of its own: two last supports given at once cannot each miss the other.
    """
    diffuser(groupe_de(idee))
    constater_le_seuil(idee)


def constater_le_seuil(idee) -> bool:
    """Start the study of an idea that has reached its threshold; False when not, or when somebody was faster."""
    if idee.etat != Idee.Etat.PUBLIEE or idee.est_masquee or not idee.seuil_atteint():
        return False
    try:
        franchir(idee.atteindre_seuil, par=SYSTEME)
    except (EtapeImpossible, EtapeInvalide):
        return False
    return True


def reunir(idee, *, par, avec):
    """Follow-up of `fusionner`: supports and followers go on with the other idea, each person once."""
    deja = avec.soutiens.values("personne")
    nouveaux = idee.soutiens.exclude(personne__in=deja).exclude(personne=avec.auteur_id)
    Soutien.objects.bulk_create(
        [Soutien(idee=avec, personne_id=s.personne_id, cree_le=s.cree_le) for s in nouveaux], ignore_conflicts=True
    )
    for abonnement in Abonnement.objects.sur(idee).select_related("personne"):
        abonner(abonnement.personne, avec)


@transaction.atomic
def ouvrir_un_projet(idee, *, par, cadre) -> Projet:
    """Open a projet from an accepted idea. It keeps the idea; author and supporters follow it from the first day.

    `cadre` holds the fields of the projet (title, frame, référent·e…). It is announced at once when its frame is
    complete, and stays a draft otherwise. Raises EtapeImpossible when somebody already did.
    """
    idee = Idee.objects.select_for_update(of=("self",)).get(pk=idee.pk)
    if idee.projet_ouvert_id:
        raise EtapeImpossible(_("Un projet est déjà ouvert à partir de cette idée."))
    if not peut_ouvrir_un_projet(idee, par):
        raise EtapeInterdite(_("Seul un agent peut ouvrir un projet à partir d’une idée retenue."))
    thematiques = cadre.pop("thematiques", None) or ([idee.thematique] if idee.thematique else [])
    projet = Projet.objects.create(slug=slug_libre(cadre["titre"]), **cadre)
    projet.thematiques.set(thematiques)
    idee.projet_ouvert = projet
    idee.save(update_fields=["projet_ouvert"])
    for abonnement in Abonnement.objects.sur(idee).select_related("personne"):
        abonner(abonnement.personne, projet)
    consigner("idees.ouvrir_un_projet", cible=idee, projet=projet, par=par, donnees={"projet": projet.pk})
    if not projet.manques_du_cadre():
        franchir(projet.annoncer, par=par)
    return projet


def slug_libre(titre: str, modele=Projet) -> str:
    """A free address for an object of this title."""
    base = slugify(titre)[:120] or modele._meta.model_name
    slug, rang = base, 1
    while modele.objects.filter(slug=slug).exists():
        rang += 1
        slug = f"{base}-{rang}"
    return slug


@transaction.atomic
def regler(boite, *, par, anciennes) -> None:
    """Save the rules of a box; what changed is told in the journal, with the sentence people read before and after."""
    boite.save()
    with translation.override(settings.LANGUAGE_CODE):
        nouvelles = boite.regles_en_clair()
    if nouvelles != anciennes:
        consigner(
            "idees.boite.regler",
            cible=boite,
            projet=boite.projet_du_journal(),
            par=par,
            donnees={"avant": anciennes, "apres": nouvelles},
        )
