"""A survey inside another site's page: who may frame it, no cookie, a key instead of a session, one answer, a receipt."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import composition, depuis_ailleurs, participer
from consultations.cadence import ENVOIS
from consultations.en_bref import en_bref
from consultations.models import Donnee, Participation
from consultations.questionnaire import Genre
from consultations.repondantes import Repondante
from moderation.pieges import SEL
from tests.consultations.fabriques import consultation, de_chaque_genre, fermer, participation, question, une_page
from tests.fabriques import PersonneFabrique

pytestmark = pytest.mark.django_db


def sondage(questionnaire=None, **champs):
    return consultation(
        questionnaire or une_page(question(obligatoire=True)),
        genre="sondage",
        presentation="ensemble",
        profil=False,
        **champs,
    )


def adresse(ouverte) -> str:
    return reverse("consultations:integrer", args=[ouverte.slug])


def champ(page, nom) -> str:
    return re.search(rf'name="{nom}" value="([^"]*)"', page.content.decode())[1]


def jetons(page, *, age=10) -> dict:
    """What the form carries, as if it had been read for a while."""
    with pytest.MonkeyPatch.context() as hier:
        avant = timezone.now().timestamp() - age
        hier.setattr("django.core.signing.time.time", lambda: avant)
        return {"jeton": champ(page, "jeton"), "ouvert": signing.dumps("", salt=SEL)}


def envoyer(client, ouverte, reponses=None, *, carre=None, **autres):
    carre = carre or jetons(client.get(adresse(ouverte)))
    return client.post(adresse(ouverte), carre | (reponses or {"q1": "a"}) | autres, headers={"origin": "null"})


# --- Who may frame what ------------------------------------------------------------------------------------------------


def cadres_admis(reponse) -> str:
    politique = reponse.headers["Content-Security-Policy"]
    return re.search(r"frame-ancestors ([^;]+)", politique)[1]


def test_le_cadre_s_affiche_partout_sans_script_et_rien_d_autre_ne_s_affiche_ailleurs(client):
    ouverte = sondage()
    page = client.get(adresse(ouverte))
    assert cadres_admis(page) == "*" and "X-Frame-Options" not in page.headers
    assert "sandbox allow-forms allow-popups" in page.headers["Content-Security-Policy"]
    assert "script-src 'none'" in page.headers["Content-Security-Policy"] and b"<script" not in page.content
    assert page.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for autre in (
        ouverte.get_absolute_url(),
        f"{ouverte.get_absolute_url()}code/",
        "/",
        "/integrer/nulle-part/",
        "/oembed",
    ):
        refus = client.get(autre)
        assert (cadres_admis(refus), refus.headers["X-Frame-Options"]) == ("'none'", "DENY"), autre


def test_la_ville_nomme_les_sites_qui_l_affichent(client, settings):
    settings.CADRES_ADMIS = ["https://ville.example", "https://quartier.example"]
    for reponse in (client.get(adresse(sondage())), client.get("/integrer/sondages/rien/"), envoyer(client, sondage())):
        assert cadres_admis(reponse) == "https://ville.example https://quartier.example"


# --- No cookie -----------------------------------------------------------------------------------------------------------


def test_aucun_temoin_n_est_lu_ni_pose(citoyenne):
    """Somebody who is signed in answers there as nobody in particular: her account has answered nothing."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(citoyenne)
    avant = dict(client.cookies)
    ouverte = sondage()
    page = client.get(adresse(ouverte))
    merci = envoyer(client, ouverte)
    assert merci.status_code == 200 and not page.cookies and not merci.cookies and dict(client.cookies) == avant
    assert citoyenne.pseudonyme not in page.content.decode() + merci.content.decode()
    faite = Participation.objects.get()
    assert (faite.personne, faite.canal, faite.est_comptee) == (None, "ailleurs", True)


def test_la_page_ne_voit_aucun_temoin(client):
    client.cookies["django_language"] = "en"
    page = client.get(adresse(sondage()))
    assert page.wsgi_request.COOKIES == {} and "HTTP_COOKIE" not in page.wsgi_request.META
    assert "Envoyer ma réponse" in page.content.decode()
    assert client.get("/charte/").wsgi_request.COOKIES == {"django_language": "en"}


