"""Ideas without an account, on line: who may knock at which door, what is kept, what is never shown."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.urls import resolve, reverse
from django.utils import timezone

from idees import depots, secret
from idees.cadence import DEPOTS, Limite
from idees.completude import SANS_TEXTE, SANS_THEME
from idees.depositaires import Depositaire
from idees.forms import BoiteForm
from idees.models import Boite, Depot, Idee, Lettre
from moderation.actions import masquer
from moderation.pieges import TEMPS_MIN
from notifications.models import Courriel
from notifications.tasks import rattraper
from tests.fabriques import BoiteFabrique, IdeeFabrique, PersonneFabrique, ProjetFabrique, publier_reponse
from tests.idees.sans_compte import ADRESSE, COURRIEL, ECRIT, SECRET, brouillon, confier, depot, ouverte
from tests.tableau import issue
from timeline.etapes import EtapeImpossible, EtapeInterdite, franchir
from timeline.models import Entree

pytestmark = pytest.mark.django_db

CONTACT = {"courriel": COURRIEL, "adresse_postale": ADRESSE}


def champs_de(reponse, nom="form"):
    """The form of the page as a browser would send it back."""
    form = reponse.context[nom]
    return {champ.html_name: champ.value() or "" for champ in form}


def envoyer(client, idee, **saisi):
    """The last step as a person takes it: she reads, waits, sends."""
    adresse = reverse("idees:deposer", args=[idee.pk])
    return client.post(adresse, champs_de(client.get(adresse)) | {"charte": "on"} | saisi)


@pytest.fixture(autouse=True)
def sans_attendre(monkeypatch, request):
    """The time trap has its own test."""
    if "rapide" not in request.node.name:
        monkeypatch.setattr("moderation.pieges.TEMPS_MIN", 0)


# --- Bring -------------------------------------------------------------------------------------------------------


def test_du_brouillon_au_recu(client):
    idee = brouillon(client)
    reponse = envoyer(client, idee, nom="Roseau 12", **CONTACT)
    assert (reponse.status_code, reponse["Cache-Control"]) == (200, "no-store, private")
    fait = Depot.objects.get()
    idee.refresh_from_db()
    assert (idee.etat, idee.auteur, fait.canal, fait.nom, fait.courriel) == (
        "a_moderer",
        None,
        "en_ligne",
        "Roseau 12",
        COURRIEL,
    )
    montre = reponse.context["mot"]
    assert secret.est_le_bon(fait.secret_empreinte, idee.pk, montre)
    page = reponse.content.decode()
    assert montre in page
    assert str(idee.pk) in page
    assert f"{reverse('idees:suivre')}?numero=" not in page, "the QR code is a drawing, not a link with a secret"


def test_le_secret_n_est_ecrit_nulle_part(client):
    reponse = envoyer(client, brouillon(client), **CONTACT)
    mot = secret.lire(reponse.context["mot"])
    lignes = _toutes_les_lignes()
    assert [ligne for ligne in lignes if COURRIEL in ligne], "the search finds what is kept"
    assert not [ligne for ligne in lignes if mot in ligne or secret.en_groupes(mot) in ligne]


def _toutes_les_lignes():
    lignes = []
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names():
            curseur.execute(f'SELECT * FROM "{table}"')
            lignes += map(str, curseur.fetchall())
    return lignes


def test_le_meme_formulaire_deux_fois_montre_le_meme_recu(client):
    idee = brouillon(client)
    adresse = reverse("idees:deposer", args=[idee.pk])
    saisi = champs_de(client.get(adresse)) | {"charte": "on"}
    premier, second = client.post(adresse, saisi), client.post(adresse, saisi)
    assert premier.context["mot"] == second.context["mot"]
    assert (Depot.objects.count(), Entree.objects.filter(type="idees.soumettre").count()) == (1, 1)
    autre = champs_de(premier := client.get(adresse, follow=True), "contact")
    assert autre, "once sent, the page leads to the follow page"
    assert client.post(adresse, saisi | {"jeton": secret.promettre(idee.pk)}).status_code == 409


# --- Incomplete: back to the form, and nothing is lost -----------------------------------------------------------


def incomplete(client, **champs):
    return brouillon(client, titre="Un banc au lavoir", texte="", **champs)


def test_incomplete_on_est_ramene_au_formulaire_qui_dit_tout(client):
    idee = incomplete(client, thematique=None)
    page = client.get(reverse("idees:suite", args=[idee.pk])).content.decode()
    assert str(SANS_TEXTE) in page and str(SANS_THEME) in page and "Envoyer sans compte" not in page
    reponse = client.get(reverse("idees:deposer", args=[idee.pk]))
    assert reponse.url == idee.adresse_pour_corriger("soumettre")
    reponse = client.get(reponse.url)
    assert reponse.status_code == 200 and set(reponse.context["form"].errors) == {"texte", "thematique"}
    page = reponse.content.decode()
    assert str(SANS_TEXTE) in page and str(SANS_THEME) in page and idee.titre in page
    assert "panneau--sable" not in client.get(reverse("idees:modifier", args=[idee.pk])).content.decode()


def test_incomplete_entre_temps_le_contact_attend(client):
    idee = brouillon(client)
    adresse = reverse("idees:deposer", args=[idee.pk])
    saisi = champs_de(client.get(adresse)) | {"charte": "on", "nom": "Roseau 12", **CONTACT}
    Idee.objects.filter(pk=idee.pk).update(texte="")
    reponse = client.post(adresse, saisi)
    assert reponse.url == idee.adresse_pour_corriger("soumettre") and not Depot.objects.exists()
    Idee.objects.filter(pk=idee.pk).update(texte=idee.texte)
    retrouve = champs_de(client.get(adresse))
    assert {nom: retrouve[nom] for nom in CONTACT} == CONTACT and retrouve["nom"] == "Roseau 12"
    assert client.post(adresse, retrouve | {"charte": "on"}).status_code == 200
    assert Depot.objects.get().courriel == COURRIEL
    assert "idees_contact" not in client.session, "what has served is forgotten"


@pytest.mark.parametrize("porte", ["etape", "regarder"])
def test_incomplete_un_compte_aussi_revient_au_formulaire(client, citoyenne, porte):
    idee = IdeeFabrique(auteur=citoyenne, texte="")
    client.force_login(citoyenne)
    adresses = {
        "etape": reverse("timeline:etape", args=["idees.idee", idee.pk, "soumettre"]),
        "regarder": reverse("idees:regarder", args=[idee.pk]),
    }
    reponse = client.post(adresses[porte], {"etat": "brouillon"})
    assert (reponse.status_code, reponse.url) == (302, idee.adresse_pour_corriger("soumettre"))
    assert str(SANS_TEXTE) in client.get(reponse.url).content.decode()


def test_une_promesse_ne_sert_qu_a_son_idee(client):
    idee, autre = brouillon(client), brouillon(client)
    reponse = envoyer(client, idee, jeton=secret.promettre(autre.pk))
    assert reponse.status_code == 422
    assert envoyer(client, idee, jeton="n'importe quoi").status_code == 422
    assert Depot.objects.count() == 0


@pytest.mark.parametrize(
    ("saisi", "champ"),
    [
        ({"charte": ""}, "charte"),
        ({"courriel": "pas une adresse"}, "courriel"),
        ({"adresse_postale": "une seule ligne"}, "adresse_postale"),
        ({"adresse_postale": "\n".join("abcdefg")}, "adresse_postale"),
        ({"adresse_postale": "x" * 39 + "\nrue"}, "adresse_postale"),
        ({"nom": "Estuaire"}, "nom"),
        ({"nom": "<b>"}, "nom"),
        ({"nom": "x" * 41}, "nom"),
        ({"nom": "Camille Exemple"}, "nom"),
        ({"site_web": "http://pub.example"}, "site_web"),
    ],
)
def test_une_faute_se_dit_a_cote_du_champ(client, citoyenne, saisi, champ):
    idee = brouillon(client)
    reponse = envoyer(client, idee, **({"nom": "Roseau"} | saisi))
    assert (reponse.status_code, list(reponse.context["form"].errors)) == (422, [champ])
    if champ != "nom":
        assert reponse.context["form"]["nom"].value() == "Roseau", "what was typed stays"
    idee.refresh_from_db()
    assert (idee.etat, Depot.objects.count()) == ("brouillon", 0)


def test_trop_rapide_pour_une_personne(client):
    assert TEMPS_MIN > 0
    reponse = envoyer(client, brouillon(client))
    assert (reponse.status_code, Depot.objects.count()) == (422, 0)


def test_beaucoup_d_idees_d_une_meme_connexion_attendent(client):
    for _rang in range(DEPOTS.maximum):
        assert envoyer(client, brouillon(client)).status_code == 200
    idee = brouillon(client)
    reponse = envoyer(client, idee, nom="Roseau")
    assert (reponse.status_code, reponse.context["form"]["nom"].value()) == (429, "Roseau")
    assert "60 min" in reponse.content.decode()


def test_un_entete_invente_ne_change_pas_de_connexion(client, settings):
    """IP-01: without a trusted proxy, what the request says of itself counts for nothing."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for rang in range(DEPOTS.maximum + 1):
        idee = brouillon(client)
        adresse = reverse("idees:deposer", args=[idee.pk])
        saisi = champs_de(client.get(adresse)) | {"charte": "on"}
        reponse = client.post(adresse, saisi, HTTP_X_FORWARDED_FOR=f"203.0.113.{rang}")
    assert reponse.status_code == 429


