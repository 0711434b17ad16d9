"""What a panel publishes: its minutes, its avis citoyen, links to syntheses; and the reply that it gets."""

import re

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communautes.models import AvisDuPanel, CompteRendu, LienDeSynthese, Panel, Siege, VersionDeCompteRendu
from communautes.panels.mandat import exiger_de_conduire
from communautes.permissions_panel import peut_animer_le_panel
from socle.double_envoi import deja_envoye
from socle.fichiers import DocumentLu
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide
from timeline.journal import consigner

LIENS_MAX = 50
ADRESSE = re.compile(r"https://[^\s/]+\.[^\s/]+(/\S*)?|/(?!/)[^\s\\]*")


def _exiger_d_animer(panel: Panel, par) -> None:
    if not peut_animer_le_panel(panel, par):
        raise EtapeInterdite(_("Seules les personnes qui animent ce panel peuvent le faire."))


# --- Minutes -----------------------------------------------------------------------------------------------------


@transaction.atomic
def ecrire_un_compte_rendu(panel: Panel, *, par, titre, seance_le, texte) -> CompteRendu:
    """For the panel alone, until it is published. The same words sent twice are one. Raises EtapeInterdite or EtapeInvalide."""
    panel = Panel.objects.select_for_update(of=("self",)).select_related("communaute").get(pk=panel.pk)
    _exiger_d_animer(panel, par)
    if seance_le > timezone.localdate():
        raise EtapeInvalide(_("Cette séance n’a pas encore eu lieu."), champ="seance_le")
    dit = {"communaute": panel.communaute, "titre": titre, "seance_le": seance_le}
    ecrits = CompteRendu.objects.filter(versions__numero=1, versions__texte=texte, versions__par=par)
    if deja := deja_envoye(ecrits, "cree_le", **dit):
        return deja
    compte_rendu = CompteRendu.objects.create(**dit)
    VersionDeCompteRendu.objects.create(compte_rendu=compte_rendu, numero=1, texte=texte, par=par)
    _dire("communautes.compte_rendu.ecrire", compte_rendu, par, numero=1)
    return compte_rendu


@transaction.atomic
def corriger_un_compte_rendu(compte_rendu: CompteRendu, *, par, texte, motif) -> VersionDeCompteRendu:
    """The next version; the ones before stay readable. Raises EtapeInterdite or EtapeInvalide."""
    tenu = (
        CompteRendu.objects.select_for_update(of=("self",)).select_related("communaute__panel").get(pk=compte_rendu.pk)
    )
    _exiger_d_animer(tenu.communaute.panel, par)
    derniere = tenu.version
    if texte == derniere.texte:
        elle_meme = tenu.versions.filter(pk=derniere.pk)
        if deja := deja_envoye(elle_meme, "le", par=par, motif=motif):
            return deja
        raise EtapeInvalide(_("Rien ne change : corrigez le texte."), champ="texte")
    version = VersionDeCompteRendu.objects.create(
        compte_rendu=tenu, numero=derniere.numero + 1, texte=texte, motif=motif, par=par
    )
    _dire("communautes.compte_rendu.corriger", tenu, par, numero=version.numero)
    return version


def _dire(type_entree, compte_rendu, par, **donnees) -> None:
    consigner(
        type_entree,
        cible=compte_rendu,
        projet=compte_rendu.projet_du_journal(),
        par=par,
        donnees=donnees,
    )


# --- The avis citoyen ----------------------------------------------------------------------------------------------


@transaction.atomic
def publier_l_avis(panel: Panel, *, par, document: DocumentLu | None = None, **champs) -> AvisDuPanel:
    """The avis as it was adopted, for everybody and for good; after the first, a correction with its reason.

    `champs`: texte, adopte_le, pour, contre, abstentions, reponse_attendue_le, motif. The same one sent twice is one.
    Raises EtapeInterdite or EtapeInvalide.
    """
    tenu = Panel.objects.select_for_update(of=("self",)).select_related("communaute__projet").get(pk=panel.pk)
    _exiger_d_animer(tenu, par)
    dernier = tenu.avis
    du_fichier = document.empreinte if document else ""
    en_vigueur = tenu.avis_rendus.filter(pk=dernier and dernier.pk)
    if deja := deja_envoye(en_vigueur, "publie_le", publie_par=par, empreinte_du_fichier=du_fichier, **champs):
        return deja
    _exiger_un_avis(tenu, dernier, document, champs)
    avis = AvisDuPanel(panel=tenu, numero=dernier.numero + 1 if dernier else 1, publie_par=par, **champs)
    if document is not None:
        avis.nom_du_fichier, avis.taille, avis.empreinte_du_fichier = document.nom, document.taille, document.empreinte
        avis.fichier.save(
            f"{document.empreinte[:16]}.{document.format.extension}", ContentFile(document.contenu), save=False
        )
    avis.empreinte = avis.calculer_l_empreinte()
    avis.save()
    consigner(
        "communautes.panel.avis",
        cible=tenu,
        projet=tenu.projet_du_journal(),
        par=par,
        donnees={
            "numero": avis.numero,
            "empreinte": avis.empreinte,
            "pour": avis.pour,
            "contre": avis.contre,
            "reponse_attendue_le": avis.reponse_attendue_le.isoformat(),
        },
    )
    return avis


