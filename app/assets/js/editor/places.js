// Between the server's places (line and column from 1, columns in characters) and the editor's (offsets in UTF-16).

export function offsetOf(doc, line, column) {
  const there = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return there.from + Math.min([...there.text].slice(0, column - 1).join("").length, there.length);
}

export function placeOf(doc, offset) {
  const line = doc.lineAt(offset);
  return { line: line.number, column: [...line.text.slice(0, offset - line.from)].length + 1 };
}
