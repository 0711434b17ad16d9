from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api.territoires import TerritoireCourt
from consultations.models import Consultation
from consultations.permissions import peut_lire_les_resultats
from consultations.resultats import montrer
from consultations.views.resultats import FICHIERS


class ConsultationLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    est_ouverte = serializers.BooleanField(help_text="Peut-on répondre en ce moment ?")
    regles = serializers.CharField(source="regles_en_clair", help_text="Qui peut répondre, jusqu’à quand, et la suite.")
    territoire = TerritoireCourt(allow_null=True)
    projet = serializers.SerializerMethodField(help_text="Slug du projet dont une étape l’ouvre.")
    resultats_visibles = serializers.BooleanField(help_text="Pour tout le monde en même temps.")

    class Meta:
        model = Consultation
        fields = [
            "id", "slug", "page", "titre", "description", "genre", "etat", "etat_libelle", "est_ouverte", "regles",
            "territoire", "projet", "ouvre_le", "ferme_le", "resultats_visibles",
        ]  # fmt: skip

    def get_projet(self, consultation) -> str | None:
        return consultation.projet.slug if consultation.projet else None


class ConsultationDetaillee(ConsultationLue):
    version = serializers.SerializerMethodField(help_text="Numéro de la version du questionnaire.")
    questionnaire = serializers.SerializerMethodField(
        help_text="Pages, questions, choix et sauts ; les clés restent les mêmes d’une version à l’autre."
    )
    bilan = serializers.CharField(source="restitution", help_text="Le bilan de la collectivité, une fois publié.")

    class Meta(ConsultationLue.Meta):
        fields = [*ConsultationLue.Meta.fields, "version", "questionnaire", "bilan"]

    def get_version(self, consultation) -> int | None:
        version = consultation.version
        return version.numero if version else None

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_questionnaire(self, consultation) -> dict[str, Any] | None:
        version = consultation.version
        return version.questionnaire.en_json() if version else None


class PartLue(serializers.Serializer):
    cle = serializers.CharField()
    libelle = serializers.CharField()
    nombre = serializers.IntegerField(help_text="Personnes.")
    part = serializers.FloatField(help_text="Pour cent des personnes qui ont répondu à la question, ou à cette ligne.")


class LigneLue(serializers.Serializer):
    libelle = serializers.CharField()
    parts = PartLue(many=True)


class RangLu(serializers.Serializer):
    cle = serializers.CharField()
    libelle = serializers.CharField()
    premieres = serializers.IntegerField(help_text="Personnes qui l’ont mis en premier.")
    fois = serializers.IntegerField(help_text="Personnes qui l’ont classé.")
    moyen = serializers.FloatField(allow_null=True, help_text="Place moyenne, quand il a été classé.")
    points = serializers.IntegerField(
        help_text="De Borda : autant que de choix pour une première place, puis un de moins."
    )


class ResumeLu(serializers.Serializer):
    minimum = serializers.FloatField()
    q1 = serializers.FloatField()
    mediane = serializers.FloatField()
    q3 = serializers.FloatField()
    maximum = serializers.FloatField()
    moyenne = serializers.FloatField()


class ResultatLu(serializers.Serializer):
    question = serializers.CharField(source="question.cle", help_text="Clé de la question.")
    intitule = serializers.CharField(source="question.intitule")
    genre = serializers.CharField(source="question.genre")
    versions = serializers.ListField(child=serializers.IntegerField())
    autrefois = serializers.ListField(
        child=serializers.CharField(), help_text="Formulations de versions plus anciennes."
    )
    recues = serializers.IntegerField(help_text="Réponses aux versions qui posent cette question.")
    repondantes = serializers.IntegerField(help_text="Personnes qui ont répondu à cette question.")
    est_retenu = serializers.BooleanField(
        help_text="Moins de dix personnes et la consultation est ouverte : le détail viendra ensuite."
    )
    parts = PartLue(many=True)
    lignes = serializers.SerializerMethodField(help_text="D’un tableau : ses lignes.")
    resume = serializers.SerializerMethodField(help_text="De nombres.")
    rangs = RangLu(many=True, help_text="D’un classement : ses choix, du mieux classé au dernier.")
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="De lieux : latitude et longitude à cent mètres ; 2 000 au plus, sur le nombre de `lieux`.",
    )
    lieux = serializers.IntegerField()
    textes_publiables = serializers.IntegerField(
        help_text="Réponses écrites que leur autrice ou auteur laisse publier."
    )
    textes_tus = serializers.IntegerField(help_text="Réponses écrites qui ne sont lues que par l’équipe.")
    textes_masques = serializers.IntegerField(help_text="Réponses écrites que la modération masque.")
    choix_autrefois = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Choix reformulés d’une version à l’autre : ce qu’ils disaient, ce qu’ils disent.",
    )

    @extend_schema_field(LigneLue(many=True))
    def get_lignes(self, resultat):
        return [{"libelle": libelle, "parts": PartLue(parts, many=True).data} for libelle, parts in resultat.lignes]

    @extend_schema_field(ResumeLu(allow_null=True))
    def get_resume(self, resultat):
        return ResumeLu(asdict(resultat.resume)).data if resultat.resume else None


class ResultatsLus(serializers.Serializer):
    participations = serializers.IntegerField(help_text="Réponses comptées.")
    questions = ResultatLu(many=True)
    donnees = serializers.ListField(
        child=serializers.CharField(),
        help_text="Sur le site, fichiers de données ouvertes : réponses (CSV, JSON) et dictionnaire ; aucun avant la fin.",
    )
    licence = serializers.URLField()


@extend_schema(summary="Les consultations", description="De la plus récente à la plus ancienne.")
class Consultations(generics.ListAPIView):
    queryset = Consultation.objects.none()
    serializer_class = ConsultationLue

    def get_queryset(self):
        visibles = Consultation.objects.visibles_par(self.request.user).annoncees()
        return visibles.select_related("etape__projet", "territoire").order_by("-ouvre_le", "-pk")


@extend_schema(summary="Une consultation", description="Avec son questionnaire et ses règles.")
class UneConsultation(generics.RetrieveAPIView):
    queryset = Consultation.objects.none()
    serializer_class = ConsultationDetaillee
    lookup_field = "slug"

    def get_queryset(self):
        visibles = Consultation.objects.visibles_par(self.request.user).annoncees()
        return visibles.select_related("etape__projet", "territoire")


class ResultatsDUneConsultation(APIView):
    @extend_schema(
        summary="Les résultats d’une consultation",
        description="404 tant que personne ne doit les voir : la règle est dite avec la consultation.",
        responses=ResultatsLus,
    )
    def get(self, request, slug):
        visibles = Consultation.objects.visibles_par(request.user).annoncees()
        consultation = get_object_or_404(visibles.select_related("etape__projet"), slug=slug)
        if not peut_lire_les_resultats(consultation, request.user):
            raise Http404
        resultats = montrer(consultation)
        noms = FICHIERS if consultation.est_finie else ()
        corps = {
            "participations": resultats.participations,
            "questions": resultats.questions,
            "donnees": [reverse("consultations:donnees", args=[slug, nom]) for nom in noms],
            "licence": settings.LICENCE_DES_DONNEES["url"],
        }
        return Response(ResultatsLus(corps).data)


urlpatterns = [
    path("consultations/", Consultations.as_view(), name="consultations"),
    path("consultations/<slug:slug>/", UneConsultation.as_view(), name="consultation"),
    path("consultations/<slug:slug>/resultats/", ResultatsDUneConsultation.as_view(), name="resultats"),
]
