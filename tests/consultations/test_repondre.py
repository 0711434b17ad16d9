"""Answering on the site, without JavaScript: every kind of question, every button, every person, every refusal."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from consultations import participer
from consultations.models import Consultation, Donnee, Participation, Piece
from consultations.questionnaire import Genre
from consultations.repondantes import Repondante
from socle.cadence import Limite
from tests.consultations.fabriques import (
    MOT,
    avec_saut,
    commune,
    consultation,
    de_chaque_genre,
    fermer,
    participation,
    question,
    une_page,
)
from tests.requetes import liste_au_cout_constant, requetes

pytestmark = pytest.mark.django_db


def repondre(client, ouverte, page="p1", geste="suivant", suivre=False, **champs):
    adresse = reverse("consultations:repondre", args=[ouverte.slug])
    donnees = {"page": page, "geste": geste, "cle": champs.pop("cle", str(uuid.uuid4()))} | champs
    return client.post(adresse, donnees, follow=suivre)


def vieillir():
    """As if the person had taken her time."""
    Participation.objects.update(cree_le=timezone.now() - timedelta(minutes=2))


def envoyer(client, ouverte, **champs):
    adresse = reverse("consultations:relire", args=[ouverte.slug])
    page = client.get(adresse).content.decode()
    caches = dict(re.findall(r'name="(jeton|ouvert)" value="([^"]*)"', page))
    vieillir()
    return client.post(adresse, caches | champs)


def test_trois_pages_avec_un_saut_puis_le_recu(client):
    ouverte = consultation(avec_saut())
    assert repondre(client, ouverte, q1="b").url.endswith("?page=p3")
    assert repondre(client, ouverte, page="p3", q3="Plus d’ombre.").url.endswith("/relire/")
    recu = envoyer(client, ouverte)
    assert recu.status_code == 200 and recu["Cache-Control"] == "no-store, private"
    faite = Participation.objects.get()
    assert str(faite.numero) in recu.content.decode() and faite.est_comptee
    assert set(Donnee.objects.values_list("question", flat=True)) == {"q1", "q3"}


def test_revenir_garde_ce_qui_est_tape(client):
    ouverte = consultation(avec_saut())
    repondre(client, ouverte, q1="a")
    assert repondre(client, ouverte, page="p2", geste="precedent", q2="douze").url.endswith("?page=p1")
    assert (
        'value="douze"'
        in client.get(reverse("consultations:repondre", args=[ouverte.slug]) + "?page=p2").content.decode()
    )


def test_une_faute_se_lit_a_cote_de_la_question_et_rien_n_est_perdu(client):
    ouverte = consultation(avec_saut())
    repondre(client, ouverte, q1="a")
    reponse = repondre(client, ouverte, page="p2", q2="99")
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert page.count("Écrivez un nombre entre") == 2  # in the summary, and beside the question
    assert 'value="99"' in page and 'aria-invalid="true"' in page and 'href="#question-q2"' in page


@pytest.mark.parametrize(
    "genre", [Genre.UNIQUE, Genre.MULTIPLE, Genre.ECHELLE, Genre.SENTIMENT, Genre.MATRICE, Genre.CLASSEMENT]
)
def test_chaque_bouton_d_un_groupe_sait_que_sa_reponse_ne_va_pas(client, genre):
    ouverte = consultation(une_page(question("q1", genre, obligatoire=True)))
    saine = client.get(reverse("consultations:repondre", args=[ouverte.slug])).content.decode()
    page = repondre(client, ouverte).content.decode()
    champs = re.findall(r'<(?:input|select)[^>]* name="(?:c\.)?q1[^"]*"[^>]*>', page)
    boutons = [champ for champ in champs if 'type="text"' not in champ]
    assert len(boutons) > 1 and all('aria-invalid="true"' in bouton for bouton in boutons)
    assert re.search(r'<fieldset class="question__groupe" aria-describedby="[^"]*q1-tort"', page)
    assert "aria-invalid" not in saine


def test_chaque_genre_s_affiche_et_se_relit(client):
    ouverte = consultation(de_chaque_genre())
    page = client.get(reverse("consultations:repondre", args=[ouverte.slug])).content.decode()
    for q in de_chaque_genre().questions:
        assert q.intitule in page
    assert repondre(client, ouverte, q0="a", q6="3", q8="mots").status_code == 302
    relue = client.get(reverse("consultations:relire", args=[ouverte.slug])).content.decode()
    assert "Oui" in relue and "mots" in relue


def test_tout_sur_une_page(client):
    ouverte = consultation(avec_saut(), presentation="ensemble")
    page = client.get(reverse("consultations:repondre", args=[ouverte.slug])).content.decode()
    assert "Si vous répondez « Non »" in page
    assert repondre(client, ouverte, q1="b", q3="mots").url.endswith("/relire/")


def test_l_enregistrement_au_fil_de_l_eau_repond_en_json(client):
    ouverte = consultation()
    adresse = reverse("consultations:repondre", args=[ouverte.slug])
    cle = str(uuid.uuid4())
    dit = client.post(adresse, {"page": "p1", "cle": cle, "q1": "a"}, headers={"accept": "application/json"})
    assert dit.status_code == 200 and dit.json()["cle"] == cle
    assert Participation.objects.get().brut == {"q1": ["a"]}


def test_la_session_finie_au_milieu_rien_n_est_perdu(client, citoyenne):
    ouverte = consultation(avec_saut(), qui="inscrites")
    client.force_login(citoyenne)
    repondre(client, ouverte, q1="a")
    cle = str(Participation.objects.get().cle)
    client.logout()
    repondre(client, ouverte, page="p2", q2="7", cle=cle)
    relire = client.get(reverse("consultations:relire", args=[ouverte.slug])).content.decode()
    assert "Dites qui vous êtes pour envoyer" in relire
    client.force_login(citoyenne)
    client.get(reverse("consultations:repondre", args=[ouverte.slug]))
    assert Participation.objects.get().brut == {"q1": ["a"], "q2": ["7"]}


def test_sans_compte_le_numero_et_le_secret_ramenent_a_la_reponse(client):
    faite = participation(consultation())
    adresse = reverse("consultations:retrouver")
    assert client.get(reverse("consultations:participation", args=[faite.numero])).status_code == 404
    assert client.post(adresse, {"numero": faite.numero, "mot": "FAUX"}).status_code == 422
    entree = client.post(adresse, {"numero": f"{faite.numero:,}".replace(",", " "), "mot": MOT.lower()})
    assert entree.url == reverse("consultations:participation", args=[faite.numero])
    assert "Oui" in client.get(entree.url).content.decode()


def test_corriger_puis_retirer_sans_compte(client):
    ouverte = consultation()
    repondre(client, ouverte, q1="a")
    envoyer(client, ouverte)
    faite = Participation.objects.get()
    corriger = client.post(reverse("consultations:corriger", args=[faite.numero]))
    assert 'value="a" id="id_q1_a" checked' in client.get(corriger.url).content.decode()
    repondre(client, ouverte, q1="b")
    assert Donnee.objects.get().choix == "a"
    envoyer(client, ouverte)
    assert Donnee.objects.get().choix == "b"
    client.post(reverse("consultations:retirer", args=[faite.numero]))
    assert not Donnee.objects.exists() and not ouverte.participations.comptees().exists()


def test_rattacher_a_un_compte(client, citoyenne):
    faite = participation(consultation())
    client.force_login(citoyenne)
    donnees = {"numero": faite.numero, "mot": MOT}
    assert client.post(reverse("consultations:retrouver"), donnees).status_code == 409
    client.post(reverse("consultations:retrouver"), donnees | {"rattacher": "on"})
    assert Participation.objects.get().personne == citoyenne


def test_trop_vite_est_refuse_sans_rien_perdre(client):
    ouverte = consultation()
    repondre(client, ouverte, q1="a")
    adresse = reverse("consultations:relire", args=[ouverte.slug])
    caches = dict(re.findall(r'name="(jeton|ouvert)" value="([^"]*)"', client.get(adresse).content.decode()))
    reponse = client.post(adresse, caches)
    assert reponse.status_code == 422 and "très rapide" in reponse.content.decode()
    vieillir()
    assert client.post(adresse, caches | {"site_web": "http://machine.exemple"}).status_code == 422
    assert client.post(adresse, caches).status_code == 200


def test_soixante_reponses_d_une_connexion_puis_une_pause(client, monkeypatch):
    ouverte = consultation()
    repondre(client, ouverte, q1="a")
    monkeypatch.setattr("consultations.views.repondre.ENVOIS.__class__.compter", lambda self, cle: 120)
    reponse = envoyer(client, ouverte)
    assert reponse.status_code == 429 and "Attendez 2 min" in reponse.content.decode()


# --- Doors -----------------------------------------------------------------------------------------------------------

PORTES = ("detail", "repondre", "relire", "saisir")
#: state → what each door answers to (nobody in particular, a citizen, an agent)
ATTENDUS = {
    "brouillon": {
        "detail": (404, 404, 200),
        "repondre": (404, 404, 403),
        "relire": (404, 404, 302),
        "saisir": (302, 404, 403),
    },
    "programmee": {
        "detail": (200, 200, 200),
        "repondre": (403, 403, 403),
        "relire": (302, 302, 302),
        "saisir": (302, 403, 403),
    },
    "ouverte": {
        "detail": (200, 200, 200),
        "repondre": (200, 200, 200),
        "relire": (302, 302, 302),
        "saisir": (302, 403, 200),
    },
    "close": {
        "detail": (200, 200, 200),
        "repondre": (403, 403, 403),
        "relire": (302, 302, 302),
        "saisir": (302, 403, 403),
    },
    "restituee": {
        "detail": (200, 200, 200),
        "repondre": (403, 403, 403),
        "relire": (302, 302, 302),
        "saisir": (302, 403, 403),
    },
}


@pytest.mark.parametrize("etat", ATTENDUS)
def test_les_portes_de_chaque_etat(etat, client, citoyenne, agent):
    de = consultation(etat=etat, agent=agent)
    obtenus = {porte: [] for porte in PORTES}
    for personne in (None, citoyenne, agent):
        client.logout()
        if personne:
            client.force_login(personne)
        for porte in PORTES:
            obtenus[porte].append(client.get(reverse(f"consultations:{porte}", args=[de.slug])).status_code)
    assert {porte: tuple(codes) for porte, codes in obtenus.items()} == ATTENDUS[etat]


def test_personne_n_ouvre_la_reponse_d_une_autre(client, citoyenne, voisin, agent, administratrice):
    faite = participation(consultation(une_page(question(), question("q2", Genre.FICHIER))), personne=citoyenne)
    gestes = ("participation", "retirer")
    for personne in (None, voisin, agent, administratrice):
        client.logout()
        if personne:
            client.force_login(personne)
        for geste in gestes:
            assert client.get(reverse(f"consultations:{geste}", args=[faite.numero])).status_code == 404
        for geste in ("corriger", "retirer", "laisser", "laisser_la_correction"):
            assert client.post(reverse(f"consultations:{geste}", args=[faite.numero])).status_code == 404
    assert Participation.objects.get().est_comptee


# --- Desk ------------------------------------------------------------------------------------------------------------


def saisir(client, ouverte, **champs):
    adresse = reverse("consultations:saisir", args=[ouverte.slug])
    jeton = re.search(r'name="jeton" value="([^"]*)"', client.get(adresse).content.decode()).group(1)
    return client.post(adresse, {"jeton": jeton, "canal": "papier"} | champs), {
        "jeton": jeton,
        "canal": "papier",
    } | champs


def test_un_agent_saisit_une_reponse_comptee_une_fois_avec_son_recu(client, agent):
    ouverte = consultation(avec_saut(), agent=agent)
    client.force_login(agent)
    recu, donnees = saisir(client, ouverte, q1="b", q2="7", q3="mots")
    assert recu.status_code == 200 and "Imprimez ce reçu" in recu.content.decode()
    encore = client.post(reverse("consultations:saisir", args=[ouverte.slug]), donnees)
    assert encore.status_code == 200 and "Une seule réponse est comptée" in encore.content.decode()
    faite = Participation.objects.get()
    assert (faite.canal, faite.saisie_par, faite.personne) == ("papier", agent, None)
    assert set(Donnee.objects.values_list("question", flat=True)) == {"q1", "q3"}


def test_au_guichet_le_formulaire_de_l_une_ne_sert_pas_a_l_autre(client, agent):
    """The browser's back button brings the form of the person before: her receipt is nobody else's."""
    ouverte = consultation(une_page(question("q1")), agent=agent)
    client.force_login(agent)
    recu, donnees = saisir(client, ouverte, q1="a")
    secret = re.search(r'id="recu-secret"[^>]*>([^<]+)<', recu.content.decode()).group(1)
    adresse = reverse("consultations:saisir", args=[ouverte.slug])
    refus = client.post(adresse, donnees | {"q1": "b"})
    page = refus.content.decode()
    assert refus.status_code == 409 and "a déjà servi" in page and secret not in page
    assert re.search(r'value="b"[^>]* checked', page)
    jeton = re.search(r'name="jeton" value="([^"]*)"', page).group(1)
    assert client.post(adresse, donnees | {"q1": "b", "jeton": jeton}).status_code == 200
    assert sorted(Donnee.objects.values_list("choix", flat=True)) == ["a", "b"]


def test_au_guichet_ce_qui_est_recopie_apres_la_fin_n_est_pas_perdu(client, agent):
    ouverte = consultation(une_page(question("q1", Genre.TEXTE_LONG)), agent=agent)
    client.force_login(agent)
    fermer(ouverte)
    reponse = client.post(reverse("consultations:saisir", args=[ouverte.slug]), {"canal": "papier", "q1": "Un banc."})
    assert reponse.status_code == 403 and "Un banc." in reponse.content.decode()
    assert not Participation.objects.exists()


@pytest.mark.parametrize("qui", ["inscrites", "habitantes"])
def test_la_personne_accueillie_corrige_sans_compte_avec_son_recu(qui, client, agent):
    """The rule admitted her at the desk: her receipt keeps what it promises."""
    lieu = commune("Fictive") if qui == "habitantes" else None
    ouverte = consultation(une_page(question("q1")), agent=agent, qui=qui, territoire=lieu)
    client.force_login(agent)
    recu, _donnees = saisir(client, ouverte, q1="a")
    mot = re.search(r'id="recu-secret"[^>]*>([^<]+)<', recu.content.decode()).group(1)
    faite = Participation.objects.get()
    client.logout()
    client.post(reverse("consultations:retrouver"), {"numero": faite.numero, "mot": mot})
    assert client.get(reverse("consultations:repondre", args=[ouverte.slug]) + "?page=p1").status_code == 200
    assert repondre(client, ouverte, q1="b").url.endswith("/relire/")
    assert envoyer(client, ouverte).status_code == 302
    assert Donnee.objects.get().choix == "b" and Participation.objects.get().corrigee_le


def test_sans_avoir_ete_accueillie_il_faut_un_compte(client):
    ouverte = consultation(une_page(question("q1")), qui="inscrites")
    repondre(client, ouverte, q1="a")
    assert "Dites qui vous êtes pour envoyer" in envoyer(client, ouverte, accord_textes="on").content.decode()
    assert not Participation.objects.comptees().exists()


# --- What nobody must find, what nobody must lose ----------------------------------------------------------------------


def une_reponse_de_cet_appareil(client, ouverte):
    repondre(client, ouverte, q1="a")
    envoyer(client, ouverte)
    return Participation.objects.get()


def test_reconnectee_elle_rattache_sa_reponse_au_lieu_d_en_donner_deux(client, citoyenne):
    ouverte = consultation(une_page(question("q1")))
    faite = une_reponse_de_cet_appareil(client, ouverte)
    client.force_login(citoyenne)
    adresse = reverse("consultations:repondre", args=[ouverte.slug])
    assert "Cet appareil a déjà répondu" in client.get(adresse).content.decode()
    refus = repondre(client, ouverte, q1="b")
    assert refus.status_code == 409 and "<dd>Non</dd>" in refus.content.decode()
    au_fil = client.post(adresse, {"page": "p1", "q1": "b"}, headers={"accept": "application/json"})
    assert au_fil.status_code == 409 and "déjà répondu" in au_fil.json()["detail"]
    assert envoyer(client, ouverte).status_code == 302 and Participation.objects.count() == 1
    assert client.post(reverse("consultations:rattacher", args=[faite.numero])).status_code == 302
    assert Participation.objects.get().personne == citoyenne
    assert client.get(adresse).url == reverse("consultations:participation", args=[faite.numero])


def test_sur_une_tablette_partagee_le_recu_laisse_la_place_a_la_suivante(client):
    ouverte = consultation(une_page(question("q1")))
    repondre(client, ouverte, q1="a")
    recu = envoyer(client, ouverte).content.decode()
    faite = Participation.objects.get()
    laisser = reverse("consultations:laisser", args=[faite.numero])
    assert f'action="{laisser}"' in recu
    client.post(laisser)
    assert client.get(reverse("consultations:participation", args=[faite.numero])).status_code == 404
    assert repondre(client, ouverte, q1="b").url.endswith("/relire/")


def test_sur_un_appareil_partage_l_autre_laisse_la_reponse_et_repond(client, citoyenne, voisin):
    ouverte = consultation(une_page(question("q1")))
    faite = une_reponse_de_cet_appareil(client, ouverte)
    client.force_login(voisin)
    assert client.post(reverse("consultations:laisser", args=[faite.numero])).status_code == 302
    assert repondre(client, ouverte, q1="b").url.endswith("/relire/")
    envoyer(client, ouverte)
    assert set(Participation.objects.comptees().values_list("personne", flat=True)) == {None, voisin.pk}
    # What this browser does not hold, nobody attaches.
    client.force_login(citoyenne)
    assert client.post(reverse("consultations:rattacher", args=[faite.numero])).status_code == 404


def test_la_page_a_relire_ne_porte_rien_qui_se_compte(client):
    """Its hidden field can be read by whoever holds the page: a counted key would tell how many have begun."""
    ouverte = consultation(une_page(question("q1")))
    for _fois in range(3):
        participation(ouverte)
    repondre(client, ouverte, q1="a")
    page = client.get(reverse("consultations:relire", args=[ouverte.slug])).content.decode()
    charge = re.search(r'name="jeton" value="([^":]*):', page).group(1)
    objet, _secret = json.loads(signing.b64_decode(charge.encode()))
    assert objet == str(Participation.objects.get(envoyee_le=None).cle)


@pytest.mark.parametrize("au_fil", [False, True])
def test_apres_la_fin_ce_qui_vient_d_etre_tape_se_relit(au_fil, client):
    ouverte = consultation(une_page(question("q1", Genre.TEXTE_LONG), question("q2"), question("q3", Genre.NOMBRE)))
    fermer(ouverte)
    adresse = reverse("consultations:repondre", args=[ouverte.slug])
    entetes = {"accept": "application/json"} if au_fil else {}
    donnees = {"page": "p1", "q1": "Un banc à l’ombre.", "q2": "a", "q3": "douze"}
    reponse = client.post(adresse, donnees, headers=entetes)
    assert reponse.status_code == 403 and not Participation.objects.exists()
    if au_fil:
        assert "n’est pas ouverte" in reponse.json()["detail"]
    else:
        page = reponse.content.decode()
        assert all(f"<dd>{mots}</dd>" in page for mots in ("Un banc à l’ombre.", "Oui", "douze"))


def test_un_reseau_ne_commence_pas_sans_fin(client, monkeypatch):
    """Each is a row and perhaps files: what is never sent has its limit too. What is begun goes on."""
    monkeypatch.setattr("consultations.views.repondre.COMMENCEES", Limite("essai.commencees", 2, 3600))
    ouverte = consultation(une_page(question("q1", Genre.TEXTE_LONG)))
    for _fois in range(2):
        client.cookies.clear()
        assert repondre(client, ouverte, q1="mots").status_code == 302
    assert repondre(client, ouverte, q1="encore des mots").status_code == 302
    client.cookies.clear()
    refus = repondre(client, ouverte, q1="Un banc.")
    assert refus.status_code == 429 and "Un banc." in refus.content.decode()
    assert Participation.objects.count() == 2


def test_un_reseau_ne_depose_pas_des_fichiers_sans_fin(client, monkeypatch):
    monkeypatch.setattr("consultations.views.repondre.FICHIERS", Limite("essai.fichiers", 1, 3600))
    ouverte = consultation(une_page(question("q1", Genre.FICHIER)))
    for _fois in range(2):
        client.cookies.clear()
        fichier = SimpleUploadedFile("mots.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")
        reponse = repondre(client, ouverte, q1=fichier)
    assert reponse.status_code == 422 and "Attendez" in reponse.content.decode()
    assert Piece.objects.count() == 1


def test_au_guichet_toutes_les_fautes_sont_dites_en_un_seul_endroit(client, agent):
    ouverte = consultation(avec_saut(), agent=agent)
    client.force_login(agent)
    reponse, _donnees = saisir(client, ouverte, canal="", q1="a", q2="99")
    page = reponse.content.decode()
    assert page.count("data-es-resume-erreurs") == 1 and "Il reste 2 points à corriger" in page
    assert 'href="#id_canal' in page and 'href="#question-q2"' in page


def test_au_guichet_une_faute_ne_laisse_rien_a_moitie(client, agent):
    ouverte = consultation(avec_saut(), agent=agent)
    client.force_login(agent)
    reponse, _donnees = saisir(client, ouverte, q1="a", q2="99", q3="des mots")
    assert reponse.status_code == 422 and not Participation.objects.exists()
    page = reponse.content.decode()
    assert 'value="99"' in page and "des mots" in page


# --- Files -----------------------------------------------------------------------------------------------------------


def test_un_faux_fichier_est_refuse_et_le_reste_est_garde(client):
    ouverte = consultation(une_page(question("q1"), question("q2", Genre.FICHIER)))
    reponse = repondre(client, ouverte, q1="a", q2=SimpleUploadedFile("plan.pdf", b"<script>alert(1)</script>"))
    assert reponse.status_code == 422 and "n’est pas un PDF lisible" in reponse.content.decode()
    assert Participation.objects.get().brut == {"q1": ["a"]}


def test_une_photo_n_est_lue_que_par_qui_l_a_donnee_puis_par_l_equipe(client, agent, voisin, citoyenne):
    ouverte = consultation(une_page(question("q1", Genre.FICHIER)), agent=agent)
    client.force_login(citoyenne)
    repondre(client, ouverte, q1=SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n"))
    envoyer(client, ouverte)
    piece = Participation.objects.get().pieces.get()
    adresse = reverse("consultations:piece", args=[piece.pk])
    telechargement = client.get(adresse)
    assert telechargement["Content-Disposition"].startswith("attachment")
    assert telechargement.getvalue().startswith(b"%PDF")

    def vu_par(personne):
        client.force_login(personne)
        reponse = client.get(adresse)
        if reponse.streaming:
            reponse.getvalue()
        return reponse.status_code

    assert [vu_par(p) for p in (voisin, agent)] == [404, 404]
    Consultation.objects.filter(pk=ouverte.pk).update(ferme_le=timezone.now() - timedelta(seconds=1))
    from consultations.horloge import battre

    battre()
    assert [vu_par(p) for p in (voisin, agent, citoyenne)] == [404, 200, 200]


# --- Queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("porte", ["repondre", "relire", "detail"])
def test_cinquante_questions_coutent_autant_qu_une(porte, client, citoyenne):
    comptes = []
    client.force_login(citoyenne)
    for nombre in (1, 50):
        ouverte = consultation(une_page(*(question(f"q{n}") for n in range(nombre))), titre=f"De {nombre}")
        repondre(client, ouverte, **{f"q{n}": "a" for n in range(nombre)})
        comptes.append(requetes(client, reverse(f"consultations:{porte}", args=[ouverte.slug])))
    assert comptes[0] == comptes[1] <= 14


def test_cinquante_consultations_coutent_autant_qu_une(citoyenne, agent):
    premiere, suites = consultation(agent=agent), ("", "?page=2", "?etat=ouvertes")
    assert liste_au_cout_constant(premiere, reverse("consultations:liste"), suites, citoyenne, agent) <= 6


def test_ce_que_la_base_ne_sait_pas_garder_est_enleve_sans_un_mot(client):
    """A null and half a character, which PostgreSQL refuses."""
    ouverte = consultation(une_page(question("q1", Genre.TEXTE_LONG), question("q2", Genre.LIEU)))
    champs = {"q1": "avant\x00\ud800 après", "q2.mots": "\x00", "q2.latitude": "4\x00"}
    assert repondre(client, ouverte, geste="garder", **{nom: t.replace("\ud800", "") for nom, t in champs.items()})
    assert Participation.objects.get().brut == {"q1": ["avant après"], "q2.latitude": ["4"]}
    commencee = Participation.objects.get()
    page = commencee.version.questionnaire.pages[0]
    participer.garder(
        commencee, par=Repondante([commencee.pk]), page=page, brut={nom: [t] for nom, t in champs.items()}
    )
    assert Participation.objects.get().brut == {"q1": ["avant après"], "q2.latitude": ["4"]}
