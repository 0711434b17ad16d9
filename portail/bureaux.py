"""The desks: what waits for an agent, and what waits for an élue's name. The latest late thing comes first."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from communautes.models import Appel, Communaute, Question
from idees.models import Idee
from moderation import files
from projets.models import Projet
from reponses.models import Echeance, Escalade, Jalon, LotReponses, Reponse, SecondeLecture
from socle.templatetags.composants import ecrit_ici
from timeline.models import Entree

PAR_SECTION = 30  # lines; the count of a section says when there are more
RECENTES = 20


@dataclass(frozen=True)
class Ligne:
    """One thing to do: what, how late, and the one click that leads there."""

    titre: str
    url: str
    action: str
    precisions: list[str] = field(default_factory=list)
    due_le: date | None = None
    #: Short words in red: what is late besides the answer itself.
    alerte: str = ""


@dataclass(frozen=True)
class Section:
    ancre: str
    titre: str
    icone: str
    lignes: list[Ligne]
    nb: int
    rien: str


PLUS_URGENTES = (F("due_le").asc(nulls_last=True), "pk")


# --- The agent's -------------------------------------------------------------------------------------------------


@login_required
@require_GET
def bureau_agent(request):
    """For agents; and for a référent·e, with what concerns her projets."""
    personne = request.user
    if not personne.est_agent and not Projet.objects.filter(referente=personne).exists():
        raise PermissionDenied(_("Ce bureau est celui des agents et des personnes référentes d’un projet."))
    ouvertes = _par_etat(personne)
    sections = [
        _sans_brouillon(personne),
        *(
            _en_cours(etat, *ouvertes[etat])
            for etat in (
                Reponse.Etat.BROUILLON,
                Reponse.Etat.EN_CONSULTATION,
                Reponse.Etat.A_SIGNER,
                Reponse.Etat.SIGNEE,
            )
        ),
        _a_preciser(personne),
        _jalons_en_retard(personne),
        *([_communautes_proposees(), _appels()] if personne.est_agent else []),
    ]
    contexte = {
        "sections": sections,
        "nb_a_relire": _nb_a_relire(personne),
        "fil": [{"texte": _("Bureau de l’équipe")}],
    }
    return render(request, "portail/bureau_agent.html", contexte)


def _nb_a_relire(personne) -> int:
    return sum(nb for _file, nb in files.attentes(personne)) + files.nb_signalees()


def _sans_brouillon(personne) -> Section:
    """Ideas in study and questions that are due, her own apart, then projets in analysis, whose answer nobody has begun."""
    idees = _sans_reponse(Idee.objects.a_repondre_par(personne))
    questions = _sans_reponse(Question.objects.a_repondre_par(personne))
    projets = Projet.objects.filter(etat=Projet.Etat.EN_ANALYSE)
    projets = _sans_reponse(projets if personne.est_agent else projets.filter(referente=personne))
    lignes = [
        Ligne(
            titre=ecrit_ici(cible.titre),
            url=reverse("reponses:rediger", args=[cible._meta.label_lower, cible.pk]),
            action=_("Écrire la réponse"),
            precisions=[genre, *_escalade(cible)],
            due_le=cible.due_le,
        )
        for genre, cibles in ((_("Idée"), idees), (_("Question"), questions), (_("Projet"), projets))
        for cible in cibles[:PAR_SECTION]
    ]
    return Section(
        ancre="a-commencer",
        titre=_("Réponses à commencer"),
        icone="lightbulb",
        lignes=lignes,
        nb=idees.count() + questions.count() + projets.count(),
        rien=_("Chaque idée à l’étude, chaque question et chaque projet a déjà son dossier.")
        if personne.est_agent
        else _("Aucune réponse n’est à commencer dans les projets que vous conduisez."),
    )


def _sans_reponse(cibles):
    ici = ContentType.objects.get_for_model(cibles.model)
    sur_elle = {"cible_type": ici, "cible_id": OuterRef("pk")}
    sans = cibles.filter(~Exists(Reponse.objects.filter(**sur_elle)))
    sans = sans.annotate(elues_prevenues=_elues_prevenues(ici, "pk"))
    return sans.annotate(due_le=Subquery(Echeance.objects.filter(**sur_elle).values("due_le"))).order_by(*PLUS_URGENTES)


def _elues_prevenues(type_cible, cible_id):
    """Was the wait for the outer thing told to the elected officials?"""
    montees = Escalade.objects.exclude(palier=Escalade.Palier.EQUIPE)
    return Exists(montees.filter(echeance__cible_type=type_cible, echeance__cible_id=OuterRef(cible_id)))


def _par_etat(personne) -> dict[str, tuple[list[Reponse], int]]:
    """{state: (the most urgent answers, how many there are)} of what is not published."""
    siennes = Reponse.objects.a_instruire_par(personne)
    nombres = dict(siennes.order_by().values_list("etat").annotate(n=Count("pk")))
    aujourdhui = timezone.localdate()
    tous = siennes.avec_echeance().select_related("redigee_par", "signataire").prefetch_related("cible")
    tous = tous.annotate(
        elues_prevenues=_elues_prevenues(OuterRef("cible_type"), "cible_id"),
        nb_avis=Count("avis"),
        nb_rendus=Count("avis", filter=Q(avis__rendu_le__isnull=False)),
        nb_tardifs=Count("avis", filter=Q(avis__rendu_le__isnull=True, avis__attendu_le__lt=aujourdhui)),
    ).order_by(*PLUS_URGENTES)
    etats = [etat for etat in Reponse.Etat if etat != Reponse.Etat.PUBLIEE]
    return {etat: (list(tous.filter(etat=etat)[:PAR_SECTION]), nombres.get(etat, 0)) for etat in etats}


def _en_cours(etat, reponses, nb) -> Section:
    titre, icone, action, rien = {
        Reponse.Etat.BROUILLON: (_("Brouillons à finir"), "pencil", _("Ouvrir le brouillon"), _("Aucun brouillon.")),
        Reponse.Etat.EN_CONSULTATION: (
            _("Avis attendus des services"),
            "people",
            _("Ouvrir le dossier"),
            _("Aucun service n’est consulté."),
        ),
        Reponse.Etat.A_SIGNER: (
            _("En attente d’une signature"),
            "pen",
            _("Voir le dossier"),
            _("Rien n’attend de signature."),
        ),
        Reponse.Etat.SIGNEE: (
            _("Signées, à publier"),
            "patch-check",
            _("Relire et publier"),
            _("Aucune réponse signée n’attend."),
        ),
    }[etat]
    lignes = [
        Ligne(
            titre=ecrit_ici(str(reponse.cible)),
            url=reponse.get_absolute_url(),
            action=action,
            precisions=[reponse.get_sens_display(), *_precisions(reponse), *_escalade(reponse)],
            due_le=reponse.due_le,
            alerte=_alerte(reponse),
        )
        for reponse in reponses
    ]
    return Section(ancre=etat.replace("_", "-"), titre=titre, icone=icone, lignes=lignes, nb=nb, rien=rien)


def _escalade(ligne) -> list[str]:
    """A correction has no clock: nobody was told."""
    if getattr(ligne, "corrige_id", None):
        return []
    return [_("Élues et élus prévenus")] if ligne.elues_prevenues else []


def _precisions(reponse) -> list[str]:
    dites = [_("Correction")] if reponse.corrige_id else []
    if reponse.etat == Reponse.Etat.BROUILLON and reponse.redigee_par:
        dites.append(_("Par %(nom)s") % {"nom": reponse.redigee_par.pseudonyme})
    elif reponse.etat == Reponse.Etat.EN_CONSULTATION:
        dites.append(_("%(rendus)s avis sur %(tous)s") % {"rendus": reponse.nb_rendus, "tous": reponse.nb_avis})
    elif reponse.etat == Reponse.Etat.A_SIGNER:
        dites.append(_("Chez %(nom)s") % {"nom": reponse.signataire.pseudonyme})
    return dites


def _alerte(reponse) -> str:
    if reponse.etat == Reponse.Etat.BROUILLON and reponse.retour:
        return _("À revoir, demandé avant la signature")
    if reponse.etat == Reponse.Etat.EN_CONSULTATION and reponse.nb_tardifs:
        return ngettext("%(n)s avis en retard", "%(n)s avis en retard", reponse.nb_tardifs) % {"n": reponse.nb_tardifs}
    return ""


def _a_preciser(personne) -> Section:
    """What the mediator asked for; not where a correction is on its way, which stands in its own pile."""
    siennes = Reponse.objects.a_instruire_par(personne)
    en_route = Reponse.objects.filter(corrige=OuterRef("reponse")).exclude(etat=Reponse.Etat.PUBLIEE)
    lectures = SecondeLecture.objects.filter(
        ~Exists(en_route), etat=SecondeLecture.Etat.A_PRECISER, reponse__in=siennes
    ).order_by("due_le", "pk")
    lignes = [
        Ligne(
            titre=ecrit_ici(str(lecture.reponse.cible)),
            url=lecture.get_absolute_url(),
            action=_("Lire et corriger"),
            precisions=[_("Attendue le %(jour)s") % {"jour": date_format(lecture.due_le, "j F Y")}],
            alerte=_en_retard_de(-(lecture.jours_restants or 0)) if lecture.est_en_retard else "",
        )
        for lecture in lectures.select_related("reponse").prefetch_related("reponse__cible")[:PAR_SECTION]
        if lecture.due_le
    ]
    return Section(
        ancre="a-preciser",
        titre=_("Réponses à préciser, demandé par la médiatrice"),
        icone="search",
        lignes=lignes,
        nb=lectures.count(),
        rien=_("La médiatrice n’attend rien."),
    )


def _jalons_en_retard(personne) -> Section:
    reponses = Reponse.objects.a_instruire_par(personne)
    jalons = Jalon.objects.en_retard().filter(reponse__in=reponses).order_by("prevu_le", "pk")
    lignes = [
        Ligne(
            titre=ecrit_ici(jalon.titre),
            url=jalon.reponse.get_absolute_url(),
            action=_("Voir la réponse"),
            precisions=[ecrit_ici(str(jalon.reponse.cible))],
            alerte=_en_retard_de((timezone.localdate() - jalon.prevu_le).days),
        )
        for jalon in jalons.select_related("reponse").prefetch_related("reponse__cible")[:PAR_SECTION]
    ]
    return Section(
        ancre="jalons",
        titre=_("Étapes promises en retard"),
        icone="calendar-x",
        lignes=lignes,
        nb=jalons.count(),
        rien=_("Ce qui est promis est tenu."),
    )


def _communautes_proposees() -> Section:
    """The oldest proposal first: somebody waits to know."""
    proposees = Communaute.objects.filter(etat=Communaute.Etat.PROPOSEE).order_by("proposee_le", "pk")
    lignes = [
        Ligne(
            titre=ecrit_ici(communaute.nom),
            url=communaute.get_absolute_url(),
            action=_("Lire et décider"),
            precisions=[
                _("Par %(nom)s") % {"nom": communaute.nom_de_l_auteur},
                _("Reçue le %(jour)s") % {"jour": _jour(communaute.proposee_le)},
            ],
        )
        for communaute in proposees.select_related("proposee_par")[:PAR_SECTION]
    ]
    return Section(
        ancre="communautes",
        titre=_("Communautés proposées"),
        icone="people",
        lignes=lignes,
        nb=proposees.count(),
        rien=_("Aucune communauté n’attend d’être ouverte."),
    )


def _appels() -> Section:
    """Of people who were excluded from a community; mediators have the same queue."""
    appels = Appel.objects.a_trancher().order_by("depose_le", "pk")
    lignes = [
        Ligne(
            titre=ecrit_ici(appel.adhesion.communaute.nom),
            url=appel.get_absolute_url(),
            action=_("Examiner"),
            precisions=[
                appel.adhesion.personne.pseudonyme,
                _("Reçue le %(jour)s") % {"jour": _jour(appel.depose_le)},
            ],
        )
        for appel in appels.pour_phrase()[:PAR_SECTION]
    ]
    return Section(
        ancre="appels",
        titre=_("Appels d’exclusions"),
        icone="chat-left-quote",
        lignes=lignes,
        nb=appels.count(),
        rien=_("Aucune exclusion n’est contestée."),
    )


def _en_retard_de(jours: int) -> str:
    return ngettext("En retard d’un jour", "En retard de %(n)s jours", jours) % {"n": jours}


# --- The élue's --------------------------------------------------------------------------------------------------


@login_required
@require_GET
def bureau_elue(request):
    """For elected officials, by their role or named in a projet."""
    personne = request.user
    if not personne.est_elue and not personne.roles_projets.filter(role="elue").exists():
        raise PermissionDenied(_("Ce bureau est celui des élues et des élus."))
    siennes = (
        Reponse.objects.visibles_par(personne).filter(signataire=personne).avec_echeance().prefetch_related("cible")
    )
    a_signer = (
        siennes.filter(etat=Reponse.Etat.A_SIGNER).annotate(presentee_le=_presentee_le()).order_by(*PLUS_URGENTES)
    )
    attendues = _attendues(personne)
    signees = siennes.filter(etat=Reponse.Etat.SIGNEE).order_by(*PLUS_URGENTES)
    publiees = siennes.filter(etat=Reponse.Etat.PUBLIEE).order_by("-publiee_le", "-pk")
    sections = [
        Section(
            ancre="a-signer",
            titre=_("À signer"),
            icone="pen",
            lignes=[_ligne_a_signer(reponse) for reponse in a_signer[:PAR_SECTION]],
            nb=a_signer.count(),
            rien=_("Rien n’attend votre signature."),
        ),
        Section(
            ancre="attendues",
            titre=_("Attendues, pas encore publiées"),
            icone="bell",
            lignes=_lignes_attendues(attendues),
            nb=attendues.count(),
            rien=_("Aucune réponse en attente ne vous a été signalée."),
        ),
        _questions_pour_elle(personne),
        Section(
            ancre="signees",
            titre=_("Signées, bientôt publiées"),
            icone="hourglass-split",
            lignes=[
                _ligne_signee(reponse, reponse.signee_le, _("Signée le %(jour)s")) for reponse in signees[:PAR_SECTION]
            ],
            nb=signees.count(),
            rien=_("Toutes vos réponses signées sont publiées."),
        ),
        Section(
            ancre="publiees",
            titre=_("Publiées à votre nom"),
            icone="patch-check",
            lignes=[
                _ligne_signee(reponse, reponse.publiee_le, _("Publiée le %(jour)s")) for reponse in publiees[:RECENTES]
            ],
            nb=publiees.count(),
            rien=_("Aucune réponse à votre nom pour le moment."),
        ),
    ]
    return render(
        request,
        "portail/bureau_elue.html",
        {
            "sections": sections,
            "lots": LotReponses.objects.a_lire_par(personne).order_by("-cree_le", "-pk")[:PAR_SECTION],
            "fil": [{"texte": _("Réponses à signer")}],
        },
    )


def _questions_pour_elle(personne) -> Section:
    """Asked to her and not answered yet: those that gather supports, and those whose answer nobody has sent to her."""
    a_elle = Reponse.objects.filter(
        cible_type=ContentType.objects.get_for_model(Question), cible_id=OuterRef("pk"), signataire=personne
    )
    posees = Question.objects.publiees().visibles_par(personne).adressees_a(personne).en_attente()
    posees = posees.filter(~Exists(a_elle))
    lignes = [
        Ligne(
            titre=ecrit_ici(question.titre),
            url=question.get_absolute_url(),
            action=_("Lire la question"),
            precisions=[
                ecrit_ici(str(question.communaute)),
                _("%(n)s soutiens sur %(seuil)s") % {"n": question.nb_soutiens, "seuil": question.seuil},
            ],
            due_le=question.due_le,
        )
        for question in posees.pour_liste(personne).order_by(*PLUS_URGENTES)[:PAR_SECTION]
    ]
    return Section(
        ancre="questions",
        titre=_("Questions qui vous sont posées"),
        icone="question-circle",
        lignes=lignes,
        nb=posees.count(),
        rien=_("Aucune question ne vous attend."),
    )


def _attendues(personne):
    """Those that she was told of, by the escalation, and that are still awaited; not those that stand in her own piles."""
    montees = Escalade.objects.filter(echeance=OuterRef("pk"), elues=personne)
    a_elle = Reponse.objects.filter(
        cible_type=OuterRef("cible_type"), cible_id=OuterRef("cible_id"), signataire=personne, corrige__isnull=True
    )
    return Echeance.objects.en_cours().filter(Exists(montees), ~Exists(a_elle)).order_by("due_le", "pk")


def _lignes_attendues(attendues) -> list[Ligne]:
    """What moderation hides is not named here either."""
    cibles = attendues.select_related("service").prefetch_related("cible")[:PAR_SECTION]
    return [
        Ligne(
            titre=ecrit_ici(str(echeance.cible))
            if getattr(echeance.cible, "est_lisible", True)
            else _("Contenu masqué"),
            url=echeance.cible.get_absolute_url(),
            action=_("Voir ce qui est demandé"),
            precisions=[ecrit_ici(str(echeance.service))],
            due_le=echeance.due_le,
        )
        for echeance in cibles
        if echeance.cible is not None
    ]


def _presentee_le():
    """Since when it waits: its last way to the signature, as the journal tells it."""
    ici = ContentType.objects.get_for_model(Reponse)
    envois = Entree.objects.filter(cible_type=ici, cible_id=OuterRef("pk"), type="reponses.presenter").order_by(
        "-le", "-pk"
    )
    return Subquery(envois.values("le")[:1])


def _ligne_a_signer(reponse) -> Ligne:
    adresse = reverse("timeline:etape", args=["reponses.reponse", reponse.pk, "signer"])
    precisions = [reponse.get_sens_display(), *([_("Correction")] if reponse.corrige_id else [])]
    if reponse.presentee_le:
        precisions.append(_("Reçue le %(jour)s") % {"jour": _jour(reponse.presentee_le)})
    return Ligne(
        titre=ecrit_ici(str(reponse.cible)),
        url=f"{adresse}?{urlencode({'etat': reponse.etat, 'suite': reverse('portail:bureau_elue')})}",
        action=_("Lire et signer"),
        precisions=precisions,
        due_le=reponse.due_le,
    )


def _ligne_signee(reponse, le, phrase) -> Ligne:
    return Ligne(
        titre=ecrit_ici(str(reponse.cible)),
        url=reponse.get_absolute_url(),
        action=_("Relire"),
        precisions=[reponse.get_sens_display(), *_precisions(reponse), phrase % {"jour": _jour(le)}],
        due_le=None if reponse.tenue_le else reponse.due_le,
    )


def _jour(le) -> str:
    return date_format(timezone.localtime(le), "j F Y")
