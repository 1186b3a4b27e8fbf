// Findings of all years and regions by what is chosen in the form; the address keeps the choice. How many there
// are on which page is in one file a year; the findings themselves are taken from those pages, some at a time.
"use strict";
const root = document.body.dataset.root;
const form = document.querySelector("form.filters");
const said = document.getElementById("filtered");
const list = document.getElementById("chosen");
const more = document.getElementById("more");
const OF_A_LINE = ["kind", "severity", "region", "document", "reading", "state"];
const MOST = Number(list.dataset.most);
const held = new Map();
// The choice under way: its number, its pages that are still to be looked through, how many findings it has.
let choice = { number: 0, pages: [], waiting: [], all: 0 };

function load(path, read) {
  if (!held.has(path)) {
    held.set(path, fetch(path).then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status} ${path}`);
      return read(answer);
    }).catch((error) => { held.delete(path); throw error; }));
  }
  return held.get(path);
}

const fits = (wanted, value) => OF_A_LINE.every((name) => !wanted[name] || value(name).split(" ").includes(wanted[name]));

async function next(number) {
  const wanted = Object.fromEntries(new FormData(form));
  const last = list.children.length;
  while (choice.waiting.length < MOST && choice.pages.length) {
    const page = choice.pages.shift();
    const text = await load(page, (answer) => answer.text());
    if (number !== choice.number) return last;
    held.delete(page);
    const found = new DOMParser().parseFromString(text, "text/html").querySelectorAll("li[data-item][data-kind]");
    choice.waiting.push(...[...found].filter((one) => fits(wanted, (name) => one.dataset[name])));
  }
  list.append(...choice.waiting.splice(0, MOST));
  more.hidden = !choice.waiting.length && !choice.pages.length;
  said.textContent = said.dataset.said.replace("{shown}", list.children.length).replace("{all}", choice.all);
  return last;
}

async function told(work) {
  try {
    return await work();
  } catch (error) {
    said.textContent = `${said.dataset.failed} ${error?.message ?? error}`;
    return 0;
  }
}

async function show() {
  const number = choice.number + 1;
  choice = { number, pages: [], waiting: [], all: 0 };
  list.replaceChildren();
  more.hidden = true;
  said.textContent = "";
  const wanted = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
  const asked = new URLSearchParams(wanted);
  history.replaceState(null, "", `${location.pathname}${asked.size ? `?${asked}` : ""}${location.hash}`);
  for (const link of document.querySelectorAll("a.language")) link.search = asked.size ? `?${asked}` : "";
  if (!asked.size) return;
  const years = [...form.elements.year.options].map((one) => one.value)
    .filter((year) => year && (!wanted.year || wanted.year === year));
  const pages = (await Promise.all(years.map((year) =>
    load(`${root}data/findings/${year}.json`, (answer) => answer.json())))).flat();
  if (number !== choice.number) return;
  for (const { page, lines } of pages) {
    const own = lines.filter((line) => fits(wanted, (name) => line[OF_A_LINE.indexOf(name)]))
      .reduce((sum, line) => sum + line.at(-1), 0);
    if (own) choice.pages.push(page);
    choice.all += own;
  }
  await next(number);
}

const given = new URLSearchParams(location.search);
for (const one of form.elements) {
  if (one.name && [...one.options].some((option) => option.value === given.get(one.name))) one.value = given.get(one.name);
}
document.querySelectorAll(".js").forEach((one) => { one.hidden = false; });
form.addEventListener("input", () => told(show));
form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", async () => {
  const last = await told(() => next(choice.number));
  // Whoever uses the keyboard goes on with the first of those that came.
  list.children[last]?.querySelector("a, summary")?.focus();
});
told(show);
