// Which questions go into the letter, printed or as DOCX.
"use strict";
document.querySelectorAll(".js").forEach((one) => { one.hidden = false; });
const boxes = [...document.querySelectorAll(".questions input")];
const docx = document.getElementById("docx");
const BODY = "word/document.xml";
const ENTRY = 46;
const LOCAL = 30;
const END = 22;

const apply = (box) => box.closest("li").classList.toggle("left-out", !box.checked);
boxes.forEach((box) => box.addEventListener("change", () => apply(box)));
function all(checked) {
  boxes.forEach((box) => { box.checked = checked; apply(box); });
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

// The text without the questions left out, the others numbered anew.
function without(xml, leftOut) {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  let number = 0;
  for (const control of [...tree.getElementsByTagName("w:sdt")]) {
    if (leftOut.has(control.getElementsByTagName("w:tag")[0].getAttribute("w:val"))) {
      control.remove();
      continue;
    }
    number += 1;
    const first = control.getElementsByTagName("w:t")[0];
    first.textContent = first.textContent.replace(/^\d+/, number);
  }
  return new XMLSerializer().serializeToString(tree);
}

// The package with another text: its entries copied as they are, the text, which is stored, put in its place.
function repacked(bytes, change) {
  const view = new DataView(bytes.buffer);
  const end = bytes.length - END;
  const count = view.getUint16(end + 10, true);
  const files = [], list = [];
  let at = view.getUint32(end + 16, true), written = 0;
  for (let number = 0; number < count; number += 1) {
    const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const head = bytes.slice(at, at + ENTRY + lengths[0] + lengths[1] + lengths[2]);
    const name = new TextDecoder().decode(head.slice(ENTRY, ENTRY + lengths[0]));
    const from = view.getUint32(at + 42, true);
    const begin = from + LOCAL + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
    const local = bytes.slice(from, begin);
    let content = bytes.slice(begin, begin + view.getUint32(at + 20, true));
    if (name === BODY) {
      content = new TextEncoder().encode(change(new TextDecoder().decode(content)));
      for (const [part, place] of [[head, 16], [local, 14]]) {
        const numbers = new DataView(part.buffer);
        numbers.setUint32(place, crc32(content), true);
        numbers.setUint32(place + 4, content.length, true);
        numbers.setUint32(place + 8, content.length, true);
      }
    }
    new DataView(head.buffer).setUint32(42, written, true);
    files.push(local, content);
    list.push(head);
    written += local.length + content.length;
    at += head.length;
  }
  const tail = bytes.slice(end);
  const numbers = new DataView(tail.buffer);
  numbers.setUint32(12, list.reduce((sum, one) => sum + one.length, 0), true);
  numbers.setUint32(16, written, true);
  return new Blob([...files, ...list, tail],
    { type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document" });
}

docx.addEventListener("click", async (event) => {
  const leftOut = new Set(boxes.filter((box) => !box.checked).map((box) => box.closest("li").dataset.finding));
  if (!leftOut.size) return;
  event.preventDefault();
  const bytes = new Uint8Array(await (await fetch(docx.href)).arrayBuffer());
  const link = document.createElement("a");
  link.href = URL.createObjectURL(repacked(bytes, (xml) => without(xml, leftOut)));
  link.download = docx.getAttribute("href").split("/").pop();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
document.getElementById("all").addEventListener("click", () => all(true));
document.getElementById("none").addEventListener("click", () => all(false));
document.getElementById("print").addEventListener("click", () => window.print());
