"""What already exists: who sees which near idea, and what she does with it."""

import json
import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commentaires.fil import CLE_SESSION
from commentaires.models import Commentaire
from idees import avant_envoi
from idees.models import Boite, Idee, Soutien
from idees.semblables import deja_repondues, semblables
from idees.views import semblables as vues
from moderation.actions import masquer
from tests.fabriques import (
    BoiteFabrique,
    IdeeFabrique,
    PersonneFabrique,
    ProjetFabrique,
    ThematiqueFabrique,
    publier_en_masse,
    publier_reponse,
)

pytestmark = [pytest.mark.django_db, pytest.mark.deux_bases("chaque base trouve les mots à sa façon")]

TITRE, TEXTE = "Des bancs à l’ombre", "Sur la place du marché, on ne peut s’asseoir nulle part quand il fait chaud."
DITE_AUTREMENT = {"titre": "Mettre un banc ombragé place du marché", "texte": "Il fait trop chaud, où s’asseoir ?"}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def banc(voisin):
    return IdeeFabrique(titre=TITRE, texte=TEXTE, etat="publiee", auteur=voisin)


@pytest.fixture
def saisie(banc):
    return {
        **DITE_AUTREMENT,
        "thematique": ThematiqueFabrique().pk,
        "commune": "",
        "lieu_en_mots": "",
        "latitude": "",
        "longitude": "",
        "alternative": "",
        "boite": banc.boite.slug,
    }


def trouvees(personne=None, **options):
    return [p.idee for p in semblables(*DITE_AUTREMENT.values(), personne or AnonymousUser(), **options)]


def lire(reponse) -> str:
    return " ".join(reponse.content.decode().split())


# --- Which ideas -------------------------------------------------------------------------------------------------------


def test_les_memes_mots_sont_a_distance_zero_et_rien_en_commun_a_un(banc):
    IdeeFabrique(titre="Xylophone", texte="Kazoo zinzin quiproquo.", etat="publiee")
    proches = semblables(TITRE, TEXTE, AnonymousUser())
    assert [proche.distance for proche in proches] == [0.0, 1.0]


def test_cinq_au_plus_les_plus_proches_d_abord(banc):
    publier_en_masse([(f"Un arbre numéro {n}", "De l’ombre en ville, et de la fraîcheur.") for n in range(8)])
    proches = semblables(*DITE_AUTREMENT.values(), AnonymousUser())
    assert len(proches) == 5 and proches[0].idee == banc
    assert [p.distance for p in proches] == sorted(p.distance for p in proches)


CACHEES = ["brouillon", "a_moderer", "retiree", "refusee", "fusionnee"]


@pytest.mark.parametrize("etat", CACHEES)
@pytest.mark.parametrize("role", ["visiteur", "autrice", "agent", "moderatrice"])
def test_ce_qui_n_est_pas_ouvert_a_tous_ne_se_montre_a_personne(etat, role, agent, moderatrice, citoyenne):
    idee = IdeeFabrique(titre=TITRE, texte=TEXTE, etat=etat, auteur=citoyenne)
    qui = {"visiteur": AnonymousUser(), "autrice": citoyenne, "agent": agent, "moderatrice": moderatrice}[role]
    assert idee not in trouvees(qui)


@pytest.mark.parametrize("role", ["visiteur", "autrice", "agent", "moderatrice"])
def test_une_idee_masquee_ne_se_montre_a_personne(banc, role, agent, moderatrice, voisin):
    masquer(banc, par=moderatrice, motif="hors_sujet", explication="Ce n’est pas le lieu.")
    qui = {"visiteur": AnonymousUser(), "autrice": voisin, "agent": agent, "moderatrice": moderatrice}[role]
    assert trouvees(qui) == []


def test_une_idee_d_un_projet_en_preparation_ne_se_montre_pas(banc):
    Idee.objects.filter(pk=banc.pk).update(projet=ProjetFabrique(annonce=False))
    assert trouvees() == []


def test_celle_qu_on_ecrit_ne_se_ressemble_pas(banc):
    assert trouvees(sauf=banc) == []


