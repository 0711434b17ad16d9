"""Changes of ideas that touch several objects."""

from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import model_to_dict
from django.utils import translation
from django.utils.translation import gettext as _

from comptes.models import Utilisateur
from idees import brouillons
from idees.apports import faire_sien, suivre_la_fusion
from idees.corrections import TexteModifie
from idees.models import Boite, CoAutrice, Idee, Soutien
from idees.permissions import peut_ouvrir_un_projet, peut_regler, peut_soutenir
from idees.photos import decrire_photos, joindre_photo
from notifications.abonnements import abonner, desabonner, reporter
from projets.models import Projet
from reponses.models import Echeance, Merci
from socle.adresses import avec_adresse_libre
from socle.lignes import garder, poser_une_fois
from socle.permissions import SYSTEME, est_connectee
from timeline.double_envoi import deja_consigne
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.journal import consigner
from timeline.temps_reel import diffuser, groupe_de


@transaction.atomic
def rediger(idee, *, par, valeurs, photos=(), alternatives=None, envoyer=False, redaction=None) -> Idee:
    """Write a draft, new or not, and send it if asked. All or nothing: a box that closed meanwhile writes nothing.

    `valeurs` comes from `IdeeForm.valeurs()`. `photos` are to be added: pairs of the two `socle.images.Encodage` of a
    picture and of its words. `alternatives` are the words of those already there, {number: words}. `redaction` is the
    wording that `par` started from: TexteModifie when a co-author has written another since.
    """
    idee = brouillons.ouvrir(idee, par=par)
    if redaction is not None and redaction != idee.redaction and idee.equipe():
        raise TexteModifie(idee)
    idee.redaction += 1
    for champ, valeur in valeurs.items():
        setattr(idee, champ, valeur)
    idee.save()
    decrire_photos(idee, alternatives or {})
    for encodages, alternative in photos:
        joindre_photo(idee, encodages, alternative)
    if envoyer:
        franchir(idee.soumettre, par=par)
    return idee


@transaction.atomic
def ranger_les_photos(idee, *, par, geste, **arguments) -> None:
    """Take off or move pictures of a draft: `geste` is a function of `idees.photos`."""
    geste(brouillons.ouvrir(idee, par=par), **arguments)


def orienter(idee, *, par):
    """Follow-up of `soumettre`: the rule of the box decides whether it is read first. Without an account, it always is."""
    if est_connectee(par):
        abonner(par, idee)
    avant = idee.auteur_id is None or idee.boite.moderation == idee.boite.Moderation.AVANT
    franchir(idee.mettre_en_file if avant else idee.publier, par=SYSTEME)


def lancer_l_horloge(idee, *, par, service=None):
    """Follow-up of the start of a study: from now on an answer is due, at a public date."""
    Echeance.lancer(idee, service=service or idee.boite.service, jours=idee.delai)


def soutenir(idee, *, par, redaction=None) -> bool:
    """Add a support; False when it was already there. Raises EtapeInterdite or EtapeImpossible.

    `redaction`: the wording that she has read, when her page says it. Nobody supports words that she has not seen.
    """
    with transaction.atomic():
        _exiger_soutien_ouvert(idee, par)
        if redaction is not None and redaction != idee.redaction:
            raise EtapeImpossible(
                _("Cette idée vient d’être modifiée. Relisez-la, puis soutenez-la si elle vous va toujours.")
            )
        garder(idee)
        rang, nouveau = poser_une_fois(Soutien.objects, idee=idee, personne=par)
        if nouveau:
            abonner(par, idee)
        else:
            faire_sien(rang)
    if nouveau and CoAutrice.objects.acceptees().filter(idee=idee, personne=par).exists():
        # She was accepting to write it at this very moment, and that was committed first (`equipe.accueillir`).
        Soutien.objects.filter(idee=idee, personne=par).delete()
        return False
    if nouveau:
        annoncer_les_soutiens(suivre_la_fusion(idee))
    return nouveau