def test_une_session_ouverte_ne_change_rien_a_la_page(client, agent):
    """A draft that an agent may read is not shown in the frame that she opens."""
    client.force_login(agent)
    assert client.get(adresse(sondage(etat="brouillon"))).status_code == 404


# --- Answering -----------------------------------------------------------------------------------------------------------


def test_on_repond_on_recoit_un_recu_et_on_retrouve_sa_reponse(client):
    ouverte = sondage()
    merci = envoyer(client, ouverte, {"q1": "b"})
    texte = merci.content.decode()
    mot = re.search(r'id="recu-secret"[^>]*>([^<]+)<', texte)[1]
    faite = Participation.objects.get()
    assert str(faite.numero) in texte and "no-store" in merci.headers["Cache-Control"]
    assert participer.retrouver(faite.numero, mot, reseau="r").pk == faite.pk
    assert Donnee.objects.get().choix == "b"


def test_envoyer_deux_fois_le_meme_formulaire_c_est_repondre_une_fois(client):
    ouverte = sondage()
    carre = jetons(client.get(adresse(ouverte)))
    une, deux = (envoyer(client, ouverte, carre=carre).content.decode() for _ in range(2))
    secrets = {re.search(r'id="recu-secret"[^>]*>([^<]+)<', texte)[1] for texte in (une, deux)}
    faite = Participation.objects.get()
    assert len(secrets) == 1 and faite.corrigee_le is None and Donnee.objects.count() == 1


def test_revenir_et_changer_d_avis_corrige_la_meme_reponse(client):
    ouverte = sondage()
    carre = jetons(client.get(adresse(ouverte)))
    envoyer(client, ouverte, {"q1": "a"}, carre=carre)
    envoyer(client, ouverte, {"q1": "b"}, carre=carre)
    assert Participation.objects.get().corrigee_le and Donnee.objects.get().choix == "b"


def test_quand_la_regle_fige_les_reponses_revenir_ne_change_rien(client):
    ouverte = sondage(est_modifiable=False)
    carre = jetons(client.get(adresse(ouverte)))
    envoyer(client, ouverte, {"q1": "a"}, carre=carre)
    encore = envoyer(client, ouverte, {"q1": "b"}, carre=carre)
    assert encore.status_code == 403 and "ne change plus" in encore.content.decode()
    assert Donnee.objects.get().choix == "a"


def test_apres_un_retrait_le_vieux_formulaire_le_dit(client):
    ouverte = sondage()
    carre = jetons(client.get(adresse(ouverte)))
    envoyer(client, ouverte, carre=carre)
    faite = Participation.objects.get()
    participer.retirer(faite, par=Repondante([faite.pk]))
    encore = envoyer(client, ouverte, carre=carre)
    assert encore.status_code == 409 and "a été retirée" in encore.content.decode()
    assert not Participation.objects.comptees().exists()


def test_ce_qui_manque_est_dit_et_ce_qui_est_tape_reste(client):
    ouverte = sondage(une_page(question(obligatoire=True), question("q2", Genre.TEXTE_COURT)))
    refus = envoyer(client, ouverte, {"q2": "Un banc <b>"})
    texte = refus.content.decode()
    assert refus.status_code == 422 and "Un banc &lt;b&gt;" in texte and 'href="#question-q1"' in texte
    assert not Participation.objects.exists()


def test_une_reponse_vide_n_est_pas_envoyee(client):
    refus = envoyer(client, sondage(une_page(question())), {"q1": ""})
    assert refus.status_code == 422 and "Répondez à une question" in refus.content.decode()


FORMULAIRES_REFUSES = {
    "forge": (lambda carre: carre | {"jeton": "forge"}, "depuis trop longtemps"),
    "piege": (lambda carre: carre | {"site_web": "http://robot.example"}, "Laissez ce champ vide"),
    "trop vite": (lambda carre: carre | {"ouvert": signing.dumps("", salt=SEL)}, "très rapide"),
    "sans heure": (lambda carre: carre | {"ouvert": ""}, "depuis trop longtemps"),
}


