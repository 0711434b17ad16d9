// A place: a touch on the map, where one stands, or an address chosen in words (event « es:lieu »). Fills the hidden
// latitude and longitude, and the commune under the point when it is free. Works before the map is drawn, or without it.

const DECIMALES = 6;
const ATTENTE = 10000; // ms: a phone indoors may never find itself
const REFUSEE = 1; // GeolocationPositionError.PERMISSION_DENIED
const TROP_LENTE = 3; // GeolocationPositionError.TIMEOUT

// Even-odd rule over the rings of a (Multi)Polygon, [lon, lat].
function contient(geometrie, lon, lat) {
  const polygones = geometrie.type === "Polygon" ? [geometrie.coordinates] : geometrie.coordinates;
  return polygones.some((anneaux) => {
    let dedans = false;
    anneaux.forEach((anneau) => {
      for (let i = 0, j = anneau.length - 1; i < anneau.length; j = i, i += 1) {
        const [xi, yi] = anneau[i];
        const [xj, yj] = anneau[j];
        if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) dedans = !dedans;
      }
    });
    return dedans;
  });
}

class Lieu {
  constructor(bloc) {
    this.bloc = bloc;
    [this.latitude, this.longitude] = ["latitude", "longitude"].map((nom) => bloc.querySelector(`input[type="hidden"][name$="${nom}"]`));
    this.commune = bloc.querySelector("select");
    this.etat = bloc.querySelector("[data-es-lieu-etat]");
    this.localiser = bloc.querySelector("[data-es-localiser]");
    this.effacer = bloc.querySelector("[data-es-effacer]");
    this.carte = null;
    this.marque = null;
  }

  brancher() {
    this.bloc.querySelector("[data-es-lieu-carte]").hidden = false;
    this.localiser.hidden = !navigator.geolocation;
    this.effacer.hidden = !this.latitude.value;
    this.bloc.querySelector("[data-es-carte]").addEventListener("es:carte-prete", (e) => this.accueillir(e.detail));
    this.bloc.addEventListener("es:lieu", ({ detail }) => {
      if (detail.lat === "" || detail.lon === "") this.retirer();
      else this.poser(Number(detail.lat), Number(detail.lon), { deplacer: true, commune: detail.commune });
    });
    this.effacer.addEventListener("click", () => {
      this.retirer();
      this.localiser.focus();
    });
    this.localiser.addEventListener("click", () => this.seLocaliser());
  }

  accueillir({ L, carte, contours, repere }) {
    Object.assign(this, { L, carte, contours, repere });
    const [lat, lon] = [this.latitude.value, this.longitude.value].map((v) => Number.parseFloat(v.replace(",", ".")));
    if (Number.isFinite(lat) && Number.isFinite(lon)) this.poser(lat, lon, { deplacer: true, commune: this.commune?.value || "" });
    carte.on("click", (e) => this.poser(e.latlng.lat, e.latlng.lng));
  }

  dire(cle) {
    this.etat.textContent = this.bloc.dataset[cle] || "";
  }

  retirer() {
    this.marque?.remove();
    this.marque = null;
    this.latitude.value = this.longitude.value = "";
    this.effacer.hidden = true;
    this.dire("esEfface");
    this.prevenir();
  }

  // `commune`: the option already known; without it, the one under the point.
  poser(lat, lon, { deplacer = false, commune = null } = {}) {
    let sous = null;
    this.contours?.eachLayer((couche) => {
      if (contient(couche.feature.geometry, lon, lat)) sous = couche.feature.properties;
    });
    if (this.contours && !sous) {
      this.dire("esHors");
      return;
    }
    this.latitude.value = lat.toFixed(DECIMALES);
    this.longitude.value = lon.toFixed(DECIMALES);
    this.effacer.hidden = false;
    if (this.carte) this.marquer(lat, lon, deplacer);
    this.choisirCommune(commune, sous);
    this.dire("esChoisi");
    if (sous) this.etat.textContent += ` ${sous.nom}.`;
    this.prevenir();
  }

  marquer(lat, lon, deplacer) {
    if (this.marque) this.marque.setLatLng([lat, lon]);
    else {
      this.marque = this.L.marker([lat, lon], { icon: this.repere("action"), draggable: true, keyboard: false, alt: "" }).addTo(this.carte);
      this.marque.on("dragend", () => {
        const p = this.marque.getLatLng();
        this.poser(p.lat, p.lng);
      });
    }
    if (deplacer) this.carte.setView([lat, lon], Math.max(this.carte.getZoom(), 13));
  }

  choisirCommune(connue, sous) {
    if (!this.commune) return;
    const option = [...this.commune.options].find((o) =>
      connue === null ? sous && (o.textContent.trim() === sous.nom || o.value === sous.code) : o.value === String(connue),
    );
    if (option) this.commune.value = option.value;
  }

  seLocaliser() {
    this.localiser.setAttribute("aria-busy", "true");
    this.dire("esCherche");
    const finir = () => this.localiser.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        finir();
        this.poser(coords.latitude, coords.longitude, { deplacer: true });
      },
      (erreur) => {
        finir();
        this.dire({ [REFUSEE]: "esRefus", [TROP_LENTE]: "esLent" }[erreur.code] || "esIntrouvable");
      },
      { timeout: ATTENTE, maximumAge: 60000 },
    );
  }

  // Hidden fields change without a word: whoever saves what is typed wants to know.
  prevenir() {
    this.bloc.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function tous(racine) {
  racine.querySelectorAll?.("[data-es-lieu]").forEach((bloc) => {
    if (bloc.dataset.esPret) return;
    bloc.dataset.esPret = "1";
    new Lieu(bloc).brancher();
  });
}

tous(document);
document.addEventListener("htmx:load", (e) => tous(e.detail.elt));