def _exiger_un_avis(panel, dernier, document, champs) -> None:
    if panel.mandat is None:
        raise EtapeInvalide(_("Le mandat de ce panel n’est pas publié."))
    if not champs.get("texte") and document is None:
        raise EtapeInvalide(_("Écrivez l’avis, ou joignez son fichier."), champ="texte")
    if champs["adopte_le"] > timezone.localdate():
        raise EtapeInvalide(_("Un avis se publie une fois adopté : cette date est à venir."), champ="adopte_le")
    if champs["reponse_attendue_le"] < champs["adopte_le"]:
        raise EtapeInvalide(
            _("La réponse vient après l’avis : choisissez un jour plus tard."), champ="reponse_attendue_le"
        )
    _exiger_des_voix(panel, champs["pour"], champs["contre"] + champs.get("abstentions", 0))
    if dernier and not champs.get("motif"):
        raise EtapeInvalide(_("Dites ce qui change, et pourquoi : tout le monde le lira."), champ="motif")
    # What was promised to the panel is not put off without a word: the page keeps every date.


def voix_possibles(panel: Panel) -> int:
    """Seats that were accepted, whoever left since: she may have voted. Never more than the mandate has."""
    acceptees = Siege.objects.du_panel(panel).filter(consenti_le__isnull=False).count()
    return min(acceptees, panel.mandat.places)


def _exiger_des_voix(panel: Panel, pour: int, autres: int) -> None:
    possibles = voix_possibles(panel)
    if pour < 1:
        raise EtapeInvalide(_("Un avis adopté a au moins une voix pour."), champ="pour")
    if not possibles:
        raise EtapeInvalide(_("Personne n’a encore accepté sa place : le panel n’a pas pu voter."), champ="pour")
    if pour + autres > possibles:
        raise EtapeInvalide(
            ngettext(
                "%(n)s personne a accepté sa place : il ne peut pas y avoir plus d’une voix, abstentions comprises.",
                "%(n)s personnes ont accepté leur place : il ne peut pas y avoir plus de %(n)s voix, abstentions comprises.",
                possibles,
            )
            % {"n": possibles},
            champ="pour",
        )


@transaction.atomic
def noter_la_reponse(panel: Panel, *, par, adresse, le) -> None:
    """The collectivité has replied: where. Once. Raises EtapeInterdite, EtapeImpossible or EtapeInvalide."""
    tenu = Panel.objects.select_for_update(of=("self",)).select_related("communaute__projet").get(pk=panel.pk)
    exiger_de_conduire(tenu, par)
    premier = tenu.avis_rendus.order_by("numero").first()
    if premier is None or tenu.repondu_le is not None:
        raise EtapeImpossible(_("Il n’y a pas d’avis qui attende une réponse."))
    exiger_une_adresse(adresse)
    if not premier.adopte_le <= le <= timezone.localdate():
        raise EtapeInvalide(_("Choisissez un jour entre l’avis et aujourd’hui."), champ="le")
    tenu.repondu_le, tenu.reponse_adresse = le, adresse
    tenu.save(update_fields=["repondu_le", "reponse_adresse"])
    consigner(
        "communautes.panel.repondre",
        cible=tenu,
        projet=tenu.projet_du_journal(),
        par=par,
        donnees={"le": le.isoformat(), "adresse": adresse},
    )


# --- Links to syntheses ----------------------------------------------------------------------------------------------


def exiger_une_adresse(adresse: str) -> None:
    """A page of this site, or of another one over https. Raises EtapeInvalide (field `adresse`)."""
    if not ADRESSE.fullmatch(adresse):
        raise EtapeInvalide(
            _("Écrivez une adresse complète, qui commence par https://, ou une page de ce site, qui commence par /."),
            champ="adresse",
        )


@transaction.atomic
def lier_une_synthese(panel: Panel, *, par, titre, adresse) -> LienDeSynthese:
    """Raises EtapeInterdite or EtapeInvalide."""
    tenu = Panel.objects.select_for_update(of=("self",)).select_related("communaute__projet").get(pk=panel.pk)
    _exiger_d_animer(tenu, par)
    exiger_une_adresse(adresse)
    if tenu.syntheses.filter(adresse=adresse).exists():
        raise EtapeInvalide(_("Cette adresse est déjà dans la liste."), champ="adresse")
    if tenu.syntheses.count() >= LIENS_MAX:
        raise EtapeInvalide(_("Il y a trop de liens : enlevez-en un d’abord."))
    lien = LienDeSynthese.objects.create(panel=tenu, titre=titre, adresse=adresse)
    _dire_du_panel("communautes.panel.lier", tenu, par, lien)
    return lien


@transaction.atomic
def delier_une_synthese(lien: LienDeSynthese, *, par) -> None:
    """Raises EtapeInterdite."""
    _exiger_d_animer(lien.panel, par)
    _dire_du_panel("communautes.panel.delier", lien.panel, par, lien)
    lien.delete()


def _dire_du_panel(type_entree, panel, par, lien) -> None:
    consigner(
        type_entree,
        cible=panel,
        projet=panel.projet_du_journal(),
        par=par,
        publique=False,
        donnees={"adresse": lien.adresse},
    )
