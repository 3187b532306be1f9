// Labels of the visible chart that meet each other or leave the drawing.
(() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg.chart")) {
    const frame = svg.getBoundingClientRect();
    const labels = [...svg.querySelectorAll(".mark text, .grid text, .heat text")]
      .map((label) => [label.textContent, label.getBoundingClientRect()])
      .filter(([, box]) => box.width);
    labels.forEach(([text, a], index) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push(`outside: ${text}`);
      for (const [other, b] of labels.slice(index + 1)) {
        const side = a.left < b.right - 1 && b.left < a.right - 1;
        // boxes of two lines of text may touch by the height of an empty descender
        if (side && a.top < b.bottom - 3 && b.top < a.bottom - 3) found.push(`${text} / ${other}`);
      }
    });
  }
  return found;
})();
