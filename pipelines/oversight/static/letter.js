// Which questions go into the printed letter.
"use strict";
document.querySelectorAll(".js").forEach((one) => { one.hidden = false; });
const boxes = [...document.querySelectorAll(".questions input")];
const apply = (box) => box.closest("li").classList.toggle("left-out", !box.checked);
boxes.forEach((box) => box.addEventListener("change", () => apply(box)));
function all(checked) {
  boxes.forEach((box) => { box.checked = checked; apply(box); });
}
document.getElementById("all").addEventListener("click", () => all(true));
document.getElementById("none").addEventListener("click", () => all(false));
document.getElementById("print").addEventListener("click", () => window.print());
