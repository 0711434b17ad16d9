"""The démarches, their stages, documents and news; and what is told of them afterwards."""

from projets.models.dans_une_etape import DansUneEtape, DansUneEtapeQuerySet
from projets.models.projet import (
    Actualite,
    Document,
    DuProjetQuerySet,
    Etape,
    EtapeQuerySet,
    Projet,
    ProjetQuerySet,
    RoleProjet,
    Thematique,
    VersionCadre,
    VersionDocument,
    VersionDocumentQuerySet,
    nom_du_champ,
    ranger,
)
from projets.models.recit import Bloc, Recit, RecitQuerySet

__all__ = [
    "Actualite",
    "Bloc",
    "DansUneEtape",
    "DansUneEtapeQuerySet",
    "Document",
    "DuProjetQuerySet",
    "Etape",
    "EtapeQuerySet",
    "Projet",
    "ProjetQuerySet",
    "Recit",
    "RecitQuerySet",
    "RoleProjet",
    "Thematique",
    "VersionCadre",
    "VersionDocument",
    "VersionDocumentQuerySet",
    "nom_du_champ",
    "ranger",
]
