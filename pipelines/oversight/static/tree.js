// Codes drawn together to their classes; a click opens one level. Without this script all levels are open.
"use strict";
for (const table of document.querySelectorAll("table.tree")) {
  const rows = [...table.querySelectorAll("tbody tr")];
  const below = new Map();
  for (const row of rows) {
    const parent = row.dataset.parent;
    if (!below.has(parent)) below.set(parent, []);
    below.get(parent).push(row);
  }
  const set = (row, open) => {
    row.querySelector("button.twist").setAttribute("aria-expanded", open);
    for (const child of below.get(row.dataset.code) ?? []) {
      child.hidden = !open;
      if (!open && "children" in child.dataset) set(child, false);
    }
  };
  for (const row of rows) {
    if (!("children" in row.dataset)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "twist";
    button.setAttribute("aria-label", row.querySelector("th").textContent.trim());
    button.addEventListener("click", () => set(row, button.getAttribute("aria-expanded") !== "true"));
    row.querySelector(".code").prepend(button);
  }
  for (const row of rows) if ("children" in row.dataset) set(row, false);
}
