"""The only place where an idea is born in a state that it did not walk to.

`franchir` stays the one road of the ideas of this site. What comes from another platform has lived there: it is created
in the state that the source says, with a public entry `idees.importer` that names the source and the identifier, and one
entry for each dated fact. No official answer is forged, no clock starts, nobody is told.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commentaires.models import Commentaire
from idees.importation.conversions import ThemeACreer, cle_de
from idees.importation.validation import Ligne
from idees.models import Fiche, Idee, Importation, ProvenanceCommentaire, ProvenanceIdee
from idees.permissions import peut_importer
from projets.models import Thematique
from socle.adresses import slug_libre
from timeline.etapes import EtapeInterdite
from timeline.journal import Fait, consigner, consigner_lot


@transaction.atomic
def reprendre_idees(lignes: Sequence[Ligne], *, importation: Importation, par) -> list[Idee]:
    """Create ideas in the state that they had elsewhere, with their history. Raises EtapeInterdite for who is no agent."""
    _exiger_le_droit(par)
    themes = _themes(lignes, importation)
    idees = Idee.objects.bulk_create([_idee(ligne, importation, themes) for ligne in lignes])
    Fiche.objects.tenir(idees)
    ProvenanceIdee.objects.bulk_create(
        [_provenance(ligne, idee, importation) for ligne, idee in zip(lignes, idees, strict=True)]
    )
    faits = [fait for ligne, idee in zip(lignes, idees, strict=True) for fait in _histoire(ligne, idee, importation)]
    consigner_lot(faits, par=par, projet=importation.boite.projet, annoncer=False)
    return idees


def _exiger_le_droit(par) -> None:
    if not peut_importer(par):
        raise EtapeInterdite(_("Seuls les agents reprennent les données d’une autre plateforme."))


def _themes(lignes: Sequence[Ligne], importation: Importation) -> dict[str, Thematique]:
    """The themes that these lines ask to create, by name."""
    noms = {t.nom for ligne in lignes if isinstance(t := ligne.valeurs.get("thematique"), ThemeACreer)}
    themes = {}
    for nom in sorted(noms):
        slug = slug_libre(Thematique, nom[:40])
        themes[cle_de(nom)], nouveau = Thematique.objects.get_or_create(nom=nom, defaults={"slug": slug})
        if nouveau:
            importation.themes_crees.add(themes[cle_de(nom)])
    return themes


def _idee(ligne: Ligne, importation: Importation, themes: dict) -> Idee:
    lue = ligne.valeurs
    theme = lue.get("thematique")
    publiee: datetime = lue["publiee_le"].instant
    return Idee(
        boite=importation.boite,
        projet=importation.boite.projet,
        titre=lue["titre"],
        texte=lue["texte"],
        thematique=themes[cle_de(theme.nom)] if isinstance(theme, ThemeACreer) else theme,
        territoire=lue.get("territoire"),
        lieu=lue.get("lieu") or "",
        latitude=lue.get("latitude"),
        longitude=lue.get("longitude"),
        etat=lue["etat"],
        soumise_le=publiee,
        publiee_le=publiee,
        seuil_soutiens=importation.boite.seuil_soutiens,
        delai_reponse=importation.boite.delai_reponse,
        precision_publication=lue["publiee_le"].precision,
        repris_de=importation.source_nom,
        soutiens_repris=lue.get("soutiens") or 0,
        poids=lue.get("soutiens") or 0,
    )


def _provenance(ligne: Ligne, idee: Idee, importation: Importation) -> ProvenanceIdee:
    lue = ligne.valeurs
    return ProvenanceIdee(
        importation=importation,
        source=importation.source,
        cle=ligne.cle,
        ligne=ligne.numero,
        idee=idee,
        adresse=lue.get("adresse") or "",
        etat_origine=lue.get("etat_origine") or "",
        edition=lue.get("edition") or "",
        direction=lue.get("direction") or "",
        cout=lue.get("cout"),
        contre=lue.get("contre") or 0,
        mitiges=lue.get("mitiges") or 0,
        annonces=[{"fait": fait, **le.donnees()} for fait, le in ligne.annonces],
    )


def _histoire(ligne: Ligne, idee: Idee, importation: Importation) -> list[Fait]:
    """Its entries, the oldest first: where it comes from, then each fact at its own date."""
    lue, source = ligne.valeurs, {"source": importation.source_nom}
    chiffres = {nom: lue[nom] for nom in ("soutiens", "contre", "mitiges") if lue.get(nom)}
    origine = {
        **source,
        "cle": ligne.cle,
        "importation": importation.pk,
        "etat": lue["etat"],
        **({"etat_origine": lue["etat_origine"]} if lue.get("etat_origine") else {}),
        **({"titre_tronque": True} if ligne.titre_tronque else {}),
        **chiffres,
        **lue["publiee_le"].donnees(),
    }
    faits = [Fait("idees.importer", idee, origine)]
    precisions = {nom: lue[nom] for nom in ("edition", "direction") if lue.get(nom)}
    if lue.get("cout") is not None:
        precisions["cout"] = f"{lue['cout']:.2f}"
    for nom, le in sorted(ligne.faits, key=lambda paire: paire[1].instant):
        details = precisions if nom == "vote" else {}
        faits.append(Fait(f"idees.reprise.{nom}", idee, {**source, **details, **le.donnees()}))
    return faits


@transaction.atomic
def reprendre_commentaires(paires: Sequence[tuple[Ligne, int, int | None]], *, importation: Importation, par) -> None:
    """Write comments without author. Each comes with the idea it is about, and the first-level comment it answers, if any.

    They are told as a whole, by the entry that ends the importation: the words of persons are not events of the record.
    """
    _exiger_le_droit(par)
    ici = ContentType.objects.get_for_model(Idee)
    commentaires = Commentaire.objects.bulk_create(
        [
            Commentaire(
                cible_type=ici,
                cible_id=idee,
                parent_id=parent,
                texte=ligne.valeurs["texte"],
                position=ligne.valeurs.get("position") or Commentaire.Position.NEUTRE,
                publie_le=ligne.valeurs["publie_le"].instant,
                repris_de=importation.source_nom,
                accords_repris=ligne.valeurs.get("accords") or 0,
            )
            for ligne, idee, parent in paires
        ]
    )
    ProvenanceCommentaire.objects.bulk_create(
        [
            ProvenanceCommentaire(
                importation=importation,
                source=importation.source,
                cle=ligne.cle,
                ligne=ligne.numero,
                commentaire=commentaire,
            )
            for (ligne, _idee, _parent), commentaire in zip(paires, commentaires, strict=True)
        ]
    )


def clore(importation: Importation, *, par) -> None:
    """The last line of an importation, told to everybody; in the transaction that ends it."""
    importation.terminee_le = timezone.now()
    importation.save(update_fields=["terminee_le"])
    consigner(
        "idees.importation.terminer",
        cible=importation,
        projet=importation.projet_du_journal(),
        par=par,
        donnees={
            "source": importation.source_nom,
            "genre": importation.genre,
            "reprises": importation.reprises,
            "deja": importation.deja,
            "refusees": importation.refusees,
            "empreinte": importation.empreinte,
        },
    )
