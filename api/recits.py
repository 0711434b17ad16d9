"""The stories of a projet, edition by edition. Drafts are written on their page, and read there only."""

from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from projets.lecture_recit import lire
from projets.models import Bloc, Projet, Recit
from timeline.phrases import phrase_en_texte


class RecitLu(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    chapo = serializers.SerializerMethodField(help_text="Vide s’il est retiré.")

    class Meta:
        model = Recit
        fields = ["numero", "page", "titre", "chapo", "etat", "etat_libelle", "publie_le", "motif_retrait"]

    def get_chapo(self, recit) -> str:
        return recit.chapo if recit.est_lisible else ""


class EntreeCitee(serializers.Serializer):
    numero = serializers.IntegerField()
    empreinte = serializers.CharField(help_text="Dans le journal : `/api/v1/journal/{empreinte}/`.")
    page = serializers.CharField(source="get_absolute_url")
    phrase = serializers.SerializerMethodField()

    def get_phrase(self, entree) -> str:
        return phrase_en_texte(entree)


class PhotoDeRecit(serializers.Serializer):
    grande = serializers.SerializerMethodField()
    vignette = serializers.SerializerMethodField()
    alternative = serializers.CharField()
    credit = serializers.CharField(help_text="Qui l’a prise.")
    largeur = serializers.IntegerField()
    hauteur = serializers.IntegerField()

    def get_grande(self, bloc) -> str:
        return reverse("projets:photo_recit", args=[bloc.pk, "grande"])

    def get_vignette(self, bloc) -> str:
        return reverse("projets:photo_recit", args=[bloc.pk, "vignette"])


class FaitLu(serializers.Serializer):
    libelle = serializers.CharField()
    valeur = serializers.IntegerField()
    euros = serializers.BooleanField(help_text="C’est une somme, en euros.")


class ChiffresDuRecit(serializers.Serializer):
    reponse = serializers.IntegerField(source="reponse_id", help_text="Numéro de la réponse officielle.")
    releves_le = serializers.DateField(source="releve_le")
    faits = FaitLu(many=True)


class PassageLu(serializers.ModelSerializer):
    """One kind of content a block; a block whose subject moderation has hidden keeps its place, and says nothing."""

    est_masque = serializers.BooleanField(help_text="Par la modération, depuis : sa place reste, sans ses mots.")
    entree = serializers.SerializerMethodField(help_text="L’entrée de la chronologie qu’il cite.")
    photo = serializers.SerializerMethodField()
    chiffres = serializers.SerializerMethodField(help_text="Ceux d’une réponse, relevés à leur date.")

    class Meta:
        model = Bloc
        fields = ["rang", "genre", "est_masque", "texte", "entree", "photo", "chiffres"]

    @extend_schema_field(EntreeCitee(allow_null=True))
    def get_entree(self, bloc):
        return EntreeCitee(bloc.entree).data if bloc.entree and not bloc.est_masque else None

    @extend_schema_field(PhotoDeRecit(allow_null=True))
    def get_photo(self, bloc):
        return PhotoDeRecit(bloc).data if bloc.genre == Bloc.Genre.PHOTO else None

    @extend_schema_field(ChiffresDuRecit(allow_null=True))
    def get_chiffres(self, bloc):
        return ChiffresDuRecit(bloc).data if bloc.genre == Bloc.Genre.CHIFFRES and not bloc.est_masque else None


class RecitDetaille(RecitLu):
    empreinte = serializers.SerializerMethodField(
        help_text="SHA-256 de ses mots, de ses citations et de ses photos, écrit dans la chronologie à sa publication."
    )
    appuyes = serializers.IntegerField(help_text="Passages suivis d’une entrée de la chronologie.")
    passages = PassageLu(many=True, help_text="Dans leur ordre ; aucun si l’édition est retirée.")

    class Meta(RecitLu.Meta):
        fields = [*RecitLu.Meta.fields, "empreinte", "appuyes", "passages"]

    def get_empreinte(self, recit) -> str | None:
        entree = recit.publication()
        return entree.donnees["empreinte"] if entree else None


def _parus(request, slug):
    projet = get_object_or_404(Projet.objects.visibles_par(request.user), slug=slug)
    parus = Recit.objects.visibles_par(request.user).filter(projet=projet).exclude(etat=Recit.Etat.BROUILLON)
    return parus.select_related("projet").order_by("-numero")


@extend_schema(summary="Les récits d’un projet", description="De la dernière édition publiée à la première.")
class RecitsDUnProjet(generics.ListAPIView):
    queryset = Recit.objects.none()
    serializer_class = RecitLu

    def get_queryset(self):
        return _parus(self.request, self.kwargs["slug"])


class UnRecit(APIView):
    @extend_schema(
        summary="Un récit",
        description="Publié, il ne change plus. Retiré, il garde son titre, ses dates et la raison.",
        responses=RecitDetaille,
    )
    def get(self, request, slug, numero):
        recit = get_object_or_404(_parus(request, slug), numero=numero)
        lecture = lire(recit) if recit.est_lisible else None
        recit.appuyes, recit.passages = (lecture.appuyes, lecture.blocs) if lecture else (0, [])
        return Response(RecitDetaille(recit).data)


urlpatterns = [
    path("projets/<slug:slug>/recits/", RecitsDUnProjet.as_view(), name="recits"),
    path("projets/<slug:slug>/recits/<int:numero>/", UnRecit.as_view(), name="recit"),
]
