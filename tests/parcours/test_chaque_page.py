"""Every page of the demonstration, as each person, on a phone and on a desk: axe-core finds nothing, nothing overflows, nothing
is asked of another site, and the page says the same without JavaScript.
"""

import pytest

from comptes.demonstration import DOMAINE
from portail.demonstration.personnes import MOT_DE_PASSE
from tests.parcours.conftest import violations

#: By far the longest of the stories: the workers share it, each with a site of its own.
DEHORS, DEDANS, ENSEMBLE = (pytest.mark.xdist_group(f"pages-{qui}") for qui in ("dehors", "dedans", "ensemble"))
#: The phone first: what a page decides when it opens, it decides on the small screen; then the window grows.
LARGEURS = (360, 1280)
EN_SOMBRE = {"", "citoyenne"}

#: Who -> the pages she opens. {…} are found on the site itself.
PAGES = {
    "": [
        "/", "/idees/", "/idees/?etat=retard", "/idees/?theme=bien-vieillir&page=1", "/idees/?vue=carte",
        "/idees/?ordre=moins_vues", "/idees/?pres=nantes", "/idees/calendrier/", "{idee}affiche/",
        "/idees/proposer/", "{idee}", "{idee_repondue}",
        "{recit}", "{recit}imprimer/",
        "{boite}", "{fusion}", "/projets/", "{projet}", "{projet_documents}", "/chronologie/",
        "/chronologie/?genre=reponses", "{entree}",
        "/chronologie/registre/", "/reponses/", "/reponses/?genre=corrections",
        "/reponses/?decision=go&raison=cout", "/reponses/attendues/",
        "/reponses/chiffres/", "{reponse}", "{reponse_relue}", "{reponse_en_attente}",
        "/comptes/login/", "/comptes/signup/", "/comptes/password/reset/",
        "/charte/", "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/", "/contact/", "/plan-du-site/",
        "/comment-ca-marche/",
        "/votes/", "/votes/?etat=finis",
        "/communautes/", "/communautes/?q=voisins", "/communautes/?q=introuvable", "{communaute}", "{communaute}journal/",
        "{communaute_fermee}", "{communaute_en_sommeil}",
        "/consultations/", "/consultations/?etat=finies", "{consultation}", "{consultation}repondre/", "{sondage}", "{sondage}code/",
        "{bilan}", "/participations/", "/moderation/registre/", "{signaler}", "/courriels/", "/composants/", "/nulle-part/",
    ],
    "citoyenne": [
        "/mon-espace/", "/mon-espace/idees/", "/mon-espace/soutiens/", "/mon-espace/commentaires/", "/mon-espace/accords/",
        "/mon-espace/suivis/", "/mon-espace/reponses-attendues/", "/mon-espace/mes-donnees/",
        "{ma_reponse_officielle}", "{demander_lecture}",
        "/mon-espace/votes/", "/mon-espace/communautes/", "/communautes/?liste=miennes", "/communautes/proposer/",
        "{communaute}", "{communaute}membres/", "{communaute}membres/inviter/", "{communaute}modifier/",
        "{communaute_fermee}rejoindre/",
        "/mon-espace/consultations/", "{consultation}repondre/", "{consultation}relire/", "{ma_reponse}",
        "{proposer}", "/notifications/", "/notifications/preferences/", "/mon-profil/", "/comptes/2fa/", "{idee}",
        "{retirer}",
    ],
    "agent": [
        "/bureau/lots/", "/bureau/lots/nouveau/", "/bureau/modeles-de-reponse/", "/bureau/modeles-de-reponse/nouveau/",
        "/bureau/", "/bureau/integrer/", "{saisir_reponse}", "/bureau/consultations/", "/bureau/consultations/nouvelle/",
        "/bureau/importations/", "/bureau/importations/nouvelle/", "{idee_etude}", "{rediger}", "{reunir}",
        "{communaute_fermee}membres/", "{communaute_proposee}", "{appel}", "/bureau/appels/", "/bureau/appels/?etat=finis",
        "/bureau/votes/", "/bureau/votes/nouveau/", "/bureau/votes/reprendre/",
        "/nouveau-projet/", "{conduire}", "{regler}",
        "{composer}", "{raconter}", "{retarder}", "{nouvelle}",
    ],
    "moderatrice": ["/moderation/"],
    "mediatrice": ["/bureau/mediation/", "{reponse_en_attente}", "/bureau/appels/", "{appel}"],
    "elue": ["/bureau/signatures/", "{dossier}"],
}  # fmt: skip

