// Departments side by side: one small chart each on one scale, the table, its CSV and SQL. The address
// keeps the choice. Amounts are texts of yuan; only the drawing reckons with numbers.
"use strict";
const root = document.body.dataset.root;
const words = JSON.parse(document.getElementById("words").textContent);
const template = JSON.parse(document.getElementById("template").textContent);
const form = document.getElementById("chooser");
const result = document.getElementById("result");
const place = document.getElementById("table");
const said = document.getElementById("said");
const asked = document.getElementById("asked");
const SVG = "http://www.w3.org/2000/svg";
const KINDS = ["budget", "final_accounts"];
const held = new Map();
let rows = [];

function element(name, text = "", className = "") {
  const one = document.createElement(name);
  if (text) one.textContent = text;
  if (className) one.className = className;
  return one;
}

function drawn(name, attributes, text) {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  if (text) one.textContent = text;
  return one;
}

// Exact: the cents of a text of yuan as a whole number.
const cents = (text) => BigInt(text.replace(".", ""));

function inWan(hundredths) {
  const negative = hundredths < 0n;
  const size = negative ? -hundredths : hundredths;
  const rounded = (size + 5000n) / 10000n;
  const whole = String(rounded / 100n).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? "-" : ""}${whole}.${String(rounded % 100n).padStart(2, "0")}`;
}

function median(values) {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2n;
}

function load(id) {
  if (!held.has(id)) held.set(id, fetch(`${root}data/compare/${id}.json`).then((answer) => answer.json()));
  return held.get(id);
}

function chosen() {
  const ids = [...form.querySelectorAll("input[name=department]:checked")].map((box) => box.value);
  let [from, to] = [Number(form.elements.from.value), Number(form.elements.to.value)];
  if (from > to) [from, to] = [to, from];
  return { ids, measure: form.elements.measure.value, from, to };
}

function nameOf(id) {
  return form.querySelector(`input[value="${CSS.escape(id)}"]`).closest("label").querySelector("span").textContent;
}

function chart(name, figures, years, highest, lowest) {
  const [width, height, left, top, bottom] = [260, 150, 10, 16, 20];
  const picture = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name });
  const span = highest - lowest || 1;
  const y = (value) => top + ((highest - value) / span) * (height - top - bottom);
  const slot = (width - left * 2) / years.length;
  const thick = Math.min(22, slot * 0.4);
  if (highest > 0) {
    picture.append(drawn("line", { x1: left, x2: width - left, y1: y(highest), y2: y(highest), class: "grid" }));
    picture.append(drawn("text", { x: left, y: y(highest) - 3 }, `${inWan(BigInt(Math.round(highest * 100)))} ${words.wan_short}`));
  }
  years.forEach((year, number) => {
    const middle = left + slot * (number + 0.5);
    KINDS.forEach((kind, side) => {
      const x = middle + (side - 1) * thick;
      const amount = figures[year]?.[kind]?.[0];
      if (amount === undefined) {
        picture.append(drawn("text", { x: x + thick / 2, y: y(0) - 3, class: "value gap" }, "—"));
        return;
      }
      const value = Number(amount);
      const bar = drawn("rect", { x, y: Math.min(y(value), y(0)), width: thick - 1, height: Math.abs(y(value) - y(0)), class: `column ${kind === "budget" ? "budget plain" : "final"}` });
      bar.append(drawn("title", {}, `${year} ${words[`kind.${kind}`]} ${inWan(cents(amount))}`));
      picture.append(bar);
    });
    picture.append(drawn("text", { x: middle, y: height - 5, class: "year" }, String(year)));
  });
  picture.append(drawn("line", { x1: left, x2: width - left, y1: y(0), y2: y(0), class: "zero" }));
  const box = element("figure", "", "chart small");
  box.append(element("figcaption", name), picture);
  return box;
}

function table(ids, data, measure, years) {
  const made = element("table", "", "figures");
  const head = element("tr");
  const titled = (text, className = "") => {
    const cell = element("th", text, className);
    cell.scope = "col";
    return cell;
  };
  head.append(titled(words.department), titled(words.document), ...years.map((year) => titled(String(year), "n")));
  made.append(element("thead"), element("tbody"));
  made.tHead.append(head);
  const body = made.tBodies[0];
  ids.forEach((id, number) => KINDS.forEach((kind) => {
    const line = element("tr");
    if (kind === KINDS[0]) {
      const title = element("th");
      title.scope = "rowgroup";
      title.rowSpan = KINDS.length;
      const link = element("a", nameOf(id));
      link.href = `department/${id}.html`;
      title.append(link);
      line.append(title);
    }
    line.append(element("td", words[`kind.${kind}`]));
    for (const year of years) {
      const cell = element("td", "", "n");
      const figure = data[number][measure]?.[year]?.[kind];
      if (figure) {
        const [amount, where] = figure;
        const proof = element("a", inWan(cents(amount)), "figure");
        proof.href = `document/${where.slice(0, 16)}.html#${where.slice(17)}`;
        proof.title = `${amount} ${words.yuan}`;
        proof.dataset.value = amount;
        cell.append(proof);
      } else {
        const gap = element("span", "—", "gap");
        gap.title = words.gap;
        cell.append(gap);
      }
      line.append(cell);
    }
    body.append(line);
  }));
  if (ids.length > 2) {
    for (const kind of KINDS) {
      const line = element("tr", "", "median");
      const title = element("th", words.median);
      title.scope = "row";
      line.append(title, element("td", words[`kind.${kind}`]));
      for (const year of years) {
        const values = data.map((one) => one[measure]?.[year]?.[kind]?.[0]).filter((one) => one !== undefined).map(cents);
        line.append(element("td", values.length ? `${inWan(median(values))} (${values.length})` : "—", "n"));
      }
      body.append(line);
    }
  }
  return made;
}

