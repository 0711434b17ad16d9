"""Questions to an élue: read only. One is asked and supported on its page, where its rules are read."""

from django.db.models import OuterRef, Subquery
from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from api.filtres import FiltreSlug
from communautes.models import Communaute, Question
from reponses.models import Reponse


class CommunauteNommee(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")

    class Meta:
        model = Communaute
        fields = ["slug", "nom", "page"]


class QuestionLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    communaute = CommunauteNommee(help_text="Où elle est posée.")
    auteur = serializers.CharField(source="nom_de_l_auteur", help_text="Pseudonyme.")
    a_qui = serializers.CharField(help_text="L’élu·e et son mandat du jour où elle est posée, ou la collectivité.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    soutiens = serializers.IntegerField(source="nb_soutiens")
    seuil = serializers.IntegerField(help_text="Soutiens qui obligent à répondre.")
    due_le = serializers.DateField(allow_null=True, help_text="Date promise, une fois la réponse due.")
    repondue_le = serializers.DateTimeField(allow_null=True)
    reponse = serializers.IntegerField(
        source="numero_de_la_reponse", allow_null=True, help_text="Numéro de sa réponse."
    )

    class Meta:
        model = Question
        fields = [
            "id", "page", "titre", "texte", "communaute", "auteur", "a_qui", "etat", "etat_libelle", "publiee_le", "soutiens", "seuil",
            "delai", "due_le", "repondue_le", "reponse",
        ]  # fmt: skip


class QuestionFiltre(filters.FilterSet):
    communaute = FiltreSlug(field_name="communaute__slug", help_text="Slug d’une communauté")
    etat = filters.ChoiceFilter(
        choices=[(etat, Question.Etat(etat).label) for etat in Question.ETATS_PUBLICS], help_text="Où elle en est"
    )


def _lues(personne):
    premieres = Reponse.objects.publiees().filter(
        cible_type__app_label="communautes", cible_type__model="question", cible_id=OuterRef("pk"), corrige__isnull=True
    )
    questions = Question.objects.visibles_par(personne).pour_liste(personne)
    return questions.annotate(numero_de_la_reponse=Subquery(premieres.values("pk")[:1]))


@extend_schema(
    summary="Les questions aux élues et aux élus",
    description="De la dernière posée à la première. Une question est publique dès son envoi, et sa réponse aussi.",
)
class Questions(generics.ListAPIView):
    queryset = Question.objects.none()
    serializer_class = QuestionLue
    filterset_class = QuestionFiltre

    def get_queryset(self):
        lues = _lues(self.request.user).filter(etat__in=Question.ETATS_PUBLICS, masquee_le__isnull=True)
        return lues.order_by("-publiee_le", "-pk")


@extend_schema(summary="Une question", description="L’API n’en écrit aucune.")
class UneQuestion(generics.RetrieveAPIView):
    queryset = Question.objects.none()
    serializer_class = QuestionLue

    def get_queryset(self):
        return _lues(self.request.user)


urlpatterns = [
    path("questions/", Questions.as_view(), name="questions"),
    path("questions/<int:pk>/", UneQuestion.as_view(), name="question"),
]
