"""Five ideas, five answers: prepared together (one from a model), signed on one page, and out at the same instant."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.parcours.conftest import violations

DANS_UN_MOIS = (timezone.localdate() + timedelta(days=30)).isoformat()
AUTRICES = ("voisin.un", "voisin.deux", "voisin.trois", "nadia.fictive", "ada.admin")
TITRES = [f"Un banc à l’ombre, rue fictive {n}" for n in range(1, 6)]

CINQ_IDEES = """
from comptes.models import Utilisateur
from idees.models import Boite, Idee
from projets.models import Thematique
from timeline.etapes import franchir
qui = lambda adresse: Utilisateur.objects.get(email=adresse + "@essai.example")
for n, adresse in enumerate({autrices!r}, 1):
    auteur = qui(adresse)
    idee = Idee.objects.create(
        boite=Boite.objects.get(), titre=f"Un banc à l’ombre, rue fictive {{n}}", texte="Il n’y a pas un siège dans cette rue.",
        thematique=Thematique.objects.get(), auteur=auteur,
    )
    franchir(idee.soumettre, par=auteur)
    relectrice = qui("ada.admin" if adresse == "nadia.fictive" else "nadia.fictive")
    if idee.etat == "a_moderer":
        franchir(idee.publier, par=relectrice)
    franchir(idee.prendre, par=qui("alix.agent"), service=idee.boite.service)
"""


@pytest.fixture(scope="module")
def adresses():
    """The lot of the story, once opened."""
    return {}


def saine(personne):
    """Nothing to say against the page on a phone and on a desk, and nothing overflows."""
    page = personne.page
    for largeur in (360, 1280):
        page.set_viewport_size({"width": largeur, "height": 800})
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (page.url, largeur)


def test_1_l_agent_ecrit_un_modele_et_ouvre_un_lot(site, quelqu_un, adresses):
    site.executer(CINQ_IDEES.format(autrices=AUTRICES))
    alix = quelqu_un(site, "alix.agent@essai.example", javascript=True)
    page = alix.va("/bureau/")
    alix.appuie("Modèles de réponse")
    saine(alix)
    alix.appuie("Nouveau modèle")
    page.locator("main [name=nom]").fill("Oui pour un banc")
    page.locator("main [name=sens][value=go]").check()
    page.locator("main [name=motif]").select_option("interet_general")
    page.locator("main [name=texte]").fill("Oui pour « {titre} » : {maire} s’en occupe.")
    alix.appuie("Garder le modèle")
    alix.lit("{maire} ne veut rien dire ici")
    saine(alix)
    page.locator("main [name=texte]").fill("Oui pour « {titre} » : le service {service} s’en occupe.")
    alix.appuie("Garder le modèle")
    alix.lit("Oui pour un banc")
    saine(alix)

    alix.va("/bureau/")
    alix.appuie("Lots de réponses")
    saine(alix)
    alix.appuie("Nouveau lot")
    page.locator("main [name=titre]").fill("Les bancs du printemps")
    for case in page.locator("main [name=cibles]").all():
        case.check()
    saine(alix)
    alix.appuie("Ouvrir le lot")
    expect(page).to_have_url(re.compile(r"/bureau/lots/\d+/$"))
    adresses["lot"] = page.url.removeprefix(site.adresse)
    alix.lit("« Un banc à l’ombre, rue fictive 3 » n’a pas encore de réponse.")
    saine(alix)
    # Inside only: the door of the account for a stranger, nothing at all for a citizen.
    assert "/comptes/login/" in quelqu_un(site).contexte.request.get(adresses["lot"]).url
    assert quelqu_un(site, "voisin.un@essai.example").contexte.request.get(adresses["lot"]).status == 404


def test_2_un_brouillon_part_du_modele_et_quatre_d_un_texte_commun(site, quelqu_un, adresses):
    """Without JavaScript."""
    alix = quelqu_un(site, "alix.agent@essai.example", javascript=False)
    page = alix.va(adresses["lot"])
    page.locator("main li").filter(has_text=TITRES[0]).get_by_role("link", name=re.compile("Écrire la réponse")).click()
    page.locator("main [name=modele]").select_option(label="Oui pour un banc")
    alix.appuie("Prendre ce texte")
    texte = page.locator("main [name=texte]").input_value()
    assert texte == f"Oui pour « {TITRES[0]} » : le service Espaces publics s’en occupe."
    assert page.locator("main [name=sens][value=go]").is_checked()
    page.locator("main [name=premiere_etape]").fill("Choisir l’endroit")
    page.locator("main [name=premiere_etape_le]").fill(DANS_UN_MOIS)
    alix.appuie("Garder le brouillon")

    alix.va(adresses["lot"])
    alix.appuie("Commencer les brouillons")
    page.locator("main [name=sens][value=no_go]").check()
    page.locator("main [name=motif]").select_option("technique")
    page.locator("main [name=texte]").fill("Non pour « {titre} » : le trottoir est trop étroit.")
    page.locator("main [name^=propre_]").nth(1).fill("Un tilleul y sera planté.")
    alix.appuie("Garder les brouillons")
    alix.lit("Un non propose autre chose")
    assert page.locator("main [name^=propre_]").nth(1).input_value() == "Un tilleul y sera planté."
    page.locator("main [name=alternative]").fill("Le square voisin aura deux bancs.")
    alix.appuie("Garder les brouillons")
    alix.lit("4 brouillons sont gardés.")


def test_3_le_lot_part_aux_services_puis_a_l_elue(site, quelqu_un, adresses):
    alix = quelqu_un(site, "alix.agent@essai.example")
    page = alix.va(adresses["lot"])
    saine(alix)
    alix.appuie("Consulter les services")
    saine(alix)
    page.locator("main [name=services]").first.check()
    page.locator("main [name=attendu_le]").fill(timezone.localdate().isoformat())
    alix.appuie("Consulter les services")
    alix.lit("5 réponses sont envoyées.")
    alix.appuie("Envoyer à la signature")
    page.get_by_label(re.compile("Élue Fictive")).check()
    alix.appuie("Envoyer à la signature")
    # The opinions are not given yet: which answer waits, and nothing has left.
    alix.lit("Un service n’a pas encore rendu son avis")
    site.executer("""
