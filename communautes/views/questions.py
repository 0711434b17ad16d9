"""Questions to an élue: those of a community, one of them, and asking one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communautes.actions_questions import ne_plus_soutenir, poser, soutenir
from communautes.forms.questions import PoserForm
from communautes.models import Question
from communautes.permissions_questions import accueille_les_questions, est_autrice, peut_poser, peut_soutenir
from communautes.questions_liste import onglets, questions_de, vue_demandee
from communautes.questions_proches import proches
from communautes.views.acces import communaute_vue, contexte_de
from notifications.abonnements import facon_suivie_par
from reponses.models import Echeance, Reponse
from socle.permissions import est_connectee
from timeline.etapes import EtapeInvalide, EtapeRefusee, transitions_ouvertes
from timeline.models import Entree

PAR_PAGE = 12
FRISE_MAX = 50  # entries on the page of a question


def regles() -> list[str]:
    """What happens to a question, said before one is asked."""
    seuil, delai = settings.QUESTIONS_SEUIL, settings.QUESTIONS_DELAI_JOURS
    soutiens = ngettext(
        "Quand %(n)s personne la soutient, une réponse est due : la date est publique, et elle ne bouge pas.",
        "Quand %(n)s personnes la soutiennent, une réponse est due : la date est publique, et elle ne bouge pas.",
        seuil,
    )
    jours = ngettext("La réponse arrive en %(n)s jour au plus.", "La réponse arrive en %(n)s jours au plus.", delai)
    return [
        soutiens % {"n": seuil},
        jours % {"n": delai},
        _("Passé cette date, tout le monde lit « en retard » sur la page, et ce mot ne s’enlève pas."),
        _("L’élu·e à qui vous la posez signe la réponse, si son mandat est en cours."),
    ]


@require_GET
def liste(request, slug):
    """Open wherever the front page is; a place that nobody may know of says where else to ask."""
    communaute = communaute_vue(request, slug)
    adresse = reverse("communautes:questions", args=[slug])
    contexte = contexte_de(request, communaute, "questions", {"texte": _("Questions")})
    contexte |= {"regles": regles(), "peut_poser": peut_poser(communaute, request.user)}
    if communaute.est_trouvable:
        vue = vue_demandee(request.GET)
        trouvees = questions_de(communaute, request.user, vue)
        contexte |= {
            "vue": vue,
            "vues": onglets(adresse, vue),
            "page": Paginator(trouvees, PAR_PAGE).get_page(request.GET.get("page")),
            "accueille": accueille_les_questions(communaute),
        }
    return render(request, "communautes/questions/liste.html", contexte)


@login_required
@require_http_methods(["GET", "POST"])
def ecrire(request, slug):
    """Ask one. What is near is shown once before it is sent; whatever is refused, what was typed stays."""
    communaute = communaute_vue(request, slug)
    if not peut_poser(communaute, request.user) and request.method == "GET":
        return redirect("communautes:questions", slug=slug)
    form = PoserForm(request.POST or None, communaute=communaute, par=request.user)
    voisines, statut = [], 422
    if request.method == "POST" and form.is_valid():
        dites = form.contenu()
        voisines = proches(communaute, dites["titre"], dites["texte"])
        # The same form sent twice: what it has already published is no neighbour of itself.
        voisines = [voisine for voisine in voisines if voisine.cle_saisie != dites["cle_saisie"]]
        if form.a_montre(voisines):
            try:
                question = poser(communaute, par=request.user, **dites)
            except EtapeInvalide as refus:
                form.add_error(refus.champ, str(refus))
            except EtapeRefusee as refus:
                form.add_error(None, str(refus))
                statut = refus.statut
            else:
                messages.success(request, _("Votre question est publiée. Partagez-la : chaque soutien compte."))
                return redirect(question)
        else:
            form.noter_les_vues(voisines)
            statut = 200
    contexte = contexte_de(
        request,
        communaute,
        "questions",
        {"texte": _("Questions"), "url": reverse("communautes:questions", args=[slug])},
        {"texte": _("Poser une question")},
    )
    contexte |= {"form": form, "regles": regles(), "voisines": voisines}
    return render(
        request, "communautes/questions/ecrire.html", contexte, status=statut if request.method == "POST" else 200
    )


@require_GET
def detail(request, pk):
    question = get_object_or_404(_pour_la_page(request.user), pk=pk)
    contexte = _contexte_de_la_page(request, question)
    return render(request, f"communautes/questions/{'_suivi' if request.htmx else 'detail'}.html", contexte)


def _pour_la_page(personne):
    horloges = Prefetch("echeances", Echeance.objects.select_related("service"))
    questions = Question.objects.visibles_par(personne).pour_liste(personne).prefetch_related(horloges)
    sur_elle = {"cible_type": ContentType.objects.get_for_model(Question), "cible_id": OuterRef("pk")}
    questions = questions.annotate(a_des_reponses=Exists(Reponse.objects.filter(**sur_elle)))
    return questions.annotate(facon_suivie=facon_suivie_par(personne, Question))


def _contexte_de_la_page(request, question) -> dict:
    personne = request.user
    reponses = _reponses_a(question, personne) if question.a_des_reponses else []
    publiees = [r for r in reponses if r.etat == Reponse.Etat.PUBLIEE]
    entrees = Entree.objects.autour(question, *reponses).visibles_par(personne)
    communaute = question.communaute
    return {
        "question": question,
        "communaute": communaute,
        "soutien": _bascule(question, personne),
        "reponse": next((r for r in publiees if r.corrige_id is None), None),
        "correction": next((r for r in reversed(publiees) if r.corrige_id), None),
        "dossier": next((r for r in reponses if r.etat != Reponse.Etat.PUBLIEE), None),
        "entrees": entrees.order_by("-survenu_le", "-pk")[:FRISE_MAX].montrees_avec(question, *reponses),
        "etapes": transitions_ouvertes(question, personne),
        "pourquoi_pas": question.pourquoi_pas(personne),
        "est_autrice": est_autrice(question, personne),
        "peut_repondre": question.peut_etre_instruite_par(personne) and question.attend_reponse() and not reponses,
        "url_flux": f"/ws/flux/communautes.question/{question.pk}/",
        "fil": [
            {"texte": _("Les communautés"), "url": reverse("communautes:liste")},
            {"texte": communaute.nom, "url": communaute.get_absolute_url(), "ecrit": True},
            {"texte": _("Questions"), "url": reverse("communautes:questions", args=[communaute.slug])},
            {"texte": str(question), "ecrit": True},
        ],
    }


def _reponses_a(question, personne) -> list[Reponse]:
    reponses = list(Reponse.objects.sur(question).visibles_par(personne).select_related("corrige").order_by("pk"))
    for reponse in reponses:
        reponse.cible = question  # known: their sentences name it
    return reponses


def _bascule(question, personne) -> dict:
    """What the support button says and does, for `communautes/questions/_soutien.html`."""
    ouvert, bloque = question.soutien_ouvert(), ""
    if not ouvert:
        bloque = "" if question.etat == Question.Etat.REPONDUE else _("Les soutiens sont clos")
    elif not est_connectee(personne):
        bloque = "connexion"
    elif est_autrice(question, personne):
        bloque = _("C’est votre question")
    elif not peut_soutenir(question, personne):
        bloque = _("Pour soutenir une question, vérifiez d’abord votre adresse e-mail.")
    elif question.est_soutenue and not question.soutien_repris_possible():
        bloque = _("Vous soutenez cette question. La réponse est à la signature : les soutiens ne se retirent plus.")
    return {"actif": question.est_soutenue, "bloque": bloque, "ouvert": ouvert}


@login_required
@require_POST
def soutien(request, pk):
    """One click gives a support, the next takes it back. `action` says which, so that a double click does nothing twice."""
    question = get_object_or_404(Question.objects.visibles_par(request.user).avec_communaute(), pk=pk)
    action = request.POST.get("action")
    if action not in {"donner", "reprendre"}:
        raise EtapeInvalide(_("Dites s’il faut soutenir ou retirer votre soutien."), retour=question.get_absolute_url())
    (soutenir if action == "donner" else ne_plus_soutenir)(question, par=request.user)
    if request.htmx:
        relue = _pour_la_page(request.user).get(pk=pk)
        return render(
            request,
            "communautes/questions/_soutien.html",
            {"question": relue, "soutien": _bascule(relue, request.user)},
        )
    return redirect(question)
