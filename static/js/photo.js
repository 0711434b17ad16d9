// Preview of photos before they leave. Nothing goes anywhere until the form is sent.

function brancher(bloc) {
  if (bloc.dataset.esPret) return;
  bloc.dataset.esPret = "1";
  const fichier = bloc.querySelector("input[type='file']");
  const texte = bloc.querySelector("textarea, input[type='text']");
  const apercu = bloc.querySelector("[data-es-photo-apercu]");
  const modele = apercu.querySelector("img");
  const depart = { images: [...apercu.children], cache: apercu.hidden };
  const retirer = bloc.querySelector("[data-es-photo-retirer]");
  const etat = bloc.querySelector("[data-es-photo-etat]");
  let adresses = [];

  function oublier() {
    adresses.forEach((adresse) => URL.revokeObjectURL(adresse));
    adresses = [];
    apercu.replaceChildren(...depart.images);
    apercu.hidden = depart.cache;
    retirer.hidden = true;
    texte.closest(".champ").hidden = false;
    texte.required = false;
    etat.textContent = "";
  }

  function montrer(fichiers) {
    adresses = fichiers.map((f) => URL.createObjectURL(f));
    apercu.replaceChildren(
      ...adresses.map((adresse) => {
        const image = modele.cloneNode();
        image.src = adresse;
        image.addEventListener("error", () => image.remove());
        return image;
      }),
    );
    apercu.hidden = false;
    retirer.hidden = false;
  }

  fichier.addEventListener("change", () => {
    const tous = [...fichier.files];
    oublier();
    const choisis = tous.filter((f) => f.type.startsWith("image/"));
    if (!choisis.length) return;
    montrer(choisis);
    const lourdes = choisis.filter((f) => f.size > Number(bloc.dataset.esPoids)).map((f) => f.name);
    // One picture is described here; several, one by one, once they are saved.
    texte.closest(".champ").hidden = choisis.length > 1;
    texte.required = choisis.length === 1;
    const total = choisis.reduce((somme, f) => somme + f.size, 0);
    if (total > Number(bloc.dataset.esTotal)) etat.textContent = bloc.dataset.esTotalDepasse;
    else if (lourdes.length) etat.textContent = `${bloc.dataset.esLourde} ${lourdes.join(", ")}`;
    else if (choisis.length > 1) etat.textContent = bloc.dataset.esPlusieurs;
  });

  retirer.addEventListener("click", () => {
    fichier.value = "";
    oublier();
    fichier.focus();
  });
}

const tous = (racine) => racine.querySelectorAll?.("[data-es-photo]").forEach(brancher);
tous(document);
document.addEventListener("htmx:load", (e) => tous(e.detail.elt));