@pytest.mark.parametrize("cas", FORMULAIRES_REFUSES)
def test_un_formulaire_douteux_ne_passe_pas(client, cas):
    ouverte = sondage()
    changer, phrase = FORMULAIRES_REFUSES[cas]
    refus = envoyer(client, ouverte, carre=changer(jetons(client.get(adresse(ouverte)))))
    assert refus.status_code == 422 and phrase in refus.content.decode()
    assert 'value="a" id="id_q1_a" checked' in refus.content.decode() and not Participation.objects.exists()


def test_la_cle_d_un_autre_sondage_n_ouvre_pas_celui_ci(client):
    ici, ailleurs = sondage(), sondage()
    refus = envoyer(client, ici, carre=jetons(client.get(adresse(ailleurs))))
    assert refus.status_code == 422 and not Participation.objects.exists()


def test_un_formulaire_laisse_ouvert_un_jour_se_renvoie_avec_sa_nouvelle_cle(client):
    ouverte = sondage()
    ancienne = jetons(client.get(adresse(ouverte)))
    with pytest.MonkeyPatch.context() as demain:
        plus_tard = timezone.now().timestamp() + 25 * 3600
        demain.setattr("django.core.signing.time.time", lambda: plus_tard)
        refus = envoyer(client, ouverte, carre=ancienne)
    assert refus.status_code == 422 and champ(refus, "jeton") != ancienne["jeton"]
    assert envoyer(client, ouverte, carre=jetons(refus)).status_code == 200


def test_un_reseau_ne_repond_pas_sans_fin(client, monkeypatch):
    ouverte = sondage()
    monkeypatch.setattr("consultations.views.repondre.ENVOIS", ENVOIS.__class__("essai", 2, 3600))
    carre = jetons(client.get(adresse(ouverte)))
    assert [envoyer(client, ouverte, carre=carre).status_code for _ in range(3)] == [200, 200, 200]  # one answer
    assert [envoyer(client, ouverte).status_code for _ in range(2)] == [200, 429]
    assert Participation.objects.comptees().count() == 2


@pytest.mark.parametrize("etat", ["programmee", "close", "restituee"])
def test_hors_de_ses_dates_il_n_y_a_pas_de_formulaire_et_rien_n_est_ecrit(client, etat):
    ouverte = sondage()
    carre = jetons(client.get(adresse(ouverte)))
    autre = sondage(etat=etat)
    page = client.get(adresse(autre))
    assert page.status_code == 200 and b"<form" not in page.content
    carre["jeton"] = depuis_ailleurs.promettre(autre)
    assert client.post(adresse(autre), carre | {"q1": "a"}).status_code == 403
    assert not Participation.objects.exists()


def test_fermee_pendant_qu_on_repond(client):
    ouverte = sondage(une_page(question("q1", Genre.TEXTE_LONG)))
    carre = jetons(client.get(adresse(ouverte)))
    fermer(ouverte)
    refus = envoyer(client, ouverte, {"q1": "Un banc à l’ombre."}, carre=carre)
    page = refus.content.decode()
    assert refus.status_code == 403 and "pas enregistrée" in page and "Un banc à l’ombre." in page


@pytest.mark.parametrize("est_modifiable", [True, False])
def test_renvoyer_sans_l_accord_le_retire(client, est_modifiable):
    """Back, one box fewer, sent again: the same words, no longer to be published."""
    ouverte = sondage(une_page(question("q1", Genre.TEXTE_LONG)), est_modifiable=est_modifiable)
    carre = jetons(client.get(adresse(ouverte)))
    envoyer(client, ouverte, {"q1": "Un banc."}, carre=carre, accord_textes="on")
    assert Participation.objects.get().accord_textes
    assert envoyer(client, ouverte, {"q1": "Un banc."}, carre=carre).status_code == 200
    assert not Participation.objects.get().accord_textes and Donnee.objects.get().texte == "Un banc."