GROUPES = {"": DEHORS, "citoyenne": DEDANS}

#: Of the page that is open: an address with a mistake in it would show a very accessible « introuvable ».
STATUT = "performance.getEntriesByType('navigation')[0].responseStatus"
#: Time for the page to take its new width.
DEUX_IMAGES = "new Promise(fini => requestAnimationFrame(() => requestAnimationFrame(fini)))"
TROUVER = """
from communautes.models import Appel, Communaute
from consultations.models import Consultation, Participation
from idees.models import Fusion, Idee
from projets.models import Projet, Recit
from reponses.models import Jalon, Reponse
from timeline.models import Entree
i = lambda **f: Idee.objects.filter(**f).order_by("-publiee_le").first()
etude = Idee.objects.filter(etat="en_etude", reponses__isnull=True).first()
mienne = Idee.objects.filter(etat="publiee", auteur__email__startswith="citoyenne").first()
print("idee", i(etat="publiee", photos__isnull=False).get_absolute_url())
print("idee_repondue", i(etat="retenue").get_absolute_url())
print("idee_etude", etude.get_absolute_url())
print("rediger", f"/reponses/rediger/idees.idee/{etude.pk}/")
print("retirer", f"/etapes/idees.idee/{mienne.pk}/retirer/")
print("fusion", Fusion.objects.first().get_absolute_url())
print("reunir", f"/idees/{mienne.pk}/reunir/?avec={i(etat='publiee', fusions__isnull=False).pk}")
print("boite /idees/boites/j-ai-une-idee/")
print("regler /idees/boites/j-ai-une-idee/regler/")
print("proposer /idees/boites/j-ai-une-idee/proposer/")
print("signaler", f"/signaler/idees.idee/{i(etat='publiee').pk}/")
c = {c.titre.split()[1]: c for c in Consultation.objects.all()}
print("consultation", c["rue"].get_absolute_url())
print("sondage", c["piscine"].get_absolute_url())
print("bilan", c["navette"].get_absolute_url())
print("saisir_reponse", f"/bureau/consultations/{c['rue'].slug}/saisir/")
envoyee = Participation.objects.get(personne__email__startswith="citoyenne", envoyee_le__isnull=False)
print("ma_reponse", f"/participations/{envoyee.numero}/")
for nom, debut in [("communaute", "Réseau"), ("communaute_fermee", "Se déplacer"), ("communaute_en_sommeil", "Les jardins"),
                   ("communaute_proposee", "Réparer")]:
    print(nom, Communaute.objects.get(nom__startswith=debut).get_absolute_url())
print("appel", Appel.objects.get().get_absolute_url())
p = Projet.objects.get(titre__startswith="Des rues")
print("projet", p.get_absolute_url())
print("conduire", p.get_absolute_url() + "conduire/")
print("projet_documents", Projet.objects.get(titre__startswith="La place").get_absolute_url())
print("reponse", Reponse.objects.publiees().first().get_absolute_url())
print("reponse_relue", Reponse.objects.get(secondes_lectures__etat="precisee").get_absolute_url())
print("reponse_en_attente", Reponse.objects.get(secondes_lectures__etat="demandee").get_absolute_url())
siennes = Idee.objects.filter(auteur__email__startswith="citoyenne").values("pk")
a_elle = Reponse.objects.publiees().filter(corrige=None, cible_type__model="idee", cible_id__in=siennes).first()
print("ma_reponse_officielle", a_elle.get_absolute_url())
print("demander_lecture", f"{a_elle.get_absolute_url()}seconde-lecture/")
r = Recit.objects.get()
faite, attendue = Jalon.objects.exclude(fait_le=None).first(), Jalon.objects.a_tenir().first()
print("recit", r.get_absolute_url())
print("composer", r.projet.get_absolute_url() + "recit/composer/")
print("raconter", f"/reponses/jalons/{faite.pk}/raconter/")
print("retarder", f"/reponses/jalons/{attendue.pk}/retard/")
print("nouvelle", f"/reponses/{faite.reponse_id}/nouvelle/")
print("dossier", Reponse.objects.get(etat="a_signer").get_absolute_url())
print("entree", Entree.objects.publiques().order_by("-le").first().get_absolute_url())
"""


