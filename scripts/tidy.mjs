// House rules no linter knows, over every file git knows or would add. `node scripts/tidy.mjs`
// prints what is untidy and fails; `--write [path…]` first breaks comments that are too wide.
//
// `tidy-exceptions.json` holds the lengths of files that are longer than the limit: a ratchet,
// since a file may shrink (then the entry has to follow) and never grow.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rewrapComments } from './rewrap-comments.mjs';

export const COLUMNS_MAX = 100;
export const LINES_MAX = 400;

const SOURCE = /\.(ts|mts|cts|js|mjs|cjs|proto)$/;
const MARKDOWN = /\.md$/;
const TEXT = /\.(ts|mts|cts|js|mjs|cjs|proto|json|md|ya?ml|sh|py)$|(^|\/)(Dockerfile|run|\.npmrc)$/;

/** An address, or a text in code that the formatter found no place to break. */
const UNBREAKABLE = /https?:\/\/\S{40}|^(?!\s*(\*|\/[/*])).*(['"`]).{30}/;

// Put together at run time, or this file would find itself.
const UNFINISHED = new RegExp(`\\b(${['FIX', 'TO'].join('ME|')}DO)\\b`);
const REGISTRY = `registry${'\\.'}[a-z0-9-]+${'\\.'}[a-z]+|npm${'js'}\\.(org|com)`;
const MACHINE = new RegExp(`${REGISTRY}|/${'work'}/main`);

/**
 * @param {{ path: string, text: string }[]} files
 * @param {Record<string, number>} longFiles allowed lengths, by path
 * @returns {string[]} one line for each thing that is untidy
 */
export function findUntidy(files, longFiles) {
  const findings = [];
  const seen = new Set();
  for (const { path, text } of files) {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const say = (line, what) => findings.push(`${path}:${line + 1}: ${what}`);
    if (SOURCE.test(path)) {
      const allowed = longFiles[path] ?? LINES_MAX;
      if (path in longFiles) seen.add(path);
      if (lines.length > allowed) say(0, `${lines.length} lines, at most ${allowed}: split it`);
      if (path in longFiles && lines.length < allowed) {
        say(0, `${lines.length} lines: lower its entry in tidy-exceptions.json from ${allowed}`);
      }
      for (const [at, line] of lines.entries()) {
        if (line.length > COLUMNS_MAX && !UNBREAKABLE.test(line)) {
          say(at, `${line.length} columns, at most ${COLUMNS_MAX}`);
        }
      }
    }
    for (const [at, line] of lines.entries()) {
      if (UNFINISHED.test(line)) say(at, 'unfinished work is an issue, not a comment');
      if (MACHINE.test(line)) say(at, "names a registry or this machine's folders");
      if (path.endsWith('package-lock.json') && /"resolved": "https?:/.test(line)) {
        say(at, 'a lock file names where a package came from; see .npmrc');
      }
    }
    if (MARKDOWN.test(path)) {
      const titles = titleLines(lines);
      if (titles.length !== 1) say(titles[1] ?? 0, `${titles.length} titles, exactly one: # Title`);
    }
  }
  for (const path of Object.keys(longFiles)) {
    if (!seen.has(path)) findings.push(`scripts/tidy-exceptions.json: no file ${path}`);
  }
  return findings;
}

/** Indexes of `# ` headings outside code blocks. */
function titleLines(lines) {
  const titles = [];
  let isInFence = false;
  for (const [at, line] of lines.entries()) {
    if (/^\s*(```|~~~)/.test(line)) isInFence = !isInFence;
    else if (!isInFence && line.startsWith('# ')) titles.push(at);
  }
  return titles;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Tracked files and new ones that are not ignored, generated code left out. */
function readFiles() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root });
  const paths = listed.toString().split('\n');
  return paths.flatMap((path) => {
    if (!TEXT.test(path) || path.includes('/generated/')) return [];
    try {
      return [{ path, text: readFileSync(join(root, path), 'utf8') }];
    } catch (error) {
      // Deleted and not committed yet.
      if (error.code === 'ENOENT') return [];
      throw error;
    }
  });
}

function readLongFiles() {
  return JSON.parse(readFileSync(join(root, 'scripts/tidy-exceptions.json'), 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [option, ...prefixes] = process.argv.slice(2);
  if (option === '--write') {
    for (const { path, text } of readFiles()) {
      if (!SOURCE.test(path)) continue;
      if (prefixes.length > 0 && !prefixes.some((prefix) => path.startsWith(prefix))) continue;
      const rewrapped = rewrapComments(text, COLUMNS_MAX);
      if (rewrapped !== text) writeFileSync(join(root, path), rewrapped);
    }
  }
  const findings = findUntidy(readFiles(), readLongFiles());
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
}
