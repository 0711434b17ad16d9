"""A short survey inside a page of another site, the code that puts it there, and how sites ask for that code (oEmbed)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from consultations import depuis_ailleurs
from consultations.affichage import afficher, numeros_de
from consultations.en_bref import en_bref
from consultations.forms import CadreForm
from consultations.integration import adresse_oembed, code_du_sondage, hauteur_de
from consultations.models import Consultation
from consultations.participer import Incomplete, relire
from consultations.permissions import peut_lire_les_resultats, peut_repondre
from consultations.questionnaire import TEXTES, Genre, Questionnaire
from consultations.repondantes import Repondante
from consultations.views.fil import debut_du_fil
from consultations.views.repondre import freiner, tapees
from socle.adresses import absolue
from socle.cadres import LARGEUR, integrable
from socle.fichiers import lire_document
from socle.secret import en_groupes
from timeline.etapes import EtapeRefusee

PERSONNE = Repondante()


def trouver(slug) -> Consultation:
    """A survey that everybody may see; nothing else is shown elsewhere."""
    visibles = Consultation.objects.visibles_par(PERSONNE).annoncees().filter(genre=Consultation.Genre.SONDAGE)
    return get_object_or_404(visibles.select_related("etape__projet"), slug=slug)


# --- The frame -------------------------------------------------------------------------------------------------------


@integrable
@sensitive_post_parameters("jeton")
@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sondage(request, slug):
    """GET: the questions. POST: count the answers, and give the receipt."""
    consultation = trouver(slug)
    if not peut_repondre(consultation, PERSONNE):
        return _montrer_fermee(request, consultation, status=403 if request.method == "POST" else 200)
    questionnaire = consultation.version.questionnaire
    form = CadreForm(request.POST or None, consultation=consultation, a_des_textes=_a_des_textes(questionnaire))
    if request.method != "POST":
        return _montrer(request, consultation, questionnaire, form, {}, {})
    return _recevoir(request, consultation, questionnaire, form)


def _a_des_textes(questionnaire: Questionnaire) -> bool:
    return any(question.genre in TEXTES or question.avec_autre for question in questionnaire.questions)


def _recevoir(request, consultation, questionnaire: Questionnaire, form: CadreForm) -> HttpResponse:
    brut = dict(request.POST.lists())
    documents, torts = _lire_les_fichiers(request, questionnaire)
    relecture = relire(questionnaire, brut, dict.fromkeys(documents, 1))
    torts = relecture.torts | torts
    if not torts and not relecture.repondues:
        form.add_error(None, _("Répondez à une question au moins."))
    statut = 422
    if form.is_valid() and not torts:
        try:
            if not depuis_ailleurs.deja_envoyee(consultation, form.cle):
                freiner(request)
            participation = depuis_ailleurs.repondre(
                consultation,
                cle=form.cle,
                brut=brut,
                documents=documents,
                accord_textes=bool(form.cleaned_data.get("accord_textes")),
            )
            return _remercier(request, consultation, participation, form.cle.mot)
        except Incomplete as tort:  # its questions changed while the page was open
            torts = tort.torts
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
    return _montrer(request, consultation, questionnaire, form, brut, torts, status=statut)


def _lire_les_fichiers(request, questionnaire: Questionnaire) -> tuple[dict, dict[str, str]]:
    """Files that can be read, and a sentence for each that cannot: {key of a question: …}."""
    documents, torts = {}, {}
    for question in questionnaire.questions:
        fichier = request.FILES.get(question.cle) if question.genre == Genre.FICHIER else None
        if fichier is not None:
            try:
                documents[question.cle] = lire_document(fichier, settings.DOCUMENT_MAX)
            except ValidationError as tort:
                torts[question.cle] = tort.messages[0]
    return documents, torts


def _montrer(request, consultation, questionnaire: Questionnaire, form, brut, torts, *, status=200) -> HttpResponse:
    numeros = numeros_de(questionnaire)
    contexte = {
        "consultation": consultation,
        "form": form,
        "elements": [
            element for page in questionnaire.pages for element in afficher(page.elements, brut, torts, {}, numeros)
        ],
        "torts": [(f"question-{cle}", numeros.get(cle), phrase) for cle, phrase in torts.items()],
    }
    return render(request, "consultations/integrer/sondage.html", contexte, status=status)


def _montrer_fermee(request, consultation, *, status) -> HttpResponse:
    contexte = {
        "consultation": consultation,
        "refusee": status != 200,
        "tapees": tapees(request, consultation),
        **_resultats(consultation),
    }
    return render(request, "consultations/integrer/fermee.html", contexte, status=status)


def _remercier(request, consultation, participation, mot) -> HttpResponse:
    """In answer to the POST: neither an address nor a history holds the secret."""
    contexte = {
        "consultation": consultation,
        "participation": participation,
        "mot": en_groupes(mot),
        **_resultats(consultation),
    }
    return render(request, "consultations/integrer/merci.html", contexte)


def _resultats(consultation) -> dict:
    """What the rule that was announced lets everybody see, and nothing before."""
    visibles = peut_lire_les_resultats(consultation, PERSONNE)
    return {"resultats_visibles": visibles, "en_bref": en_bref(consultation) if visibles else []}


# --- The code that puts it there --------------------------------------------------------------------------------------


@require_GET
def code(request, slug):
    """What to copy to show this survey on another site."""
    consultation = trouver(slug)
    contexte = {
        "consultation": consultation,
        "code": code_du_sondage(consultation),
        "cadre": reverse("consultations:integrer", args=[slug]),
        "oembed": adresse_oembed(consultation),
        "fil": [
            debut_du_fil(),
            {"texte": consultation.titre, "ecrit": True, "url": consultation.get_absolute_url()},
            {"texte": _("Afficher sur un autre site")},
        ],
    }
    return render(request, "consultations/integrer/code.html", contexte)


# --- oEmbed (https://oembed.com, version 1.0) -----------------------------------------------------------------------------

OEMBED_CACHE = 3600  # seconds
VUES_ANNONCEES = frozenset({"consultations:detail", "consultations:repondre", "consultations:integrer"})


@require_safe
@cache_control(public=True, max_age=OEMBED_CACHE)
def oembed(request):
    """What a site needs to show a survey whose address somebody pasted. 404: no survey there; 501: no such format."""
    format_ = request.GET.get("format", "json")
    if format_ not in {"json", "xml"}:
        return HttpResponse(_("Formats possibles : json, xml."), status=501, content_type="text/plain; charset=utf-8")
    try:
        consultation = _consultation_a(request.GET.get("url", ""))
    except Http404:
        return HttpResponse(_("Aucun sondage à cette adresse."), status=404, content_type="text/plain; charset=utf-8")
    try:
        largeur = _au_plus(request.GET.get("maxwidth"), LARGEUR)
        hauteur = _au_plus(request.GET.get("maxheight"), hauteur_de(consultation))
    except ValueError:
        return HttpResponseBadRequest(
            _("maxwidth et maxheight sont des nombres de pixels."), content_type="text/plain; charset=utf-8"
        )
    reponse = {
        "version": "1.0",
        "type": "rich",
        "title": consultation.titre,
        "provider_name": settings.ESTUAIRE["nom_plateforme"],
        "provider_url": absolue("/"),
        "cache_age": OEMBED_CACHE,
        "html": str(code_du_sondage(consultation, largeur=largeur, hauteur=hauteur)),
        "width": largeur,
        "height": hauteur,
    }
    if format_ == "xml":
        return render(request, "consultations/integrer/oembed.xml", {"champs": reponse}, content_type="text/xml")
    return JsonResponse(reponse)


def _au_plus(demande: str | None, sinon: int) -> int:
    """px; raises ValueError."""
    if not demande:
        return sinon
    if not (demande.isascii() and demande.isdecimal() and len(demande) < 7 and int(demande)):
        raise ValueError(demande)
    return min(int(demande), sinon)


def _consultation_a(adresse: str) -> Consultation:
    """The survey whose page has this address. Raises Http404."""
    try:
        demandee, ici = urlsplit(adresse), urlsplit(settings.ADRESSE)
        trouvee = resolve(demandee.path)
    except (ValueError, Resolver404):
        raise Http404 from None
    if demandee.scheme not in {"http", "https"} or demandee.netloc != ici.netloc:
        raise Http404
    if trouvee.view_name not in VUES_ANNONCEES:
        raise Http404
    return trouver(trouvee.kwargs["slug"])
