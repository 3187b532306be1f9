// Labels of the visible chart that meet each other or a mark's line, or leave the drawing.
(() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg.chart")) {
    const frame = svg.getBoundingClientRect();
    const labels = [...svg.querySelectorAll(".mark text, .grid text, .heat text")]
      .map((label) => [label.textContent, label.getBoundingClientRect()])
      .filter(([, box]) => box.width);
    const lines = [...svg.querySelectorAll(".mark path:not(.span)")]
      .map((line) => line.getBoundingClientRect());
    labels.forEach(([text, a], index) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push(`outside: ${text}`);
      for (const line of lines) {
        const through = a.left + 1 < line.left && line.right < a.right - 1;
        const beside = line.top < a.bottom - 3 && line.bottom > a.top + 3;
        if (through && beside) found.push(`line through: ${text}`);
      }
      for (const [other, b] of labels.slice(index + 1)) {
        const side = a.left < b.right - 1 && b.left < a.right - 1;
        // boxes of two lines of text may touch by the height of an empty descender
        if (side && a.top < b.bottom - 3 && b.top < a.bottom - 3) found.push(`${text} / ${other}`);
      }
    });
  }
  return found;
})();
