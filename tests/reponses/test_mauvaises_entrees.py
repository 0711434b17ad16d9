"""Bad input is refused three times: beside its field with what was typed kept, by the step itself, and by the database."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from comptes.models import Mandat
from reponses.actions import modifier, planifier_jalon, rediger, rendre_avis
from reponses.forms import ReponseForm
from reponses.models import Avis, Jalon, Reponse
from tests.fabriques import PersonneFabrique, ServiceFabrique, rediger_reponse
from tests.reponses.conftest import amener_reponse, dans
from tests.tableau import issue
from timeline.etapes import EtapeInvalide
from timeline.models import Entree

pytestmark = pytest.mark.django_db

OUI = {
    "sens": "go", "motif": "interet_general", "texte": "Oui, des bancs.", "premiere_etape": "Choisir les lieux",
    "premiere_etape_le": str(dans(40)), "conditions": "", "alternative": "", "cout_estime": "900",
    "cout_justification": "Devis fictif.", "cout_le": "", "acte_conseil": "", "version": "",
}  # fmt: skip
NON = OUI | {
    "sens": "no_go",
    "motif": "cout",
    "premiere_etape": "",
    "premiere_etape_le": "",
    "alternative": "Le marché.",
}

#: (what is typed, the field that says it, a piece of its sentence)
SAISIES = [
    (OUI | {"sens": ""}, "sens", "Choisissez la décision"),
    (OUI | {"motif": ""}, "motif", "Choisissez la raison principale"),
    (OUI | {"motif": "cout"}, "motif", "ne va pas avec cette décision"),
    (OUI | {"texte": "   "}, "texte", "en mots simples"),
    (OUI | {"premiere_etape": " "}, "premiere_etape", "annonce une première étape"),
    (OUI | {"premiere_etape_le": ""}, "premiere_etape_le", "annonce une date"),
    (OUI | {"premiere_etape_le": str(dans(-1))}, "premiere_etape_le", "dans le passé"),
    (OUI | {"premiere_etape_le": "31/02/2027"}, "premiere_etape_le", "date complète"),
    (OUI | {"sens": "go_conditions"}, "conditions", "conditions de ce oui"),
    (NON | {"motif": ""}, "motif", "Choisissez la raison principale"),
    (NON | {"alternative": "  "}, "alternative", "propose autre chose"),
    (NON | {"motif": "interet_general"}, "motif", "ne va pas avec cette décision"),
    (OUI | {"cout_justification": " "}, "cout_justification", "d’où vient ce coût"),
    (OUI | {"cout_le": str(dans(1))}, "cout_le", "pas encore estimé"),
    (OUI | {"cout_estime": ""}, "cout_estime", "le coût que vous expliquez"),
    (OUI | {"cout_estime": "-3"}, "cout_estime", "nombre positif"),
]


@pytest.mark.parametrize(("saisie", "champ", "phrase"), SAISIES)
def test_au_formulaire(client, idee, agent, saisie, champ, phrase):
    """One sentence beside its field, every other word kept, nothing written."""
    client.force_login(agent)
    recue = client.post(reverse("reponses:rediger", args=["idees.idee", idee.pk]), saisie)
    form = recue.context["form"]
    assert (recue.status_code, list(form.errors)) == (422, [champ])
    assert len(form.errors[champ]) == 1
    assert phrase in form.errors[champ][0]
    corps = unescape(recue.content.decode())
    for nom, valeur in saisie.items():
        assert valeur.strip() == "" or valeur in corps, nom
    assert not Reponse.objects.exists()


@pytest.mark.parametrize("saisie", [OUI, NON | {"cout_estime": "", "cout_justification": ""}])
def test_ce_qui_est_bon_passe(client, idee, agent, saisie):
    client.force_login(agent)
    assert client.post(reverse("reponses:rediger", args=["idees.idee", idee.pk]), saisie).status_code == 302
    reponse = Reponse.objects.get()
    assert reponse.cout_le == (timezone.localdate() if reponse.cout_estime else None)


#: What a draft lacks, written past the form: no step takes it further.
MANQUES = [
    ({"premiere_etape": ""}, "premiere_etape"),
    ({"premiere_etape_le": None}, "premiere_etape_le"),
    ({"premiere_etape_le": dans(-1)}, "premiere_etape_le"),
    ({"motif": "cout"}, "motif"),
    ({"texte": "  "}, "texte"),
    ({"sens": "no_go", "motif": "cout"}, "alternative"),
    ({"sens": "no_go", "motif": "cout", "alternative": "  "}, "alternative"),
    ({"sens": "go_conditions"}, "conditions"),
    ({"cout_estime": 10, "cout_le": dans(1)}, "cout_le"),
]


@pytest.mark.parametrize(("manque", "champ"), MANQUES)
def test_a_l_etape(idee, agent, manque, champ):
    reponse = rediger_reponse(idee, agent=agent)
    Reponse.objects.filter(pk=reponse.pk).update(**manque)
    reponse = Reponse.objects.get(pk=reponse.pk)
    with pytest.raises(EtapeInvalide) as refus:
        reponse._exiger_complete()
    assert refus.value.champ == champ
    assert issue(reponse, "consulter", agent, services=[ServiceFabrique()], attendu_le=dans(3)) == "400"


@pytest.mark.parametrize(
    "manque",
    [
        {"motif": ""}, {"texte": ""}, {"sens": ""}, {"sens": "peut_etre"}, {"motif": "cout"}, {"motif": "parce_que"},
        {"premiere_etape": ""}, {"premiere_etape_le": None}, {"sens": "no_go", "motif": "cout"},
        {"sens": "no_go", "motif": "interet_general", "alternative": "Autre chose."}, {"sens": "go_conditions"},
        {"cout_justification": "Devis."}, {"cout_le": dans(0)}, {"signataire": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_la_base(a_signer, manque):
    """Raw SQL past every form and step: an answer that goes to its signature is whole."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Reponse.objects.filter(pk=a_signer.pk).update(**manque)


