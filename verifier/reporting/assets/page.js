"use strict";

const specs = JSON.parse(document.getElementById("specs").textContent);
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);

// The colour that a name of the style has in the theme of now.
function colour(name) {
  probe.style.color = name;
  return getComputedStyle(probe).color;
}

// A specification with colours in place of their names.
function coloured(part) {
  if (typeof part === "string") return part.startsWith("var(--") ? colour(part) : part;
  if (Array.isArray(part)) return part.map(coloured);
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) =>
    [key, ["values", "datasets", "domain"].includes(key) ? value : coloured(value)]));
}

function look(width) {
  const text = colour("var(--text)"), soft = colour("var(--soft)"), rule = colour("var(--rule)");
  const fonts = { labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" };
  return {
    background: null,
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: { ...fonts, labelColor: soft, titleColor: soft, gridColor: rule, domainColor: rule, tickColor: rule,
      labelOverlap: true },
    axisX: { grid: false, tickCount: Math.max(3, Math.floor(width / 90)) },
    legend: { ...fonts, labelColor: text, titleColor: soft, orient: "bottom", columns: width < 480 ? 2 : 4,
      labelLimit: width < 480 ? 110 : 120, symbolType: "circle" },
    line: { strokeWidth: 2 },
    point: { size: 14 },
  };
}

async function draw() {
  for (const box of document.querySelectorAll(".chart")) {
    if (box.view) box.view.finalize();
    const spec = { ...coloured(specs[box.dataset.chart]), autosize: { type: "fit-x", contains: "padding" } };
    const made = await vegaEmbed(box, spec, {
      actions: false, ast: true, defaultStyle: false, renderer: "svg", config: look(box.clientWidth),
      tooltip: { disableDefaultStyle: true },
    });
    box.view = made.view;
  }
  document.body.dataset.drawn = document.documentElement.dataset.theme || "auto";
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

const toggle = document.getElementById("theme");
function name() {
  toggle.textContent = isDark() ? "Light theme" : "Dark theme";
}
toggle.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  name();
  draw();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  name();
  draw();
});

function sort(header, descending) {
  const table = header.closest("table"), body = table.tBodies[0], column = header.cellIndex;
  const value = (row) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
  };
  const compare = (one, other) => (typeof one === "number" ? one - other : one.localeCompare(other));
  const rows = [...body.rows].sort((one, other) => compare(value(one), value(other)) * (descending ? -1 : 1));
  for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  body.append(...rows);
}
for (const button of document.querySelectorAll("th button")) {
  const header = button.closest("th");
  const numbers = !header.classList.contains("text");
  button.addEventListener("click", () => {
    const now = header.getAttribute("aria-sort");
    sort(header, now === null ? numbers : now === "ascending");
  });
}

name();
draw();
