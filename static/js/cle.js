// Clés d'accès : montre ce qui n'a de sens qu'avec JavaScript, et dit en français pourquoi une clé n'a pas marché.
if (window.PublicKeyCredential) {
  for (const partie of document.querySelectorAll("[data-es-cle]")) partie.hidden = false;
}

document.addEventListener("allauth.error", (evenement) => {
  const place = document.querySelector("[data-es-cle-echec]");
  if (!place) return;
  evenement.preventDefault();
  const refus = ["NotAllowedError", "AbortError"].includes(evenement.detail.exception?.name);
  place.textContent = refus ? place.dataset.esAnnule : place.dataset.esPanne;
});
