// A ballot says what is left while one fills it in, aloud too. The server counts the same, and decides.

const PAUSE = 400; // ms: several quick gestures are told once

const langue = () => document.documentElement.lang || "fr";

class Bulletin {
  constructor(formulaire) {
    this.formulaire = formulaire;
    this.d = formulaire.dataset;
    this.forme = this.d.esBulletin;
    this.reste = formulaire.querySelector("[data-es-bulletin-reste]");
    this.lignes = [...formulaire.querySelectorAll("[data-es-ligne]")];
    this.blanc = formulaire.querySelector("#id_blanc");
  }

  brancher() {
    this.formulaire.querySelector("[data-es-bulletin-compter]")?.setAttribute("hidden", "");
    this.formulaire.addEventListener("input", (e) => this.changer(e.target));
    if (this.forme === "classement") this.brancherLesRangs();
    this.dire();
    // Fields that the browser has filled again after « back ».
    window.addEventListener("pageshow", () => this.dire());
  }

  changer(champ) {
    // Blank and something: the last gesture wins, nobody has to undo the other one.
    if (champ === this.blanc && this.blanc.checked && this.blanc.type === "checkbox") this.vider();
    else if (champ !== this.blanc && this.blanc?.type === "checkbox") this.blanc.checked = false;
    clearTimeout(this.attente);
    this.attente = setTimeout(() => this.dire(), PAUSE);
  }

  vider() {
    this.lignes.forEach((ligne) =>
      ligne.querySelectorAll("input").forEach((champ) => {
        if (champ.type === "checkbox") champ.checked = false;
        else if (champ.type === "radio") champ.checked = champ.value === "";
        else champ.value = "";
      }),
    );
  }

  employe() {
    const coches = [...this.formulaire.querySelectorAll("[data-es-ligne] input:checked")];
    const nombres = [...this.formulaire.querySelectorAll("[data-es-ligne] input[type='text']")].map((c) => Number.parseInt(c.value, 10) || 0);
    if (this.forme === "sac") return coches.reduce((somme, champ) => somme + Number(champ.dataset.esCout || 0), 0);
    if (this.forme === "points") return nombres.reduce((somme, n) => somme + n, 0);
    if (this.forme === "classement") return nombres.filter((n) => n > 0).length;
    return coches.filter((champ) => champ.value !== "").length;
  }

  ecrire(valeur) {
    if (this.forme !== "sac") return valeur.toLocaleString(langue());
    const decimales = valeur % 100 === 0 ? 0 : 2;
    return (valeur / 100).toLocaleString(langue(), { style: "currency", currency: "EUR", minimumFractionDigits: decimales, maximumFractionDigits: decimales, currencyDisplay: "narrowSymbol" });
  }

  // The text is a live region: writing it says it.
  dire() {
    if (!this.reste) return;
    const employe = this.employe();
    const total = this.d.esTotal === undefined ? null : Number(this.d.esTotal);
    const trop = total !== null && employe > total;
    const modele = total === null ? this.d.esSansLimite : trop ? this.d.esTrop : this.d.esReste;
    const dits = { n: this.ecrire(Math.abs((total ?? 0) - employe)), total: this.ecrire(total ?? 0), employe: this.ecrire(employe) };
    const phrase = modele.replace(/\{(n|total|employe)\}/g, (_tout, nom) => dits[nom]);
    this.reste.classList.toggle("bulletin__reste--trop", trop);
    if (this.reste.textContent !== phrase) this.reste.textContent = phrase;
  }

  // --- Ranking by buttons, beside the numbers ---

  brancherLesRangs() {
    this.formulaire.querySelectorAll("[data-es-rang]").forEach((bouton) => {
      bouton.hidden = false;
      bouton.addEventListener("click", () => this.bouger(bouton.closest("[data-es-ligne]"), bouton.dataset.esRang));
    });
  }

  champDe(ligne) {
    return ligne.querySelector("input[type='text']");
  }

  // Lines that have a place, the first first.
  classees() {
    const place = (ligne) => Number.parseInt(this.champDe(ligne).value, 10);
    return this.lignes.filter((ligne) => place(ligne) > 0).sort((a, b) => place(a) - place(b));
  }

  bouger(ligne, sens) {
    const rangees = this.classees();
    const ici = rangees.indexOf(ligne);
    if (sens === "monter" && ici === -1) rangees.push(ligne);
    else if (sens === "monter" && ici > 0) [rangees[ici - 1], rangees[ici]] = [rangees[ici], rangees[ici - 1]];
    else if (sens === "descendre" && ici === rangees.length - 1) rangees.pop();
    else if (sens === "descendre" && ici !== -1) [rangees[ici + 1], rangees[ici]] = [rangees[ici], rangees[ici + 1]];
    this.lignes.forEach((une) => {
      const rang = rangees.indexOf(une);
      this.champDe(une).value = rang === -1 ? "" : String(rang + 1);
    });
    if (this.blanc) this.blanc.checked = false;
    this.dire();
    const rang = rangees.indexOf(ligne);
    const modele = rang === -1 ? this.d.esSansPlace : this.d.esPlace;
    const dits = { titre: ligne.dataset.esTitre, n: rang + 1, total: rangees.length };
    const phrase = modele.replace(/\{(titre|n|total)\}/g, (_tout, nom) => dits[nom]);
    document.dispatchEvent(new CustomEvent("es:annonce", { detail: phrase }));
  }
}

document.querySelectorAll("form[data-es-bulletin]").forEach((formulaire) => new Bulletin(formulaire).brancher());
