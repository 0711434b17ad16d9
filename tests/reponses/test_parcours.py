"""The road of an answer, through its pages: from an empty form to a promise kept, and each door that stays closed."""

import re

import pytest
from django.urls import reverse

from reponses.actions import corriger, rediger
from reponses.models import Avis, Jalon, Reponse
from tests.fabriques import (
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ServiceFabrique,
    SoutienFabrique,
    publier_reponse,
    rediger_reponse,
)
from tests.reponses.conftest import amener_reponse, dans
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = pytest.mark.django_db

OUI = {
    "sens": "go", "motif": "interet_general", "texte": "Oui, nous installons des bancs.", "premiere_etape": "Choisir les lieux",
    "premiere_etape_le": str(dans(40)), "conditions": "", "alternative": "", "cout_estime": "12000",
    "cout_justification": "Un devis fictif.", "cout_le": "", "acte_conseil": "", "version": "",
}  # fmt: skip


def etape(reponse, nom):
    return reverse("timeline:etape", args=["reponses.reponse", reponse.pk, nom])


def page(reponse) -> str:
    return reponse.content.decode()


def test_toute_la_route(client, idee, agent, elue, citoyenne):
    """Drafted, opinions asked and given, signed, published, kept: five stations, three people, one page each."""
    SoutienFabrique.create_batch(2, idee=idee)
    service = ServiceFabrique(nom="Voirie fictive")
    client.force_login(agent)
    adresse = reverse("reponses:rediger", args=["idees.idee", idee.pk])
    formulaire = page(client.get(adresse))
    assert "Des bancs à l’ombre" in formulaire
    for nom in Reponse.CONTENU:
        assert f'name="{nom}"' in formulaire, "without JavaScript every field is there"
    recue = client.post(adresse, OUI)
    reponse = Reponse.objects.get()
    assert (recue.status_code, recue.url) == (302, reponse.get_absolute_url())
    assert (reponse.etat, reponse.redigee_par, reponse.projet, reponse.cout_estime) == (
        "brouillon",
        agent,
        idee.projet,
        12000,
    )

    dossier = page(client.get(reponse.get_absolute_url()))
    assert "Ce dossier n’est pas public" in dossier
    assert reverse("reponses:modifier", args=[reponse.pk]) in dossier

    assert (
        client.post(
            etape(reponse, "consulter"), {"etat": "brouillon", "services": [service.pk], "attendu_le": str(dans(3))}
        ).status_code
        == 302
    )
    avis = Avis.objects.get()
    recue = client.post(reverse("reponses:avis", args=[avis.pk]), {"texte": "Favorable, il y a la place."})
    assert recue.url == reponse.get_absolute_url()
    assert (
        client.post(etape(reponse, "presenter"), {"etat": "en_consultation", "signataire": elue.pk}).status_code == 302
    )

    client.force_login(elue)
    lecture = page(client.get(etape(reponse, "signer")))
    for attendu in (
        "Oui, nous installons des bancs.",
        "Favorable, il y a la place.",
        "Voirie fictive",
        idee.texte,
        "Soutiens",
        "J’ai lu cette réponse",
    ):
        assert attendu in lecture
    reponse.refresh_from_db()
    assert client.post(etape(reponse, "signer"), {"etat": "a_signer", "lue": reponse.version()}).status_code == 422
    assert client.post(etape(reponse, "signer"), {"etat": "a_signer", "confirmee": "on"}).status_code == 422
    assert (
        client.post(
            etape(reponse, "signer"), {"etat": "a_signer", "lue": reponse.version(), "confirmee": "on"}
        ).status_code
        == 302
    )
    reponse.refresh_from_db()
    mandat = elue.mandats.get()
    assert (reponse.etat, reponse.signataire_nom, reponse.signataire_mandat) == (
        "signee",
        mandat.nom_officiel,
        mandat.intitule,
    )

    client.force_login(agent)
    assert client.post(etape(reponse, "publier"), {"etat": "signee"}).status_code == 302
    client.logout()
    publique = re.sub(r"\s", " ", page(client.get(reponse.get_absolute_url())))  # thin spaces of French numbers
    for attendu in (
        "Oui, nous installons des bancs.",
        mandat.nom_officiel,
        "12 000 €",
        "Choisir les lieux",
        "Voirie fictive",
    ):
        assert attendu in publique
    assert "Favorable, il y a la place." not in publique, "opinions are not public"

    client.force_login(agent)
    assert (
        client.post(
            reverse("reponses:jalons", args=[reponse.pk]), {"titre": "Poser les bancs", "prevu_le": str(dans(90))}
        ).status_code
        == 302
    )
    jalon = Jalon.objects.get(titre="Poser les bancs")
    fait = reverse("reponses:jalon_fait", args=[jalon.pk])
    assert "est-ce fait" in page(client.get(fait))
    assert client.post(fait).status_code == client.post(fait).status_code == 302
    jalon.refresh_from_db()
    assert jalon.fait_le == dans(0)
    assert Entree.objects.filter(type="reponses.jalon.accomplir").count() == 1
    assert verifier()[1] is None


