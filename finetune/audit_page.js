"use strict";
const columns = JSON.parse(document.getElementById("columns").textContent);
const rows = JSON.parse(document.getElementById("rows").textContent);
const articles = [...document.querySelectorAll("article")];
const place = "llama-e audit " + document.body.dataset.sheet;

function controls(article) {
  return {
    verdict: article.querySelector("input[type=radio]:checked"),
    fault: article.querySelector("select"),
    note: article.querySelector("input[type=text]"),
  };
}

function collect() {
  articles.forEach((article, number) => {
    const { verdict, fault, note } = controls(article);
    rows[number].verdict = verdict ? verdict.value : "";
    rows[number].fault = fault.value;
    rows[number].note = note.value;
    article.dataset.verdict = rows[number].verdict;
  });
  const judged = rows.filter((row) => row.verdict);
  const rejected = judged.filter((row) => row.verdict === "reject").length;
  document.getElementById("progress").textContent =
    `${judged.length} of ${rows.length} marked, ${rejected} rejected`;
}

function keep() {
  collect();
  try {
    const marks = rows.map(({ verdict, fault, note }) => [verdict, fault, note]);
    localStorage.setItem(place, JSON.stringify(marks));
  } catch { /* a browser that keeps nothing still lets one download */ }
}

function restore() {
  let marks = null;
  try { marks = JSON.parse(localStorage.getItem(place)); } catch { /* none kept */ }
  articles.forEach((article, number) => {
    const row = rows[number];
    const [verdict, fault, note] = (marks && marks[number]) || [row.verdict, row.fault, row.note];
    for (const radio of article.querySelectorAll("input[type=radio]")) {
      radio.checked = radio.value === verdict;
    }
    const select = article.querySelector("select");
    if (fault && ![...select.options].some((option) => option.value === fault)) {
      select.add(new Option(fault, fault));
    }
    select.value = fault;
    article.querySelector("input[type=text]").value = note;
  });
  collect();
}

function go(step) {
  const here = articles.findIndex((article) => article.contains(document.activeElement));
  const next = articles[Math.max(0, Math.min(articles.length - 1, here + step))];
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
}

function mark(verdict) {
  const article = articles.find((one) => one.contains(document.activeElement));
  if (!article) { go(1); return; }
  article.querySelector(`input[value=${verdict}]`).checked = true;
  keep();
  if (verdict === "accept") { go(1); } else { article.querySelector("select").focus(); }
}

function cell(value) {
  const safe = /^[=+\-@\t]/.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}

function download() {
  collect();
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  const text = "\ufeff" + lines.map((line) => line.map(cell).join(",") + "\r\n").join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "audit.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("input", keep);
document.addEventListener("change", keep);
document.getElementById("download").addEventListener("click", download);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const article = articles.find((one) => one.contains(event.target));
    if (article) article.focus();
    return;
  }
  if (event.target.matches("input[type=text], select")) return;
  const actions = { j: () => go(1), k: () => go(-1), a: () => mark("accept"), r: () => mark("reject") };
  if (actions[event.key]) { event.preventDefault(); actions[event.key](); }
});
restore();
