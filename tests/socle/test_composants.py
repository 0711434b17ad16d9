"""Components, forms and gallery: what is drawn, and what is said to those who listen to the page."""

import itertools
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from config.fichiers_npm import FICHIERS_NPM
from socle.templatetags import composants

RACINE = Path(settings.RACINE)
GABARITS = RACINE / "templates"
#: Parts of base.html itself, and parts of other components: they need no place of their own in the gallery.
ENTRE_EUX = {
    "_affichage", "_affichage_choix", "_champ_aide", "_commentaire", "_compte", "_compte_liens", "_dessin", "_entete",
    "_estuaire", "_frise_annee", "_frise_aujourdhui", "_frise_entree", "_frise_prevue", "_logo", "_messages",
    "_navigation", "_ondes", "_pied", "_resume_erreurs", "_sceau",
}  # fmt: skip


def dessiner(source: str, **contexte) -> str:
    return Template("{% load composants %}" + source).render(Context(contexte)).strip()


class Arbre(HTMLParser):
    """Just enough of a page: each start tag as (name, attributes)."""

    def __init__(self, html: str):
        super().__init__()
        self.balises: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.balises.append((tag, dict(attrs)))

    def toutes(self, nom: str) -> list[dict]:
        return [attributs for balise, attributs in self.balises if balise == nom]

    def champ(self, nom: str) -> dict:
        return next(a for b, a in self.balises if b in {"input", "textarea", "select"} and a.get("name") == nom)

    def ids(self) -> list[str]:
        return [attributs["id"] for _balise, attributs in self.balises if "id" in attributs]


# --- Icons -------------------------------------------------------------------------------------------------------


@pytest.mark.sans_base
class TestIcone:
    def test_une_icone_est_un_dessin_cache_aux_lecteurs_d_ecran(self):
        html = dessiner('{% icone "lightbulb" %}')
        assert html.startswith('<svg class="icone" viewBox="0 0 16 16"')
        assert 'aria-hidden="true"' in html
        assert "<path" in html

    def test_une_icone_qui_porte_un_sens_le_dit(self):
        html = dessiner('{% icone "lock" "grande" titre %}', titre='Fermé <"')
        assert 'role="img" aria-label="Fermé &lt;&quot;"' in html
        assert 'class="icone grande"' in html
        assert "aria-hidden" not in html

    @pytest.mark.parametrize("nom", ["n-existe-pas", "../../package", "lock.svg", "LOCK", ""])
    def test_un_nom_inconnu_ne_dessine_rien(self, nom):
        assert dessiner("{% icone nom %}", nom=nom) == ""

    def test_toutes_les_icones_citees_existent(self):
        cites = set()
        for gabarit in GABARITS.rglob("*.html"):
            texte = gabarit.read_text()
            cites |= set(re.findall(r'{% icone "([^"]+)"', texte))
            cites |= set(re.findall(r'\bicone(?:_\w+)?="([^"]+)"', texte))
        cites |= {
            a.icone for table in (composants.ETATS, composants.DECISIONS, composants.ENTREES) for a in table.values()
        }
        assert "lightbulb" in cites
        assert sorted(nom for nom in cites if not _dessinable(nom)) == []


def _dessinable(nom: str) -> bool:
    try:
        return bool(composants.tracer(nom))
    except LookupError:
        return False


# --- Dates and numbers -------------------------------------------------------------------------------------------