# --- To draft ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        ("agent", 302),
        ("administratrice", 302),
        ("referente", 302),
        ("autre_referente", 403),
        ("citoyenne", 403),
        ("moderatrice", 403),
        ("elue", 403),
    ],
)
def test_qui_redige(request, client, idee, qui, statut):
    client.force_login(request.getfixturevalue(qui))
    adresse = reverse("reponses:rediger", args=["idees.idee", idee.pk])
    assert client.get(adresse).status_code == (200 if statut == 302 else statut)
    assert client.post(adresse, OUI).status_code == statut
    assert Reponse.objects.count() == (statut == 302)


def test_sans_compte_on_se_connecte(client, idee):
    recue = client.post(reverse("reponses:rediger", args=["idees.idee", idee.pk]), OUI)
    assert recue.status_code == 302
    assert reverse("account_login") in recue.url
    assert not Reponse.objects.exists()


@pytest.mark.parametrize("etat", ["publiee", "retenue", "non_retenue", "en_realisation"])
def test_une_idee_qui_n_attend_pas_de_reponse(client, agent, etat):
    idee = IdeeFabrique(etat=etat)
    Reponse.objects.filter(pk=0)
    client.force_login(agent)
    recue = client.get(reverse("reponses:rediger", args=["idees.idee", idee.pk]))
    assert recue.status_code == (409 if etat == "publiee" else 302), "already answered: to its answer"


@pytest.mark.parametrize(("ouvert", "statut"), [(True, 200), (False, 409)])
def test_un_projet_attend_une_reponse_quand_il_a_lieu(client, agent, ouvert, statut):
    projet = ProjetFabrique(ouvert=ouvert)
    client.force_login(agent)
    assert client.get(reverse("reponses:rediger", args=["projets.projet", projet.pk])).status_code == statut


@pytest.mark.parametrize(
    "modele", ["comptes.utilisateur", "reponses.reponse", "timeline.entree", "n.importe", "nimporte", "auth.group"]
)
def test_on_ne_repond_pas_a_n_importe_quoi(client, agent, modele):
    client.force_login(agent)
    assert client.get(reverse("reponses:rediger", args=[modele, agent.pk])).status_code == 404


def test_une_idee_qu_on_ne_voit_pas_est_introuvable(client, agent):
    client.force_login(agent)
    for pk in (IdeeFabrique(etat="brouillon").pk, 10**15, 10**30):
        assert client.get(f"/reponses/rediger/idees.idee/{pk}/").status_code == 404


def test_une_reponse_deja_commencee_ouvre_son_dossier(client, brouillon, idee, agent):
    """By the link; and after writing a whole text: nothing typed is lost, nothing is overwritten."""
    client.force_login(agent)
    adresse = reverse("reponses:rediger", args=["idees.idee", idee.pk])
    assert client.get(adresse).url == brouillon.get_absolute_url()
    recue = client.post(adresse, OUI | {"texte": "Mon autre texte."})
    assert recue.status_code == 422
    assert "Mon autre texte." in page(recue)
    assert brouillon.get_absolute_url() in page(recue)
    assert Reponse.objects.get().texte == brouillon.texte


def test_une_erreur_garde_ce_qui_est_tape(client, idee, agent):
    client.force_login(agent)
    recue = client.post(
        reverse("reponses:rediger", args=["idees.idee", idee.pk]), OUI | {"premiere_etape_le": "bientôt"}
    )
    assert recue.status_code == 422
    texte = page(recue)
    assert "Oui, nous installons des bancs." in texte
    assert 'value="bientôt"' in texte
    assert "Écrivez une date complète" in texte
    assert "aria-describedby" in texte
    assert not Reponse.objects.exists()