def test_les_idees_masquees_ne_prennent_la_place_de_personne(banc, moderatrice, monkeypatch):
    monkeypatch.setattr("idees.semblables.LARGEUR", 3)
    jumelles = publier_en_masse([(DITE_AUTREMENT["titre"], DITE_AUTREMENT["texte"])] * 6)
    for idee in jumelles:
        masquer(idee, par=moderatrice, motif="hors_sujet", explication="Ce n’est pas le lieu.")
    assert trouvees() == [banc]


@pytest.mark.parametrize(
    "titre", ["", "   ", "de la", "'); select pg_sleep(5)--", "\x00", "½", "a* b* c* " * 1200, "'" * 10_000]
)
def test_une_question_etrange_ne_casse_rien(banc, titre):
    debut = time.perf_counter()
    semblables(titre, titre, AnonymousUser())
    assert time.perf_counter() - debut < 1


def test_une_faute_de_frappe_se_pardonne():
    idee = IdeeFabrique(titre="Des pistes cyclables", texte="Pour rouler en sûreté jusqu’au lycée.", etat="publiee")
    [proche] = semblables("des pistes ciclable", "", AnonymousUser())
    assert proche.idee == idee and proche.est_proche


def test_les_reponses_se_cherchent_avec_leurs_mots(agent, elue):
    repondue = IdeeFabrique(titre="Un kiosque", texte="Pour danser le dimanche.", etat="en_etude")
    publier_reponse(repondue, sens="no_go", agent=agent, elue=elue, texte="La pelouse du parc est protégée.")
    IdeeFabrique(titre="Tondre la pelouse du parc", texte="Elle est haute et pleine de tiques.", etat="publiee")
    assert [p.idee for p in deja_repondues("Jouer sur la pelouse", "", AnonymousUser())] == [repondue]


# --- While typing ------------------------------------------------------------------------------------------------------


def test_le_formulaire_porte_la_zone(client, citoyenne):
    client.force_login(citoyenne)
    page = lire(client.get(reverse("idees:proposer_dans", args=[BoiteFabrique().slug])))
    assert 'hx-post="/idees/semblables/"' in page and "delay:400ms" in page
    assert 'role="status" aria-live="polite"' in page


@pytest.mark.parametrize("methode", ["get", "post"])
def test_ce_qu_on_tape_montre_les_proches(client, banc, methode):
    page = lire(getattr(client, methode)(reverse("idees:semblables"), DITE_AUTREMENT, **HTMX))
    assert "<strong>Une idée proche</strong> existe déjà" in page and TITRE in page and "0 soutien" in page
    assert "Sur la <mark>place</mark> du <mark>marché</mark>" in page and "<html" not in page
    assert 'type="submit"' not in page  # Enter, in the title, must never press one of these


def test_sans_javascript_une_page_les_montre(client, banc):
    page = lire(client.get(reverse("idees:semblables"), DITE_AUTREMENT))
    assert "Cette idée existe-t-elle déjà ?" in page and f'formaction="/idees/{banc.pk}/rejoindre/"' in page


def test_rien_de_proche_se_dit(client, banc):
    page = lire(client.get(reverse("idees:semblables"), {"titre": "Xylophone kazoo"}, **HTMX))
    assert "Nous n’avons pas trouvé d’idée proche." in page


def test_ce_qui_est_tape_ne_devient_pas_du_code(client, banc):
    page = client.get(reverse("idees:semblables"), {"titre": '"><script>alert(1)</script> banc'}).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize("sauf", ["", "0", "-1", "abc", "9" * 40, "²", "1; drop"])
def test_un_numero_etrange_ne_casse_rien(client, banc, sauf):
    assert client.post(reverse("idees:semblables"), {**DITE_AUTREMENT, "sauf": sauf}, **HTMX).status_code == 200


def test_la_reponse_deja_donnee_se_lit(client):
    idee = IdeeFabrique(titre=TITRE, texte=TEXTE, etat="non_retenue")
    page = lire(client.post(reverse("idees:semblables"), DITE_AUTREMENT, **HTMX))
    assert "Voici ce qui a déjà été répondu : <strong>Non</strong>" in page
    assert idee.reponse_publiee().get_absolute_url() in page
    assert "je la soutiens" not in page and "Je complète" not in page