def test_une_idee_sans_compte_est_toujours_relue():
    idee = IdeeFabrique(auteur=None, boite=BoiteFabrique(moderation="apres"))
    Depot.objects.create(idee=idee, canal="en_ligne", secret_empreinte="x")
    franchir(idee.soumettre, par=Depositaire([idee.pk], accueillie=True))
    idee.refresh_from_db()
    assert idee.etat == "a_moderer"


def test_une_boite_pour_toutes_relit_avant(agent):
    with pytest.raises(IntegrityError), transaction.atomic():
        BoiteFabrique(qui="toutes", moderation="apres")
    boite = BoiteFabrique()
    champs = {nom: getattr(boite, nom) or "" for nom in BoiteForm.Meta.fields}
    saisie = champs | {"qui": "toutes", "moderation": "apres", "service": boite.service_id}
    form = BoiteForm(saisie, instance=boite, par=agent)
    assert "relit chaque idée" in str(form.errors)
    assert "toute personne, même sans compte" in ouverte().regles_en_clair()


def test_sans_recu_on_n_envoie_pas(client):
    """The generic door of transitions cannot leave somebody without her secret."""
    idee = brouillon(client)
    reponse = client.post(reverse("timeline:etape", args=["idees.idee", idee.pk, "soumettre"]), {"etat": "brouillon"})
    assert (reponse.status_code, Depot.objects.count()) == (403, 0)


