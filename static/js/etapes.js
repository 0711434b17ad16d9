// A long form in steps, on a small screen: one at a time, back and forth without checking anything. On a large screen, or
// without JavaScript, it is one page. What is wrong opens its step.

const PETIT = window.matchMedia("(max-width: 47.99em)");

class Etapes {
  constructor(formulaire) {
    this.formulaire = formulaire;
    this.etapes = [...formulaire.querySelectorAll("[data-es-etape]")];
    this.ici = Math.max(0, this.premiereFautive());
  }

  premiereFautive() {
    const ancre = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fautive = this.formulaire.querySelector("[data-es-etape] :is(.champ--erreur, .errorlist, [aria-invalid='true'])");
    return this.etapes.findIndex((etape) => etape.contains(fautive || ancre || null));
  }

  brancher() {
    PETIT.addEventListener("change", () => this.dessiner());
    this.formulaire.addEventListener("click", (e) => {
      const pas = e.target.closest("[data-es-pas]");
      if (pas) this.aller(this.ici + Number(pas.dataset.esPas));
    });
    this.formulaire.addEventListener("keydown", (e) => {
      // Enter in a line goes on: sending is for the last step.
      if (!PETIT.matches || e.key !== "Enter" || !e.target.matches("input") || this.ici === this.etapes.length - 1) return;
      e.preventDefault();
      this.aller(this.ici + 1);
    });
    // Before anything looks for the field itself: the summary of errors leads into a step that may be folded.
    document.addEventListener("click", (e) => this.suivre(e), { capture: true });
    this.dessiner();
  }

  suivre(e) {
    const lien = e.target.closest?.("a[href^='#']");
    const champ = lien && document.getElementById(decodeURIComponent(lien.hash.slice(1)));
    const rang = this.etapes.findIndex((etape) => champ && etape.contains(champ));
    if (rang < 0) return;
    this.ici = rang;
    this.dessiner();
  }

  aller(rang) {
    this.ici = Math.min(Math.max(rang, 0), this.etapes.length - 1);
    this.dessiner();
    const titre = this.etapes[this.ici].querySelector("[data-es-etape-titre]");
    titre.focus({ preventScroll: true });
    titre.scrollIntoView({ block: "start" });
  }

  dessiner() {
    const petit = PETIT.matches;
    this.formulaire.toggleAttribute("data-es-en-etapes", petit);
    this.etapes.forEach((etape, rang) => {
      etape.hidden = petit && rang !== this.ici;
      etape.querySelectorAll("[data-es-etape-titre], [data-es-etape-suite]").forEach((morceau) => {
        morceau.hidden = !petit;
      });
    });
  }
}

document.querySelectorAll("form[data-es-etapes]").forEach((formulaire) => new Etapes(formulaire).brancher());
