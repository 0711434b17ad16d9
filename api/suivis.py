"""Following something, and what one is told."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from api import formulaires
from api.timeline import EntreeLue
from idees.models import Boite, Idee
from notifications.abonnements import abonner, desabonner, facon_de
from notifications.forms import FaconForm
from notifications.models import Abonnement, Notification
from projets.models import Projet
from timeline.models import Entree


class SuiviDonne(serializers.Serializer):
    est_suivie = serializers.BooleanField()
    facon = serializers.ChoiceField(
        choices=Abonnement.Facon.choices,
        allow_null=True,
        help_text="De tout, ou des grandes étapes ; rien si vous ne suivez pas.",
    )


class NotificationLue(serializers.ModelSerializer):
    entree = EntreeLue(help_text="Ce qui s’est passé.")

    class Meta:
        model = Notification
        fields = ["id", "cree_le", "lue_le", "entree"]


class NombreDeLectures(serializers.Serializer):
    lues = serializers.IntegerField(help_text="Combien viennent d’être lues.")


class _Suivi(APIView):
    """Of one thing that the person may see, found by `cle`."""

    modele: Any  # the subclass says which
    cle = "pk"

    @extend_schema(
        summary="Suivre",
        description="Vous êtes prévenu de tout (« participe », ce que veut dire ne rien préciser) ou des grandes étapes "
        "(« informe »). Recommencer ne change rien ; dire l’autre façon remplace la première.",
        request={"application/json": formulaires.schema_de(FaconForm)},
        responses=SuiviDonne,
    )
    def put(self, request, **_cle):
        cible = self._cible(request)
        dites = formulaires.exiger_valide(FaconForm(formulaires.donnees(request.data, FaconForm)))
        abonner(request.user, cible, dites["facon"])
        return self._dire(request, cible)

    @extend_schema(summary="Ne plus suivre", description="Recommencer ne change rien.", responses={200: SuiviDonne})
    def delete(self, request, **_cle):
        cible = self._cible(request)
        desabonner(request.user, cible)
        return self._dire(request, cible)

    def _cible(self, request):
        visibles = self.modele.objects.visibles_par(request.user)
        return get_object_or_404(visibles, **{self.cle: self.kwargs[self.cle]})

    def _dire(self, request, cible):
        facon = facon_de(request.user, cible)
        return Response(SuiviDonne({"est_suivie": facon is not None, "facon": facon}).data)


class SuiviDUneIdee(_Suivi):
    modele = Idee


class SuiviDUnProjet(_Suivi):
    modele = Projet
    cle = "slug"


class SuiviDUneBoite(_Suivi):
    modele = Boite
    cle = "slug"


class NotificationFiltre(filters.FilterSet):
    non_lues = filters.BooleanFilter(
        field_name="lue_le", lookup_expr="isnull", help_text="Seulement celles qui restent à lire, ou les autres"
    )


@extend_schema(summary="Mes notifications", description="De la plus récente à la plus ancienne.")
class Notifications(generics.ListAPIView):
    queryset = Notification.objects.none()
    serializer_class = NotificationLue
    filterset_class = NotificationFiltre
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        entrees = Prefetch("entree", Entree.objects.pour_affichage().select_related("projet"))
        miennes = Notification.objects.de(self.request.user)
        return miennes.prefetch_related(entrees).order_by("-cree_le", "-pk")


class LireUneNotification(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(summary="Marquer une notification comme lue", request=None, responses=NombreDeLectures)
    def put(self, request, pk):
        mienne = get_object_or_404(Notification.objects.de(request.user), pk=pk)
        return _lire(Notification.objects.filter(pk=mienne.pk))


class LireMesNotifications(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="notifications_tout_lire",
        summary="Marquer toutes mes notifications comme lues",
        request=None,
        responses=NombreDeLectures,
    )
    def put(self, request):
        return _lire(Notification.objects.de(request.user))


def _lire(notifications):
    lues = notifications.filter(lue_le__isnull=True).update(lue_le=timezone.now())
    return Response(NombreDeLectures({"lues": lues}).data)


urlpatterns = [
    path("idees/<int:pk>/suivi/", SuiviDUneIdee.as_view(), name="suivi_idee"),
    path("projets/<slug:slug>/suivi/", SuiviDUnProjet.as_view(), name="suivi_projet"),
    path("boites/<slug:slug>/suivi/", SuiviDUneBoite.as_view(), name="suivi_boite"),
    path("notifications/", Notifications.as_view(), name="notifications"),
    path("notifications/lecture/", LireMesNotifications.as_view(), name="lire_notifications"),
    path("notifications/<int:pk>/lecture/", LireUneNotification.as_view(), name="lire_notification"),
]