def test_les_champs_qu_on_n_offre_pas_sont_ignores(client, idee, agent, elue):
    """AC-10: state, author, signature, target and clock do not come from a form."""
    autre = IdeeFabrique(etat="en_etude")
    client.force_login(agent)
    client.post(
        reverse("reponses:rediger", args=["idees.idee", idee.pk]),
        OUI
        | {
            "etat": "publiee", "signataire": elue.pk, "signataire_nom": "Moi", "signataire_mandat": "Maire", "signee_le": "2026-01-01",
            "publiee_le": "2026-01-01", "redigee_par": elue.pk, "cible_id": autre.pk, "corrige": 1, "projet": "", "retour": "x",
            "cree_le": "2020-01-01",
        },
    )  # fmt: skip
    reponse = Reponse.objects.get()
    assert (reponse.etat, reponse.signataire, reponse.signataire_nom, reponse.redigee_par, reponse.cible) == (
        "brouillon",
        None,
        "",
        agent,
        idee,
    )
    assert (reponse.corrige, reponse.projet, reponse.retour, reponse.cree_le.year > 2020) == (
        None,
        idee.projet,
        "",
        True,
    )


# --- Two people write ------------------------------------------------------------------------------------------------


def saisie(reponse, **champs):
    valeurs = {nom: str(getattr(reponse, nom) or "") for nom in Reponse.CONTENU}
    return valeurs | {"version": reponse.version()} | champs


def test_la_seconde_personne_est_prevenue_et_rien_n_est_remplace(client, brouillon, agent, referente):
    adresse = reverse("reponses:modifier", args=[brouillon.pk])
    mien = saisie(brouillon, texte="Le texte de la référente.")
    client.force_login(agent)
    assert (
        client.post(adresse, saisie(brouillon, texte="Le texte de l’agent.", acte_conseil="N° 500")).status_code == 302
    )

    client.force_login(referente)
    recue = client.post(adresse, mien)
    assert recue.status_code == 422
    texte = page(recue)
    for attendu in (
        f"{agent.pseudonyme} a changé ce texte",
        "Le texte de la référente.",
        "Le texte de l’agent.",
        "N° 500",
    ):
        assert attendu in texte
    brouillon.refresh_from_db()
    assert brouillon.texte == "Le texte de l’agent."
    # The page now knows the other text: kept a second time, hers is saved knowingly.
    assert f'value="{brouillon.version()}"' in texte
    assert client.post(adresse, mien | {"version": brouillon.version()}).status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.texte == "Le texte de la référente."


def test_sans_version_rien_n_est_remplace(client, brouillon, agent):
    client.force_login(agent)
    recue = client.post(
        reverse("reponses:modifier", args=[brouillon.pk]), saisie(brouillon, texte="Autre.", version="")
    )
    assert recue.status_code == 422
    brouillon.refresh_from_db()
    assert brouillon.texte != "Autre."


@pytest.mark.parametrize(
    ("etat", "qui", "statut"),
    [
        ("brouillon", "agent", 200), ("brouillon", "referente", 200), ("brouillon", "elue", 404), ("brouillon", "citoyenne", 404),
        ("en_consultation", "agent", 409), ("a_signer", "agent", 409), ("a_signer", "elue", 403), ("a_signer", "autre_elue", 404),
        ("signee", "agent", 409), ("publiee", "agent", 409), ("publiee", "citoyenne", 403), ("publiee", "autre_referente", 403),
    ],
)  # fmt: skip
def test_qui_modifie(request, client, brouillon, agent, elue, etat, qui, statut):
    amener_reponse(brouillon, etat, agent=agent, elue=elue)
    client.force_login(request.getfixturevalue(qui))
    adresse = reverse("reponses:modifier", args=[brouillon.pk])
    assert client.get(adresse).status_code == statut
    if statut != 200:
        assert client.post(adresse, saisie(brouillon, texte="Réécrit.")).status_code == statut
        assert Reponse.objects.get(pk=brouillon.pk).texte == brouillon.texte


