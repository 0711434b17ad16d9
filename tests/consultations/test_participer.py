"""Begin, keep, send, correct, take back, attach: what is written each time, and what is refused."""

import uuid
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consultations import composition, participer
from consultations.horloge import battre
from consultations.models import Consultation, Donnee, Participation, Tranche, Version
from consultations.participer import Incomplete, MauvaisSecret
from consultations.questionnaire import Genre
from consultations.repondantes import Repondante
from territoires.models import Territoire
from tests.consultations.fabriques import MOT, avec_saut, consultation, fermer, participation, question, une_page
from tests.fabriques import PersonneFabrique
from timeline.etapes import EtapeImpossible, EtapeInterdite, EtapeInvalide, TropVite, franchir
from timeline.models import Entree, RegistreScelle

pytestmark = pytest.mark.django_db


def donnees(de) -> list[tuple]:
    return list(
        Donnee.objects.filter(participation=de).values_list("question", "choix", "nombre", "texte").order_by("question")
    )


# --- Sending ---------------------------------------------------------------------------------------------------------


def test_ce_qui_est_tape_est_garde_meme_faux_et_rien_n_est_compte():
    ouverte = consultation(avec_saut())
    commencee = participation(ouverte, {"q2": ["douze"]}, envoyee=False)
    commencee.refresh_from_db()
    assert (commencee.brut, commencee.est_envoyee, donnees(commencee)) == ({"q2": ["douze"]}, False, [])


def test_une_page_sautee_n_est_pas_gardee():
    ouverte = consultation(avec_saut())
    faite = participation(ouverte, {"q1": ["b"], "q2": ["7"], "q3": ["Plus d’ombre."]})
    assert donnees(faite) == [("q1", "b", None, ""), ("q3", "", None, "Plus d’ombre.")]


def test_une_reponse_fausse_dit_ou_et_n_ecrit_rien():
    ouverte = consultation(avec_saut())
    with pytest.raises(Incomplete) as tort:
        participation(ouverte, {"q1": ["a"], "q2": ["99"]})
    assert tort.value.page.cle == "p2" and list(tort.value.torts) == ["q2"]
    assert not Donnee.objects.exists() and Participation.objects.get().brut == {"q1": ["a"], "q2": ["99"]}


def test_une_reponse_vide_n_est_pas_une_reponse():
    with pytest.raises(Incomplete):
        participation(consultation(), {})


def test_envoyee_deux_fois_elle_compte_une_fois(citoyenne):
    ouverte = consultation()
    faite = participation(ouverte, personne=citoyenne)
    encore = participer.envoyer(faite, par=citoyenne)
    assert encore.pk == faite.pk and Donnee.objects.count() == 1
    sans_compte = participation(ouverte)
    par = Repondante([sans_compte.pk])
    assert participer.envoyer(sans_compte, par=par, mot=MOT).pk == sans_compte.pk
    with pytest.raises(EtapeImpossible):
        participer.envoyer(sans_compte, par=par, mot="UNAUTRESECRETDEVINEE")


def test_la_question_forcee_d_une_autre_consultation_n_est_pas_gardee():
    ailleurs = consultation(une_page(question("q9", Genre.TEXTE_COURT)))
    ici = consultation()
    faite = participation(ici, {"q1": ["a"], "q9": ["mots glissés"]})
    assert [q for q, *_ in donnees(faite)] == ["q1"] and not ailleurs.participations.exists()


def test_un_numero_ne_dit_pas_combien_de_personnes_ont_repondu():
    ouverte = consultation()
    numeros = [participation(ouverte).numero for _ in range(12)]
    assert min(numeros) >= 10**8 and max(numeros) < 10**9
    assert sorted(numeros) != numeros and max(numeros) - min(numeros) > 10**6


def test_une_personne_repond_une_fois_meme_depuis_deux_onglets(citoyenne):
    ouverte = consultation()
    une = participer.ouvrir(ouverte, par=citoyenne, cle=uuid.uuid4())
    deux = participer.ouvrir(ouverte, par=citoyenne, cle=uuid.uuid4())
    assert une.pk == deux.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(consultation=ouverte, version=ouverte.version, personne=citoyenne, numero=1)


