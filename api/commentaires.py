from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from api import formulaires
from api.etapes import EtapesOuvertes, UneEtape, etape_decrite, ouvertes_decrites
from commentaires import actions
from commentaires.fil import ORDRE, ORDRES
from commentaires.forms import CommentaireForm
from commentaires.models import Accord, Commentaire
from idees.models import Idee
from projets.models import Projet

CORPS = formulaires.schema_de(CommentaireForm)


class CommentaireLu(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa place sur le site.")
    parent: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(  # type: ignore[assignment] # a field of DRF has one too
        read_only=True, allow_null=True, help_text="Numéro du commentaire auquel il répond."
    )
    auteur = serializers.CharField(
        source="auteur.pseudonyme",
        allow_null=True,
        default=None,
        help_text="Son pseudonyme ; rien si le compte est effacé.",
    )
    qualite = serializers.CharField(help_text="En quelle qualité, pour une parole officielle.")
    cite: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="Numéro du commentaire dont il cite les mots."
    )
    nb_accords = serializers.IntegerField()
    suis_d_accord = serializers.BooleanField(help_text="Vous.")
    est_masquee = serializers.BooleanField(help_text="Par la modération : seules les personnes concernées le voient.")

    class Meta:
        model = Commentaire
        fields = [
            "id", "page", "parent", "auteur", "texte", "position", "voix_officielle", "qualite", "etat", "publie_le",
            "modifie_le", "cite", "nb_accords", "suis_d_accord", "est_masquee",
        ]  # fmt: skip


class AccordDonne(serializers.Serializer):
    suis_d_accord = serializers.BooleanField()
    nb_accords = serializers.IntegerField()


class CommentaireFiltre(filters.FilterSet):
    ordre = filters.ChoiceFilter(
        choices=[(code, nom) for code, (nom, _champs) in ORDRES.items()], method="ranger", help_text="Dans quel ordre"
    )

    def ranger(self, commentaires, _nom, code):
        return commentaires.order_by(*ORDRES[code][1])


class _Discussion(generics.ListAPIView):
    """What people say of one thing, found by `cle`, first comments and answers together."""

    queryset = Commentaire.objects.none()
    serializer_class = CommentaireLu
    filterset_class = CommentaireFiltre
    modele: Any  # the subclass says which
    cle = "pk"

    def cible(self):
        visibles = self.modele.objects.visibles_par(self.request.user)
        return get_object_or_404(visibles, **{self.cle: self.kwargs[self.cle]})

    def get_queryset(self):
        personne = self.request.user
        tous = Commentaire.objects.sur(self.cible()).lisibles_par(personne).pour_affichage(personne)
        return tous.order_by(*ORDRES[ORDRE][1])

    def _commenter(self, request):
        cible = self.cible()
        form = CommentaireForm(formulaires.donnees(request.data, CommentaireForm), personne=request.user)
        saisie = formulaires.exiger_valide(form)
        commentaire = actions.commenter(
            cible,
            par=request.user,
            texte=saisie["texte"],
            position=saisie.get("position", Commentaire.Position.NEUTRE),
            parent=Commentaire(pk=saisie["parent"]) if saisie["parent"] else None,
            cite=Commentaire(pk=saisie["cite"]) if saisie["cite"] else None,
            # The form forgets the box of whoever may not tick it; here she is told.
            officielle=formulaires.oui_ou_non(request.data, "officielle"),
        )
        relu = Commentaire.objects.pour_affichage(request.user).get(pk=commentaire.pk)
        reponse = Response(CommentaireLu(relu).data, status=status.HTTP_201_CREATED)
        reponse.headers["Location"] = reverse("api:commentaire", args=[relu.pk])
        return reponse


def _lire(quoi):
    return extend_schema(
        summary=f"La discussion d’{quoi}", description="Les commentaires et les réponses qu’ils ont reçues (`parent`)."
    )


def _ecrire(quoi):
    return extend_schema(
        summary=f"Commenter {quoi}",
        description="Les mêmes mots envoyés deux fois en une minute ne font qu’un commentaire.",
        request={"application/json": CORPS},
        responses={201: CommentaireLu},
    )


class DiscussionDUneIdee(_Discussion):
    modele = Idee

    @_lire("une idée")
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)

    @_ecrire("une idée")
    def post(self, request, pk):
        return self._commenter(request)


class DiscussionDUnProjet(_Discussion):
    modele = Projet
    cle = "slug"

    @_lire("un projet")
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)

    @_ecrire("un projet")
    def post(self, request, slug):
        return self._commenter(request)


@extend_schema(summary="Un commentaire")
class UnCommentaire(generics.RetrieveAPIView):
    queryset = Commentaire.objects.none()
    serializer_class = CommentaireLu

    def get_queryset(self):
        return Commentaire.objects.visibles_par(self.request.user).pour_affichage(self.request.user)


class AccordSurUnCommentaire(APIView):
    @extend_schema(
        summary="Dire « D’accord »", description="Recommencer ne change rien.", request=None, responses=AccordDonne
    )
    def put(self, request, pk):
        return self._agir(request, pk, actions.approuver)

    @extend_schema(
        summary="Ne plus être d’accord", description="Recommencer ne change rien.", responses={200: AccordDonne}
    )
    def delete(self, request, pk):
        return self._agir(request, pk, actions.ne_plus_approuver)

    def _agir(self, request, pk, action):
        commentaire = get_object_or_404(Commentaire.objects.visibles_par(request.user), pk=pk)
        action(commentaire, par=request.user)
        accords = Accord.objects.filter(commentaire=commentaire)
        donne = {"suis_d_accord": accords.filter(personne=request.user).exists(), "nb_accords": accords.count()}
        return Response(AccordDonne(donne).data)


@ouvertes_decrites("un commentaire")
class EtapesDUnCommentaire(EtapesOuvertes):
    modele = Commentaire


@etape_decrite(Commentaire, "un commentaire")
class UneEtapeDeCommentaire(UneEtape):
    modele = Commentaire


urlpatterns = [
    path("idees/<int:pk>/commentaires/", DiscussionDUneIdee.as_view(), name="discussion_idee"),
    path("projets/<slug:slug>/commentaires/", DiscussionDUnProjet.as_view(), name="discussion_projet"),
    path("commentaires/<int:pk>/", UnCommentaire.as_view(), name="commentaire"),
    path("commentaires/<int:pk>/accord/", AccordSurUnCommentaire.as_view(), name="accord"),
    path("commentaires/<int:pk>/etapes/", EtapesDUnCommentaire.as_view(), name="etapes_commentaire"),
    path("commentaires/<int:pk>/etapes/<slug:nom>/", UneEtapeDeCommentaire.as_view(), name="etape_commentaire"),
]
