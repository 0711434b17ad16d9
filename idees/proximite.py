"""Ideas around a point. The point stands in the address of the page, and nowhere else."""

import math
from dataclasses import dataclass

from django.db.models import F, FloatField
from django.db.models.expressions import ExpressionWrapper

KM_PAR_DEGRE = 111.32  # of latitude
RAYONS = (1, 5, 50)  # km: the first within which there is enough to read
ASSEZ = 24  # ideas


@dataclass(frozen=True)
class Point:
    lat: float
    lon: float

    @property
    def km_par_degre_de_longitude(self) -> float:
        return KM_PAR_DEGRE * max(0.01, math.cos(math.radians(self.lat)))


def lire_point(lat: str, lon: str) -> Point | None:
    """From an address; None for anything that is not a place on earth."""
    try:
        point = Point(float(lat), float(lon))
    except ValueError:
        return None
    return point if abs(point.lat) <= 90 and abs(point.lon) <= 180 else None


def autour(idees, point: Point):
    """The ideas around this point, and how far one had to look, in km.

    The box is what the index knows; the distance, on a flat map of the neighbourhood, decides and sorts.
    """
    assez = [rayon for rayon in RAYONS[:-1] if _dans_la_boite(idees, point, rayon).order_by()[:ASSEZ].count() == ASSEZ]
    rayon = min(assez, default=RAYONS[-1])
    trouvees = _dans_la_boite(idees, point, rayon)
    nord_sud = (F("latitude") - point.lat) * KM_PAR_DEGRE
    est_ouest = (F("longitude") - point.lon) * point.km_par_degre_de_longitude
    carre = ExpressionWrapper(nord_sud * nord_sud + est_ouest * est_ouest, output_field=FloatField())
    return trouvees.annotate(distance_carree=carre).filter(distance_carree__lte=rayon**2), rayon


def _dans_la_boite(idees, point: Point, rayon: float):
    hauteur, largeur = rayon / KM_PAR_DEGRE, rayon / point.km_par_degre_de_longitude
    return idees.filter(
        latitude__range=(point.lat - hauteur, point.lat + hauteur),
        longitude__range=(point.lon - largeur, point.lon + largeur),
    )