def test_le_formulaire_d_une_autre_ne_s_ouvre_pas(citoyenne, voisin):
    ouverte = consultation()
    cle = uuid.uuid4()
    participer.ouvrir(ouverte, par=citoyenne, cle=cle)
    for intruse in (voisin, Repondante()):
        with pytest.raises(EtapeImpossible):
            participer.ouvrir(ouverte, par=intruse, cle=cle)


# --- Who, and when ---------------------------------------------------------------------------------------------------

ACCUEIL = [
    # May send: rule, somebody without account, account, account of the commune, somebody whom an agent receives
    ("toutes", True, True, True, True),
    ("inscrites", False, True, True, True),
    ("habitantes", False, False, True, True),
]


@pytest.mark.parametrize(("qui", *"abcd"), ACCUEIL, ids=[ligne[0] for ligne in ACCUEIL])
def test_qui_peut_repondre(qui, a, b, c, d, citoyenne):
    commune = Territoire.objects.create(
        genre=Territoire.Genre.COMMUNE, nom="Commune fictive", slug="fictive", code="99001"
    )
    ouverte = consultation(qui=qui, territoire=commune)
    habitante = PersonneFabrique(commune=commune)
    for personne, admise in ((Repondante(), a), (citoyenne, b), (habitante, c), (Repondante(accueillie=True), d)):
        with nullcontext() if admise else pytest.raises(EtapeInterdite):
            commencee = participer.ouvrir(ouverte, par=personne, cle=uuid.uuid4())
            if not personne.is_authenticated:
                personne = Repondante([commencee.pk], accueillie=personne.accueillie)
            participer.garder(commencee, par=personne, page=ouverte.version.questionnaire.pages[0], brut={"q1": ["a"]})
            participer.envoyer(commencee, par=personne, mot=MOT)


@pytest.mark.parametrize("etat", ["brouillon", "programmee", "close", "restituee"])
def test_hors_de_ses_dates_personne_ne_repond(etat, citoyenne, agent):
    fermee = consultation(etat=etat)
    for personne in (Repondante(), citoyenne, agent):
        with pytest.raises(EtapeInterdite):
            participer.ouvrir(fermee, par=personne, cle=uuid.uuid4())


def test_une_reponse_apres_la_fin_est_refusee_et_reste_ecrite(citoyenne):
    """The clock task is late; the date is not."""
    ouverte = consultation()
    commencee = participation(ouverte, personne=citoyenne, envoyee=False)
    Consultation.objects.filter(pk=ouverte.pk).update(ferme_le=timezone.now() - timedelta(seconds=1))
    with pytest.raises(EtapeInterdite):
        participer.envoyer(commencee, par=citoyenne)
    assert Participation.objects.get().brut == {"q1": ["a"]}


def test_personne_ne_touche_a_la_reponse_d_une_autre(citoyenne, voisin, agent, administratrice):
    faite = participation(consultation(), personne=citoyenne)
    page = faite.version.questionnaire.pages[0]
    for intruse in (voisin, agent, administratrice, Repondante(), Repondante([faite.pk])):
        for geste in (
            lambda p: participer.garder(faite, par=p, page=page, brut={"q1": ["b"]}),
            lambda p: participer.retirer(faite, par=p),
            lambda p: participer.abandonner_la_correction(faite, par=p),
        ):
            with pytest.raises(EtapeInterdite):
                geste(intruse)
        assert not Participation.objects.visibles_par(intruse).exists()
    assert donnees(faite) == [("q1", "a", None, "")]


# --- Correct, take back, attach --------------------------------------------------------------------------------------


def test_une_correction_ne_compte_qu_une_fois_envoyee(citoyenne):
    faite = participation(consultation(), personne=citoyenne)
    page = faite.version.questionnaire.pages[0]
    participer.garder(faite, par=citoyenne, page=page, brut={"q1": ["b"]})
    assert donnees(faite) == [("q1", "a", None, "")]
    corrigee = participer.envoyer(faite, par=citoyenne)
    assert donnees(faite) == [("q1", "b", None, "")]
    assert corrigee.corrigee_le is not None and corrigee.envoyee_le == faite.envoyee_le


def test_une_correction_abandonnee_laisse_la_reponse(citoyenne):
    faite = participation(consultation(), personne=citoyenne)
    page = faite.version.questionnaire.pages[0]
    participer.garder(faite, par=citoyenne, page=page, brut={"q1": ["b"]})
    participer.abandonner_la_correction(faite, par=citoyenne)
    assert participer.saisie_de(Participation.objects.get()) == {"q1": ["a"]}


