"use strict";
// A figure and its place: pointing at one marks the other, a click keeps both marked.
(() => {
  const twin = (element) =>
    document.getElementById((element.id[0] === "p" ? "t" : "p") + element.id.slice(1));
  const place = (target) => target.closest ? target.closest("[data-cell]") : null;
  const mark = (element, name, on) => {
    for (const one of [element, twin(element)]) if (one) one.classList.toggle(name, on);
  };
  let pinned = null;
  document.addEventListener("mouseover", (event) => {
    const element = place(event.target);
    if (element) mark(element, "pointed", true);
  });
  document.addEventListener("mouseout", (event) => {
    const element = place(event.target);
    if (element) mark(element, "pointed", false);
  });
  document.addEventListener("click", (event) => {
    const element = place(event.target);
    if (!element) return;
    event.preventDefault();
    if (pinned) mark(pinned, "pinned", false);
    pinned = element;
    mark(element, "pinned", true);
    const other = twin(element);
    if (other) other.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
