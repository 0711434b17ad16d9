"""Finding, in a real browser: filters, pages and map go together, with and without JavaScript, and back again."""

import re

from playwright.sync_api import expect

GROUPES = ".trouver__carte .leaflet-marker-icon"


def test_filtrer_tourner_les_pages_et_revenir(site_demonstration, quelqu_un):
    page = quelqu_un(site_demonstration).va("/idees/")
    toutes = page.locator(".filtres__nb strong").inner_text()
    expect(page.locator(".pagination-es__ou")).to_have_text("Page 1 sur 3")
    premiere = page.locator("#resultats h2").first.inner_text()
    page.get_by_role("link", name="Suivante").click()
    expect(page.locator(".pagination-es__ou")).to_have_text("Page 2 sur 3")
    assert page.evaluate("document.activeElement.id") == "trouver", "reading goes on at the beginning of the list"
    assert "page=2" in page.url
    page.locator("#filtres-theme").select_option("se-deplacer")
    expect(page.locator(".filtres__actifs")).to_contain_text("Se déplacer")
    expect(page.locator(".filtres__nb strong")).not_to_have_text(toutes)
    assert "page=" not in page.url and "theme=se-deplacer" in page.url
    page.locator(".puce--retirer").click()
    expect(page.locator(".filtres__nb strong")).to_have_text(toutes)
    page.go_back()
    expect(page.locator(".filtres__actifs")).to_contain_text("Se déplacer")
    page.goto("/idees/")
    assert page.locator("#resultats h2").first.inner_text() == premiere


def test_la_carte_suit_les_filtres_et_ne_perd_pas_la_liste(site_demonstration, quelqu_un):
    page = quelqu_un(site_demonstration).va("/idees/?vue=carte")
    page.locator(GROUPES).first.wait_for()
    avant = page.locator("[data-es-carte]").get_attribute("id")
    titres = page.locator("#resultats h2").all_inner_texts()
    carte, liste = page.locator(".trouver__carte").bounding_box(), page.locator(".trouver__liste").bounding_box()
    assert carte["x"] + carte["width"] <= liste["x"], "side by side"
    page.locator(".leaflet-control-zoom-in").click()
    page.locator("[data-es-carte]").press("ArrowLeft")
    assert page.locator("#resultats h2").all_inner_texts() == titres
    page.locator("#filtres-theme").select_option("se-deplacer")
    expect(page.locator(".filtres__actifs")).to_contain_text("Se déplacer")
    expect(page.locator("[data-es-carte]")).not_to_have_attribute("id", avant)
    page.locator(GROUPES).first.wait_for()
    assert "vue=carte" in page.url
    assert page.locator(".leaflet-map-pane").count() == 1, "drawn again, once"


def test_au_telephone_la_carte_est_au_dessus_et_les_liens_y_menent(site_demonstration, quelqu_un):
    page = quelqu_un(site_demonstration, largeur=360).va("/idees/?vue=carte")
    page.locator(GROUPES).first.wait_for()
    carte, liste = page.locator(".trouver__carte").bounding_box(), page.locator(".trouver__liste").bounding_box()
    assert carte["y"] + carte["height"] <= liste["y"]
    page.get_by_role("link", name="Aller à la liste").click()
    assert page.evaluate("location.hash") == "#resultats"
    page.get_by_role("link", name="Revenir à la carte").click()
    assert page.evaluate("location.hash") == "#carte"


def test_me_localiser_met_le_lieu_arrondi_dans_l_adresse(site_demonstration, quelqu_un):
    personne = quelqu_un(site_demonstration)
    personne.contexte.grant_permissions(["geolocation"])
    personne.contexte.set_geolocation({"latitude": 47.218371, "longitude": -1.553621})
    page = personne.va("/idees/?theme=se-deplacer&ordre=soutenues")
    page.get_by_role("button", name="Me localiser").click()
    page.wait_for_url("**lat=47.218&lon=-1.554")
    assert "theme=se-deplacer" in page.url and "ordre=" not in page.url
    expect(page.locator(".filtres__actifs")).to_contain_text("Près de moi")
    page.locator("#filtres-etat").select_option("ouvertes")
    expect(page.locator(".filtres__actifs")).to_contain_text("Ouvertes")
    assert "lat=47.218" in page.url, "another filter keeps the place"


def test_sans_javascript_tout_se_trouve_aussi(site_demonstration, quelqu_un):
    page = quelqu_un(site_demonstration, javascript=False, largeur=360).va("/idees/?vue=carte")
    assert page.locator("#resultats h2").count() == 12
    assert not page.get_by_role("button", name="Me localiser").is_visible()
    page.locator("summary", has_text="Filtrer").click()
    page.locator("#filtres-pres").select_option("nantes")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator(".filtres__actifs")).to_contain_text("Près de Nantes")
    page.goto("/idees/?ordre=moins_vues")
    premieres = set(page.locator("#resultats h2").all_inner_texts())
    page.get_by_role("link", name="Suivante").click()
    assert "tour=" in page.url and not premieres & set(page.locator("#resultats h2").all_inner_texts())
    page.goto("/idees/calendrier/?mois=2026-11")
    page.get_by_role("link", name="Décembre 2026").click()
    expect(page.locator("h2").first).to_have_text("Décembre 2026")


def test_changer_de_mois_garde_la_place_du_lecteur(site_demonstration, quelqu_un):
    page = quelqu_un(site_demonstration).va("/idees/calendrier/?mois=2026-11")
    page.get_by_role("link", name="Décembre 2026").click()
    expect(page.locator("h2").first).to_have_text("Décembre 2026")
    expect(page.locator("#calendrier")).to_be_focused()
    expect(page).to_have_url(re.compile("mois=2026-12"))


def test_au_telephone_on_cherche_et_on_lit_le_compte_puis_les_idees(site_demonstration, quelqu_un):
    """What filters is said beside the count: the fold stays as she left it, so that the results come first."""
    page = quelqu_un(site_demonstration, largeur=360).va("/idees/?theme=se-deplacer")
    deplies = page.locator(".filtres__plus[open]")
    expect(deplies).to_have_count(0)
    expect(page.locator(".filtres__actifs")).to_contain_text("Se déplacer")
    assert page.locator(".filtres__nb").bounding_box()["y"] < 800, "on the first screen"
    page.locator(".filtres__resume").click()
    page.locator("#filtres-theme").select_option("")
    expect(page.locator(".filtres__actifs")).to_have_count(0)
    expect(deplies).to_have_count(1)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/idees/?theme=se-deplacer")
    expect(page.locator("#filtres-theme")).to_be_visible()