@pytest.fixture(scope="module")
def adresses(site_demonstration):
    return dict(ligne.split() for ligne in site_demonstration.executer(TROUVER).splitlines())


def ouvrir(quelqu_un, site, qui, **options):
    personne = quelqu_un(site, **options)
    return personne.se_connecte(f"{qui}@{DOMAINE}", MOT_DE_PASSE) if qui else personne


@pytest.mark.parametrize("qui", [pytest.param(qui, marks=GROUPES.get(qui, ENSEMBLE)) for qui in PAGES])
def test_chaque_page_se_lit(site_demonstration, adresses, quelqu_un, qui):
    """Each page is opened on a phone, then the window grows; then in the dark. To a visitor it says the same without JavaScript."""
    personne = ouvrir(quelqu_un, site_demonstration, qui)
    sans_javascript = None if qui else quelqu_un(site_demonstration, javascript=False)
    fautes = []
    for gabarit in PAGES[qui]:
        personne.page.set_viewport_size({"width": LARGEURS[0], "height": 800})
        page = personne.va(gabarit.format(**adresses))
        for largeur in LARGEURS:
            fautes += [f"{gabarit} à {largeur} px : {faute}" for faute in a_cette_largeur(page, largeur)]
        if qui in EN_SOMBRE:
            fautes += [f"{gabarit}, en sombre : {faute}" for faute in en_sombre(page)]
        if (page.evaluate(STATUT) == 200) is (gabarit == "/nulle-part/"):
            fautes.append(f"{gabarit} : réponse {page.evaluate(STATUT)}")
        if page.locator("h1").count() != 1:
            fautes.append(f"{gabarit} : {page.locator('h1').count()} titres h1")
        if sans_javascript and titres(page) != titres(sans_javascript.va(gabarit.format(**adresses))):
            fautes.append(f"{gabarit} : {titres(page)}, sans JavaScript {titres(sans_javascript.page)}")
    assert fautes == []


def a_cette_largeur(page, largeur) -> list[str]:
    page.set_viewport_size({"width": largeur, "height": 800})
    page.evaluate(DEUX_IMAGES)
    deborde = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return violations(page) + ["déborde"] * deborde


def en_sombre(page) -> list[str]:
    """Opened again, so that no colour is on its way. Only colours change: the other rules have read the page in the light."""
    page.emulate_media(color_scheme="dark")
    page.reload()
    trouvees = violations(page, "color-contrast", "link-in-text-block")
    page.emulate_media(color_scheme="light")
    return trouvees


def titres(page) -> list[str]:
    return page.locator("main h1, main h2").all_inner_texts()


@ENSEMBLE
def test_un_tableau_plus_large_que_l_ecran_defile_seul(site_demonstration, quelqu_un):
    """Words for screen readers alone, far on its right, are not far on the right of the page: « – » in the figures."""
    page = quelqu_un(site_demonstration, largeur=360).va("/reponses/chiffres/")
    assert page.locator(".table-responsive td .visually-hidden").count() > 0
    page.evaluate("document.querySelectorAll('.table-responsive td').forEach(c => { c.style.minWidth = '20rem' })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@ENSEMBLE
def test_au_clavier_on_va_au_contenu_puis_on_soutient(site_demonstration, adresses, quelqu_un):
    personne = ouvrir(quelqu_un, site_demonstration, "citoyenne")
    page = personne.va(adresses["idee"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if "soutiens" in (page.evaluate("document.activeElement.innerText") or ""):
            break
    page.keyboard.press("Enter")
    personne.lit("Vous soutenez cette idée")
