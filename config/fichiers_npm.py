"""The files of the npm packages that the site serves, one by one.

Whole `dist` folders would make collectstatic compress hundreds of files that no page asks for. A `.map` is listed when
the file beside it names it: the manifest storage looks up every name that it reads.
"""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import Warning as Avertissement
from django.core.files.storage import FileSystemStorage

INTER = "@fontsource-variable/inter/files"

#: path under STATIC_URL -> path under node_modules
FICHIERS_NPM: dict[str, str] = {
    "vendor/bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "vendor/htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/idiomorph/idiomorph-ext.min.js": "idiomorph/dist/idiomorph-ext.min.js",
    "vendor/inter/inter-latin-opsz-normal.woff2": f"{INTER}/inter-latin-opsz-normal.woff2",
    "vendor/inter/inter-latin-ext-opsz-normal.woff2": f"{INTER}/inter-latin-ext-opsz-normal.woff2",
    "vendor/inter/inter-latin-wght-italic.woff2": f"{INTER}/inter-latin-wght-italic.woff2",
    "vendor/leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/leaflet/leaflet.js.map": "leaflet/dist/leaflet.js.map",
    "vendor/leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "vendor/leaflet/images/layers.png": "leaflet/dist/images/layers.png",
    "vendor/leaflet/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "vendor/leaflet/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "vendor/leaflet/images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
    "vendor/leaflet/images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
}


class NpmFinder(BaseFinder):
    """Serve the files of `NPM_FICHIERS`, and no other, from `NPM_RACINE`."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.racine = Path(settings.NPM_RACINE)
        self.fichiers: dict[str, str] = settings.NPM_FICHIERS
        self.storage = StockageNpm(self.racine, self.fichiers)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        return [
            Avertissement(
                f"Le fichier {source} manque dans node_modules.", hint="Lancer « npm ci ».", id="estuaire.W001"
            )
            for source in self.fichiers.values()
            if not (self.racine / source).is_file()
        ]

    def find(self, path, find_all=False, **kwargs):
        source = self.fichiers.get(path)
        trouves = [str(self.racine / source)] if source and (self.racine / source).is_file() else []
        if find_all:
            return trouves
        return trouves[0] if trouves else []

    def list(self, ignore_patterns):
        for chemin in self.fichiers:
            yield chemin, self.storage


class StockageNpm(FileSystemStorage):
    """node_modules seen under the public names."""

    def __init__(self, racine, fichiers):
        super().__init__(location=racine)
        self.fichiers = fichiers
        self.prefix = None  # collectstatic asks every storage for one

    def path(self, name):
        return super().path(self.fichiers.get(name, name))
