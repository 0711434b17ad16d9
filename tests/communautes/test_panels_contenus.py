"""A mandate in versions, minutes, the avis citoyen and its reply, the pages that agents fill in."""

import hashlib
import json
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from communautes.forms.panels import avertissement
from communautes.models import AvisDuPanel, Candidate, CompteRendu, Mandat, Panel, Siege
from communautes.panels import calcul, contenus, lecture, mandat, vivier
from communautes.panels.quotas import quotas_de
from socle.templatetags.composants import nombre as ecrire
from tests.communautes.fabriques_panels import (
    agent,
    annoncer,
    calculer,
    fichier_du_vivier,
    fonder_un_panel,
    panel_reuni,
    preparer,
    relu,
    tirage_en,
)
from tests.fabriques import PersonneFabrique
from timeline.chaine import canonique
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, franchir
from timeline.models import Entree
from timeline.verification import verifier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("memes_lots")]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def champs_de(panel, **changes) -> dict:
    en_vigueur = panel.mandat or panel.mandat_en_preparation
    return {**{nom: getattr(en_vigueur, nom) for nom in mandat.CHAMPS}, **changes}


def adresse(nom, panel, *suite):
    return reverse(f"communautes:{nom}", args=[panel.communaute.slug, *suite])


# --- The mandate -------------------------------------------------------------------------------------------------


def test_le_meme_formulaire_envoye_deux_fois_est_un_panel():
    par = agent()
    premier = fonder_un_panel(par=par, nom="Le même panel", publie=False)
    assert fonder_un_panel(par=par, nom="Le même panel", publie=False) == premier
    assert Panel.objects.count() == Mandat.objects.count() == 1


def test_un_mandat_publie_se_corrige_par_une_version(client):
    panel = fonder_un_panel()
    premier = panel.mandat
    mandat.rediger(
        panel, par=panel.cree_par, motif="La salle a changé.", **champs_de(panel, calendrier="Quatre samedis.")
    )
    assert [(m.numero, m.calendrier) for m in panel.mandats.all()] == [(2, "Quatre samedis."), (1, premier.calendrier)]
    empreintes = [e.donnees["empreinte"] for e in Entree.objects.publiques().filter(type="communautes.panel.mandat")]
    assert set(empreintes) == {m.calculer_l_empreinte() for m in Mandat.objects.all()} and len(set(empreintes)) == 2
    page = client.get(panel.get_absolute_url()).content.decode()
    assert "Quatre samedis." in page and premier.calendrier in page and "La salle a changé." in page
    assert verifier()[1] is None


@pytest.mark.parametrize(
    ("changes", "motif", "champ"),
    [
        ({"effacer_le": timezone.localdate() + timedelta(days=61)}, "Plus tard.", "effacer_le"),
        ({"effacer_le": timezone.localdate()}, "Tout de suite.", "effacer_le"),
        ({"question": "Autre ?"}, "", "motif"),
        ({}, "Rien.", None),
    ],
)
def test_ce_qu_une_version_ne_peut_pas_faire(changes, motif, champ):
    panel = fonder_un_panel(effacer_dans=60)
    with pytest.raises(EtapeInvalide) as refus:
        mandat.rediger(panel, par=panel.cree_par, motif=motif, **champs_de(panel, **changes))
    assert refus.value.champ == champ and panel.mandats.count() == 1


def test_les_places_ne_changent_plus_une_fois_le_tirage_annonce():
    panel = tirage_en("annonce").panel
    with pytest.raises(EtapeInvalide, match="nombre de places"):
        mandat.rediger(panel, par=panel.cree_par, motif="Plus grand.", **champs_de(panel, places=9))


def test_un_panel_ne_se_cree_que_par_un_agent():
    with pytest.raises(EtapeInterdite):
        fonder_un_panel(par=PersonneFabrique())
    assert not Panel.objects.exists()