def test_non_modifiable_elle_se_retire_mais_ne_se_change_pas(citoyenne):
    faite = participation(consultation(est_modifiable=False), personne=citoyenne)
    with pytest.raises(EtapeInterdite):
        participer.garder(faite, par=citoyenne, page=faite.version.questionnaire.pages[0], brut={"q1": ["b"]})
    retiree = participer.retirer(faite, par=citoyenne)
    assert retiree.retiree_le and donnees(faite) == []


def test_retiree_rien_n_en_reste_et_l_on_peut_repondre_de_nouveau(citoyenne):
    ouverte = consultation()
    faite = participation(ouverte, personne=citoyenne, profil={"tranche": Tranche.DE_30_A_44}, accord_textes=True)
    retiree = participer.retirer(faite, par=citoyenne)
    assert (retiree.personne, retiree.tranche, retiree.brut, donnees(retiree)) == (None, "", None, [])
    assert participation(ouverte, personne=citoyenne).pk != faite.pk
    assert ouverte.participations.comptees().count() == 1


def test_le_numero_et_le_secret_rouvrent_la_reponse():
    faite = participation(consultation())
    trouvee = participer.retrouver(faite.numero, MOT.lower(), reseau="ici")
    assert trouvee.pk == faite.pk
    for numero, mot in ((faite.numero, "FAUX"), (faite.numero + 1, MOT)):
        with pytest.raises(MauvaisSecret):
            participer.retrouver(numero, mot, reseau="ici")


def test_cinq_essais_puis_une_pause():
    faite = participation(consultation())
    for _essai in range(5):
        with pytest.raises(MauvaisSecret):
            participer.retrouver(faite.numero, "FAUX", reseau=str(_essai))
    with pytest.raises(TropVite):
        participer.retrouver(faite.numero, MOT, reseau="ailleurs")


def test_rattachee_elle_est_au_compte_et_le_secret_meurt(citoyenne):
    faite = participation(consultation())
    participer.rattacher(faite, par=citoyenne)
    assert Participation.objects.visibles_par(citoyenne).get().pk == faite.pk
    with pytest.raises(MauvaisSecret):
        participer.retrouver(faite.numero, MOT, reseau="ici")
    with pytest.raises(EtapeImpossible):
        participer.rattacher(faite, par=citoyenne)


def test_rattachee_elle_remplace_un_brouillon_pas_une_reponse(citoyenne, voisin):
    ouverte = consultation()
    participation(ouverte, personne=citoyenne, envoyee=False)
    participer.rattacher(participation(ouverte), par=citoyenne)
    assert ouverte.participations.filter(personne=citoyenne).count() == 1
    participation(ouverte, personne=voisin)
    with pytest.raises(EtapeImpossible):
        participer.rattacher(participation(ouverte), par=voisin)


def test_l_agent_qui_l_a_saisie_ne_se_l_attribue_pas(agent):
    ouverte = consultation()
    commencee = participer.ouvrir(
        ouverte, par=Repondante(accueillie=True), cle=uuid.uuid4(), canal=Participation.Canal.GUICHET, saisie_par=agent
    )
    par = Repondante([commencee.pk], accueillie=True)
    participer.garder(commencee, par=par, page=ouverte.version.questionnaire.pages[0], brut={"q1": ["a"]})
    faite = participer.envoyer(commencee, par=par, mot=MOT)
    with pytest.raises(EtapeInterdite):
        participer.rattacher(faite, par=agent)


def test_ce_qui_est_commence_sans_compte_suit_la_connexion(citoyenne, voisin):
    ouverte = consultation()
    commencee = participation(ouverte, envoyee=False)
    participer.attribuer_les_brouillons([commencee.pk], par=citoyenne)
    participer.attribuer_les_brouillons([commencee.pk], par=voisin)
    assert Participation.objects.get().personne == citoyenne


def test_les_abandons_sont_oublies_au_bout_d_une_semaine(citoyenne):
    ouverte = consultation()
    vieille = participation(ouverte, envoyee=False)
    sienne, envoyee = participation(ouverte, personne=citoyenne, envoyee=False), participation(ouverte)
    Participation.objects.update(ecrite_le=timezone.now() - participer.GARDE - timedelta(hours=1))
    assert battre()["abandons_oublies"] == 1
    assert set(Participation.objects.values_list("pk", flat=True)) == {sienne.pk, envoyee.pk} and vieille.pk