def ne_plus_soutenir(idee, *, par) -> bool:
    """Take a support back; False when there was none."""
    with transaction.atomic():
        _exiger_soutien_ouvert(idee, par)
        retires, _par_modele = Soutien.objects.filter(idee=idee, personne=par).delete()
        if retires:
            desabonner(par, idee)
            _exiger_soutien_ouvert(idee, par)  # merged meanwhile: her support has gone on, she refuses that instead
    if retires:
        diffuser(groupe_de(idee))
    return bool(retires)


def _exiger_soutien_ouvert(idee, par):
    """Asked of the present row, not of the page's. No lock: a popular idea must not become a queue."""
    idee.refresh_from_db(fields=["etat", "masquee_le", "redaction"])
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
        raise EtapeInterdite(
            idee.pourquoi_pas(par) or _("Seul un agent peut ouvrir un projet à partir d’une idée retenue.")
        )
    thematiques = cadre.pop("thematiques", None) or ([idee.thematique] if idee.thematique else [])
    projet = avec_adresse_libre(Projet, cadre["titre"], lambda slug: Projet.objects.create(slug=slug, **cadre))
    projet.thematiques.set(thematiques)
    idee.projet_ouvert = projet
    idee.save(update_fields=["projet_ouvert"])
    faire_suivre(idee, projet)
    consigner("idees.ouvrir_un_projet", cible=idee, projet=projet, par=par, donnees={"projet": projet.pk})
    if not projet.manques_du_cadre():
        franchir(projet.annoncer, par=par)
    return projet


def faire_suivre(idee, projet) -> None:
    """Those who follow an idea follow the projet that it became, each in her own way."""
    reporter(idee, projet)


@transaction.atomic
def regler(boite, *, par) -> None:
    """Save a box, new or not. Whatever changed for people is told in the journal, as they read it before and after.

    Raises PermissionDenied unless its rules are hers to set, where it was and where it goes.
    """
    avant = Boite.objects.select_for_update(of=("self",)).filter(pk=boite.pk).first()
    if not all(peut_regler(une, par) for une in (avant, boite) if une is not None):
        raise PermissionDenied
    if boite.slug:
        boite.save()
    elif deja := _deja_creee(boite, par):
        boite.pk, boite.slug = deja.pk, deja.slug  # the same form sent twice
        return
    else:
        avec_adresse_libre(Boite, boite.titre, partial(_creer, boite))
    with translation.override(settings.LANGUAGE_CODE):  # the journal speaks one language, whoever writes in it
        for verbe, donnees in _changements(avant, boite):
            consigner(f"idees.boite.{verbe}", cible=boite, projet=boite.projet_du_journal(), par=par, donnees=donnees)


def _deja_creee(boite, par) -> Boite | None:
    Utilisateur.objects.select_for_update(no_key=True).get(pk=par.pk)  # two sendings of hers follow each other
    dit = {nom: valeur for nom, valeur in model_to_dict(boite).items() if nom not in {"id", "slug"}}
    return deja_consigne("idees.boite.creer", Boite.objects.filter(**dit), par=par)


def _creer(boite, slug):
    boite.slug = slug
    boite.save(force_insert=True)


def _changements(avant, boite):
    """What a box has become, as (verb, figures) pairs: nothing when nothing changed."""
    regles = boite.regles_en_clair()
    if avant is None:
        yield "creer", {"regles": regles}
        return
    if avant.est_active != boite.est_active:
        yield ("rouvrir" if boite.est_active else "fermer"), {}
    if (anciennes := avant.regles_en_clair()) != regles:
        yield "regler", {"avant": anciennes, "apres": regles}
    champs = {
        nom: {"avant": str(getattr(avant, nom) or ""), "apres": str(getattr(boite, nom) or "")}
        for nom in Boite.DITS
        if getattr(avant, nom) != getattr(boite, nom)
    }
    if champs:
        yield "modifier", {"champs": champs}


def remercier(idee, *, par, merci=""):
    """Follow-up of `achever`: the words of thanks, if there are any, stay on the page of the idea."""
    if merci:
        Merci.objects.create(cible=idee, texte=merci, publie_par=par)