def test_publier_ouvre_la_page_et_met_la_referente(client):
    panel = fonder_un_panel(publie=False)
    assert client.get(panel.communaute.get_absolute_url()).status_code == 404
    referente = agent()
    client.force_login(panel.cree_par)
    reponse = client.post(adresse("publier_mandat", panel), {"referente": referente.pk})
    assert reponse.status_code == 302
    assert panel.communaute.adhesions.get(role="referente").personne == referente
    client.logout()
    assert "Comment rendre la place plus fraîche ?" in client.get(panel.get_absolute_url()).content.decode()
    assert (
        f'href="{panel.get_absolute_url()}">Mandat et tirage</a>'
        in client.get(panel.communaute.get_absolute_url()).content.decode()
    )


# --- Pages of the desk: what is typed is kept ------------------------------------------------------------------------


def test_creer_garde_ce_qui_est_tape_et_dit_ce_qui_manque(client):
    client.force_login(agent())
    envoi = {"nom": "Panel tapé", "places": "0", "effacer_le": "2020-01-01"}
    reponse = client.post(reverse("communautes:nouveau_panel"), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Panel tapé" in page and "Écrivez la question posée au panel." in page
    assert "Écrivez un nombre entier, de 1 à 1000." in page and not Panel.objects.exists()
    assert "Choisissez un jour à venir." in page, "the date is told with the rest"


@pytest.mark.parametrize(("publie", "decale", "phrase"), [
    (False, -1000, "Choisissez un jour à venir."),
    (True, -1000, "Choisissez un jour à venir."),
    (True, 1, "ne sont pas gardés plus longtemps"),
    (True, 0, ""),
])  # fmt: skip
def test_le_mandat_dit_toutes_ses_fautes_a_la_fois(client, publie, decale, phrase):
    panel = fonder_un_panel(publie=publie)
    client.force_login(panel.cree_par)
    depart = panel.mandat or panel.mandat_en_preparation
    jour = depart.effacer_le + timedelta(days=decale)
    champs = {nom: getattr(depart, nom) for nom in mandat.CHAMPS} | {"places": 0, "effacer_le": jour.isoformat()}
    page = client.post(adresse("rediger_mandat", panel), champs | {"motif": "Une correction."}).content.decode()
    assert "Écrivez un nombre entier, de 1 à 1000." in page and phrase in page
    assert phrase or "Choisissez un jour" not in page


def test_la_page_des_quotas_explique_et_garde(client):
    tirage = preparer(fonder_un_panel(places=10))
    client.force_login(tirage.panel.cree_par)
    ici = adresse("quotas_tirage", tirage.panel, 1)
    depart = quotas_de(tirage)
    paires = [(i, j) for i, classes in enumerate(depart.values()) for j in range(len(classes))]
    champs = {f"q{i}_{j}_{borne}": nombre for i, j in paires for borne, nombre in (("min", 9), ("max", 10))}
    reponse = client.post(ici, champs)
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "les minimums font 18 places en tout, pour 10" in page and 'value="9"' in page
    assert quotas_de(relu(tirage)) == depart
    inverse = client.post(ici, champs | {"q0_0_max": 2}).content.decode()
    assert "le minimum (9) dépasse le maximum (2) de 7" in inverse and "les minimums font 18 places en tout" in inverse
    vide = client.post(ici, {})
    assert vide.status_code == 422 and "Écrivez un nombre entier, de 0 à 10." in vide.content.decode()
    assert ">genre, femme : minimum</a>" in vide.content.decode(), "the summary names the criterion"
    proposes = client.post(ici, {"proposer": "1"})
    assert proposes.status_code == 200 and "Rien n’est encore enregistré" in proposes.content.decode()


@pytest.mark.parametrize(("nombre", "phrase"), [
    (1, "1 personne est dans le vivier."),
    (10_000, f"{ecrire(10_000)} personnes sont dans le vivier."),
])  # fmt: skip
def test_un_grand_nombre_se_lit(client, monkeypatch, nombre, phrase):
    panel = fonder_un_panel()
    client.force_login(panel.cree_par)
    client.post(adresse("commencer_tirage", panel))
    client.post(adresse("recevoir_vivier", panel, 1), {"fichier": SimpleUploadedFile("v.csv", fichier_du_vivier())})
    monkeypatch.setattr(vivier, "importer_le_vivier", lambda *_a, **_k: nombre)
    envoi = {"identifiant": "c0", "criteres": ["c1", "c2"]}
    reponse = client.post(adresse("colonnes_vivier", panel, 1), envoi)
    assert [str(m) for m in get_messages(reponse.wsgi_request)] == [phrase]
    assert f"Attention : {ecrire(10_000)} personnes" in avertissement(10_000)


def test_importer_par_les_pages(client):
    panel = fonder_un_panel()
    client.force_login(panel.cree_par)
    assert client.post(adresse("commencer_tirage", panel))["Location"] == adresse("recevoir_vivier", panel, 1)
    mauvais = client.post(adresse("recevoir_vivier", panel, 1), {"fichier": SimpleUploadedFile("v.csv", b"a;b\n1\n")})
    assert mauvais.status_code == 422 and "Ligne 2" in mauvais.content.decode()
    bon = SimpleUploadedFile("../../v.csv", fichier_du_vivier())
    assert client.post(adresse("recevoir_vivier", panel, 1), {"fichier": bon})["Location"] == adresse(
        "colonnes_vivier", panel, 1
    )
    page = client.get(adresse("colonnes_vivier", panel, 1)).content.decode()
    assert "Nom Fictif 4" in page and "Nom Fictif 5" not in page, "five lines are enough to tell the columns"
    # c0 identifies, c1 and c2 are criteria, c3 to c5 are personal
    double = client.post(
        adresse("colonnes_vivier", panel, 1), {"identifiant": "c0", "criteres": ["c0", "c1"], "personnelles": ["c1"]}
    )
    assert (
        double.status_code == 422
        and "elle serait publiée" in double.content.decode()
        and not Candidate.objects.exists()
    )
    colonnes = {"identifiant": "c0", "criteres": ["c1", "c2"], "personnelles": ["c3", "c4", "c5"], "courriel": "c5"}
    assert client.post(adresse("colonnes_vivier", panel, 1), colonnes)["Location"] == adresse("quotas_tirage", panel, 1)
    assert Candidate.objects.count() == 40
    assert client.get(adresse("colonnes_vivier", panel, 1)).status_code == 302, "the file is gone"


def test_le_calcul_se_demande_se_suit_et_s_arrete(client):
    tirage = preparer(fonder_un_panel())
    client.force_login(tirage.panel.cree_par)
    suivi = client.post(adresse("calculer", tirage.panel, 1))["Location"]
    page = client.get(suivi).content.decode()
    assert "En attente" in page and "Arrêter ce calcul" in page and "data-es-flux" in page
    fragment = client.get(suivi, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and 'id="suivi-calcul"' in fragment
    client.post(adresse("arreter_calcul", tirage.panel, 1))
    assert "Arrêté" in client.get(suivi).content.decode()
    encore = client.post(adresse("arreter_calcul", tirage.panel, 1))
    assert encore.status_code == 409 and "Ce calcul est déjà fini." in encore.content.decode()
    demande = calcul.demander(tirage, par=tirage.panel.cree_par)
    calcul.executer(demande.pk)
    assert "Les mille lots sont prêts" in client.get(suivi).content.decode()


def test_annoncer_et_tirer_par_les_pages(client):
    tirage = tirage_en("calcule")
    client.force_login(tirage.panel.cree_par)
    ici = f"/etapes/communautes.tirage/{tirage.pk}/annoncer/"
    page = client.get(f"{ici}?etat=calcule").content.decode()
    assert "partage ses critères" in page or "seule" in page, "what the published pool lets people guess is told first"
    moment = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    champs = {"etat": "calcule", "source": "Le Loto de samedi", "connue_le": moment}
    sans = client.post(ici, champs)
    assert sans.status_code == 422 and "Le Loto de samedi" in sans.content.decode() and relu(tirage).etat == "calcule"
    passee = client.post(ici, {**champs, "connue_le": "2020-01-01T10:00", "verifie": "on"})
    assert passee.status_code == 422 and "choisissez-en une qui sera publiée plus tard" in passee.content.decode()
    tantot = timezone.localtime(timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    presque = client.post(ici, {**champs, "connue_le": tantot, "verifie": "on"})
    assert presque.status_code == 422 and "dans 24 heures au moins : tout le monde" in presque.content.decode()
    assert client.post(ici, {**champs, "verifie": "on"}).status_code == 302 and relu(tirage).etat == "annonce"
    tot = client.post(f"/etapes/communautes.tirage/{tirage.pk}/tirer/", {"etat": "annonce", "valeur": "1 2 3"})
    assert tot.status_code == 422 and "n’est pas encore connue" in tot.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        client.force_login(tirage.panel.cree_par)
        fait = client.post(f"/etapes/communautes.tirage/{tirage.pk}/tirer/", {"etat": "annonce", "valeur": "1 2 3"})
    assert fait.status_code == 302 and relu(tirage).etat == "tire"


def test_ma_chance_se_demande_sans_laisser_de_trace_dans_l_adresse(client):
    tirage = tirage_en("annonce")
    une = tirage.candidates.order_by("code").first()
    ici = tirage.get_absolute_url()
    assert f"est dans {une.lots} lots sur 1 000" in client.post(ici, {"code": f" {une.code.upper()} "}).content.decode()
    inconnu = client.post(ici, {"code": "zzz"})
    assert inconnu.status_code == 422 and "n’est pas dans le vivier" in inconnu.content.decode()
    for page in (ici, adresse("place", tirage.panel)):
        long = client.post(page, {"code": "z" * 5000, "cle": "z" * 5000})
        assert long.status_code == 422 and "Un code est plus court que cela" in long.content.decode()
        assert "Assurez-vous" not in long.content.decode(), "our own sentences, for the key too"


def test_la_chance_d_un_seul_lot_se_dit_au_singulier(client, monkeypatch):
    tirage = tirage_en("annonce")
    monkeypatch.setattr(lecture, "chance_de", lambda _tirage, code: Candidate(code=code, lots=1))
    assert "est dans 1 lot sur 1 000" in client.post(tirage.get_absolute_url(), {"code": "zzz"}).content.decode()


def test_la_page_publique_dit_combien_de_personnes_sont_seules(client):
    tirage = annoncer(calculer(preparer(fonder_un_panel(), nombre=8)))
    profils = Counter(map(tuple, tirage.candidates.values_list("valeurs", flat=True)))
    seules = sum(1 for n in profils.values() if n == 1)
    page = client.get(tirage.get_absolute_url()).content.decode()
    assert seules > 1 and f"{seules} personnes du vivier sont seules à avoir leur combinaison" in page
    larges = client.get(tirage_en("annonce").get_absolute_url()).content.decode()
    assert "partage ses critères avec au moins une autre" in larges and "sont seules" not in larges


# --- Minutes -----------------------------------------------------------------------------------------------------


def test_un_compte_rendu_reste_dedans_jusqu_a_sa_publication(client):
    panel = fonder_un_panel()
    ecrit = contenus.ecrire_un_compte_rendu(
        panel, par=panel.cree_par, titre="Séance de mars", seance_le=timezone.localdate(), texte="Un secret de travail."
    )
    entree = Entree.objects.get(type="communautes.compte_rendu.ecrire")
    assert entree.communaute == panel.communaute and not Entree.objects.publiques().filter(pk=entree.pk).exists()
    for ici in (ecrit.get_absolute_url(), panel.get_absolute_url()):
        assert "Séance de mars" not in client.get(ici).content.decode()
    contenus.corriger_un_compte_rendu(ecrit, par=panel.cree_par, texte="Une version relue.", motif="Relu.")
    franchir(CompteRendu.objects.get(pk=ecrit.pk).publier, par=panel.cree_par)
    page = client.get(ecrit.get_absolute_url()).content.decode()
    assert "Une version relue." in page and "Un secret de travail." in page, "versions are readable"
    assert Entree.objects.publiques().filter(type="communautes.compte_rendu.publier").exists()
    contenus.corriger_un_compte_rendu(
        CompteRendu.objects.get(pk=ecrit.pk), par=panel.cree_par, texte="Mieux.", motif="Une faute."
    )
    assert Entree.objects.publiques().filter(type="communautes.compte_rendu.corriger").count() == 1
    assert verifier()[1] is None


def test_un_compte_rendu_d_une_seance_a_venir_se_refuse(client):
    panel = fonder_un_panel()
    client.force_login(panel.cree_par)
    demain = timezone.localdate() + timedelta(days=1)
    reponse = client.post(
        adresse("nouveau_compte_rendu", panel), {"titre": "T", "seance_le": demain.isoformat(), "texte": "Déjà écrit."}
    )
    assert reponse.status_code == 422 and "Déjà écrit." in reponse.content.decode() and not CompteRendu.objects.exists()


# --- The avis ----------------------------------------------------------------------------------------------------


def avis(panel, **changes):
    jour = timezone.localdate()
    champs = {
        "texte": "Plantons vingt arbres.", "adopte_le": jour, "pour": 2, "contre": 1, "abstentions": 0,
        "reponse_attendue_le": jour + timedelta(days=30), **changes,
    }  # fmt: skip
    return contenus.publier_l_avis(panel, par=panel.cree_par, **champs)


def test_le_meme_envoi_deux_fois_ne_fait_qu_un_compte_rendu_et_qu_une_correction():
    panel = panel_reuni()
    dit = {"titre": "Séance de mars", "seance_le": timezone.localdate(), "texte": "Ce qui s’est dit."}
    premier, second = (contenus.ecrire_un_compte_rendu(panel, par=panel.cree_par, **dit) for _ in range(2))
    assert premier == second and CompteRendu.objects.get() == premier
    un, autre = (
        {"texte": "Plantons.", "motif": "Une faute."},
        {"texte": "Plantons vingt arbres.", "motif": "Le nombre."},
    )
    numeros = [avis(panel, **champs).numero for champs in ({}, {}, un, un, autre, un)]
    assert numeros == [1, 1, 2, 2, 3, 4], "words that come back after others are another correction"


def test_le_premier_avis_envoye_deux_fois_par_la_page_est_publie_une_fois(client):
    """The second time it comes as the form of a first avis, and there is one already."""
    panel = panel_reuni()
    client.force_login(panel.cree_par)
    jour = timezone.localdate().isoformat()
    envoi = {
        "texte": "Plantons.",
        "adopte_le": jour,
        "reponse_attendue_le": jour,
        "pour": 2,
        "contre": 0,
        "adopte": "on",
    }
    envoi["abstentions"] = 0
    assert [client.post(adresse("publier_avis", panel), envoi).status_code for _ in range(2)] == [302, 302]
    autre = client.post(adresse("publier_avis", panel), envoi | {"texte": "Plantons vingt arbres."})
    page = autre.content.decode()
    assert autre.status_code == 422 and "Dites ce qui change, et pourquoi" in page and "vingt arbres" in page
    assert AvisDuPanel.objects.get().texte == "Plantons."


def test_un_avis_est_scelle_et_se_refait_d_apres_la_page(client):
    panel = panel_reuni()
    avis(panel)
    publie = AvisDuPanel.objects.get()
    dit = Entree.objects.publiques().get(type="communautes.panel.avis").donnees
    assert dit["empreinte"] == publie.empreinte == hashlib.sha256(canonique(publie.document())).hexdigest()
    assert json.loads(canonique(publie.document()))["pour"] == 2
    page = client.get(panel.get_absolute_url()).content.decode()
    assert "Plantons vingt arbres." in page and publie.empreinte in page and "Pour : 2. Contre : 1." in page


def test_le_fichier_d_un_avis_se_telecharge_tel_qu_il_a_ete_scelle(client):
    panel = panel_reuni()
    client.force_login(panel.cree_par)
    jour = timezone.localdate().isoformat()
    envoi = {"document": SimpleUploadedFile("Avis final.pdf", PDF), "adopte_le": jour, "reponse_attendue_le": jour}
    envoi |= {"pour": 2, "contre": 0, "abstentions": 0, "adopte": "on"}
    assert client.post(adresse("publier_avis", panel), envoi).status_code == 302
    client.logout()
    reponse = client.get(adresse("fichier_avis", panel, 1))
    contenu = b"".join(reponse.streaming_content)
    assert hashlib.sha256(contenu).hexdigest() == AvisDuPanel.objects.get().empreinte_du_fichier
    assert reponse["Content-Type"] == "application/pdf" and "attachment" in reponse["Content-Disposition"]


@pytest.mark.parametrize(
    ("changes", "champ"),
    [
        ({"texte": ""}, "texte"),
        ({"adopte_le": timezone.localdate() + timedelta(days=1)}, "adopte_le"),
        ({"reponse_attendue_le": timezone.localdate() - timedelta(days=1)}, "reponse_attendue_le"),
        ({"pour": 0, "contre": 0}, "pour"),
        ({"pour": 0, "contre": 3}, "pour"),
        ({"pour": 3, "contre": 1}, "pour"),  # three of four have accepted
        ({"pour": 2, "contre": 1, "abstentions": 1}, "pour"),
    ],
)
def test_un_avis_incomplet_se_refuse(changes, champ):
    panel = panel_reuni(absentes=1)
    with pytest.raises(EtapeInvalide) as refus:
        avis(panel, **changes)
    assert refus.value.champ == champ and not AvisDuPanel.objects.exists()


def test_les_voix_en_trop_se_disent_a_cote_du_champ(client):
    panel = panel_reuni(absentes=1)
    client.force_login(panel.cree_par)
    jour = timezone.localdate().isoformat()
    envoi = {"texte": "Plantons vingt arbres.", "adopte_le": jour, "reponse_attendue_le": jour}
    reponse = client.post(
        adresse("publier_avis", panel), envoi | {"pour": 3, "contre": 1, "abstentions": 0, "adopte": "on"}
    )
    page = reponse.content.decode()
    assert reponse.status_code == 422 and "Plantons vingt arbres." in page and "plus de 3 voix" in page
    assert not AvisDuPanel.objects.exists() and not Entree.objects.filter(type="communautes.panel.avis").exists()


def test_qui_est_partie_depuis_a_pu_voter():
    panel = panel_reuni()
    partie = Siege.objects.filter(etat="acceptee").first().personne
    franchir(panel.communaute.adhesions.get(personne=partie).quitter, par=partie)
    assert avis(panel, pour=4, contre=0).pour == 4


def test_une_correction_garde_l_ancien_avis_et_la_premiere_date_promise(client):
    panel = panel_reuni()
    avis(panel)
    with pytest.raises(EtapeInvalide):
        avis(panel, texte="Trente arbres.")
    plus_tard = timezone.localdate() + timedelta(days=90)
    avis(panel, texte="Trente arbres.", motif="Une faute de frappe.", reponse_attendue_le=plus_tard)
    page = client.get(panel.get_absolute_url()).content.decode()
    assert "Trente arbres." in page and "Plantons vingt arbres." in page and "Première date promise" in page


def test_une_reponse_en_retard_se_voit_puis_la_reponse(client):
    panel = panel_reuni()
    avis(panel)
    assert "est attendue le" in client.get(panel.get_absolute_url()).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert "Elle est en retard." in client.get(panel.get_absolute_url()).content.decode()
        for mauvaise in ("javascript:alert(1)", "//ailleurs.example", "http://exemple.fr/", "https://", "/a b"):
            with pytest.raises(EtapeInvalide) as refus:
                contenus.noter_la_reponse(panel, par=panel.cree_par, adresse=mauvaise, le=timezone.localdate())
            assert refus.value.champ == "adresse"
        contenus.noter_la_reponse(panel, par=panel.cree_par, adresse="/reponses/", le=timezone.localdate())
        page = client.get(panel.get_absolute_url()).content.decode()
        assert "La collectivité a répondu le" in page and "en retard" not in page
        with pytest.raises(EtapeImpossible):
            contenus.noter_la_reponse(panel, par=panel.cree_par, adresse="/ailleurs/", le=timezone.localdate())


def test_les_liens_de_syntheses(client):
    panel = fonder_un_panel()
    client.force_login(panel.cree_par)
    refuse = client.post(adresse("lier_synthese", panel), {"titre": "Piège", "adresse": "javascript:alert(1)"})
    assert refuse.status_code == 422 and "Piège" in refuse.content.decode()
    client.post(adresse("lier_synthese", panel), {"titre": "Synthèse des idées", "adresse": "https://exemple.fr/s"})
    lien = panel.syntheses.get()
    assert f'href="{lien.adresse}"' in client.get(panel.get_absolute_url()).content.decode()
    client.post(adresse("delier_synthese", panel, lien.pk))
    assert not panel.syntheses.exists() and Entree.objects.filter(type="communautes.panel.delier").exists()