@pytest.mark.parametrize("vide", ["signataire_nom", "signataire_mandat", "signee_le"])
def test_la_base_ne_garde_pas_de_signature_sans_mandat(a_signer, vide):
    signature = {"signataire_nom": "Élue", "signataire_mandat": "Maire", "signee_le": timezone.now(), "etat": "signee"}
    signature[vide] = None if vide == "signee_le" else ""
    en_base = QuerySet(Reponse).filter(pk=a_signer.pk)  # past the queryset of the house
    with pytest.raises(IntegrityError), transaction.atomic():
        en_base.update(**signature)


# --- Dates of the past ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("jours", "issue_attendue"), [(-1, "400"), (0, "en_consultation")])
def test_un_avis_ne_s_attend_pas_pour_hier(brouillon, agent, jours, issue_attendue):
    assert issue(brouillon, "consulter", agent, services=[ServiceFabrique()], attendu_le=dans(jours)) == issue_attendue


def test_une_etape_de_realisation_ne_se_promet_pas_pour_hier(client, publiee, agent):
    avant = (Jalon.objects.count(), Entree.objects.count())
    for refuse in ({"titre": "Poser", "prevu_le": dans(-1)}, {"titre": "  ", "prevu_le": dans(3)}):
        with pytest.raises(EtapeInvalide):
            planifier_jalon(publiee, par=agent, **refuse)
    client.force_login(agent)
    saisie = {"titre": "Poser les bancs", "prevu_le": str(dans(-1))}
    recue = client.post(reverse("reponses:jalons", args=[publiee.pk]), saisie)
    assert recue.status_code == 422
    assert "Cette date est passée" in recue.content.decode()
    assert "Poser les bancs" in recue.content.decode()
    assert (Jalon.objects.count(), Entree.objects.count()) == avant


def test_une_premiere_etape_passee_entre_temps_arrete_la_signature(a_signer, elue):
    """Written in time, signed too late: a promise of yesterday is not published."""
    type(a_signer)._base_manager.filter(pk=a_signer.pk).update(premiere_etape_le=dans(-1))
    assert issue(Reponse.objects.get(pk=a_signer.pk), "signer", elue) == "400"


# --- A signatory without a mandate -----------------------------------------------------------------------------------


def _sans_mandat():
    personne = PersonneFabrique(roles=["elue"])
    Mandat.objects.filter(personne=personne).delete()
    return personne


def _mandat_fini():
    personne = PersonneFabrique(roles=["elue"])
    personne.mandats.update(debut=dans(-900), fin=dans(-1))
    return personne