# --- Opinions --------------------------------------------------------------------------------------------------------


def test_un_avis_se_rend_une_fois(client, en_consultation, agent):
    avis = en_consultation.avis.get()
    adresse = reverse("reponses:avis", args=[avis.pk])
    client.force_login(agent)
    assert client.post(adresse, {"texte": "   "}).status_code == 422
    assert client.post(adresse, {"texte": "Favorable."}).status_code == 302
    recue = client.post(adresse, {"texte": "Défavorable."})
    assert (recue.status_code, "Un avis rendu ne change plus" in page(recue)) == (409, True)
    avis.refresh_from_db()
    assert avis.texte == "Favorable."
    assert Entree.objects.filter(type="reponses.avis.rendre", est_publique=False).count() == 1


def test_un_dossier_signe_ne_recoit_plus_d_avis(client, en_consultation, agent, elue):
    avis = en_consultation.avis.get()
    en_consultation.avis.update(attendu_le=dans(-1))
    franchir(en_consultation.presenter, par=agent, signataire=elue)
    franchir(en_consultation.signer, par=elue)
    client.force_login(agent)
    assert client.post(reverse("reponses:avis", args=[avis.pk]), {"texte": "Trop tard."}).status_code == 409
    avis.refresh_from_db()
    assert avis.texte == ""


@pytest.mark.parametrize("qui", ["citoyenne", "elue", "moderatrice", "autre_referente"])
def test_un_avis_est_introuvable_pour_les_autres(request, client, en_consultation, qui):
    client.force_login(request.getfixturevalue(qui))
    adresse = reverse("reponses:avis", args=[en_consultation.avis.get().pk])
    assert client.get(adresse).status_code == client.post(adresse, {"texte": "Favorable."}).status_code == 404


def test_les_services_qui_ont_repondu_ne_sont_plus_proposes(client, a_signer, agent):
    rendu, autre = a_signer.avis.get().service, ServiceFabrique(nom="Espaces verts fictifs")
    franchir(a_signer.reprendre, par=agent)
    client.force_login(agent)
    formulaire = page(client.get(etape(a_signer, "consulter")))
    assert f'value="{autre.pk}"' in formulaire
    assert f'name="services" value="{rendu.pk}"' not in formulaire
    assert "Ont déjà rendu leur avis" in formulaire
    assert client.post(etape(a_signer, "consulter"), {"etat": "brouillon"}).status_code == 302, "nobody new to ask"


@pytest.mark.parametrize("attendu_le", ["", str(dans(-1)), "demain"])
def test_une_date_d_avis_fausse_est_dite(client, brouillon, agent, attendu_le):
    client.force_login(agent)
    service = ServiceFabrique()
    recue = client.post(
        etape(brouillon, "consulter"), {"etat": "brouillon", "services": [service.pk], "attendu_le": attendu_le}
    )
    assert recue.status_code == 422
    assert "checked" in page(recue), "what was ticked stays ticked"
    assert not Avis.objects.exists()


# --- To sign ---------------------------------------------------------------------------------------------------------


def test_seules_les_elues_en_mandat_sont_proposees(
    client, en_consultation, agent, elue, autre_elue, ancienne_elue, citoyenne
):
    en_consultation.avis.update(attendu_le=dans(-1))
    client.force_login(agent)
    formulaire = page(client.get(etape(en_consultation, "presenter")))
    for personne, proposee in ((elue, True), (autre_elue, True), (ancienne_elue, False), (citoyenne, False)):
        assert (f'name="signataire" value="{personne.pk}"' in formulaire) is proposee
    for personne in (ancienne_elue, citoyenne):
        assert (
            client.post(
                etape(en_consultation, "presenter"), {"etat": "en_consultation", "signataire": personne.pk}
            ).status_code
            == 422
        )


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("autre_elue", 404), ("citoyenne", 404), ("agent", 403), ("referente", 403), ("moderatrice", 404)],
)
def test_personne_d_autre_ne_lit_la_page_de_signature(request, client, a_signer, qui, statut):
    client.force_login(request.getfixturevalue(qui))
    donnees = {"etat": "a_signer", "lue": a_signer.version(), "confirmee": "on"}
    assert (
        client.get(etape(a_signer, "signer")).status_code
        == client.post(etape(a_signer, "signer"), donnees).status_code
        == statut
    )
    assert Reponse.objects.get().etat == "a_signer"


