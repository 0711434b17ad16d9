"""A citizen founds a community on request, an agent opens it; a neighbour comes in, another is refused with a reason, a third is
excluded, appeals, and is brought back by the mediator. Without JavaScript for one of them; strangers see nothing of the inside.
"""

import pytest
from playwright.sync_api import expect

from tests.parcours.conftest import violations

PREPARER = """
from allauth.account.models import EmailAddress
from comptes.models import Role, Utilisateur
for nom, role in [("Camille Exemple", ""), ("Méline Supposée", "mediatrice")]:
    adresse = nom.split()[0].lower().replace("é", "e") + "@essai.example"
    p = Utilisateur.objects.create_user(adresse, nom, "une phrase assez longue")
    EmailAddress.objects.create(user=p, email=adresse, verified=True, primary=True)
    if role: Role.objects.create(personne=p, role=role)
"""
ADRESSE = "/communautes/nos-trajets-fictifs/"
NOM = "Nos trajets fictifs"


@pytest.fixture(scope="module", autouse=True)
def _gens(site):
    site.executer(PREPARER)


def sans_faute(personne, largeur) -> None:
    assert violations(personne.page) == []
    assert personne.page.evaluate("document.documentElement.scrollWidth") <= largeur


def remplir_la_proposition(page) -> None:
    page.get_by_label("Nom", exact=True).fill(NOM)
    page.get_by_label("En une phrase").fill("Ce qui rend nos trajets difficiles, et ce qui aiderait.")
    page.get_by_label("Description").fill("On regarde de près un arrêt, un feu, une correspondance.")
    page.get_by_label("Sur demande").check()
    page.get_by_label("Rattachée à").select_option(label="Vie de quartier")


def test_proposer_sur_un_telephone_puis_ouvrir(site, quelqu_un):
    camille = quelqu_un(site, "camille@essai.example", largeur=360)
    page = camille.va("/communautes/")
    camille.lit("Aucune communauté pour le moment")
    sans_faute(camille, 360)
    camille.appuie("Proposer une communauté")
    sans_faute(camille, 360)
    remplir_la_proposition(page)
    camille.appuie("Envoyer ma proposition")
    camille.lit("Écrivez la charte")
    expect(page.get_by_label("Nom", exact=True)).to_have_value(NOM)
    sans_faute(camille, 360)
    page.get_by_label("Charte").fill("On parle de trajets réels.")
    camille.appuie("Envoyer ma proposition")
    camille.lit("Votre proposition est envoyée")
    camille.lit("L’équipe la lira")
    sans_faute(camille, 360)

    visiteur = quelqu_un(site)
    assert visiteur.page.goto(ADRESSE).status == 404

    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va("/bureau/")
    alix.page.locator("#communautes").get_by_role("link", name=f"Lire et décider {NOM}").click()
    sans_faute(alix, 1280)
    alix.appuie("Ouvrir la communauté")
    sans_faute(alix, 1280)
    alix.appuie("Ouvrir la communauté")
    alix.lit("Vous êtes la personne référente")
    sans_faute(alix, 1280)
    assert visiteur.page.goto(ADRESSE).status == 200
    visiteur.lit("Se connecter pour rejoindre")
    sans_faute(visiteur, 1280)


def demander(personne, mot) -> None:
    personne.va(ADRESSE)
    personne.appuie("Demander à entrer")
    personne.page.get_by_label("Votre message").fill(mot)
    personne.appuie("Envoyer ma demande")
    personne.lit("Votre demande est envoyée")


def test_l_un_entre_l_autre_non(site, quelqu_un):
    un = quelqu_un(site, "voisin.un@essai.example", javascript=False)
    demander(un, "Je prends le bus tous les jours.")
    deux = quelqu_un(site, "voisin.deux@essai.example", largeur=360)
    deux.va(f"{ADRESSE}rejoindre/")
    sans_faute(deux, 360)
    demander(deux, "Achetez mes trottinettes.")
    sans_faute(deux, 360)

    camille = quelqu_un(site, "camille@essai.example", largeur=360)
    camille.va(ADRESSE)
    camille.page.get_by_role("link", name="2 demandes attendent").click()
    camille.lit("Je prends le bus tous les jours.")
    sans_faute(camille, 360)
    camille.page.get_by_role("button", name="Accueillir : Voisin Un").click()
    camille.lit("c’est fait")
    camille.page.get_by_role("link", name="Refuser : Voisin Deux").click()
    sans_faute(camille, 360)
    camille.page.get_by_label("Votre raison").fill("Ici on ne vend rien.")
    camille.appuie("Refuser")
    camille.lit("Personne n’attend.")

    un.va(ADRESSE)
    un.lit("Vous êtes membre de cette communauté.")
    un.va(f"{ADRESSE}membres/")
    un.lit("Camille Exemple")
    assert "Voisin Deux" not in un.page.content()
    deux.va(ADRESSE)
    deux.lit("Ici on ne vend rien.")
    sans_faute(deux, 360)
    assert deux.page.goto(f"{ADRESSE}membres/").status == 403
    assert deux.page.goto(f"{ADRESSE}journal/").status == 403


