// Nothing typed is lost. What is typed is kept by this browser at once, and by the server a moment later when somebody is
// signed in. A copy is offered again when the form opens, to whoever wrote it: her account, or nobody in particular.
// It goes when the idea is sent, when she says so, or after a week.

const PREFIXE = "es-brouillon:";
const PAUSE_ICI = 300; // ms
const PAUSE_SERVEUR = 1500;
const NOUVEL_ESSAI = 15000;
const GARDE = 7 * 24 * 3600 * 1000;
const EXTRAIT = 80; // characters
const IGNORES = ["csrfmiddlewaretoken", "cle_saisie"];

// A browser may refuse to store anything (private mode, full disk): then the page does without.
const memoire = {
  lire(cle) {
    try {
      return JSON.parse(localStorage.getItem(cle));
    } catch {
      return null;
    }
  },
  ecrire(cle, valeur) {
    try {
      localStorage.setItem(cle, JSON.stringify(valeur));
      return true;
    } catch {
      return false;
    }
  },
  oublier(cle) {
    try {
      localStorage.removeItem(cle);
    } catch {
      // Nothing was stored either.
    }
  },
  cles() {
    try {
      return Object.keys(localStorage).filter((cle) => cle.startsWith(PREFIXE));
    } catch {
      return [];
    }
  },
};

class Brouillon {
  constructor(formulaire) {
    this.formulaire = formulaire;
    this.d = formulaire.dataset;
    this.etat = formulaire.querySelector("[data-es-brouillon-etat]");
    this.reprise = document.querySelector("[data-es-brouillon-reprise]");
    this.depart = this.lire();
    this.aEcrire = false;
    this.enCours = false;
    this.parti = false;
  }

  get cle() {
    return this.formulaire.elements.cle_saisie.value;
  }

  // Box, key of the form, owner: another account of this browser never finds it.
  get place() {
    return `${PREFIXE}${this.d.esBoite}:${this.cle}:${this.d.esProprietaire}`;
  }

  champs() {
    return [...this.formulaire.elements].filter((c) => c.name && !IGNORES.includes(c.name) && !["file", "submit", "button", "checkbox", "radio"].includes(c.type));
  }

  lire() {
    return Object.fromEntries(this.champs().map((c) => [c.name, c.value]));
  }

  estVide(valeurs) {
    return !["titre", "texte", "lieu_en_mots", "latitude"].some((nom) => (valeurs[nom] || "").trim());
  }

  // On the page and in a copy alike, only fields that the page has count.
  differe(valeurs) {
    const ici = this.lire();
    return Object.keys(ici).some((nom) => nom in valeurs && ici[nom].replace(/\r\n/g, "\n") !== valeurs[nom].replace(/\r\n/g, "\n"));
  }

  brancher() {
    this.formulaire.addEventListener("input", () => this.noter());
    this.formulaire.addEventListener("change", () => this.noter());
    this.formulaire.addEventListener("submit", (e) => this.partir(e));
    window.addEventListener("online", () => this.enregistrer());
    window.addEventListener("offline", () => this.enregistrer());
    window.addEventListener("pagehide", () => this.garderIci());
    window.addEventListener("pageshow", () => {
      this.parti = false;
    });
    this.proposer();
  }

  dire(phrase, adresse = "") {
    if (this.etat.textContent === phrase) return;
    this.etat.replaceChildren(phrase || "");
    if (adresse) this.etat.append(" ", Object.assign(document.createElement("a"), { href: adresse, textContent: this.d.esVoir }));
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
    const valeurs = this.lire();
    if (this.estVide(valeurs)) {
      memoire.oublier(this.place);
      return false;
    }
    return memoire.ecrire(this.place, { le: Date.now(), valeurs });
  }

  async enregistrer() {
    if (!this.aEcrire || this.enCours || this.parti) return;
    const garde = this.garderIci();
    if (!this.d.esEnregistrer || !navigator.onLine) {
      this.dire(garde ? (navigator.onLine ? this.d.esIci : this.d.esSansReseau) : "");
      return;
    }
    this.enCours = true;
    this.aEcrire = false;
    const entier = await this.poster(garde);
    this.enCours = false;
    if (!entier) this.aEcrire = true;
    // What was typed meanwhile goes with the next one.
    else if (this.aEcrire) this.noter();
    else memoire.oublier(this.place);
  }