def _mandat_a_venir():
    personne = PersonneFabrique(roles=["elue"])
    personne.mandats.update(debut=dans(1))
    return personne


def _compte_ferme():
    return PersonneFabrique(roles=["elue"], is_active=False)


@pytest.mark.parametrize("qui", [_sans_mandat, _mandat_fini, _mandat_a_venir, _compte_ferme, PersonneFabrique])
def test_une_signataire_a_un_mandat_en_cours(client, en_consultation, agent, qui):
    """At the step, and at its form: not among the choices."""
    en_consultation.avis.update(attendu_le=dans(-1))
    personne = qui()
    assert issue(en_consultation, "presenter", agent, signataire=personne) == "400"
    client.force_login(agent)
    adresse = reverse("timeline:etape", args=["reponses.reponse", en_consultation.pk, "presenter"])
    recue = client.post(adresse, {"etat": "en_consultation", "signataire": personne.pk})
    assert recue.status_code in {400, 422}
    assert "n’est pas élue" in recue.content.decode()
    assert Reponse.objects.get(pk=en_consultation.pk).etat == "en_consultation"


def test_un_mandat_qui_finit_avant_la_signature_l_arrete(a_signer, elue):
    elue.mandats.update(fin=timezone.localdate() - timedelta(days=1))
    assert issue(a_signer, "signer", elue) == "400"


def test_une_coautrice_ne_signe_pas_la_reponse_a_son_idee(boite, agent):
    from tests.fabriques import IdeeFabrique
    from tests.idees.gestes import coautrice_de

    idee = IdeeFabrique(boite=boite, etat="en_etude")
    coautrice = coautrice_de(idee, roles=["elue"])
    reponse = rediger_reponse(idee, agent=agent)
    assert not reponse.signataires_possibles().filter(pk=coautrice.pk).exists()
    amener_reponse(reponse, "en_consultation", agent=agent, elue=None)
    reponse.avis.update(attendu_le=dans(-1))
    assert issue(reponse, "presenter", agent, signataire=coautrice) == "400"


# --- Opinions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("texte", ["", "   ", "\n"])
def test_un_avis_vide_n_est_pas_un_avis(client, en_consultation, agent, texte):
    avis = en_consultation.avis.get()
    with pytest.raises(EtapeInvalide):
        rendre_avis(avis, par=agent, texte=texte)
    with pytest.raises(IntegrityError), transaction.atomic():
        Avis.objects.filter(pk=avis.pk).update(rendu_le=timezone.now())
    client.force_login(agent)
    assert client.post(reverse("reponses:avis", args=[avis.pk]), {"texte": texte}).status_code == 422


# --- The other doors ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
def test_l_api_ne_recoit_rien(client, publiee, agent, methode):
    """It exposes answers to read only: no bad input comes that way."""
    client.force_login(agent)
    for adresse in ("/api/v1/reponses/", f"/api/v1/reponses/{publiee.pk}/"):
        assert getattr(client, methode)(adresse, "{}", content_type="application/json").status_code in {403, 405}


def test_les_actions_gardent_ce_que_la_base_refuse(idee, agent, brouillon):
    """Nothing half-written when a whole content is refused."""
    contenu = {nom: getattr(brouillon, nom) for nom in Reponse.CONTENU}
    with pytest.raises(IntegrityError), transaction.atomic():
        modifier(brouillon, par=agent, version=brouillon.version(), **contenu | {"texte": ""})
    assert Reponse.objects.get(pk=brouillon.pk).texte == brouillon.texte
    autre = type(idee)._base_manager.exclude(pk=idee.pk).first()
    assert autre is None
    Reponse.objects.filter(pk=brouillon.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        rediger(idee, par=agent, **contenu | {"motif": ""})
    assert not Reponse.objects.exists()


def test_le_formulaire_d_une_correction_demande_les_memes_choses(publiee):
    nouvelle = Reponse(cible=publiee.cible, corrige=publiee, **{nom: getattr(publiee, nom) for nom in Reponse.CONTENU})
    form = ReponseForm(OUI | {"texte": " ", "premiere_etape": ""}, instance=nouvelle)
    assert set(form.errors) == {"texte", "premiere_etape"}
