// The theme changes at once; the form is sent quietly so that the next page, drawn by the server, is the same.

const VALEURS = { clair: "light", sombre: "dark" };

document.addEventListener("submit", async (e) => {
  const formulaire = e.target.closest("form[data-es-theme]");
  const bouton = e.submitter;
  if (!formulaire || !bouton) return;
  e.preventDefault();
  const donnees = new FormData(formulaire, bouton);
  try {
    const reponse = await fetch(formulaire.action, { method: "POST", body: donnees, redirect: "manual" });
    if (reponse.type !== "opaqueredirect" && !reponse.ok) throw new Error(String(reponse.status));
  } catch {
    formulaire.removeAttribute("data-es-theme");
    formulaire.requestSubmit(bouton);
    return;
  }
  const valeur = VALEURS[bouton.value];
  if (valeur) document.documentElement.dataset.bsTheme = valeur;
  else delete document.documentElement.dataset.bsTheme;
  document.querySelectorAll("form[data-es-theme] button").forEach((b) => {
    b.setAttribute("aria-pressed", String(b.value === bouton.value));
  });
});
