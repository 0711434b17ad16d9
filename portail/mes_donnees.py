"""What the site knows of a person, as one archive for her: she may read it, keep it, take it elsewhere (RGPD, articles 15 and 20).

The archive is made while she waits and kept nowhere, so no address of it can leak, expire or be guessed. It holds what she
gave and what is kept about her; not what others wrote, nor the inside work of the collectivité.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.utils import timezone

from commentaires.models import Accord, Commentaire, VersionDeCommentaire
from communautes import archive as communautes
from communautes.models import (
    Adhesion,
    Appel,
    Communaute,
    DocumentPartage,
    Ebauche,
    Question,
    Siege,
    Signature,
    Sondage,
    SoutienQuestion,
    Sujet,
    VersionDeSujet,
    VersionDocument,
    VersionEbauche,
    Voix,
)
from comptes.models import Mandat, Role, Utilisateur
from consultations import archive as consultations
from consultations.models import Participation, Piece
from idees.models import CoAutrice, Idee, Photo, Soutien, SoutienPorte, SuiviPorte
from idees.models import Version as VersionDIdee
from moderation.models import Signalement
from notifications.models import Abonnement, Courriel, Notification, Preference
from projets.models import RoleProjet
from reponses.models import Appreciation, SecondeLecture
from socle.tableur import en_csv
from votes import archive as votes
from votes.models import Emargement

FORMAT = "estuaire-mes-donnees/1"
EN_MEMOIRE = 5_000_000  # bytes, then a file without a name


@dataclass(frozen=True)
class Table:
    """One kind of rows about her: which ones, and their columns as Django names them (`a__b` follows a key)."""

    lignes: Callable[[Utilisateur], QuerySet]
    colonnes: tuple[str, ...]

    def lire(self, personne) -> Iterable[tuple]:
        return self.lignes(personne).order_by("pk").values_list(*self.colonnes)


@dataclass(frozen=True)
class TableDite:
    """Rows that are put in words rather than read from columns."""

    lire: Callable[[Utilisateur], Iterable[tuple]]
    colonnes: tuple[str, ...]


def _titre_de_version(ebauche: str, numero) -> Subquery:
    """As she gave it or signed it: a text goes on without whoever has left the community."""
    return Subquery(VersionEbauche.objects.filter(ebauche=OuterRef(ebauche), numero=numero).values("titre")[:1])


TABLES = {
    "adresses": Table(lambda p: EmailAddress.objects.filter(user=p), ("email", "verified", "primary")),
    "facteurs": Table(lambda p: Authenticator.objects.filter(user=p), ("type", "created_at", "last_used_at")),
    "comptes_lies": Table(lambda p: SocialAccount.objects.filter(user=p), ("provider", "uid", "date_joined", "last_login")),
    "sessions": Table(lambda p: UserSession.objects.filter(user=p), ("ip", "user_agent", "created_at", "last_seen_at")),
    "roles": Table(lambda p: Role.objects.filter(personne=p), ("role",)),
    "roles_de_projet": Table(lambda p: RoleProjet.objects.filter(personne=p), ("projet__titre", "role")),
    "mandats": Table(lambda p: Mandat.objects.filter(personne=p), ("nom_officiel", "intitule", "debut", "fin")),
    "idees": Table(
        lambda p: Idee.objects.ecrites_par(p),
        ("id", "titre", "texte", "etat", "boite__titre", "thematique__nom", "territoire__nom", "lieu", "latitude", "longitude",
         "cree_le", "soumise_le", "publiee_le", "motif_refus", "motif_retrait", "masquee_le", "masquee_motif"),
    ),
    "idees_versions": Table(lambda p: VersionDIdee.objects.filter(par=p), ("idee_id", "numero", "le", "titre", "texte")),
    "equipes": Table(lambda p: CoAutrice.objects.filter(personne=p), ("idee_id", "etat")),
    "photos": Table(
        lambda p: Photo.objects.filter(idee__in=Idee.objects.ecrites_par(p)), ("id", "idee_id", "rang", "alternative")
    ),
    "soutiens": Table(lambda p: Soutien.objects.filter(personne=p), ("idee_id", "idee__titre", "cree_le")),
    "soutiens_portes": Table(lambda p: SoutienPorte.objects.filter(personne=p), ("fusion__source_id", "fusion__cible_id", "refuse_le")),
    "suivis_portes": Table(lambda p: SuiviPorte.objects.filter(personne=p), ("fusion__source_id", "fusion__cible_id")),
    "questions": Table(
        lambda p: Question.objects.filter(auteur=p),
        ("id", "titre", "texte", "etat", "communaute__nom", "destinataire_nom", "publiee_le", "motif_retrait", "masquee_le",
         "masquee_motif"),
    ),
    "soutiens_de_questions": Table(
        lambda p: SoutienQuestion.objects.filter(personne=p), ("question_id", "question__titre", "cree_le")
    ),
    "commentaires": Table(
        lambda p: Commentaire.objects.filter(auteur=p),
        ("id", "cible_type__model", "cible_id", "parent_id", "cite_id", "texte", "position", "qualite", "etat", "publie_le",
         "modifie_le", "masquee_le", "masquee_motif"),
    ),
    "commentaires_versions": Table(
        lambda p: VersionDeCommentaire.objects.filter(commentaire__auteur=p),
        ("commentaire_id", "numero", "texte", "position", "remplacee_le"),
    ),
    "accords": Table(lambda p: Accord.objects.filter(personne=p), ("commentaire_id", "cree_le")),
    "sujets_du_forum": Table(
        lambda p: Sujet.objects.filter(auteur=p),
        ("id", "communaute__nom", "titre", "texte", "photo_alternative", "qualite", "etat", "ouvert_le", "modifie_le",
         "masquee_le", "masquee_motif"),
    ),
    "sujets_du_forum_versions": Table(
        lambda p: VersionDeSujet.objects.filter(sujet__auteur=p), ("sujet_id", "numero", "titre", "texte", "remplacee_le")
    ),
    "sondages_lances": Table(
        lambda p: Sondage.objects.filter(auteur=p),
        ("id", "communaute__nom", "question", "plusieurs", "etat", "ouvert_le", "ferme_le", "clos_le", "masquee_le",
         "masquee_motif"),
    ),
    "sondages_reponses": Table(
        lambda p: Voix.objects.filter(personne=p), ("sondage_id", "sondage__question", "option__libelle")
    ),
    "documents_partages": Table(
        lambda p: DocumentPartage.objects.filter(auteur=p),
        ("id", "communaute__nom", "titre", "genre", "etat", "motif", "partage_le", "masquee_le", "masquee_motif"),
    ),
    "documents_partages_versions": Table(
        lambda p: VersionDocument.objects.filter(auteur=p),
        ("document_id", "document__titre", "numero", "nom", "taille", "texte", "note", "versee_le", "masquee_le",
         "masquee_motif"),
    ),
    "avis_sur_les_reponses": Table(lambda p: Appreciation.objects.filter(personne=p), ("reponse_id", "avis", "mot", "le")),
    "secondes_lectures": Table(
        lambda p: SecondeLecture.objects.filter(demandee_par=p), ("reponse_id", "raison", "demandee_le", "etat")
    ),
    "signalements": Table(
        lambda p: Signalement.objects.filter(par=p), ("cible_type__model", "cible_id", "motif", "texte", "cree_le", "traite_le")
    ),
    "consultations": Table(
        lambda p: Participation.objects.filter(personne=p),
        ("numero", "consultation__titre", "canal", "territoire__nom", "tranche", "accord_textes", "cree_le", "envoyee_le",
         "corrigee_le", "rattachee_le"),
    ),
    "consultations_fichiers": Table(
        lambda p: Piece.objects.filter(participation__personne=p), ("id", "participation__numero", "nom", "taille")
    ),
    "votes": Table(lambda p: Emargement.objects.filter(personne=p), ("scrutin__titre", "enveloppe__nom", "le")),
    "suivis": Table(lambda p: Abonnement.objects.filter(personne=p), ("cible_type__model", "cible_id", "facon", "cree_le")),
    "communautes_proposees": Table(
        lambda p: Communaute.objects.filter(proposee_par=p),
        ("id", "nom", "resume", "description", "charte", "acces", "etat", "motif", "image_alternative", "proposee_le",
         "ouverte_le", "masquee_le", "masquee_motif"),
    ),
    "communautes": Table(
        lambda p: Adhesion.objects.filter(personne=p),
        ("communaute__nom", "role", "etat", "message", "motif", "depuis_le"),
    ),
    "communautes_appels": Table(
        lambda p: Appel.objects.filter(adhesion__personne=p),
        ("adhesion__communaute__nom", "texte", "motif_conteste", "etat", "reponse", "depose_le", "tranche_le"),
    ),
    "textes_ouverts": Table(
        lambda p: Ebauche.objects.filter(ouverte_par=p).annotate(titre_ouvert=_titre_de_version("pk", Value(1))),
        ("id", "communaute__nom", "titre_ouvert", "etat", "motif", "ouverte_le"),
    ),
    "textes_versions": Table(
        lambda p: VersionEbauche.objects.filter(par=p),
        ("ebauche_id", "ebauche__communaute__nom", "numero", "titre", "texte", "lieu", "resume", "le"),
    ),
    "textes_signes": Table(
        lambda p: Signature.objects.filter(personne=p).annotate(
            titre_signe=_titre_de_version("ebauche", OuterRef("numero"))
        ),
        ("ebauche_id", "titre_signe", "numero", "le"),
    ),
    "places_de_panels": Table(
        lambda p: Siege.objects.filter(personne=p),
        ("tirage__panel__communaute__nom", "code", "etat", "contactee_le", "repondue_le", "consenti_le",
         "consentement_version", "consentement_texte"),
    ),
    "notifications": Table(lambda p: Notification.objects.filter(personne=p), ("entree__type", "cree_le", "lue_le")),
    "preferences": Table(lambda p: Preference.objects.filter(personne=p), ("genre", "par_courriel")),
    "courriels": Table(lambda p: Courriel.objects.filter(personne=p), ("destinataire", "objet", "cree_le")),
}  # fmt: skip
DITES = {
    "consultations_reponses": TableDite(consultations.reponses_en_mots, consultations.COLONNES),
    "votes_bulletins": TableDite(votes.bulletins_en_mots, votes.COLONNES),
}

#: Keys that lead to a person and are in no table, each with its reason. A test keeps both lists complete.
AILLEURS = {
    "admin.LogEntry.user": "technical acts of the staff",
    "timeline.Entree.par": "the public journal, where acts stand under a random reference; her own are in the other tables",
    "moderation.Decision.par": "acts of a moderator, in the public register",
    "moderation.Signalement.traite_par": "acts of a moderator",
    "commentaires.Distinction.par": "public, on the chronology",
    "commentaires.Mention.personne": "words of others",
    "reponses.Escalade.elues": "work of the collectivité",
    "reponses.LotReponses.cree_par": "work of the collectivité",
    "reponses.ModeleDeReponse.cree_par": "work of the collectivité",
    "reponses.CompteRendu.publie_par": "work of the collectivité",
    "reponses.Nouvelle.publie_par": "work of the collectivité",
    "reponses.Merci.publie_par": "work of the collectivité",
    "projets.Recit.ouvert_par": "work of the collectivité",
    "reponses.SecondeLecture.mediatrice": "act of a mediator, on the page of the answer",
    "reponses.Reponse.redigee_par": "work of the collectivité",
    "reponses.Reponse.modifiee_par": "work of the collectivité",
    "reponses.Reponse.signataire": "public act",
    "communautes.Question.destinataire": "words of others, on a public page",
    "projets.Projet.referente": "public, on the page of the projet",
    "projets.VersionDocument.publiee_par": "work of the collectivité",
    "projets.Actualite.publiee_par": "work of the collectivité",
    "idees.CoAutrice.invitee_par": "the place of somebody else",
    "idees.Depot.saisi_par": "work of the collectivité",
    "idees.Lettre.envoyee_par": "work of the collectivité",
    "idees.Fusion.proposee_par": "public, on the page of the merge",
    "idees.Fusion.close_par": "public, on the page of the merge",
    "idees.GroupeDeTravail.animatrice": "asked by others; her place, once she answers, is among her communities",
    "idees.GroupeDeTravail.experte": "asked by others; likewise",
    "idees.Importation.par": "work of the collectivité",
    "consultations.Participation.saisie_par": "work of the collectivité",
    "votes.Comptage.par": "work of the collectivité",
    "votes.Jonction.proposee_par": "work of the collectivité",
    "communautes.Adhesion.decidee_par": "the place of somebody else",
    "communautes.Appel.tranche_par": "act of a mediator or of the team, about somebody else",
    "communautes.Panel.cree_par": "work of the collectivité",
    "communautes.Mandat.redige_par": "work of the collectivité",
    "communautes.Calcul.par": "work of the collectivité",
    "communautes.VersionDeCompteRendu.par": "work of the panel, on its page",
    "communautes.AvisDuPanel.publie_par": "work of the panel, on its page",
}


def archiver(personne) -> SpooledTemporaryFile:
    """A ZIP, open at its beginning: `donnees.json`, a CSV for each table, the pictures and the files that she gave."""
    donnees = {"format": FORMAT, "faite_le": timezone.now().isoformat(), "profil": _profil(personne)}
    fichier = SpooledTemporaryFile(max_size=EN_MEMOIRE)  # noqa: SIM115 (given to the response, which closes it)
    with ZipFile(fichier, "w", ZIP_DEFLATED) as archive:
        for nom, table in (TABLES | DITES).items():
            ecrites = [[_ecrit(valeur) for valeur in ligne] for ligne in table.lire(personne)]
            donnees[nom] = [dict(zip(table.colonnes, ligne, strict=True)) for ligne in ecrites]
            archive.writestr(f"tables/{nom}.csv", "".join(en_csv(table.colonnes, ecrites)))
        archive.writestr("donnees.json", json.dumps(donnees, ensure_ascii=False, indent=1))
        for nom, contenu in _photos(personne):
            archive.writestr(nom, contenu, ZIP_STORED)
        for nom, contenu in consultations.pieces_de(personne):
            archive.writestr(nom, contenu, ZIP_STORED)
        for nom, contenu in communautes.fichiers_de(personne):
            archive.writestr(nom, contenu, ZIP_STORED)
    fichier.seek(0)
    return fichier


def _profil(personne) -> dict:
    return {
        "adresse": personne.email,
        "pseudonyme": personne.pseudonyme,
        "commune": str(personne.commune) if personne.commune else "",
        "annee_naissance": personne.annee_naissance,
        "langue": personne.langue,
        "inscrite_le": _ecrit(personne.inscrite_le),
        "reference_dans_le_journal": str(personne.reference),
    }


def _ecrit(valeur):
    """As JSON writes it; what is empty stays empty."""
    if isinstance(valeur, datetime | date):
        return valeur.isoformat()
    return valeur if isinstance(valeur, str | int | float | bool) or valeur is None else str(valeur)


def _photos(personne) -> Iterator[tuple[str, bytes]]:
    for photo in Photo.objects.filter(idee__in=Idee.objects.ecrites_par(personne)).order_by("pk"):
        try:
            with photo.fichier.open("rb") as ouvert:
                yield f"photos/{photo.pk}.webp", ouvert.read()
        except OSError:  # lost by the disk: the rest is hers all the same
            continue