def test_un_compte_qui_se_ferme_laisse_ce_qu_il_a_envoye_sans_nom(citoyenne, voisin):
    ouverte = consultation()
    faite = participation(ouverte, personne=citoyenne)
    page = faite.version.questionnaire.pages[0]
    participer.garder(faite, par=citoyenne, page=page, brut={"q1": ["b"]})
    participer.oublier_de(citoyenne)
    faite.refresh_from_db()
    assert faite.personne is None and faite.est_comptee
    # The correction that she had begun goes with her: what counts is what she sent.
    assert faite.brut is None and faite.donnees.get().choix == "a"


def test_deux_debuts_de_la_meme_personne_n_en_font_qu_un(citoyenne):
    """Her session ended while she was writing: she went on without it, then signed in again."""
    ouverte = consultation(une_page(question("q1"), question("q2", Genre.TEXTE_COURT)))
    participation(ouverte, {"q1": ["a"], "q2": ["avant"]}, personne=citoyenne, envoyee=False)
    depuis = participation(ouverte, {"q2": ["après"]}, envoyee=False)
    participer.attribuer_les_brouillons([depuis.pk], par=citoyenne)
    assert Participation.objects.get().brut == {"q1": ["a"], "q2": ["après"]}


# --- Versions --------------------------------------------------------------------------------------------------------


def nouvelle_version(ouverte, agent, questionnaire, **publication) -> Version:
    version = composition.preparer(ouverte, par=agent)
    composition.retoucher(version, lambda _avant: questionnaire, par=agent)
    return composition.publier(version, par=agent, **publication)


def test_avant_la_premiere_reponse_la_version_est_remplacee(agent):
    ouverte = consultation(agent=agent)
    nouvelle_version(ouverte, agent, une_page(question("q2")))
    assert [(v.numero, v.est_figee) for v in ouverte.versions.all()] == [(1, False)]
    assert ouverte.version.questionnaire.questions[0].cle == "q2"


def test_des_la_premiere_reponse_elle_est_figee_et_suivie_d_une_autre(agent):
    ouverte = consultation(agent=agent)
    participation(ouverte, envoyee=False)
    with pytest.raises(EtapeInvalide, match="ce qui change"):
        nouvelle_version(ouverte, agent, une_page(question("q2")))
    nouvelle_version(ouverte, agent, une_page(question("q3")), ce_qui_change="Une autre question.")
    assert [(v.numero, v.est_figee) for v in ouverte.versions.all()] == [(2, False), (1, True)]
    assert Entree.objects.get(type="consultations.version.publier").donnees["ce_qui_change"] == "Une autre question."