def test_une_boite_fermee_entre_temps_ne_recoit_rien(client):
    idee = brouillon(client)
    adresse = reverse("idees:deposer", args=[idee.pk])
    saisi = champs_de(client.get(adresse)) | {"charte": "on"}
    Boite.objects.update(est_active=False)
    assert client.post(adresse, saisi).status_code == 403
    idee.refresh_from_db()
    assert (idee.etat, Depot.objects.count()) == ("brouillon", 0)


# --- Doors: role × door ------------------------------------------------------------------------------------------

ROLES = ("visiteur", "tient", "tient_une_autre", "voisin", "agent", "moderatrice", "elue", "administratrice")
EQUIPE = {"agent", "administratrice"}
#: Door -> {role: status}; the others get the second number (302: to the sign-in page).
PORTES = {
    "idees:suivi": ({"tient": 200}, 404),
    "idees:deposer": ({"tient": 302}, 404),
    "idees:detail": ({"tient": 200, "agent": 200, "moderatrice": 200, "administratrice": 200}, 404),
    "idees:depot": ({"agent": 200, "administratrice": 200, "visiteur": 302, "tient": 302, "tient_une_autre": 302}, 403),
    "idees:saisir": (
        {"agent": 200, "administratrice": 200, "visiteur": 302, "tient": 302, "tient_une_autre": 302},
        403,
    ),
    "idees:lettres": (
        {"agent": 200, "administratrice": 200, "visiteur": 302, "tient": 302, "tient_une_autre": 302},
        403,
    ),
    "idees:lettre": (
        {"agent": 200, "administratrice": 200, "visiteur": 302, "tient": 302, "tient_une_autre": 302},
        403,
    ),
    "idees:suivre": ({}, 200),
    "idees:rattacher": ({"visiteur": 302, "tient": 302, "tient_une_autre": 302}, 200),
}
A_POSTER = {
    "idees:contact": ({"tient": 302}, 404),
    "idees:laisser": ({"tient": 302, "agent": 302, "moderatrice": 302, "administratrice": 302}, 404),
    "idees:refaire_le_secret": ({"agent": 302, "administratrice": 302, "visiteur": 302, "tient": 302, "tient_une_autre": 302}, 403),
}  # fmt: skip


def _entrer(client, role, idee):
    if role == "tient":
        confier(client, idee)
    elif role == "tient_une_autre":
        confier(client, depot().idee)
    elif role != "visiteur":
        client.force_login(PersonneFabrique(roles=[] if role == "voisin" else [role]))


