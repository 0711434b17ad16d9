// Live pages. The websocket only says « this changed »; the fragment is asked again over HTTP, where rights are checked
// again, and melted into the page. Without a websocket, without htmx, the page is simply not live.

const REGROUPER = 250; // ms; several events at once ask once
const DISPERSER = 600; // ms; a hundred open pages do not all ask at the same instant
const RECUL_MIN = 1000;
const RECUL_MAX = 60000;
const fluxOuverts = new Map();

const annoncer = (texte) => document.dispatchEvent(new CustomEvent("es:annonce", { detail: texte }));

class Flux {
  constructor(element) {
    this.element = element;
    this.essais = 0;
    this.vivant = true;
    this.ouvrir();
  }

  ouvrir() {
    if (!this.vivant || this.prise) return;
    const adresse = new URL(this.element.dataset.esFlux, location.href);
    adresse.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const prise = new WebSocket(adresse);
    this.prise = prise;
    prise.addEventListener("open", () => {
      if (this.prise !== prise) {
        prise.close(1000);
        return;
      }
      // What happened while the line was down was missed; so was, where the fragment says so, what was quicker than the line.
      if (this.essais > 0 || this.element.dataset.esFluxRelire !== undefined) this.rafraichir();
      this.essais = 0;
      this.element.dataset.esFluxEtat = "ouvert";
    });
    prise.addEventListener("message", (e) => {
      let message;
      try {
        message = JSON.parse(e.data);
      } catch {
        return;
      }
      if (message.type === "entree") this.rafraichir();
    });
    prise.addEventListener("close", (e) => {
      if (this.prise !== prise) return;
      this.prise = null;
      this.element.dataset.esFluxEtat = "ferme";
      // 4404 and 4008: the server will not have us; insisting would be rude.
      if (this.vivant && !(e.code >= 4000 && e.code < 5000)) this.reessayer();
    });
  }

  reessayer() {
    this.essais += 1;
    const plafond = Math.min(RECUL_MAX, RECUL_MIN * 2 ** Math.min(this.essais, 6));
    clearTimeout(this.attente);
    this.attente = setTimeout(() => this.ouvrir(), plafond / 2 + Math.random() * (plafond / 2));
  }

  rafraichir() {
    if (this.prevu) return;
    this.prevu = setTimeout(async () => {
      this.prevu = null;
      const { esFluxUrl, esFluxCible, esFluxMuet } = this.element.dataset;
      const cible = esFluxCible ? document.querySelector(esFluxCible) : this.element;
      if (!cible || !window.htmx) return;
      const avant = cible.textContent;
      await window.htmx.ajax("GET", esFluxUrl || location.href, {
        source: cible,
        target: cible,
        swap: "morph:outerHTML",
        headers: { "X-Estuaire-Veille": "1" },
      });
      const apres = (esFluxCible ? document.querySelector(esFluxCible) : this.element)?.textContent;
      if (esFluxMuet === undefined && apres !== avant) annoncer(document.getElementById("es-annonces")?.dataset.esTexteMaj);
    }, REGROUPER + Math.random() * DISPERSER);
  }

  fermer() {
    this.vivant = false;
    clearTimeout(this.attente);
    clearTimeout(this.prevu);
    const prise = this.prise;
    this.prise = null;
    // Closing a line that is not open yet is an error on the console: it closes as soon as it opens, or with the page.
    if (prise?.readyState === WebSocket.OPEN) prise.close(1000);
  }
}

// An element that left the page closes its flux; one that came opens it. morph keeps elements, so most stay open.
function accorder() {
  fluxOuverts.forEach((flux, element) => {
    if (!element.isConnected) {
      flux.fermer();
      fluxOuverts.delete(element);
    }
  });
  document.querySelectorAll("[data-es-flux]").forEach((element) => {
    if (!fluxOuverts.has(element)) fluxOuverts.set(element, new Flux(element));
  });
}

function fermerTout() {
  fluxOuverts.forEach((flux) => flux.fermer());
  fluxOuverts.clear();
}

// What is being typed, what is open and what the page remembers of itself survive a refresh of the fragment.
if (window.Idiomorph) {
  const touche = (e) =>
    (e.matches?.("textarea, input:not([type='hidden'], [type='checkbox'], [type='radio'], [type='submit'])") && e.value !== e.defaultValue) ||
    (e.matches?.("input[type='checkbox'], input[type='radio']") && e.checked !== e.defaultChecked) ||
    (e.matches?.("select") && [...e.options].some((o) => o.selected !== o.defaultSelected) && e.value !== "");
  Object.assign(window.Idiomorph.defaults.callbacks, {
    beforeNodeMorphed: (ancien) => !(ancien.nodeType === Node.ELEMENT_NODE && touche(ancien)),
    beforeAttributeUpdated: (nom, element) =>
      !(nom === "open" && element.matches("details, dialog")) && !nom.startsWith("data-es-flux-etat") && nom !== "data-es-pret",
  });
}

accorder();
document.addEventListener("htmx:afterSettle", accorder);
window.addEventListener("pagehide", fermerTout);
window.addEventListener("pageshow", (e) => {
  if (!e.persisted) return;
  accorder();
  fluxOuverts.forEach((flux) => flux.rafraichir());
});
