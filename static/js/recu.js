// A receipt or a letter: print it, copy its codes. Without this module the page is printed and copied by hand.

for (const bouton of document.querySelectorAll("[data-es-imprimer]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => window.print());
}

for (const bouton of document.querySelectorAll("[data-es-copier-texte]")) {
  bouton.hidden = !navigator.clipboard;
  bouton.addEventListener("click", async () => {
    const textes = bouton.dataset.esCopierTexte.split(" ").map((id) => document.getElementById(id)?.textContent.trim());
    await navigator.clipboard.writeText(textes.join(" "));
    document.dispatchEvent(new CustomEvent("es:annonce", { detail: bouton.dataset.esDit }));
    bouton.querySelector("span").textContent = bouton.dataset.esDit;
  });
}