@pytest.mark.parametrize("role", ROLES)
def test_portes(client, role):
    idee = depot(canal="courrier", contact=CONTACT).idee
    _entrer(client, role, idee)
    arguments = {"idees:saisir": [], "idees:lettres": [], "idees:suivre": [], "idees:rattacher": []}
    arguments["idees:lettre"] = [idee.pk, "accuse"]
    for table, demander in ((PORTES, client.get), (A_POSTER, client.post)):
        for porte, (statuts, sinon) in table.items():
            reponse = demander(reverse(porte, args=arguments.get(porte, [idee.pk])))
            assert (porte, role, reponse.status_code) == (porte, role, statuts.get(role, sinon))
            if "bureau" in reponse.request["PATH_INFO"] and reponse.status_code == 302 and role not in EQUIPE:
                assert "/comptes/login/" in reponse["Location"]


@pytest.mark.parametrize(
    ("etat", "transition", "attendu"),
    [
        ("a_moderer", "abandonner", "retiree"),
        ("publiee", "retirer", "retiree"),
        ("en_etude", "retirer", "409"),
        ("a_moderer", "publier", "403"),
        ("publiee", "prendre", "403"),
    ],
)
def test_machine_pour_qui_tient(etat, transition, attendu):
    idee = depot(etat).idee
    arguments = {"retirer": {"motif": "Je change d’avis."}, "prendre": {"service": idee.boite.service}}.get(
        transition, {}
    )
    for personne, statut in (
        (AnonymousUser(), "403"),
        (Depositaire([idee.pk + 1]), "403"),
        (PersonneFabrique(), "403"),
    ):
        assert issue(idee, transition, personne, **arguments) == ("409" if attendu == "409" else statut)
    assert issue(idee, transition, Depositaire([idee.pk]), **arguments) == attendu


def test_elle_retire_par_la_page_commune(client):
    idee = depot("publiee").idee
    confier(client, idee)
    adresse = reverse("timeline:etape", args=["idees.idee", idee.pk, "retirer"])
    assert client.get(adresse).status_code == 200
    assert client.post(adresse, {"etat": "publiee", "motif": "Je change d’avis."}).status_code == 302
    idee.refresh_from_db()
    assert idee.etat == "retiree"
    entree = Entree.objects.filter(type="idees.retirer").get()
    assert (entree.par, entree.nom_de_l_auteur) == (None, "une personne sans compte")


# --- Names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("nom", "affiche"), [("Roseau 12", "Roseau 12"), ("", "Une habitante, un habitant")])
def test_son_nom_partout(client, moderatrice, nom, affiche):
    projet = ProjetFabrique()
    idee = depot("publiee", contact={"nom": nom}).idee
    Idee.objects.filter(pk=idee.pk).update(projet_ouvert=projet)
    a_lire = depot(contact={"nom": nom}).idee
    for adresse in (
        idee.get_absolute_url(),
        reverse("idees:liste"),
        idee.boite.get_absolute_url(),
        projet.get_absolute_url(),
    ):
        page = client.get(adresse).content.decode()
        assert affiche in page, adresse
        assert "Participant effacé" not in page, adresse
    assert client.get(reverse("api:idee", args=[idee.pk])).json()["auteur"] == affiche
    client.force_login(moderatrice)
    for adresse in (reverse("moderation:file"), a_lire.get_absolute_url()):
        page = client.get(adresse).content.decode()
        assert affiche in page, adresse
        assert "Participant effacé" not in page, adresse


def test_qui_est_partie_reste_effacee(citoyenne):
    idee = IdeeFabrique(auteur=citoyenne, etat="publiee")
    citoyenne.delete()
    idee.refresh_from_db()
    assert idee.nom_de_l_auteur == "Participant effacé"
    assert brouillon().nom_de_l_auteur == "Une personne sans compte"


def test_rattachee_puis_effacee_elle_reste_effacee(client, citoyenne):
    fait = depot("publiee", contact={"nom": "Roseau"})
    confier(client, fait.idee)
    depots.rattacher(fait, par=citoyenne)
    citoyenne.delete()
    idee = Idee.objects.get(pk=fait.idee_id)
    assert idee.nom_de_l_auteur == "Participant effacé"
    assert client.get(reverse("idees:suivi", args=[idee.pk])).status_code == 404, "an old browser holds it no longer"


# --- Contact -----------------------------------------------------------------------------------------------------


