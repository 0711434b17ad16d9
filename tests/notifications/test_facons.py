"""Two ways of following: who hears of what, who changes it, and that no kind of news forgets to say which it is."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from commentaires.actions import commenter
from idees.actions import soutenir
from notifications import annonces, cercles, registre
from notifications.abonnements import abonner, desabonner, facon_de, reporter
from notifications.models import Abonnement, Courriel, Notification
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique
from tests.notifications import test_qui_recoit_quoi as scenes
from tests.notifications.conftest import dire
from timeline.etapes import franchir
from timeline.models import Relais

PARTICIPE, INFORME = Abonnement.Facon.PARTICIPE, Abonnement.Facon.INFORME
HTMX = {"HTTP_HX_REQUEST": "true"}
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "suivre.md"

#: The written table: kind of news → is it a milestone? The same rows are in the guide.
GRANDES_ETAPES = {
    "commentaires.publier": False,
    "communautes.clore": True,
    "communautes.document.partager": False,
    "communautes.document.verser": False,
    "communautes.ebauche.abandonner": True,
    "communautes.ebauche.deposer": True,
    "communautes.ebauche.ecrire": False,
    "communautes.ebauche.ouvrir": False,
    "communautes.ebauche.reprendre": True,
    "communautes.compte_rendu.publier": True,
    "communautes.endormir": True,
    "communautes.ouvrir": True,
    "communautes.panel.avis": True,
    "communautes.panel.mandat": True,
    "communautes.panel.repondre": True,
    "communautes.question.atteindre_seuil": True,
    "communautes.question.prendre": True,
    "communautes.question.publier": False,
    "communautes.reveiller": True,
    "communautes.sondage.clore": True,
    "communautes.sondage.ouvrir": False,
    "communautes.sujet.ouvrir": False,
    "communautes.tirage.annoncer": True,
    "communautes.tirage.annuler": True,
    "communautes.tirage.tirer": True,
    "consultations.ouvrir": True,
    "consultations.restituer": True,
    "idees.achever": True,
    "idees.atteindre_seuil": True,
    "idees.corriger": False,
    "idees.ecarter": True,
    "idees.fusion.defaire": True,
    "idees.fusion.effectuer": True,
    "idees.fusion.imposer": True,
    "idees.fusionner": True,
    "idees.groupe.ouvrir": True,
    "idees.ouvrir_un_projet": True,
    "idees.prendre": True,
    "idees.publier": False,
    "idees.realiser": True,
    "idees.refuser": True,
    "idees.retenir": True,
    "idees.retirer": True,
    "projets.actualite.publier": False,
    "projets.analyser": True,
    "projets.annoncer": True,
    "projets.clore": True,
    "projets.document.publier": False,
    "projets.etape.annuler": True,
    "projets.etape.deplacer": True,
    "projets.etape.ouvrir": True,
    "projets.ouvrir": True,
    "projets.realiser": True,
    "projets.recit.publier": True,
    "reponses.echeance.depasser": True,
    "reponses.jalon.accomplir": True,
    "reponses.jalon.annuler": True,
    "reponses.jalon.planifier": True,
    "reponses.jalon.raconter": False,
    "reponses.publier": True,
    "reponses.realisation.informer": False,
    "reponses.realisation.retarder": True,
    "votes.annoncer": True,
    "votes.annuler": True,
    "votes.ouvrir": True,
    "votes.proclamer": True,
    "votes.rappeler": False,
}
#: event of a scene → is whoever « s’informe » told? Every event that followers hear of is here.
DITS_A_QUI_S_INFORME = {
    "soumettre_la_ou_l_on_publie_d_abord": False,
    "publier": False,
    "prendre": True,
    "atteindre_le_seuil": True,
    "publier_la_reponse": True,
    "corriger_la_reponse": True,
    "annoncer_un_jalon": True,
    "accomplir_un_jalon": True,
    "raconter_une_etape": False,
    "donner_une_nouvelle": False,
    "annoncer_un_retard_d_etape": True,
    "lancer_la_realisation": True,
    "achever": True,
    "retirer": True,
    "retirer_a_deux": True,
    "corriger_l_idee": False,
    "corriger_a_deux": False,
    "imposer_une_fusion": True,
    "effectuer_une_fusion": True,
    "defaire_une_fusion": True,
    "ouvrir_un_projet_annonce": True,
    "ouvrir_un_projet_brouillon": True,
    "annoncer_le_brouillon": True,
    "ouvrir_le_projet_avec_sa_premiere_etape": True,
    "analyser_le_projet": True,
    "donner_des_nouvelles": False,
    "raconter_le_projet": True,
}
QUI_SUIVENT = {"abonnee", "abonnee_boite"}


# --- Every kind of news says which it is ---------------------------------------------------------------------------


def dit_aux_abonnes(classe) -> bool:
    """Does its circle hold followers? Read in the code of `destinataires`, and of what it completes by super()."""
    for parente in classe.__mro__:
        if (destinataires := vars(parente).get("destinataires")) is None:
            continue
        noms = destinataires.__code__.co_names
        if "abonnes" in noms:
            return True
        if "destinataires" not in noms:
            return False
    return False


QUI_DISENT_AUX_ABONNES = [classe for classe in registre.classes() if dit_aux_abonnes(classe)]


@pytest.mark.sans_base
def test_on_reconnait_les_classes_qui_disent_aux_abonnes():
    noms = {classe.__name__ for classe in QUI_DISENT_AUX_ABONNES}
    assert {"IdeeNouvelle", "EtudePourSesSoutiens", "VoteBientotFini", "SeparationPourCellesQuiSuivent"} <= noms
    assert not {"IdeeRecue", "RetraitPourSesSoutiens", "UtiliteDemandeeASesSoutiens", "ContributionMasquee"} & noms


@pytest.mark.sans_base
@pytest.mark.parametrize("classe", QUI_DISENT_AUX_ABONNES, ids=lambda classe: classe.__name__)
def test_chaque_nouvelle_dit_si_elle_est_une_grande_etape(classe):
    assert isinstance(getattr(classe, "grande_etape", None), bool), "dites `grande_etape` : True ou False"
    for type_entree in classe.types:
        assert type_entree in GRANDES_ETAPES, "une ligne de plus dans GRANDES_ETAPES, et dans docs/guide/suivre.md"
        assert GRANDES_ETAPES[type_entree] is classe.grande_etape


@pytest.mark.sans_base
def test_le_tableau_ne_garde_pas_ce_qui_ne_se_dit_plus():
    assert GRANDES_ETAPES.keys() == {type_entree for classe in QUI_DISENT_AUX_ABONNES for type_entree in classe.types}


@pytest.mark.sans_base
def test_le_guide_dit_le_meme_tableau():
    lignes = re.findall(r"^\| .+ \| `([\w.]+)` \| (oui|non) \|$", GUIDE.read_text(), re.MULTILINE)
    assert len(lignes) == len(dict(lignes))
    assert {type_entree: dit == "oui" for type_entree, dit in lignes} == GRANDES_ETAPES


@pytest.mark.sans_base
def test_une_nouvelle_sans_reponse_ne_part_a_personne(monkeypatch):
    """A class that forgot raises at the first entry; it does not choose in silence."""

    class Oublieuse(registre.Annonce):
        def __init__(self):
            pass

    monkeypatch.setattr(cercles, "abonnes", lambda *args, **options: pytest.fail("a circle was asked"))
    with pytest.raises(AttributeError, match="grande_etape"):
        Oublieuse().abonnes(object())


# --- Way × news × circle -------------------------------------------------------------------------------------------


def test_chaque_evenement_qui_se_dit_aux_abonnes_a_sa_ligne():
    concernes = {evenement.__name__ for evenement, dits in scenes.TABLE.items() if QUI_SUIVENT & dits.keys()}
    assert concernes == DITS_A_QUI_S_INFORME.keys()


@pytest.mark.parametrize("nom", DITS_A_QUI_S_INFORME)
def test_qui_s_informe_entend_les_grandes_etapes_et_les_autres_entendent_tout(scene, nom):
    evenement = getattr(scenes, nom)
    evenement(scene)
    siens = Abonnement.objects.filter(personne__in=[scene.personnes[qui] for qui in QUI_SUIVENT])
    siens.update(facon=INFORME)
    dire()
    attendus = scenes.TABLE[evenement].keys()
    if not DITS_A_QUI_S_INFORME[nom]:
        attendus = attendus - QUI_SUIVENT
    assert scene.courriels().keys() == attendus
    assert scene.cloche() == attendus & scene.personnes.keys()


def test_qui_soutient_entend_comme_avant_quelle_que_soit_sa_facon(scene):
    abonner(scene.soutien, scene.idee, INFORME)
    scenes.donner_une_nouvelle(scene)
    dire()
    assert "soutien" in scene.cloche() and "soutien" in scene.courriels()


def test_qui_ecrit_entend_comme_avant_quelle_que_soit_sa_facon(scene):
    abonner(scene.auteur, scene.idee, INFORME)
    scenes.donner_une_nouvelle(scene)
    dire()
    assert "auteur" in scene.cloche() and "auteur" in scene.courriels()


def test_qui_suit_une_boite_entend_les_reponses_a_ses_idees_une_seule_fois(scene):
    for facon in (PARTICIPE, INFORME):
        abonner(scene.abonnee_boite, scene.idee.boite, facon)
    abonner(scene.abonnee_boite, scene.idee, PARTICIPE)
    scenes.publier_la_reponse(scene)
    dire()
    assert scene.courriels()["abonnee_boite"] == [scenes.REPONSE]


def test_une_reponse_a_une_idee_masquee_n_est_pas_dite_a_la_boite(scene):
    scenes.publier_la_reponse(scene)
    scenes.masquer(scene.idee, par=scene.moderatrice, motif="injure", explication="Une injure.")
    Notification.objects.all().delete()
    dire()
    assert "abonnee_boite" not in scene.cloche()


# --- Whose choice it is ----------------------------------------------------------------------------------------------


def test_ce_qu_on_choisit_remplace_et_ce_qu_on_fait_ne_remplace_pas(citoyenne):
    idee = IdeeFabrique(etat="publiee")
    for geste, attendue in [
        (None, PARTICIPE), (INFORME, INFORME), (INFORME, INFORME), (None, INFORME), (PARTICIPE, PARTICIPE), (None, PARTICIPE)
    ]:  # fmt: skip
        abonner(citoyenne, idee, geste)
        assert facon_de(citoyenne, idee) == attendue
    assert Abonnement.objects.filter(personne=citoyenne).count() == 1
    desabonner(citoyenne, idee)
    assert facon_de(citoyenne, idee) is None
    abonner(citoyenne, idee, INFORME)
    assert facon_de(citoyenne, idee) == INFORME


@pytest.mark.parametrize("avant", [None, PARTICIPE, INFORME])
@pytest.mark.parametrize("geste", [commenter, soutenir], ids=["commenter", "soutenir"])
def test_commenter_ou_soutenir_garde_ce_qu_on_avait_choisi(citoyenne, avant, geste):
    idee = IdeeFabrique(etat="publiee")
    if avant:
        abonner(citoyenne, idee, avant)
    geste(idee, par=citoyenne, **({"texte": "Bonne idée."} if geste is commenter else {}))
    assert facon_de(citoyenne, idee) == (avant or PARTICIPE)


def test_un_projet_ne_d_une_idee_se_suit_de_la_meme_facon(scene):
    abonner(scene.abonnee, scene.idee, INFORME)
    abonner(scene.etrangere, scene.idee)
    projet = scenes.ouvrir_un_projet_brouillon(scene)
    assert facon_de(scene.abonnee, projet) == INFORME
    assert facon_de(scene.etrangere, projet) == PARTICIPE


def test_reporter_ne_change_rien_pour_qui_suivait_deja(citoyenne, voisin, django_assert_num_queries):
    idee, projet = IdeeFabrique(etat="publiee"), ProjetFabrique()
    abonner(citoyenne, idee, PARTICIPE)
    abonner(citoyenne, projet, INFORME)
    abonner(voisin, idee, INFORME)
    for personne in PersonneFabrique.create_batch(20):
        abonner(personne, idee)
    with django_assert_num_queries(2):
        reporter(idee, projet)
    assert facon_de(citoyenne, projet) == INFORME
    assert facon_de(voisin, projet) == INFORME
    assert Abonnement.objects.sur(projet).count() == Abonnement.objects.sur(idee).count()


def test_la_base_refuse_une_troisieme_facon(citoyenne):
    abonner(citoyenne, IdeeFabrique(etat="publiee"))
    for fausse in ("", "tout", "PARTICIPE"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Abonnement.objects.update(facon=fausse)


@pytest.mark.django_db(transaction=True)
def test_qui_suivait_avant_participe():
    """Rows that were there before the column."""
    citoyenne, idee = PersonneFabrique(), IdeeFabrique(etat="publiee")
    abonner(citoyenne, idee, INFORME)
    MigrationExecutor(connection).migrate([("notifications", "0014_ordres_de_mon_espace")])
    try:
        colonnes = connection.introspection.get_table_description(connection.cursor(), "notifications_abonnement")
        assert "facon" not in {colonne.name for colonne in colonnes}
    finally:
        executeur = MigrationExecutor(connection)
        executeur.migrate(executeur.loader.graph.leaf_nodes())
    assert facon_de(citoyenne, idee) == PARTICIPE


# --- On the page -----------------------------------------------------------------------------------------------------


def adresse(chose):
    return reverse("notifications:suivre", args=[chose._meta.label_lower, chose.pk])


def presses(page: str) -> dict[str, str]:
    """{value of a button: is it pressed?}"""
    return dict(re.findall(r'name="action" value="(participe|informe)" aria-pressed="(\w+)"', page))


@pytest.mark.parametrize("fabrique", [lambda: IdeeFabrique(etat="publiee"), lambda: ProjetFabrique(annonce=True)])
def test_la_page_propose_deux_facons_puis_dit_laquelle(client, citoyenne, fabrique):
    chose = fabrique()
    client.force_login(citoyenne)
    page = client.get(chose.get_absolute_url()).content.decode()
    assert presses(page) == {"participe": "false", "informe": "false"}
    assert "Ne plus suivre" not in page
    for action, phrase in [
        ("participe", "Vous suivez tout ce qui se passe ici."),
        ("informe", "Vous suivez les grandes étapes."),
    ]:
        for _double_clic in range(2):
            page = client.post(adresse(chose), {"action": action}, follow=True).content.decode()
            assert presses(page) == {"participe": "false", "informe": "false"} | {action: "true"}
            assert phrase in page and "Ne plus suivre" in page
            assert facon_de(citoyenne, chose) == action
    page = client.post(adresse(chose), {"action": "arreter"}, follow=True).content.decode()
    assert presses(page) == {"participe": "false", "informe": "false"}


def test_avec_htmx_seul_le_morceau_revient_et_le_foyer_reste(client, citoyenne):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(citoyenne)
    fragment = client.post(adresse(idee), {"action": "informe"}, **HTMX).content.decode()
    assert presses(fragment) == {"participe": "false", "informe": "true"}
    assert "<html" not in fragment and "autofocus" not in fragment
    fragment = client.post(adresse(idee), {"action": "arreter"}, **HTMX).content.decode()
    assert fragment.count("autofocus") == 1
    assert "autofocus" not in client.get(idee.get_absolute_url()).content.decode().split("suivre__choix")[1]


def test_une_page_d_avant_dit_suivre_et_c_est_tout_suivre(client, citoyenne):
    idee = IdeeFabrique(etat="publiee")
    abonner(citoyenne, idee, INFORME)
    client.force_login(citoyenne)
    client.post(adresse(idee), {"action": "suivre"})
    assert facon_de(citoyenne, idee) == PARTICIPE
    assert client.post(adresse(idee), {"action": "tout"}).status_code == 400


@pytest.mark.parametrize("facon", [None, PARTICIPE, INFORME])
def test_les_pages_n_en_demandent_pas_plus_pour_une_facon_que_pour_l_autre(client, citoyenne, facon):
    idee = IdeeFabrique(etat="publiee")
    client.force_login(citoyenne)

    def requetes():
        client.get(idee.get_absolute_url())
        with CaptureQueriesContext(connection) as captees:
            client.get(idee.get_absolute_url())
        assert not [q for q in captees if q["sql"].startswith('SELECT "notifications_abonnement"')]
        return len(captees)

    sans = requetes()
    if facon:
        abonner(citoyenne, idee, facon)
    for personne in PersonneFabrique.create_batch(50):
        abonner(personne, idee, INFORME)
    assert requetes() == sans


# --- From a mail -----------------------------------------------------------------------------------------------------

OFFRE = "Ne garder que les grandes étapes"


@pytest.fixture
def lettres(scene):
    """{name: her mail} of a milestone told to its author, to a supporter, and to followers of both ways."""
    abonner(scene.etrangere, scene.idee, INFORME)
    desabonner(scene.soutien, scene.idee)
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    dire()
    return {
        nom: Courriel.objects.get(personne=scene.personnes[nom])
        for nom in ("abonnee", "etrangere", "soutien", "auteur")
    }


def lien_de(courriel):
    return courriel.entetes["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")


def test_seule_qui_participe_se_voit_offrir_les_grandes_etapes(lettres):
    assert {nom: OFFRE in lettre.texte and OFFRE in lettre.html for nom, lettre in lettres.items()} == {
        "abonnee": True,
        "etrangere": False,
        "soutien": False,
        "auteur": False,  # she follows too, and would be told as an author all the same
    }
    assert f"{lien_de(lettres['abonnee'])}#alleger" in lettres["abonnee"].texte
    assert all("@@" not in lettre.texte + lettre.html for lettre in lettres.values())


def test_l_offre_se_dit_dans_la_langue_de_chacune(scene):
    scene.abonnee.langue = "en"
    scene.abonnee.save(update_fields=["langue"])
    franchir(scene.idee.prendre, par=scene.agent, service=scene.service)
    dire()
    with translation.override("en"):
        attendu = translation.gettext("Ne garder que les grandes étapes :")
    assert attendu in Courriel.objects.get(personne=scene.abonnee).texte


def test_depuis_le_courriel_ne_garder_que_les_grandes_etapes_et_se_raviser(client, scene, lettres):
    lien = lien_de(lettres["abonnee"])
    page = client.get(lien).content.decode()
    assert 'id="alleger"' in page and facon_de(scene.abonnee, scene.idee) == PARTICIPE
    for _double_clic in range(2):
        page = client.post(lien, {"quoi": "alleger"}).content.decode()
        assert "vous ne recevrez plus que les grandes étapes" in page
        assert facon_de(scene.abonnee, scene.idee) == INFORME
    assert 'id="alleger"' not in client.get(lien).content.decode()
    client.post(lien, {"quoi": "reprendre"})
    assert facon_de(scene.abonnee, scene.idee) == PARTICIPE


def test_alleger_ce_qu_on_ne_suit_plus_ne_fait_pas_suivre(client, scene, lettres):
    desabonner(scene.abonnee, scene.idee)
    page = client.post(lien_de(lettres["abonnee"]), {"quoi": "alleger"}).content.decode()
    assert "il n’y avait rien à changer" in page
    assert facon_de(scene.abonnee, scene.idee) is None


@pytest.mark.parametrize("fausse", ["", "tout", "<script>"])
def test_arreter_puis_se_raviser_rend_la_facon_d_avant(client, scene, lettres, fausse):
    lien = lien_de(lettres["etrangere"])
    for _double_clic in range(2):
        page = client.post(lien, {"quoi": "chose", "facon": "informe"}).content.decode()
        assert '<input type="hidden" name="facon" value="informe">' in page
    client.post(lien, {"quoi": "reprendre", "facon": "informe"})
    assert facon_de(scene.etrangere, scene.idee) == INFORME
    client.post(lien, {"quoi": "reprendre", "facon": fausse})
    assert facon_de(scene.etrangere, scene.idee) == PARTICIPE


def test_le_courriel_d_une_boite_permet_d_arreter_la_boite(client, scene):
    scenes.publier(scene)
    dire()
    lien = lien_de(Courriel.objects.get(personne=scene.abonnee_boite))
    assert str(scene.idee.boite) in client.get(lien).content.decode()
    client.post(lien, {"quoi": "alleger"})
    assert facon_de(scene.abonnee_boite, scene.idee.boite) == INFORME


def test_autant_de_requetes_pour_une_que_pour_cinquante_de_chaque_facon(scene):
    entree = franchir(scene.idee.prendre, par=scene.agent, service=scene.service)

    def requetes(nombre):
        for numero in range(nombre):
            abonner(PersonneFabrique(), scene.idee, (PARTICIPE, INFORME)[numero % 2])
        Notification.objects.all().delete()
        Courriel.objects.all().delete()
        Relais.objects.get_or_create(entree=entree)
        with CaptureQueriesContext(connection) as captees:
            annonces.annoncer(entree.pk)
        return len(captees)

    requetes(2)
    deux = requetes(0)
    assert requetes(50) == deux
    assert Notification.objects.count() >= 52


def test_une_boite_se_suit_aussi_de_deux_facons(client, citoyenne):
    boite = BoiteFabrique()
    client.force_login(citoyenne)
    client.post(adresse(boite), {"action": "informe"})
    assert facon_de(citoyenne, boite) == INFORME
