// Addresses proposed while somebody types, in the browser's own list. The answers come from this site. Choosing one puts
// the point on the map; typing on without choosing is fine, words are enough.

const PAUSE = 250; // ms
const LETTRES_MIN = 3;

function brancher(liste) {
  if (liste.dataset.esPret) return;
  liste.dataset.esPret = "1";
  const champ = document.getElementById(liste.dataset.esChamp);
  const lieu = champ?.closest("[data-es-lieu]");
  if (!champ || !lieu) return;
  const connues = new Map();
  let attente = null;
  let demande = null;
  champ.setAttribute("list", liste.id);

  async function chercher() {
    const mots = champ.value.trim();
    demande?.abort();
    if (mots.length < LETTRES_MIN || !navigator.onLine) return;
    demande = new AbortController();
    try {
      const adresse = `${liste.dataset.esAdresses}?q=${encodeURIComponent(mots)}`;
      const reponse = await fetch(adresse, { headers: { Accept: "application/json" }, signal: demande.signal });
      if (!reponse.ok) return;
      const { adresses } = await reponse.json();
      adresses.forEach((a) => connues.set(a.libelle, a));
      liste.replaceChildren(...adresses.map((a) => Object.assign(document.createElement("option"), { value: a.libelle })));
    } catch {
      // Cut off, or overtaken by the next letters: words still say where.
    }
  }

  champ.addEventListener("input", () => {
    clearTimeout(attente);
    const choisie = connues.get(champ.value);
    if (choisie) lieu.dispatchEvent(new CustomEvent("es:lieu", { detail: choisie }));
    else attente = setTimeout(chercher, PAUSE);
  });
}

const tous = (racine) => racine.querySelectorAll?.("[data-es-adresses]").forEach(brancher);
tous(document);
document.addEventListener("htmx:load", (e) => tous(e.detail.elt));
