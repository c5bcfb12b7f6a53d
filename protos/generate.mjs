// Writes the TypeScript types of the protos, and their descriptors for reflection, into
// src/generated, or into the directory given as an argument. They are committed, because Bun and
// Deno run sources unbuilt; a test holds them to the protos. proto-loader has descriptors too, but
// without the imports of their files, which strict clients need.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const outDir = resolve(process.argv[2] ?? join(root, 'src/generated'));
const loader = createRequire(import.meta.url).resolve('@grpc/proto-loader/package.json');

rmSync(outDir, { recursive: true, force: true });
const result = spawnSync(
  process.execPath,
  [
    join(dirname(loader), 'build/bin/proto-loader-gen-types.js'),
    // As in src/load-protos.ts: the types describe what that loader makes of messages.
    ...['--longs=String', '--enums=String', '--bytes=Buffer', '--defaults', '--oneofs'],
    ...['--grpcLib=@grpc/grpc-js', '--targetFileExtension=.ts', '--importFileExtension=.ts'],
    ...['--includeComments', '--includeDirs=.', `--outDir=${outDir}`],
    ...['holdfast/v1/cache.proto', 'holdfast/v1/lock.proto', 'holdfast/v1/admin.proto'],
    'google/rpc/error_details.proto',
  ],
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);
if (result.status !== 0) process.exit(result.status ?? 1);

const buf = createRequire(import.meta.url).resolve('@bufbuild/buf/package.json');
const descriptors = spawnSync(
  process.execPath,
  [
    join(dirname(buf), 'bin/buf'),
    ...['build', '--as-file-descriptor-set', '--exclude-source-info'],
    ...['--output', join(outDir, 'descriptors.binpb')],
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(descriptors.status ?? 1);
