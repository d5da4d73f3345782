// Files may be dropped onto the form, and what was chosen is told; the plain choice of files works without this.
"use strict";

const zone = document.querySelector("#drop .zone");
const input = document.getElementById("sent");
const chosen = document.getElementById("chosen");

function tell() {
  chosen.replaceChildren(
    ...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = file.name;
      return item;
    }),
  );
}

input.addEventListener("change", tell);
for (const name of ["dragenter", "dragover"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  tell();
});

// the name of another wave is asked for only where it is wanted
const wave = document.getElementById("wave");
const named = document.getElementById("new");
function want() {
  named.closest(".field").hidden = wave.value !== "";
  named.required = wave.value === "";
}
wave.addEventListener("change", want);
want();
