// One click, one sending: the second press of an impatient finger does nothing. The button stays enabled for screen
// readers (aria-busy), and everything is released when the page comes back from the browser's memory.

document.addEventListener("submit", (e) => {
  const formulaire = e.target;
  if (!formulaire.matches("form[data-es-envoi]") || e.defaultPrevented) return;
  if (formulaire.dataset.esParti) {
    e.preventDefault();
    return;
  }
  formulaire.dataset.esParti = "1";
  (e.submitter || formulaire.querySelector("[type='submit']"))?.setAttribute("aria-busy", "true");
});

function liberer(racine) {
  racine.querySelectorAll("form[data-es-parti]").forEach((formulaire) => {
    delete formulaire.dataset.esParti;
    formulaire.querySelectorAll("[aria-busy]").forEach((b) => b.removeAttribute("aria-busy"));
  });
}

window.addEventListener("pageshow", () => liberer(document));
document.addEventListener("htmx:afterRequest", () => liberer(document));
