// Tables that sort, filter and take the keyboard: <table class="tbl" data-table>, <input data-filter="table-id">.
import { lang, tn } from "./i18n.js";

const collator = new Intl.Collator(lang, { numeric: true, sensitivity: "base" });
const rowsOf = (table) => [...table.tBodies[0].rows].filter((row) => !row.hasAttribute("data-empty"));
const valueOf = (row, column) => {
  const cell = row.cells[column];
  return cell?.dataset.sort ?? cell?.textContent.trim() ?? "";
};

function sort(table, header) {
  const column = header.cellIndex;
  const rising = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", rising ? "ascending" : "descending");
  const sorted = rowsOf(table).sort((a, b) => collator.compare(valueOf(a, column), valueOf(b, column)) * (rising ? 1 : -1));
  table.tBodies[0].append(...sorted);
}

function filter(table, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rowsOf(table)) {
    const content = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => content.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  const empty = table.tBodies[0].querySelector("[data-empty]");
  if (empty) empty.hidden = shown > 0;
  const count = document.querySelector(`[data-count-of="${table.id}"]`);
  if (count) count.textContent = tn("{n} row", "{n} rows", shown);
}

/** Up, down, home and end move between rows; Enter follows the row's first link. */
function keys(table, event) {
  const row = event.target.closest("tbody tr");
  if (!row || event.target !== row) return;
  const all = rowsOf(table).filter((one) => !one.hidden), at = all.indexOf(row);
  const next = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all.at(-1) }[event.key];
  if (next) {
    event.preventDefault();
    row.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else if (event.key === "Enter") row.querySelector("a, button")?.click();
}

export function enhanceTables(scope) {
  const tables = [...scope.querySelectorAll("table[data-table]")];
  if (scope.matches?.("table[data-table]")) tables.push(scope);
  for (const table of tables) {
    if (table.dataset.table === "ready") continue;
    table.dataset.table = "ready";
    rowsOf(table).forEach((row, at) => { row.tabIndex = at ? -1 : 0; });
    table.addEventListener("keydown", (event) => keys(table, event));
    table.tHead.addEventListener("click", (event) => {
      const header = event.target.closest("th[aria-sort]");
      if (header) sort(table, header);
    });
    const box = document.querySelector(`[data-filter="${table.id}"]`);
    box?.addEventListener("input", () => filter(table, box.value));
  }
}
