"""The figures of the answers, as the page counts them, with the lists that they count."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from reponses.chiffres import compter


class DelaisLus(serializers.Serializer):
    service = serializers.IntegerField(allow_null=True, help_text="Numéro du service ; rien pour tous.")
    nom = serializers.CharField()
    a_temps = serializers.IntegerField(help_text="Réponses données à la date promise.")
    apres = serializers.IntegerField(help_text="Réponses données après.")
    attendues = serializers.IntegerField(help_text="Pas encore données, avant leur date.")
    en_retard = serializers.IntegerField(help_text="Pas encore données, après leur date.")
    pour_cent_a_temps = serializers.IntegerField(
        allow_null=True,
        help_text="Sur les réponses données ou en retard, arrondi vers le bas ; rien si aucune n’était due.",
    )
    mediane = serializers.IntegerField(allow_null=True, help_text="Jours, du début de l’étude à la réponse.")
    neuf_sur_dix = serializers.IntegerField(
        allow_null=True, help_text="Jours que neuf réponses sur dix n’ont pas dépassés."
    )


class NombreNomme(serializers.Serializer):
    code = serializers.CharField()
    libelle = serializers.CharField()
    nombre = serializers.IntegerField()

    def to_representation(self, triplet):
        return super().to_representation(dict(zip(("code", "libelle", "nombre"), triplet, strict=True)))


class CompteDuMois(serializers.Serializer):
    total = serializers.IntegerField()
    go = serializers.IntegerField()
    go_conditions = serializers.IntegerField()
    no_go = serializers.IntegerField()
    reponse = serializers.IntegerField(help_text="Réponses à une question : ni oui, ni non.")
    a_temps = serializers.IntegerField()
    apres = serializers.IntegerField()
    raisons = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()), help_text="Par décision, puis par raison."
    )


class EcartLu(serializers.Serializer):
    libelle = serializers.CharField()
    publie = serializers.IntegerField()
    recompte = serializers.IntegerField()


class CauseLue(serializers.Serializer):
    genre = serializers.CharField(help_text="« corrigee », « entree » (après coup), « sortie » ou « autre ».")
    reponse = serializers.IntegerField(source="numero", help_text="Numéro de la réponse.")
    page = serializers.CharField(
        source="url", help_text="De la correction, ou de la réponse ; vide si elle n’y est plus."
    )
    le = serializers.DateTimeField(allow_null=True, help_text="Date de la correction.")


class MoisLu(serializers.Serializer):
    mois = serializers.DateField(source="premier_jour", help_text="Son premier jour.")
    scelle_le = serializers.DateTimeField(
        allow_null=True, help_text="Publication de ses nombres ; rien tant qu’il se compte."
    )
    publie = CompteDuMois(allow_null=True, help_text="Ses nombres tels qu’ils ont été publiés : ils ne changent plus.")
    recompte = CompteDuMois(help_text="Le même compte, refait à l’instant.")
    ecarts = EcartLu(many=True, help_text="Ce qui diffère entre les deux.")
    causes = CauseLue(many=True, help_text="Pourquoi.")


class ChiffresLus(serializers.Serializer):
    ensemble = DelaisLus()
    services = DelaisLus(many=True)
    decisions = NombreNomme(many=True)
    questions = serializers.IntegerField(
        help_text="Réponses à une question, qui ne comptent ni comme oui, ni comme non."
    )
    refus = NombreNomme(many=True, help_text="Raisons des non, de la plus fréquente à la plus rare.")
    corrections = serializers.IntegerField(help_text="Corrections publiées : elles ne comptent pas comme des réponses.")
    mois = MoisLu(many=True, help_text="Du dernier au premier.")


class LesChiffres(APIView):
    @extend_schema(
        summary="Les réponses en chiffres",
        description="Les mêmes nombres que sur la page. Ceux d’un mois fini sont publiés une fois ; un écart est expliqué.",
        responses=ChiffresLus,
    )
    def get(self, request):
        return Response(ChiffresLus(compter()).data)


urlpatterns = [path("reponses/chiffres/", LesChiffres.as_view(), name="chiffres")]