def test_exclue_puis_reintegree(site, quelqu_un):
    camille = quelqu_un(site, "camille@essai.example")
    camille.va(f"{ADRESSE}membres/")
    sans_faute(camille, 1280)
    camille.page.get_by_role("link", name="Exclure : Voisin Un").click()
    sans_faute(camille, 1280)
    camille.page.get_by_label("Votre raison").fill("A publié l’adresse d’une voisine.")
    camille.appuie("Exclure")
    camille.lit("Personnes exclues")
    sans_faute(camille, 1280)

    un = quelqu_un(site, "voisin.un@essai.example", largeur=360)
    un.va("/mon-espace/communautes/")
    sans_faute(un, 360)
    un.va(ADRESSE)
    un.lit("A publié l’adresse d’une voisine.")
    sans_faute(un, 360)
    un.appuie("Faire appel")
    sans_faute(un, 360)
    un.page.get_by_label("Pourquoi cette exclusion n’est pas juste").fill("C’était mon adresse.")
    un.appuie("Déposer mon appel")
    un.lit("Votre appel attend une réponse")
    sans_faute(un, 360)

    meline = quelqu_un(site, "meline@essai.example", largeur=360)
    meline.va("/bureau/mediation/")
    sans_faute(meline, 360)
    meline.page.locator("main").get_by_role("link", name="Appels d’exclusions").click()
    sans_faute(meline, 360)
    meline.page.get_by_role("link", name=f"Voisin Un : {NOM}").click()
    meline.lit("C’était mon adresse.")
    sans_faute(meline, 360)
    assert meline.page.goto(f"{ADRESSE}membres/").status == 403, "whoever decides reads the appeal, not the inside"
    meline.page.go_back()
    meline.appuie("Donner raison et réintégrer")
    sans_faute(meline, 360)
    meline.page.get_by_label("Votre réponse motivée").fill("L’adresse était bien la sienne.")
    meline.appuie("Donner raison et réintégrer")
    meline.lit("L’adresse était bien la sienne.")
    sans_faute(meline, 360)
    un.va(ADRESSE)
    un.lit("Vous êtes membre de cette communauté.")


def test_le_journal_se_rafraichit_sous_les_yeux(site, quelqu_un):
    camille = quelqu_un(site, "camille@essai.example")
    camille.va(f"{ADRESSE}journal/")
    camille.lit("est réintégré·e")
    sans_faute(camille, 1280)
    trois = quelqu_un(site, "voisin.trois@essai.example")
    demander(trois, "Bonjour.")
    camille.lit("Voisin Trois demande à entrer")
    sans_faute(camille, 1280)


def test_rien_de_l_interieur_au_dehors(site, quelqu_un):
    """For a visitor, a neighbour and the team that is not in: neither pages, nor files, nor the public chronology."""
    interieurs = [f"{ADRESSE}membres/", f"{ADRESSE}journal/"]
    for adresse in ("", "voisin.deux@essai.example", "nadia.fictive@essai.example", "elue.fictive@essai.example"):
        personne = quelqu_un(site, adresse)
        for chemin in interieurs:
            personne.page.goto(chemin)
            assert "Voisin Un" not in personne.page.content() and "Voisin Trois" not in personne.page.content()
        assert personne.page.goto(f"{ADRESSE}journal/atom.xml").status == 404
        for chemin in (
            "/chronologie/",
            "/chronologie/?genre=communautes",
            ADRESSE,
            "/communautes/",
            f"/api/v1{ADRESSE}",
        ):
            personne.page.goto(chemin)
            assert "Voisin Un" not in personne.page.content()
