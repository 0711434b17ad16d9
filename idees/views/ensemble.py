"""From a draft of a community to an idea in a box: what is near, whose names, which box, then all at once."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communautes.models import Ebauche
from communautes.permissions import peut_deposer_l_ebauche, peut_participer
from idees import avant_envoi, ensemble
from idees.ensemble import DejaDeposee
from idees.forms import DeposerEnsembleForm
from idees.models import Boite, Idee
from idees.views.ecrire import dire_la_suite
from idees.views.semblables import voisinage
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, EtapeRefusee


@login_required
@require_http_methods(["GET", "POST"])
def deposer(request, pk):
    ebauche = get_object_or_404(
        Ebauche.objects.visibles_par(request.user).select_related("communaute__projet", "thematique"), pk=pk
    )
    if not peut_participer(ebauche.communaute, request.user):
        raise EtapeInterdite(_("Seuls les membres de cette communauté déposent ses textes, tant qu’elle est ouverte."))
    if ebauche.etat == Ebauche.Etat.DEPOSEE:
        return _deja_deposee(request, ebauche)
    if request.method == "GET" and (ebauche.est_masquee or ebauche.etat != Ebauche.Etat.EN_ECRITURE):
        raise EtapeImpossible(_("Ce texte n’est plus en écriture : il ne peut pas être déposé."))
    boites = ensemble.boites_pour(request.user)
    form = _formulaire(request, ebauche, boites)
    statut = 422
    if request.method == "POST" and form.is_valid():
        if avant_envoi.reste_a_voir(request, ebauche.titre, ebauche.texte):
            form.add_error(None, _("Regardez d’abord les idées proches, puis déposez la vôtre si elle est différente."))
            return _page(request, ebauche, form, boites, statut)
        saisie = form.cleaned_data
        try:
            idee = ensemble.deposer(
                ebauche,
                par=request.user,
                boite=saisie["boite"],
                thematique=saisie["thematique"],
                numero=saisie["numero"],
                cle=saisie["cle_saisie"],
            )
        except DejaDeposee:
            return _deja_deposee(request, ebauche)
        except EtapeInvalide as refus:
            form.add_error(refus.champ if refus.champ in form.fields else None, str(refus))
        except EtapeRefusee as refus:
            form.add_error(None, str(refus))
            statut = refus.statut
        else:
            messages.success(request, dire_la_suite(idee))
            return redirect(idee)
    return _page(request, ebauche, form, boites, statut)


def _formulaire(request, ebauche, boites) -> DeposerEnsembleForm:
    depart = {
        "numero": ebauche.numero,
        "cle_saisie": uuid.uuid4(),
        "thematique": ebauche.thematique_id,
        "boite": boites[0].pk if len(boites) == 1 else None,
    }
    ouvertes = Boite.objects.filter(pk__in=[boite.pk for boite in boites])
    return DeposerEnsembleForm(request.POST or None, boites=ouvertes, initial=depart)


def _deja_deposee(request, ebauche):
    """Twice the same click, or somebody was faster: what came of it is the answer, for whoever may read it."""
    messages.info(request, _("Ce texte est déjà déposé : voici ce qu’il est devenu."))
    visible = Idee.objects.visibles_par(request.user).filter(origine__ebauche=ebauche).first()
    return redirect(visible or ebauche)


def _page(request, ebauche, form, boites, statut):
    communaute = ebauche.communaute
    contexte = voisinage(request.user, ebauche.titre, ebauche.texte) | {
        "ebauche": ebauche,
        "form": form,
        "boites": boites,
        "a_signe": peut_deposer_l_ebauche(ebauche, request.user),
        "noms": ensemble.noms_annonces(ebauche, request.user),
        "fil": [
            {"texte": communaute.nom, "url": communaute.get_absolute_url(), "ecrit": True},
            {"texte": ebauche.titre, "url": ebauche.get_absolute_url(), "ecrit": True},
            {"texte": _("Déposer dans une boîte")},
        ],
    }
    return render(request, "idees/ensemble/deposer.html", contexte, status=statut if form.errors else 200)