def test_le_cadre_ne_melange_pas_deux_echelles(agent):
    def echelle(haut):
        return une_page(question("q1", Genre.ECHELLE, minimum=Decimal(1), maximum=Decimal(haut)))

    ouverte = sondage(echelle(5), agent=agent)
    for _fois in range(10):
        participation(ouverte, {"q1": ["4"]})
    version = composition.preparer(ouverte, par=agent)
    version = composition.retoucher(version, lambda _avant: echelle(10), par=agent)
    composition.publier(version, par=agent, ce_qui_change="Autrement.")
    assert en_bref(ouverte) == []
    for _fois in range(10):
        participation(ouverte, {"q1": ["4"]})
    assert [lu.personnes for lu in en_bref(ouverte)] == [10]


def test_un_questionnaire_entier_ne_s_integre_pas(client):
    assert client.get(adresse(consultation())).status_code == 404


def test_ce_qui_n_existe_pas_est_dit_dans_le_cadre(client):
    page = client.get("/integrer/sondages/nulle-part/")
    assert page.status_code == 404 and cadres_admis(page) == "*" and "n’est plus proposé" in page.content.decode()


@pytest.mark.parametrize("genre", [g for g in Genre if g not in {"section", "explication"}])
def test_chaque_genre_de_question_s_affiche_sans_script(client, genre):
    ouverte = sondage(une_page(next(q for q in de_chaque_genre().questions if q.genre == genre)))
    page = client.get(adresse(ouverte))
    assert page.status_code == 200 and ouverte.version.questionnaire.questions[0].intitule in page.content.decode()


def test_une_page_du_cadre_coute_toujours_autant(client, django_assert_max_num_queries):
    trois = [question(f"q{n}") for n in range(3)]
    grande, petite = sondage(une_page(*trois)), sondage()
    client.get(adresse(petite))
    for ouverte in (petite, grande):
        with django_assert_max_num_queries(4):
            client.get(adresse(ouverte))


@pytest.mark.parametrize("resultats", ["direct", "cloture", "restitution"])
def test_les_resultats_seulement_quand_la_regle_le_dit(client, resultats):
    merci = envoyer(client, sondage(resultats=resultats)).content.decode()
    assert ("Voir les résultats" in merci) == (resultats == "direct")
    assert 'target="_blank" rel="noopener"' in merci


def test_les_resultats_en_bref_dans_le_cadre_a_partir_de_dix_personnes(client, django_assert_num_queries):
    trois = une_page(question(), question("q2", Genre.SENTIMENT), question("q3", Genre.TEXTE_COURT))
    ouverte = sondage(trois, resultats="direct")
    for n in range(8):
        participation(ouverte, {"q1": ["a" if n else "b"], "q2": ["5"]})
    participation(ouverte, {"q2": ["1"]}, envoyee=False)
    avant = envoyer(client, ouverte, {"q1": "a", "q2": "5", "q3": "un mot à moi"}).content.decode()
    assert "personnes ont répondu" not in avant  # nine
    apres = envoyer(client, ouverte, {"q1": "a", "q3": "un autre mot"}).content.decode()
    assert "10 personnes ont répondu" in apres and "Oui : 90 % (9)" in apres and "Non : 10 % (1)" in apres
    assert "Très content·e" not in apres and "un mot à moi" not in apres  # nine said how they feel
    with django_assert_num_queries(3):
        assert [b.nb for b in en_bref(ouverte)[0].barres] == [9, 1]


@pytest.mark.parametrize("etat", ["ouverte", "close"])
def test_aucun_chiffre_avant_l_heure(client, etat):
    ouverte = sondage(resultats="restitution")
    for _ in range(11):
        participation(ouverte)
    page = envoyer(client, ouverte) if etat == "ouverte" else client.get(adresse(fermer(ouverte)))
    assert (
        page.status_code == 200
        and page.context["en_bref"] == []
        and "personnes ont répondu" not in page.content.decode()
    )


# --- The code, and oEmbed --------------------------------------------------------------------------------------------------


