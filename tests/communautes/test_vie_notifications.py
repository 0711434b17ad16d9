"""Who is told what of a community, in which mail; nothing of a closed inside leaves to somebody who is not in."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communautes import actions
from communautes.horloge import AVANT_LE_SOMMEIL, SILENCE, battre, endormir, noter_la_vie, prevenir
from communautes.models import Adhesion, Communaute
from notifications.abonnements import abonner
from notifications.models import Abonnement, Courriel, Genre, Notification, Preference
from tests.communautes.fabriques import adherer, animatrice_de, fonder, ouvrir, referente_de
from tests.fabriques import PersonneFabrique, ProjetFabrique
from tests.notifications.conftest import dire, taire
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db
A, E = Communaute.Acces, Adhesion.Etat


@pytest.fixture
def scene():
    """A closed community that nobody else knows of, and one that asks; people of the house who are in neither."""
    return {
        "agent": PersonneFabrique(pseudonyme="Alix Agent", roles=["agent"]),
        "mediatrice": PersonneFabrique(pseudonyme="Méline Médiatrice", roles=["mediatrice"]),
        "moderatrice": PersonneFabrique(pseudonyme="Nadia", roles=["moderatrice"]),
        "hote": PersonneFabrique(pseudonyme="Hôte"),
        "elle": PersonneFabrique(pseudonyme="Elle"),
        "membre": PersonneFabrique(pseudonyme="Membre"),
    }


def ouverte(scene, acces, **dits) -> Communaute:
    communaute = ouvrir(
        acces, par=scene["hote"], referente=PersonneFabrique(pseudonyme="Réf", roles=["agent"]), nom="Nos rues", **dits
    )
    adherer(communaute, scene["membre"])
    taire()
    return communaute


def place(communaute, personne) -> Adhesion:
    return communaute.adhesions.select_related("communaute").get(personne=personne)


def recus() -> dict[str, list[str]]:
    lus: dict[str, list[str]] = {}
    for courriel in Courriel.objects.select_related("personne").order_by("pk"):
        lus.setdefault(courriel.personne.pseudonyme, []).append(courriel.objet)
    return lus


def du(personne) -> Courriel:
    return Courriel.objects.get(personne=personne)


@pytest.mark.parametrize("acces", A.values[:3])
def test_proposee_a_l_equipe_puis_ouverte(scene, acces):
    communaute = fonder(acces, par=scene["hote"], nom="Nos rues")
    dire()
    assert recus() == {"Alix Agent": ["Une communauté est proposée : Nos rues"]}
    assert "Une communauté inventée pour les essais." in du(scene["agent"]).texte
    taire()
    franchir(communaute.ouvrir, par=scene["agent"], referente=scene["agent"])
    dire()
    assert recus() == {"Hôte": ["Votre communauté est ouverte : Nos rues"]}


@pytest.mark.parametrize("acces", A.values[:3])
def test_non_ouverte_avec_sa_raison_meme_a_qui_ne_veut_rien(client, scene, acces):
    communaute = fonder(acces, par=scene["hote"], nom="Nos rues")
    taire()
    Preference.objects.create(personne=scene["hote"], genre=Genre.MES_CONTRIBUTIONS, par_courriel=False)
    franchir(communaute.refuser, par=scene["agent"], motif="Elle existe déjà.")
    dire()
    assert recus() == {"Hôte": ["Votre communauté n’est pas ouverte : Nos rues"]}
    assert "> Elle existe déjà." in du(scene["hote"]).texte
    assert Notification.objects.de(scene["hote"]).count() == 1
    client.force_login(scene["hote"])
    assert "Elle existe déjà." in client.get(communaute.get_absolute_url()).content.decode()


def test_une_referente_qui_n_ouvre_pas_elle_meme_est_prevenue(scene):
    communaute = fonder(par=scene["hote"], nom="Nos rues")
    autre = PersonneFabrique(pseudonyme="Autre", roles=["agent"])
    taire()
    franchir(communaute.ouvrir, par=scene["agent"], referente=autre)
    dire()
    assert recus()["Autre"] == ["Vous répondez d’une communauté : Nos rues"]


def test_une_demande_a_l_animation_puis_sa_reponse(scene):
    communaute = ouverte(scene, A.SUR_DEMANDE)
    actions.rejoindre(communaute, par=scene["elle"], message="Je prends le bus.")
    dire()
    demande = ["Une demande d’entrée : Nos rues"]
    assert recus() == {"Hôte": demande, "Réf": demande}
    assert "> Je prends le bus." in du(scene["hote"]).texte and "/membres/" in du(scene["hote"]).texte
    taire()
    franchir(place(communaute, scene["elle"]).refuser, par=scene["hote"], motif="Le groupe est complet.")
    dire()
    assert recus() == {"Elle": ["Votre demande est refusée : Nos rues"]}
    assert "> Le groupe est complet." in du(scene["elle"]).texte
    taire()
    franchir(place(communaute, scene["elle"]).redemander, par=scene["elle"])
    franchir(place(communaute, scene["elle"]).accueillir, par=scene["hote"])
    dire()
    assert recus() == {"Elle": ["Vous êtes membre : Nos rues"]}, "the request was answered before it was told"


def test_une_demande_reprise_n_ecrit_qu_une_fois_par_jour_a_l_animation(scene):
    """Withdrawn or refused, she may ask again at once; those who lead have one mail a day about her, and the bell."""
    communaute = ouverte(scene, A.SUR_DEMANDE)
    depart = timezone.now().replace(hour=8, minute=0)
    with time_machine.travel(depart, tick=False):
        for tour in range(6):
            actions.rejoindre(communaute, par=scene["elle"])
            dire()
            place_d_elle = place(communaute, scene["elle"])
            if tour % 2:
                franchir(place_d_elle.refuser, par=scene["hote"], motif="Le groupe est complet.")
            else:
                franchir(place_d_elle.renoncer, par=scene["elle"])
        actions.rejoindre(communaute, par=PersonneFabrique(pseudonyme="Une autre"))
        dire()
        objet = "Une demande d’entrée : Nos rues"
        assert {qui: recus()[qui] for qui in ("Hôte", "Réf")} == {"Hôte": [objet] * 2, "Réf": [objet] * 2}
        assert Notification.objects.filter(personne=scene["hote"]).count() == 7
        assert actions.rejoindre(communaute, par=scene["elle"]).etat == E.DEMANDEE
        franchir(place(communaute, scene["elle"]).renoncer, par=scene["elle"])
        taire()
    with time_machine.travel(depart + timedelta(days=1), tick=False):
        actions.rejoindre(communaute, par=scene["elle"])
        dire()
        assert recus() == {"Hôte": [objet], "Réf": [objet]}


def test_une_invitation_n_est_dite_qu_a_elle(scene):
    communaute = ouverte(scene, A.SUR_INVITATION)
    actions.inviter(communaute, par=scene["hote"], pseudonyme="Elle")
    dire()
    assert recus() == {"Elle": ["Vous êtes invité·e : Nos rues"]}
    assert "Hôte vous invite" in du(scene["elle"]).texte
    assert Notification.objects.de(scene["elle"]).count() == 1


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_DEMANDE, A.SUR_INVITATION])
def test_une_exclusion_part_toujours_avec_le_chemin_de_l_appel(client, scene, acces):
    communaute = ouverte(scene, acces)
    Preference.objects.create(personne=scene["membre"], genre=Genre.MES_CONTRIBUTIONS, par_courriel=False)
    franchir(place(communaute, scene["membre"]).exclure, par=scene["hote"], motif="A crié.")
    dire()
    assert recus() == {"Membre": ["Vous êtes exclu·e d’une communauté : Nos rues"]}
    appel = reverse("communautes:faire_appel", args=[communaute.slug])
    assert appel in du(scene["membre"]).texte and "> A crié." in du(scene["membre"]).texte
    client.force_login(scene["membre"])
    assert client.get(appel).status_code == 200


def test_un_appel_a_celles_qui_decident_puis_sa_reponse(scene):
    communaute = ouverte(scene, A.SUR_INVITATION)
    franchir(place(communaute, scene["membre"]).exclure, par=scene["hote"], motif="A crié.")
    taire()
    appel = actions.faire_appel(place(communaute, scene["membre"]), par=scene["membre"], texte="Ce n’était pas moi.")
    dire()
    objet = ["Un appel à examiner : Nos rues"]
    assert recus() == {"Alix Agent": objet, "Méline Médiatrice": objet}, "not to the référent·e, who leads there"
    assert "Ce n’était pas moi." not in du(scene["mediatrice"]).texte
    taire()
    franchir(appel.rejeter, par=scene["mediatrice"], reponse="Plusieurs l’ont entendu.")
    dire()
    anime = ["Un appel est examiné : Nos rues"]
    assert recus() == {"Membre": ["Réponse à votre appel : Nos rues"], "Hôte": anime, "Réf": anime}
    assert "rejeté" in du(scene["membre"]).texte and "> Plusieurs l’ont entendu." in du(scene["hote"]).texte


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_INVITATION])
def test_sommeil_reveil_et_fermeture_aux_membres(scene, acces):
    communaute = ouverte(scene, acces)
    adherer(communaute, scene["elle"], etat=E.QUITTEE)
    taire()
    for pas, objet, dits in (
        ("endormir", "Une communauté est en sommeil : Nos rues", {}),
        ("reveiller", "Une communauté se réveille : Nos rues", {}),
        ("clore", "Une communauté est fermée : Nos rues", {"motif": "Le projet est fini."}),
    ):
        franchir(getattr(communaute, pas), par=referente_de(communaute), **dits)
        dire()
        assert recus() == {"Hôte": [objet], "Membre": [objet]}, "the actor hears nothing of her own act"
        taire()


ETAPES = {
    "endormir": "Une communauté est en sommeil : Nos rues",
    "reveiller": "Une communauté se réveille : Nos rues",
    "clore": "Une communauté est fermée : Nos rues",
}


def la_vie_de(communaute) -> dict[str, dict]:
    """{step: who receives what}, from its sleep to its end."""
    dits = {}
    for pas in ETAPES:
        arguments = {"motif": "Le projet est fini."} if pas == "clore" else {}
        franchir(getattr(communaute, pas), par=referente_de(communaute), **arguments)
        dire()
        dits[pas] = recus()
        assert set(Notification.objects.values_list("personne__pseudonyme", flat=True)) == dits[pas].keys()
        taire()
    return dits


@pytest.mark.parametrize("facon", Abonnement.Facon.values)
@pytest.mark.parametrize(
    ("acces", "dite"), [(A.PUBLIQUE, True), (A.SUR_DEMANDE, True), (A.SUR_INVITATION, False)]
)  # fmt: skip
def test_qui_la_suit_du_dehors_entend_ses_grandes_etapes_tant_qu_elle_lit_sa_page(scene, facon, acces, dite):
    """Followed while everybody could find it, and perhaps no longer since."""
    communaute = ouverte(scene, A.PUBLIQUE)
    for nom in ("elle", "membre"):
        abonner(scene[nom], communaute, facon)
    Communaute.objects.filter(pk=communaute.pk).update(acces=acces)
    communaute.refresh_from_db()
    for pas, lus in la_vie_de(communaute).items():
        objet = [ETAPES[pas]]
        assert lus == {"Hôte": objet, "Membre": objet} | ({"Elle": objet} if dite else {})


@pytest.mark.parametrize("cachee", ["la page", "le projet"])
def test_qui_la_suit_du_dehors_n_entend_rien_d_une_page_qu_on_lui_cache(scene, cachee):
    communaute = ouverte(scene, A.PUBLIQUE, projet=ProjetFabrique(annonce=cachee != "le projet"))
    abonner(scene["elle"], communaute)
    if cachee == "la page":
        Communaute.objects.filter(pk=communaute.pk).update(masquee_le=timezone.now(), masquee_motif="injure")
        communaute.refresh_from_db()
    assert all("Elle" not in lus for lus in la_vie_de(communaute).values())


def test_son_courriel_dit_la_raison_et_permet_de_ne_plus_suivre(scene):
    communaute = ouverte(scene, A.PUBLIQUE)
    abonner(scene["elle"], communaute)
    franchir(communaute.clore, par=referente_de(communaute), motif="Le projet est fini.")
    dire()
    courriel = du(scene["elle"])
    assert "> Le projet est fini." in courriel.texte and "vous suivez cette communauté" in courriel.texte
    assert "vous suivez cette communauté" not in du(scene["membre"]).texte, "she is told as a member"


@pytest.mark.parametrize(("acces", "dite"), [(A.PUBLIQUE, True), (A.SUR_DEMANDE, True), (A.SUR_INVITATION, False)])
def test_son_ouverture_a_qui_suivait_sa_proposition(scene, acces, dite):
    communaute = fonder(acces, par=scene["hote"], nom="Nos rues")
    autre = PersonneFabrique(pseudonyme="Autre", roles=["agent"])
    for personne in (scene["agent"], autre):
        abonner(personne, communaute, Abonnement.Facon.INFORME)
    taire()
    franchir(communaute.ouvrir, par=PersonneFabrique(roles=["agent"]), referente=autre)
    dire()
    assert recus() == {
        "Hôte": ["Votre communauté est ouverte : Nos rues"],
        "Autre": ["Vous répondez d’une communauté : Nos rues"],
    } | ({"Alix Agent": ["Une communauté s’ouvre : Nos rues"]} if dite else {})


def test_ce_que_la_moderation_masque_ne_se_dit_pas(scene):
    communaute = ouverte(scene, A.PUBLIQUE)
    Communaute.objects.filter(pk=communaute.pk).update(masquee_le=timezone.now(), masquee_motif="injure")
    communaute.refresh_from_db()
    franchir(communaute.endormir, par=referente_de(communaute))
    dire()
    assert all("Nos rues" not in c.objet + c.texte + c.html for c in Courriel.objects.all())


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_chaque_courriel_s_ecrit_dans_chaque_langue(scene, langue):
    for personne in scene.values():
        personne.langue = langue
        personne.save(update_fields=["langue"])
    communaute = ouverte(scene, A.SUR_DEMANDE)
    actions.rejoindre(communaute, par=scene["elle"])
    dire()
    assert Courriel.objects.filter(personne=scene["hote"]).count() == 1


# --- The clock ---------------------------------------------------------------------------------------------------------------


def apres(jours):
    return time_machine.travel(timezone.now() + timedelta(days=jours), tick=False)


@pytest.mark.parametrize("acces", [A.PUBLIQUE, A.SUR_INVITATION])
def test_une_communaute_silencieuse_est_prevenue_puis_s_endort(scene, acces):
    communaute = ouverte(scene, acces)
    noter_la_vie()
    silence, avant = SILENCE.days, AVANT_LE_SOMMEIL.days
    with apres(silence - avant - 1):
        assert battre() == {"actives": 0, "prevenues": 0, "endormies": 0}
    with apres(silence - avant + 2):
        assert battre() == {"actives": 0, "prevenues": 1, "endormies": 0}
        assert battre()["prevenues"] == 0, "told once"
        dire()
        assert recus() == {nom: ["Votre communauté va se mettre en sommeil : Nos rues"] for nom in ("Hôte", "Réf")}
    with apres(silence - 1):
        assert battre()["endormies"] == 0
    with apres(silence + 1):
        assert battre()["endormies"] == 0, "thirty days after the warning, not before"
    with apres(silence + 3):
        assert battre() == {"actives": 0, "prevenues": 0, "endormies": 1}
        assert battre()["endormies"] == 0
    communaute.refresh_from_db()
    assert communaute.etat == "en_sommeil"


def test_ce_qui_s_y_passe_la_tient_eveillee(scene):
    communaute = ouverte(scene, A.SUR_DEMANDE)
    with apres(SILENCE.days - 10):
        battre()
        actions.rejoindre(communaute, par=scene["elle"])
        assert battre()["actives"] == 1
        communaute.refresh_from_db()
        assert communaute.active_le == Entree.objects.filter(communaute=communaute).latest("pk").le
        assert battre()["actives"] == 0
    with apres(SILENCE.days + 5):
        assert battre()["endormies"] == 0


def test_apres_un_long_arret_on_previent_d_abord(scene):
    communaute = ouverte(scene, A.PUBLIQUE)
    with apres(400):
        assert battre()["prevenues"] == 1 and endormir() == 0
    with apres(400 + AVANT_LE_SOMMEIL.days + 1):
        assert endormir() == 1
    with apres(460):
        communaute.refresh_from_db()
        franchir(communaute.reveiller, par=animatrice_de(communaute))
        assert battre() == {"actives": 0, "prevenues": 0, "endormies": 0}


def test_une_communaute_close_ou_proposee_ne_s_endort_pas(scene):
    fonder(par=scene["hote"])
    communaute = ouverte(scene, A.PUBLIQUE)
    franchir(communaute.clore, par=referente_de(communaute), motif="Fini.")
    with apres(500):
        assert prevenir() == 0 and endormir() == 0