@pytest.mark.sans_base
class TestDates:
    @pytest.mark.parametrize(
        ("langue", "quand", "attendu"),
        [
            ("fr", date(2026, 5, 1), "1er mai 2026"),
            ("fr", date(2026, 5, 11), "11 mai 2026"),
            ("en", date(2026, 5, 1), "1 May 2026"),
            # Late in the evening in London, the next day in Nantes.
            ("fr", datetime(2026, 4, 30, 22, 30, tzinfo=UTC), "1er mai 2026"),
            ("fr", None, ""),
        ],
    )
    def test_une_date_s_ecrit_comme_on_l_ecrit(self, langue, quand, attendu):
        with translation.override(langue):
            assert composants.jour(quand) == attendu

    def test_la_date_longue_dit_le_jour_de_la_semaine(self):
        with translation.override("fr"):
            assert composants.jour_long(date(2026, 5, 1)) == "vendredi 1er mai 2026"
        with translation.override("en"):
            assert composants.jour_long(date(2026, 5, 2)) == "Saturday, 2 May 2026"

    @pytest.mark.parametrize(
        ("due", "jours", "en_retard", "proche"),
        [
            (date(2026, 5, 9), 1, True, False),
            (date(2026, 5, 10), 0, False, True),
            (date(2026, 5, 17), 7, False, True),
            (date(2026, 5, 18), 8, False, False),
        ],
    )
    def test_l_horloge_compte_en_jours_du_calendrier(self, due, jours, en_retard, proche):
        # 23:30 in Nantes: the due day is not over, so it is not late.
        ce_soir = datetime(2026, 5, 10, 21, 30, tzinfo=UTC)
        vue = composants.lire_echeance(due, ce_soir)
        assert (vue.jours, vue.en_retard, vue.proche) == (jours, en_retard, proche)

    def test_sans_date_pas_d_horloge(self):
        assert composants.lire_echeance(None) is None

    def test_les_nombres_se_lisent(self):
        with translation.override("fr"):
            assert composants.nombre(1284).split() == ["1", "284"]
        with translation.override("en"):
            assert composants.nombre(1284) == "1,284"

    def test_l_horloge_dit_le_retard_et_le_service(self):
        with translation.override("fr"):
            html = render_to_string(
                "composants/_horloge_reponse.html",
                {"echeance": date(2026, 5, 1), "aujourdhui": date(2026, 5, 10), "service": "Espaces verts"},
            )
        texte = " ".join(re.sub("<[^>]+>", " ", html).split())
        assert "En retard de 9 jours" in texte
        assert "La réponse était promise pour le 1er mai 2026" in texte
        assert "Espaces verts" in texte


@pytest.mark.sans_base
class TestTexte:
    def test_un_texte_tape_est_echappe_puis_mis_en_paragraphes(self):
        assert composants.paragraphes("Un <b>mot</b>.\n\nDeux.") == "<p>Un &lt;b&gt;mot&lt;/b&gt;.</p>\n\n<p>Deux.</p>"

    def test_du_html_deja_sur_passe_tel_quel(self):
        assert composants.paragraphes(mark_safe("<p>Un <strong>mot</strong></p>")) == "<p>Un <strong>mot</strong></p>"

    def test_un_titre_d_idee_ne_peut_pas_ecrire_dans_la_page(self):
        idee = {"titre": "<script>alert(1)</script>", "url": "/idees/1/", "etat": "publiee"}
        html = render_to_string("composants/_carte_idee.html", {"idee": idee})
        assert "<script>" not in html
        assert "&lt;script&gt;" in html

    def test_un_etat_inconnu_reste_un_mot(self):
        assert composants.apparence_etat("tout_neuf").libelle == "Tout neuf"

    def test_l_apparence_d_une_entree_suit_son_type_puis_son_genre(self):
        assert composants.apparence_entree("reponses.publier").poids == "decision"
        assert composants.apparence_entree("projets.etape.ouvrir").icone == "calendar-check"
        assert composants.apparence_entree("idees.autre_chose").icone == "lightbulb"
        assert composants.apparence_entree("inconnu.type") == composants.ENTREE_ORDINAIRE


# --- Forms -------------------------------------------------------------------------------------------------------


