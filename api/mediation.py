"""« Réponse utile ? » and what the mediator said. Who thinks what, and people's own words, are nobody else's here either."""

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from api import formulaires
from reponses import mediation
from reponses.forms_mediation import AppreciationForm
from reponses.models import Appreciation, Reponse, SecondeLecture
from reponses.permissions import peut_apprecier
from reponses.utilite import regle, utilite_de
from socle.permissions import est_connectee


class NombreDAvis(serializers.Serializer):
    utile = serializers.IntegerField(help_text="Personnes qui la trouvent claire et utile.")
    total = serializers.IntegerField(help_text="Personnes qui ont donné leur avis.")


class MonAppreciation(serializers.ModelSerializer):
    class Meta:
        model = Appreciation
        fields = ["avis", "mot", "le"]


class UtiliteLue(serializers.Serializer):
    nombre = NombreDAvis(allow_null=True, help_text="Rien tant que les avis sont trop peu nombreux pour être montrés.")
    minimum = serializers.IntegerField(help_text="Avis à partir desquels leur nombre se montre.")
    niveau = serializers.IntegerField(
        help_text="Pourcentage d’avis « utile » sous lequel une médiatrice relit ; 0 : jamais d’elle-même."
    )
    peut_apprecier = serializers.BooleanField(help_text="Vous, maintenant.")
    mon_avis = MonAppreciation(allow_null=True, help_text="Le vôtre ; personne d’autre ne le lit ici.")


class SecondeLectureLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Où la lire sur le site.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    origine_libelle = serializers.CharField(source="get_origine_display")
    utilite_lue = NombreDAvis(
        allow_null=True, help_text="« Réponse utile ? » le jour de la conclusion ; rien avant, ou avec trop peu d’avis."
    )
    est_en_retard = serializers.BooleanField(help_text="La précision demandée n’est pas venue à sa date.")

    class Meta:
        model = SecondeLecture
        fields = [
            "id", "page", "etat", "etat_libelle", "origine", "origine_libelle", "demandee_le", "conclusion", "conclue_le",
            "utilite_lue", "due_le", "precisee_le", "est_en_retard",
        ]  # fmt: skip


class UtiliteDUneReponse(APIView):
    @extend_schema(
        summary="Une réponse est-elle utile ?",
        description="Ce qu’en disent les personnes qui l’attendaient, en nombre seulement.",
        responses=UtiliteLue,
    )
    def get(self, request, pk):
        return self._dire(request, _publiee(request, pk))

    @extend_schema(
        summary="Dire si une réponse m’est utile",
        description="Pour qui a proposé ou soutenu. Recommencer remplace votre avis.",
        request={"application/json": formulaires.schema_de(AppreciationForm)},
        responses=UtiliteLue,
    )
    def put(self, request, pk):
        reponse = _publiee(request, pk)
        dites = formulaires.exiger_valide(AppreciationForm(formulaires.donnees(request.data, AppreciationForm)))
        mediation.apprecier(reponse, par=request.user, **dites)
        return self._dire(request, reponse)

    @extend_schema(
        summary="Retirer mon avis sur une réponse",
        description="Recommencer ne change rien.",
        responses={200: UtiliteLue},
    )
    def delete(self, request, pk):
        reponse = _publiee(request, pk)
        mediation.ne_plus_apprecier(reponse, par=request.user)
        return self._dire(request, reponse)

    def _dire(self, request, reponse):
        utilite, moi = utilite_de(reponse), request.user
        dit = {
            "nombre": utilite if utilite.se_dit else None,
            **regle(),
            "peut_apprecier": peut_apprecier(reponse, moi),
            "mon_avis": reponse.appreciations.filter(personne=moi).first() if est_connectee(moi) else None,
        }
        return Response(UtiliteLue(dit).data)


@extend_schema(
    summary="Les secondes lectures d’une réponse",
    description="De la première à la dernière : pourquoi elle a été relue, ce que la médiatrice a dit, et ce qui a suivi.",
)
class SecondesLectures(generics.ListAPIView):
    queryset = SecondeLecture.objects.none()
    serializer_class = SecondeLectureLue

    def get_queryset(self):
        reponse = _publiee(self.request, self.kwargs["pk"])
        lues = SecondeLecture.objects.visibles_par(self.request.user).filter(reponse=reponse)
        return lues.select_related("reponse").order_by("demandee_le", "pk")


def _publiee(request, pk) -> Reponse:
    publiees = Reponse.objects.visibles_par(request.user).publiees().prefetch_related("cible")
    return get_object_or_404(publiees, pk=pk)


urlpatterns = [
    path("reponses/<int:pk>/utilite/", UtiliteDUneReponse.as_view(), name="utilite"),
    path("reponses/<int:pk>/secondes-lectures/", SecondesLectures.as_view(), name="secondes_lectures"),
]
