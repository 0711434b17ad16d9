"""A discussion as people read it: a page of threads, the first answers of each, in a constant number of queries."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commentaires import mise_en_forme
from commentaires.forms import CommentaireForm
from commentaires.models import Commentaire, Distinction, prend_position
from commentaires.permissions import (
    distingue_au_titre,
    est_approuvable,
    peut_commenter,
    peut_corriger,
    peut_retirer,
    pourquoi_ne_pas_y_ecrire,
    retire_au_titre,
    titre_pour_distinguer,
)
from socle.permissions import est_connectee

PAR_PAGE = 20  # threads
REPONSES_MONTREES = 10  # of each thread; the others have their own page
REPONSES_PAR_PAGE = 50
DISTINCTIONS_MONTREES = 20

#: Orders of the threads: what people read, then how it sorts. Answers always follow the time.
ORDRES = {
    "anciens": (gettext_lazy("Les plus anciens d’abord"), ("publie_le", "pk")),
    "recents": (gettext_lazy("Les plus récents d’abord"), ("-publie_le", "-pk")),
    "approuves": (gettext_lazy("Les plus approuvés d’abord"), ("-nb_accords", "publie_le", "pk")),
}
ORDRE = "anciens"
CLE_PAGE, CLE_ORDRE, CLE_POSITION = "fil", "fil_ordre", "fil_position"
CLE_REPONDRE, CLE_CITER = "repondre", "citer"
#: Where a comment waits, in the session, for somebody who must first sign in.
CLE_SESSION = "commentaire_garde"


@dataclass
class Citation:
    """What a comment quotes; nothing of it when it can no longer be read."""

    url: str = ""
    auteur: str = ""
    extrait: str = ""


@dataclass
class Vue:
    """A comment as `composants/_commentaire.html` shows it; one that cannot be read carries no word and no name."""

    pk: int
    publie_le: datetime
    auteur: str = ""
    texte: SafeString | str = ""
    position: str = ""
    modifie_le: datetime | None = None
    url_versions: str = ""
    citation: Citation | None = None
    voix_officielle: bool = False
    role: str = ""
    role_libelle: str = ""
    nb_accords: int = 0
    suis_d_accord: bool = False
    #: How many of them came with it from another platform.
    accords_repris: int = 0
    #: Its hour is not shown: that of another platform may be unknown.
    jour_seul: bool = False
    masque: str = ""
    url_accord: str = ""
    url_repondre: str = ""
    url_citer: str = ""
    url_corriger: str = ""
    url_distinguer: str = ""
    url_retirer: str = ""
    url_signaler: str = ""
    url_masquer: str = ""
    reponses: list["Vue"] = field(default_factory=list)
    #: Answers that are on their own page.
    nb_suite: int = 0
    url_suite: str = ""


class Lecture:
    """One person reading the discussion of one thing, as her address says (page, order, comment she answers)."""

    def __init__(self, cible, personne, parametres):
        self.cible, self.personne = cible, personne
        self.ouverte = peut_commenter(cible, personne)
        self.ordre = parametres.get(CLE_ORDRE) if parametres.get(CLE_ORDRE) in ORDRES else ORDRE
        voulue = parametres.get(CLE_POSITION)
        self.position = voulue if voulue in Commentaire.Position.values else ""
        self.numero = parametres.get(CLE_PAGE)
        self.tous = Commentaire.objects.sur(cible)
        self.nb = 0  # comments that can be read; known with the page
        self.balance: dict[str, int] = {}  # first comments that can be read, by position; known with the page
        self.sans_distinction = False  # when the page has counted none: nothing is then asked about them
        self.repondu = self._nomme(parametres.get(CLE_REPONDRE, ""))
        self.cite = self._nomme(parametres.get(CLE_CITER, ""))

    @property
    def parent(self):
        """The first comment under which an answer goes: answers to an answer stand beside it."""
        return self.repondu and (self.repondu.parent or self.repondu)

    def _nomme(self, pk):
        """The comment that an address names; nothing when it cannot be answered or quoted."""
        if not self.ouverte or not pk.isdecimal() or len(pk) > 18:
            return None
        nomme = self.tous.publies().filter(pk=pk).select_related("auteur", "parent").first()
        return nomme if nomme and (nomme.parent is None or nomme.parent.est_lisible) else None

    def page(self):
        """One page of threads, as views. Chosen by their numbers first: what is not shown is not counted either."""
        comptes = self.tous.a_compter()
        self.nb, self.sans_distinction = comptes["publies"], not comptes["distingues"]
        self.balance = {position: comptes[position] for position in Commentaire.Position.values}
        ordre = ORDRES[self.ordre][1]
        racines = self.racines()
        if self.ordre == "approuves":
            racines = racines.avec_nombre_d_accords()
        pages = Paginator(racines.order_by(*ordre).values("pk"), PAR_PAGE)
        pages.count = comptes[self.position] if self.position else comptes["fils"]
        page = pages.get_page(self.numero)
        self.numero = page.number
        page.object_list = self._montrer(page.object_list, ordre) if pages.count else []
        return page

    def _montrer(self, choisies, ordre) -> list[Vue]:
        premieres = Commentaire.objects.publies().pour_affichage(self.personne).order_by("publie_le", "pk")
        premieres = premieres.prefetch_related(None)
        montrees = (
            self.tous.filter(pk__in=choisies).pour_affichage(self.personne).avec_nombre_de_reponses().order_by(*ordre)
        )
        montrees = montrees.prefetch_related(None).prefetch_related(
            Prefetch("reponses", premieres[:REPONSES_MONTREES], to_attr="premieres")
        )
        # First comments and answers together, and only those that may name somebody.
        tous = [commentaire for racine in montrees for commentaire in (racine, *racine.premieres)]
        prefetch_related_objects([commentaire for commentaire in tous if _appelle(commentaire)], "mentions")
        return [self.fil(racine, racine.premieres, racine.nb_reponses) for racine in montrees]

    def racines(self):
        """First comments. Of one position, only those that can be read: the place of a hidden one says nothing of it."""
        premieres = self.tous.filter(parent=None)
        return premieres.publies().filter(position=self.position) if self.position else premieres.a_montrer()

    def fil(self, racine, reponses, nb_reponses) -> Vue:
        vue = self.vue(racine)
        vue.reponses = [self.vue(reponse, sous=racine) for reponse in reponses]
        vue.nb_suite = nb_reponses - len(vue.reponses)
        vue.url_suite = reverse("commentaires:reponses", args=[racine.pk]) if vue.nb_suite else ""
        return vue

    def vue(self, commentaire, sous=None) -> Vue:
        """`sous`: the first comment that it answers."""
        commentaire.cible = self.cible  # known: asking each comment for it would be a query a comment
        if not commentaire.est_lisible:
            return Vue(commentaire.pk, commentaire.publie_le, masque=_raison_de_l_absence(commentaire))
        vue = Vue(
            commentaire.pk,
            commentaire.publie_le,
            auteur=_nom_de_l_auteur(commentaire),
            texte=mise_en_forme.en_html(commentaire.texte, _mots_appeles(commentaire)),
            position=commentaire.position,
            modifie_le=commentaire.modifie_le,
            url_versions=reverse("commentaires:versions", args=[commentaire.pk]) if commentaire.modifie_le else "",
            citation=_citation(commentaire),
            voix_officielle=commentaire.voix_officielle,
            role="agente" if commentaire.voix_officielle else "",
            role_libelle=commentaire.qualite,
            nb_accords=commentaire.nb_accords,
            suis_d_accord=commentaire.suis_d_accord,
            accords_repris=commentaire.accords_repris,
            jour_seul=bool(commentaire.repris_de),
        )
        if self.ouverte and est_approuvable(commentaire, self.personne):
            action = "reprendre" if commentaire.suis_d_accord else "donner"
            vue.url_accord = f"{reverse('commentaires:accord', args=[commentaire.pk])}?{self.parametres(action=action)}"
        if self.ouverte:
            self._pour_continuer(commentaire, sous, vue)
        if self.ouverte and peut_corriger(commentaire, self.personne):
            vue.url_corriger = reverse("commentaires:corriger", args=[commentaire.pk])
        if commentaire.pk not in self.distingues and distingue_au_titre(commentaire, self.personne, self.titre):
            vue.url_distinguer = reverse("commentaires:distinguer", args=[commentaire.pk])
        if peut_retirer(commentaire, self.personne):
            retrait = reverse("timeline:etape", args=["commentaires.commentaire", commentaire.pk, "retirer"])
            vue.url_retirer = f"{retrait}?{urlencode({'suite': f'{self.adresse()}#commentaires'})}"
        else:
            # A moderator who reports is a party to the case: she is offered to decide instead.
            geste = "masquer" if est_connectee(self.personne) and self.personne.est_moderatrice else "signaler"
            adresse = reverse(f"moderation:{geste}", args=["commentaires.commentaire", commentaire.pk])
            setattr(vue, f"url_{geste}", adresse)
        return vue

    def _pour_continuer(self, commentaire, sous, vue):
        """Answer it, or quote it; a quotation of an answer stays under the same first comment.

        Under one that can no longer be read nothing is added: a quotation is then a comment of its own.
        """
        suite = sous is None or sous.est_lisible
        if suite:
            vue.url_repondre = f"{self.adresse(**{CLE_REPONDRE: commentaire.pk})}#commentaires-ecrire"
        place = {CLE_REPONDRE: commentaire.pk} if sous is not None and suite else {}
        vue.url_citer = f"{self.adresse(**place, **{CLE_CITER: commentaire.pk})}#commentaires-ecrire"

    @cached_property
    def titre(self) -> str:
        """In which capacity she may say that an argument changed something."""
        return titre_pour_distinguer(self.cible, self.personne)

    @cached_property
    def distinctions(self) -> list[Distinction]:
        if self.sans_distinction:
            return []
        return list(Distinction.objects.de_la_discussion(self.cible)[:DISTINCTIONS_MONTREES])

    @cached_property
    def distingues(self) -> set[int]:
        return {distinction.commentaire_id for distinction in self.distinctions}

    def arguments_distingues(self) -> list[dict]:
        """« Ce que la discussion a changé »: what changed, thanks to whose words, and the way to them."""
        return [
            {
                "ce_qui_change": distinction.ce_qui_change,
                "titre": distinction.get_titre_display(),
                "le": distinction.posee_le,
                "auteur": _nom_de_l_auteur(distinction.commentaire),
                "extrait": mise_en_forme.extrait(distinction.commentaire.texte),
                "url": distinction.get_absolute_url(),
                "url_retirer": self._url_du_retrait(distinction),
            }
            for distinction in self.distinctions
        ]

    def _url_du_retrait(self, distinction) -> str:
        if not retire_au_titre(distinction, self.personne, self.titre):
            return ""
        retrait = reverse("timeline:etape", args=["commentaires.distinction", distinction.pk, "retirer"])
        return f"{retrait}?{urlencode({'suite': f'{self.adresse()}#commentaires'})}"

    def parametres(self, **autres) -> str:
        """This reading as the query of an address, without what goes without saying."""
        choix = {CLE_PAGE: self.numero if self.numero not in (None, "", 1, "1") else None}
        choix[CLE_ORDRE] = self.ordre if self.ordre != ORDRE else None
        choix[CLE_POSITION] = self.position
        return urlencode({cle: valeur for cle, valeur in (choix | autres).items() if valeur})

    def adresse(self, **autres) -> str:
        """The page of the thing, at this place of its discussion."""
        return _avec(self._adresse_de_la_cible, self.parametres(**autres))

    @cached_property
    def _adresse_de_la_cible(self) -> str:
        """Three links of each comment begin with it."""
        return self.cible.get_absolute_url()

    def adresse_du_fragment(self) -> str:
        autres = {CLE_REPONDRE: self.repondu.pk} if self.repondu else {}
        if self.cite:
            autres[CLE_CITER] = self.cite.pk
        return _avec(adresse_du_fil(self.cible), self.parametres(**autres))

    def ordres(self) -> list[dict]:
        return [
            {
                "libelle": libelle,
                "url": self._url_de_tri(**{CLE_ORDRE: cle}),
                "actif": cle == self.ordre,
            }
            for cle, (libelle, _champs) in ORDRES.items()
        ]

    def positions(self) -> list[dict]:
        """The balance: how many first comments of each position, and the way to read those alone."""
        if not prend_position(self.cible):
            return []
        toutes = {"libelle": _("Tous les avis"), "nb": None, "url": self._url_de_tri(**{CLE_POSITION: None})}
        chaque = [
            {"libelle": position.label, "nb": self.balance[position], "position": position.value,
             "url": self._url_de_tri(**{CLE_POSITION: position.value}), "actif": self.position == position}
            for position in Commentaire.Position
        ]  # fmt: skip
        return [*chaque, toutes | {"actif": not self.position, "position": ""}]

    def _url_de_tri(self, **autres) -> str:
        """First page of the discussion, in another order or of another position."""
        return f"{self.adresse(**{CLE_PAGE: None}, **autres)}#commentaires"

    def contexte(self, request, formulaire=None) -> dict:
        """What `commentaires/_discussion.html` needs, `request` included."""
        page = self.page()
        return {
            "request": request,
            "user": request.user,
            "page": page,
            "nb": self.nb,
            "ordres": self.ordres() if self.nb > 1 else [],
            "positions": self.positions() if sum(self.balance.values()) > 1 or self.position else [],
            "distingues": self.arguments_distingues(),
            "citation": _citation_de(self.cite) if self.cite else None,
            "url_participants": reverse("commentaires:participants", args=[*_cle_de(self.cible)]),
            "reponse_a": self._reponse_a(),
            "url_flux": f"/ws/flux/{self.cible._meta.label_lower}/{self.cible.pk}/",
            "url_fragment": self.adresse_du_fragment(),
            "suite": f"{self.adresse()}#commentaires",
            **self._pour_ecrire(request, formulaire),
        }

    def _reponse_a(self):
        """« Vous répondez à… », and the way out."""
        if self.repondu is None:
            return None
        return {"auteur": _nom_de_l_auteur(self.repondu), "url_annuler": f"{self.adresse()}#commentaires-ecrire"}

    def _pour_ecrire(self, request, formulaire) -> dict:
        """The form, or the sentence that stands in its place."""
        vide = {"formulaire": None, "url_ajout": "", "ferme": "", "url_connexion": ""}
        if formulaire is not None:
            return vide | {"formulaire": formulaire, "url_ajout": self.adresse_du_fragment()}
        if not self.cible.discussion_ouverte():
            return vide | {"ferme": _("La discussion est fermée. Vous pouvez encore la lire.")}
        if not est_connectee(self.personne):
            suite = urlencode({"next": f"{self.cible.get_absolute_url()}#commentaires-ecrire"})
            return vide | {"url_connexion": f"{reverse('account_login')}?{suite}"}
        if refus := pourquoi_ne_pas_y_ecrire(self.cible, self.personne):
            return vide | {"ferme": refus}
        depart = self._garde(request) or self._adresse_a_quelqu_un()
        formulaire = CommentaireForm(
            cible=self.cible, personne=self.personne, parent=self.parent, cite=self.cite, initial=depart
        )
        return vide | {"formulaire": formulaire, "url_ajout": self.adresse_du_fragment()}

    def _garde(self, request) -> dict:
        """What she had typed before she signed in."""
        garde = request.session.get(CLE_SESSION, {})
        return garde if garde.get("sur") == _etiquette(self.cible) else {}

    def _adresse_a_quelqu_un(self) -> dict:
        """Under an answer the new one names whom it speaks to; under a first comment that goes without saying."""
        if self.repondu is None or self.repondu.parent is None or self.repondu.auteur is None:
            return {}
        return {"texte": f"@{self.repondu.auteur.pseudonyme} "}


def _appelle(commentaire) -> bool:
    """May it name somebody? Nobody is named without an @."""
    return "@" in commentaire.texte


def _mots_appeles(commentaire) -> list[str]:
    return [mention.mot for mention in commentaire.mentions.all()] if _appelle(commentaire) else []


def _citation(commentaire) -> Citation | None:
    return _citation_de(commentaire.cite) if commentaire.cite_id else None


def _citation_de(cite) -> Citation:
    if not cite.est_lisible:
        return Citation()
    return Citation(cite.get_absolute_url(), _nom_de_l_auteur(cite), mise_en_forme.extrait(cite.texte))


def _cle_de(cible) -> tuple[str, int]:
    return cible._meta.label_lower, cible.pk


def _nom_de_l_auteur(commentaire) -> str:
    if commentaire.auteur:
        return commentaire.auteur.pseudonyme
    if commentaire.repris_de:
        return _("Repris de %(source)s") % {"source": commentaire.repris_de}
    return _("Participant effacé")


def _raison_de_l_absence(commentaire) -> str:
    if commentaire.est_masquee:
        return _("Commentaire retiré par la modération")
    return _("Commentaire retiré par la personne qui l’a écrit")


def _avec(chemin: str, parametres: str) -> str:
    return f"{chemin}?{parametres}" if parametres else chemin


def _etiquette(cible) -> str:
    return ":".join(map(str, _cle_de(cible)))


def adresse_du_fil(cible) -> str:
    return reverse("commentaires:fil", args=[*_cle_de(cible)])


def adresse_pour_reprendre(cible, donnees) -> str:
    """Where somebody who must first sign in goes on writing: to the same person, with the same quotation."""
    noms = {CLE_REPONDRE: donnees.get("parent", ""), CLE_CITER: donnees.get("cite", "")}
    choix = {cle: pk for cle, pk in noms.items() if pk.isdecimal() and len(pk) <= 18}
    return f"{_avec(cible.get_absolute_url(), urlencode(choix))}#commentaires-ecrire"


def garder(request, cible, donnees) -> None:
    """Keep what somebody typed while she signs in; the session belongs to her browser."""
    request.session[CLE_SESSION] = {
        "sur": _etiquette(cible),
        "texte": donnees.get("texte", "").replace("\x00", "")[: 2 * Commentaire.LONGUEUR_MAX],
        "position": donnees.get("position", ""),
    }


def oublier(request, cible) -> None:
    if request.session.get(CLE_SESSION, {}).get("sur") == _etiquette(cible):
        del request.session[CLE_SESSION]


def adresse_dans_le_fil(commentaire, personne) -> str:
    """Where a comment stands in its discussion, in the usual order: page of the thread, or page of its answers."""
    racine = commentaire.parent or commentaire
    ancre = f"#commentaire-{commentaire.pk}"
    if commentaire.parent_id and commentaire.est_lisible:
        rang = _rang(Commentaire.objects.publies().filter(parent=racine), commentaire)
        if rang >= REPONSES_MONTREES:
            numero = rang // REPONSES_PAR_PAGE + 1
            chemin = reverse("commentaires:reponses", args=[racine.pk])
            return f"{_avec(chemin, urlencode({'page': numero}) if numero > 1 else '')}{ancre}"
    lecture = Lecture(commentaire.cible, personne, {})
    lecture.numero = _rang(lecture.racines(), racine) // PAR_PAGE + 1
    return f"{lecture.adresse()}{ancre}"


def _rang(freres, commentaire) -> int:
    """How many come before it in time."""
    avant = freres.filter(publie_le__lt=commentaire.publie_le)
    a_l_instant = freres.filter(publie_le=commentaire.publie_le, pk__lt=commentaire.pk)
    return avant.count() + a_l_instant.count()
