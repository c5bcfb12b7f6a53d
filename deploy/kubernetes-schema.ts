/**
 * Validates Kubernetes objects twice, because neither check sees everything: the schemas know types
 * and required fields but let unknown fields pass, as the API server does; the TypeScript types
 * know every field's name, so the compiler finds the misspelled ones.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

interface Model {
  validate(): void;
}

export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });
}

/** Throws what the schemas find wrong: types, required fields, formats. */
export async function validateAgainstSchema(object: KubernetesObject): Promise<void> {
  const models = (await import(moduleOf(object))) as Record<string, new (data: unknown) => Model>;
  const model = models[object.kind];
  if (model === undefined) throw new Error(`no such kind ${object.apiVersion} ${object.kind}`);
  new model(object).validate();
}

/**
 * The compiler's complaints about fields that the objects' types do not have; empty if there are
 * none.
 */
export function findUnknownFields(objects: readonly KubernetesObject[]): string {
  // In this folder, so that the compiler finds the types where Node would.
  const directory = mkdtempSync(join(import.meta.dirname, '.rendered-'));
  try {
    objects.forEach((object, index) => {
      const type = `import('${moduleOf(object)}').I${object.kind}`;
      const source = `export const object: ${type} = ${JSON.stringify(object, null, 2)};\n`;
      writeFileSync(join(directory, `${index}-${object.kind}.ts`), source);
    });
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(COMPILER_SETTINGS));
    const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
    const result = spawnSync(
      process.execPath,
      [join(compiler, '..', 'bin', 'tsc'), '-p', directory, '--pretty', 'false'],
      { encoding: 'utf8' },
    );
    if (result.error !== undefined) throw result.error;
    return result.status === 0 ? '' : result.stdout + result.stderr;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const COMPILER_SETTINGS = {
  compilerOptions: {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    module: 'NodeNext',
    target: 'ES2023',
    types: [],
  },
};

/** `apps/v1` → the module of that group and version. */
function moduleOf({ apiVersion }: KubernetesObject): string {
  return `kubernetes-models/${apiVersion}`;
}
