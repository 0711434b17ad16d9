// Maps drawn by this site: contours of the communes, points, no tile unless the city has a server for them.
// The list beside the map says the same; without JavaScript the map stays hidden.

const CENTRE = [47.2184, -1.5536];
const ZOOM = 10;
const ZOOM_MAX = 17;
const ZOOM_MAX_SANS_TUILES = 14; // closer, there is nothing left to know where one is
const DOIGT = 42; // px
const BULLE = { minWidth: 190, maxWidth: 260 };
const SVG_REPERE =
  '<svg viewBox="0 0 30 38" aria-hidden="true"><path class="repere__corps" d="M15 1.5C7.5 1.5 1.5 7.5 1.5 15c0 9.5 10.3 17.6 13 20.9a.7.7 0 0 0 1 0c2.700-3.300 13-11.400 13-20.9C28.5 7.5 22.5 1.5 15 1.5Z"/><circle class="repere__oeil" cx="15" cy="15" r="5"/></svg>';

let leaflet;

function chargerLeaflet({ esLeaflet, esLeafletCss }) {
  leaflet ??= new Promise((oui, non) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: esLeafletCss });
    const script = Object.assign(document.createElement("script"), { src: esLeaflet });
    const styleLu = new Promise((pret) => {
      style.onload = style.onerror = pret;
    });
    script.onload = () => styleLu.then(() => oui(window.L));
    script.onerror = () => non(new Error("leaflet"));
    // Before the house's own sheets, which have the last word.
    document.head.prepend(style);
    document.head.append(script);
  });
  return leaflet;
}

async function lireJson(adresse) {
  const reponse = await fetch(adresse, { headers: { Accept: "application/json" } });
  if (!reponse.ok) throw new Error(`${adresse} : ${reponse.status}`);
  return reponse.json();
}

function repere(L, famille) {
  return L.divIcon({
    className: `repere repere--${/^[a-z_]+$/.test(famille || "") ? famille : "neutre"}`,
    html: SVG_REPERE,
    iconSize: [30, 38],
    iconAnchor: [15, 37],
    popupAnchor: [0, -34],
  });
}

// Built with nodes, never with HTML: titles are typed by people.
function lienVers(point) {
  const lien = document.createElement(point.url ? "a" : "span");
  if (point.url) lien.href = point.url;
  lien.textContent = point.titre;
  return lien;
}

function bulle(point) {
  const boite = document.createElement("div");
  const titre = document.createElement("p");
  titre.append(lienVers(point));
  boite.append(titre);
  if (point.lieu) boite.append(Object.assign(document.createElement("span"), { className: "discret", textContent: point.lieu }));
  return boite;
}

function bulleDeGroupe(points) {
  const liste = Object.assign(document.createElement("ul"), { className: "carte-geo__bulle" });
  points.forEach((point) => {
    const ligne = document.createElement("li");
    ligne.append(lienVers(point));
    liste.append(ligne);
  });
  return liste;
}

// Points closer than a finger become one mark with their number: it zooms in, or lists them when they cannot part.
function grouper(L, carte, calque, points, mot) {
  const groupes = [];
  points.forEach((point) => {
    const ici = carte.project([point.lat, point.lon]);
    const proche = groupes.find((g) => Math.abs(g.ici.x - ici.x) < DOIGT && Math.abs(g.ici.y - ici.y) < DOIGT);
    if (proche) proche.points.push(point);
    else groupes.push({ ici, points: [point] });
  });
  calque.clearLayers();
  groupes.forEach(({ points: ensemble }) => {
    const [premier] = ensemble;
    if (ensemble.length === 1) {
      L.marker([premier.lat, premier.lon], { icon: repere(L, premier.etat), title: premier.titre, alt: premier.titre })
        .bindPopup(() => bulle(premier), BULLE)
        .addTo(calque);
      return;
    }
    const bornes = L.latLngBounds(ensemble.map((p) => [p.lat, p.lon]));
    const nom = mot.replace("{n}", ensemble.length);
    const marque = L.marker(bornes.getCenter(), {
      icon: L.divIcon({ className: "repere-groupe", html: String(ensemble.length), iconSize: [DOIGT, DOIGT] }),
      title: nom,
      alt: nom,
    }).addTo(calque);
    marque.getElement().setAttribute("aria-label", nom);
    const separables = carte.getZoom() < carte.getMaxZoom();
    if (separables) marque.on("click", () => carte.fitBounds(bornes.pad(0.2)));
    else marque.bindPopup(() => bulleDeGroupe(ensemble), BULLE);
  });
}

