from functools import partial

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from api import formulaires
from api.corps import CorpsJSON, est_gardable
from api.etapes import EtapesOuvertes, UneEtape, etape_decrite, ouvertes_decrites
from api.filtres import FiltreSlug, ListeFermee
from api.territoires import TerritoireCourt
from idees import actions
from idees.corrections import corriger
from idees.forms import CorrigerForm, IdeeForm, SoutenirForm
from idees.liste import ETATS, EXTRAIT, ORDRES, chercher, filtres
from idees.models import Boite, Fusion, Idee, Photo, Soutien, Version
from idees.permissions import est_de_l_equipe, peut_corriger, peut_proposer
from idees.photos import enlever_les_photos
from notifications.abonnements import facon_suivie_par
from notifications.models import Abonnement
from projets.models import Thematique
from reponses.models import Echeance
from timeline.etapes import EtapeInterdite

CORPS_D_IDEE = {
    "envoyer": {
        "type": "boolean",
        "default": False,
        "description": "Envoyer l’idée tout de suite. Sinon elle reste un brouillon, que vous seul voyez.",
    },
}
SANS_PHOTO = ("photo", "alternative")  # JSON carries no file
CORPS_DE_BOITE = {"boite": {"type": "string", "description": "Slug de la boîte à idées."}}


class ThematiqueLue(serializers.ModelSerializer):
    class Meta:
        model = Thematique
        fields = ["id", "slug", "nom"]


class EcheanceLue(serializers.ModelSerializer):
    service = serializers.CharField(source="service.nom", help_text="Le service qui doit répondre.")
    est_en_retard = serializers.BooleanField()

    class Meta:
        model = Echeance
        fields = ["due_le", "service", "tenue_le", "est_en_retard"]


class PhotoLue(serializers.ModelSerializer):
    grande = serializers.SerializerMethodField()
    vignette = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ["grande", "vignette", "alternative", "largeur", "hauteur"]

    def get_grande(self, photo) -> str:
        return reverse("idees:photo", args=[photo.idee_id, photo.pk, "grande"])

    def get_vignette(self, photo) -> str:
        return reverse("idees:photo", args=[photo.idee_id, photo.pk, "vignette"])


class IdeeLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    extrait = serializers.SerializerMethodField(help_text=f"Les {EXTRAIT} premiers caractères du texte.")
    boite: serializers.SlugRelatedField = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    projet = serializers.SerializerMethodField(help_text="Slug du projet qui l’a appelée.")
    thematique = ThematiqueLue(allow_null=True)
    territoire = TerritoireCourt(allow_null=True)
    auteur = serializers.CharField(
        source="nom_de_l_auteur",
        help_text="Son pseudonyme, ou le nom choisi sans compte ; « Participant effacé » si le compte est effacé.",
    )
    coauteurs = serializers.SerializerMethodField(help_text="Pseudonymes des personnes qui l’écrivent avec son auteur.")
    nb_soutiens = serializers.IntegerField()
    seuil_soutiens = serializers.IntegerField(source="seuil", help_text="Soutiens qui lancent l’étude.")
    nb_commentaires = serializers.IntegerField()
    echeance = EcheanceLue(allow_null=True, help_text="Quand la réponse est due, une fois l’étude lancée.")
    photos = PhotoLue(many=True)
    est_soutenue = serializers.BooleanField(help_text="Par vous.")
    est_masquee = serializers.BooleanField(help_text="Par la modération : seules les personnes concernées la voient.")

    class Meta:
        model = Idee
        fields = [
            "id", "page", "titre", "extrait", "etat", "etat_libelle", "boite", "projet", "thematique", "territoire",
            "lieu", "latitude", "longitude", "auteur", "coauteurs", "publiee_le", "nb_soutiens", "seuil_soutiens",
            "nb_commentaires", "echeance", "photos", "est_soutenue", "est_masquee",
        ]  # fmt: skip

    def get_coauteurs(self, idee) -> list[str]:
        return [coautrice.personne.pseudonyme for coautrice in idee.equipe()]

    def get_extrait(self, idee) -> str:
        return idee.texte[:EXTRAIT]

    def get_projet(self, idee) -> str | None:
        return idee.projet.slug if idee.projet and idee.projet.est_lisible else None


class FusionLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    etat_libelle = serializers.CharField(source="get_etat_display")
    source = serializers.IntegerField(  # type: ignore[assignment] # a field of DRF has one too
        source="source_id", help_text="Numéro de l’idée qui rejoint l’autre."
    )
    cible = serializers.IntegerField(source="cible_id", help_text="Numéro de l’idée qui continue.")

    class Meta:
        model = Fusion
        fields = [
            "id", "page", "source", "cible", "voie", "etat", "etat_libelle", "proposee_le", "echeance_le", "effective_le",
            "refus_jusqu_au",
        ]  # fmt: skip


