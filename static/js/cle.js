// Clés d'accès : montre ce qui n'a de sens qu'avec JavaScript, et dit en français pourquoi une clé n'a pas marché.

// Une clé appartient à un nom de site : sur une adresse en chiffres, aucun navigateur n'en accepte.
const nomme = !/^[\d.]+$|:/.test(location.hostname);

if (window.PublicKeyCredential && nomme) {
  document.querySelector("[data-es-cle-impossible]")?.remove();
  for (const partie of document.querySelectorAll("[data-es-cle]")) {
    partie.hidden = false;
    // La page part quand la clé a répondu (form.submit(), qui ne passe pas par ici), pas au clic.
    partie.addEventListener("submit", (evenement) => evenement.preventDefault());
  }
}

document.addEventListener("allauth.error", (evenement) => {
  const place = document.querySelector("[data-es-cle-echec]");
  if (!place) return;
  evenement.preventDefault();
  const refus = ["NotAllowedError", "AbortError"].includes(evenement.detail.exception?.name);
  place.textContent = refus ? place.dataset.esAnnule : place.dataset.esPanne;
});
