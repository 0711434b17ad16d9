"""Hidden results: every door that the site shows, walked by everybody, tells no figure before its time."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command

from comptes.models import Utilisateur
from consultations.models import Participation
from consultations.questionnaire import Choix, Genre
from consultations.valeurs import Valeur
from tests.consultations.fabriques import consultation, fermer, question, repondre_en_masse, une_page

pytestmark = pytest.mark.django_db

REPONSES = 1947
TRACES = re.compile(
    r"\b1[\s\u00a0\u202f.,]?947\b|\b1[\s\u00a0\u202f.,]?433\b|\b514\b|\b73[.,]6|\b26[.,]4|MOTS-CANARI|LIEU-CANARI"
)
#: Outlines of icons, fingerprints and instants (« 12:00:26.4… »): digits that count nothing.
SANS_CHIFFRE = re.compile(r"""\bd=["'][^"']*["']|\b[0-9a-f]{16,}\b|\b[\d-]{10}[T ][\d:.]{8,15}""")
#: A value of `data-…` may be words or a number: it is an address when it begins as one.
ADRESSE = re.compile(r"""(?:href|src|action|hx-get|data-[\w-]+(?==["'](?:[/?]|https?:)))=["']([^"'#]+)""")
PAGES_MAX = 105
DEPARTS = (
    "/",
    "/consultations/",
    "/chronologie/",
    "/chronologie/atom.xml",
    "/calendrier.ics",
    "/recherche/?q=canari",
    "/api/v1/consultations/",
    "/mon-espace/",
    "/mon-espace/consultations/",
    "/mon-espace/mes-donnees/",
    "/bureau/",
    "/bureau/signatures/",
    "/bureau/consultations/",
    "/administration/",
    "/plan-du-site/",
    "/plan.xml",
    "/plan-pages.xml",
    "/sante",
)
PORTES = (
    "",
    "resultats/",
    "resultats/croiser/",
    "resultats/croiser/?question=q1&par=territoire",
    "resultats/textes/q2/",
    "donnees/reponses.csv",
    "donnees/reponses.json",
    "donnees/dictionnaire.csv",
    "code/",
)


def _tenue(client, adresse, personne) -> list[str]:
    """Asks one address, finds no trace in what comes, and gives the addresses that it names."""
    reponse = client.get(adresse)
    corps = reponse.getvalue() if reponse.streaming else reponse.content
    entetes = " ".join(f"{nom}: {valeur}" for nom, valeur in reponse.items())
    if reponse.get("Content-Type", "").startswith(("image/", "font/", "application/pdf", "application/zip")):
        return []
    texte = unescape(corps.decode(errors="replace"))
    vu = f"{SANS_CHIFFRE.sub('', texte)}\n{entetes}"
    trouvee = TRACES.search(vu)
    assert not trouvee, (adresse, str(personne), vu[max(0, trouvee.start() - 200) : trouvee.end() + 60])
    if reponse.status_code in {301, 302}:
        return [urljoin(adresse, reponse["Location"])]
    if not reponse.get("Content-Type", "").startswith("text/html"):
        return []
    return [urljoin(adresse, trouve) for trouve in ADRESSE.findall(texte)]


def _a_suivre(adresse: str) -> str | None:
    vue = urlsplit(adresse)
    if vue.netloc not in {"", "testserver"} or vue.scheme not in {"", "http", "https"} or not vue.path.startswith("/"):
        return None
    if vue.path.startswith(("/static/", "/fichiers/", "/media/", "/compte", "/administration/doc", "/api/v1/schema")):
        return None
    return vue.path + (f"?{vue.query}" if vue.query else "")


@pytest.mark.une_fois("des pages et des droits ; les portes des résultats s'ouvrent sur PostgreSQL dans test_resultats")
@pytest.mark.parametrize("resultats", ["cloture", "restitution"])
def test_aucune_porte_du_site_ne_dit_un_chiffre(
    resultats, client, agent, elue, moderatrice, administratrice, citoyenne
):
    call_command("charger_territoires", verbosity=0)
    ouverte = consultation(
        une_page(question("q1", choix=(Choix("a", "Canari"), Choix("b", "Non"))), question("q2", Genre.TEXTE_COURT)),
        titre="Consultation canari",
        resultats=resultats,
        agent=agent,
    )
    sondage = consultation(
        une_page(question("q1")),
        titre="Sondage canari",
        genre="sondage",
        presentation="ensemble",
        profil=False,
        resultats=resultats,
        agent=agent,
    )
    for posee in (ouverte, sondage):
        repondre_en_masse(
            posee,
            [
                {"q1": Valeur(choix=("a" if n < 1433 else "b",)), "q2": Valeur(texte="MOTS-CANARI")}
                for n in range(REPONSES)
            ],
            accord_textes=True,
        )
    # She has answered, and sees no more for it than her own words.
    sienne = ouverte.participations.first()
    Participation.objects.filter(pk=sienne.pk).update(personne=citoyenne)
    sienne.donnees.filter(question="q2").update(texte="Les miens")
    if resultats == "restitution":
        ouverte, sondage = fermer(ouverte), fermer(sondage)
    siennes = [f"{c.get_absolute_url()}{porte}" for c in (ouverte, sondage) for porte in PORTES]
    siennes += [f"/integrer/sondages/{sondage.slug}/", f"/oembed?url=http://testserver{sondage.get_absolute_url()}"]
    siennes += [f"/api/v1/consultations/{c.slug}/{suite}" for c in (ouverte, sondage) for suite in ("", "resultats/")]
    for nom in ("consultation", "participation", "donnee", "version", "piece"):
        siennes.append(f"/administration/consultations/{nom}/")
    # After the end, those who conduct it read them to write the account that is awaited.
    equipe = {agent, administratrice} if ouverte.est_finie else set()
    for personne in (p for p in (None, citoyenne, agent, elue, moderatrice, administratrice) if p not in equipe):
        client.logout()
        if isinstance(personne, Utilisateur):
            client.force_login(personne)
        vues, file = set(), [*siennes, *DEPARTS]
        while file and len(vues) < PAGES_MAX:
            adresse = file.pop(0)
            # One page of each list is enough: its order and its filters show the same cards.
            forme = re.sub(r"\d+", "0", adresse)
            if forme in vues:
                continue
            vues.add(forme)
            file += [suite for trouvee in _tenue(client, adresse, personne) if (suite := _a_suivre(trouvee))]
        assert len(vues) > 60, "the walk found few pages"
        for c in (ouverte, sondage):
            for porte in PORTES[2:8]:
                assert client.get(f"{c.get_absolute_url()}{porte}").status_code == 404
            assert client.get(f"/api/v1/consultations/{c.slug}/resultats/").status_code == 404


def test_la_marche_sait_trouver_un_chiffre(client):
    """The walk above would see them: once they may be seen, it finds them at each door that shows any."""
    ouverte = consultation(titre="Consultation canari")
    repondre_en_masse(ouverte, [{"q1": Valeur(choix=("a" if n < 1433 else "b",))} for n in range(REPONSES)])
    finie = fermer(ouverte)
    for porte in (f"{finie.get_absolute_url()}resultats/", f"/api/v1/consultations/{finie.slug}/resultats/"):
        with pytest.raises(AssertionError, match=r"canari/resultats"):
            _tenue(client, porte, None)