from comptes.models import Utilisateur
from reponses.actions import rendre_avis
from reponses.models import Avis
for avis in Avis.objects.all():
    rendre_avis(avis, par=Utilisateur.objects.get(email="alix.agent@essai.example"), texte="Vu sur place.")
""")
    alix.appuie("Envoyer à la signature")
    alix.lit("5 réponses sont envoyées.")
    # Nothing comes out before it is signed, and the page says which.
    alix.appuie("Publier ces réponses ensemble")
    alix.appuie("Publier ces réponses ensemble")
    alix.lit("n’est pas signée : son état est « À signer »")
    saine(alix)


def test_4_l_elue_lit_les_cinq_sur_une_page_et_les_signe(site, quelqu_un, adresses):
    elue = quelqu_un(site, "elue.fictive@essai.example", javascript=False, largeur=360)
    page = elue.va("/bureau/signatures/")
    elue.appuie("Les bancs du printemps")
    for titre in TITRES:
        elue.lit(f"Oui pour « {titre} »" if titre == TITRES[0] else f"Non pour « {titre} »")
    elue.lit("Un tilleul y sera planté.")
    page.locator("main [name=reponses]").first.check()
    page.locator("main [name=confirmee]").check()
    elue.appuie("Signer les réponses cochées")
    elue.page.locator("text=1 réponse est signée.").first.wait_for()
    avec = quelqu_un(site, "elue.fictive@essai.example")
    avec.va(page.url.removeprefix(site.adresse))
    saine(avec)
    page.locator("main [name=confirmee]").check()
    elue.appuie("Les signer toutes")
    elue.lit("Tout ce qui attendait votre nom dans ce lot est signé")


def test_5_les_cinq_paraissent_ensemble(site, quelqu_un, adresses):
    temoin = quelqu_un(site)
    temoin.va("/chronologie/")
    expect(temoin.page.locator("#frise-vivante")).to_have_attribute("data-es-flux-etat", "ouvert")
    temoin.va("/reponses/")
    assert "rue fictive" not in temoin.page.locator("main").inner_text()
    temoin.va("/chronologie/")
    alix = quelqu_un(site, "alix.agent@essai.example")
    alix.va(adresses["lot"])
    alix.lit("Toutes les réponses sont signées : le lot peut paraître.")
    alix.appuie("Publier ces réponses ensemble")
    alix.appuie("Publier ces réponses ensemble")
    alix.lit("Ces réponses ont paru ensemble")
    saine(alix)
    temoin.lit("5 réponses officielles sont publiées ensemble")  # without a reload
    temoin.va("/reponses/")
    for titre in TITRES:
        temoin.lit(titre)
    assert "Les bancs du printemps" not in temoin.page.content()
    numeros = site.executer(
        "from idees.models import Idee\nprint(*Idee.objects.order_by('pk').values_list('pk', flat=True))"
    ).split()
    for n, (numero, autrice) in enumerate(zip(numeros, AUTRICES, strict=True)):
        temoin.va(f"/idees/{numero}/")
        temoin.lit("Réponse officielle")
        temoin.lit("Élue Fictive")
        temoin.lit(f"{'Oui' if n == 0 else 'Non'} pour « {TITRES[n]} »")
        page = temoin.va(f"/courriels/?destinataire={autrice}@essai.example")
        lettres = page.locator("main").inner_text()
        assert lettres.count(TITRES[n]) >= 1 and "éponse" in lettres, (autrice, lettres)
    site.gerer("verifier_journal")
