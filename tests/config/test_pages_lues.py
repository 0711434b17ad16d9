"""Every page of the site is read by axe-core: a new one has its place in `tests/parcours/pages.py`, or says why it has none."""

import inspect
import re
from collections.abc import Iterator

import pytest
from django.contrib.admin import ModelAdmin
from django.urls import URLResolver, get_resolver, resolve
from django.views.generic import RedirectView

from tests.parcours.pages import AILLEURS, PAGES, SANS_LECTURE, VUES, nom_de_page

pytestmark = pytest.mark.sans_base

#: A word and a number at once, whatever the converter wants.
QUELCONQUE = "1"


def motifs(sous=None, chemin="", espace="") -> Iterator[tuple[str, str, object]]:
    """(route, view name, view) of each pattern of the site, packages included."""
    for motif in sous if sous is not None else get_resolver().url_patterns:
        route = f"{chemin}{motif.pattern}"
        if isinstance(motif, URLResolver):
            dedans = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from motifs(motif.url_patterns, route, dedans)
        else:
            yield route, f"{espace}{motif.name or ''}", motif.callback


def methodes(vue) -> list[str]:
    """What `require_POST` and the like accept, under whichever decorators."""
    while inspect.isfunction(vue):
        if permises := inspect.getclosurevars(vue).nonlocals.get("request_method_list"):
            return permises
        vue = getattr(vue, "__wrapped__", None)
    return ["GET"]


def repond_par_une_page(route, vue) -> bool:
    """False when the code itself shows that no HTML answers GET there: a file, JSON, a redirect, a step sent by POST."""
    classe = getattr(vue, "cls", None) or getattr(vue, "view_class", None)
    if re.search(r"[\w>]\.(\w+|<\w+:format>)$", route) or "GET" not in methodes(vue):
        return False
    if classe is None:
        return True
    types = [rendu.media_type for rendu in getattr(classe, "renderer_classes", [])]
    return not issubclass(classe, RedirectView) and hasattr(classe, "get") and (not types or "text/html" in types)


def pages_du_site() -> set[str]:
    return {nom_de_page(nom, vue) for route, nom, vue in motifs() if repond_par_une_page(route, vue)}


def page_ouverte(adresse) -> str:
    """The page that an address of `PAGES` opens, read without the site: its {…} stand for the pages that `VUES` says."""
    routes = {nom: route for route, nom, _vue in motifs()}
    for place in re.findall(r"\{(\w+)\}", adresse):
        forme = "/" + re.sub(r"<[^>]+>", QUELCONQUE, routes[VUES[place]]) if place in VUES else QUELCONQUE
        adresse = adresse.replace(f"{{{place}}}", forme)
    trouvee = resolve(adresse.partition("?")[0])
    return nom_de_page(trouvee.view_name, trouvee.func)


LUES_AILLEURS = {page for pages in AILLEURS.values() for page in pages}
OUVERTES = {page_ouverte(a) for adresses in PAGES.values() for a in adresses if a != "/nulle-part/"}


def test_aucune_page_n_est_oubliee():
    assert pages_du_site() - OUVERTES - LUES_AILLEURS - set(SANS_LECTURE) == set()


def test_aucune_ligne_ne_parle_d_une_page_disparue_ou_deja_lue():
    assert (LUES_AILLEURS | set(SANS_LECTURE)) - pages_du_site() == set()
    assert set(SANS_LECTURE) & (OUVERTES | LUES_AILLEURS) == set()
    assert set() == LUES_AILLEURS & OUVERTES


def test_une_page_d_administration_vaut_pour_tous_les_modeles_tant_qu_elle_est_celle_de_django():
    """The lists and forms of the models are one page each of Django's, unless a model has a template of its own."""
    admins = {vue.model_admin for _route, _nom, vue in motifs() if hasattr(vue, "model_admin")}
    gabarits = [nom for nom in vars(ModelAdmin) if nom.endswith("_template")]
    propres = {f"{type(admin).__name__}.{nom}" for admin in admins for nom in gabarits if getattr(admin, nom)}
    assert len(gabarits) > 5
    assert propres == set()
