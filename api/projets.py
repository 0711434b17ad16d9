from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from api.etapes import EtapesOuvertes, UneEtape, etape_decrite, ouvertes_decrites
from api.filtres import FiltreSlug, ListeFermee
from api.idees import ThematiqueLue
from api.territoires import TerritoireCourt
from notifications.abonnements import facon_suivie_par
from notifications.models import Abonnement
from projets.liste import GROUPES, PREPARATION, chercher, filtres
from projets.models import Actualite, Document, Etape, Projet, VersionDocument


class EtapeLue(serializers.ModelSerializer):
    etat_libelle = serializers.CharField(source="get_etat_display")
    est_ouverte = serializers.BooleanField(help_text="En ce moment, entre ses deux dates.")
    ouvre = serializers.ListField(
        child=serializers.ChoiceField(choices=Etape.Fonction.choices), help_text="Ce qu’on peut y faire."
    )

    class Meta:
        model = Etape
        fields = [
            "id",
            "titre",
            "genre",
            "description",
            "lieu",
            "ouvre_le",
            "ferme_le",
            "ouvre",
            "etat",
            "etat_libelle",
            "est_ouverte",
            "motif_annulation",
        ]


class CadreLu(serializers.ModelSerializer):
    class Meta:
        model = Projet
        fields = Projet.CADRE


class ProjetLu(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    territoire = TerritoireCourt(allow_null=True)
    thematiques = ThematiqueLue(many=True)
    debut_le = serializers.DateTimeField(allow_null=True, help_text="Début de sa première étape.")
    fin_le = serializers.DateTimeField(allow_null=True, help_text="Fin de sa dernière étape.")
    etape_en_cours = serializers.CharField(source="etape_en_cours.titre", allow_null=True, default=None)

    class Meta:
        model = Projet
        fields = [
            "id", "slug", "page", "titre", "resume", "etat", "etat_libelle", "territoire", "thematiques",
            "annonce_le", "debut_le", "fin_le", "etape_en_cours",
        ]  # fmt: skip


class ProjetDetaille(ProjetLu):
    cadre = CadreLu(source="*", help_text="Ce qu’il faut savoir avant de participer.")
    referente = serializers.CharField(
        source="referente.pseudonyme", allow_null=True, default=None, help_text="Pseudonyme de la personne référente."
    )
    etapes = EtapeLue(many=True)
    reponse = serializers.SerializerMethodField(help_text="Numéro de la réponse officielle publiée.")
    est_suivi = serializers.SerializerMethodField(help_text="Par vous.")
    facon = serializers.ChoiceField(
        source="facon_suivie",
        choices=Abonnement.Facon.choices,
        allow_null=True,
        help_text="De quelle façon vous le suivez.",
    )

    class Meta(ProjetLu.Meta):
        fields = [*ProjetLu.Meta.fields, "description", "cadre", "referente", "etapes", "reponse", "est_suivi", "facon"]

    def get_est_suivi(self, projet) -> bool:
        return projet.facon_suivie is not None

    def get_reponse(self, projet) -> int | None:
        reponse = projet.reponse_publiee()
        return reponse.pk if reponse else None


class VersionLue(serializers.ModelSerializer):
    fichier = serializers.CharField(source="get_absolute_url", help_text="Où la télécharger.")
    empreinte = serializers.CharField(help_text="SHA-256 du fichier, en hexadécimal.")

    class Meta:
        model = VersionDocument
        fields = ["numero", "nom", "fichier", "taille", "empreinte", "note", "publiee_le"]


class DocumentLu(serializers.ModelSerializer):
    versions = VersionLue(many=True, help_text="De la plus récente à la première.")

    class Meta:
        model = Document
        fields = ["id", "titre", "versions"]


class ActualiteLue(serializers.ModelSerializer):
    class Meta:
        model = Actualite
        fields = ["id", "titre", "texte", "publiee_le"]


class ProjetFiltre(ListeFermee):
    etat = filters.ChoiceFilter(
        choices=[*((code, nom) for code, (nom, _etats) in GROUPES.items()), (PREPARATION, "En préparation")],
        help_text="Où en est le projet",
    )
    theme = FiltreSlug(help_text="Slug d’une thématique")
    lieu = FiltreSlug(help_text="Slug d’un territoire : ce qu’il contient compte aussi")

    def filter_queryset(self, projets):
        personne = self.request.user
        trouves = self.appliquer(lambda demandes: filtres(demandes, personne), lambda choix: chercher(personne, choix))
        return trouves.pour_liste()


@extend_schema(summary="Les projets", description="Du dernier annoncé au premier.")
class Projets(generics.ListAPIView):
    queryset = Projet.objects.none()
    serializer_class = ProjetLu
    filterset_class = ProjetFiltre

    def get_queryset(self):
        return Projet.objects.visibles_par(self.request.user)


@extend_schema(summary="Un projet", description="Avec son cadre et toutes ses étapes, celles à venir comprises.")
class UnProjet(generics.RetrieveAPIView):
    queryset = Projet.objects.none()
    serializer_class = ProjetDetaille
    lookup_field = "slug"

    def get_queryset(self):
        personne = self.request.user
        etapes = Prefetch("etapes", Etape.objects.select_related("projet").order_by("ouvre_le", "pk"))
        visibles = Projet.objects.visibles_par(personne).annotate(facon_suivie=facon_suivie_par(personne, Projet))
        return (
            visibles.select_related("referente", "territoire")
            .defer("territoire__contour")
            .prefetch_related("thematiques", etapes)
        )


class _DuProjet(generics.ListAPIView):
    """What belongs to one projet, for whoever may see it."""

    def get_queryset(self):
        projet = get_object_or_404(Projet.objects.visibles_par(self.request.user), slug=self.kwargs["slug"])
        modele: Any = super().get_queryset().model  # the subclass says which
        return modele.objects.visibles_par(self.request.user).filter(projet=projet)


@extend_schema(
    summary="Les documents d’un projet", description="Chacun avec toutes ses versions : aucune n’est remplacée."
)
class DocumentsDUnProjet(_DuProjet):
    queryset = Document.objects.none()
    serializer_class = DocumentLu

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .filter(versions__isnull=False)
            .distinct()
            .prefetch_related("versions")
            .order_by("titre", "pk")
        )


@extend_schema(summary="Les actualités d’un projet")
class ActualitesDUnProjet(_DuProjet):
    queryset = Actualite.objects.none()
    serializer_class = ActualiteLue

    def get_queryset(self):
        return super().get_queryset().order_by("-publiee_le", "-pk")


@ouvertes_decrites("un projet")
class EtapesDUnProjet(EtapesOuvertes):
    modele = Projet
    cle = "slug"


@etape_decrite(Projet, "un projet")
class UneEtapeDeProjet(UneEtape):
    modele = Projet
    cle = "slug"


urlpatterns = [
    path("projets/", Projets.as_view(), name="projets"),
    path("projets/<slug:slug>/", UnProjet.as_view(), name="projet"),
    path("projets/<slug:slug>/documents/", DocumentsDUnProjet.as_view(), name="documents"),
    path("projets/<slug:slug>/actualites/", ActualitesDUnProjet.as_view(), name="actualites"),
    path("projets/<slug:slug>/etapes/", EtapesDUnProjet.as_view(), name="etapes_projet"),
    path("projets/<slug:slug>/etapes/<slug:nom>/", UneEtapeDeProjet.as_view(), name="etape_projet"),
]
