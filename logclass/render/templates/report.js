"use strict";
// What a reader may want on top of the page, which is whole without it.
for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  if (!isNaN(moment)) time.title = `${moment.toLocaleString()} local time`;
}
for (const text of document.querySelectorAll(".ticket pre")) {
  const button = document.createElement("button");
  button.textContent = "Copy";
  button.onclick = async () => {
    getSelection().selectAllChildren(text);
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      document.execCommand("copy"); // a page opened as a file may have no clipboard
    }
    button.textContent = "Copied";
  };
  text.before(button);
}
function sort(table, column, down) {
  const value = ({ cells: { [column]: cell } }) =>
    cell.querySelector("time")?.dateTime ?? cell.innerText.trim();
  const order = (a, b) => a.localeCompare(b, undefined, { numeric: true });
  const plain = (text) => text.replace(/(\d),(?=\d{3})/g, "$1");
  const rows = [...table.tBodies[0].rows].filter((row) => row.cells.length > column);
  rows.sort((a, b) => (down ? -1 : 1) * order(plain(value(a)), plain(value(b))));
  table.tBodies[0].prepend(...rows);
}
for (const table of document.querySelectorAll("table.grid")) {
  if (table.tBodies[0].rows.length < 3) continue;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    button.onclick = () => {
      const down = head.ariaSort === "ascending";
      for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
      head.ariaSort = down ? "descending" : "ascending";
      sort(table, column, down);
    };
    head.append(button);
  });
}
