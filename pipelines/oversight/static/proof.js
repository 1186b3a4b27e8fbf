// The printed page with a figure framed. The address after # is a cell (p0008-t01-r007-c04), a finding
// (show-…) or a sentence (claim-…); boxes are points from the upper left of the page as displayed.
import * as pdfjs from "./pdfjs/pdf.min.js";

const at = (path) => new URL(path, import.meta.url).href;
pdfjs.GlobalWorkerOptions.workerSrc = at("./pdfjs/pdf.worker.min.js");
const words = JSON.parse(document.getElementById("words").textContent);
const root = document.body.dataset.root;
const id = document.querySelector(".proof").dataset.document;
const paper = document.getElementById("paper");
const sheet = document.getElementById("sheet");
const page = document.getElementById("page");
const canvas = document.getElementById("canvas");
const said = document.getElementById("paper-said");
const told = document.getElementById("told");
const SVG = "http://www.w3.org/2000/svg";
const MOST = 12;
const NARROW = 600;
const state = { number: 0, marked: [], dashed: [], wide: false, drawing: null };

const data = fetch(`${root}data/document/${id}.json`).then((answer) => answer.json());
const loading = pdfjs.getDocument({
  url: `${root}pdf/${id}.pdf`,
  cMapUrl: at("./pdfjs/cmaps/"),
  cMapPacked: true,
  standardFontDataUrl: at("./pdfjs/standard_fonts/"),
  wasmUrl: at("./pdfjs/wasm/"),
  iccUrl: at("./pdfjs/iccs/"),
  isEvalSupported: false,
  enableXfa: false,
});

function element(name, text = "", className = "") {
  const one = document.createElement(name);
  if (text) one.textContent = text;
  if (className) one.className = className;
  return one;
}

function yuan(text) {
  if (text === null) return "—";
  const [whole, cents] = text.split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents} ${words.yuan}`;
}

function frame(size) {
  page.querySelector("svg")?.remove();
  const overlay = document.createElementNS(SVG, "svg");
  overlay.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
  overlay.setAttribute("preserveAspectRatio", "none");
  overlay.setAttribute("aria-hidden", "true");
  const draw = (box, className) => {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("x", box[0] - 1);
    rect.setAttribute("y", box[1] - 1);
    rect.setAttribute("width", Math.max(box[2] - box[0], 1) + 2);
    rect.setAttribute("height", Math.max(box[3] - box[1], 1) + 2);
    rect.setAttribute("class", className);
    overlay.append(rect);
  };
  for (const box of state.dashed) draw(box, "dashed");
  for (const box of state.marked) draw(box, "marked");
  page.append(overlay);
  const first = state.marked[0] ?? state.dashed[0];
  if (first) {
    const scale = page.clientHeight / size[1];
    const across = page.clientWidth / size[0];
    sheet.scrollTop = Math.max(0, ((first[1] + first[3]) / 2) * scale - sheet.clientHeight / 2);
    sheet.scrollLeft = Math.max(0, ((first[0] + first[2]) / 2) * across - sheet.clientWidth / 2);
  }
}

async function draw() {
  const number = state.number;
  try {
    const pdf = await loading.promise;
    const source = await pdf.getPage(number);
    const plain = source.getViewport({ scale: 1 });
    const width = Math.max(sheet.clientWidth - 2, 200) * (state.wide ? 2 : 1);
    const viewport = source.getViewport({ scale: width / plain.width });
    const dense = Math.min(window.devicePixelRatio || 1, 2);
    state.drawing?.cancel();
    canvas.width = Math.floor(viewport.width * dense);
    canvas.height = Math.floor(viewport.height * dense);
    page.style.width = `${viewport.width}px`;
    page.style.height = `${viewport.height}px`;
    state.drawing = source.render({ canvas, viewport, transform: [dense, 0, 0, dense, 0, 0] });
    await state.drawing.promise;
    if (number !== state.number) return;
    frame((await data).pages[number] ?? [plain.width, plain.height]);
    page.dataset.drawn = number;
    said.textContent = "";
    document.getElementById("page-name").textContent =
      words.page.replace("{page}", number).replace("{pages}", pdf.numPages);
    document.getElementById("page-before").disabled = number <= 1;
    document.getElementById("page-after").disabled = number >= pdf.numPages;
    document.getElementById("page-pdf").href = `${root}pdf/${id}.pdf#page=${number}`;
  } catch (error) {
    if (error?.name !== "RenderingCancelledException") said.textContent = `${words.failed} ${error?.message ?? error}`;
  }
}

function show(number, marked = [], dashed = []) {
  Object.assign(state, { number, marked, dashed });
  paper.hidden = false;
  delete page.dataset.drawn;
  if (!page.querySelector("svg")) said.textContent = words.loading;
  return draw();
}

// A cell of this document is named without it, one of another in full.
function linkTo(cell, text) {
  const link = element("a", text);
  link.href = cell.startsWith("p") ? `#${cell}` : `${cell.slice(0, 16)}.html#${cell.slice(17)}`;
  return link;
}

