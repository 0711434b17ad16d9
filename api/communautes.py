"""Communities: their front pages, read only. Nothing of what is inside: neither who is in, nor what is written there."""

from django.urls import path, reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from api.filtres import FiltreSlug
from api.territoires import TerritoireCourt
from communautes.models import Communaute


class CommunauteLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    genre_libelle = serializers.CharField(source="get_genre_display")
    acces_libelle = serializers.CharField(source="get_acces_display")
    etat_libelle = serializers.CharField(source="get_etat_display")
    projet = serializers.SerializerMethodField(help_text="Slug du projet auquel elle est rattachée.")
    territoire = TerritoireCourt(allow_null=True)
    thematique = serializers.SerializerMethodField(help_text="Slug du thème auquel elle est rattachée.")
    image = serializers.SerializerMethodField(help_text="Adresse de l’image.")

    class Meta:
        model = Communaute
        fields = [
            "id", "slug", "page", "nom", "resume", "genre", "genre_libelle", "acces", "acces_libelle", "etat", "etat_libelle",
            "motif", "projet", "territoire", "thematique", "image", "image_alternative", "ouverte_le", "close_le",
        ]  # fmt: skip

    def get_projet(self, communaute) -> str | None:
        return communaute.projet.slug if communaute.projet else None

    def get_thematique(self, communaute) -> str | None:
        return communaute.thematique.slug if communaute.thematique else None

    def get_image(self, communaute) -> str | None:
        return reverse("communautes:image", args=[communaute.slug]) if communaute.image else None


class CommunauteDetaillee(CommunauteLue):
    membres = serializers.SerializerMethodField(
        help_text="Leur nombre, quand la communauté est ouverte à tout le monde ; rien sinon."
    )
    animation = serializers.SerializerMethodField(
        help_text="Pseudonymes de celles et ceux qui l’animent, la personne référente de la collectivité d’abord."
    )

    class Meta(CommunauteLue.Meta):
        fields = [*CommunauteLue.Meta.fields, "description", "charte", "membres", "animation"]

    def get_membres(self, communaute) -> int | None:
        return communaute.adhesions.en_cours().count() if communaute.est_publique else None

    def get_animation(self, communaute) -> list[str]:
        return [adhesion.personne.pseudonyme for adhesion in communaute.animation()]


class FiltresDesCommunautes(filters.FilterSet):
    etat = filters.ChoiceFilter(
        choices=[(etat.value, etat.label) for etat in Communaute.ANNONCEES], help_text="Où en est la communauté"
    )
    acces = filters.ChoiceFilter(choices=Communaute.Acces.choices, help_text="Qui peut y entrer")
    projet = FiltreSlug(field_name="projet__slug", help_text="Slug d’un projet")
    theme = FiltreSlug(field_name="thematique__slug", help_text="Slug d’un thème")

    class Meta:
        model = Communaute
        fields = ["etat", "acces", "projet", "theme"]


def _visibles(personne):
    return Communaute.objects.visibles_par(personne).annoncees().pour_liste()


@extend_schema(
    summary="Les communautés",
    description="Celles que vous pouvez trouver, la plus active d’abord. On y entre et on y participe sur le site.",
)
class Communautes(generics.ListAPIView):
    queryset = Communaute.objects.none()
    serializer_class = CommunauteLue
    filterset_class = FiltresDesCommunautes

    def get_queryset(self):
        return _visibles(self.request.user).order_by("-active_le", "-pk")


@extend_schema(
    summary="Une communauté",
    description="Sa page d’accueil : description, charte, qui l’anime. Rien de ce qui s’écrit à l’intérieur.",
)
class UneCommunaute(generics.RetrieveAPIView):
    queryset = Communaute.objects.none()
    serializer_class = CommunauteDetaillee
    lookup_field = "slug"

    def get_queryset(self):
        return _visibles(self.request.user).defer(None).defer("territoire__contour")


urlpatterns = [
    path("communautes/", Communautes.as_view(), name="communautes"),
    path("communautes/<slug:slug>/", UneCommunaute.as_view(), name="communaute"),
]
