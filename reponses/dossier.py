"""What one reads before one decides: the thing itself, how many care, what the services say, the text."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from reponses.fonds import Fond, fond_de
from reponses.models import Avis, Echeance, Escalade, LotReponses, PlaceDeLot, Reponse
from socle.templatetags.composants import ecrit_ici
from timeline.models import Entree

#: Fields that a correction may change, in the order of the page.
COMPARES = (
    "motif",
    "texte",
    "conditions",
    "cout_estime",
    "cout_justification",
    "cout_le",
    "premiere_etape",
    "premiere_etape_le",
    "alternative",
    "acte_conseil",
)


@dataclass(frozen=True)
class Difference:
    """One field that differs between two texts, as people read it."""

    libelle: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Dossier:
    titre: str
    texte: str
    url: str
    #: Pairs (label, number).
    chiffres: list[tuple[str, int]]
    echeance: Echeance | None
    avis: list[Avis] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    #: Who was told that the answer is still awaited, oldest first.
    escalades: list[Escalade] = field(default_factory=list)
    #: The open lot that it comes out with.
    lot: LotReponses | None = None
    #: May this person open it? An expert of the projet reads the dossier, and not its lot.
    lot_ouvert: bool = False
    #: What the owner of the thing shows besides: its discussion, its place, what is near it.
    fond: Fond | None = None


def dossier(reponse, personne) -> Dossier:
    """For those who may read it (`peut_lire_le_dossier`); a constant number of queries."""
    echeance = echeance_de(reponse)
    return Dossier(
        **reponse.cible.en_bref(),
        url=reponse.cible.get_absolute_url(),
        echeance=echeance,
        avis=list(reponse.avis.select_related("service")),
        differences=differences(reponse.corrige, reponse) if reponse.corrige_id else [],
        escalades=list(echeance.escalades.all()) if echeance else [],
        fond=fond_de(reponse.cible, personne),
        **_lot_de(reponse, personne),
    )


def chemin_du_dossier(reponse, personne):
    """What happened to the answer before it is public: whoever may read the dossier reads all of it (`peut_lire_le_dossier`),
    though the page of an entry stays for those that `visibles_par` says. Of a community, those who are in it alone.
    """
    entrees = Entree.objects.sur(reponse)
    return entrees.filter(Q(communaute__isnull=True) | Q(pk__in=entrees.visibles_par(personne).values("pk")))


def _lot_de(reponse, personne) -> dict:
    """A correction is in none: it has nothing to come out with."""
    if reponse.corrige_id:
        return {}
    places = PlaceDeLot.objects.actives().filter(cible_type=reponse.cible_type_id, cible_id=reponse.cible_id)
    place = places.select_related("lot").first()
    if place is None:
        return {}
    visible = LotReponses.objects.visibles_par(personne).filter(pk=place.lot_id).exists()
    return {"lot": place.lot, "lot_ouvert": visible}


def echeance_de(reponse) -> Echeance | None:
    """The clock of its target; a correction has none."""
    if reponse.corrige_id:
        return None
    return (
        Echeance.objects.filter(cible_type=reponse.cible_type_id, cible_id=reponse.cible_id)
        .select_related("service")
        .first()
    )


def differences(avant, apres, champs=COMPARES) -> list[Difference]:
    return [
        Difference(
            libelle=str(Reponse._meta.get_field(nom).verbose_name),  # type: ignore[union-attr]
            avant=en_clair(avant, nom),
            apres=en_clair(apres, nom),
        )
        for nom in champs
        if en_clair(avant, nom) != en_clair(apres, nom)
    ]


def en_clair(reponse, nom) -> str:
    """A field as people read it, empty ones included."""
    if afficher := getattr(reponse, f"get_{nom}_display", None):
        return str(afficher())
    valeur = getattr(reponse, nom)
    if valeur in (None, ""):
        return str(_("(rien)"))
    if isinstance(valeur, int):
        return number_format(valeur, use_l10n=True, force_grouping=True)
    return date_format(valeur, "j F Y") if isinstance(valeur, date) else ecrit_ici(str(valeur))
