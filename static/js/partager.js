// Sharing with what the device has; printing. Without it the link, the code and the poster remain.

function brancher(racine) {
  if (navigator.share) racine.querySelectorAll?.("[data-es-partager][hidden]").forEach((p) => (p.hidden = false));
  racine.querySelectorAll?.("[data-es-imprimer][hidden]").forEach((p) => (p.hidden = false));
}

document.addEventListener("click", (e) => {
  if (e.target.closest?.("[data-es-imprimer] button")) window.print();
  const bloc = e.target.closest?.("button")?.closest("[data-es-partager]");
  if (!bloc) return;
  // Closing the device's own sheet is not a failure.
  navigator.share({ title: bloc.dataset.esTitre, url: new URL(bloc.dataset.esPartager, location.href).href }).catch(() => {});
});

brancher(document);
document.addEventListener("htmx:afterSettle", () => brancher(document));
