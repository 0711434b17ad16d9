from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.middleware.csrf import get_token
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from api.idees import IdeeLue
from idees.models import Idee, Soutien
from notifications.abonnements import modeles_suivables
from notifications.models import Abonnement, Notification


class MoiLu(serializers.Serializer):
    pseudonyme = serializers.CharField(help_text="Le seul nom que les autres voient.")
    notifications_non_lues = serializers.IntegerField()
    jeton = serializers.CharField(help_text="À joindre à ce qui écrit, dans l’en-tête X-CSRFToken.")


class SuiviLu(serializers.ModelSerializer):
    type = serializers.CharField(
        source="cible._meta.label_lower", help_text="Par exemple « idees.idee », « projets.projet » ou « idees.boite »."
    )
    id = serializers.IntegerField(source="cible_id")
    titre = serializers.CharField(source="cible")
    page = serializers.CharField(source="cible.get_absolute_url")
    depuis_le = serializers.DateTimeField(source="cree_le")

    class Meta:
        model = Abonnement
        fields = ["type", "id", "titre", "page", "facon", "depuis_le"]


class Moi(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(summary="Qui je suis ici", responses=MoiLu)
    def get(self, request):
        non_lues = Notification.objects.compter_non_lues(request.user)
        moi = {
            "pseudonyme": request.user.pseudonyme,
            "notifications_non_lues": non_lues,
            "jeton": get_token(request._request),
        }
        return Response(MoiLu(moi).data)


class _MesIdees(generics.ListAPIView):
    queryset = Idee.objects.none()
    serializer_class = IdeeLue
    permission_classes = [IsAuthenticated]


@extend_schema(summary="Mes idées", description="Mes brouillons compris, et celles que j’écris avec d’autres.")
class MesIdees(_MesIdees):
    def get_queryset(self):
        moi = self.request.user
        return Idee.objects.visibles_par(moi).ecrites_par(moi).pour_liste(moi).order_by("-cree_le", "-pk")


@extend_schema(summary="Les idées que je soutiens")
class MesSoutiens(_MesIdees):
    def get_queryset(self):
        moi: Any = self.request.user  # signed in: permission_classes
        les_miens = Soutien.objects.filter(personne=moi, idee=OuterRef("pk"))
        return Idee.objects.visibles_par(moi).filter(Exists(les_miens)).pour_liste(moi).order_by("-publiee_le", "-pk")


@extend_schema(summary="Ce que je suis", description="Tant que je peux encore le voir.")
class MesSuivis(generics.ListAPIView):
    queryset = Abonnement.objects.none()
    serializer_class = SuiviLu
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        moi: Any = self.request.user  # signed in: permission_classes
        visibles = Q(pk__in=[])
        modeles: list[Any] = modeles_suivables()
        for modele in modeles:
            vues = modele._default_manager.visibles_par(moi).values("pk")
            visibles |= Q(cible_type=ContentType.objects.get_for_model(modele), cible_id__in=vues)
        return Abonnement.objects.filter(visibles, personne=moi).prefetch_related("cible").order_by("-cree_le", "-pk")


urlpatterns = [
    path("moi/", Moi.as_view(), name="moi"),
    path("moi/idees/", MesIdees.as_view(), name="mes_idees"),
    path("moi/soutiens/", MesSoutiens.as_view(), name="mes_soutiens"),
    path("moi/suivis/", MesSuivis.as_view(), name="mes_suivis"),
]
