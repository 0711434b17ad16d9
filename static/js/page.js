// What every page gains from JavaScript: spoken announcements, menus that close, errors that take the focus,
// filters that apply themselves. Nothing here is needed to use the site.

const annonces = document.getElementById("es-annonces");

// A live region speaks when its text changes: empty it first, so that the same sentence is heard twice.
function annoncer(texte) {
  if (!annonces || !texte) return;
  annonces.textContent = "";
  setTimeout(() => {
    annonces.textContent = texte;
  }, 80);
}

document.addEventListener("es:annonce", (e) => annoncer(e.detail));

// Menus: one open at a time, Escape closes and gives the focus back, so does a click elsewhere.
const menus = () => document.querySelectorAll("details[data-es-menu][open]");

document.addEventListener("click", (e) => {
  menus().forEach((menu) => {
    if (!menu.contains(e.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

document.addEventListener("focusin", (e) => {
  menus().forEach((menu) => {
    if (!menu.contains(e.target)) menu.open = false;
  });
});

// A row of tabs longer than the screen begins at the one that is read, with a glimpse of the one before.
document.querySelectorAll(".onglets ul").forEach((rangee) => {
  const onglet = rangee.querySelector("[aria-current]");
  if (!onglet || rangee.scrollWidth <= rangee.clientWidth) return;
  rangee.scrollLeft += onglet.getBoundingClientRect().left - rangee.getBoundingClientRect().left - 48;
});

// After a refused form the summary is read first; its links lead into the fields.
function montrerErreurs(racine) {
  racine.querySelector?.("[data-es-resume-erreurs]:not([data-es-temoin] *)")?.focus();
}

montrerErreurs(document);
document.addEventListener("htmx:afterSettle", (e) => montrerErreurs(e.target));

document.addEventListener("click", (e) => {
  const lien = e.target.closest?.("[data-es-resume-erreurs] a[href^='#']");
  const champ = lien && document.getElementById(decodeURIComponent(lien.hash.slice(1)));
  if (!champ) return;
  e.preventDefault();
  champ.focus();
  (champ.closest(".champ") || champ).scrollIntoView({ block: "center" });
});

// Filters apply on choice; typing waits for Enter or the button.
document.addEventListener("change", (e) => {
  const formulaire = e.target.closest?.("form[data-es-auto]");
  if (formulaire && e.target.matches("select, input[type='checkbox'], input[type='radio']")) formulaire.requestSubmit();
});

// htmx says nothing by itself when the server refuses or does not answer.
function refuser() {
  annoncer(annonces?.dataset.esTexteEchec);
}

document.addEventListener("htmx:sendError", refuser);
document.addEventListener("htmx:responseError", refuser);

// Another page of a list: reading goes on at its beginning, not on a link that moved.
document.addEventListener("htmx:afterSettle", (e) => {
  const pages = e.detail.requestConfig?.elt?.closest?.("[data-es-pages]");
  if (pages) document.querySelector(pages.dataset.esPages)?.focus({ preventScroll: true });
});
