// A place chosen on the map: fills the hidden latitude and longitude, and the commune under the point when it is free.

const DECIMALES = 6;

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

function brancher(bloc) {
  if (bloc.dataset.esPret) return;
  bloc.dataset.esPret = "1";
  const [latitude, longitude] = ["latitude", "longitude"].map((nom) => bloc.querySelector(`input[type="hidden"][name$="${nom}"]`));
  const commune = bloc.querySelector("select");
  const cadre = bloc.querySelector("[data-es-lieu-carte]");
  const plan = bloc.querySelector("[data-es-carte]");
  const etat = bloc.querySelector("[data-es-lieu-etat]");
  const localiser = bloc.querySelector("[data-es-localiser]");
  const effacer = bloc.querySelector("[data-es-effacer]");
  if (!latitude || !longitude || !plan) return;
  cadre.hidden = false;
  localiser.hidden = !navigator.geolocation;

  plan.addEventListener("es:carte-prete", ({ detail: { L, carte, contours, repere } }) => {
    let marque = null;

    const dire = (cle) => {
      etat.textContent = bloc.dataset[cle] || "";
    };

    function retirer() {
      marque?.remove();
      marque = null;
      latitude.value = longitude.value = "";
      effacer.hidden = true;
      dire("esEfface");
    }

    function poser(lat, lon, { deplacer = false, choisirCommune = true } = {}) {
      let sous = null;
      contours?.eachLayer((couche) => {
        if (contient(couche.feature.geometry, lon, lat)) sous = couche.feature.properties;
      });
      if (contours && !sous) return dire("esHors");
      latitude.value = lat.toFixed(DECIMALES);
      longitude.value = lon.toFixed(DECIMALES);
      if (marque) marque.setLatLng([lat, lon]);
      else {
        marque = L.marker([lat, lon], { icon: repere("action"), draggable: true, keyboard: false, alt: "" }).addTo(carte);
        marque.on("dragend", () => {
          const p = marque.getLatLng();
          poser(p.lat, p.lng);
        });
      }
      if (deplacer) carte.setView([lat, lon], Math.max(carte.getZoom(), 13));
      effacer.hidden = false;
      if (choisirCommune && sous && commune) {
        const option = [...commune.options].find((o) => o.textContent.trim() === sous.nom || o.value === sous.code);
        if (option) commune.value = option.value;
      }
      dire("esChoisi");
      if (sous) etat.textContent += ` ${sous.nom}.`;
    }

    const [lat, lon] = [latitude.value, longitude.value].map((v) => Number.parseFloat(v.replace(",", ".")));
    if (Number.isFinite(lat) && Number.isFinite(lon)) poser(lat, lon, { deplacer: true, choisirCommune: false });
    carte.on("click", (e) => poser(e.latlng.lat, e.latlng.lng));
    effacer.addEventListener("click", () => {
      retirer();
      localiser.focus();
    });
    localiser.addEventListener("click", () => {
      localiser.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          localiser.removeAttribute("aria-busy");
          poser(coords.latitude, coords.longitude, { deplacer: true });
        },
        () => {
          localiser.removeAttribute("aria-busy");
          dire("esRefus");
        },
        { timeout: 10000, maximumAge: 60000 },
      );
    });
  });
}

const tous = (racine) => racine.querySelectorAll?.("[data-es-lieu]").forEach(brancher);
tous(document);
document.addEventListener("htmx:load", (e) => tous(e.detail.elt));
