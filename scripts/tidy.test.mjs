// Goal: each house rule finds what breaks it, and nothing else.
// Method: small files held against the rules.
// Not covered: the repository itself, which `node scripts/tidy.mjs` holds against them.
import { describe, expect, test } from 'vitest';
import { rewrapComments } from './rewrap-comments.mjs';
import { COLUMNS_MAX, findUntidy, LINES_MAX } from './tidy.mjs';

const untidy = (path, text, longFiles = {}) => findUntidy([{ path, text }], longFiles);
const lines = (count) => 'x\n'.repeat(count);

describe('the rules', () => {
  test.each([
    ['a line that is too wide', 'a.ts', 'x'.repeat(COLUMNS_MAX + 1)],
    ['a wide comment with a text', 'a.ts', `// '${'x '.repeat(60)}'`],
    ['a file that is too long', 'a.ts', lines(LINES_MAX + 1)],
    ['unfinished work', 'a.md', `# A\n\n${'TO'}${'DO'}: later`],
    ['unfinished work that is broken', 'a.ts', `// ${'FIX'}ME`],
    ['a registry', 'a.json', `"https://registry${'.'}example.com/x"`],
    ['a lock file with origins', 'package-lock.json', '"resolved": "https://example.com/x.tgz"'],
    ['a page without a title', 'a.md', 'text'],
    ['a page with two titles', 'a.md', '# A\n\n# B\n'],
  ])('%s is untidy', (_, path, text) => {
    expect(untidy(path, text)).toHaveLength(1);
  });

  test.each([
    ['a line and a file at their limits', 'a.ts', lines(LINES_MAX - 1) + 'x'.repeat(COLUMNS_MAX)],
    ['a long address', 'a.ts', `// https://example.com/${'x'.repeat(100)}`],
    ['a long text in code', 'a.ts', `throw new Error('${'x '.repeat(60)}');`],
    ['a wide line of prose', 'a.md', `# A\n\n${'x '.repeat(100)}`],
    ['a comment in a code block of a page', 'a.md', '# A\n\n```sh\n# not a title\n```\n'],
    ['a lock file without origins', 'package-lock.json', '"integrity": "sha512-x"'],
  ])('%s is tidy', (_, path, text) => {
    expect(untidy(path, text)).toEqual([]);
  });

  test('a file with an exception may shrink, never grow, and the exception follows', () => {
    const exceptions = { 'a.ts': LINES_MAX + 10 };
    expect(untidy('a.ts', lines(LINES_MAX + 10), exceptions)).toEqual([]);
    expect(untidy('a.ts', lines(LINES_MAX + 11), exceptions)[0]).toContain('split it');
    expect(untidy('a.ts', lines(LINES_MAX + 9), exceptions)[0]).toContain('lower its entry');
    expect(untidy('b.ts', 'x', exceptions)[0]).toContain('no file a.ts');
  });
});

describe('wide comments', () => {
  const rewrapped = (...source) => rewrapComments(source.join('\n'), 20).split('\n');

  test('are broken at words, within their paragraph', () => {
    expect(rewrapped('// one two three four five', '// six', 'code();')).toEqual([
      '// one two three',
      '// four five six',
      'code();',
    ]);
  });

  test('of one line open into a block', () => {
    expect(rewrapped('  /** one two three four */')).toEqual([
      '  /**',
      '   * one two three',
      '   * four',
      '   */',
    ]);
  });

  test('keep list items, labels, pictures, code blocks and narrow paragraphs apart', () => {
    const kept = [
      '// - one',
      '//   two',
      '//     a ─► very wide picture indeed',
      '// ```',
      '// very wide code in a block',
      '// ```',
      'const text = "a very wide line of code";',
    ];
    expect(rewrapped(...kept)).toEqual(kept);
    expect(rewrapped('// Goal: one two three four', '// Method: five')).toEqual([
      '// Goal: one two',
      '// three four',
      '// Method: five',
    ]);
    expect(rewrapped('// - one two three four', '//   five', '// - six')).toEqual([
      '// - one two three',
      '//   four five',
      '// - six',
    ]);
  });
});