def test_la_correction_d_une_reponse_est_ce_qui_se_lit(client, agent, elue):
    idee = IdeeFabrique(titre=TITRE, texte=TEXTE, etat="non_retenue")
    correction = publier_reponse(idee, sens="no_go", agent=agent, elue=elue, corrige=idee.reponse_publiee())
    page = lire(client.post(reverse("idees:semblables"), DITE_AUTREMENT, **HTMX))
    assert "<strong>Non</strong>" in page and correction.get_absolute_url() in page


def test_trop_de_questions_laissent_la_liste_comme_elle_est(client, banc, monkeypatch):
    monkeypatch.setattr(vues, "QUESTIONS_MAX", 2)

    def demander(**options):
        return client.post(reverse("idees:semblables"), DITE_AUTREMENT, **options).status_code

    assert [demander(**HTMX), demander(**HTMX), demander(**HTMX), demander()] == [200, 200, 204, 429]


def test_autant_de_requetes_pour_une_idee_et_pour_cinquante(client, citoyenne, banc):
    client.force_login(citoyenne)

    def requetes():
        with CaptureQueriesContext(connection) as faites:
            client.post(reverse("idees:semblables"), DITE_AUTREMENT, **HTMX)
        return len(faites)

    requetes()
    avant = requetes()
    publier_en_masse([(f"Banc {n} à l’ombre du marché", "S’asseoir quand il fait chaud.") for n in range(50)])
    assert requetes() <= avant


# --- « C'est la même, je la soutiens » -----------------------------------------------------------------------------------


