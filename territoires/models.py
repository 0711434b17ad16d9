"""Where things happen: the metropolis, its communes, their quartiers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, models
from django.utils.translation import gettext_lazy as _

from territoires import geometrie


def valider_contour(contour: object) -> None:
    try:
        geometrie.verifier(contour)
    except geometrie.GeometrieIllisible as erreur:
        raise ValidationError(
            _("Ce contour n'est pas utilisable : %(raison)s."), code="contour", params={"raison": erreur}
        ) from erreur


class TerritoireQuerySet(models.QuerySet["Territoire"]):
    def metropoles(self) -> "TerritoireQuerySet":
        return self.filter(genre=Territoire.Genre.METROPOLE)

    def communes(self) -> "TerritoireQuerySet":
        return self.filter(genre=Territoire.Genre.COMMUNE)

    def quartiers(self) -> "TerritoireQuerySet":
        return self.filter(genre=Territoire.Genre.QUARTIER)

    def avec_contour(self) -> "TerritoireQuerySet":
        return self.filter(contour__isnull=False)

    def contenant(self, lat: float, lon: float) -> "Territoire | None":
        """The commune around this point, if it is in one; a point on a shared border is in exactly one of them."""
        for commune in self.communes().avec_contour():
            if commune.contour and geometrie.contient(commune.contour, lon, lat):
                return commune
        return None


class Territoire(models.Model):
    class Genre(models.TextChoices):
        METROPOLE = "metropole", _("Métropole")
        COMMUNE = "commune", _("Commune")
        QUARTIER = "quartier", _("Quartier")

    genre = models.CharField(_("genre"), max_length=10, choices=Genre)
    nom = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(_("nom dans les adresses"), max_length=140, unique=True)
    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        help_text=_("Code SIREN d'une métropole, code INSEE d'une commune, code propre à un quartier."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("fait partie de"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parties",
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    centre_lat = models.FloatField(_("latitude du centre"), null=True, blank=True)
    centre_lon = models.FloatField(_("longitude du centre"), null=True, blank=True)
    contour = models.JSONField(
        _("contour"),
        null=True,
        blank=True,
        validators=[valider_contour],
        help_text=_("Géométrie GeoJSON : Polygon ou MultiPolygon, en degrés."),
    )
    source_contour = models.CharField(_("source du contour"), max_length=200, blank=True)

    objects = TerritoireQuerySet.as_manager()

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        # By slug, not by name: accents do not sort the same way in every database.
        ordering = ["genre", "slug"]
        indexes = [models.Index(fields=["genre", "slug"], name="territoire_genre_slug")]
        constraints = [
            models.CheckConstraint(
                name="territoire_genre_connu", condition=models.Q(genre__in=["metropole", "commune", "quartier"])
            ),
            models.CheckConstraint(
                name="territoire_centre_complet",
                condition=models.Q(centre_lat__isnull=True, centre_lon__isnull=True)
                | models.Q(centre_lat__isnull=False, centre_lon__isnull=False),
                violation_error_message=_("Donnez la latitude et la longitude du centre, ou aucune des deux."),
            ),
            models.CheckConstraint(
                name="territoire_centre_sur_terre",
                condition=models.Q(centre_lat__isnull=True)
                | models.Q(centre_lat__gte=-90, centre_lat__lte=90, centre_lon__gte=-180, centre_lon__lte=180),
                violation_error_message=_("La latitude va de -90 à 90 et la longitude de -180 à 180."),
            ),
            models.CheckConstraint(
                name="territoire_quartier_d_une_commune",
                condition=~models.Q(genre="quartier") | models.Q(parent__isnull=False),
                violation_error_message=_("Un quartier fait partie d'une commune : choisissez-la."),
            ),
            models.CheckConstraint(
                name="territoire_metropole_sans_parent",
                condition=~models.Q(genre="metropole") | models.Q(parent__isnull=True),
                violation_error_message=_("Une métropole ne fait partie d'aucun autre territoire."),
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        self.contour = self.contour or None  # an empty list is « no outline », not an outline
        attendu = {"commune": self.Genre.METROPOLE, "quartier": self.Genre.COMMUNE}.get(self.genre)
        if self.parent and attendu and self.parent.genre != attendu:
            message = _("Choisissez un territoire de genre « %(genre)s ».")
            raise ValidationError({"parent": ValidationError(message, code="parent", params={"genre": attendu.label})})

    def est_dans(self, cle: int | None) -> bool:
        """Is this place the territory of that key, or a part of it? Without its own keys loaded, two queries at most."""
        return cle is not None and (
            cle in {self.pk, self.parent_id} or (self.parent is not None and self.parent.parent_id == cle)
        )

    @property
    def centre(self) -> tuple[float, float] | None:
        """(latitude, longitude) in degrees."""
        if self.centre_lat is None or self.centre_lon is None:
            return None
        return self.centre_lat, self.centre_lon

    def en_geojson(self) -> dict[str, Any]:
        """GeoJSON Feature for maps; the centre is in GeoJSON order, longitude first."""
        return {
            "type": "Feature",
            "id": self.code,
            "properties": {
                "code": self.code,
                "nom": self.nom,
                "slug": self.slug,
                "genre": self.genre,
                "population": self.population,
                "centre": [self.centre_lon, self.centre_lat] if self.centre else None,
            },
            "geometry": self.contour,
        }


class AdresseQuerySet(models.QuerySet["Adresse"]):
    def commencant_par(self, debut: str) -> "AdresseQuerySet":
        """Those whose key begins so, through the index of each database.

        PostgreSQL keeps one made for LIKE beside the column's own, whose order follows the language; SQLite compares
        bytes, but does not use an index for the LIKE that Django writes.
        """
        if connections[self.db].vendor == "sqlite":
            return self.filter(cle__gte=debut, cle__lt=f"{debut}\U0010ffff")
        return self.filter(cle__startswith=debut)


class Adresse(models.Model):
    """A street, or a number in it, from the national address base: what people type to say where."""

    identifiant = models.CharField(max_length=60, unique=True)
    libelle = models.CharField(_("adresse"), max_length=300)
    # As people type it, accents, case and punctuation apart: with its commune, and without.
    cle = models.CharField(max_length=200, db_index=True)
    cle_courte = models.CharField(max_length=200, db_index=True)
    commune = models.ForeignKey(Territoire, models.CASCADE, related_name="adresses", verbose_name=_("commune"))
    latitude = models.FloatField()
    longitude = models.FloatField()

    objects = AdresseQuerySet.as_manager()

    class Meta:
        verbose_name = _("adresse")
        verbose_name_plural = _("adresses")
        ordering = ["cle"]
        constraints = [
            models.CheckConstraint(
                name="adresse_sur_terre",
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
            models.CheckConstraint(name="adresse_cles", condition=~models.Q(cle="") & ~models.Q(cle_courte="")),
        ]

    def __str__(self) -> str:
        return self.libelle