def test_une_version_figee_ne_change_par_aucun_chemin(agent):
    ouverte = consultation(agent=agent)
    participation(ouverte)
    version = ouverte.version
    with pytest.raises(EtapeImpossible):
        composition.retoucher(version, lambda q: q, par=agent)
    version.contenu = {}
    with pytest.raises(RegistreScelle):
        version.save()
    for ordre in ("UPDATE consultations_version SET contenu = '{}'", "DELETE FROM consultations_version"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(ordre)


def test_un_brouillon_passe_a_la_nouvelle_version_avec_ce_qui_est_tape(citoyenne, agent):
    ouverte = consultation(agent=agent)
    commencee = participation(ouverte, personne=citoyenne, envoyee=False)
    suivante = une_page(question("q1"), question("q2", Genre.TEXTE_COURT))
    nouvelle_version(ouverte, agent, suivante, ce_qui_change="Une question de plus.")
    page = ouverte.version.questionnaire.pages[0]
    participer.garder(commencee, par=citoyenne, page=page, brut={"q1": ["a"], "q2": ["mots"]})
    faite = participer.envoyer(commencee, par=citoyenne)
    assert faite.version.numero == 2 and len(donnees(faite)) == 2


def test_deux_agents_a_la_fois_le_second_est_prevenu(agent):
    version = composition.preparer(consultation(etat="brouillon", agent=agent), par=agent)
    composition.retoucher(version, lambda q: q, par=agent, redaction=version.redaction)
    with pytest.raises(EtapeImpossible, match="collègue"):
        composition.retoucher(version, lambda q: q, par=agent, redaction=version.redaction)


def test_un_questionnaire_faux_ne_s_annonce_pas(agent):
    brouillon = consultation(une_page(question(choix=())), etat="brouillon", agent=agent)
    with pytest.raises(EtapeInvalide, match="pas assez de choix"):
        franchir(brouillon.programmer, par=agent)


def test_une_copie_garde_les_regles_et_les_questions(agent):
    d_avant = consultation(avec_saut(), agent=agent, qui="inscrites", resultats="restitution")
    participation(d_avant, {"q1": ["b"]}, personne=agent)
    copie = composition.dupliquer(d_avant, par=agent)
    assert (copie.etat, copie.qui, copie.resultats, copie.slug) == (
        "brouillon",
        "inscrites",
        "restitution",
        "copie-de-consultation-fictive",
    )
    assert copie.versions.get().questionnaire == avec_saut() and not copie.participations.exists()


@pytest.mark.parametrize(
    ("valeurs", "mots"),
    [
        ({"titre": "Autre"}, "ne change plus"),
        ({"qui": "inscrites"}, "ne change plus"),
        ({"ferme_le": -1}, "pas plus tôt"),
    ],
)
def test_annoncee_ses_regles_tiennent(valeurs, mots, agent):
    ouverte = consultation(agent=agent)
    if "ferme_le" in valeurs:
        valeurs = {"ferme_le": ouverte.ferme_le - timedelta(days=1)}
    with pytest.raises(EtapeInvalide, match=mots):
        composition.regler(ouverte, par=agent, valeurs=valeurs)


def test_sa_fin_peut_etre_plus_tard_devant_tout_le_monde(agent):
    ouverte = consultation(agent=agent)
    plus_tard = ouverte.ferme_le + timedelta(days=3)
    assert composition.regler(ouverte, par=agent, valeurs={"ferme_le": plus_tard}) == ["ferme_le"]
    entree = Entree.objects.get(type="consultations.regler")
    assert entree.est_publique and entree.donnees["ferme_le"]["apres"] == plus_tard.isoformat()


def test_une_fin_passee_ne_se_repousse_plus_meme_avant_l_horloge(agent):
    """Between its end and the next beat nobody can answer any more, and nobody makes it begin again."""
    ouverte = consultation(agent=agent)
    Consultation.objects.filter(pk=ouverte.pk).update(ferme_le=timezone.now() - timedelta(seconds=1))
    plus_tard = timezone.now() + timedelta(days=3)
    with pytest.raises(EtapeInvalide, match="ne se rouvre pas"):
        composition.regler(ouverte, par=agent, valeurs={"ferme_le": plus_tard})


# --- The clock -------------------------------------------------------------------------------------------------------


def test_l_horloge_ouvre_puis_ferme_une_seule_fois(agent):
    prevue = consultation(etat="programmee", agent=agent)
    assert battre()["ouvertes"] == 0
    Consultation.objects.filter(pk=prevue.pk).update(ouvre_le=timezone.now() - timedelta(seconds=1))
    assert [battre()["ouvertes"], battre()["ouvertes"]] == [1, 0]
    Consultation.objects.filter(pk=prevue.pk).update(ferme_le=timezone.now() - timedelta(milliseconds=1))
    assert [battre()["closes"], battre()["closes"]] == [1, 0]
    assert list(Entree.objects.order_by("pk").values_list("type", flat=True))[-2:] == [
        "consultations.ouvrir",
        "consultations.clore",
    ]


@pytest.mark.parametrize(
    ("resultats", "visibles"),
    [
        ("direct", {"ouverte", "close", "restituee"}),
        ("cloture", {"close", "restituee"}),
        ("restitution", {"restituee"}),
    ],
)
def test_quand_les_resultats_se_voient(resultats, visibles):
    etats = ("brouillon", "programmee", "ouverte", "close", "restituee")
    assert {etat for etat in etats if consultation(etat=etat, resultats=resultats).resultats_visibles} == visibles


def test_un_bilan_publie_ne_se_recrit_pas(agent):
    finie = fermer(consultation(agent=agent), agent=agent, restituee=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=finie.pk).update(restitution="Autre chose.")
