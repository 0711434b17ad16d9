from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers

from territoires.models import Territoire


class TerritoireCourt(serializers.ModelSerializer):
    class Meta:
        model = Territoire
        fields = ["id", "slug", "nom"]


class TerritoireLu(serializers.ModelSerializer):
    fait_partie_de: serializers.SlugRelatedField = serializers.SlugRelatedField(
        source="parent",
        slug_field="slug",
        read_only=True,
        allow_null=True,
        help_text="Slug du territoire qui le contient.",
    )

    class Meta:
        model = Territoire
        fields = ["id", "slug", "nom", "genre", "code", "fait_partie_de", "population", "centre_lat", "centre_lon"]


class TerritoireDetaille(TerritoireLu):
    contour = serializers.SerializerMethodField(help_text="Géométrie GeoJSON, si elle est connue.")

    class Meta(TerritoireLu.Meta):
        fields = [*TerritoireLu.Meta.fields, "contour", "source_contour"]

    @extend_schema_field({"type": "object", "nullable": True})
    def get_contour(self, territoire):
        return territoire.contour


class TerritoireFiltre(filters.FilterSet):
    genre = filters.ChoiceFilter(choices=Territoire.Genre.choices, help_text="Métropole, commune ou quartier")


@extend_schema(summary="Les territoires", description="La métropole, ses communes et leurs quartiers.")
class Territoires(generics.ListAPIView):
    queryset = Territoire.objects.select_related("parent").defer("contour", "parent__contour").order_by("genre", "slug")
    serializer_class = TerritoireLu
    filterset_class = TerritoireFiltre


@extend_schema(
    summary="Un territoire", description="Avec son contour. Tous les contours : `/territoires/contours.geojson`."
)
class UnTerritoire(generics.RetrieveAPIView):
    queryset = Territoire.objects.select_related("parent").defer("parent__contour")
    serializer_class = TerritoireDetaille
    lookup_field = "slug"


urlpatterns = [
    path("territoires/", Territoires.as_view(), name="territoires"),
    path("territoires/<slug:slug>/", UnTerritoire.as_view(), name="territoire"),
]
