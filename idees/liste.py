"""Filters, orders and cards of the list of ideas. A closed list: nothing of the address reaches the ORM by name."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees import recherche
from idees.models import Boite, Idee, Photo
from idees.proximite import Point, autour, lire_point
from projets.liste import Filtre, puce
from projets.models import Thematique
from reponses.models import Echeance
from territoires.models import Territoire

PAR_PAGE = 12
EXTRAIT = 140  # characters
RECHERCHE_MAX = 200  # characters
LUES_MAX = 2000  # ideas of one list: counting all of them would cost more than the page, and nobody turns so many pages
#: Orders that need nothing but the ideas, each with its index. The API knows these.
ORDRES = {
    "recentes": (gettext_lazy("Les plus récentes"), ("-publiee_le", "-pk")),
    "soutenues": (gettext_lazy("Les plus soutenues"), ("-poids", "-pk")),
    "discutees": (gettext_lazy("Les plus discutées"), ("-echanges", "-pk")),
}
MOINS_VUES = "moins_vues"
PROCHES = "proches"
PERTINENTES = "pertinentes"
AUTRES_ORDRES = {
    MOINS_VUES: gettext_lazy("Les moins vues"),
    PROCHES: gettext_lazy("Les plus proches"),
    PERTINENTES: gettext_lazy("Les plus proches de vos mots"),
}
ETATS = {
    "ouvertes": (gettext_lazy("Ouvertes aux soutiens"), ("publiee",)),
    "etude": (gettext_lazy("À l’étude"), ("en_etude",)),
    "retenues": (gettext_lazy("Retenues"), ("retenue", "en_realisation", "realisee")),
    "non_retenues": (gettext_lazy("Non retenues"), ("non_retenue",)),
    "retard": (gettext_lazy("Réponse en retard"), ("en_etude",)),
}
DELAIS = {
    "7": gettext_lazy("Attendue dans les 7 jours"),
    "30": gettext_lazy("Attendue dans les 30 jours"),
    "retard": gettext_lazy("En retard"),
    "a_temps": gettext_lazy("Donnée à temps"),
    "apres": gettext_lazy("Donnée en retard"),
}
#: Of the address, what only makes sense with the rest of it: a page, and the visit it belongs to.
DE_PASSAGE = ("page", "tour", "depuis")
ILLISIBLES = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


def filtres(parametres, personne) -> list[Filtre]:
    """The filters, with what the address asks for; unknown values count as nothing."""
    lieux = list(
        Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).values_list("slug", "nom", "genre", "centre_lat")
    )
    communes = [(slug, nom) for slug, nom, genre, lat in lieux if genre == Territoire.Genre.COMMUNE and lat is not None]
    point = lire_point(parametres.get("lat", ""), parametres.get("lon", ""))
    choix = [
        Filtre("q", _("Chercher dans les idées"), [], _texte(parametres.get("q", "")), type="texte"),
        _choix("theme", _("Thème"), Thematique.objects.values_list("slug", "nom"), parametres),
        _choix("lieu", _("Commune ou quartier"), [(slug, nom) for slug, nom, *_reste in lieux], parametres),
        _choix("etat", _("Où en est l’idée"), [(code, nom) for code, (nom, _etats) in ETATS.items()], parametres),
        _choix("delai", _("Réponse"), DELAIS.items(), parametres),
        _choix("boite", _("Boîte à idées"), Boite.objects.visibles_par(personne).values_list("slug", "titre"), parametres),
        _choix("pres", _("Près de"), communes, parametres, sans_choix=_("Partout")),
        Filtre("lat", "", [], str(point.lat) if point else "", type="cache"),
        Filtre("lon", "", [], str(point.lon) if point else "", type="cache"),
    ]  # fmt: skip
    return [*choix, _choix_d_ordre(choix, parametres)]


def _texte(demande: str) -> str:
    return ILLISIBLES.sub(" ", demande)[:RECHERCHE_MAX].strip()


def _choix(nom, libelle, paires, parametres, sans_choix="") -> Filtre:
    options = [(str(valeur), str(mot)) for valeur, mot in paires]
    demande = parametres.get(nom, "")
    return Filtre(
        nom, libelle, options, demande if demande in dict(options) else "", sans_choix=sans_choix or _("Tout")
    )


def _choix_d_ordre(choix, parametres) -> Filtre:
    """The orders that make sense for these filters. The first is the one that applies when none is chosen."""
    voulus = valeurs(choix)
    noms = {code: nom for code, (nom, _champs) in ORDRES.items()} | {MOINS_VUES: AUTRES_ORDRES[MOINS_VUES]}
    noms |= {PROCHES: AUTRES_ORDRES[PROCHES]} if voulus["pres"] or voulus["lat"] else {}
    noms |= {PERTINENTES: AUTRES_ORDRES[PERTINENTES]} if voulus["q"] else {}
    premier = _ordre_naturel(voulus)
    demande = parametres.get("ordre", "")
    paires = [(code, nom) for code, nom in noms.items() if code != premier or code == demande]
    return _choix("ordre", _("Ranger par"), paires, parametres, sans_choix=noms[premier])


def _ordre_naturel(voulus) -> str:
    if voulus["q"]:
        return PERTINENTES
    return PROCHES if voulus["pres"] or voulus["lat"] else "recentes"


def valeurs(choix) -> dict[str, str]:
    return {filtre.nom: filtre.valeur for filtre in choix}


def ordre_de(choix) -> str:
    voulus = valeurs(choix)
    return voulus["ordre"] or _ordre_naturel(voulus)


def chercher(personne, choix):
    """The ideas that these filters leave, ordered."""
    return chercher_autour(personne, choix)[0]


def chercher_autour(personne, choix):
    """The same, and how far from the chosen point one had to look, in km (0 without a point)."""
    voulus = valeurs(choix)
    idees = filtrer(Idee.objects.visibles_par(personne).publiees(), voulus)
    if voulus["q"]:
        idees = recherche.chercher_en_texte(idees, voulus["q"])
    point, rayon = point_de(voulus), 0
    if point:
        idees, rayon = autour(idees, point)
    return idees.order_by(*_champs_de(ordre_de(choix))), rayon


def _champs_de(ordre: str) -> tuple[str, ...]:
    autres = {PROCHES: ("distance_carree", "pk"), PERTINENTES: ("-pertinence", "-pk")}
    return autres.get(ordre) or ORDRES.get(ordre, ORDRES["recentes"])[1]


def filtrer(idees, voulus):
    """By theme, place, box, state and delay."""
    if voulus["theme"]:
        idees = idees.filter(thematique__slug=voulus["theme"])
    if voulus["lieu"]:
        idees = idees.filter(territoire__in=dans(voulus["lieu"]))
    if voulus["boite"]:
        idees = idees.filter(boite__slug=voulus["boite"])
    if voulus["delai"]:
        idees = idees.filter(pk__in=_horloges(voulus["delai"]))
    if voulus["etat"]:
        idees = idees.filter(etat__in=ETATS[voulus["etat"]][1])
    else:
        idees = idees.exclude(etat=Idee.Etat.FUSIONNEE)
    return idees.filter(pk__in=_horloges("retard")) if voulus["etat"] == "retard" else idees


def dans(lieu: str):
    """This place and those it is made of: a commune has its quartiers."""
    ici = Q(slug=lieu) | Q(parent__slug=lieu) | Q(parent__parent__slug=lieu)
    return Territoire.objects.filter(ici).order_by().values("pk")


def _horloges(delai: str):
    """Ideas by their answer clock, a code of `DELAIS`."""
    horloges = Echeance.objects.filter(cible_type__model="idee", cible_type__app_label="idees")
    if delai == "retard":
        horloges = horloges.en_retard()
    elif delai == "a_temps":
        horloges = horloges.filter(tenue_le__date__lte=F("due_le"))
    elif delai == "apres":
        horloges = horloges.filter(tenue_le__date__gt=F("due_le"))
    else:
        aujourdhui = timezone.localdate()
        horloges = horloges.en_cours().filter(due_le__range=(aujourdhui, aujourdhui + timedelta(days=int(delai))))
    return horloges.order_by().values("cible_id")


def point_de(voulus) -> Point | None:
    """Where « near » is: the point of the address, else the middle of a commune."""
    if voulus["lat"]:
        return lire_point(voulus["lat"], voulus["lon"])
    if not voulus["pres"]:
        return None
    commune = Territoire.objects.filter(slug=voulus["pres"]).only("centre_lat", "centre_lon").first()
    return Point(*commune.centre) if commune and commune.centre else None


def filtres_actifs(choix, parametres) -> list[dict]:
    """Chips that take one filter away."""
    puces = [
        puce(nom_du_filtre(filtre), parametres, filtre.nom, de_passage=DE_PASSAGE)
        for filtre in choix
        if filtre.valeur and filtre.type != "cache" and filtre.nom != "ordre"
    ]
    if valeurs(choix).get("lat"):
        puces.append(puce(_("Près de moi"), parametres, "lat", "lon", de_passage=DE_PASSAGE))
    return puces


def nom_du_filtre(filtre) -> str:
    """What it asks for, in words."""
    if filtre.nom == "q":
        return _("« %(mots)s »") % {"mots": filtre.valeur}
    if filtre.nom == "pres":
        return _("Près de %(commune)s") % {"commune": filtre.libelle_choisi}
    if filtre.nom == "delai":
        return _("Réponse : %(delai)s") % {"delai": filtre.libelle_choisi.lower()}
    return filtre.libelle_choisi


def _compter(idees, plafond: int) -> int:
    return idees.order_by()[:plafond].count() if isinstance(idees, QuerySet) else idees.compter(plafond)


class Pages(Paginator):
    """Pages of a list that may be very long: beyond `LUES_MAX` it is neither counted nor numbered, and says so."""

    @cached_property
    def trouvees(self) -> int:
        return _compter(self.object_list, LUES_MAX + 1)

    @property
    def count(self) -> int:
        return min(self.trouvees, LUES_MAX)

    @property
    def est_incomplete(self) -> bool:
        return self.trouvees > LUES_MAX


def page_de_cartes(idees, personne, numero, mots=""):
    """One page of cards, in a constant number of queries. `idees`: numbers alone (`only("pk")`) in their order, or the
    circle of a visit: what a card shows is not worked out for those that the page skips.
    """
    page = Pages(idees, PAR_PAGE).get_page(numero)
    pks = [idee.pk for idee in page.object_list]
    par_numero = {idee.pk: idee for idee in avec_image(Idee.objects.filter(pk__in=pks)).pour_cartes(personne)}
    page.object_list = [Carte.de(par_numero[pk], mots) for pk in pks if pk in par_numero]
    return page


def cartes(idees, personne) -> list["Carte"]:
    return [Carte.de(idee) for idee in avec_image(idees).pour_cartes(personne)]


@dataclass(frozen=True)
class Vignette:
    url: str


@dataclass(frozen=True)
class Image:
    vignette: Vignette
    alternative: str


@dataclass(frozen=True)
class Carte:
    """What `composants/_carte_idee.html` reads of an idea."""

    pk: int
    titre: str
    url: str
    etat: str
    get_etat_display: str
    thematique: Thematique | None
    commune: Territoire | None
    extrait: str
    auteur: str
    publiee_le: datetime | None
    #: Instead of the day, when only the month or the year is known.
    publiee_en_clair: str
    nb_soutiens: int
    seuil: int | None
    soutiens_repris: int
    nb_commentaires: int
    nb_rejointes: int
    due_le: date | None
    repondue_le: datetime | None
    image: Image | None

    @classmethod
    def de(cls, idee, mots="") -> "Carte":
        """From an idea of `avec_image` and `IdeeQuerySet.pour_cartes`, with the words that were looked for."""
        horloge = idee.echeance
        return cls(
            pk=idee.pk,
            titre=idee.titre,
            url=idee.get_absolute_url(),
            etat=idee.etat,
            get_etat_display=idee.get_etat_display(),
            thematique=idee.thematique,
            commune=idee.territoire,
            extrait=extraire(idee, mots),
            auteur=idee.nom_de_l_auteur,
            publiee_le=idee.publiee_le,
            publiee_en_clair=idee.publiee_en_clair if idee.precision_publication in {"annee", "mois"} else "",
            nb_soutiens=idee.nb_soutiens,
            seuil=idee.seuil if idee.etat == Idee.Etat.PUBLIEE else None,
            soutiens_repris=idee.soutiens_repris,
            nb_commentaires=idee.nb_commentaires,
            nb_rejointes=idee.nb_rejointes,
            due_le=horloge.due_le if horloge else None,
            repondue_le=horloge.tenue_le if horloge else None,
            image=image_de(idee),
        )


def extraire(idee, mots="") -> str:
    """The beginning of its text, or the place where these words are."""
    if mots:
        return recherche.extrait(idee, mots)
    return Truncator(idee.texte).chars(EXTRAIT)


def avec_image(idees):
    """Each with its first picture, for `image_de`: it comes with the idea, and costs no query of its own."""
    photos = Photo.objects.filter(idee=OuterRef("pk")).order_by("rang", "pk")
    premiere = photos.values(lue=JSONObject(pk="pk", alternative="alternative"))[:1]
    return idees.annotate(premiere_photo=Subquery(premiere))


def image_de(idee) -> Image | None:
    """Its first picture, read through the rights of the idea."""
    if not (photo := idee.premiere_photo):
        return None
    return Image(Vignette(reverse("idees:photo", args=[idee.pk, photo["pk"], "vignette"])), photo["alternative"])
