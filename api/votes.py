"""Votes: read only. No figure before the proclamation but the number of people who voted; one votes on the site."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.territoires import TerritoireCourt
from idees.models import Idee
from votes.models import Enveloppe, Etude, Option, Scrutin
from votes.permissions import peut_lire_les_resultats
from votes.reglement import phrases
from votes.resultats import empreinte_officielle, officiel


class EnveloppeLue(serializers.ModelSerializer):
    territoire = TerritoireCourt(allow_null=True, help_text="Rien : l’enveloppe est celle de tout le monde.")
    budget = serializers.IntegerField(allow_null=True, help_text="En centimes d’euro.")

    class Meta:
        model = Enveloppe
        fields = ["id", "nom", "territoire", "budget"]


class ScrutinLu(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    est_ouvert = serializers.BooleanField(help_text="Peut-on voter en ce moment ?")
    regle_libelle = serializers.CharField(source="get_regle_display")
    forme_libelle = serializers.CharField(source="get_forme_display")
    territoire = TerritoireCourt(allow_null=True)
    projet = serializers.SerializerMethodField(help_text="Slug du projet dont une étape l’ouvre.")
    empreinte = serializers.CharField(help_text="SHA-256 du règlement, en hexadécimal : elle est dans la chronologie.")

    class Meta:
        model = Scrutin
        fields = [
            "id", "slug", "page", "titre", "question", "etat", "etat_libelle", "est_ouvert", "regle", "regle_libelle",
            "forme", "forme_libelle", "territoire", "projet", "ouvre_le", "ferme_le", "annonce_le", "proclame_le",
            "empreinte",
        ]  # fmt: skip

    def get_projet(self, scrutin) -> str | None:
        return scrutin.projet.slug if scrutin.projet else None


class ScrutinDetaille(ScrutinLu):
    regles = serializers.SerializerMethodField(help_text="Les règles, en phrases.")
    votantes = serializers.SerializerMethodField(
        help_text="Nombre de personnes qui ont voté. C’est le seul chiffre avant la proclamation."
    )
    enveloppes = EnveloppeLue(many=True)
    propositions = serializers.SerializerMethodField(help_text="Leur nombre, retirées comprises.")

    class Meta(ScrutinLu.Meta):
        fields = [
            *ScrutinLu.Meta.fields,
            "description",
            "motif_annulation",
            "regles",
            "votantes",
            "enveloppes",
            "propositions",
        ]

    def get_regles(self, scrutin) -> list[str]:
        return phrases(scrutin)

    def get_votantes(self, scrutin) -> int:
        return scrutin.nombre_de_votantes()

    def get_propositions(self, scrutin) -> int:
        return scrutin.options.count()


class OptionLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    enveloppe = serializers.IntegerField(source="enveloppe_id", help_text="Numéro de son enveloppe.")
    territoire = TerritoireCourt(allow_null=True)
    cout = serializers.IntegerField(allow_null=True, help_text="En centimes d’euro.")
    retiree_le = serializers.DateTimeField(allow_null=True, help_text="Retirée du vote, avec sa raison.")

    class Meta:
        model = Option
        fields = [
            "cle", "page", "rang", "titre", "enveloppe", "categorie", "cout", "territoire", "adresse", "latitude", "longitude",
            "proposee_par", "retiree_le", "motif_retrait",
        ]  # fmt: skip


class EtudeLue(serializers.ModelSerializer):
    service = serializers.CharField(help_text="Le service qui l’a rendue.")
    conclusion_libelle = serializers.CharField(source="get_conclusion_display")
    cout = serializers.IntegerField(allow_null=True, help_text="En centimes d’euro.")

    class Meta:
        model = Etude
        fields = [
            "service", "conclusion", "conclusion_libelle", "motif", "alternative", "cout", "cout_motif", "calendrier",
            "entretien", "rendue_le",
        ]  # fmt: skip


class OptionDetaillee(OptionLue):
    image = serializers.SerializerMethodField(help_text="Adresse de l’image.")
    idee = serializers.SerializerMethodField(help_text="Numéro de l’idée d’origine, si elle est visible.")
    etudes = serializers.SerializerMethodField(help_text="Études de faisabilité rendues.")

    class Meta(OptionLue.Meta):
        fields = [*OptionLue.Meta.fields, "texte", "image", "image_alternative", "idee", "etudes"]

    def get_image(self, option) -> str | None:
        return reverse("votes:image", args=[option.scrutin.slug, option.cle]) if option.image else None

    def get_idee(self, option) -> int | None:
        if option.idee_id is None:
            return None
        personne = self.context["request"].user
        return option.idee_id if Idee.objects.visibles_par(personne).filter(pk=option.idee_id).exists() else None

    @extend_schema_field(EtudeLue(many=True))
    def get_etudes(self, option):
        publiques = Etude.objects.publiques().filter(option=option).select_related("service")
        return EtudeLue(publiques, many=True).data


class FiltresDesVotes(filters.FilterSet):
    etat = filters.ChoiceFilter(
        choices=[(code, nom) for code, nom in Scrutin.Etat.choices if code != Scrutin.Etat.BROUILLON],
        help_text="Où en est le vote",
    )

    class Meta:
        model = Scrutin
        fields = ["etat"]


class FiltresDesOptions(filters.FilterSet):
    enveloppe = filters.NumberFilter(field_name="enveloppe_id", help_text="Numéro d’une enveloppe")
    retirees = filters.BooleanFilter(
        field_name="retiree_le", lookup_expr="isnull", exclude=True, help_text="Retirées, ou non"
    )

    class Meta:
        model = Option
        fields = ["enveloppe", "retirees"]


def _visibles(personne):
    return Scrutin.objects.visibles_par(personne).annonces().select_related("etape__projet", "territoire")


@extend_schema(summary="Les votes", description="Du plus récent au plus ancien.")
class Scrutins(generics.ListAPIView):
    queryset = Scrutin.objects.none()
    serializer_class = ScrutinLu
    filterset_class = FiltresDesVotes

    def get_queryset(self):
        return _visibles(self.request.user).defer("reglement").order_by("-ouvre_le", "-pk")


@extend_schema(
    summary="Un vote",
    description="Sa question, ses règles, son nombre de votantes et votants. On vote sur le site, pas ici.",
)
class UnScrutin(generics.RetrieveAPIView):
    queryset = Scrutin.objects.none()
    serializer_class = ScrutinDetaille
    lookup_field = "slug"

    def get_queryset(self):
        return _visibles(self.request.user).prefetch_related("enveloppes__territoire")


@extend_schema_field(OpenApiTypes.OBJECT)
class Document(serializers.JSONField):
    """A JSON object, described as one."""


class ReglementLu(serializers.Serializer):
    empreinte = serializers.CharField(help_text="SHA-256 du document ci-dessous, en JSON canonique.")
    reglement = Document(help_text="Le document figé à l’annonce.")
    licence = serializers.URLField()


class ReglementDUnScrutin(APIView):
    @extend_schema(
        summary="Le règlement d’un vote",
        description=(
            "Figé à l’annonce. Pour retrouver l’empreinte : JSON, clés triées, sans espaces, UTF-8, puis SHA-256. "
            "Le fichier du site, `/votes/{slug}/reglement.json`, est déjà écrit ainsi."
        ),
        responses=ReglementLu,
    )
    def get(self, request, slug):
        scrutin = get_object_or_404(_visibles(request.user), slug=slug)
        corps: dict[str, Any] = {
            "empreinte": scrutin.empreinte,
            "reglement": scrutin.reglement,
            "licence": settings.LICENCE_DES_DONNEES["url"],
        }
        return Response(corps)


class ResultatDeVoteLu(serializers.Serializer):
    empreinte = serializers.CharField(help_text="SHA-256 du document ci-dessous : dans la chronologie dès le comptage.")
    resultat = Document(help_text="Par enveloppe : totaux, retenues dans l’ordre, coût, tours, égalités, raisons.")
    licence = serializers.URLField()


class ResultatDUnScrutin(APIView):
    @extend_schema(
        summary="Le résultat d’un vote",
        description="Dès la proclamation, et pour tout le monde en même temps ; avant, 404. Montants en centimes.",
        responses=ResultatDeVoteLu,
    )
    def get(self, request, slug):
        scrutin = get_object_or_404(_visibles(request.user), slug=slug)
        resultat = officiel(scrutin) if peut_lire_les_resultats(scrutin, request.user) else None
        if resultat is None:
            raise Http404
        corps: dict[str, Any] = {
            "empreinte": empreinte_officielle(scrutin),
            "resultat": resultat,
            "licence": settings.LICENCE_DES_DONNEES["url"],
        }
        return Response(corps)


@extend_schema(
    summary="Les propositions d’un vote",
    description="Dans l’ordre publié, qui ne dépend pas des votes.",
)
class Options(generics.ListAPIView):
    queryset = Option.objects.none()
    serializer_class = OptionLue
    filterset_class = FiltresDesOptions

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Option.objects.none()
        scrutin = get_object_or_404(_visibles(self.request.user), slug=self.kwargs["slug"])
        return Option.objects.filter(scrutin=scrutin).select_related("scrutin", "territoire").order_by("rang", "pk")


@extend_schema(summary="Une proposition d’un vote", description="Avec son texte et ses études de faisabilité.")
class UneOption(generics.RetrieveAPIView):
    queryset = Option.objects.none()
    serializer_class = OptionDetaillee
    lookup_field = "cle"

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Option.objects.none()
        scrutin = get_object_or_404(_visibles(self.request.user), slug=self.kwargs["slug"])
        return Option.objects.filter(scrutin=scrutin).select_related("scrutin", "territoire")


urlpatterns = [
    path("votes/", Scrutins.as_view(), name="votes"),
    path("votes/<slug:slug>/", UnScrutin.as_view(), name="vote"),
    path("votes/<slug:slug>/reglement/", ReglementDUnScrutin.as_view(), name="reglement"),
    path("votes/<slug:slug>/resultat/", ResultatDUnScrutin.as_view(), name="resultat"),
    path("votes/<slug:slug>/propositions/", Options.as_view(), name="propositions"),
    path("votes/<slug:slug>/propositions/<slug:cle>/", UneOption.as_view(), name="proposition"),
]