// The name of a commune is written when it fits inside.
function nommerSiPlace(carte, couche) {
  const etiquette = couche.getTooltip()?.getElement();
  if (!etiquette) return;
  etiquette.removeAttribute("role"); // a name written on the map, not the tooltip of something
  const bornes = couche.getBounds();
  const a = carte.latLngToLayerPoint(bornes.getNorthWest());
  const b = carte.latLngToLayerPoint(bornes.getSouthEast());
  const tient = etiquette.offsetWidth <= (b.x - a.x) * 0.92 && etiquette.offsetHeight <= b.y - a.y;
  etiquette.classList.toggle("contour-nom--cache", !tient);
}

async function dessiner(plan) {
  if (plan.dataset.esPret) return;
  plan.dataset.esPret = "1";
  plan.hidden = false;
  const d = plan.dataset;
  try {
    const L = await chargerLeaflet(d);
    const carte = L.map(plan, { attributionControl: Boolean(d.esTuiles), zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, maxZoom: d.esTuiles ? ZOOM_MAX : ZOOM_MAX_SANS_TUILES });
    L.control.zoom({ zoomInTitle: d.esZoomer, zoomOutTitle: d.esDezoomer }).addTo(carte);
    carte.attributionControl?.setPrefix("");
    carte.setView(CENTRE, ZOOM);
    if (d.esTuiles) L.tileLayer(d.esTuiles, { attribution: d.esAttribution || "", maxZoom: 19 }).addTo(carte);
    let contours = null;
    if (d.esContours) {
      contours = L.geoJSON(await lireJson(d.esContours), {
        style: () => ({ className: d.esTuiles ? "contour contour--leger" : "contour" }),
        interactive: false,
        onEachFeature: (f, couche) => {
          if (f.properties?.nom && !d.esTuiles) {
            couche.bindTooltip(Object.assign(document.createElement("span"), { textContent: f.properties.nom }), {
              permanent: true,
              direction: "center",
              className: "contour-nom",
            });
          }
        },
      }).addTo(carte);
      carte.fitBounds(contours.getBounds(), { padding: [12, 12] });
      carte.setMaxBounds(contours.getBounds().pad(0.4));
      carte.setMinZoom(carte.getZoom() - 0.5);
      const nommer = () => contours.eachLayer((couche) => nommerSiPlace(carte, couche));
      carte.on("zoomend", nommer);
      nommer();
    }
    let points = [];
    if (d.esPoints) points = await lireJson(d.esPoints);
    else if (d.esPointsJson) points = JSON.parse(document.getElementById(d.esPointsJson)?.textContent || "[]");
    const places = points.filter((p) => Number.isFinite(p.lat) && Number.isFinite(p.lon));
    if (places.length) {
      const calque = L.layerGroup().addTo(carte);
      const placer = () => grouper(L, carte, calque, places, d.esGroupe || "{n}");
      if (d.esCadrer !== undefined) carte.fitBounds(L.latLngBounds(places.map((p) => [p.lat, p.lon])).pad(0.3), { maxZoom: 13 });
      carte.on("zoomend", placer);
      placer();
    }
    plan.dispatchEvent(new CustomEvent("es:carte-prete", { detail: { L, carte, contours, repere: (f) => repere(L, f) } }));
    if (d.esChoix !== undefined) carte.doubleClickZoom.disable();
  } catch (erreur) {
    console.warn("Estuaire, carte :", erreur.message);
    plan.replaceChildren(Object.assign(document.createElement("p"), { className: "carte-geo__echec", textContent: d.esEchec || "" }));
    plan.classList.add("carte-geo__plan--echec");
  }
}

// Drawn when it comes into sight: a map at the bottom of a page costs nothing to who does not scroll.
const guet = new IntersectionObserver(
  (vues) =>
    vues.filter((v) => v.isIntersecting).forEach((v) => {
      guet.unobserve(v.target);
      dessiner(v.target);
    }),
  { rootMargin: "300px" },
);

function brancher(racine) {
  racine.querySelectorAll?.("[data-es-carte]:not([data-es-pret])").forEach((plan) => {
    plan.hidden = false;
    guet.observe(plan);
  });
}

brancher(document);
document.addEventListener("htmx:load", (e) => brancher(e.detail.elt));
