// Preview of a photo before it leaves. The picture never goes anywhere until the form is sent.

function brancher(bloc) {
  if (bloc.dataset.esPret) return;
  bloc.dataset.esPret = "1";
  const fichier = bloc.querySelector("input[type='file']");
  const texte = bloc.querySelector("textarea, input[type='text']");
  const apercu = bloc.querySelector("[data-es-photo-apercu]");
  const image = apercu.querySelector("img");
  const retirer = bloc.querySelector("[data-es-photo-retirer]");
  const depart = { source: image.src, cache: apercu.hidden };
  let adresse = null;

  function oublier() {
    if (adresse) URL.revokeObjectURL(adresse);
    adresse = null;
    image.src = depart.source;
    apercu.hidden = depart.cache;
    retirer.hidden = true;
    if (texte && depart.cache) texte.required = false;
  }

  fichier.addEventListener("change", () => {
    oublier();
    const choisi = fichier.files[0];
    if (!choisi || !choisi.type.startsWith("image/")) return;
    adresse = URL.createObjectURL(choisi);
    image.src = adresse;
    apercu.hidden = false;
    retirer.hidden = false;
    // A picture without words is a wall for some: asked for as soon as there is a picture.
    if (texte) texte.required = true;
  });

  image.addEventListener("error", oublier);

  retirer.addEventListener("click", () => {
    fichier.value = "";
    oublier();
    fichier.focus();
  });
}

const tous = (racine) => racine.querySelectorAll?.("[data-es-photo]").forEach(brancher);
tous(document);
document.addEventListener("htmx:load", (e) => tous(e.detail.elt));
