// « 420 caractères restants », beside a long text. Spoken only near the end: each keystroke would be noise.

const SEUIL_PAROLE = 20;

// As the server counts after a form is sent: line breaks arrive as two characters.
const longueur = (texte) => [...texte.replace(/\r?\n/g, "\r\n")].length;

function actualiser(compteur, champ) {
  const reste = Number(compteur.dataset.esMaximum) - longueur(champ.value);
  const { esReste, esResteUn, esTrop } = compteur.dataset;
  let phrase = reste === 1 ? esResteUn : esReste.replace("{n}", reste.toLocaleString(document.documentElement.lang));
  if (reste < 0) phrase = esTrop.replace("{n}", (-reste).toLocaleString(document.documentElement.lang));
  compteur.textContent = phrase;
  compteur.classList.toggle("champ__compteur--trop", reste < 0);
  if (reste <= SEUIL_PAROLE && document.activeElement === champ) {
    clearTimeout(compteur.attente);
    compteur.attente = setTimeout(() => document.dispatchEvent(new CustomEvent("es:annonce", { detail: phrase })), 900);
  }
}

function brancher(racine) {
  racine.querySelectorAll?.("[data-es-compteur]").forEach((compteur) => {
    const champ = document.getElementById(compteur.dataset.esCompteur);
    if (!champ || compteur.dataset.esPret) return;
    compteur.dataset.esPret = "1";
    // The browser's own limit cuts a pasted text without a word: let it in, and say how much is too much.
    champ.removeAttribute("maxlength");
    champ.addEventListener("input", () => actualiser(compteur, champ));
    actualiser(compteur, champ);
  });
}

brancher(document);
document.addEventListener("htmx:load", (e) => brancher(e.detail.elt));
