// A block with data-es-selon="nom du champ" is shown only while that field has one of the values of data-es-valeurs.
// Nothing chosen yet: everything is shown, as without JavaScript. The server drops what the decision makes pointless.

function accorder(formulaire) {
  formulaire.querySelectorAll("[data-es-selon]").forEach((bloc) => {
    const { esSelon, esValeurs } = bloc.dataset;
    const champ = formulaire.elements.namedItem(esSelon);
    const valeur = champ?.value ?? "";
    bloc.hidden = valeur !== "" && !esValeurs.split(" ").includes(valeur);
  });
}

function brancher(racine) {
  racine.querySelectorAll?.("form:has([data-es-selon])").forEach((formulaire) => {
    if (formulaire.dataset.esSelonPret) return;
    formulaire.dataset.esSelonPret = "1";
    formulaire.addEventListener("change", () => accorder(formulaire));
    accorder(formulaire);
  });
}

brancher(document);
document.addEventListener("htmx:load", (e) => brancher(e.detail.elt));
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(accorder));
