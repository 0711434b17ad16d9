from django import forms
from django.contrib.contenttypes.models import ContentType
from django.urls import path, reverse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers

from api.filtres import FiltreSlug
from timeline.frise import GENRES
from timeline.huis_clos import chaines_lues_par
from timeline.models import Chaine, Entree
from timeline.phrases import phrase_en_texte


class EntreeLue(serializers.ModelSerializer):
    registre = serializers.CharField(source="chaine.cle", help_text="Clé de son registre.")
    genre = serializers.CharField(help_text="Premier mot du type.")
    phrase = serializers.SerializerMethodField(help_text="Ce qui s’est passé, en une phrase.")
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    cible = serializers.SerializerMethodField(help_text="Ce dont elle parle : « idees.idee:12 ».")
    projet = serializers.SerializerMethodField(help_text="Slug du projet.")
    donnees = serializers.DictField(help_text="Ce que l’entrée retient, couvert par l’empreinte.")
    precedente = serializers.CharField(help_text="Empreinte de l’entrée d’avant, dans le même registre.")
    empreinte = serializers.CharField(help_text="SHA-256, en hexadécimal.")

    class Meta:
        model = Entree
        fields = [
            "registre", "numero", "type", "genre", "le", "phrase", "page", "cible", "projet", "est_publique",
            "donnees", "precedente", "empreinte",
        ]  # fmt: skip

    def get_phrase(self, entree) -> str:
        return phrase_en_texte(entree)

    def get_cible(self, entree) -> str:
        return f"{entree.etiquette_cible}:{entree.cible_id}"

    def get_projet(self, entree) -> str | None:
        return entree.projet.slug if entree.projet and entree.projet.est_lisible else None


class RegistreLu(serializers.ModelSerializer):
    projet = serializers.SerializerMethodField(help_text="Slug du projet ; rien pour le registre général.")
    fichier = serializers.SerializerMethodField(
        help_text="Le registre entier, une ligne de JSON par entrée, pour recalculer chaque empreinte."
    )

    class Meta:
        model = Chaine
        fields = ["cle", "projet", "longueur", "tete", "fichier"]

    def get_projet(self, chaine) -> str | None:
        return chaine.projet.slug if chaine.projet and chaine.projet.est_lisible else None

    def get_fichier(self, chaine) -> str:
        return reverse("timeline:registre", args=[chaine.cle])


@extend_schema_field(OpenApiTypes.STR)
class FiltreCible(filters.Filter):
    """One thing, as entries name it: « idees.idee:12 »."""

    field_class = forms.RegexField

    def __init__(self, **kwargs):
        super().__init__(regex=r"^[a-z_]{1,40}\.[a-z_]{1,40}:[0-9]{1,18}$", **kwargs)

    def filter(self, entrees, valeur):
        if not valeur:
            return entrees
        etiquette, numero = valeur.split(":")
        app, modele = etiquette.split(".")
        trouve = ContentType.objects.filter(app_label=app, model=modele).first()
        return entrees.filter(cible_type=trouve, cible_id=int(numero)) if trouve else entrees.none()


class JournalFiltre(filters.FilterSet):
    genre = filters.ChoiceFilter(
        choices=[(code, nom) for code, (nom, _icone) in GENRES.items()],
        method="du_genre",
        help_text="Ce que l’entrée raconte",
    )
    projet = FiltreSlug(field_name="projet__slug", help_text="Slug d’un projet")
    cible = FiltreCible(help_text="Une seule chose, par exemple « idees.idee:12 »")

    def du_genre(self, entrees, _nom, code):
        return entrees.filter(type__startswith=f"{code}.")


@extend_schema(
    summary="La chronologie",
    description=(
        "Le registre public de tout ce qui s’est passé, du plus récent au plus ancien. "
        "Chaque entrée porte l’empreinte de la précédente : on ne peut que l’allonger."
    ),
)
class Journal(generics.ListAPIView):
    queryset = Entree.objects.none()
    serializer_class = EntreeLue
    filterset_class = JournalFiltre

    def get_queryset(self):
        return entrees_lues_par(self.request.user).order_by("-le", "-pk")


@extend_schema(summary="Une entrée de la chronologie")
class UneEntree(generics.RetrieveAPIView):
    queryset = Entree.objects.none()
    serializer_class = EntreeLue
    lookup_field = "empreinte"

    def get_queryset(self):
        return entrees_lues_par(self.request.user)


@extend_schema(
    summary="Les registres",
    description="Chaque projet a le sien ; ce qui n’est dans aucun projet est dans le registre général.",
)
class Registres(generics.ListAPIView):
    queryset = Chaine.objects.none()
    serializer_class = RegistreLu

    def get_queryset(self):
        lisibles = Entree.objects.visibles_par(self.request.user).values("chaine")
        chaines = Chaine.objects.filter(chaines_lues_par(self.request.user), pk__in=lisibles)
        return chaines.select_related("projet").order_by("pk")


def entrees_lues_par(personne):
    return Entree.objects.visibles_par(personne).pour_affichage().select_related("projet")


urlpatterns = [
    path("journal/", Journal.as_view(), name="journal"),
    path("journal/registres/", Registres.as_view(), name="registres"),
    path("journal/<slug:empreinte>/", UneEntree.as_view(), name="entree"),
]
