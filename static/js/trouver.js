// « Me localiser » : the place goes into the address of the list, rounded, and nowhere else.

const DECIMALES = 3; // about a hundred metres

function brancher() {
  if (!navigator.geolocation) return;
  document.querySelectorAll("[data-es-pres][hidden]").forEach((bloc) => (bloc.hidden = false));
}

document.addEventListener("click", (e) => {
  const bouton = e.target.closest?.("[data-es-pres] button");
  if (!bouton) return;
  bouton.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const adresse = new URL(location.href);
      ["page", "tour", "depuis", "ordre", "pres"].forEach((nom) => adresse.searchParams.delete(nom));
      adresse.searchParams.set("lat", coords.latitude.toFixed(DECIMALES));
      adresse.searchParams.set("lon", coords.longitude.toFixed(DECIMALES));
      location.assign(adresse);
    },
    () => {
      bouton.removeAttribute("aria-busy");
      document.dispatchEvent(new CustomEvent("es:annonce", { detail: bouton.closest("[data-es-pres]").dataset.esRefus }));
    },
    { timeout: 10000, maximumAge: 60000 },
  );
});

brancher();
document.addEventListener("htmx:afterSettle", brancher);
