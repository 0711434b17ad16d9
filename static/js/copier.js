// A permanent link is copied instead of followed; where copying is refused, it stays a link.

document.addEventListener("click", async (e) => {
  const lien = e.target.closest?.("[data-es-copier]");
  if (!lien || e.ctrlKey || e.metaKey || e.shiftKey || !navigator.clipboard) return;
  e.preventDefault();
  const adresse = new URL(lien.dataset.esCopier || lien.href, location.href);
  try {
    await navigator.clipboard.writeText(adresse.href);
  } catch {
    location.assign(adresse);
    return;
  }
  if (adresse.pathname === location.pathname && adresse.hash) history.replaceState(history.state, "", adresse);
  const texte = document.getElementById("es-annonces")?.dataset.esTexteCopie;
  document.dispatchEvent(new CustomEvent("es:annonce", { detail: texte }));
  const mot = lien.querySelector("span:not(.visually-hidden)");
  if (!mot || !texte || lien.dataset.esAvant) return;
  lien.dataset.esAvant = mot.textContent;
  mot.textContent = texte;
  setTimeout(() => {
    mot.textContent = lien.dataset.esAvant;
    delete lien.dataset.esAvant;
  }, 2500);
});