class Formulaire(forms.Form):
    titre = forms.CharField(
        label="Titre", help_text="En quelques mots.", error_messages={"required": "Donnez un titre."}
    )
    texte = forms.CharField(label="Texte", max_length=200, required=False, widget=forms.Textarea)
    avis = forms.ChoiceField(
        label="Avis", choices=[("pour", "Pour"), ("contre", "Contre")], widget=forms.RadioSelect, help_text="Un seul."
    )
    charte = forms.BooleanField(label="J’ai lu la charte")
    jeton = forms.CharField(label="Jeton", widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("Rien ne va.")


@pytest.mark.sans_base
class TestFormulaires:
    def arbre(self, donnees=None) -> Arbre:
        return Arbre(str(Formulaire(donnees)))

    def test_l_aide_et_l_erreur_sont_reliees_au_champ(self):
        page = self.arbre({"titre": "", "texte": "gardé"})
        champ = page.champ("titre")
        assert champ["aria-invalid"] == "true"
        assert champ["aria-describedby"] == "id_titre_helptext id_titre_error"
        assert {"id_titre_helptext", "id_titre_error"} <= set(page.ids())

    def test_sans_erreur_seule_l_aide_est_reliee(self):
        page = self.arbre()
        assert page.champ("titre")["aria-describedby"] == "id_titre_helptext"
        assert "aria-invalid" not in page.champ("titre")
        assert "aria-describedby" not in page.champ("texte")

    def test_un_groupe_de_choix_a_une_legende_et_dit_son_erreur(self):
        page = self.arbre({"titre": "Des bancs"})
        assert page.toutes("fieldset") == [{"aria-describedby": "id_avis_helptext id_avis_error"}]
        assert len(page.toutes("legend")) == 1
        boutons = [a for a in page.toutes("input") if a.get("name") == "avis"]
        assert [a["aria-invalid"] for a in boutons] == ["true", "true"]

    def test_ce_qui_etait_tape_est_garde(self):
        assert "gardé après l&#x27;erreur" in str(Formulaire({"texte": "gardé après l'erreur"}))

    def test_chaque_champ_a_son_etiquette(self):
        page = self.arbre()
        assert {"id_titre", "id_texte", "id_charte"} <= {a.get("for") for a in page.toutes("label")}

    def test_ce_qui_est_facultatif_est_dit(self):
        html = str(Formulaire())
        assert re.findall(r'for="(\w+)">\s*\w+ <span class="champ__facultatif">', html) == ["id_texte"]

    def test_le_resume_mene_a_chaque_erreur_et_prend_le_focus(self):
        page = self.arbre({"titre": ""})
        resume = next(a for a in page.toutes("div") if "data-es-resume-erreurs" in a)
        assert (resume["role"], resume["tabindex"]) == ("alert", "-1")
        liens = [a["href"] for a in page.toutes("a")]
        assert liens == ["#id_titre", "#id_avis_0", "#id_charte"]
        assert {lien[1:] for lien in liens} <= set(page.ids())

    def test_les_erreurs_sans_champ_et_celles_des_champs_caches_sont_lues(self):
        html = str(Formulaire({"titre": "Des bancs"}))
        assert "Rien ne va." in html
        assert "Jeton :" in html

    def test_un_formulaire_juste_n_a_pas_de_resume(self):
        assert "data-es-resume-erreurs" not in str(Formulaire())

    def test_un_texte_borne_dit_combien(self):
        page = self.arbre()
        compteur = next(a for a in page.toutes("p") if "data-es-compteur" in a)
        assert (compteur["data-es-compteur"], compteur["data-es-maximum"]) == ("id_texte", "200")

    def test_les_pages_des_paquets_ont_les_memes_champs(self):
        assert Formulaire().as_p() == Formulaire().as_div() == str(Formulaire())


# --- Gallery -----------------------------------------------------------------------------------------------------


@pytest.fixture
def galerie(client, db):
    reponse = client.get("/composants/")
    assert reponse.status_code == 200
    return reponse.content.decode()


class TestGalerie:
    def test_la_galerie_ne_demande_rien_a_la_base(self, client, django_assert_num_queries, db):
        with django_assert_num_queries(0):
            client.get("/composants/")

    def test_tous_les_composants_y_sont(self):
        tous = {chemin.stem for chemin in (GABARITS / "composants").glob("_*.html")}
        source = (GABARITS / "galerie.html").read_text()
        montres = set(re.findall(r"composants/(_\w+)\.html", source))
        assert sorted(tous - montres - ENTRE_EUX) == []
        assert sorted((montres | ENTRE_EUX) - tous) == []

    def test_tous_les_composants_montres_sont_expliques(self):
        guide = (GABARITS / "composants" / "README.md").read_text()
        expliques = set(re.findall(r"^\| `(_\w+)\.html`", guide, re.MULTILINE))
        tous = {chemin.stem for chemin in (GABARITS / "composants").glob("_*.html")}
        assert sorted(tous - expliques - ENTRE_EUX) == []
        assert sorted(expliques - tous) == []

    def test_rien_n_est_ecrit_dans_la_page_que_la_csp_refuserait(self, galerie):
        for balise, attributs in Arbre(galerie).balises:
            assert "style" not in attributs, (balise, attributs)
            assert not [nom for nom in attributs if nom.startswith("on")], (balise, attributs)
            assert balise != "style"
            if balise == "script":
                assert "src" in attributs or attributs["type"] == "application/json"

    def test_rien_ne_vient_d_ailleurs(self, galerie):
        for _balise, attributs in Arbre(galerie).balises:
            for nom in ("src", "href", "action", "data-es-contours", "data-es-leaflet"):
                assert not re.match(r"(?:[a-z]+:)?//", attributs.get(nom) or ""), attributs

    def test_les_identifiants_sont_uniques_et_les_renvois_existent(self, galerie):
        page = Arbre(galerie)
        ids = page.ids()
        assert sorted({i for i in ids if ids.count(i) > 1}) == []
        for _balise, attributs in page.balises:
            for nom in ("aria-describedby", "aria-labelledby", "for"):
                for cite in (attributs.get(nom) or "").split():
                    assert cite in ids, attributs

    def test_un_seul_h1_et_aucun_niveau_saute(self, galerie):
        niveaux = [int(b[1]) for b, _a in Arbre(galerie).balises if re.fullmatch(r"h[1-6]", b)]
        assert niveaux.count(1) == 1
        assert all(suivant <= avant + 1 for avant, suivant in itertools.pairwise(niveaux))

    def test_tous_les_fichiers_cites_existent(self, galerie):
        cites = {
            a[n]
            for _b, a in Arbre(galerie).balises
            for n in ("src", "href", "data-es-leaflet", "data-es-leaflet-css")
            if a.get(n)
        }
        statiques = {c.removeprefix(settings.STATIC_URL) for c in cites if c.startswith(settings.STATIC_URL)}
        assert "js/flux.js" in statiques
        assert sorted(c for c in statiques if not finders.find(c)) == []

    def test_ses_boutons_ne_touchent_a_rien(self, client, galerie, django_assert_num_queries):
        """Each form stays on the page, and the page takes whatever is sent and shows itself again."""
        principal = Arbre(galerie.partition("<main")[2].partition("</main")[0])
        for formulaire in principal.toutes("form"):
            assert re.fullmatch(r"(#.*|/composants/)?", formulaire.get("action", "")), formulaire
        assert not [a for a in principal.toutes("a") if a["href"].startswith("/etapes/")]
        with django_assert_num_queries(0):
            reponse = client.post("/composants/", {"etat": "a_moderer", "texte": "Rien de tout cela n’est gardé."})
        assert (reponse.status_code, reponse["Location"]) == (302, "/composants/")

    def test_la_frise_va_de_l_avenir_au_passe(self, galerie):
        frise = galerie[galerie.index('class="frise__cours"') :]
        positions = [
            frise.index(mot)
            for mot in ("Festival au bord", "Pose des premiers", "frise-aujourdhui", "Un atelier vélo", "est annoncé")
        ]
        assert positions == sorted(positions)


@pytest.mark.sans_base
@pytest.mark.parametrize(("nb", "seuil", "phrase"), [
    (0, 20, "0 soutien sur les 20 qui obligent à répondre"),
    (1, 20, "1 soutien sur les 20 qui obligent à répondre"),
    (2, 20, "2 soutiens sur les 20 qui obligent à répondre"),
    (0, 0, "0 soutien"),
    (1, 0, "1 soutien"),
    (2, 0, "2 soutiens"),
    (1, 1, "1 soutien · seuil de 1 atteint"),
])  # fmt: skip
def test_la_jauge_s_accorde(nb, seuil, phrase):
    html = render_to_string("composants/_jauge_soutiens.html", {"nb": nb, "seuil": seuil})
    assert " ".join(re.sub(r"<[^>]+>", " ", html.partition("<progress")[0]).split()) == phrase


@pytest.mark.sans_base
@pytest.mark.parametrize(("gabarit", "contexte", "phrase"), [
    ("_filtres", {"nb_resultats": 0}, "0 résultat"),
    ("_filtres", {"nb_resultats": 2}, "2 résultats"),
    ("_horloge_reponse", {"echeance": date(2026, 5, 10), "aujourdhui": date(2026, 5, 10)}, "0 jour La réponse"),
    ("_horloge_reponse", {"echeance": date(2026, 5, 12), "aujourdhui": date(2026, 5, 10)}, "2 jours Réponse dans 2"),
])  # fmt: skip
def test_le_nom_a_cote_du_nombre_s_accorde(gabarit, contexte, phrase):
    """Zero is singular in French, and no catalogue says it of a text without its figure."""
    html = render_to_string(f"composants/{gabarit}.html", {"champs": [], **contexte})
    assert re.search(rf"{phrase}\b", " ".join(re.sub(r"<[^>]+>", " ", html).split()))


@pytest.mark.sans_base
@pytest.mark.parametrize(("gabarit", "contexte", "phrase"), [
    ("composants/_resume_erreurs.html", {"formulaire": Formulaire({"titre": ""})}, "Titre{}: Donnez un titre."),
    ("communautes/_signaler.html", {"url_signaler": "", "url_masquer": "/", "quoi": "Des bancs"}, "{}: Des bancs"),
    ("communautes/_signaler.html", {"url_signaler": "/", "quoi": "Des bancs"}, "{}: Des bancs"),
])  # fmt: skip
@pytest.mark.parametrize(("langue", "espace"), [("fr", " "), ("en", "")])
def test_les_deux_points_suivent_la_langue(gabarit, contexte, phrase, langue, espace):
    """A space stands before them in French, none in English."""
    with translation.override(langue):
        html = render_to_string(gabarit, contexte)
    texte = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert phrase.format(espace) in texte and (espace or " :" not in texte)


@pytest.mark.sans_base
@pytest.mark.parametrize(("libelle", "ligne"), [
    ("Titre", "Titre : Corrigez."),
    ("J’ai lu la charte.", "J’ai lu la charte. Corrigez."),
    ("Pourquoi ?", "Pourquoi ? Corrigez."),
    ("À savoir :", "À savoir : Corrigez."),
])  # fmt: skip
@pytest.mark.parametrize("cache", [False, True])
def test_un_libelle_qui_finit_sa_phrase_ne_prend_pas_deux_points(libelle, ligne, cache):
    class UnChamp(forms.Form):
        champ = forms.CharField(
            label=libelle,
            widget=forms.HiddenInput if cache else forms.TextInput,
            error_messages={"required": "Corrigez."},
        )

    html = render_to_string("composants/_resume_erreurs.html", {"formulaire": UnChamp({})})
    assert " ".join(re.sub(r"<[^>]+>", "", html.partition("<ul>")[2]).split()) == ligne


@pytest.mark.sans_base
class TestPagination:
    def test_les_filtres_restent_dans_l_adresse(self):
        requete = RequestFactory().get("/idees/", {"theme": "nature", "page": "3"})
        contexte = {"request": requete, "page": Paginator(range(100), 10).page(3)}
        html = render_to_string("composants/_pagination.html", contexte)
        liens = [a["href"] for a in Arbre(html).toutes("a")]
        assert "?theme=nature&page=4" in liens
        assert "?theme=nature" in liens
        assert [a["aria-current"] for a in Arbre(html).toutes("a") if "aria-current" in a] == ["page"]

    def test_une_seule_page_ne_montre_rien(self):
        html = render_to_string("composants/_pagination.html", {"page": Paginator([1], 10).page(1)})
        assert html.strip() == ""


# --- Theme -------------------------------------------------------------------------------------------------------


class TestApparence:
    def test_le_theme_choisi_est_lu_par_le_serveur(self, client, db):
        reponse = client.post("/apparence/", {"theme": "sombre", "suite": "/composants/?a=1"})
        assert (reponse.status_code, reponse["Location"]) == (302, "/composants/?a=1")
        assert '<html lang="fr" data-bs-theme="dark">' in client.get("/composants/").content.decode()

    @pytest.mark.parametrize("theme", ["", "rose", "sombre\r\nX: y"])
    def test_un_theme_inconnu_ne_change_rien(self, client, db, theme):
        client.post("/apparence/", {"theme": theme})
        assert '<html lang="fr">' in client.get("/composants/").content.decode()

    def test_un_temoin_falsifie_vaut_le_choix_de_l_appareil(self, client, db):
        client.cookies["theme"] = '"><script>'
        assert '<html lang="fr">' in client.get("/composants/").content.decode()

    @pytest.mark.parametrize("suite", ["https://ailleurs.exemple/", "//ailleurs.exemple/", "javascript:alert(1)", ""])
    def test_on_ne_part_jamais_vers_un_autre_site(self, client, db, suite):
        assert client.post("/apparence/", {"theme": "clair", "suite": suite})["Location"] == "/"

    @pytest.mark.parametrize(
        ("methode", "adresse", "ici"),
        [
            ("get", "/idees/?page=2", "/idees/?page=2"),
            ("post", "/idees/boites/la-boite/regler/", "/idees/boites/la-boite/regler/"),
            ("post", "/idees/3/soutien/", "/idees/3/"),  # a form to be corrected, where one can only send
        ],
    )
    def test_langue_et_apparence_ramenent_a_une_page(self, rf, methode, adresse, ici):
        assert composants.revenir_ici({"request": getattr(rf, methode)(adresse)}) == ici

    def test_le_theme_ne_change_que_par_un_envoi(self, client, db):
        assert client.get("/apparence/").status_code == 405


# --- Error pages and files of npm --------------------------------------------------------------------------------


@pytest.mark.sans_base
@pytest.mark.parametrize("code", ["400", "500"])
def test_une_page_de_secours_se_passe_de_tout(code):
    html = get_template(f"{code}.html").render()
    assert "<h1>" in html
    assert "{%" not in html
    assert [a["href"] for a in Arbre(html).toutes("link") if a["rel"] == "stylesheet"] == ["/static/css/secours.css"]


@pytest.mark.parametrize("code", ["403", "403_csrf", "404", "409", "429"])
def test_une_page_d_erreur_a_son_titre(rf, code, db):
    from django.contrib.auth.models import AnonymousUser

    requete = rf.get("/nulle-part/")
    requete.user = AnonymousUser()
    html = get_template(f"{code}.html").render({"exception": "", "explication": ""}, requete)
    assert html.count("<h1") == 1
    assert " – Estuaire" in html


def test_une_adresse_inconnue_a_sa_page(client, db):
    reponse = client.get("/cette-page-n-existe-pas/")
    assert reponse.status_code == 404
    assert "Cette page n’existe pas" in reponse.content.decode()


@pytest.mark.sans_base
class TestFichiersNpm:
    def test_chaque_fichier_existe_et_se_trouve(self):
        assert [public for public in FICHIERS_NPM if not finders.find(public)] == []

    def test_un_fichier_qui_n_est_pas_dans_la_liste_ne_sort_pas(self):
        assert finders.find("vendor/bootstrap/bootstrap.css") is None
        assert finders.find("package.json") is None

    def test_ce_que_les_fichiers_citent_est_dans_la_liste(self):
        """The manifest storage looks up every name that it reads, and stops at the first missing one."""
        for public, source in FICHIERS_NPM.items():
            if not public.endswith((".css", ".js")):
                continue
            texte = (RACINE / "node_modules" / source).read_text()
            cites = re.findall(r"sourceMappingURL=(\S+?)(?:\s|\*|$)", texte)
            if public.endswith(".css"):
                cites += re.findall(r"""url\(["']?(?!data:|#)([^"')]+)["']?\)""", texte)
            dossier = Path(public).parent
            manquants = [c for c in cites if str(dossier / c) not in FICHIERS_NPM]
            assert manquants == [], public
