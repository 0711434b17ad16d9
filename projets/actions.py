"""Changes of a projet that are not transitions. Each is told in the journal, in the same transaction."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from projets.models import Actualite, Document, Etape, Projet, RoleProjet, VersionCadre, VersionDocument
from projets.permissions import peut_creer, peut_documenter, peut_informer, peut_modifier
from projets.promesses import promesses_rompues
from projets.regles import defauts_des_dates
from socle.adresses import avec_adresse_libre
from socle.double_envoi import deja_envoye
from timeline.chaine import horodatage
from timeline.double_envoi import deja_consigne
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide
from timeline.journal import consigner


def creer(*, par, thematiques=(), **valeurs) -> Projet:
    """A draft, that only those who prepare it see."""
    if not peut_creer(par):
        raise EtapeInterdite(_("Seul un agent peut préparer un projet."))

    def enregistrer(slug):
        projet = Projet.objects.create(slug=slug, **valeurs)
        projet.thematiques.set(thematiques)
        consigner("projets.creer", cible=projet, projet=projet, par=par, publique=False)
        return projet

    return avec_adresse_libre(Projet, valeurs["titre"], enregistrer)


@transaction.atomic
def modifier(projet, *, par, thematiques=None, **valeurs) -> list[str]:
    """Change the words of a projet; returns the names of the fields that changed.

    Once announced, its frame stays complete, a new version of it is kept beside the old one, and everybody reads which
    fields changed. Once decided, the frame no longer changes. Raises EtapeInterdite, EtapeImpossible, EtapeInvalide.
    """
    projet = Projet.objects.select_for_update(of=("self",)).get(pk=projet.pk)
    _exiger(peut_modifier(projet, par))
    changes = [nom for nom, valeur in valeurs.items() if getattr(projet, nom) != valeur]
    cadre_change = bool(set(changes) & set(Projet.CADRE))
    if cadre_change and projet.etat in Projet.DECIDES:
        raise EtapeImpossible(_("La décision est prise : le cadre ne change plus."))
    for nom in changes:
        setattr(projet, nom, valeurs[nom])
    if projet.est_annonce and projet.manques_du_cadre():
        raise EtapeInvalide(
            _("Un projet annoncé garde son cadre complet. Il manque : %(manques)s.")
            % {"manques": ", ".join(projet.manques_du_cadre())}
        )
    projet.save(update_fields=changes)
    if thematiques is not None and set(thematiques) != set(projet.thematiques.all()):
        projet.thematiques.set(thematiques)
        changes.append("thematiques")
    if changes:
        donnees = {"champs": changes}
        if cadre_change and projet.est_annonce:
            donnees |= _garder_le_cadre(projet)
        consigner(
            "projets.modifier", cible=projet, projet=projet, par=par, publique=projet.est_annonce, donnees=donnees
        )
    return changes


def publier_le_cadre(projet, *, par):
    """Follow-up of `annoncer`: the frame is kept as it was promised on that day."""
    _garder_le_cadre(projet)


def _garder_le_cadre(projet) -> dict:
    """Keep the present frame as its next version; what the journal says of it."""
    version = VersionCadre.objects.create(projet=projet, numero=projet.versions_cadre.count() + 1, **projet.cadre())
    return {"cadre": version.numero, "empreinte": version.empreinte()}


# --- Stages ------------------------------------------------------------------------------------------------------


@transaction.atomic
def ajouter_etape(projet, *, par, **valeurs) -> Etape:
    """The same stage sent twice is one. Raises EtapeInterdite or EtapeInvalide."""
    projet = Projet.objects.select_for_update(of=("self",)).get(pk=projet.pk)
    _exiger(peut_modifier(projet, par))
    _exiger_dates(valeurs, annonce=projet.est_annonce)
    memes = projet.etapes.filter(**valeurs).exclude(etat=Etape.Etat.ANNULEE)
    if deja := deja_consigne("projets.etape.ajouter", memes, par=par):
        return deja
    etape = Etape.objects.create(projet=projet, **valeurs)
    consigner(
        "projets.etape.ajouter",
        cible=etape,
        projet=projet,
        par=par,
        publique=projet.est_annonce,
        donnees={"ouvre_le": horodatage(etape.ouvre_le), "ferme_le": horodatage(etape.ferme_le)},
    )
    return etape


@transaction.atomic
def modifier_etape(etape, *, par, **valeurs) -> list[str]:
    """Change a stage that is not over; returns the names of the fields that changed. Moved dates are told, both."""
    etape = Etape.objects.select_for_update(of=("self",)).select_related("projet").get(pk=etape.pk)
    projet = etape.projet
    _exiger(peut_modifier(projet, par))
    if etape.etat in Etape.FINIES:
        raise EtapeImpossible(_("Cette étape est terminée ou annulée : elle ne change plus."))
    _exiger_dates(valeurs, avant=etape, annonce=projet.est_annonce)
    avant = {nom: getattr(etape, nom) for nom in valeurs}
    changes = [nom for nom, valeur in valeurs.items() if avant[nom] != valeur]
    for nom in changes:
        setattr(etape, nom, valeurs[nom])
    if rompue := promesses_rompues(etape):
        raise EtapeInvalide(rompue)
    etape.save(update_fields=changes)
    dates = [nom for nom in ("ouvre_le", "ferme_le") if nom in changes]
    mots = [nom for nom in changes if nom not in dates]
    if dates:
        deplacees = {n: {"avant": horodatage(avant[n]), "apres": horodatage(getattr(etape, n))} for n in dates}
        _consigner_etape("deplacer", etape, par, deplacees)
    if mots:
        _consigner_etape("modifier", etape, par, {"champs": mots})
    return changes


@transaction.atomic
def retirer_etape(etape, *, par):
    """Remove a stage of a draft. Once announced, a stage is only moved: people have noted its dates."""
    etape = Etape.objects.select_for_update(of=("self",)).select_related("projet").get(pk=etape.pk)
    _exiger(peut_modifier(etape.projet, par))
    if etape.projet.est_annonce:
        raise EtapeImpossible(
            _("Le projet est annoncé : cette étape peut changer de dates ou être annulée, pas disparaître.")
        )
    consigner(
        "projets.etape.retirer",
        cible=etape.projet,
        projet=etape.projet,
        par=par,
        publique=False,
        donnees={"etape": etape.pk, "titre": etape.titre},
    )
    etape.delete()


def _exiger_dates(valeurs, *, avant=None, annonce):
    dates = {nom: valeurs[nom] if nom in valeurs else getattr(avant, nom) for nom in ("ouvre_le", "ferme_le")}
    for champ, phrase in defauts_des_dates(**dates, avant=avant, annonce=annonce).items():
        raise EtapeInvalide(phrase, champ=champ)


def _consigner_etape(verbe, etape, par, donnees):
    consigner(
        f"projets.etape.{verbe}",
        cible=etape,
        projet=etape.projet,
        par=par,
        publique=etape.projet.est_annonce,
        donnees=donnees,
    )


# --- Documents, news ---------------------------------------------------------------------------------------------


@transaction.atomic
def publier_document(projet, *, par, titre, fichier) -> VersionDocument:
    """Add a document with its first version; `fichier` is a `socle.fichiers.DocumentLu`. The same one sent twice is one."""
    projet = Projet.objects.select_for_update(of=("self",)).get(pk=projet.pk)
    _exiger(peut_documenter(projet, par))
    premieres = VersionDocument.objects.filter(document__projet=projet, document__titre=titre, numero=1)
    if deja := deja_envoye(premieres, "publiee_le", publiee_par=par, empreinte=fichier.empreinte):
        return deja
    return _garder(Document.objects.create(projet=projet, titre=titre), fichier, par=par, numero=1)


@transaction.atomic
def publier_version(document, *, par, fichier, note) -> VersionDocument:
    """Add the next version; the former ones stay readable. The same form sent twice is one.

    Later, or with another note, the same file as the version in force is refused (EtapeInvalide).
    """
    document = Document.objects.select_for_update(of=("self",)).select_related("projet").get(pk=document.pk)
    _exiger(peut_documenter(document.projet, par))
    derniere = document.versions.order_by("-numero").first()
    if derniere and derniere.empreinte == fichier.empreinte:
        elle_meme = document.versions.filter(pk=derniere.pk)
        if deja := deja_envoye(elle_meme, "publiee_le", publiee_par=par, note=note):
            return deja
        raise EtapeInvalide(_("Ce fichier est le même que la version actuelle."), champ="fichier")
    return _garder(document, fichier, par=par, numero=derniere.numero + 1 if derniere else 1, note=note)


def _garder(document, fichier, *, par, numero, note="") -> VersionDocument:
    version = VersionDocument(
        document=document,
        numero=numero,
        nom=fichier.nom,
        taille=fichier.taille,
        empreinte=fichier.empreinte,
        note=note,
        publiee_par=par,
    )
    version.fichier.save(f"document.{fichier.format.extension}", ContentFile(fichier.contenu), save=False)
    try:
        version.save()
        consigner(
            "projets.document.publier",
            cible=document,
            projet=document.projet,
            par=par,
            publique=document.projet.est_annonce,
            donnees={"version": numero, "empreinte": version.empreinte},
        )
    except BaseException:  # the row will not exist: neither does its file
        version.fichier.delete(save=False)
        raise
    return version


@transaction.atomic
def publier_actualite(projet, *, par, titre, texte) -> Actualite:
    """Tell news of an announced projet to all who follow it. The same words sent twice are one."""
    projet = Projet.objects.select_for_update(of=("self",)).get(pk=projet.pk)
    if not projet.est_annonce:
        raise EtapeImpossible(_("Annoncez d’abord le projet : personne ne lirait cette actualité."))
    _exiger(peut_informer(projet, par))
    if deja := deja_envoye(projet.actualites, "publiee_le", titre=titre, texte=texte, publiee_par=par):
        return deja
    actualite = Actualite.objects.create(projet=projet, titre=titre, texte=texte, publiee_par=par)
    consigner("projets.actualite.publier", cible=actualite, projet=projet, par=par)
    return actualite


# --- People ------------------------------------------------------------------------------------------------------


@transaction.atomic
def donner_role(projet, *, par, personne, role) -> RoleProjet:
    """Giving the same role twice changes nothing."""
    _exiger(peut_modifier(projet, par))
    donne, nouveau = RoleProjet.objects.get_or_create(projet=projet, personne=personne, role=role)
    if nouveau:
        _consigner_role("donner", projet, par, role)
    return donne


@transaction.atomic
def retirer_role(attribution, *, par):
    projet = attribution.projet
    _exiger(peut_modifier(projet, par))
    if RoleProjet.objects.filter(pk=attribution.pk).delete()[0]:
        _consigner_role("retirer", projet, par, attribution.role)


def _consigner_role(verbe, projet, par, role):
    """Which role, never to whom: the journal keeps no name, and the team is shown on the page."""
    consigner(
        f"projets.role.{verbe}",
        cible=projet,
        projet=projet,
        par=par,
        publique=projet.est_annonce,
        donnees={"role": role},
    )


def _exiger(droit: bool):
    if not droit:
        raise EtapeInterdite(_("Votre compte ne permet pas cette action."))
