// Items ([data-item]) shown by what is chosen in the form; the address keeps the choice.
"use strict";
const form = document.querySelector("form.filters");
const said = document.getElementById("filtered");
const items = [...document.querySelectorAll("[data-item]")];
const names = [...form.querySelectorAll("select")].map((one) => one.name);

function show() {
  const words = form.elements.words.value.trim();
  let shown = 0;
  for (const one of items) {
    const fits = names.every((name) => !form.elements[name].value || (one.dataset[name] ?? "").split(" ").includes(form.elements[name].value))
      && (!words || one.textContent.includes(words));
    one.hidden = !fits;
    shown += fits;
  }
  for (const group of document.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-item]:not([hidden])");
  }
  said.textContent = said.dataset.said.replace("{shown}", shown).replace("{all}", items.length);
  const chosen = new URLSearchParams();
  for (const name of [...names, "words"]) if (form.elements[name].value) chosen.set(name, form.elements[name].value);
  history.replaceState(null, "", `${location.pathname}${chosen.size ? `?${chosen}` : ""}${location.hash}`);
}

const given = new URLSearchParams(location.search);
for (const name of [...names, "words"]) if (given.has(name)) form.elements[name].value = given.get(name);
form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();