function remember({ ids, measure, from, to }) {
  const choice = new URLSearchParams();
  if (ids.length) choice.set("d", ids.join(","));
  choice.set("m", measure);
  choice.set("y", `${from}-${to}`);
  history.replaceState(null, "", `${location.pathname}?${choice}`);
  for (const link of document.querySelectorAll("a.language")) link.search = `?${choice}`;
}

async function show() {
  const choice = chosen();
  const { ids, measure, from, to } = choice;
  remember(choice);
  said.textContent = ids.length ? (ids.length > 2 ? words.peers.replace("{n}", ids.length) : "") : words.choose_more.replace("{n}", 0);
  asked.hidden = !ids.length;
  const data = await Promise.all(ids.map(load));
  if (JSON.stringify(choice) !== JSON.stringify(chosen())) return;
  const years = Array.from({ length: to - from + 1 }, (_, n) => from + n);
  const amounts = data.flatMap((one) => years.flatMap((year) => KINDS.map((kind) => one[measure]?.[year]?.[kind]?.[0])))
    .filter((one) => one !== undefined).map(Number);
  const [highest, lowest] = [Math.max(0, ...amounts), Math.min(0, ...amounts)];
  result.replaceChildren(...ids.map((id, number) => chart(nameOf(id), data[number][measure] ?? {}, years, highest, lowest)));
  place.replaceChildren();
  rows = [];
  if (!ids.length) return;
  const title = element("h2", words[`measure.${measure}`]);
  title.id = "h-table";
  title.append(" ", element("span", words.wan, "unit"));
  const legend = element("p", "", "legend");
  for (const [kind, look] of [["budget", "budget plain"], ["final_accounts", "final"]]) {
    const key = element("span", "", `key ${look}`);
    key.append(element("i"), words[`kind.${kind}`]);
    legend.append(key);
  }
  legend.append(element("span", `— ${words.gap}`, "key absent"));
  const scroll = element("div", "", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-labelledby", "h-table");
  scroll.append(table(ids, data, measure, years));
  place.append(title, legend, scroll);
  ids.forEach((id, number) => years.forEach((year) => {
    const figures = data[number][measure]?.[year];
    if (figures) rows.push([nameOf(id), id, year, measure, figures.budget?.[0] ?? "", figures.final_accounts?.[0] ?? ""]);
  }));
  const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
  document.getElementById("sql").textContent = template
    .replace("$department_ids", ids.map(quoted).join(", ")).replace("$measure", quoted(measure))
    .replace("$first_year", from).replace("$last_year", to);
}

// A text that a spreadsheet would take for a formula gets an apostrophe before it.
function field(value) {
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r\n＝＋－＠]/u.test(text) && !/^-?\d+\.\d\d$/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

document.getElementById("csv").addEventListener("click", () => {
  const head = ["department_name", "department_id", "fiscal_year", "measure", "budget_yuan", "final_yuan"];
  const text = `\ufeff${[head, ...rows].map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "compare.csv";
  link.click();
  URL.revokeObjectURL(link.href);
});
// Of many departments only those chosen and those that fit what is typed are listed, from the index of names.
const choices = document.getElementById("choices");
const narrow = document.getElementById("narrow");
const LISTED = 50;
const isWhole = choices.children.length > 0;
const regions = (choices.dataset.regions ?? "").split(" ");
const parts = new Map();
let index = [];

// The parts of the index that are named, and those that were there before.
async function know(numbers) {
  for (const number of numbers) {
    if (!parts.has(number)) parts.set(number, fetch(`${root}data/search/${number + 1}.json`).then((answer) => answer.json()));
  }
  index = (await Promise.all([...parts.keys()].sort((a, b) => a - b).map((number) => parts.get(number)))).flat();
}

// Where a department may stand by the region its id begins with: parts are in the order of regions.
function holding(id) {
  const region = id.split("-")[0];
  return [...regions.keys()].filter((number) => regions[number] <= region && !(regions[number + 1] < region));
}

function choice([id, name, region]) {
  const box = element("input");
  Object.assign(box, { type: "checkbox", name: "department", value: id });
  const label = element("label");
  label.append(box, " ", element("span", name), " ", element("small", region));
  const item = element("li");
  item.dataset.name = `${name} ${region}`;
  item.append(label);
  return item;
}

function list() {
  const text = narrow.value.trim().toLowerCase();
  if (!isWhole) {
    for (const box of choices.querySelectorAll("input:not(:checked)")) box.closest("li").remove();
    const there = new Set([...choices.querySelectorAll("input")].map((box) => box.value));
    const fits = ([id, name, region, earlier, initials]) => !there.has(id)
      && (`${name} ${region}`.toLowerCase().includes(text) || initials.includes(text) || earlier.some((one) => one.includes(text)));
    choices.append(...index.filter(fits).slice(0, LISTED).map(choice));
    return;
  }
  for (const item of choices.children) {
    item.hidden = Boolean(text) && !item.dataset.name.toLowerCase().includes(text) && !item.querySelector("input").checked;
  }
}
async function narrowed() {
  if (!isWhole) await know([...regions.keys()]);
  list();
}
narrow.addEventListener("focus", narrowed);
narrow.addEventListener("input", narrowed);

const given = new URLSearchParams(location.search);
if ([...form.elements.measure.options].some((one) => one.value === given.get("m"))) form.elements.measure.value = given.get("m");
const years = /^(\d{4})-(\d{4})$/.exec(given.get("y") ?? "");
const known = (year) => [...form.elements.from.options].some((one) => one.value === year);
if (years && known(years[1])) form.elements.from.value = years[1];
if (years && known(years[2])) form.elements.to.value = years[2];

async function begin() {
  const ids = (given.get("d") ?? "").split(",").filter(Boolean);
  if (!isWhole) {
    await know([0, ...ids.flatMap(holding)]);
    choices.append(...index.filter(([id]) => ids.includes(id)).map(choice));
  }
  for (const id of ids) {
    const box = form.querySelector(`input[value="${CSS.escape(id)}"]`);
    if (box) box.checked = true;
  }
  list();
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  await show();
}
begin();