def test_le_contact_ne_se_lit_nulle_part(client, citoyenne, voisin, moderatrice, elue, agent):
    """AC-13: from page to page and feed to feed, as everybody; the desk page alone shows it, to agents."""
    publiee = depot("publiee", canal="courrier", contact=CONTACT | {"nom": "Roseau"})
    etudiee = depot("publiee", contact=CONTACT, boite=publiee.idee.boite)
    franchir(etudiee.idee.prendre, par=agent, service=etudiee.idee.boite.service)
    publier_reponse(etudiee.idee)
    refusee = depot("refusee", contact=CONTACT, boite=publiee.idee.boite)
    masquer(publiee.idee, par=moderatrice, motif="publicite", explication="C’est une publicité.")
    vues = set()
    for personne in (None, voisin, moderatrice, elue, agent):
        if personne:
            client.force_login(personne)
        vues |= _parcourir(client, sauf="bureau/depots/")
    assert {"idees:detail", "idees:liste", "api:idees", "timeline:registre", "moderation:file"} <= vues
    bureau = client.get(reverse("idees:depot", args=[refusee.idee_id])).content.decode()
    assert COURRIEL in bureau


def _parcourir(client, sauf) -> set[str]:
    """Follow every link of the site from a few doors; the names of the routes that were read. A canary stops it."""
    pks = list(Idee.objects.values_list("pk", flat=True))
    api = [reverse("api:idees"), *(reverse("api:idee", args=[pk]) for pk in pks)]
    registres = [reverse("timeline:registre", args=["generale"]), reverse("timeline:atom"), reverse("idees:points")]
    a_voir = ["/", *api, *registres, reverse("moderation:file"), *(reverse("idees:detail", args=[pk]) for pk in pks)]
    connues, routes = set(a_voir), set()
    semblables: Counter[str] = Counter()
    while a_voir:
        adresse = a_voir.pop(0)
        reponse = client.get(adresse)
        corps = b"".join(reponse) if reponse.streaming else reponse.content
        texte = corps.decode(errors="replace") + str(reponse.headers)
        assert "canari" not in texte.lower(), adresse
        if reponse.status_code == 200:
            routes.add(resolve(adresse.split("?")[0]).view_name)
        for lien in re.findall(r'href="(/[^"#]*)', texte):
            if (
                lien not in connues
                and semblables[re.sub(r"\d+|=[^&]*", "", lien)]
                < 3  # of a list, its other orders and filters show the same
                and sauf not in lien
                and not lien.startswith(("/static/", "/administration/", "/comptes/", "/langue/"))
            ):
                connues.add(lien)
                semblables[re.sub(r"\d+|=[^&]*", "", lien)] += 1
                a_voir.append(lien)
    return routes


@pytest.mark.parametrize(
    ("etat", "jours", "oublie"),
    [
        ("a_moderer", 1000, False),
        ("a_moderer", 1100, True),
        ("publiee", 1000, False),
        ("en_etude", 1000, False),
        ("non_retenue", 89, False),
        ("non_retenue", 91, True),
        ("refusee", 91, True),
        ("retiree", 91, True),
        ("realisee", 91, True),
        ("retenue", 700, False),
        ("retenue", 731, True),
    ],
)
def test_le_contact_est_oublie_apres_usage(freezer_ou_futur, etat, jours, oublie):
    fait = depot(etat, contact=CONTACT)
    freezer_ou_futur(jours)
    assert depots.oublier_les_contacts() == int(oublie)
    assert depots.oublier_les_contacts() == 0
    fait.refresh_from_db()
    assert (bool(fait.courriel), bool(fait.adresse_postale), bool(fait.contact_oublie_le)) == (
        not oublie,
        not oublie,
        oublie,
    )


@pytest.fixture
def freezer_ou_futur(monkeypatch):
    """Lets days pass for what asks the clock here."""

    def avancer(jours):
        apres = timezone.now() + timedelta(days=jours)
        monkeypatch.setattr("idees.depots.timezone.now", lambda: apres)

    return avancer


@pytest.mark.parametrize(
    "champs",
    [
        {"canal": "pigeon"},
        {"secret_empreinte": ""},
        {"rattache_le": timezone.now()},
        {"contact_oublie_le": timezone.now(), "courriel": COURRIEL},
    ],
)
def test_contraintes(champs):
    fait = depot()
    with pytest.raises(IntegrityError), transaction.atomic():
        Depot.objects.filter(pk=fait.pk).update(**champs)


