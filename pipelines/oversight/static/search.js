// Find a department by its Chinese name, an earlier name, or the first letters of its pinyin.
"use strict";
const root = document.body.dataset.root;
const input = document.getElementById("search");
const list = document.getElementById("found");
const said = document.getElementById("found-said");
const MOST = 30;
let departments = null;

async function load() {
  departments ??= Promise.all(Array.from({ length: Number(input.dataset.parts) }, (_, number) =>
    fetch(`${root}data/search/${number + 1}.json`).then((answer) => answer.json()))).then((parts) => parts.flat());
  return departments;
}

async function find() {
  const words = input.value.trim().toLowerCase();
  const all = await load();
  if (words !== input.value.trim().toLowerCase()) return;
  list.replaceChildren();
  said.textContent = "";
  if (!words) return;
  const found = all.filter(([, name, , earlier, initials]) =>
    name.toLowerCase().includes(words) || initials.includes(words) || earlier.some((one) => one.includes(words)));
  said.textContent = found.length ? said.dataset.some.replace("{n}", found.length) : said.dataset.none;
  for (const [id, name, region] of found.slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = `department/${id}.html`;
    link.textContent = name;
    const where = document.createElement("span");
    where.className = "note";
    where.textContent = ` ${region}`;
    const item = document.createElement("li");
    item.append(link, where);
    list.append(item);
  }
}

document.querySelectorAll(".js").forEach((one) => { one.hidden = false; });
input.addEventListener("focus", load);
input.addEventListener("input", find);
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter") list.querySelector("a")?.click();
});