def test_un_mandat_fini_se_dit_sur_la_page(client, a_signer, elue):
    elue.mandats.update(fin=dans(-1))
    client.force_login(elue)
    recue = client.post(etape(a_signer, "signer"), {"etat": "a_signer", "lue": a_signer.version(), "confirmee": "on"})
    assert (recue.status_code, "Votre mandat n’est pas en cours" in page(recue)) == (422, True)


def test_un_texte_change_depuis_la_lecture_n_est_pas_signe(client, a_signer, elue):
    client.force_login(elue)
    recue = client.post(etape(a_signer, "signer"), {"etat": "a_signer", "lue": "un ancien texte", "confirmee": "on"})
    assert (recue.status_code, "Le texte a changé" in page(recue)) == (409, True)


def test_un_renvoi_dit_pourquoi_a_l_agent_et_a_personne_d_autre(client, a_signer, elue, agent):
    client.force_login(elue)
    assert (
        client.post(etape(a_signer, "renvoyer"), {"etat": "a_signer", "retour": "Dites qui paiera."}).status_code == 302
    )
    assert client.get(a_signer.get_absolute_url()).status_code == 404, "it is no longer hers"
    client.force_login(agent)
    assert "Dites qui paiera." in page(client.get(a_signer.get_absolute_url()))


# --- Corrections -----------------------------------------------------------------------------------------------------


def test_une_correction_est_une_nouvelle_reponse_qui_montre_ce_qu_elle_corrige(client, publiee, agent, elue, echeance):
    client.force_login(agent)
    adresse = reverse("reponses:corriger", args=[publiee.pk])
    formulaire = page(client.get(adresse))
    assert publiee.texte in formulaire
    for absent in ('name="sens"', 'name="alternative"', 'name="conditions"'):
        assert absent not in formulaire
    assert (
        client.post(
            adresse, saisie(publiee, sens="no_go", cout_estime="900", cout_justification="Un devis.")
        ).status_code
        == 302
    )
    correction = publiee.corrections.get()
    assert (correction.sens, correction.cible, correction.etat) == ("go", publiee.cible, "brouillon")
    assert client.get(adresse).url == correction.get_absolute_url(), "one at a time"
    assert client.post(adresse, saisie(publiee)).status_code == 422

    tenue_le = type(echeance).objects.get(pk=echeance.pk).tenue_le
    amener_reponse(correction, "publiee", agent=agent, elue=elue)
    assert type(echeance).objects.get(pk=echeance.pk).tenue_le == tenue_le, "the clock stopped with the first answer"
    assert Jalon.objects.count() == 1
    client.logout()
    nouvelle, origine = page(client.get(correction.get_absolute_url())), page(client.get(publiee.get_absolute_url()))
    assert publiee.get_absolute_url() in nouvelle
    assert "<del>(rien)</del>" in nouvelle
    assert "<ins>900</ins>" in nouvelle
    assert correction.get_absolute_url() in origine
    assert publiee.texte in origine
    phrase = Entree.objects.filter(type="reponses.publier").first().phrase
    assert "correction" in phrase.lower()
    assert publiee.get_absolute_url() in phrase


@pytest.mark.parametrize(
    ("qui", "statut"),
    [("citoyenne", 403), ("elue", 403), ("autre_referente", 403), ("moderatrice", 403), ("referente", 200)],
)
def test_qui_corrige(request, client, publiee, qui, statut):
    client.force_login(request.getfixturevalue(qui))
    adresse = reverse("reponses:corriger", args=[publiee.pk])
    assert client.get(adresse).status_code == statut
    if statut != 200:
        assert client.post(adresse, saisie(publiee)).status_code == statut
        assert not publiee.corrections.exists()


def test_on_ne_corrige_ni_un_brouillon_ni_une_correction(client, brouillon, agent, elue):
    client.force_login(agent)
    assert client.get(reverse("reponses:corriger", args=[brouillon.pk])).status_code == 409
    amener_reponse(brouillon, "publiee", agent=agent, elue=elue)
    correction = amener_reponse(corriger(brouillon, par=agent, **contenu(brouillon)), "publiee", agent=agent, elue=elue)
    assert client.get(reverse("reponses:corriger", args=[correction.pk])).status_code == 409