def test_contraintes_des_agents_et_des_lettres(agent):
    fait = depot()
    with pytest.raises(IntegrityError), transaction.atomic():
        Depot.objects.filter(pk=fait.pk).update(saisi_par=agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lettre.objects.create(depot=fait, genre="reponse", envoyee_par=agent)
    Lettre.objects.create(depot=fait, genre="accuse", envoyee_par=agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lettre.objects.create(depot=fait, genre="accuse", envoyee_par=agent)


# --- Mails -------------------------------------------------------------------------------------------------------


def _telle_que_recue(adresse=COURRIEL):
    rattraper()
    return list(Courriel.objects.filter(destinataire=adresse).order_by("pk"))


def test_elle_recoit_ce_que_recoit_une_autrice(client, monkeypatch):
    monkeypatch.setattr("notifications.tasks.RETARD", timedelta(0))
    fait = depot("realisee", contact={"courriel": COURRIEL})
    recus = _telle_que_recue()
    types = {"idees.soumettre", "idees.publier", "idees.prendre", "reponses.publier", "idees.realiser", "idees.achever"}
    dits = {Entree.objects.get(pk=int(c.cle.split(":")[1])).type for c in recus}
    assert types <= dits
    for courriel in recus:
        assert ECRIT not in courriel.texte
        assert SECRET not in courriel.texte + courriel.html
        assert "/idees/suivre/lien/" in courriel.texte
        assert "/idees/suivre/arreter/" in courriel.texte
        assert "/idees/suivre/arreter/" in courriel.entetes["List-Unsubscribe"]
        assert "preferences" not in courriel.texte
    assert fait.courriel == COURRIEL


def test_un_refus_lui_dit_pourquoi(client, monkeypatch):
    monkeypatch.setattr("notifications.tasks.RETARD", timedelta(0))
    depot("refusee", contact={"courriel": COURRIEL})
    assert "C’est une publicité." in _telle_que_recue()[-1].texte


def test_chaque_courriel_laisse_arreter(client, monkeypatch):
    monkeypatch.setattr("notifications.tasks.RETARD", timedelta(0))
    fait = depot(contact=CONTACT)
    adresse = _telle_que_recue()[0].entetes["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert client.get(f"/{adresse}").status_code == 200
    fait.refresh_from_db()
    assert fait.courriel == COURRIEL, "opening changes nothing"
    assert client.post(f"/{adresse}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    fait.refresh_from_db()
    assert (fait.courriel, fait.adresse_postale) == ("", ADRESSE)
    assert client.get("/idees/suivre/arreter/faux/").status_code == 404


def test_le_lien_d_un_courriel_ouvre_par_son_bouton(client, agent):
    fait = depot(contact=CONTACT)
    adresse = reverse("idees:suivre_par_lien", args=[depots.lien_de(fait)])
    assert client.get(adresse).status_code == 200
    assert client.get(reverse("idees:suivi", args=[fait.numero])).status_code == 404
    assert client.post(adresse)["Location"] == reverse("idees:suivi", args=[fait.numero])
    assert client.get(reverse("idees:suivi", args=[fait.numero])).status_code == 200
    depots.refaire_le_secret(fait, par=agent, mot="Z" * 20)
    assert client.get(adresse).status_code == 404, "a link dies with the secret of its day"
    assert client.post(adresse).status_code == 404
    assert client.get(reverse("idees:suivi", args=[fait.numero])).status_code == 404, "and so does what it opened"


def test_sans_adresse_personne_n_est_prevenu(monkeypatch):
    monkeypatch.setattr("notifications.tasks.RETARD", timedelta(0))
    depot("publiee")
    rattraper()
    assert not Courriel.objects.filter(texte__contains="/idees/suivre/lien/").exists()


# --- Limits ------------------------------------------------------------------------------------------------------


def test_deux_cents_essais_a_la_fois_n_en_passent_que_cinq():
    """AUTH-02."""
    limite = Limite("essai", 5, 60)
    with ThreadPoolExecutor(16) as bras:
        attentes = list(bras.map(lambda _rang: limite.compter("x"), range(200)))
    assert attentes.count(0) == 5
    assert max(attentes) <= 60


def test_un_brouillon_n_a_pas_de_depot_visible():
    with pytest.raises(EtapeInterdite):
        depots.deposer(brouillon(), par=AnonymousUser(), mot=SECRET)
    fait = depot("retiree")
    with pytest.raises(EtapeImpossible):
        depots.deposer(fait.idee, par=Depositaire([fait.idee_id]), mot="Z" * 20)
