"""« Mon espace »: everything of mine, section by section, and what became of it.

A section is a line of SECTIONS: a new kind of content (votes, problems) adds its own, with its view and its template.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, Subquery, When
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commentaires.models import Accord, Commentaire, Distinction
from communautes.models import Adhesion, Appel, Communaute, Ebauche, Question, SoutienQuestion, Sujet
from consultations.models import Consultation, Participation
from idees.models import Boite, Idee, Soutien
from notifications.abonnements import modele_suivable
from notifications.models import Abonnement, Notification
from portail.mes_donnees import archiver
from projets.models import Projet
from reponses.models import Echeance
from socle.cadence import compter
from socle.devenir import raconter
from timeline.models import Entree
from votes.models import Bulletin

PAR_PAGE = 12
EN_BREF = 3  # things of each section on the summary
NOUVELLES = 8
ARCHIVES_MAX, ARCHIVES_PERIODE = 10, 3600  # of one network, in so many seconds


@dataclass(frozen=True)
class Section:
    nom: str  # of its URL
    libelle: Any
    icone: str


SECTIONS = (
    Section("mes_idees", gettext_lazy("Mes idées"), "lightbulb"),
    Section("mes_soutiens", gettext_lazy("Mes soutiens"), "heart"),
    Section("mes_questions", gettext_lazy("Mes questions"), "question-circle"),
    Section("mes_consultations", gettext_lazy("Mes consultations"), "ui-checks"),
    Section("mes_votes", gettext_lazy("Mes votes"), "check2-square"),
    Section("mes_communautes", gettext_lazy("Mes communautés"), "people"),
    Section("mes_commentaires", gettext_lazy("Mes commentaires"), "chat-left-text"),
    Section("mes_accords", gettext_lazy("Mes accords"), "hand-thumbs-up"),
    Section("mes_suivis", gettext_lazy("Ce que je suis"), "bell"),
    Section("mes_attentes", gettext_lazy("Réponses attendues"), "clock"),
    Section("mes_donnees", gettext_lazy("Mes données"), "box-arrow-in-down"),
)


def _menu(courante: str) -> list[dict]:
    resume = {"libelle": _("Résumé"), "url": reverse("portail:mon_espace"), "icone": "house-heart"}
    liens = [resume | {"actif": courante == "mon_espace"}]
    for section in SECTIONS:
        url = reverse(f"portail:{section.nom}")
        liens.append({"libelle": section.libelle, "url": url, "icone": section.icone, "actif": courante == section.nom})
    return liens


# --- What is mine ------------------------------------------------------------------------------------------------


def _idees_de(moi):
    """All states, drafts included; alone or with others; with an account or, once attached, without."""
    return Idee.objects.ecrites_par(moi).select_related("boite__etape__projet", "depot").order_by("-cree_le", "-pk")


def _soutiens_de(moi):
    """The latest first. What she may no longer read is not shown."""
    visibles = Idee.objects.visibles_par(moi).filter(pk=OuterRef("idee"))
    siens = Soutien.objects.filter(Exists(visibles), personne=moi)
    return siens.select_related("idee__boite__etape__projet").order_by("-cree_le", "-pk")


def _questions_de(moi):
    """Those that she asked, and those that she supports, the latest first; what she may no longer read is not shown."""
    siennes = SoutienQuestion.objects.filter(personne=moi).order_by().values("question")
    visibles = Question.objects.visibles_par(moi).filter(Question.de_ses_mots(moi) | Q(pk__in=siennes))
    return visibles.avec_communaute().order_by("-publiee_le", "-pk")


def _participations_de(moi):
    """Begun and sent, the latest first; what she took back is no longer hers. Without the questions, which no line shows."""
    siennes = Participation.objects.filter(personne=moi).select_related("consultation__etape__projet")
    return siennes.defer("brut", "consultation__restitution", "consultation__description").order_by("-ecrite_le", "-pk")


def _a_finir(moi):
    """What she typed and did not send, while it may still be sent: the nearest end first."""
    commencees = _participations_de(moi).filter(
        envoyee_le__isnull=True, consultation__etat=Consultation.Etat.OUVERTE, consultation__ferme_le__gt=timezone.now()
    )
    return commencees.order_by("consultation__ferme_le", "pk")


def _bulletins_de(moi):
    """The latest first, changed or not. What was voted is on the page of each; this one says that she voted, and when."""
    siens = Bulletin.objects.filter(emargement__personne=moi).select_related("scrutin__etape__projet", "enveloppe")
    return siens.defer("scrutin__reglement", "scrutin__description", "notes").order_by("-depose_le", "-pk")


def _adhesions_de(moi):
    """Her places, those that wait for her first. What she left or declined is no longer hers to follow, but for an invitation
    declined of late, perhaps by mistake: of a place that nobody else finds, no other page gives it back."""
    appels = Appel.objects.filter(adhesion=OuterRef("pk"), depose_le__gte=OuterRef("depuis_le")).order_by("-pk")
    toutes = Adhesion.objects.filter(personne=moi)
    siennes = (toutes.qui_concernent() | toutes.qui_peuvent_se_raviser()).annotate(
        appel_pk=Subquery(appels.values("pk")[:1]), appel_etat=Subquery(appels.values("etat")[:1])
    )
    attend = Case(When(etat=Adhesion.Etat.INVITEE, then=0), default=1)
    lues = siennes.select_related("communaute__projet", "communaute__territoire", "communaute__thematique")
    return lues.defer("communaute__territoire__contour").order_by(attend, "-depuis_le", "-pk")


def _proposees_par(moi):
    """Communities that she proposed and that have not opened, the latest first."""
    return Communaute.objects.filter(
        proposee_par=moi, etat__in=[Communaute.Etat.PROPOSEE, Communaute.Etat.REFUSEE]
    ).order_by("-proposee_le", "-pk")


def _commentaires_de(moi):
    return (
        Commentaire.objects.filter(auteur=moi)
        .prefetch_related(_cibles_discutees(), _distinctions())
        .avec_nombre_d_accords()
        .avec_nombre_de_reponses()
        .order_by("-publie_le", "-pk")
    )


def _accords_de(moi):
    visibles = Commentaire.objects.visibles_par(moi).filter(pk=OuterRef("commentaire"))
    donnes = Accord.objects.filter(Exists(visibles), personne=moi)
    avec_cible = Prefetch(
        "commentaire",
        Commentaire.objects.select_related("auteur").prefetch_related(_cibles_discutees(), _distinctions()),
    )
    return donnes.prefetch_related(avec_cible).order_by("-cree_le", "-pk")


def _distinctions():
    """What a comment has changed, as somebody said of it."""
    return Prefetch("distinctions", Distinction.objects.posees(), to_attr="posees")


def _cibles_discutees():
    return GenericPrefetch(
        "cible",
        [
            Idee.objects.select_related("boite__etape__projet"),
            Question.objects.avec_communaute(),
            Sujet.objects.select_related("communaute"),
            Ebauche.objects.select_related("communaute"),
        ],
    )


def _suivis_de(moi):
    suivables = [
        Boite.objects.select_related("etape__projet"),
        Idee.objects.select_related("boite__etape__projet"),
        Projet.objects.all(),
        Communaute.objects.all(),
        Sujet.objects.select_related("communaute"),
        Question.objects.avec_communaute(),
    ]
    siens = Abonnement.objects.filter(personne=moi)
    return siens.prefetch_related(GenericPrefetch("cible", suivables)).order_by("-cree_le", "-pk")


def _attentes_de(moi):
    """Answers due to what she wrote, asked, supports or follows: the nearest first, so the late ones before all others."""
    ici, la = ContentType.objects.get_for_model(Idee), ContentType.objects.get_for_model(Question)
    idees = Idee.objects.visibles_par(moi).filter(
        Idee.de_ses_mots(moi)
        | Q(pk__in=Soutien.objects.filter(personne=moi).values("idee"))
        | Q(pk__in=Abonnement.objects.filter(personne=moi, cible_type=ici).values("cible_id"))
    )
    questions = Question.objects.visibles_par(moi).filter(
        Question.de_ses_mots(moi)
        | Q(pk__in=SoutienQuestion.objects.filter(personne=moi).values("question"))
        | Q(pk__in=Abonnement.objects.filter(personne=moi, cible_type=la).values("cible_id"))
    )
    dues = Echeance.objects.en_cours().filter(
        Q(cible_type=ici, cible_id__in=idees.values("pk")) | Q(cible_type=la, cible_id__in=questions.values("pk"))
    )
    avec_idee = GenericPrefetch(
        "cible", [Idee.objects.select_related("boite__etape__projet"), Question.objects.avec_communaute()]
    )
    return dues.select_related("service").prefetch_related(avec_idee).order_by("due_le", "pk")


def _visibles(abonnements, moi) -> list[Abonnement]:
    """Each says whether she may still read what she follows: one query a kind."""
    abonnements = list(abonnements)
    par_modele: dict[Any, list[int]] = {}
    for abonnement in abonnements:
        if abonnement.cible is not None:
            par_modele.setdefault(type(abonnement.cible), []).append(abonnement.cible_id)
    lues = {
        modele: set(modele._default_manager.visibles_par(moi).filter(pk__in=cles).values_list("pk", flat=True))
        for modele, cles in par_modele.items()
    }
    for abonnement in abonnements:
        abonnement.est_visible = abonnement.cible_id in lues.get(type(abonnement.cible), ())
        if abonnement.est_visible and modele_suivable(etiquette := abonnement.cible._meta.label_lower):
            abonnement.url_facon = reverse("notifications:suivre", args=[etiquette, abonnement.cible_id])
    return abonnements


def _cibles_visibles(abonnements, moi) -> list:
    vus: list[Any] = _visibles(abonnements, moi)
    return [abonnement.cible for abonnement in vus if abonnement.est_visible]


# --- Pages -------------------------------------------------------------------------------------------------------


@login_required
@require_GET
def mon_espace(request):
    moi = request.user
    entrees = Prefetch("entree", Entree.objects.pour_affichage())
    attentes = list(_attentes_de(moi)[:EN_BREF])
    soutiens = list(_soutiens_de(moi)[:EN_BREF])
    suivis = _cibles_visibles(_suivis_de(moi)[:EN_BREF], moi)
    idees = list(_idees_de(moi)[:EN_BREF])
    raconter([*idees, *(s.idee for s in soutiens), *(a.cible for a in attentes), *suivis])
    contexte = {
        "onglets": _menu("mon_espace"),
        "idees": idees,
        "soutenues": [soutien.idee for soutien in soutiens],
        "a_finir": list(_a_finir(moi)[:EN_BREF]),
        "attendues": [echeance.cible for echeance in attentes],
        "suivis": suivis,
        "invitations": list(_adhesions_de(moi).filter(etat=Adhesion.Etat.INVITEE)[:EN_BREF]),
        "nb_retards": _attentes_de(moi).en_retard().aggregate(n=Count("pk"))["n"],
        "nouvelles": Notification.objects.de(moi).prefetch_related(entrees).order_by("-cree_le", "-pk")[:NOUVELLES],
    }
    return render(request, "portail/mon_espace.html", contexte)


def _autour(nom) -> dict:
    """What surrounds a section: the menu, its title, the way back."""
    section = next(s for s in SECTIONS if s.nom == nom)
    return {
        "onglets": _menu(nom),
        "titre_page": section.libelle,
        "fil": [{"texte": _("Mon espace"), "url": reverse("portail:mon_espace")}, {"texte": section.libelle}],
    }


def _page(request, nom, requete, gabarit, **contexte):
    page = Paginator(requete, PAR_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    contexte |= {"page": page, **_autour(nom)}
    return page, lambda: render(request, gabarit, contexte)


@login_required
@require_GET
def mes_idees(request):
    page, rendre = _page(request, "mes_idees", _idees_de(request.user), "portail/espace/idees.html")
    raconter(page.object_list)
    return rendre()


@login_required
@require_GET
def mes_soutiens(request):
    page, rendre = _page(request, "mes_soutiens", _soutiens_de(request.user), "portail/espace/soutiens.html")
    raconter(soutien.idee for soutien in page)
    return rendre()


@login_required
@require_GET
def mes_questions(request):
    page, rendre = _page(request, "mes_questions", _questions_de(request.user), "portail/espace/questions.html")
    raconter(page.object_list)
    return rendre()


@login_required
@require_GET
def mes_consultations(request):
    page, rendre = _page(
        request, "mes_consultations", _participations_de(request.user), "portail/espace/consultations.html"
    )
    raconter(participation.consultation for participation in page)
    return rendre()


@login_required
@require_GET
def mes_votes(request):
    page, rendre = _page(request, "mes_votes", _bulletins_de(request.user), "portail/espace/votes.html")
    raconter(bulletin.scrutin for bulletin in page)
    return rendre()


@login_required
@require_GET
def mes_communautes(request):
    proposees = _proposees_par(request.user)[:PAR_PAGE]
    _page_lue, rendre = _page(
        request, "mes_communautes", _adhesions_de(request.user), "portail/espace/communautes.html", proposees=proposees
    )
    return rendre()


@login_required
@require_GET
def mes_commentaires(request):
    page, rendre = _page(
        request, "mes_commentaires", _commentaires_de(request.user), "portail/espace/commentaires.html"
    )
    _dire_ou(page, request.user)
    return rendre()


@login_required
@require_GET
def mes_accords(request):
    page, rendre = _page(request, "mes_accords", _accords_de(request.user), "portail/espace/accords.html")
    _dire_ou([accord.commentaire for accord in page], request.user)
    return rendre()


def _dire_ou(commentaires, moi) -> None:
    """Where each was written and what became of that, when she may still read it: what moderation hides is not told here."""
    par_modele: dict[Any, list] = {}
    for commentaire in commentaires:
        commentaire.ou = None
        if commentaire.cible is not None:
            par_modele.setdefault(type(commentaire.cible), []).append(commentaire)
    for modele, siens in par_modele.items():
        cles = [commentaire.cible_id for commentaire in siens]
        lues = set(modele._default_manager.visibles_par(moi).filter(pk__in=cles).values_list("pk", flat=True))
        for commentaire in siens:
            commentaire.ou = commentaire.cible if commentaire.cible_id in lues else None
    raconter(commentaire.ou for commentaire in commentaires if commentaire.ou is not None)


@login_required
@require_GET
def mes_suivis(request):
    page, rendre = _page(
        request,
        "mes_suivis",
        _suivis_de(request.user),
        "portail/espace/suivis.html",
        arrete=_ce_qui_vient_d_etre_arrete(request),
    )
    raconter(_cibles_visibles(page, request.user))
    return rendre()


def _ce_qui_vient_d_etre_arrete(request) -> dict | None:
    """So that a click too many is taken back by another: what she may follow again, if she may still read it."""
    etiquette, _trait, pk = request.GET.get("arrete", "").partition("-")
    classe = modele_suivable(etiquette)
    if classe is None or not (pk.isascii() and pk.isdigit()) or len(pk) > 15:
        return None
    cible = classe._default_manager.visibles_par(request.user).filter(pk=pk).first()
    if cible is None:
        return None
    facon = request.GET.get("facon")
    return {
        "nom": cible,
        "url": reverse("notifications:suivre", args=[etiquette, cible.pk]),
        "facon": facon if facon in Abonnement.Facon.values else Abonnement.Facon.PARTICIPE,
    }


@login_required
@require_POST
def ne_plus_suivre(request, pk):
    """One click; a second one, or that of another tab, finds it done. Works for what she may no longer read too."""
    abonnement = Abonnement.objects.filter(pk=pk, personne=request.user).select_related("cible_type").first()
    suite = reverse("portail:mes_suivis")
    if abonnement is None:
        messages.info(request, _("Vous ne suivez déjà plus cela."))
        return redirect(suite)
    genre = abonnement.cible_type
    abonnement.delete()
    quoi = f"{genre.app_label}.{genre.model}-{abonnement.cible_id}"
    return redirect(f"{suite}?arrete={quoi}&facon={abonnement.facon}")


@login_required
@require_GET
def mes_attentes(request):
    page, rendre = _page(request, "mes_attentes", _attentes_de(request.user), "portail/espace/attentes.html")
    raconter(echeance.cible for echeance in page)
    return rendre()


@login_required
@require_http_methods(["GET", "POST"])
def mes_donnees(request):
    """Everything that the site knows of her: told on the page, given by the button."""
    if request.method == "POST":
        if compter(request, "mes_donnees", maximum=ARCHIVES_MAX, periode=ARCHIVES_PERIODE):
            nom = f"mes-donnees-{timezone.localdate():%Y-%m-%d}.zip"
            reponse = FileResponse(
                archiver(request.user), as_attachment=True, filename=nom, content_type="application/zip"
            )
            reponse["Cache-Control"] = "no-store, private"
            return reponse
        messages.error(request, _("Vous avez déjà demandé vos données plusieurs fois. Réessayez dans une heure."))
        return redirect("portail:mes_donnees")
    return render(request, "portail/espace/mes_donnees.html", _autour("mes_donnees"))
