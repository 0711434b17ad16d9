"""What everybody reads of the consultations."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from consultations.integration import adresse_oembed
from consultations.models import Consultation, Participation
from consultations.permissions import peut_commencer, peut_conduire, peut_creer, peut_lire_les_resultats, peut_saisir
from consultations.repondantes import personne_de
from consultations.views.fil import debut_du_fil
from timeline.etapes import transitions_ouvertes

PAR_PAGE = 12
GROUPES = {
    "ouvertes": (gettext_lazy("Ouvertes"), (Consultation.Etat.OUVERTE,)),
    "a_venir": (gettext_lazy("À venir"), (Consultation.Etat.PROGRAMMEE,)),
    "finies": (gettext_lazy("Terminées"), (Consultation.Etat.CLOSE, Consultation.Etat.RESTITUEE)),
}


@require_GET
def liste(request):
    """The open ones, or another group; drafts have their own page at the desk."""
    groupe = request.GET.get("etat", "")
    consultations = Consultation.objects.visibles_par(request.user).annoncees().pour_liste()
    if groupe in GROUPES:
        consultations = consultations.filter(etat__in=GROUPES[groupe][1])
    page = Paginator(consultations.order_by("-ouvre_le", "-pk"), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "onglets": [
            {"libelle": _("Toutes"), "url": "?", "actif": groupe not in GROUPES},
            *(
                {"libelle": nom, "url": f"?etat={code}", "actif": code == groupe}
                for code, (nom, _etats) in GROUPES.items()
            ),
        ],
        "peut_creer": peut_creer(request.user),
    }
    return render(request, "consultations/liste.html", contexte)


@require_GET
def detail(request, slug):
    """Why these questions, which rules, until when; what one may do, and what one has done."""
    visibles = Consultation.objects.visibles_par(request.user).select_related("etape__projet", "territoire__parent")
    consultation = get_object_or_404(visibles.defer("territoire__contour"), slug=slug)
    personne = personne_de(request)
    versions = list(consultation.versions.publiees())
    contexte = {
        "consultation": consultation,
        "versions": versions,
        "nb_questions": len(versions[0].questionnaire.questions) if versions else 0,
        "nb_pages": len(versions[0].questionnaire.pages) if versions else 0,
        "sienne": sienne(consultation, personne),
        "peut_commencer": peut_commencer(consultation, personne),
        "peut_saisir": peut_saisir(consultation, request.user),
        "peut_conduire": peut_conduire(consultation, request.user),
        "resultats_visibles": peut_lire_les_resultats(consultation, personne),
        "transitions": transitions_ouvertes(consultation, request.user),
        "oembed": [(format_, adresse_oembed(consultation, format_)) for format_ in ("json", "xml")]
        if consultation.est_sondage and consultation.est_annoncee
        else [],
        "url_flux": f"/ws/flux/consultations.consultation/{consultation.pk}/",
        "fil": [debut_du_fil(), {"texte": consultation.titre, "ecrit": True}],
    }
    return render(request, "consultations/detail.html", contexte)


def sienne(consultation, personne) -> Participation | None:
    """Her answer to it, begun or sent."""
    return (
        Participation.objects.visibles_par(personne)
        .filter(consultation=consultation, retiree_le__isnull=True)
        .order_by("-envoyee_le", "-pk")
        .first()
    )
