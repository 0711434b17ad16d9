"""Who is told what of a consultation: followers, those who answered, those who did not finish; once, and as they wish."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from consultations import participer
from consultations.horloge import battre
from consultations.models import Consultation
from consultations.rappels import rappeler
from notifications.abonnements import abonner
from notifications.models import Courriel, Genre, Notification, Preference
from portail.tic import PARTIES
from tests.consultations.fabriques import consultation, fermer, participation
from tests.fabriques import EtapeFabrique, PersonneFabrique, ProjetFabrique
from tests.notifications.conftest import dire, taire
from timeline.etapes import franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def gens():
    return {nom: PersonneFabrique(pseudonyme=nom) for nom in ("suit", "a repondu", "a commence", "a retire", "rien")}


def d_un_projet(gens, etat="ouverte", **champs):
    """A consultation of a projet that somebody follows; people have done what their name says."""
    projet = ProjetFabrique(ouvert=True)
    abonner(gens["suit"], projet)
    maintenant = timezone.now()
    etape = EtapeFabrique(
        projet=projet,
        ouvre=["repondre"],
        ouvre_le=maintenant - timedelta(days=30),
        ferme_le=maintenant + timedelta(days=60),
    )
    faite = consultation(etape=etape, etat=etat, **{"titre": "Vos trajets"} | champs)
    if etat == "ouverte":
        participation(faite, personne=gens["a repondu"])
        participation(faite, personne=gens["a commence"], envoyee=False)
        participer.retirer(participation(faite, personne=gens["a retire"]), par=gens["a retire"])
        participation(faite)
    taire()
    return faite


def recus() -> dict[str, list[str]]:
    """{name: subjects}"""
    lus: dict[str, list[str]] = {}
    for courriel in Courriel.objects.select_related("personne").order_by("pk"):
        lus.setdefault(courriel.personne.pseudonyme, []).append(courriel.objet)
    return lus


def cloches() -> list[str]:
    return sorted(Notification.objects.values_list("personne__pseudonyme", flat=True))


def avancer(faite, *, reste: timedelta) -> Consultation:
    """As if only this much of it were left."""
    Consultation.objects.filter(pk=faite.pk).update(
        ferme_le=timezone.now() + reste, ouvre_le=timezone.now() - timedelta(days=20)
    )
    return Consultation.objects.get(pk=faite.pk)


def test_l_ouverture_est_dite_a_celles_qui_suivent_le_projet(gens):
    faite = d_un_projet(gens, "programmee")
    Consultation.objects.filter(pk=faite.pk).update(ouvre_le=timezone.now() - timedelta(minutes=1))
    assert battre()["ouvertes"] == 1
    dire()
    assert recus() == {"suit": ["Vous pouvez répondre : Vos trajets"]} and cloches() == ["suit"]


def test_une_ouverture_dite_trop_tard_ne_l_est_pas(gens):
    faite = d_un_projet(gens, "programmee")
    Consultation.objects.filter(pk=faite.pk).update(
        ouvre_le=timezone.now() - timedelta(days=2), ferme_le=timezone.now() - timedelta(days=1)
    )
    battre()
    dire()
    assert recus() == {} and cloches() == []


def test_deux_jours_avant_la_fin_celles_qui_ont_commence_sont_prevenues_une_fois(gens):
    faite = avancer(d_un_projet(gens), reste=timedelta(hours=47))
    assert [PARTIES["rappels_des_consultations"](), rappeler()] == [1, 0]
    dire()
    assert recus() == {"a commence": ["Votre réponse n’est pas encore envoyée : Vos trajets"]}
    assert cloches() == ["a commence"]
    entree = Entree.objects.get(type="consultations.rappeler")
    assert (
        entree.par_id is None
        and not entree.est_publique
        and "commence" not in str(entree.donnees)
        and faite.titre in entree.phrase
    )


def test_le_rappel_ne_dit_pas_que_quelqu_un_a_commence(gens):
    """Hidden figures: the entry is there when nobody has begun too."""
    avancer(consultation(), reste=timedelta(hours=47))
    taire()
    assert rappeler() == 1
    dire()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("reste", "debut", "attendu"),
    [(timedelta(days=3), 20, 0), (timedelta(days=1), 2, 0), (timedelta(days=1), 20, 1), (timedelta(minutes=-1), 20, 0)],
    ids=["encore loin", "trop courte", "la veille", "finie"],
)
def test_quand_un_rappel_est_du(reste, debut, attendu):
    faite = consultation()
    maintenant = timezone.now()
    Consultation.objects.filter(pk=faite.pk).update(
        ouvre_le=maintenant - timedelta(days=debut), ferme_le=maintenant + reste
    )
    assert rappeler() == attendu


def test_une_fin_repoussee_se_rappelle_de_nouveau(gens):
    avancer(d_un_projet(gens), reste=timedelta(hours=20))
    assert rappeler() == 1
    avancer(Consultation.objects.get(), reste=timedelta(days=9))
    assert rappeler() == 0
    avancer(Consultation.objects.get(), reste=timedelta(hours=45))
    assert [rappeler(), rappeler()] == [1, 0]


def test_qui_a_envoye_entre_temps_n_est_pas_prevenue(gens):
    faite = avancer(d_un_projet(gens), reste=timedelta(hours=47))
    rappeler()
    participer.envoyer(faite.participations.get(personne=gens["a commence"]), par=gens["a commence"])
    dire()
    assert recus() == {}


def test_le_bilan_est_dit_a_celles_qui_ont_repondu_et_a_celles_qui_suivent(gens):
    abonner(gens["a repondu"], d_un_projet(gens).projet)
    fermer(Consultation.objects.get(), restituee=True)
    dire()
    objet = ["Ce que nous retenons de vos réponses : Vos trajets"]
    assert recus() == {"suit": objet, "a repondu": objet} and cloches() == ["a repondu", "suit"]
    textes = {c.personne.pseudonyme: c.texte for c in Courriel.objects.all()}
    assert "vous avez répondu à cette consultation" in textes["a repondu"]
    assert "vous suivez le projet" in textes["suit"] and "Nous retenons le banc." in textes["suit"]
    dire()
    assert Courriel.objects.count() == 2


def test_une_consultation_sans_projet_dit_son_bilan_a_celles_qui_ont_repondu(gens):
    faite = consultation()
    participation(faite, personne=gens["a repondu"])
    taire()
    fermer(faite, restituee=True)
    dire()
    assert list(recus()) == ["a repondu"]


def test_les_preferences_sont_respectees(gens):
    Preference.objects.create(personne=gens["a repondu"], genre=Genre.MES_CONTRIBUTIONS, par_courriel=False)
    Preference.objects.create(personne=gens["suit"], genre=Genre.SUIVI, par_courriel=False)
    fermer(d_un_projet(gens), restituee=True)
    dire()
    assert recus() == {} and cloches() == ["a repondu", "suit"]


def test_chaque_courriel_est_complet_et_ses_deux_formes_disent_la_meme_chose(gens, settings):
    faite = d_un_projet(gens, "programmee", titre="Vos <b>trajets</b> & vous")
    Consultation.objects.filter(pk=faite.pk).update(ouvre_le=timezone.now() - timedelta(minutes=1))
    battre()
    participation(Consultation.objects.get(), personne=gens["a commence"], envoyee=False)
    avancer(faite, reste=timedelta(hours=47))
    rappeler()
    dire()
    fini = fermer(Consultation.objects.get())
    franchir(fini.restituer, par=PersonneFabrique(roles=["agent"]), bilan="Des bancs.\n\nEt de l’ombre, « 3 » & plus.")
    dire()
    assert Courriel.objects.count() == 3
    for courriel in Courriel.objects.all():
        html = " ".join(unescape(strip_tags(courriel.html.split("<main>")[1])).split())
        for ligne in courriel.texte.split("\n-- \n")[0].splitlines():
            propre = ligne.removeprefix("> ").strip()
            assert propre.startswith("http") or propre in html
        assert "Vous recevez ce courriel parce que" in courriel.texte and "<b>" not in courriel.html
        assert re.search(r"\d{1,2} [a-zéû]+ \d{4}", courriel.texte) and "&amp;" not in courriel.texte
        assert f"{settings.ADRESSE}{faite.get_absolute_url()}" in courriel.texte
    assert "Ne plus recevoir de courriels" in courriel.texte


def test_un_compte_ferme_n_entend_plus_rien(gens):
    faite = d_un_projet(gens)
    type(gens["suit"]).objects.update(is_active=False)
    avancer(faite, reste=timedelta(hours=47))
    rappeler()
    fermer(faite, restituee=True)
    dire()
    assert recus() == {}
