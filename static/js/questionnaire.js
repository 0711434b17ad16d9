// Nothing that is ticked or typed is lost: this browser keeps it at once, the site a moment later. What the site has not
// received yet is put back when the page opens again, for whoever wrote it: her account, or nobody in particular.

const PREFIXE = "es-reponses:";
const PAUSE_ICI = 300; // ms
const PAUSE_SERVEUR = 1500;
const NOUVEL_ESSAI = 10000;
const GARDE = 7 * 24 * 3600 * 1000;
const IGNORES = ["csrfmiddlewaretoken", "cle", "page", "geste"];

// A browser may refuse to store anything (private mode, full disk): then the page does without.
const memoire = {
  lire(place) {
    try {
      return JSON.parse(localStorage.getItem(place));
    } catch {
      return null;
    }
  },
  ecrire(place, valeur) {
    try {
      localStorage.setItem(place, JSON.stringify(valeur));
      return true;
    } catch {
      return false;
    }
  },
  oublier(place) {
    try {
      localStorage.removeItem(place);
    } catch {
      // Nothing was stored either.
    }
  },
  places(debut) {
    try {
      return Object.keys(localStorage).filter((place) => place.startsWith(debut));
    } catch {
      return [];
    }
  },
};

class Questionnaire {
  constructor(formulaire) {
    this.formulaire = formulaire;
    this.d = formulaire.dataset;
    this.etat = formulaire.querySelector("[data-es-questionnaire-etat]");
    this.aEcrire = false;
    this.enCours = false;
    this.parti = false;
  }

  // Consultation, page, owner: another account of this browser never finds it.
  get place() {
    return `${PREFIXE}${this.d.esQuestionnaire}:${this.d.esPage}:${this.d.esProprietaire}`;
  }

  champs() {
    return [...this.formulaire.elements].filter((c) => c.name && !IGNORES.includes(c.name) && !["file", "submit", "button"].includes(c.type));
  }

  lire() {
    const valeurs = {};
    this.champs().forEach((c) => {
      valeurs[c.name] ??= [];
      if (["checkbox", "radio"].includes(c.type)) {
        if (c.checked) valeurs[c.name].push(c.value);
      } else if (c.value) valeurs[c.name].push(c.value);
    });
    return valeurs;
  }

  brancher() {
    this.remettre();
    ["input", "change"].forEach((geste) => this.formulaire.addEventListener(geste, () => this.noter()));
    this.formulaire.addEventListener("submit", (e) => this.partir(e));
    window.addEventListener("online", () => this.enregistrer());
    window.addEventListener("offline", () => this.enregistrer());
    window.addEventListener("pagehide", () => this.garderIci());
    window.addEventListener("pageshow", () => {
      this.parti = false;
    });
  }

  dire(phrase) {
    if (this.etat && this.etat.textContent !== phrase) this.etat.textContent = phrase || "";
  }

  // A copy of another form is somebody else's, or from another time.
  remettre() {
    const copie = memoire.lire(this.place);
    if (!copie) return;
    const sienne = copie.cle === this.formulaire.elements.cle.value || this.d.esNouvelle !== undefined;
    // Received since, and this page was drawn after: it knows. One that was drawn while the copy was on its way does not.
    const connue = copie.ecrite && copie.ecrite <= Number(this.d.esEcrite || 0);
    if (!copie.valeurs || !sienne || connue || Date.now() - copie.le > GARDE) {
      memoire.oublier(this.place);
      return;
    }
    if (JSON.stringify(copie.valeurs) === JSON.stringify(this.lire())) return;
    this.formulaire.elements.cle.value = copie.cle;
    this.champs().forEach((c) => {
      const gardees = copie.valeurs[c.name] || [];
      if (["checkbox", "radio"].includes(c.type)) c.checked = gardees.includes(c.value);
      else if (c.name in copie.valeurs) c.value = gardees[0] || "";
    });
    this.dire(this.d.esRemis);
    this.aEcrire = true;
    this.serveur = setTimeout(() => this.enregistrer(), PAUSE_SERVEUR);
  }

  noter() {
    if (this.parti) return;
    this.aEcrire = true;
    clearTimeout(this.ici);
    clearTimeout(this.serveur);
    this.ici = setTimeout(() => this.garderIci(), PAUSE_ICI);
    this.serveur = setTimeout(() => this.enregistrer(), PAUSE_SERVEUR);
  }

  garderIci() {
    if (!this.aEcrire) return false;
    return memoire.ecrire(this.place, { le: Date.now(), cle: this.formulaire.elements.cle.value, valeurs: this.lire() });
  }

  // The copy goes when a page shows that it knows, not before: the next page may have been drawn too early.
  noterRecu() {
    const copie = memoire.lire(this.place);
    if (copie) memoire.ecrire(this.place, { ...copie, cle: this.formulaire.elements.cle.value, ecrite: this.ecrite });
  }

  async enregistrer() {
    if (!this.aEcrire || this.enCours || this.parti) return;
    const garde = this.garderIci();
    this.enCours = true;
    this.aEcrire = false;
    const recu = navigator.onLine && (await this.poster());
    this.enCours = false;
    // What was typed meanwhile goes with the next one.
    if (recu && this.aEcrire) this.noter();
    else if (recu) this.noterRecu();
    else {
      this.aEcrire = true;
      this.dire(garde ? (navigator.onLine ? this.d.esIci : this.d.esSansReseau) : this.refus || "");
      clearTimeout(this.serveur);
      this.serveur = setTimeout(() => this.enregistrer(), NOUVEL_ESSAI);
    }
  }

  // True when the site has everything.
  async poster() {
    const donnees = new FormData(this.formulaire);
    [...donnees.entries()].forEach(([nom, valeur]) => valeur instanceof File && donnees.delete(nom));
    donnees.delete("oter");
    try {
      const reponse = await fetch(this.formulaire.action || window.location.href, { method: "POST", body: donnees, headers: { Accept: "application/json" } });
      const dit = await reponse.json();
      if (reponse.ok) {
        this.formulaire.elements.cle.value = dit.cle;
        this.ecrite = dit.ecrite;
        this.dire(dit.etat);
        return true;
      }
      this.refus = dit.detail;
    } catch {
      this.refus = "";
    }
    return false;
  }

  // Runs before envoi.js: what it stops does not count as sent. The copy goes once the next page is there.
  partir(e) {
    this.aEcrire = true;
    this.garderIci();
    if (!navigator.onLine) {
      e.preventDefault();
      this.dire(this.d.esPasParti);
      this.etat?.scrollIntoView({ block: "center" });
      return;
    }
    this.parti = true;
    clearTimeout(this.ici);
    clearTimeout(this.serveur);
  }
}

document.querySelectorAll("form[data-es-questionnaire]").forEach((formulaire) => new Questionnaire(formulaire).brancher());

// A page that says « sent » ends the copies of that consultation, whoever made them.
document.querySelectorAll("[data-es-questionnaire-fini]").forEach(({ dataset }) => {
  memoire.places(`${PREFIXE}${dataset.esQuestionnaireFini}:`).forEach((place) => memoire.oublier(place));
});
