// The queue of moderation from the keyboard: J and K go from card to card. Only while the focus is inside the list and
// outside a field, so that no letter is taken from a screen reader or from somebody who types.

const liste = document.querySelector("[data-es-file]");
const aide = document.querySelector("[data-es-file-aide]");
if (aide) aide.hidden = false;

liste?.addEventListener("keydown", (e) => {
  const pas = { j: 1, k: -1 }[e.key.toLowerCase()];
  if (!pas || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select")) return;
  const cartes = [...liste.querySelectorAll("[data-es-carte-file]")];
  const ici = cartes.indexOf(e.target.closest("[data-es-carte-file]"));
  const suivante = cartes[Math.min(Math.max(ici + pas, 0), cartes.length - 1)];
  e.preventDefault();
  suivante.focus();
  suivante.scrollIntoView({ block: "start" });
});