class IdeeDetaillee(IdeeLue):
    reponse = serializers.SerializerMethodField(help_text="Numéro de la réponse officielle publiée.")
    fusionnee_dans = serializers.SerializerMethodField(help_text="Numéro de l’idée qu’elle a rejointe.")
    reunit = serializers.SerializerMethodField(help_text="Numéros des idées qui l’ont rejointe.")
    fusions = FusionLue(source="fusions_vivantes", many=True, help_text="Proposées ou en cours. Lues seulement.")
    projet_ouvert = serializers.SerializerMethodField(help_text="Slug du projet né de cette idée.")
    est_suivie = serializers.SerializerMethodField(help_text="Par vous.")
    facon = serializers.ChoiceField(
        source="facon_suivie",
        choices=Abonnement.Facon.choices,
        allow_null=True,
        help_text="De quelle façon vous la suivez.",
    )

    class Meta(IdeeLue.Meta):
        fields = [
            *IdeeLue.Meta.fields, "texte", "redaction", "reponse", "fusionnee_dans", "reunit", "fusions", "projet_ouvert",
            "est_suivie", "facon",
        ]  # fmt: skip

    def get_est_suivie(self, idee) -> bool:
        return idee.facon_suivie is not None

    def get_reponse(self, idee) -> int | None:
        reponse = idee.reponse_publiee()
        return reponse.pk if reponse else None

    def get_fusionnee_dans(self, idee) -> int | None:
        autre = idee.fusionnee_dans
        return autre.pk if autre and autre.est_lisible else None

    def get_reunit(self, idee) -> list[int]:
        return sorted(autre.pk for autre in idee.fusions.all() if autre.est_lisible)

    def get_projet_ouvert(self, idee) -> str | None:
        return idee.projet_ouvert.slug if idee.projet_ouvert and idee.projet_ouvert.est_lisible else None


class VersionDIdee(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site, avec ce qu’elle a changé.")
    thematique = ThematiqueLue(allow_null=True)
    territoire = TerritoireCourt(allow_null=True)
    par = serializers.CharField(
        source="par.pseudonyme", allow_null=True, default=None, help_text="Qui l’a écrite ; rien sans compte."
    )

    class Meta:
        model = Version
        fields = [
            "numero", "page", "le", "par", "titre", "texte", "thematique", "territoire", "lieu", "latitude",
            "longitude",
        ]  # fmt: skip


class SoutienDonne(serializers.Serializer):
    est_soutenue = serializers.BooleanField()
    nb_soutiens = serializers.IntegerField()


class BoiteLue(serializers.ModelSerializer):
    page = serializers.CharField(source="get_absolute_url", help_text="Sa page sur le site.")
    regles = serializers.CharField(source="regles_en_clair", help_text="Ses règles, en quelques phrases.")
    projet = serializers.SerializerMethodField(
        help_text="Slug du projet qui fait l’appel ; rien pour une boîte permanente."
    )
    territoire = TerritoireCourt(allow_null=True)
    service = serializers.CharField(source="service.nom", help_text="Le service qui doit répondre.")
    est_ouverte = serializers.BooleanField(help_text="Reçoit-elle des idées en ce moment ?")
    peut_proposer = serializers.SerializerMethodField(help_text="Vous, maintenant.")

    class Meta:
        model = Boite
        fields = [
            "id", "slug", "page", "titre", "description", "regles", "projet", "territoire", "service",
            "seuil_soutiens", "delai_reponse", "moderation", "qui", "est_ouverte", "peut_proposer",
        ]  # fmt: skip

    def get_projet(self, boite) -> str | None:
        return boite.projet.slug if boite.projet else None

    def get_peut_proposer(self, boite) -> bool:
        return peut_proposer(boite, self.context["request"].user)


class IdeeFiltre(ListeFermee):
    theme = FiltreSlug(help_text="Slug d’une thématique")
    lieu = FiltreSlug(help_text="Slug d’une commune ou d’un quartier")
    boite = FiltreSlug(help_text="Slug d’une boîte à idées")
    etat = filters.ChoiceFilter(
        choices=[(code, nom) for code, (nom, _etats) in ETATS.items()], help_text="Où en est l’idée"
    )
    ordre = filters.ChoiceFilter(
        choices=[(code, nom) for code, (nom, _champs) in ORDRES.items()], help_text="Dans quel ordre"
    )

    def filter_queryset(self, idees):
        personne = self.request.user
        trouvees = self.appliquer(lambda demandes: filtres(demandes, personne), lambda choix: chercher(personne, choix))
        return trouvees.pour_liste(personne)


def _visibles_par(personne):
    """Ideas with everything that their detail shows."""
    visibles = Idee.objects.visibles_par(personne).pour_liste(personne)
    visibles = visibles.select_related("fusionnee_dans", "projet_ouvert").prefetch_related("fusions")
    return visibles.annotate(facon_suivie=facon_suivie_par(personne, Idee))


class Idees(generics.ListAPIView):
    queryset = Idee.objects.none()  # the filter finds them all by itself
    serializer_class = IdeeLue
    filterset_class = IdeeFiltre
    parser_classes = [CorpsJSON, MultiPartParser]

    @extend_schema(summary="Les idées publiées", description="Celles qui ont rejoint une autre idée n’y sont pas.")
    def get(self, request, *args, **kwargs):
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Proposer une idée",
        description="En JSON, ou en formulaire (`multipart/form-data`) avec une photo et ce qu’elle montre.",
        request={
            "application/json": formulaires.schema_de(
                IdeeForm, sauf=SANS_PHOTO, exiges=["boite"], **CORPS_DE_BOITE, **CORPS_D_IDEE
            ),
            "multipart/form-data": formulaires.schema_de(IdeeForm, exiges=["boite"], **CORPS_DE_BOITE, **CORPS_D_IDEE),
        },
        responses={201: IdeeDetaillee},
    )
    def post(self, request):
        boite = _boite_nommee(request)
        if not peut_proposer(boite, request.user):
            raise EtapeInterdite(
                _("Cette boîte à idées ne reçoit pas votre idée : elle est fermée, ou réservée à ses habitants.")
            )
        idee = _rediger(request, Idee(boite=boite, auteur=request.user))
        reponse = Response(_detail(request, idee.pk), status=status.HTTP_201_CREATED)
        reponse.headers["Location"] = reverse("api:idee", args=[idee.pk])
        return reponse