def test_soutenir_plutot_que_proposer_puis_garder_son_texte(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    reponse = client.post(reverse("idees:rejoindre", args=[banc.pk]), saisie, follow=True)
    page = lire(reponse)
    assert Soutien.objects.filter(idee=banc, personne=citoyenne).count() == 1
    assert "Merci ! Vous soutenez cette idée" in page and "il n’est pas envoyé" in page
    assert not Idee.objects.filter(auteur=citoyenne).exists()
    valeurs = client.session[avant_envoi.CLE_DE_COTE]["valeurs"]
    client.post(reverse("idees:proposer_dans", args=[banc.boite.slug]), {**valeurs, "garder": "1"})
    assert Idee.objects.get(auteur=citoyenne).titre == DITE_AUTREMENT["titre"]


def test_deux_clics_font_un_soutien(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    for _fois in range(2):
        assert client.post(reverse("idees:rejoindre", args=[banc.pk]), saisie).status_code == 302
    assert banc.soutiens.count() == 1


def test_par_htmx_la_page_suit(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    reponse = client.post(reverse("idees:rejoindre", args=[banc.pk]), saisie, **HTMX)
    assert reponse["HX-Redirect"] == reverse("idees:rejoindre", args=[banc.pk])
    reponse = client.post(reverse("idees:completer", args=[banc.pk]), saisie, **HTMX)
    assert reponse["HX-Redirect"] == f"{banc.get_absolute_url()}#commentaires-ecrire"


CLE = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def repere_par(brouillon, comment):
    """How a form names the draft that it has already saved."""
    return {"cle": {"cle_saisie": CLE}, "numero": {"brouillon": str(brouillon.pk)}}[comment]


@pytest.mark.parametrize("comment", ["cle", "numero"])
def test_jeter_le_texte_et_le_brouillon_deja_garde(client, citoyenne, banc, saisie, comment):
    brouillon = IdeeFabrique(auteur=citoyenne, boite=banc.boite, cle_saisie=CLE)
    client.force_login(citoyenne)
    ici = reverse("idees:rejoindre", args=[banc.pk])
    page = lire(client.post(ici, {**saisie, **repere_par(brouillon, comment)}, follow=True))
    assert reverse("idees:modifier", args=[brouillon.pk]) in page and "Le garder en brouillon" not in page
    client.post(reverse("idees:jeter", args=[banc.pk]))
    assert not Idee.objects.filter(pk=brouillon.pk).exists() and avant_envoi.CLE_DE_COTE not in client.session
    assert banc.soutiens.count() == 1


@pytest.mark.parametrize("comment", ["cle", "numero"])
def test_on_ne_jette_pas_le_brouillon_d_une_autre(client, citoyenne, banc, saisie, comment):
    brouillon = IdeeFabrique(cle_saisie=CLE)
    client.force_login(citoyenne)
    client.post(reverse("idees:rejoindre", args=[banc.pk]), {**saisie, **repere_par(brouillon, comment)})
    client.post(reverse("idees:jeter", args=[banc.pk]))
    brouillon.refresh_from_db()
    assert brouillon.etat == "brouillon"


def test_depuis_la_page_d_avant_l_envoi_le_brouillon_garde_est_connu(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    page = lire(client.get(envoyer(client, banc.boite, saisie).url))
    brouillon = Idee.objects.get(auteur=citoyenne)
    assert f'name="brouillon" value="{brouillon.pk}"' in page and f'name="boite" value="{banc.boite.slug}"' in page


def test_sans_compte_on_se_connecte_puis_on_soutient(client, citoyenne, banc, saisie):
    ici = reverse("idees:rejoindre", args=[banc.pk])
    reponse = client.post(ici, saisie)
    assert reponse.status_code == 302 and reponse.url.startswith(reverse("account_login")) and ici in reponse.url
    assert not banc.soutiens.exists()
    session = dict(client.session)
    client.force_login(citoyenne)
    neuve = client.session
    neuve.update({avant_envoi.CLE_DE_COTE: session[avant_envoi.CLE_DE_COTE]})
    neuve.save()
    page = lire(client.get(ici))
    assert "Je soutiens" in page and DITE_AUTREMENT["titre"] in page and not banc.soutiens.exists()
    client.post(ici)
    assert banc.soutiens.count() == 1 and avant_envoi.CLE_DE_COTE in client.session


def test_on_ne_rejoint_pas_sa_propre_idee(client, voisin, banc):
    client.force_login(voisin)
    assert client.post(reverse("idees:rejoindre", args=[banc.pk])).status_code == 403
    assert "je la soutiens" not in lire(client.post(reverse("idees:semblables"), DITE_AUTREMENT, **HTMX))


@pytest.mark.parametrize("route", ["rejoindre", "completer", "jeter"])
@pytest.mark.parametrize("etat", CACHEES)
def test_on_ne_rejoint_pas_ce_qu_on_ne_voit_pas(client, citoyenne, route, etat):
    idee = IdeeFabrique(etat=etat)
    client.force_login(citoyenne)
    assert client.post(reverse(f"idees:{route}", args=[idee.pk])).status_code == 404


def test_je_complete_attend_dans_la_discussion(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    page = lire(client.post(reverse("idees:completer", args=[banc.pk]), saisie, follow=True))
    assert DITE_AUTREMENT["titre"] in page and DITE_AUTREMENT["texte"] in page
    assert not Commentaire.objects.exists()


def test_je_complete_attend_aussi_qui_n_est_pas_connectee(client, banc, saisie):
    client.post(reverse("idees:completer", args=[banc.pk]), saisie)
    assert client.session[CLE_SESSION]["texte"] == "\n\n".join(DITE_AUTREMENT.values())


# --- Before sending ------------------------------------------------------------------------------------------------------


def envoyer(client, boite, saisie, **plus):
    return client.post(reverse("idees:proposer_dans", args=[boite.slug]), {**saisie, **plus})


def test_avant_d_envoyer_regardez_une_seule_fois_sans_bloquer(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    reponse = envoyer(client, banc.boite, saisie)
    idee = Idee.objects.get(auteur=citoyenne)
    ici = reverse("idees:regarder", args=[idee.pk])
    assert (reponse.url, idee.etat) == (ici, "brouillon")
    page = lire(client.get(ici))
    assert "Avant d’envoyer, regardez" in page and TITRE in page and "Envoyer quand même" in page
    # She goes back to her text, and sends it from there: it is not shown again.
    reponse = client.post(reverse("idees:modifier", args=[idee.pk]), saisie)
    idee.refresh_from_db()
    assert (reponse.url, idee.etat) == (idee.get_absolute_url(), "a_moderer")


def test_envoyer_quand_meme(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    ici = envoyer(client, banc.boite, saisie).url
    page = lire(client.post(ici, follow=True))
    assert "Votre idée est bien reçue" in page
    assert Idee.objects.get(auteur=citoyenne).etat == "a_moderer"
    assert client.post(ici).url == Idee.objects.get(auteur=citoyenne).get_absolute_url()


def test_qui_les_a_vues_en_ecrivant_ne_les_revoit_pas(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    envoyer(client, banc.boite, saisie, vue=[str(banc.pk)])
    assert Idee.objects.get(auteur=citoyenne).etat == "a_moderer"


def test_sans_idee_proche_rien_ne_s_interpose(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    envoyer(client, banc.boite, {**saisie, "titre": "Un xylophone géant", "texte": "Pour jouer dehors, tous ensemble."})
    assert Idee.objects.get(auteur=citoyenne).etat == "a_moderer"


def test_un_brouillon_se_garde_sans_rien_demander(client, citoyenne, banc, saisie):
    client.force_login(citoyenne)
    envoyer(client, banc.boite, saisie, garder="1")
    idee = Idee.objects.get(auteur=citoyenne)
    assert idee.etat == "brouillon" and avant_envoi.CLE_MONTREES not in client.session


def test_la_page_d_avant_l_envoi_est_a_son_autrice(client, citoyenne, agent, banc, saisie):
    client.force_login(citoyenne)
    ici = envoyer(client, banc.boite, saisie).url
    for personne in (PersonneFabrique(), agent):
        client.force_login(personne)
        assert client.get(ici).status_code == client.post(ici).status_code == 404
    client.logout()
    assert client.get(ici).status_code == 404


def test_sans_compte_elles_se_montrent_avant_la_porte(client, banc, saisie):
    """In a box for everybody, without JavaScript: once, whichever way she takes."""
    Boite.objects.filter(pk=banc.boite_id).update(qui="toutes")
    ici = envoyer(client, banc.boite, saisie).url
    idee = Idee.objects.get(auteur=None)
    assert ici == reverse("idees:regarder", args=[idee.pk])
    for porte in ("suite", "deposer"):
        assert client.get(reverse(f"idees:{porte}", args=[idee.pk])).url == ici
    page = lire(client.get(ici))
    assert TITRE in page and "Continuer quand même" in page
    assert client.post(ici).url == reverse("idees:suite", args=[idee.pk])
    for porte in ("suite", "deposer"):
        assert client.get(reverse(f"idees:{porte}", args=[idee.pk])).status_code == 200
    idee.refresh_from_db()
    assert idee.etat == "brouillon"


@pytest.mark.parametrize(("qui", "vue", "porte"), [("toutes", True, "suite"), ("inscrites", False, "suite")])
def test_sans_compte_rien_ne_s_interpose_si_elle_les_a_vues_ou_doit_se_connecter(client, banc, saisie, qui, vue, porte):
    Boite.objects.filter(pk=banc.boite_id).update(qui=qui)
    reponse = envoyer(client, banc.boite, saisie, **({"vue": [str(banc.pk)]} if vue else {}))
    assert reponse.url == reverse(f"idees:{porte}", args=[Idee.objects.get(auteur=None).pk])
    assert client.get(reponse.url).status_code == 200


def test_le_formulaire_mene_a_la_recherche_sans_javascript(client, banc):
    page = lire(client.get(reverse("idees:proposer_dans", args=[banc.boite.slug])))
    assert f'href="{reverse("idees:semblables")}"' in page


def test_au_guichet_les_gestes_d_une_citoyenne_ne_se_proposent_pas(client, agent, banc):
    client.force_login(agent)
    page = lire(client.post(reverse("idees:semblables"), {**DITE_AUTREMENT, "pour_autrui": "1"}, **HTMX))
    assert TITRE in page and "je la soutiens" not in page and "Je complète" not in page


# --- The command ---------------------------------------------------------------------------------------------------------


def test_la_commande_dit_distance_etat_et_numero(capsys, banc):
    call_command("idees_semblables", "un banc au marché, à l’ombre")
    ligne = capsys.readouterr().out
    assert ligne.startswith("0.") and "Ouverte aux soutiens" in ligne and f"n° {banc.pk}" in ligne and TITRE in ligne


def test_la_commande_dit_quand_il_n_y_a_rien(capsys):
    call_command("idees_semblables", "un banc")
    assert "Aucune idée publiée" in capsys.readouterr().out


def test_ce_qui_attend_en_session_est_borne(client, banc):
    client.post(
        reverse("idees:rejoindre", args=[banc.pk]), {"titre": "x" * 50_000, "texte": "y" * 50_000, "boite": "z" * 999}
    )
    assert len(json.dumps(client.session[avant_envoi.CLE_DE_COTE])) < 6_000
