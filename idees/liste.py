"""Filters, orders and cards of the list of ideas. A closed list: nothing of the address reaches the ORM by name."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from idees.models import Boite, Idee
from projets.models import Thematique
from reponses.models import Echeance
from territoires.models import Territoire

PAR_PAGE = 12
EXTRAIT = 140  # characters
ORDRES = {
    "recentes": (gettext_lazy("Les plus récentes"), ("-publiee_le", "-pk")),
    "soutenues": (gettext_lazy("Les plus soutenues"), ("-poids", "-pk")),
}
ETATS = {
    "ouvertes": (gettext_lazy("Ouvertes aux soutiens"), ("publiee",)),
    "etude": (gettext_lazy("À l’étude"), ("en_etude",)),
    "retenues": (gettext_lazy("Retenues"), ("retenue", "en_realisation", "realisee")),
    "non_retenues": (gettext_lazy("Non retenues"), ("non_retenue",)),
    "retard": (gettext_lazy("Réponse en retard"), ("en_etude",)),
}


@dataclass(frozen=True)
class Choix:
    """One filter of the page, as `composants/_filtres.html` reads it."""

    nom: str
    libelle: str
    choix: list[dict]
    type: str = "choix"

    @property
    def valeur(self) -> str:
        return next((c["valeur"] for c in self.choix if c["actif"] and c["valeur"]), "")


def _choix(nom, libelle, paires, demande) -> Choix:
    connus = {str(valeur) for valeur, _libelle in paires}
    choisi = demande if demande in connus else ""
    tous = [{"valeur": "", "libelle": _("Tout"), "actif": not choisi}] if nom != "ordre" else []
    options = [{"valeur": str(v), "libelle": str(t), "actif": str(v) == choisi} for v, t in paires]
    return Choix(nom, libelle, tous + options)


def filtres(parametres, personne) -> list[Choix]:
    """The filters, with what the address asks for; unknown values count as nothing."""
    themes = Thematique.objects.values_list("slug", "nom")
    lieux = Territoire.objects.exclude(genre=Territoire.Genre.METROPOLE).values_list("slug", "nom")
    boites = Boite.objects.visibles_par(personne).values_list("slug", "titre")
    etats = [(code, nom) for code, (nom, _etats) in ETATS.items()]
    ordres = [(code, nom) for code, (nom, _champs) in ORDRES.items()]
    ordre = parametres.get("ordre", "")
    return [
        _choix("theme", _("Thème"), list(themes), parametres.get("theme", "")),
        _choix("lieu", _("Commune ou quartier"), list(lieux), parametres.get("lieu", "")),
        _choix("etat", _("Où en est l’idée"), etats, parametres.get("etat", "")),
        _choix("boite", _("Boîte à idées"), list(boites), parametres.get("boite", "")),
        _choix("ordre", _("Ranger par"), ordres, ordre if ordre in ORDRES else "recentes"),
    ]


def chercher(personne, choix):
    """The ideas that these filters leave, ordered."""
    voulus = {c.nom: c.valeur for c in choix}
    idees = Idee.objects.visibles_par(personne).publiees()
    if voulus["theme"]:
        idees = idees.filter(thematique__slug=voulus["theme"])
    if voulus["lieu"]:
        idees = idees.filter(territoire__slug=voulus["lieu"])
    if voulus["boite"]:
        idees = idees.filter(boite__slug=voulus["boite"])
    if voulus["etat"]:
        idees = idees.filter(etat__in=ETATS[voulus["etat"]][1])
    else:
        idees = idees.exclude(etat=Idee.Etat.FUSIONNEE)
    if voulus["etat"] == "retard":
        idees = idees.filter(pk__in=_en_retard())
    return idees.order_by(*ORDRES[voulus["ordre"]][1])


def _en_retard():
    return (
        Echeance.objects.en_retard().filter(cible_type__model="idee", cible_type__app_label="idees").values("cible_id")
    )


def page_de_cartes(idees, personne, numero):
    """One page of cards, in a constant number of queries."""
    page = Paginator(idees, PAR_PAGE).get_page(numero)
    page.object_list = cartes(page.object_list, personne)
    return page


def cartes(idees, personne) -> list["Carte"]:
    # A card says nothing of the box nor of the projet, whose long rows are half the work of the list.
    lues = idees.pour_liste(personne).select_related(None).select_related("auteur", "thematique", "territoire")
    return [Carte.de(idee) for idee in lues]


@dataclass(frozen=True)
class Image:
    url: str


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
    nb_soutiens: int
    seuil: int | None
    nb_commentaires: int
    echeance: date | None
    repondue_le: datetime | None
    photo: Image | None
    texte_photo: str

    @classmethod
    def de(cls, idee) -> "Carte":
        """From an idea of `IdeeQuerySet.pour_liste`."""
        horloge = idee.echeance
        photo = next(iter(idee.photos.all()), None)
        return cls(
            pk=idee.pk,
            titre=idee.titre,
            url=idee.get_absolute_url(),
            etat=idee.etat,
            get_etat_display=idee.get_etat_display(),
            thematique=idee.thematique,
            commune=idee.territoire,
            extrait=Truncator(idee.texte).chars(EXTRAIT),
            auteur=idee.auteur.pseudonyme if idee.auteur else _("Participant effacé"),
            publiee_le=idee.publiee_le,
            nb_soutiens=idee.nb_soutiens,
            seuil=idee.seuil if idee.etat == Idee.Etat.PUBLIEE else None,
            nb_commentaires=idee.nb_commentaires,
            echeance=horloge.due_le if horloge else None,
            repondue_le=horloge.tenue_le if horloge else None,
            photo=Image(reverse("idees:photo", args=[idee.pk, photo.pk, "vignette"])) if photo else None,
            texte_photo=photo.alternative if photo else "",
        )
