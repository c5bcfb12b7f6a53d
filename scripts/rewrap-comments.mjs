// Breaks comment lines that are wider than the page: the formatter leaves comments alone. Only
// paragraphs that hold such a line are touched; pictures, tables, code and lists' other items stay
// as they are.

/** @param {string} source @param {number} columns @returns {string} */
export function rewrapComments(source, columns) {
  const lines = source.split('\n').flatMap((line) => openOneLiner(line, columns));
  const result = [];
  let isInFence = false;
  for (let at = 0; at < lines.length; ) {
    const first = parse(lines[at]);
    if (first?.text.startsWith('```')) isInFence = !isInFence;
    if (first === undefined || isInFence || !isProse(first.text)) {
      result.push(lines[at++]);
      continue;
    }
    let end = at + 1;
    while (end < lines.length && continues(first, parse(lines[end]))) end++;
    const paragraph = lines.slice(at, end);
    const isTooWide = paragraph.some((line) => line.length > columns);
    result.push(...(isTooWide ? wrap(first, paragraph, columns) : paragraph));
    at = end;
  }
  return result.join('\n');
}

/** `/** text *\/` that is too wide becomes three lines. */
function openOneLiner(line, columns) {
  const match = /^(\s*)\/\*\* (.*) \*\/$/.exec(line);
  if (match === null || line.length <= columns) return [line];
  return [`${match[1]}/**`, `${match[1]} * ${match[2]}`, `${match[1]} */`];
}

function parse(line) {
  const match = /^(\s*(?:\*|\/\/) )(.*)$/.exec(line);
  if (match === null || match[2].startsWith('*/')) return undefined;
  const item = /^(?:- |\d+\. )/.exec(match[2])?.[0] ?? '';
  return { prefix: match[1], text: match[2], item };
}

/** Pictures and tables are indented or drawn; directives mean something to a tool. */
function isProse(text) {
  return !/^(\s{2}|[|@│┌└]|```|biome-|@ts-|eslint-|\/)/.test(text) && text.trim() !== '';
}

function continues(first, next) {
  if (next === undefined || next.prefix !== first.prefix || next.item !== '') return false;
  // `Goal: …`, `Not covered: …` and a described `name`: begin a line of their own.
  if (/^([A-Z][a-z]+( [a-z]+)?|`[^`]+`): /.test(next.text)) return false;
  if (first.item === '') return isProse(next.text);
  // The lines of a list's item are indented below its text.
  const indent = ' '.repeat(first.item.length);
  return next.text.startsWith(indent) && next.text[indent.length] !== ' ';
}

function wrap(first, paragraph, columns) {
  const words = paragraph.flatMap((line) => line.slice(first.prefix.length).trim().split(/ +/));
  const lines = [];
  let line = first.prefix;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = first.prefix + ' '.repeat(first.item.length);
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
