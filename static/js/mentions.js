// « @ca » under a long text: the people of this discussion whose names begin so, as buttons that write the name.
// Without this script the name is simply typed.

const ATTENTE = 200; // ms after the last letter
const DEBUT = /(?:^|[^\p{L}\p{N}_@.])@([\p{L}\p{N}][\p{L}\p{N}_ .'’-]{0,39})$/u;

function brancher(racine) {
  racine.querySelectorAll?.("[data-es-mentions]:not([data-es-pret])").forEach((groupe) => {
    const champ = document.getElementById(groupe.dataset.esMentions);
    if (!champ) return;
    groupe.dataset.esPret = "1";
    champ.addEventListener("input", () => {
      clearTimeout(groupe.attente);
      groupe.attente = setTimeout(() => proposer(groupe, champ), ATTENTE);
    });
  });
}

function cacher(groupe) {
  groupe.replaceChildren();
  groupe.hidden = true;
}

async function proposer(groupe, champ) {
  const debut = DEBUT.exec(champ.value.slice(0, champ.selectionStart))?.[1];
  if (!debut) return cacher(groupe);
  const adresse = new URL(groupe.dataset.esMentionsUrl, location.href);
  adresse.searchParams.set("q", debut);
  let noms = [];
  try {
    const reponse = await fetch(adresse, { headers: { Accept: "application/json" } });
    if (reponse.ok) ({ noms } = await reponse.json());
  } catch {
    return cacher(groupe);
  }
  groupe.replaceChildren(...noms.map((nom) => bouton(groupe, champ, debut, nom)));
  groupe.hidden = noms.length === 0;
}

function bouton(groupe, champ, debut, nom) {
  const b = Object.assign(document.createElement("button"), { type: "button", className: "puce", textContent: nom });
  b.setAttribute("aria-label", groupe.dataset.esMentionsNom.replace("{nom}", nom));
  b.addEventListener("click", () => {
    const fin = champ.selectionStart;
    champ.setRangeText(`${nom} `, fin - debut.length, fin, "end");
    cacher(groupe);
    champ.focus();
    champ.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return b;
}

brancher(document);
document.addEventListener("htmx:load", (e) => brancher(e.detail.elt));