def test_le_code_a_copier_est_un_cadre_sans_script_et_avec_un_titre(client):
    ouverte = sondage(titre='Un banc "rouge" & bleu <ici>')
    page = client.get(reverse("consultations:code", args=[ouverte.slug]))
    code = page.context["code"]
    assert code.startswith(
        f'<iframe src="{settings.ADRESSE}{adresse(ouverte)}" title="Sondage : Un banc &quot;rouge&quot;'
    )
    bac = re.search(r'sandbox="([^"]*)"', code)[1].split()
    assert set(bac) == {"allow-forms", "allow-popups", "allow-popups-to-escape-sandbox"}
    assert "&lt;iframe" in page.content.decode() and "<iframe" not in page.content.decode()
    assert client.get(reverse("consultations:code", args=[consultation().slug])).status_code == 404


def oembed(client, ouverte, **demande):
    url = demande.pop("url", None) or f"{settings.ADRESSE}{ouverte.get_absolute_url()}"
    return client.get("/oembed", {"url": url} | demande)


def test_oembed_en_json(client):
    ouverte = sondage()
    lue = oembed(client, ouverte).json()
    assert (lue["version"], lue["type"], lue["title"], lue["width"]) == ("1.0", "rich", ouverte.titre, 360)
    assert adresse(ouverte) in lue["html"] and f'height="{lue["height"]}"' in lue["html"]
    assert oembed(client, ouverte, url=f"{settings.ADRESSE}{adresse(ouverte)}").json() == lue


def test_oembed_en_xml(client):
    ouverte = sondage(titre="Un banc & <deux>")
    reponse = oembed(client, ouverte, format="xml")
    racine = ElementTree.fromstring(reponse.content)  # noqa: S314 (our own answer)
    assert reponse["Content-Type"].startswith("text/xml") and racine.tag == "oembed"
    assert racine.findtext("title") == ouverte.titre and racine.findtext("html").startswith("<iframe ")


def test_la_page_du_sondage_dit_ou_demander(client):
    ouverte = sondage()
    page = client.get(ouverte.get_absolute_url()).content.decode()
    liens = dict(re.findall(r'<link rel="alternate" type="([^"]+oembed)"[^>]*href="([^"]+)"', page))
    assert set(liens) == {"application/json+oembed", "text/xml+oembed"}
    assert f'href="{ouverte.get_absolute_url()}code/"' in page
    for lien in liens.values():
        assert client.get(lien.replace("&amp;", "&").removeprefix(settings.ADRESSE)).status_code == 200
    assert "oembed" not in client.get(consultation().get_absolute_url()).content.decode()


def test_oembed_tient_dans_la_place_qu_on_lui_donne(client):
    lue = oembed(client, sondage(), maxwidth="220", maxheight="300").json()
    assert (lue["width"], lue["height"]) == (220, 300) and 'width="220" height="300"' in lue["html"]
    assert oembed(client, sondage(), maxwidth="2000").json()["width"] == 360
    assert [oembed(client, sondage(), maxwidth=n).status_code for n in ("-1", "0", "abc", "9" * 30)] == [400] * 4


def test_oembed_ne_connait_que_les_sondages_de_ce_site(client, agent):
    client.force_login(agent)
    ouverte = sondage()
    for url in (
        f"https://ailleurs.example{ouverte.get_absolute_url()}",
        f"{settings.ADRESSE}/consultations/nulle-part/",
        f"{settings.ADRESSE}/charte/",
        f"{settings.ADRESSE}{consultation().get_absolute_url()}",
        f"{settings.ADRESSE}{sondage(etat='brouillon').get_absolute_url()}",
        "javascript:alert(1)",
        "http://[",
        " ",
    ):
        assert oembed(client, ouverte, url=url).status_code == 404, url
    assert client.get("/oembed").status_code == 404
    assert oembed(client, ouverte, format="yaml").status_code == 501


def test_oembed_ne_dit_rien_des_reponses(client):
    ouverte = sondage()
    avant = oembed(client, ouverte).content
    envoyer(client, ouverte)
    assert oembed(client, ouverte).content == avant


def test_quelqu_un_qui_a_un_compte_rattache_sa_reponse_ensuite(client):
    ouverte, elle = sondage(), PersonneFabrique()
    envoyer(client, ouverte)
    assert participer.rattacher(Participation.objects.get(), par=elle).personne == elle