  // True when the server has everything, so that the copy has no more use.
  async poster(garde) {
    const donnees = new FormData(this.formulaire);
    [...donnees.entries()].forEach(([nom, valeur]) => valeur instanceof File && donnees.delete(nom));
    try {
      const reponse = await fetch(this.d.esEnregistrer, { method: "POST", body: donnees, headers: { Accept: "application/json" } });
      if (reponse.redirected) throw new TypeError("session");
      const dit = await reponse.json().catch(() => ({}));
      if (reponse.ok) {
        this.dire(dit.etat);
        // What is sent next starts from the wording that has just been kept.
        const { redaction } = this.formulaire.elements;
        if (redaction && dit.redaction) redaction.value = dit.redaction;
        return dit.entier;
      }
      if (reponse.status === 409 && dit.url) {
        this.parti = true;
        memoire.oublier(this.place);
        this.dire(dit.detail, dit.url);
        return true;
      }
      const session = [401, 403].includes(reponse.status);
      this.dire(garde ? (session ? this.d.esSession : this.d.esIci) : dit.detail || "");
    } catch {
      this.dire(garde ? this.d.esSansReseau : "");
    }
    clearTimeout(this.serveur);
    this.serveur = setTimeout(() => this.enregistrer(), NOUVEL_ESSAI);
    return false;
  }

  // Runs before envoi.js: what it stops does not count as sent. The copy stays until a page says that the idea is sent.
  partir(e) {
    this.aEcrire = true;
    const garde = this.garderIci();
    if (!navigator.onLine) {
      e.preventDefault();
      this.dire(garde ? this.d.esSansReseau : this.d.esPasParti);
      this.etat.scrollIntoView({ block: "center" });
      return;
    }
    this.parti = true;
    clearTimeout(this.ici);
    clearTimeout(this.serveur);
  }

  // --- Offered again ---------------------------------------------------------------------------------------------------

  copies() {
    const miennes = memoire.cles().flatMap((place) => {
      const [boite, cle, proprietaire] = place.slice(PREFIXE.length).split(":");
      const copie = memoire.lire(place);
      if (!copie?.valeurs || Date.now() - copie.le > GARDE) {
        memoire.oublier(place);
        return [];
      }
      const lisible = boite === this.d.esBoite && (proprietaire === this.d.esProprietaire || proprietaire === "");
      return lisible ? [{ ...copie, place, cle }] : [];
    });
    return miennes.sort((a, b) => b.le - a.le);
  }

  // The copy of this very form first; in a new form, the last one written for this box.
  proposer() {
    const copies = this.copies();
    const meme = copies.find((copie) => copie.cle === this.cle);
    const nouveau = this.d.esNouveau !== undefined && this.estVide(this.depart);
    const copie = [meme, nouveau ? copies[0] : null].find((c) => c && this.differe(c.valeurs));
    if (!copie || !this.reprise) return;
    const mots = (copie.valeurs.titre || copie.valeurs.texte || copie.valeurs.lieu_en_mots || "").trim();
    const quand = new Date(copie.le).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    this.reprise.querySelector("[data-es-brouillon-mots]").textContent = mots.length > EXTRAIT ? `${mots.slice(0, EXTRAIT)}…` : mots;
    this.reprise.querySelector("[data-es-brouillon-date]").textContent = quand;
    this.reprise.hidden = false;
    this.reprise.querySelector("[data-es-brouillon-reprendre]").onclick = () => this.reprendre(copie);
    this.reprise.querySelector("[data-es-brouillon-effacer]").onclick = () => {
      memoire.oublier(copie.place);
      this.reprise.hidden = true;
      this.formulaire.elements.titre.focus();
    };
  }

  // One form, one idea: the key comes back with the words.
  reprendre(copie) {
    this.formulaire.elements.cle_saisie.value = copie.cle;
    this.champs().forEach((champ) => {
      if (!(champ.name in copie.valeurs)) return;
      champ.value = copie.valeurs[champ.name];
      champ.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const { latitude = "", longitude = "", commune = "" } = copie.valeurs;
    const detail = { lat: latitude, lon: longitude, commune };
    if (latitude) this.formulaire.querySelector("[data-es-lieu]")?.dispatchEvent(new CustomEvent("es:lieu", { detail }));
    this.reprise.hidden = true;
    if (copie.place !== this.place) memoire.oublier(copie.place);
    this.noter();
    this.formulaire.elements.titre.focus();
  }
}

document.querySelectorAll("form[data-es-brouillon]").forEach((formulaire) => new Brouillon(formulaire).brancher());

// A page that says « sent » ends the copies of that form, whoever made them.
document.querySelectorAll("[data-es-brouillon-fini]").forEach(({ dataset }) => {
  memoire.cles().forEach((place) => place.includes(`:${dataset.esBrouillonFini}:`) && memoire.oublier(place));
});