def contenu(reponse):
    return {nom: getattr(reponse, nom) for nom in Reponse.CONTENU}


def test_les_actions_disent_non_elles_aussi(publiee, idee, citoyenne, agent, elue):
    """Called by another door than the page."""
    for personne in (citoyenne, elue):
        with pytest.raises(EtapeInterdite):
            corriger(publiee, par=personne, **contenu(publiee))
        with pytest.raises(EtapeInterdite):
            rediger(IdeeFabrique(etat="en_etude"), par=personne, **contenu(publiee))
    with pytest.raises(EtapeImpossible):
        rediger(idee, par=agent, **contenu(publiee))
    correction = corriger(publiee, par=agent, **contenu(publiee) | {"sens": "no_go"})
    assert correction.sens == publiee.sens
    with pytest.raises(EtapeImpossible):
        corriger(publiee, par=agent, **contenu(publiee))


# --- Promised steps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qui", "statut"),
    [
        ("agent", 302),
        ("referente", 302),
        ("citoyenne", 403),
        ("elue", 403),
        ("moderatrice", 403),
        ("autre_referente", 403),
    ],
)
def test_qui_annonce_et_accomplit(request, client, publiee, qui, statut):
    client.force_login(request.getfixturevalue(qui))
    jalon = publiee.jalons.get()
    assert (
        client.post(
            reverse("reponses:jalons", args=[publiee.pk]), {"titre": "Poser", "prevu_le": str(dans(9))}
        ).status_code
        == statut
    )
    assert client.post(reverse("reponses:jalon_fait", args=[jalon.pk])).status_code == statut
    jalon.refresh_from_db()
    assert (publiee.jalons.count(), jalon.fait_le is not None) == ((2, True) if statut == 302 else (1, False))


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [("titre", ""), ("prevu_le", ""), ("prevu_le", str(dans(-1))), ("prevu_le", "bientôt"), ("titre", "x" * 201)],
)
def test_une_etape_mal_ecrite_est_dite(client, publiee, agent, champ, valeur):
    client.force_login(agent)
    recue = client.post(
        reverse("reponses:jalons", args=[publiee.pk]),
        {"titre": "Poser les bancs", "prevu_le": str(dans(9))} | {champ: valeur},
    )
    assert (recue.status_code, publiee.jalons.count()) == (422, 1)
    assert champ == "titre" or "Poser les bancs" in page(recue)


def test_on_ne_promet_rien_apres_un_non_ni_avant_la_publication(client, idee, brouillon, agent, boite):
    non = publier_reponse(IdeeFabrique(boite=boite, etat="en_etude"), sens="no_go")
    client.force_login(agent)
    for reponse in (non, brouillon):
        assert (
            client.post(
                reverse("reponses:jalons", args=[reponse.pk]), {"titre": "Poser", "prevu_le": str(dans(9))}
            ).status_code
            == 409
        )
    assert not Jalon.objects.exists()


def test_une_etape_deja_faite_ne_se_refait_pas(client, publiee, agent):
    jalon = publiee.jalons.get()
    client.force_login(agent)
    client.post(reverse("reponses:jalon_fait", args=[jalon.pk]))
    recue = client.get(reverse("reponses:jalon_fait", args=[jalon.pk]))
    assert recue.url == publiee.get_absolute_url()


def test_un_formulaire_vide_se_lit_pour_une_personne_sans_mandat(client, en_consultation, agent):
    """Nobody can sign yet: the page says what to do."""
    en_consultation.avis.update(attendu_le=dans(-1))
    PersonneFabrique(roles=["elue"]).mandats.all().delete()
    from comptes.models import Mandat

    Mandat.objects.all().delete()
    client.force_login(agent)
    assert "Personne n’a de mandat en cours" in page(client.get(etape(en_consultation, "presenter")))


def test_une_reponse_a_un_projet_se_lit_comme_les_autres(client, agent, elue):
    projet = ProjetFabrique(ouvert=True)
    reponse = amener_reponse(rediger_reponse(projet, agent=agent), "a_signer", agent=agent, elue=elue)
    client.force_login(elue)
    assert client.get(reponse.get_absolute_url()).status_code == client.get(etape(reponse, "signer")).status_code == 200
