"""Official answers: read only. One is signed on its page, by the person who has it under her eyes."""

from django.urls import path, reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers

from api.filtres import ListeFermee
from reponses.liste import DELAIS, GENRES, chercher, filtres
from reponses.models import Jalon, Reponse


class JalonLu(serializers.ModelSerializer):
    est_en_retard = serializers.BooleanField()
    attendue_le = serializers.DateField(
        allow_null=True, help_text="Nouvelle date annoncée avec un retard ; la date promise reste dans « prevu_le »."
    )

    class Meta:
        model = Jalon
        fields = ["titre", "prevu_le", "fait_le", "annule_le", "motif_annulation", "est_en_retard", "attendue_le"]


class CibleLue(serializers.Serializer):
    type = serializers.CharField(help_text="« idees.idee », « projets.projet » ou « communautes.question ».")
    id = serializers.IntegerField()
    titre = serializers.CharField()
    page = serializers.CharField()


class ReponseLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    cible = serializers.SerializerMethodField(help_text="Ce à quoi elle répond ; rien si ce n’est plus visible.")
    corrige: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="Numéro de la réponse qu’elle corrige."
    )
    etat_libelle = serializers.CharField(source="get_etat_display")
    sens_libelle = serializers.CharField(source="get_sens_display")
    motif_libelle = serializers.CharField(source="get_motif_display")
    due_le = serializers.DateField(allow_null=True, help_text="Date promise.")
    jours_de_retard = serializers.IntegerField(help_text="Entre la date promise et la réponse.")

    class Meta:
        model = Reponse
        fields = [
            "id", "page", "cible", "corrige", "etat", "etat_libelle", "sens", "sens_libelle", "motif",
            "motif_libelle", "texte", "conditions", "cout_estime", "cout_justification", "cout_le", "premiere_etape",
            "premiere_etape_le", "alternative", "acte_conseil", "signataire_nom", "signataire_mandat", "signee_le", "publiee_le",
            "due_le", "jours_de_retard",
        ]  # fmt: skip

    @extend_schema_field(CibleLue(allow_null=True))
    def get_cible(self, reponse):
        if not reponse.cible_lisible:
            return None
        cible = reponse.cible
        return {"type": cible._meta.label_lower, "id": cible.pk, "titre": str(cible), "page": cible.get_absolute_url()}


class ReponseDetaillee(ReponseLue):
    jalons = JalonLu(many=True, help_text="Ce qui a été promis, et ce qui est fait.")
    corrections = serializers.SerializerMethodField(help_text="Numéros des corrections publiées.")
    sceau = serializers.SerializerMethodField(help_text="SHA-256 de ce qui a été signé, en hexadécimal.")
    contenu_scelle = serializers.SerializerMethodField(help_text="Ce qui a été signé, à l’octet près.")

    class Meta(ReponseLue.Meta):
        fields = [*ReponseLue.Meta.fields, "jalons", "corrections", "sceau", "contenu_scelle"]

    def get_corrections(self, reponse) -> list[int]:
        return list(reponse.corrections.publiees().order_by("pk").values_list("pk", flat=True))

    def get_sceau(self, reponse) -> str | None:
        return reponse.sceau() if reponse.etat == Reponse.Etat.PUBLIEE else None

    def get_contenu_scelle(self, reponse) -> str | None:
        return reverse("reponses:sceau", args=[reponse.pk]) if reponse.etat == Reponse.Etat.PUBLIEE else None


class ReponseFiltre(ListeFermee):
    decision = filters.ChoiceFilter(
        choices=Reponse.Sens.choices, help_text="Oui, oui sous conditions, non, ou réponse à une question"
    )
    raison = filters.ChoiceFilter(choices=Reponse.Motif.choices, help_text="Raison principale")
    delai = filters.ChoiceFilter(choices=list(DELAIS.items()), help_text="À la date promise, ou en retard")
    service = filters.CharFilter(help_text="Numéro du service chargé de répondre (celui des chiffres)")
    genre = filters.ChoiceFilter(choices=list(GENRES.items()), help_text="Les réponses, ou leurs corrections")
    mois = filters.CharFilter(help_text="Mois de publication, « 2026-11 »")

    def filter_queryset(self, reponses):
        return self.appliquer(filtres, chercher)


@extend_schema(
    summary="Les réponses officielles publiées",
    description="De la dernière publiée à la première, corrections comprises.",
)
class Reponses(generics.ListAPIView):
    queryset = Reponse.objects.none()
    serializer_class = ReponseLue
    filterset_class = ReponseFiltre

    def get_queryset(self):
        return Reponse.objects.visibles_par(self.request.user).publiees()


@extend_schema(
    summary="Une réponse officielle",
    description="Publiée, elle ne change plus : une correction est une autre réponse. L’API n’en écrit aucune.",
)
class UneReponse(generics.RetrieveAPIView):
    queryset = Reponse.objects.none()
    serializer_class = ReponseDetaillee

    def get_queryset(self):
        return (
            Reponse.objects.visibles_par(self.request.user)
            .avec_echeance()
            .pour_phrase()
            .prefetch_related("jalons__nouvelles")
        )


urlpatterns = [
    path("reponses/", Reponses.as_view(), name="reponses"),
    path("reponses/<int:pk>/", UneReponse.as_view(), name="reponse"),
]
