"""How far what was promised has come: its steps with their accounts, what was spent, the news. Read only."""

from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.reponses import JalonLu
from reponses.models import CompteRendu, Jalon, Nouvelle, PhotoRealisation, Reponse
from reponses.realisation import Realisation, realisation_de


class PhotoDeRealisation(serializers.ModelSerializer):
    grande = serializers.SerializerMethodField()
    vignette = serializers.SerializerMethodField()

    class Meta:
        model = PhotoRealisation
        fields = ["grande", "vignette", "moment", "alternative", "largeur", "hauteur"]

    def get_grande(self, photo) -> str:
        return reverse("reponses:photo", args=[photo.pk, "grande"])

    def get_vignette(self, photo) -> str:
        return reverse("reponses:photo", args=[photo.pk, "vignette"])


class CompteRenduLu(serializers.ModelSerializer):
    depense = serializers.IntegerField(allow_null=True, help_text="Dépensé à ce jour pour cette étape, en euros.")
    photos = PhotoDeRealisation(many=True)

    class Meta:
        model = CompteRendu
        fields = ["texte", "depense", "publie_le", "photos"]


class JalonRaconte(JalonLu):
    depense = serializers.IntegerField(allow_null=True, help_text="Dernière dépense écrite, en euros.")
    comptes_rendus = CompteRenduLu(
        source="rendus", many=True, help_text="Ce qui a été fait, du premier au dernier récit."
    )

    class Meta(JalonLu.Meta):
        model = Jalon
        fields = ["id", *JalonLu.Meta.fields, "depense", "comptes_rendus"]


class NouvelleLue(serializers.ModelSerializer):
    genre_libelle = serializers.CharField(source="get_genre_display")
    jalon: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="Numéro de l’étape retardée."
    )

    class Meta:
        model = Nouvelle
        fields = ["id", "genre", "genre_libelle", "titre", "texte", "jalon", "attendue_le", "publie_le"]


class RealisationLue(serializers.Serializer):
    promises = serializers.IntegerField(help_text="Étapes promises, sans les annulées.")
    faites = serializers.IntegerField()
    annulees = serializers.IntegerField()
    cout_estime = serializers.IntegerField(
        source="reponse.cout_estime", allow_null=True, help_text="Annoncé avec la réponse, en euros."
    )
    depense = serializers.IntegerField(allow_null=True, help_text="En euros ; rien si aucune étape ne l’a écrit.")
    sans_depense = serializers.IntegerField(help_text="Étapes faites dont le coût n’est pas écrit.")
    jalons = JalonRaconte(many=True)
    nouvelles = NouvelleLue(many=True, help_text="De la dernière à la première.")


class RealisationDUneReponse(APIView):
    @extend_schema(
        summary="La réalisation d’une réponse",
        description="Les étapes promises par un oui publié. Vide pour un non, ou pour une correction : il n’y a rien à faire.",
        responses=RealisationLue,
    )
    def get(self, request, pk):
        publiees = Reponse.objects.visibles_par(request.user).publiees()
        reponse = get_object_or_404(publiees, pk=pk)
        realisation = realisation_de(reponse) or Realisation(reponse=reponse, jalons=[], nouvelles=[])
        return Response(RealisationLue(realisation).data)


urlpatterns = [path("reponses/<int:pk>/realisation/", RealisationDUneReponse.as_view(), name="realisation")]