class UneIdee(APIView):
    parser_classes = [CorpsJSON, MultiPartParser]

    @extend_schema(summary="Une idée", responses=IdeeDetaillee)
    def get(self, request, pk):
        return Response(_detail(request, pk))

    @extend_schema(
        summary="Récrire mon brouillon, ou modifier mon idée envoyée",
        description=(
            "Tout est remplacé, sauf la photo si aucune n’est jointe. Une idée envoyée garde ses photos ; dès son premier "
            "soutien chaque modification est une version, et les soutiens sont prévenus. `redaction` est celle que vous "
            "avez lue : si quelqu’un a écrit depuis, rien n’est remplacé (409)."
        ),
        request={
            "application/json": formulaires.schema_de(IdeeForm, sauf=SANS_PHOTO, **CORPS_D_IDEE),
            "multipart/form-data": formulaires.schema_de(IdeeForm, **CORPS_D_IDEE),
        },
        responses=IdeeDetaillee,
    )
    def put(self, request, pk):
        idee = get_object_or_404(Idee.objects.visibles_par(request.user).select_related("boite__etape__projet"), pk=pk)
        if not est_de_l_equipe(idee, request.user):
            raise EtapeInterdite(_("Seules les personnes qui écrivent une idée peuvent la modifier."))
        if peut_corriger(idee, request.user):
            _corriger(request, idee)
        else:
            _rediger(request, idee)
        return Response(_detail(request, pk))


@extend_schema(
    summary="Les versions d’une idée",
    description="La dernière d’abord. Vide tant que l’idée n’a pas été modifiée après son premier soutien.",
)
class VersionsDUneIdee(generics.ListAPIView):
    queryset = Version.objects.none()
    serializer_class = VersionDIdee

    def get_queryset(self):
        idee = get_object_or_404(Idee.objects.visibles_par(self.request.user), pk=self.kwargs["pk"])
        return idee.versions.select_related("par", "thematique", "territoire").defer("territoire__contour")


def _boite_nommee(request) -> Boite:
    nom = request.data.get("boite")
    if not isinstance(nom, str) or not nom:
        raise ValidationError({"boite": [_("Dites dans quelle boîte à idées.")]})
    boites = Boite.objects.visibles_par(request.user).select_related("etape__projet", "territoire")
    boite = boites.filter(slug=nom).first() if est_gardable(nom) else None
    if boite is None:
        raise ValidationError({"boite": [_("Il n’y a pas de boîte à idées de ce nom.")]})
    return boite


