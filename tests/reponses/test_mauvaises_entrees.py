"""Bad input at the doors that `test_regles` does not walk: one sentence, what was typed is kept, nothing half-written."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from reponses import lots
from reponses.actions import annuler_jalon, planifier_jalon, rendre_avis
from reponses.forms import SignataireForm
from reponses.models import Avis, Jalon, Reponse
from tests.fabriques import IdeeFabrique, ServiceFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans
from tests.tableau import issue
from timeline.etapes import EtapeInvalide
from timeline.models import Entree

pytestmark = pytest.mark.django_db

SAISIE = {  # complete but for its date
    "sens": "go",
    "motif": "interet_general",
    "texte": "Des mots tapés.",
    "premiere_etape": "Choisir",
    "premiere_etape_le": "",
}

#: what is wrong -> (what is posted instead, the sentence)
A_LA_PAGE = {
    "sans raison": ({"motif": "", "premiere_etape_le": str(dans(9))}, "Choisissez la raison principale."),
    "une raison inconnue": ({"motif": "parce_que", "premiere_etape_le": str(dans(9))}, "parce_que"),
    "un oui sans première étape": ({"premiere_etape": " ", "premiere_etape_le": str(dans(9))}, "écrivez laquelle."),
    "un oui sans date": ({}, "écrivez celle de la première étape."),
    "un oui dans le passé": ({"premiere_etape_le": str(dans(-1))}, "écrivez une date à venir."),
    "un oui à une date mal écrite": ({"premiere_etape_le": "31/02/2027"}, "Écrivez une date complète"),
    "un non sans alternative": ({"sens": "no_go", "motif": "cout"}, "écrivez quoi, ou vers qui se tourner."),
}
CHAMPS = {
    "sans raison": "motif", "une raison inconnue": "motif", "un oui sans première étape": "premiere_etape",
    "un oui sans date": "premiere_etape_le", "un oui dans le passé": "premiere_etape_le",
    "un oui à une date mal écrite": "premiere_etape_le", "un non sans alternative": "alternative",
}  # fmt: skip


@pytest.mark.parametrize("faute", A_LA_PAGE)
@pytest.mark.parametrize("porte", ["rédiger", "modifier", "corriger", "lot"])
def test_chaque_page_ou_l_on_ecrit(porte, faute, client, idee, boite, agent, elue):
    """One sentence beside one field at each page, and nothing written; a correction is never asked for its decision."""
    autres, phrase = A_LA_PAGE[faute]
    saisie, reponse = SAISIE | autres, None
    if porte in {"modifier", "corriger"}:
        reponse = rediger_reponse(idee, agent=agent, sens=saisie["sens"])
    if porte == "corriger":
        amener_reponse(reponse, "publiee", agent=agent, elue=elue)
    if porte == "modifier":
        saisie |= {"version": reponse.version()}
    places = [idee, IdeeFabrique(boite=boite, etat="en_etude")] if porte == "lot" else []
    adresse = {
        "rédiger": lambda: reverse("reponses:rediger", args=["idees.idee", idee.pk]),
        "modifier": lambda: reverse("reponses:modifier", args=[reponse.pk]),
        "corriger": lambda: reverse("reponses:corriger", args=[reponse.pk]),
        "lot": lambda: reverse(
            "reponses:brouillons_du_lot", args=[lots.ouvrir(par=agent, titre="Lot", cibles=places).pk]
        ),
    }[porte]()
    client.force_login(agent)
    avant = list(Reponse.objects.values())
    recue = client.post(adresse, saisie)
    erreurs = recue.context["form"].errors
    champ = CHAMPS[faute]
    assert (recue.status_code, list(erreurs), len(erreurs[champ])) == (422, [champ], 1)
    assert phrase in erreurs[champ][0]
    assert recue.context["form"]["texte"].value() == "Des mots tapés."
    assert list(Reponse.objects.values()) == avant


@pytest.mark.parametrize("faute", A_LA_PAGE)
@pytest.mark.parametrize("methode", ["post", "put", "patch"])
def test_l_api_n_ecrit_pas_de_reponse(faute, methode, client, brouillon, agent):
    """Bad or good, none comes that way."""
    client.force_login(agent)
    avant = list(Reponse.objects.values())
    for adresse in ("/api/v1/reponses/", f"/api/v1/reponses/{brouillon.pk}/"):
        recue = getattr(client, methode)(adresse, SAISIE | A_LA_PAGE[faute][0], content_type="application/json")
        assert recue.status_code == 405
    assert list(Reponse.objects.values()) == avant


@pytest.mark.parametrize("faute", A_LA_PAGE)
def test_a_la_page(faute, client, idee, agent):
    autres, phrase = A_LA_PAGE[faute]
    client.force_login(agent)
    entrees = Entree.objects.count()
    recue = client.post(reverse("reponses:rediger", args=["idees.idee", idee.pk]), SAISIE | autres)
    corps = recue.content.decode()
    assert recue.status_code == 422
    assert phrase in corps
    assert "Des mots tapés." in corps
    assert (Reponse.objects.count(), Entree.objects.count()) == (0, entrees)
    assert not list(get_messages(recue.wsgi_request))


@pytest.mark.parametrize("qui", ["ancienne_elue", "citoyenne", "agent", "moderatrice", "coautrice"])
def test_une_signataire_qui_ne_peut_pas_signer(request, client, en_consultation, agent, qui):
    """Without a current mandate, or to her own idea: at the form, the API, and the step for whoever goes round them."""
    en_consultation.avis.update(attendu_le=dans(-1))
    personne = request.getfixturevalue(qui)
    client.force_login(agent)
    assert personne not in SignataireForm(objet=en_consultation).fields["signataire"].queryset
    for adresse in (
        f"/api/v1/reponses/{en_consultation.pk}/",
        f"/api/v1/reponses/{en_consultation.pk}/etapes/presenter/",
    ):
        assert client.post(adresse, {"signataire": personne.pk}, content_type="application/json").status_code in {
            404,
            405,
        }
    adresse = reverse("timeline:etape", args=["reponses.reponse", en_consultation.pk, "presenter"])
    recue = client.post(adresse, {"etat": "en_consultation", "signataire": personne.pk})
    assert recue.status_code == 422
    assert "Cette personne n’est pas élue, son mandat n’est pas en cours" in recue.content.decode()
    assert issue(en_consultation, "presenter", agent, signataire=personne) == "400"
    assert Reponse.objects.get().signataire is None


@pytest.mark.parametrize(
    ("titre", "jours", "champ"), [("Poser les bancs", -1, "prevu_le"), ("   ", 3, "titre"), ("", 3, "titre")]
)
def test_une_etape_promise_fausse(client, publiee, agent, titre, jours, champ):
    combien = Jalon.objects.count()
    with pytest.raises(EtapeInvalide) as refus:
        planifier_jalon(publiee, par=agent, titre=titre, prevu_le=dans(jours))
    assert refus.value.champ == champ
    client.force_login(agent)
    recue = client.post(reverse("reponses:jalons", args=[publiee.pk]), {"titre": titre, "prevu_le": str(dans(jours))})
    assert recue.status_code == 422
    assert Jalon.objects.count() == combien


def test_une_etape_promise_pour_aujourd_hui(publiee, agent):
    assert planifier_jalon(publiee, par=agent, titre="Poser les bancs", prevu_le=dans(0)).prevu_le == dans(0)


def test_une_etape_annulee_sans_raison(publiee, agent):
    with pytest.raises(EtapeInvalide):
        annuler_jalon(Jalon.objects.get(), par=agent, motif="  ")
    assert Jalon.objects.get().annule_le is None


def test_un_avis_vide_ou_attendu_hier(en_consultation, agent, brouillon):
    with pytest.raises(EtapeInvalide):
        rendre_avis(Avis.objects.get(), par=agent, texte=" ")
    assert Avis.objects.get().rendu_le is None
    assert issue(en_consultation, "reprendre", agent) == "brouillon"
    demande = {"services": [ServiceFabrique()], "attendu_le": dans(-1)}
    assert issue(en_consultation, "consulter", agent, **demande) == "400"
    assert Avis.objects.count() == 1
