"""How far a promise has come, counted from its rows: no figure here was typed by anybody but the euros."""

from dataclasses import dataclass

from reponses.models import CompteRendu, Jalon, Nouvelle, PhotoRealisation, Reponse


@dataclass(frozen=True)
class Realisation:
    """What a published yes has become; lists are loaded."""

    reponse: Reponse
    jalons: list[Jalon]
    nouvelles: list[Nouvelle]

    @property
    def faites(self) -> int:
        return sum(jalon.fait_le is not None for jalon in self.jalons)

    @property
    def annulees(self) -> int:
        return sum(jalon.annule_le is not None for jalon in self.jalons)

    @property
    def promises(self) -> int:
        """Cancelled ones are said apart: they are neither done nor awaited."""
        return len(self.jalons) - self.annulees

    @property
    def depense(self) -> int | None:
        """Euros spent so far: the last figure of each step. None when no step has one, which is not zero."""
        dites = [jalon.depense for jalon in self.jalons if jalon.depense is not None]
        return sum(dites) if dites else None

    @property
    def sans_depense(self) -> int:
        """Steps that are done and whose cost nobody has written."""
        return sum(jalon.fait_le is not None and jalon.depense is None for jalon in self.jalons)

    @property
    def photos(self) -> list[tuple[str, list[PhotoRealisation]]]:
        """(moment in words, pictures), before then after; only the moments that have some."""
        toutes = [photo for jalon in self.jalons for rendu in jalon.rendus for photo in rendu.photos.all()]
        par_moment = [
            (str(moment.label), [photo for photo in toutes if photo.moment == moment])
            for moment in PhotoRealisation.Moment
        ]
        return [(nom, photos) for nom, photos in par_moment if photos]

    @property
    def est_racontee(self) -> bool:
        return bool(self.nouvelles) or any(jalon.rendus or jalon.attendue_le for jalon in self.jalons)


def realisation_de(reponse) -> Realisation | None:
    """In four queries, whatever its length; None for what promises nothing."""
    if not reponse.est_favorable or reponse.corrige_id is not None or reponse.etat != Reponse.Etat.PUBLIEE:
        return None
    jalons = list(reponse.jalons.prefetch_related("nouvelles", "comptes_rendus__photos"))
    for jalon in jalons:
        jalon.rendus = list(jalon.comptes_rendus.all())
        jalon.depense = _derniere_depense(jalon.rendus)
    return Realisation(reponse=reponse, jalons=jalons, nouvelles=list(reponse.nouvelles.select_related("jalon")))


def _derniere_depense(rendus: list[CompteRendu]) -> int | None:
    """A later figure takes the place of an earlier one in the sum; both stay written."""
    return next((rendu.depense for rendu in reversed(rendus) if rendu.depense is not None), None)