@transaction.atomic
def _rediger(request, idee) -> Idee:
    """Write it as the page does: same form, same action. Pictures that are sent replace those of the draft."""
    form = IdeeForm(formulaires.donnees(request.data, IdeeForm), request.FILES, idee=None)
    formulaires.exiger_valide(form)
    if form.photos_lues and idee.pk:
        actions.ranger_les_photos(idee, par=request.user, geste=enlever_les_photos)
    return actions.rediger(
        idee,
        par=request.user,
        valeurs=form.valeurs(),
        photos=form.nouvelles_photos(),
        envoyer=formulaires.oui_ou_non(request.data, "envoyer"),
        redaction=form.cleaned_data["redaction"],
    )


def _corriger(request, idee) -> None:
    form = CorrigerForm(formulaires.donnees(request.data, CorrigerForm), idee=None)
    redaction = formulaires.exiger_valide(form)["redaction"]
    if redaction is None:
        raise ValidationError({"redaction": [_("Dites quelle rédaction vous avez lue : c’est un champ de l’idée.")]})
    corriger(idee, par=request.user, valeurs=form.valeurs(), redaction=redaction)


def _detail(request, pk) -> dict:
    idee = get_object_or_404(_visibles_par(request.user), pk=pk)
    return IdeeDetaillee(idee, context={"request": request}).data


class SoutienDUneIdee(APIView):
    @extend_schema(
        summary="Soutenir une idée",
        description="Une fois par personne : recommencer ne change rien.",
        request={"application/json": formulaires.schema_de(SoutenirForm)},
        responses=SoutienDonne,
    )
    def put(self, request, pk):
        dites = formulaires.exiger_valide(SoutenirForm(formulaires.donnees(request.data, SoutenirForm)))
        return self._agir(request, pk, partial(actions.soutenir, redaction=dites["redaction"]))

    @extend_schema(
        summary="Reprendre mon soutien", description="Recommencer ne change rien.", responses={200: SoutienDonne}
    )
    def delete(self, request, pk):
        return self._agir(request, pk, actions.ne_plus_soutenir)

    def _agir(self, request, pk, action):
        idee = get_object_or_404(Idee.objects.visibles_par(request.user).select_related("boite__etape__projet"), pk=pk)
        action(idee, par=request.user)
        soutiens = Soutien.objects.filter(idee=idee)
        donne = {"est_soutenue": soutiens.filter(personne=request.user).exists(), "nb_soutiens": soutiens.count()}
        return Response(SoutienDonne(donne).data)


@ouvertes_decrites("une idée")
class EtapesDUneIdee(EtapesOuvertes):
    modele = Idee


@etape_decrite(Idee, "une idée")
class UneEtapeDIdee(UneEtape):
    modele = Idee


@extend_schema(summary="Les boîtes à idées", description="Permanentes, ou ouvertes par l’étape d’un projet.")
class Boites(generics.ListAPIView):
    queryset = Boite.objects.none()
    serializer_class = BoiteLue

    def get_queryset(self):
        return _boites(self.request.user).order_by("pk")


@extend_schema(summary="Une boîte à idées")
class UneBoite(generics.RetrieveAPIView):
    queryset = Boite.objects.none()
    serializer_class = BoiteLue
    lookup_field = "slug"

    def get_queryset(self):
        return _boites(self.request.user)


def _boites(personne):
    """`territoire.parent` is what tells whether somebody lives there."""
    visibles = Boite.objects.visibles_par(personne)
    return visibles.select_related("etape__projet", "territoire__parent", "service").defer(
        "territoire__contour", "territoire__parent__contour"
    )


@extend_schema(summary="Les thématiques")
class Thematiques(generics.ListAPIView):
    queryset = Thematique.objects.order_by("slug")
    serializer_class = ThematiqueLue


urlpatterns = [
    path("idees/", Idees.as_view(), name="idees"),
    path("idees/<int:pk>/", UneIdee.as_view(), name="idee"),
    path("idees/<int:pk>/versions/", VersionsDUneIdee.as_view(), name="versions_idee"),
    path("idees/<int:pk>/soutien/", SoutienDUneIdee.as_view(), name="soutien"),
    path("idees/<int:pk>/etapes/", EtapesDUneIdee.as_view(), name="etapes_idee"),
    path("idees/<int:pk>/etapes/<slug:nom>/", UneEtapeDIdee.as_view(), name="etape_idee"),
    path("boites/", Boites.as_view(), name="boites"),
    path("boites/<slug:slug>/", UneBoite.as_view(), name="boite"),
    path("thematiques/", Thematiques.as_view(), name="thematiques"),
]