function describe(all, name, cell) {
  told.replaceChildren();
  const [, , item, stood] = cell;
  const list = element("dl");
  const add = (what, value) => list.append(element("dt", what), element("dd", value));
  const shown = document.getElementById(name);
  if (shown) add(words.printed, shown.textContent.replace(/[≠?✎]\s*$/u, "").trim());
  const zh = document.documentElement.lang.startsWith("zh");
  if (item) {
    const [statement, row, column, amount, quality, confidence, repair] = item;
    const named = ([chinese, english]) => (zh ? chinese : `${english} (${chinese})`);
    add(words.amount, yuan(amount));
    add(words.statement, named(all.names[statement]));
    add(words.row, row);
    add(words.column, named(all.names[column]));
    add(words.quality, words[`quality_${quality}`] + (confidence === null ? "" : ` ${Math.round(confidence * 100)}%`));
    if (repair) add(words.repair, repair[zh ? 0 : 1]);
  }
  told.append(list, element("h3", words.identities));
  if (!stood.length) told.append(element("p", words.no_identities, "note"));
  const worst = { violated: 0, improbable: 1, rounding: 2, exact: 3 };
  const results = stood.map((one) => all.identities[one]).sort((a, b) => worst[a[2]] - worst[b[2]]);
  const lines = element("ul", "", "stood");
  for (const [title, key, verdict, reported, expected, difference, own, operands] of results.slice(0, MOST)) {
    const line = element("li");
    line.append(element("span", words[verdict], `verdict ${verdict}`), ` ${all.names[title][zh ? 0 : 1]}${key ? ` [${key}]` : ""}`);
    if (verdict !== "exact") {
      line.append(element("br"), `${words.expected} ${yuan(expected)}, ${words.reported} ${yuan(reported)}, ${words.difference} ${yuan(difference)}`);
    }
    const others = [own, ...operands].filter((one) => one && one !== name);
    if (others.length) {
      const more = element("details");
      more.append(element("summary", `${words.others} (${others.length})`));
      const where = element("ul");
      for (const one of others) {
        const there = all.cells[one];
        const place = element("li");
        place.append(linkTo(one, there?.[2] ? `${yuan(there[2][3])} · ${there[2][1]} · ${all.names[there[2][0]][zh ? 0 : 1]}` : one));
        where.append(place);
      }
      more.append(where);
      line.append(more);
    }
    lines.append(line);
  }
  if (results.length > MOST) lines.append(element("li", words.more.replace("{n}", results.length - MOST), "note"));
  told.append(lines);
}

function boxesOn(all, cells, number) {
  return cells.map((one) => all.cells[one])
    .filter((cell) => cell && cell[0] === number).map((cell) => cell[1]);
}

async function go() {
  const all = await data;
  const name = decodeURIComponent(location.hash.slice(1));
  document.querySelectorAll(".chosen").forEach((one) => one.classList.remove("chosen"));
  if (all.cells[name]) {
    const cell = all.cells[name];
    document.getElementById(name)?.classList.add("chosen");
    describe(all, name, cell);
    await show(cell[0], [cell[1]]);
  } else if (name.startsWith("claim-") && all.claims[name.slice(6)]) {
    const [number, box] = all.claims[name.slice(6)];
    told.replaceChildren(element("p", words.claim, "note"));
    await show(number, [box]);
  } else if (name.startsWith("show-") && all.findings[name.slice(5)]) {
    const finding = all.findings[name.slice(5)];
    const here = document.getElementById(`finding-${name.slice(5)}`);
    here?.closest("details.section")?.setAttribute("open", "");
    here?.classList.add("chosen");
    here?.scrollIntoView({ block: "center" });
    const claim = finding.claim ? all.claims[finding.claim] : null;
    const cell = all.cells[finding.cell] ?? null;
    const number = claim?.[0] ?? cell?.[0] ?? finding.page ?? 1;
    if (cell) describe(all, finding.cell, cell); else told.replaceChildren();
    const marked = claim ? [claim[1]] : cell ? [cell[1]] : [];
    await show(number, marked, boxesOn(all, claim ? [finding.cell, ...finding.others] : finding.others, number));
  } else {
    const first = Object.keys(all.pages).map(Number).sort((a, b) => a - b)[0] ?? 1;
    await show(first);
  }
}

function turn(by) {
  show(state.number + by);
}

document.getElementById("page-before").addEventListener("click", () => turn(-1));
document.getElementById("page-after").addEventListener("click", () => turn(1));
document.getElementById("zoom").addEventListener("click", (event) => {
  state.wide = !state.wide;
  event.target.textContent = state.wide ? words.wide : words.narrow;
  draw();
});
// On a telephone the figures of a page in its whole width cannot be read.
if (window.innerWidth < NARROW) {
  state.wide = true;
  document.getElementById("zoom").textContent = words.wide;
}
let waiting = 0;
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, 200);
});
window.addEventListener("hashchange", go);
go();
